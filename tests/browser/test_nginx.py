"""The example for nginx in front of a server: a page works under its policy, and what is set."""

from __future__ import annotations

import gzip
import ssl
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPSConnection
from typing import Any

import pytest

from benchmarks.webserver import Nginx, nginx
from evalkit.serve import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def front(dashboard_server: Server, tmp_path_factory: Any) -> Iterator[Nginx]:
    offline = tmp_path_factory.mktemp("offline")
    (offline / "index.html").write_text("<title>Offline</title>" + "<p>mercury</p>" * 200)
    with nginx(dashboard_server.port, offline, tmp_path_factory.mktemp("nginx")) as one:
        yield one


def line(front: Nginx) -> Any:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    return closing(HTTPSConnection("127.0.0.1", front.port, timeout=60, context=trusting))


def ask(front: Nginx, path: str, **headers: str) -> tuple[int, Any, bytes]:
    with line(front) as connection:
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        connection.request("GET", path, headers=named)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def test_a_page_works_through_nginx_under_its_policy(front, new_visit):
    visit = new_visit(ignore_https_errors=True)
    sockets: list[str] = []
    visit.page.on("websocket", lambda one: sockets.append(one.url))
    page = visit.open(f"{front.address}/?indicator=signatories")
    page.wait_for_function("() => document.querySelectorAll('.choroplethlayer path').length > 190")
    assert [url.split(":")[0] for url in sockets] == ["wss"]
    chooser = page.get_by_label("Indicator", exact=True)
    chooser.select_option(index=1)
    page.wait_for_function("() => !location.search.includes('indicator=signatories')")
    answer = page.request.get(page.url.split("?")[0].replace("overview", "absent"))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'; script-src 'self'")
    assert answer.status == 404
    visit.assert_no_outside_request()
    assert visit.errors == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/offline/", 200),
        ("/voila/templates/evalkit/static/evalkit.css", 200),
        ("/voila/render/absent.ipynb", 404),
        ("/voila/query/1-2-3-4-5", 404),
        ("/api/kernels", 404),
        ("/offline/../nginx.conf", 404),
    ],
)
def test_every_answer_has_the_headers_of_security(front, path, status):
    code, headers, _ = ask(front, path)
    assert code == status
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Server"] == "nginx"


def test_answers_are_compressed_and_files_kept(front):
    for path, kept in (
        ("/offline/", "max-age=300"),
        ("/voila/templates/evalkit/static/page.js", "max-age=3600"),
    ):
        _, headers, body = ask(front, path, Accept_Encoding="gzip")
        assert headers["Content-Encoding"] == "gzip"
        assert headers.get_all("Cache-Control") == [f"public, {kept}"]
        assert len(gzip.decompress(body)) > 2 * len(body)


def test_without_tls_one_is_sent_on(front):
    connection = HTTPConnection("127.0.0.1", front.plain, timeout=20)
    connection.request("GET", "/voila/render/overview.ipynb?party=GHA")
    answer = connection.getresponse()
    connection.close()
    assert answer.status == 308
    assert answer.headers["Location"].endswith("/voila/render/overview.ipynb?party=GHA")


def test_a_flood_of_pages_is_refused(front):
    """Last: whoever floods waits."""
    codes = []
    with line(front) as connection:
        for _ in range(80):
            connection.request("GET", "/voila/render/absent.ipynb")
            answer = connection.getresponse()
            answer.read()
            codes.append(answer.status)
    assert set(codes) == {404, 429}
