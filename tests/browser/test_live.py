"""What a server of many readers refuses, and what it keeps: tests against a running one."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbformat
import psutil
import pytest
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from evalkit.editions.store import point
from evalkit.live.messages import LARGEST, PROTOCOL
from evalkit.reference.texts import text
from evalkit.serve import Server, Settings

pytestmark = pytest.mark.browser

LIMIT = 4
CULLED = 25  # seconds; a busy machine draws ten pages in as many
TOKEN = "a-token-of-the-tests"

PAGE = """
import os
import ipywidgets as widgets
from IPython.display import HTML, display
from evalkit.serve import query_string
asked = query_string()
said = widgets.Text()
display(HTML(f"asked {asked}, token {os.environ.get('EVALKIT_TOKEN')}"))
said
"""


def notebook(path: Path, *cells: str) -> None:
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=code, metadata={"kernelspec": kernel}), path)


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> Path:
    """Dashboards, one of them not to be reached; an offline folder; two editions."""
    root = tmp_path_factory.mktemp("live")
    for name in ("dashboards/inner", "offline", "editions/one", "editions/two"):
        (root / name).mkdir(parents=True)
    notebook(root / "dashboards/overview.ipynb", PAGE)
    (root / "dashboards/voila.json").write_text('{"secret": 1}')
    (root / "offline/index.html").write_text("<h1>The offline folder</h1>")
    point("current", root / "editions/one")
    return root


@pytest.fixture(scope="module")
def server(folders, new_port) -> Iterator[Server]:
    culling = {"cull_idle_timeout": CULLED, "cull_interval": 1}
    quick = [f"--MappingKernelManager.{name}={value}" for name, value in culling.items()]
    chosen = Settings(visitors=LIMIT, pool=1, offline=folders / "offline")
    places = {"dashboards": folders / "dashboards", "settings": chosen, "options": quick}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVALKIT_TOKEN", TOKEN)
        one = Server(folders / "editions", port=new_port(), **places)
        one.start()
    try:
        one.wait_ready()
        notebook(folders / "dashboards/inner/secret.ipynb", "1")  # late: the pool takes all
        yield one
    finally:
        one.stop()


@contextmanager
def answer(server: Server, path: str, method: str = "GET", **headers: str) -> Iterator[Any]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    yield connection.getresponse()
    connection.close()


def health(server: Server) -> dict[str, Any]:
    with answer(server, "/evalkit/health", Authorization=f"Bearer {TOKEN}") as said:
        return json.loads(said.read())


def settled(server: Server, visitors: int = 0, seconds: float = 90) -> bool:
    """Wait until so many pages are open and the pool has its one kernel."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        state = health(server)
        if (state["visitors"], state["waiting"]) == (visitors, 1):
            return True
        time.sleep(0.2)
    return False


class Visit:
    """A page read without a browser: its text, the cookie of its visitor, its kernel."""

    def __init__(self, server: Server, name: str = "overview", **headers: str) -> None:
        with answer(server, f"/voila/render/{name}.ipynb?party=GHA", **headers) as said:
            self.status, self.headers = said.status, said.headers
            self.body = said.read().decode()
        cookies = said.headers.get_all("Set-Cookie", [])
        mine = [each.split(";")[0] for each in cookies if each.startswith("evalkit_visitor=")]
        self.cookie = "".join(mine) or headers.get("Cookie", "")
        found = re.search(r'"kernelId": ?"([^"]+)"', self.body)
        self.kernel = found[1] if found else ""


@pytest.fixture(scope="module")
def two(server) -> tuple[Visit, Visit]:
    """Two visitors; the first test uses them at once, before they are culled."""
    return Visit(server), Visit(server)


# --- code ---------------------------------------------------------------------------------------


def message(kind: str, content: dict[str, Any], channel: str = "shell", **header: Any) -> bytes:
    whole = {"msg_id": uuid4().hex, "session": "s", "username": "", "version": "5.3"}
    parts: list[Any] = [whole | {"msg_type": kind} | header, {}, {}, content]
    return serialize_msg_to_ws_v1([json.dumps(part).encode() for part in parts], channel)


