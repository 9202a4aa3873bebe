"""Make .venv and bring it to what the lock file says.

Standard library only, and syntax that Python 3.6 can parse: see bootstrap.py.
"""

import hashlib
import importlib
import json
import os
import sys
import time
from typing import Any, Callable, Dict, Sequence

import browser
from process import Stop, say, stream

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "evalkit-synced.json")
UV = "uv>=0.8"
UNREACHABLE = (
    "error sending request",
    "failed to fetch",
    "connection broken",
    "failed to establish a new connection",
    "name resolution",
    "could not fetch url",
    "network connectivity is disabled",
    "from versions: none",
)


def check_venv_module(import_module: Callable[[str], Any] = importlib.import_module) -> None:
    """Refuse a Python without venv or ensurepip, which Debian keeps in a package apart."""
    for name in ("venv", "ensurepip"):
        try:
            import_module(name)
        except ImportError:
            raise Stop(
                f"This Python can't make a virtual environment, its module {name} is missing: run "
                "`apt install python3-venv`, then the same command again."
            ) from None


def fingerprint(root: str = ROOT, python: Sequence[Any] = sys.version_info) -> str:
    """Hash of all that the environment is made from: lock file, project, Python, place."""
    digest = hashlib.sha256()
    for name in ("uv.lock", "pyproject.toml"):
        with open(os.path.join(root, name), "rb") as file:
            content = file.read()
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    where = [root, sys.base_prefix, [str(part) for part in python[:3]]]
    digest.update(json.dumps(where).encode())
    return digest.hexdigest()


def read_stamp(path: str = STAMP) -> Dict[str, Any]:
    """Return what was last synced into the environment; empty where that is not known."""
    try:
        with open(path, encoding="utf-8") as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(wanted: str, dev: bool, path: str = STAMP) -> None:
    """Record what was synced, in one step, so that a half-written stamp can't be read."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump({"fingerprint": wanted, "dev": dev}, file)
    os.replace(path + ".new", path)


def is_synced(stamp: Dict[str, Any], wanted: str, dev: bool) -> bool:
    """Whether the stamp says that all that is wanted is installed."""
    return stamp.get("fingerprint") == wanted and (bool(stamp.get("dev")) or not dev)


def venv_fits() -> bool:
    """Whether .venv was made here, from this Python, and has pip: else it is made anew."""
    try:
        with open(os.path.join(VENV, "pyvenv.cfg"), encoding="utf-8") as file:
            made = [line.strip() for line in file if line.startswith("command")]
    except OSError:
        return False
    if not (made and made[0].endswith(" " + VENV)):
        return False
    mine = f"{sys.version_info[0]}.{sys.version_info[1]} {sys.base_prefix}"
    ask = "import pip, sys; print('%d.%d' % sys.version_info[:2], sys.base_prefix)"
    return stream([VENV_PYTHON, "-c", ask]) == (0, [mine])


def fail(doing: str, command: str, lines: Sequence[str]) -> Stop:
    """Build the error for a tool that failed, telling a missing network from the rest."""
    text = "\n".join(lines).lower()
    if any(sign in text for sign in UNREACHABLE):
        why = "the package index could not be reached; check the network and the proxy"
    else:
        why = "see what it said below; mend that"
    message = f"{doing} failed: {why}, then run `make {command}` again."
    return Stop(message, lines)


def provide_venv_module(command: str) -> None:
    """Refuse a Python without venv; for the tests, root on Debian has it installed instead."""
    try:
        check_venv_module()
    except Stop:
        if command == "serve" or not browser.may_use_apt() or browser.apt_install("python3-venv"):
            raise
        importlib.invalidate_caches()
        check_venv_module()


def make_venv(command: str) -> None:
    """Make .venv with pip in it; one that does not fit is replaced."""
    provide_venv_module(command)
    say("Making .venv with Python {}.{}.{}".format(*sys.version_info[:3]))
    python = getattr(sys, "_base_executable", None) or sys.executable
    code, lines = stream([python, "-m", "venv", "--clear", VENV])
    if code:
        raise fail("Making .venv", command, lines)


def install_uv(command: str) -> None:
    """Install uv into .venv from the package index."""
    say("Installing uv")
    pip = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV]
    code, lines = stream(pip)
    if code:
        raise fail("Installing uv with pip", command, lines)


def sync(command: str, dev: bool) -> None:
    """Bring .venv to what the lock file says."""
    say("Installing the locked packages (the first time this takes some minutes)")
    env = dict(os.environ, UV_PROJECT_ENVIRONMENT=VENV, UV_PYTHON_DOWNLOADS="never")
    env.pop("VIRTUAL_ENV", None)
    uv = [os.path.join(VENV, "bin", "uv"), "sync", "--locked", "--python", VENV_PYTHON]
    uv += ["--no-progress"] + ([] if dev else ["--no-dev"])
    show = ("Downloading", "Prepared", "Installed")
    code, lines = stream(uv, env=env, cwd=ROOT, show=show)
    if code and "peer certificate" in "\n".join(lines):
        # An office proxy signs for the index with a certificate that only the system knows.
        env.update(UV_SYSTEM_CERTS="1", UV_NATIVE_TLS="1")
        code, lines = stream(uv, env=env, cwd=ROOT, show=show)
    if code:
        raise fail("Installing the locked packages with uv", command, lines)


def set_up(command: str, dev: bool) -> None:
    """Make sure that .venv holds what the lock file says; nothing is done when it does."""
    wanted = fingerprint()
    if is_synced(read_stamp(), wanted, dev) and os.path.exists(VENV_PYTHON):
        return
    began = time.monotonic()
    # Who has the tools of the dev group keeps them.
    dev = dev or os.path.exists(os.path.join(VENV, "bin", "pytest"))
    if os.path.exists(STAMP):
        os.remove(STAMP)
    if not venv_fits():
        make_venv(command)
    if not os.path.exists(os.path.join(VENV, "bin", "uv")):
        install_uv(command)
    sync(command, dev)
    write_stamp(wanted, dev)
    say(f"The environment is ready ({time.monotonic() - began:.0f} s)")
