"""What `make serve` and `make test` say before anything is installed, and when they install."""

import ast
import os
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tools"
MODULES = ("process", "browser", "webserver", "environment", "bootstrap")


@pytest.fixture(scope="module")
def tools() -> Iterator[dict[str, ModuleType]]:
    """Import the modules of tools/ as the script does: from their own folder."""
    sys.path.insert(0, str(TOOLS))
    try:
        yield {name: __import__(name) for name in MODULES}
    finally:
        sys.path.remove(str(TOOLS))
        for name in MODULES:
            sys.modules.pop(name, None)


@pytest.fixture
def bootstrap(tools: dict[str, ModuleType]) -> Any:
    return tools["bootstrap"]


@pytest.fixture
def environment(tools: dict[str, ModuleType]) -> Any:
    return tools["environment"]


@pytest.fixture
def browser(tools: dict[str, ModuleType]) -> Any:
    return tools["browser"]


@pytest.fixture
def stop(tools: dict[str, ModuleType]) -> Any:
    return tools["process"].Stop


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing in it but what bootstrap reads; its path holds a space."""
    root = tmp_path.resolve() / "a checkout"
    shutil.copytree(TOOLS, root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "uv.lock").write_text("version = 1\n")
    (root / "pyproject.toml").write_text("[project]\n")
    return root


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def run(root: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", str(root / "tools" / "bootstrap.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=root.parent,
        env={**os.environ, **env},
    )


# --- the port ---------------------------------------------------------------------------------


def test_a_busy_port_is_refused_before_anything_is_installed(
    checkout: Path, busy_port: int
) -> None:
    done = run(checkout, "serve", "--port", str(busy_port))
    assert done.returncode == 1
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    start = f"Port {busy_port} is in use by another program: run `make serve PORT="
    assert sentence.startswith(start)
    assert not (checkout / ".venv").exists()

    named = int(sentence.removeprefix(start).removesuffix("`."))
    with socket.socket() as server:
        server.bind(("127.0.0.1", named))


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "", "80 81", "8866.0"])
def test_what_is_no_port_is_wrong_use(checkout: Path, port: str) -> None:
    done = run(checkout, "serve", f"--port={port}")
    assert done.returncode == 2
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(f"PORT={port} is not a port")
    assert "make serve PORT=8870" in sentence
    assert not (checkout / ".venv").exists()


def test_a_port_just_released_is_free(bootstrap: Any, busy_port: int) -> None:
    assert bootstrap.port_problem(busy_port) is not None
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
    assert bootstrap.port_problem(port) is None
    assert bootstrap.check_port(str(port)) == port


# --- the interpreter --------------------------------------------------------------------------


def test_an_old_python_is_refused_with_the_newer_one_that_is_there(
    bootstrap: Any, stop: Any
) -> None:
    with pytest.raises(stop) as caught:
        bootstrap.check_python((3, 9, 2, "final", 0), "serve", lambda name: name == "python3.12")
    assert str(caught.value) == (
        "Python 3.9.2 is too old for evalkit, which needs 3.11 or newer: "
        "run `make serve PYTHON=python3.12`."
    )


def test_an_old_python_alone_is_refused_with_what_to_install(bootstrap: Any, stop: Any) -> None:
    with pytest.raises(stop, match=r"install a newer one and run `make test PYTHON=python3\.13`"):
        bootstrap.check_python((3, 8, 18), "test", lambda name: False)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1), (4, 0, 0)])
def test_a_python_that_will_do_passes(bootstrap: Any, version: tuple[int, int, int]) -> None:
    bootstrap.check_python(version, "serve", lambda name: pytest.fail("no other is looked for"))


def test_the_tools_are_written_in_what_an_old_python_can_parse() -> None:
    for module in MODULES:
        path = TOOLS / f"{module}.py"
        tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 7))
        imported = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
        assert imported, module
        assert imported <= {*MODULES, *sys.stdlib_module_names}, module


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_missing_venv_module_has_its_remedy(environment: Any, stop: Any, missing: str) -> None:
    def import_module(name: str) -> None:
        if name == missing:
            raise ImportError(name)

    with pytest.raises(stop) as caught:
        environment.check_venv_module(import_module)
    assert missing in str(caught.value)
    assert "`apt install python3-venv`" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_only_the_tests_have_a_missing_venv_module_installed(
    environment: Any, stop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def missing() -> None:
        if not asked:
            raise stop("no venv")

    monkeypatch.setattr(environment, "check_venv_module", missing)
    monkeypatch.setattr(environment.browser, "may_use_apt", lambda: True)
    monkeypatch.setattr(environment.browser, "apt_install", asked.append)
    with pytest.raises(stop, match="no venv"):
        environment.provide_venv_module("serve")
    assert asked == []
    environment.provide_venv_module("test")
    assert asked == ["python3-venv"]


def test_make_serve_without_ensurepip_stops_with_one_sentence(
    checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "ensurepip.py").write_text("raise ImportError")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
    done = run(checkout, "serve", "--port", str(port), PYTHONPATH=str(tmp_path / "fake"))
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert "`apt install python3-venv`" in sentence
    assert not (checkout / ".venv").exists()


# --- what is installed, and when --------------------------------------------------------------


def test_the_fingerprint_follows_content_and_not_time(environment: Any, checkout: Path) -> None:
    root = str(checkout)
    first = environment.fingerprint(root)
    os.utime(checkout / "uv.lock", (0, 0))
    assert environment.fingerprint(root) == first

    for name in ("uv.lock", "pyproject.toml"):
        before = (checkout / name).read_text()
        (checkout / name).write_text(before + "# changed\n")
        assert environment.fingerprint(root) != first, name
        (checkout / name).write_text(before)
        assert environment.fingerprint(root) == first, name

    assert environment.fingerprint(root, (3, 99, 0)) != first


def test_a_copied_checkout_has_another_fingerprint(environment: Any, checkout: Path) -> None:
    other = checkout.with_name("other")
    shutil.copytree(checkout, other)
    assert environment.fingerprint(str(other)) != environment.fingerprint(str(checkout))


def test_moving_a_line_between_the_two_files_is_a_change(environment: Any, checkout: Path) -> None:
    (checkout / "uv.lock").write_text("a\nb\n")
    (checkout / "pyproject.toml").write_text("c\n")
    first = environment.fingerprint(str(checkout))
    (checkout / "uv.lock").write_text("a\n")
    (checkout / "pyproject.toml").write_text("b\nc\n")
    assert environment.fingerprint(str(checkout)) != first


@pytest.mark.parametrize(
    ("had_dev", "want_dev", "enough"),
    [(False, False, True), (True, False, True), (True, True, True), (False, True, False)],
)
def test_the_dev_group_serves_both_and_its_lack_only_one(
    environment: Any, tmp_path: Path, had_dev: bool, want_dev: bool, enough: bool
) -> None:
    stamp = tmp_path / "stamp.json"
    environment.write_stamp("abc", had_dev, str(stamp))
    read = environment.read_stamp(str(stamp))
    assert environment.is_synced(read, "abc", want_dev) is enough
    assert environment.is_synced(read, "abd", want_dev) is False


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"'])
def test_a_damaged_stamp_counts_as_none(environment: Any, tmp_path: Path, content: str) -> None:
    stamp = tmp_path / "stamp.json"
    stamp.write_text(content)
    assert environment.is_synced(environment.read_stamp(str(stamp)), "abc", False) is False


def test_an_unchanged_checkout_goes_straight_to_the_command_line(
    environment: Any, checkout: Path
) -> None:
    """The stamp fits: nothing is installed, and `evalkit serve` gets the port."""
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\npwd\necho "$@"\n')
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    wanted = environment.fingerprint(str(checkout))
    environment.write_stamp(wanted, False, str(checkout / ".venv" / "evalkit-synced.json"))
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]

    began = time.monotonic()
    done = run(checkout, "serve", "--port", str(port))
    took = time.monotonic() - began

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [str(checkout), f"-m evalkit serve --port {port}"]
    assert took < 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("error sending request for url", "the package index could not be reached"),
        ("Temporary failure in name resolution", "the package index could not be reached"),
        ("(from versions: none)", "the package index could not be reached"),
        ("The lockfile at `uv.lock` needs to be updated", "see what it said below"),
    ],
)
def test_a_failed_installation_says_what_failed_and_keeps_the_last_lines(
    environment: Any, line: str, reason: str
) -> None:
    error = environment.fail("Installing the locked packages with uv", "serve", ["first", line])
    assert error.message.startswith(f"Installing the locked packages with uv failed: {reason}")
    assert error.message.endswith("then run `make serve` again.")
    assert error.lines == ["first", line]


def test_a_failing_tool_gives_its_code_and_its_last_lines(tools: dict[str, ModuleType]) -> None:
    script = "import sys; [print(n) for n in range(40)]; print('end', file=sys.stderr); sys.exit(3)"
    code, lines = tools["process"].stream([sys.executable, "-c", script])
    assert code == 3
    assert lines == [str(number) for number in range(26, 40)] + ["end"]
    assert tools["process"].stream(["no-such-program-anywhere"])[0] == 127


# --- the browser ------------------------------------------------------------------------------


def test_the_named_browser_goes_before_those_on_the_path(browser: Any, tmp_path: Path) -> None:
    there = {"mine": str(tmp_path / "mine"), "chromium": str(tmp_path / "chromium")}
    found = browser.find({"EVALKIT_CHROMIUM": "mine"}, there.get, lambda path: True)
    assert found == there["mine"]
    assert browser.find({}, there.get, lambda path: True) == there["chromium"]


def test_a_named_browser_that_does_not_start_is_an_error(
    browser: Any, stop: Any, tmp_path: Path
) -> None:
    with pytest.raises(stop, match=r"EVALKIT_CHROMIUM names .*absent, which does not start"):
        browser.find({"EVALKIT_CHROMIUM": str(tmp_path / "absent")})


def test_a_browser_that_does_not_start_is_passed_over(browser: Any, tmp_path: Path) -> None:
    stub, real = tmp_path / "chromium", tmp_path / "google-chrome"
    stub.write_text("#!/bin/sh\nexit 1\n")
    real.write_text("#!/bin/sh\necho Chrome 1\n")
    for path in (stub, real):
        path.chmod(0o755)
    there = {path.name: str(path) for path in (stub, real)}
    assert browser.find({}, there.get) == str(real)


@pytest.mark.parametrize(
    ("text", "debian"),
    [
        ('NAME="Debian GNU/Linux"\nID=debian\n', True),
        ("ID=ubuntu\nID_LIKE=debian\n", False),
        ("", False),
    ],
)
def test_only_debian_itself_has_chromium_as_a_package(
    browser: Any, tmp_path: Path, text: str, debian: bool
) -> None:
    (tmp_path / "os-release").write_text(text)
    assert browser.on_debian(str(tmp_path / "os-release")) is debian
    assert browser.on_debian(str(tmp_path / "absent")) is False


def test_where_no_browser_can_be_had_it_says_what_to_install(
    browser: Any, stop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "find", lambda environ: None)
    monkeypatch.setattr(browser, "playwright_path", lambda python: None)
    monkeypatch.setattr(browser, "may_use_apt", lambda: True)
    monkeypatch.setattr(browser, "apt_install", lambda package: [f"no {package}"])
    monkeypatch.setattr(browser, "playwright_install", lambda python: ["no download"])
    with pytest.raises(stop) as caught:
        browser.find_or_install("python")
    assert "apt install chromium" in str(caught.value)
    assert "EVALKIT_CHROMIUM" in str(caught.value)
    assert caught.value.lines == ["no chromium", "no download"]


# --- make and CI ------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_works_from_elsewhere_and_with_a_space_in_the_path(
    checkout: Path, busy_port: int
) -> None:
    shutil.copy(ROOT / "Makefile", checkout)
    done = subprocess.run(
        ["make", "-f", str(checkout / "Makefile"), "serve", f"PORT={busy_port}"],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={**os.environ, "PYTHON": sys.executable},
    )
    assert done.returncode != 0
    assert done.stderr.startswith(f"Port {busy_port} is in use by another program")
    assert "Traceback" not in done.stderr


def test_ci_runs_make_test_and_nothing_beside_it() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    lines = [line for line in script.read_text().splitlines() if line and line[0] != "#"]
    assert lines == [
        "set -euo pipefail",
        'cd "$(dirname "${BASH_SOURCE[0]}")/.."',
        "exec make test",
    ]


def test_nginx_is_the_named_one_or_one_that_is_found_and_else_a_hint(
    tools: dict[str, ModuleType], stop: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    webserver = tools["webserver"]
    assert webserver.find({}, {"/usr/sbin/nginx": "there"}.get) == "there"
    assert webserver.find({}, {}.get) is None
    with pytest.raises(stop, match="EVALKIT_NGINX names absent"):
        webserver.find({"EVALKIT_NGINX": "absent"}, {}.get)
    monkeypatch.setattr(webserver, "find", lambda environ: None)
    monkeypatch.setattr(webserver, "may_use_apt", lambda: False)
    with pytest.raises(stop, match="apt install nginx-light"):
        webserver.find_or_install()