def run(waited: Coroutine[Any, Any, Any]) -> Any:
    """Run in a thread: the browser of other tests has the loop of this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, waited).result()


async def connect(server: Server, kernel: str, protocol: str = PROTOCOL, **headers: str) -> Any:
    address = f"ws://127.0.0.1:{server.port}/api/kernels/{kernel}/channels?session_id=s"
    return await websocket_connect(HTTPRequest(address, headers=headers), subprotocols=[protocol])


async def end(channel: WebSocketClientConnection) -> None:
    channel.close()
    while await channel.read_message() is not None:
        continue


async def replies(channel: WebSocketClientConnection, until: str) -> list[dict[str, Any]]:
    """Read headers up to a kind of reply."""
    found: list[dict[str, Any]] = []
    while not found or found[-1]["msg_type"] != until:
        frame = await asyncio.wait_for(channel.read_message(), 20)
        assert isinstance(frame, bytes), "the connection was closed"
        found.append(json.loads(deserialize_msg_from_ws_v1(frame)[1][0]))
    return found


def attempts(trace: Path) -> list[bytes | str]:
    """Messages that would leave a trace, or break the reader of messages."""
    code = {"code": f"open({str(trace)!r}, 'w').close()", "silent": False}
    return [
        message("execute_request", code),
        message("execute_request", code, channel="control"),
        message("comm_msg", code).replace(b'"username": ""', b'"msg_type": "x"')[:-1],
        message("comm_msg", {"comm_id": "x", "data": {}}, subshell_id="1"),
        message("comm_open", {"comm_id": "y", "target_name": "jupyter.widget", "data": {}}),
        message("shutdown_request", {"restart": False}, channel="control"),
        message("shutdown_request", {"restart": False}),
        message("inspect_request", {"code": "os", "cursor_pos": 2}),
        message("complete_request", {"code": "os.", "cursor_pos": 3}),
        message("debug_request", {"command": "evaluate"}, channel="control"),
        message("create_subshell_request", {}, channel="control"),
        message("input_reply", {"value": "1"}, channel="stdin"),
        json.dumps(
            {"channel": "shell", "header": {"msg_type": "execute_request"}, "content": code}
        ),
        (2**62).to_bytes(8, "little") + bytes(64),
        bytes(3),
    ]


def test_a_page_cannot_run_code_in_its_own_kernel(server, two, tmp_path):
    trace = tmp_path / "trace"

    async def attempted() -> list[dict[str, Any]]:
        channel = await connect(server, two[0].kernel, Cookie=two[0].cookie)
        for each in attempts(trace):
            await channel.write_message(each, binary=isinstance(each, bytes))
        await channel.write_message(message("comm_info_request", {}), binary=True)
        heard = await replies(channel, "comm_info_reply")
        await end(channel)
        return heard

    heard = run(attempted())
    kinds = {each["msg_type"] for each in heard}
    assert kinds <= {"status", "kernel_info_reply", "comm_info_reply"}
    assert not trace.exists()
    with answer(server, "/evalkit/metrics", Authorization=f"Bearer {TOKEN}") as said:
        refused = re.search(r"evalkit_messages_refused_total ([\d.]+)", said.read().decode())
    assert refused
    assert float(refused[1]) == len(attempts(trace))


def status(server: Server, kernel: str, **headers: str) -> int:
    """What the handshake of a websocket is answered with."""

    async def shake() -> int:
        try:
            await end(await connect(server, kernel, **headers))
        except HTTPClientError as error:
            return error.code
        return 101

    return int(run(shake()))


def test_a_kernel_is_that_of_its_own_visitor(server, two):
    mine, other = two
    cookie = {"Cookie": mine.cookie}
    assert status(server, mine.kernel, **cookie) == 101
    assert status(server, other.kernel, **cookie) == 404
    assert status(server, mine.kernel) == 404
    assert status(server, str(uuid4()), **cookie) == 404
    assert status(server, mine.kernel, Origin="http://elsewhere.example", **cookie) == 403
    assert status(server, mine.kernel, protocol="", **cookie) == 400
    for method, path, code in [
        ("GET", f"/api/kernels/{mine.kernel}", 200),
        ("GET", f"/api/kernels/{other.kernel}", 404),
        ("DELETE", f"/api/kernels/{mine.kernel}", 405),
        ("POST", f"/voila/api/shutdown/{other.kernel}", 404),
        ("POST", f"/api/kernels/{mine.kernel}/restart", 404),
        ("GET", f"/voila/query/{mine.kernel}", 404),
    ]:
        token = {"Cookie": f"{mine.cookie}; _xsrf=x", "X_XSRFToken": "x"}
        with answer(server, path, method, **token) as said:
            assert (method, path, said.status) == (method, path, code)


def test_an_oversized_message_ends_the_connection(server):
    visit = Visit(server)

    async def sent() -> int | None:
        channel = await connect(server, visit.kernel, Cookie=visit.cookie)
        await channel.write_message(message("comm_msg", {"data": "x" * LARGEST}), binary=True)
        while await asyncio.wait_for(channel.read_message(), 20) is not None:
            continue
        channel.close()
        return channel.close_code

    assert run(sent()) in (1006, 1009)


def raw(server: Server, path: str, method: str = "GET") -> tuple[int, str]:
    """Ask for an address as it stands, dots and all."""
    with socket.create_connection(("127.0.0.1", server.port), 20) as line:
        line.sendall(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        said = HTTPResponse(line, method=method)
        said.begin()
        return said.status, said.read().decode(errors="replace")


@pytest.mark.parametrize(
    "path",
    [
        "/api/kernels",
        "/api/contents",
        "/api/sessions",
        "/api/terminals",
        "/api/kernelspecs",
        "/terminals/websocket/1",
        "/voila/api/contents/",
        "/voila/execution/4b1f0c1e-5d0e-4c7a-9f5e-0f6b7a1c2d3e",
        "/login",
        "/voila/tree/inner",
        "/voila/tree/..",
        "/voila/render/inner/secret.ipynb",
        "/voila/render/inner%2Fsecret.ipynb",
        "/voila/render/voila.json",
        "/voila/render/../voila.json",
        "/voila/render/..%2f..%2fetc%2fpasswd",
        "/voila/render//etc/passwd",
        "/voila/render/.ipynb_checkpoints/overview-checkpoint.ipynb",
        "/voila/files/overview.ipynb",
        "/voila/files/%2e%2e/voila.json",
        "/voila/static/../../../../../../../../etc/passwd",
        "/voila/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/voila/templates/evalkit/static/../index.html.j2",
        "/voila/templates/..%2f..%2fevalkit/static/conf.json",
        "/voila/templates/evalkit/x",
        "/voila/labextensions/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/offline/../dashboards/voila.json",
        "/offline/%2e%2e/dashboards/voila.json",
    ],
)
def test_an_address_that_no_page_needs_gives_nothing(server, path):
    for method in ("GET", "POST"):
        code, body = raw(server, path, method)
        assert 400 <= code < 500, (method, code)
        assert not {"root:", "secret", "Traceback"} & set(re.split(r"[\s\"'<>/]", body))


# --- many readers -------------------------------------------------------------------------------


def test_a_visitor_beyond_the_limit_is_told_and_all_that_leave_leave_no_kernel(server, new_visit):
    assert settled(server)
    with ThreadPoolExecutor(LIMIT) as several:
        visits = list(several.map(lambda _: Visit(server), range(LIMIT)))
    assert {visit.status for visit in visits} == {200}
    drawn = [visit for visit in visits if "asked party=GHA, token None" in visit.body]
    assert len(drawn) == LIMIT, server.log.read_text()[-3000:]
    assert len({visit.kernel for visit in visits}) == len({v.cookie for v in visits}) == LIMIT
    beyond = new_visit()
    page = beyond.page
    refused = page.goto(server.page("overview"))
    assert (refused.status, refused.headers["retry-after"]) == (503, "60")
    assert page.locator("h1").inner_text() == text("live.full_title")
    page.get_by_role("link", name=text("live.offline_open")).click()
    assert page.locator("h1").inner_text() == "The offline folder"
    beyond.assert_no_outside_request()
    assert health(server)["status"] == "full"
    # Whoever goes from one page to the next is let in: the former ends as the next one comes.
    assert Visit(server, Cookie=visits[0].cookie).status == 200
    assert settled(server)
    assert len(psutil.Process(server.process.pid).children()) == 1


def test_figures_of_the_server_are_for_those_who_have_the_token(server):
    for shown in ({}, {"Authorization": "Bearer x"}, {"Cookie": TOKEN}):
        for path in ("/evalkit/health", "/evalkit/metrics"):
            with answer(server, path, **shown) as said:
                assert said.status == 401
    assert set(health(server)) == {"status", "visitors", "limit", "waiting"}
    with answer(server, "/evalkit/metrics", Authorization=f"Bearer {TOKEN}") as said:
        figures = said.read().decode()
    kept = dict(re.findall(r"^(evalkit_\S+) ([\d.e+]+)$", figures, re.MULTILINE))
    assert float(kept["evalkit_refused_total"]) >= 1
    assert float(kept['evalkit_page_seconds_count{dashboard="overview"}']) >= LIMIT
    assert float(kept["evalkit_visitors_limit"]) == LIMIT
    assert 20 * 2**20 < float(kept["evalkit_kernel_memory_bytes"]) < 300 * 2**20
    assert TOKEN not in figures


def test_kernels_that_wait_with_a_former_edition_are_replaced(server, folders):
    assert settled(server)
    before = psutil.Process(server.process.pid).children()
    point("current", folders / "editions/two")
    psutil.wait_procs(before, 20)
    assert not any(one.is_running() for one in before)
    assert settled(server)


def test_a_page_that_takes_too_long_ends_with_a_card(folders, new_port, tmp_path: Path):
    notebook(tmp_path / "slow.ipynb", "import time\ntime.sleep(600)")
    patient = ["--VoilaExecutor.timeout=-1", "--Live.page_timeout=4"]
    one = Server(folders / "editions", port=new_port(), dashboards=tmp_path, options=patient)
    with one:
        one.wait_ready()
        began = time.monotonic()
        visit = Visit(one, "slow")
        assert time.monotonic() - began < 30
        assert visit.body.count('<section class="evalkit-error"') == 2  # the template and the card
