"""Store fonts for Arabic and Chinese beside the live pages, for computers that have none.

Needs packages that nothing else of the project needs, so they are borrowed for the moment:

    uv run --with fonttools --with brotli --with fontpkg-noto-sans-arabic \
        --with pylopdf-fonts-zh-cn tools/make_fonts.py

Of Noto Sans Arabic and Noto Sans SC (SIL Open Font License) the letters are kept that the
catalogues use, and of Chinese with --more the 3,755 commonest as well, for what data may hold.
They lie where git does not look; without them the pages use the fonts of the system.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from evalkit.reference.texts import messages

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "dashboards" / "template" / "nbconvert" / "templates" / "evalkit"
FONTS = {"ar": ("fontpkg_noto_sans_arabic", "*Arabic*.ttf"),
         "zh": ("pylopdf_fonts_zh_cn", "NotoSansSC-Regular.otf")}  # fmt: skip
WEIGHTS = {"ar": "100 900", "zh": "400"}  # that of Chinese has one, which browsers embolden
RANGES = {"ar": [(0x600, 0x6FF)], "zh": [(0x2E80, 0x9FFF), (0xFF00, 0xFFEF)]}
LEVEL_ONE = range(0xB0A1, 0xD7FA)  # the commonest characters, as GB 2312 counts them


def letters(language: str, *, more: bool = False) -> set[int]:
    """Return the code points of a language's script that its texts use."""
    used = {ord(one) for forms in messages(language).values() for said in forms for one in said}
    if language == "ar":
        used |= set(range(0x621, 0x653))  # forms of letters depend on their neighbours
    if language == "zh" and more:
        pairs = (code.to_bytes(2, "big").decode("gb2312", "ignore") for code in LEVEL_ONE)
        used |= {ord(one) for one in "".join(pairs)}
    inside = RANGES[language]
    return {code for code in used if any(first <= code <= last for first, last in inside)}


def font_of(language: str) -> Path | None:
    """Return the file of the whole font; None where its package is not installed."""
    package, pattern = FONTS[language]
    found = find_spec(package)
    if found is None or found.origin is None:
        return None
    return next(iter(sorted(Path(found.origin).parent.rglob(pattern))), None)


def store(source: Path, code_points: set[int], target: Path) -> int:
    """Write the part of a font with some letters as WOFF2; return its size in bytes."""
    subset = import_module("fontTools.subset")
    options = subset.Options(flavor="woff2", layout_features=["*"], hinting=False)
    font = subset.load_font(str(source), options)
    part = subset.Subsetter(options)
    part.populate(unicodes=sorted(code_points))
    part.subset(font)
    target.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(target), options)
    return target.stat().st_size


def style(languages: Sequence[str]) -> str:
    """Return the piece of a page's head that names the fonts stored."""
    where = "{{ base | default(base_url) }}voila/templates/evalkit/static/fonts"
    ranges = {one: ", ".join(f"U+{a:X}-{b:X}" for a, b in RANGES[one]) for one in languages}
    faces = [
        f'@font-face {{ font-family: "evalkit-{one}"; src: url("{where}/{one}.woff2") '
        f'format("woff2"); font-weight: {WEIGHTS[one]}; unicode-range: {ranges[one]}; }}'
        for one in languages
    ]
    return "\n".join(["<style>", *faces, "</style>", ""])


def main(arguments: Sequence[str] | None = None) -> int:
    """Store the fonts whose packages are there."""
    parser = argparse.ArgumentParser(prog="tools/make_fonts.py", description=__doc__)
    parser.add_argument("--more", action="store_true", help="the commonest 3,755 characters too")
    options = parser.parse_args(arguments)
    made = []
    for language in FONTS:
        source = font_of(language)
        if source is None:
            sys.stdout.write(
                f"{language}: no package {FONTS[language][0]}; see the top of the file\n"
            )
            continue
        target = TEMPLATE / "static" / "fonts" / f"{language}.woff2"
        size = store(source, letters(language, more=options.more), target)
        sys.stdout.write(f"{language}: {target.relative_to(ROOT)}, {size / 1000:.0f} kB\n")
        made.append(language)
    if made:
        (TEMPLATE / "fonts.html.j2").write_text(style(made), encoding="utf-8")
    return 0 if len(made) == len(FONTS) else 1


if __name__ == "__main__":
    sys.exit(main())
