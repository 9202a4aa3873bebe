"""Find nginx for the tests and the benchmarks, or install it.

Standard library only, and syntax that Python 3.6 can parse: see bootstrap.py.
"""

import os
import shutil
from typing import Callable, List, Mapping, Optional

from browser import apt_install, may_use_apt
from process import Stop

VARIABLE = "EVALKIT_NGINX"
# A person's PATH often lacks the second and the third.
PLACES = ("nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx")
PACKAGE = "nginx-light"
INSTALL_HINT = (
    "install it (Debian: `apt install nginx-light`; macOS: `brew install nginx`), or name one with "
    "EVALKIT_NGINX=/path/to/nginx"
)


def find(
    environ: Mapping[str, str], which: Callable[[str], Optional[str]] = shutil.which
) -> Optional[str]:
    """Path of nginx, or None; a wrong EVALKIT_NGINX is an error."""
    named = environ.get(VARIABLE)
    if named:
        path = which(os.path.expanduser(named))
        if path:
            return os.path.abspath(path)
        raise Stop(f"{VARIABLE} names {named}, which is no program; correct it or unset it.")
    return next(filter(None, map(which, PLACES)), None)


def find_or_install() -> str:
    """Path of nginx; installs Debian's package where none is found and apt may be used."""
    path = find(os.environ)
    said: List[str] = []
    if not path and may_use_apt():
        said = apt_install(PACKAGE)
        path = find(os.environ)
    if not path:
        raise Stop("No nginx for the tests was found or could be installed; " + INSTALL_HINT, said)
    return path
