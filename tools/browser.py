"""Find Chromium or Chrome for the tests, or install it.

Standard library only, and syntax that Python 3.6 can parse: see bootstrap.py.
"""

import os
import shutil
import subprocess
import sys
from typing import Callable, Iterator, List, Mapping, Optional

from process import Stop, say, stream

VARIABLE = "EVALKIT_CHROMIUM"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
INSTALL_HINT = (
    "install Chromium or Chrome (Debian: `apt install chromium`; macOS: `brew install --cask "
    "google-chrome`), or name one with EVALKIT_CHROMIUM=/path/to/chromium"
)
PLAYWRIGHT_PATH = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as p: print(p.chromium.executable_path)"
)


def starts(path: str) -> bool:
    """Whether the program at ``path`` runs at all.

    A stub that only points to a package manager, or a browser that lacks a system
    library, ends with an error when it is asked for its version.
    """
    try:
        done = subprocess.run(
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def candidates(which: Callable[[str], Optional[str]] = shutil.which) -> Iterator[str]:
    """Give the places where a browser usually is: the PATH, then the folders of macOS."""
    for name in NAMES:
        found = which(name)
        if found:
            yield found
    for path in MAC_APPS:
        for app in (path, os.path.expanduser("~") + path):
            if os.path.isfile(app):
                yield app


def find(
    environ: Mapping[str, str],
    which: Callable[[str], Optional[str]] = shutil.which,
    works: Callable[[str], bool] = starts,
) -> Optional[str]:
    """Path of a browser that starts, or None; a wrong EVALKIT_CHROMIUM is an error."""
    named = environ.get(VARIABLE)
    if named:
        path = which(os.path.expanduser(named))
        if path and works(path):
            return os.path.abspath(path)
        raise Stop(f"{VARIABLE} names {named}, which does not start; correct it or unset it.")
    return next((path for path in candidates(which) if works(path)), None)


def on_debian(os_release: str = "/etc/os-release") -> bool:
    """Whether this is Debian itself (Ubuntu's chromium package is only a pointer to a snap)."""
    try:
        with open(os_release, encoding="utf-8") as file:
            lines = [line.strip().replace('"', "") for line in file]
    except OSError:
        return False
    return "ID=debian" in lines


def may_use_apt() -> bool:
    """Whether packages of Debian can be installed here without asking anybody."""
    return sys.platform == "linux" and os.geteuid() == 0 and on_debian()


def apt_install(package: str) -> List[str]:
    """Install a package of Debian; the last lines of apt where that fails, else nothing."""
    say(f"Installing {package} with apt")
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    install = ["apt-get", "install", "-y", "--no-install-recommends", package]
    for command in (["apt-get", "update"], install):
        code, lines = stream(command, env=env)
        if code:
            return lines or ["{} ended with code {}".format(" ".join(command), code)]
    return []


def playwright_path(python: str) -> Optional[str]:
    """Where Playwright keeps its own Chromium, if it is there and starts."""
    code, lines = stream([python, "-c", PLAYWRIGHT_PATH])
    path = lines[-1] if lines and not code else ""
    return path if os.path.isfile(path) and starts(path) else None


def playwright_install(python: str) -> List[str]:
    """Have Playwright download its Chromium; the last lines where that fails, else nothing."""
    say("Installing Chromium with Playwright")
    code, lines = stream([python, "-m", "playwright", "install", "chromium"])
    return (lines or [f"playwright ended with code {code}"]) if code else []


def find_or_install(python: str) -> str:
    """Path of a browser that starts; installs one where none is found.

    Parameters
    ----------
    python
        Interpreter of the environment in which Playwright is installed.
    """
    path = find(os.environ) or playwright_path(python)
    if path:
        return path
    said: List[str] = []
    if may_use_apt():
        said = apt_install("chromium")
        path = find(os.environ)
    if not path:
        said += playwright_install(python)
        path = playwright_path(python)
    if not path:
        raise Stop(
            "No browser for the tests was found or could be installed; " + INSTALL_HINT + ".", said
        )
    return path
