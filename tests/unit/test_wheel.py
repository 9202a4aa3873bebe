"""The wheel carries its data and works outside the checkout, on a machine without a network."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import evalkit
from evalkit.editions import store
from evalkit.editions.store import Edition

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).with_name("uv")

pytestmark = pytest.mark.slow


def call(*words: str | Path, cwd: Path, network: bool = False) -> str:
    """The output of a command; nothing of the checkout in its environment, and other hashes."""
    dropped = ("EVALKIT", "PYTHON", "VIRTUAL")
    keep = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    keep |= {"PYTHONHASHSEED": "4242", "TZ": "Pacific/Auckland"}
    offline = {} if network else {"UV_OFFLINE": "1"}
    done = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**keep, **offline},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout. Its build tool may have to be fetched, as by `make`."""
    folder = tmp_path_factory.mktemp("wheel")
    call(UV, "build", "--wheel", "--out-dir", folder, ROOT, cwd=folder, network=True)
    (found,) = folder.glob("evalkit-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of a fresh environment that holds the wheel.

    The packages that it needs are those of this environment, so that nothing is fetched; the
    link to them does not lead to the checkout, since it is no folder whose .pth files count.
    """
    home = tmp_path_factory.mktemp("environment")
    call(UV, "venv", "--python", sys.executable, home / "venv", cwd=home)
    (packages,) = (home / "venv").glob("lib/python*/site-packages")
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    python = home / "venv" / "bin" / "python"
    call(UV, "pip", "install", "--no-deps", "--python", python, wheel, cwd=home)
    return python.parent


def test_the_wheel_carries_what_the_package_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
    needed = [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "dashboards").glob("*.ipynb")]
    for part in ("reference", "facts", "texts", "corrections"):
        needed += [path for path in (ROOT / "data" / part).rglob("*") if path.is_file()]
    assert len(needed) > 30
    carried = {f"evalkit/_{path.relative_to(ROOT).as_posix()}" for path in needed}
    assert carried - names == set()
    assert "evalkit/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "editions/", "data/"))]


def test_the_installed_package_is_the_one_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    out = call(installed / "python", "-c", "import evalkit; print(evalkit.__file__)", cwd=tmp_path)
    assert Path(out.strip()).is_relative_to(installed.parent)


def test_it_builds_the_same_edition_in_an_empty_folder(
    installed: Path, edition: Edition, tmp_path: Path
) -> None:
    out = call(installed / "evalkit", "build", cwd=tmp_path)
    built = evalkit.load(tmp_path / "editions" / "current")
    assert out == f"{built.name} in {tmp_path / 'editions'}\n"
    assert built.name == edition.name
    files = sorted(p.relative_to(edition.path) for p in edition.path.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(built.path) for p in built.path.rglob("*") if p.is_file())
    differ = [f for f in files if (edition.path / f).read_bytes() != (built.path / f).read_bytes()]
    assert differ == []
    told = call(installed / "evalkit", "explain", "signatories", cwd=tmp_path)
    assert "128 Parties" in told
    assert (tmp_path / "editions" / "current" / store.MANIFEST).is_file()
