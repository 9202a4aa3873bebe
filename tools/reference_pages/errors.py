"""docs/reference/errors.md: every reason, what is said and what to do, read from the code."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evalkit import errors
from evalkit.errors import EvalkitError, Reason
from evalkit.indicators import catalogue
from reference_pages.markdown import code, heading, made_by, table

GAP = "…"  # stands for what is filled in when the error is raised


@dataclass(frozen=True)
class Said:
    """One place in the code that raises or records a failure."""

    reason: str
    what: str
    remedy: str
    module: str


def errors_page(package: Path) -> str:
    """Return the page, from the modules of a package.

    Parameters
    ----------
    package : Path
        Folder of the package.

    Returns
    -------
    str
        Markdown.
    """
    found = sorted(
        set(_all_said(package)), key=lambda one: (one.reason, one.module, one.what, one.remedy)
    )
    lines = [
        made_by("evalkit/errors.py and the places that raise"),
        "# Errors",
        "Every error that evalkit raises on purpose is an `EvalkitError`. Programs read `reason`; "
        "people read the text: what is wrong, where, and the one thing to do. All that is wrong "
        "with a file is collected first; the text shows the first "
        f"{errors.SHOWN} failures and counts the rest, `failures` and `--json` hold them all.",
        heading(2, "Classes"),
        table(("class", "raised when"), [_class(one) for one in _classes()]),
        heading(2, "As data"),
        "With `--json` an error of the command line is printed like this, and the exit code is 1.",
        f"```json\n{_example()}\n```",
        heading(2, "Reasons"),
        f"{GAP} stands for what is filled in: a name, a file, a count.",
    ]
    for reason in Reason:
        lines += _reason_section(str(reason), [one for one in found if one.reason == reason.name])
    return "\n\n".join(lines) + "\n"


def _classes() -> list[type[EvalkitError]]:
    return [EvalkitError, *EvalkitError.__subclasses__()]


def _class(one: type[EvalkitError]) -> tuple[str, str]:
    return code(one.__name__), (inspect.getdoc(one) or "").splitlines()[0]


def _example() -> str:
    try:
        catalogue.get("reporting-rates")
    except EvalkitError as error:
        return json.dumps({"error": error.as_dict()}, ensure_ascii=False, indent=1)
    raise LookupError("reporting-rates is an indicator now: choose another example")


def _reason_section(reason: str, said: list[Said]) -> list[str]:
    rows = [(one.what, one.remedy, code(one.module)) for one in said]
    body = table(("says", "what to do", "in"), rows) if rows else "Not raised anywhere yet."
    return [heading(3, reason), body]


def _all_said(package: Path) -> Iterator[Said]:
    for path in sorted(package.rglob("*.py")):
        module = ".".join(path.relative_to(package.parent).with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = _imported(tree, package) | _constants(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield from _from_call(node, constants, module)
            elif isinstance(node, ast.Tuple):  # (column, reason, what, ...): a row of a list
                yield from _from_places(node.elts, {}, 1, constants, module)


def _constants(tree: ast.AST) -> dict[str, str]:
    """Return the names that a module gives to texts."""
    return {
        node.targets[0].id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    }


def _imported(tree: ast.AST, package: Path) -> dict[str, str]:
    """Return the names for texts that a module takes from others of the package."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            path = package.parent.joinpath(*(node.module or "").split(".")).with_suffix(".py")
            wanted = [one.name for one in node.names if one.name.isupper()]
            if wanted and path.is_file():
                there = _constants(ast.parse(path.read_text(encoding="utf-8")))
                found |= {name: there[name] for name in wanted if name in there}
    return found


def _reasons(node: ast.expr) -> list[str]:
    """Return the reasons that an expression names: one, or both of a choice of two."""
    if isinstance(node, ast.IfExp):
        return [*_reasons(node.body), *_reasons(node.orelse)]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return [node.attr] if node.value.id == "Reason" else []
    return []


def _from_call(call: ast.Call, constants: dict[str, str], module: str) -> list[Said]:
    named = {word.arg: word.value for word in call.keywords}
    if reasons := _reasons(named.get("reason", call)):
        what = _text(call.args[0], constants) if call.args else GAP
        remedy = _text(named["remedy"], constants) if "remedy" in named else ""
        return [Said(reason, what, remedy, module) for reason in reasons]
    # Failure(reason, what, file, line, cell, remedy), and helpers (..., reason, what, remedy).
    made = isinstance(call.func, ast.Name) and call.func.id == "Failure"
    return _from_places(call.args, named, 4 if made else 1, constants, module)


def _from_places(
    values: list[ast.expr],
    named: dict[str | None, ast.expr],
    at: int,
    constants: dict[str, str],
    module: str,
) -> list[Said]:
    """Return what is said where a reason is followed by its sentence and, `at` on, its remedy."""
    places = [i for i, one in enumerate(values) if _reasons(one)]
    rest = values[places[0] + 1 :] if places else []
    if not rest:
        return []
    given = named.get("remedy") or (rest[at] if len(rest) > at else None)
    remedy = constants.get("_REMEDY", "") if given is None else _text(given, constants)
    what = _text(rest[0], constants)
    return [Said(reason, what, remedy, module) for reason in _reasons(values[places[0]])]


def _text(node: ast.expr, constants: dict[str, str]) -> str:
    """Return what an expression says, with a gap for each part that is filled in later."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [str(p.value) if isinstance(p, ast.Constant) else GAP for p in node.values]
        return "".join(parts)
    if isinstance(node, ast.Lambda):
        return _text(node.body, constants)
    if isinstance(node, ast.IfExp):
        return " / ".join((_text(node.body, constants), _text(node.orelse, constants)))
    return constants.get(node.id, GAP) if isinstance(node, ast.Name) else GAP
