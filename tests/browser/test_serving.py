"""The server and the page around a dashboard, on dashboards of the test's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import psutil
import pytest
from playwright.sync_api import Page

from evalkit.errors import EvalkitError, Reason
from evalkit.reference import locales
from evalkit.reference.texts import languages, text
from evalkit.serve import Server, Settings, check_port

pytestmark = pytest.mark.browser

CULLED = 5  # seconds; a page takes up to three from its last cell to its connection

SQUARE = {
    "type": "Feature",
    "id": "AAA",
    "properties": {},
    "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [0, 9], [9, 9], [9, 0], [0, 0]]]},
}

PICTURE = f"""
import html, json
from urllib.parse import parse_qs, urlencode
import ipywidgets as widgets
import plotly.graph_objects as go
from evalkit.serve import query_string

asked = parse_qs(query_string())
outlines = {{"type": "FeatureCollection", "features": [{SQUARE!r}]}}

def drawn(figure):
    bundle = {{"application/vnd.plotly.v1+json": json.loads(figure.to_json())}}
    return ({{"output_type": "display_data", "data": bundle, "metadata": {{}}}},)
"""

CHOICE = """
choice = widgets.Dropdown(
    options=["reports", "grants"], value=asked.get("show", ["reports"])[0], description="Show"
)
chart, atlas, broken = widgets.Output(), widgets.Output(), widgets.Output()
address = widgets.HTML().add_class("evalkit-address")
picked = widgets.Text().add_class("evalkit-pick")
said = widgets.HTML()
fail = widgets.Button(description="Fail")
world = go.Figure(go.Choropleth(geojson=outlines, locations=["AAA"], z=[1], featureidkey="id"))
world.update_layout(title="World<br><sub>source</sub>").update_geos(visible=False)
world.update_layout(meta={"fit": {"ratio": 0.5, "extra": 40, "most": 600}})
atlas.outputs = drawn(world)

def draw(_=None):
    heights = [3, 1, 2] if choice.value == "reports" else [5, 6, 7]
    figure = go.Figure(go.Bar(x=["a", "b", "c"], y=heights)).update_layout(title=choice.value)
    chart.outputs = drawn(figure)
    address.value = html.escape(urlencode({"show": choice.value, "region": "All & more"}))

def break_(_):
    with broken:
        raise ValueError("/secret/place")

choice.observe(draw, "value")
picked.observe(lambda change: setattr(said, "value", f"chosen {change['new']}"), "value")
fail.on_click(break_)
draw()
widgets.VBox([choice, chart, atlas, said, fail, broken, address, picked])
"""


def notebook(path: Path, *cells: str, **metadata: str) -> None:
    """Write a notebook of code cells."""
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    made = nbformat.v4.new_notebook(cells=code, metadata={"kernelspec": kernel, **metadata})
    nbformat.write(made, path)


def kernels(server: Server, kernel: str = "evalkit.viewer") -> list[psutil.Process]:
    """Return the kernels of a server that run now, or the one that is named."""
    found = []
    for process in psutil.Process(server.process.pid).children(recursive=True):
        try:
            if any(kernel in word for word in process.cmdline()):
                found.append(process)
        except psutil.Error:
            continue  # it ended while we looked
    return found


def wait_until(holds: Callable[[], object], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def kernel_of(page: Page) -> str:
    """Return the id of the kernel behind a page."""
    return page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').text).kernelId")


def fetch(address: str) -> str:
    """Read a page without a browser, so that its kernel has no reader."""
    parts = urlsplit(address)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=60)
    connection.request("GET", f"{parts.path}?{parts.query}")
    body = connection.getresponse().read().decode()
    connection.close()
    return body


@pytest.fixture(scope="session")
def stub(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dashboards")
    notebook(folder / "overview.ipynb", PICTURE, CHOICE, title="The <first> page")
    notebook(
        folder / "broken.ipynb",
        "import ipywidgets as w\nw.HTML('complete')",
        "raise ValueError('/secret/place')",
        "w.HTML('never')",
        title="صفحة",
        lang="ar",
        dir="rtl",
    )
    return folder


@pytest.fixture(scope="module")
def server(stub, new_port, tmp_path_factory) -> Iterator[Server]:
    # A culling short enough to be waited for; everything else as in dashboards/voila.json.
    culling = {"cull_idle_timeout": CULLED, "cull_interval": 1}
    quick = [f"--MappingKernelManager.{name}={value}" for name, value in culling.items()]
    root = tmp_path_factory.mktemp("editions")
    with Server(root, port=new_port(), dashboards=stub, options=quick) as one:
        one.wait_ready()
        yield one


@pytest.fixture(scope="module")
def overview(server, new_visit):
    """The overview, opened once by the bare address of the server with a state."""
    visit = new_visit(viewport={"width": 1280, "height": 900})
    visit.open(f"{server.address}/?show=grants")
    return visit


def test_bare_address_leads_to_the_overview_and_keeps_the_query(overview, server):
    assert overview.page.url.startswith(server.page("overview", show="grants"))
    assert overview.page.locator("select").input_value() == "grants"


def test_page_has_title_landmarks_and_language(overview):
    page = overview.page
    assert page.title() == "The <first> page · evalkit"
    assert page.locator("header h1").inner_text() == "The <first> page"
    assert page.locator("header").inner_text().startswith("evalkit · Minamata Convention")
    assert [page.locator(f"body > {name}").count() for name in ("header", "main", "footer")] == [
        1
    ] * 3
    assert page.locator("h1").count() == 1
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        "en",
        "ltr",
    ]


def test_loading_state_ends_with_a_word_for_screen_readers(overview):
    page = overview.page
    status = page.locator("#evalkit-status-text")
    assert status.get_attribute("aria-live") == "polite"
    assert status.text_content() == "The page is ready."
    assert not page.locator("#evalkit-progress").is_visible()
    assert page.locator("#evalkit-cells").is_visible()


def test_skip_link_comes_first_and_leads_to_the_content(overview):
    page = overview.page
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "evalkit-skip"
    assert page.locator(".evalkit-skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "evalkit-content"
    page.evaluate("history.replaceState(null, '', location.pathname + location.search)")


def test_a_page_speaks_the_language_of_its_address_and_leads_to_the_others(server, new_visit):
    """Arabic runs from right to left, mirrored; the chooser keeps the choices."""
    visit = new_visit(viewport={"width": 1280, "height": 900})
    visit.open(server.page("overview", show="reports", lang="ar"))
    page = visit.page
    root = "[document.documentElement.lang, document.documentElement.dir]"
    assert page.evaluate(root) == ["ar", "rtl"]
    assert page.locator("h1").inner_text() == text("frame.title.overview", "ar")
    assert page.title().startswith(text("frame.title.overview", "ar"))
    first, last = (page.locator(".evalkit-nav a").nth(i).bounding_box() for i in (0, -1))
    assert first["x"] > last["x"]
    links = page.locator(".evalkit-languages a")
    named = links.evaluate_all("all => all.map((one) => [one.lang, one.textContent])")
    assert named == [[one, locales.own_name(one)] for one in languages()]
    assert page.locator(".evalkit-languages [aria-current]").get_attribute("lang") == "ar"
    visit.open(page.locator(".evalkit-languages [lang=fr]").evaluate("(one) => one.href"))
    assert page.evaluate(root) == ["fr", "ltr"]
    assert page.locator("select").input_value() == "reports"
    assert page.locator("#evalkit-status-text").text_content() == text("frame.ready", "fr")


def test_sources_stay_on_the_server(overview):
    assert "parse_qs" not in overview.page.content()


def test_choice_redraws_the_figure_and_the_address_without_history(overview):
    page = overview.page
    entries = page.evaluate("history.length")
    page.select_option("select", "reports")
    page.wait_for_function("location.search.includes('show=reports')")
    page.wait_for_function("document.querySelector('.gtitle').textContent === 'reports'")
    assert page.evaluate("new URLSearchParams(location.search).get('region')") == "All & more"
    assert page.evaluate("history.length") == entries
    assert page.locator(".evalkit-address").is_hidden()


def test_map_is_drawn_without_base_geometry(overview):
    assert overview.page.locator(".choroplethlayer path").count() == 1
    overview.assert_no_outside_request()
    assert overview.errors == []


def test_click_on_a_place_reaches_the_dashboard(overview):
    page = overview.page
    page.locator(".choroplethlayer path").click(force=True)
    page.get_by_text("chosen AAA").wait_for()


@pytest.mark.parametrize(("format_", "begins"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_every_figure_can_be_saved(overview, tmp_path, format_, begins):
    page = overview.page
    button = page.get_by_role("button", name=f"Download World as {format_.upper()}")
    with page.expect_download() as caught:
        button.click()
    assert caught.value.suggested_filename == f"world.{format_}"
    caught.value.save_as(tmp_path / "saved")
    content = (tmp_path / "saved").read_bytes()
    assert content.startswith(begins)
    assert format_ == "png" or b"World" in content
    page.wait_for_function("/world\\.\\w+ was saved/.test(document.body.innerText)")


def test_download_can_be_called_with_a_name(overview):
    page = overview.page
    with page.expect_download() as caught:
        page.evaluate("evalkit.download(document.querySelector('.gtitle'), 'svg', 'mine.svg')")
    assert caught.value.suggested_filename == "mine.svg"


def test_error_behind_a_button_is_a_card_without_traceback(overview):
    page = overview.page
    page.get_by_role("button", name="Fail").click()
    page.locator(".evalkit-error").wait_for()
    assert page.locator(".evalkit-error:visible").count() == 1
    assert "/secret" not in page.locator("main").inner_text()


FITTING = """() => [...document.querySelectorAll('.js-plotly-plot')].every(
    (one) => Math.abs(one._fullLayout.width - one.clientWidth) <= 1)"""


@pytest.mark.parametrize("width", [360, 844, 390, 1280])
def test_figures_follow_the_width_and_nothing_scrolls_sideways(overview, width):
    page = overview.page
    page.set_viewport_size({"width": width, "height": 740})
    page.wait_for_function(FITTING)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.fixture(scope="module")
def failed(server, new_visit) -> Page:
    """A page whose second cell fails."""
    return new_visit().open(server.page("broken"), state="failed")


def test_failed_cell_is_one_card_and_nothing_after_it(failed):
    page = failed
    card = page.locator(".evalkit-error:visible")
    assert card.count() == 1
    assert card.get_attribute("role") == "alert"
    assert "could not be completed" in card.inner_text()
    assert "UTC" in card.inner_text()
    said = page.content()
    assert "complete" in page.locator("main").inner_text()
    assert [
        word for word in ("secret", "Traceback", "ValueError", "Voilà with") if word in said
    ] == []
    assert page.get_by_text("never", exact=True).count() == 0
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        "ar",
        "rtl",
    ]


def test_page_says_when_its_session_is_gone(server, failed):
    page = failed
    (kernel,) = kernels(server, kernel_of(page))
    kernel.kill()
    notice = page.locator("#evalkit-notice")
    assert wait_until(lambda: page.evaluate("evalkit.watchSession()") or notice.inner_text())
    assert "session has ended" in notice.inner_text()
    assert notice.get_by_role("button").inner_text() == "Load the page again"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/voila/files/overview.ipynb", 403),
        ("/voila/render/absent.ipynb", 404),
        ("/voila/tree", 200),
        ("/evalkit/health", 404),  # there is no token
        ("/evalkit/metrics", 404),
    ],
)
def test_other_addresses_give_nothing_away_and_ask_nobody(server, visit, path, status):
    answer = visit.page.request.get(server.address + path)
    assert answer.status == status
    assert not {"cdn", "import ipywidgets"} & {
        w for w in ("cdn", "import ipywidgets") if w in answer.text()
    }


def test_absent_page_is_our_own(server, visit):
    visit.page.goto(server.page("absent"))
    assert visit.page.locator("h1").inner_text() == "There is no such page"
    visit.assert_no_outside_request()


def test_reader_cannot_choose_another_template(server):
    assert "jsdelivr" not in fetch(server.page("broken", template="lab"))


def test_idle_page_keeps_its_kernel_and_one_without_a_reader_loses_it(server, overview):
    page = overview.page
    (kept,) = kernels(server, kernel_of(page))
    before = kernels(server)  # pages of other tests may be open as well, and keep theirs
    fetch(server.page("overview"))  # busy later than the one of the page that stays open
    lost = [one for one in kernels(server) if one not in before]
    assert lost
    assert wait_until(lambda: not any(one.is_running() for one in lost), CULLED + 25)
    assert kept.is_running()
    page.select_option("select", "grants")
    page.wait_for_function("location.search.includes('show=grants')")


def test_busy_port_is_one_sentence_with_a_remedy(server):
    with pytest.raises(EvalkitError) as caught:
        check_port(server.port)
    assert caught.value.reason is Reason.PORT_BUSY
    assert str(caught.value).startswith(f"Port {server.port} of this computer is in use")
    assert "make serve PORT=88" in caught.value.remedy


@pytest.mark.parametrize("port", [-1, 0, 70000])
def test_number_that_is_no_port_is_refused(port):
    with pytest.raises(EvalkitError):
        check_port(port)


def test_server_that_cannot_start_gives_its_last_lines(stub, new_port, tmp_path):
    nowhere = Settings(listen="192.0.2.1")  # an address of no machine
    server = Server(tmp_path, port=new_port(), dashboards=stub, settings=nowhere)
    with server, pytest.raises(EvalkitError) as caught:
        server.wait_ready()
    assert "assign requested address" in str(caught.value)
    assert str(server.log) in caught.value.where


def test_preheated_kernel_learns_the_query(stub, new_port, tmp_path, visit):
    with Server(tmp_path, port=new_port(), dashboards=stub, settings=Settings(pool=1)) as server:
        server.wait_ready()
        assert wait_until(lambda: len(kernels(server)) == 2)  # one for each dashboard
        first = set(kernels(server))
        page = visit.open(server.page("overview", show="grants"))
        assert page.locator("select").input_value() == "grants"
        assert page.evaluate("new URLSearchParams(location.search).get('show')") == "grants"
        assert kernels(server, kernel_of(page))[0] in first


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
def test_kernel_ends_with_its_page_whether_or_not_the_browser_tells(
    stub, new_port, tmp_path, visit, told
):
    # Culling would come after two minutes. A browser drops the message of a busy page.
    linger = ["--PageKernels.linger=0.5"] if not told else []
    with Server(tmp_path, port=new_port(), dashboards=stub, options=linger) as server:
        server.wait_ready()
        if not told:
            visit.context.route("**/voila/api/shutdown/**", lambda route: route.abort())
            visit.page.add_init_script("navigator.sendBeacon = () => false;")
        page = visit.open(server.page("overview"))
        (kernel,) = kernels(server, kernel_of(page))
        page.goto("about:blank")
        assert wait_until(lambda: not kernel.is_running(), 60), server.log.read_text()[-3000:]


def test_kernel_waits_for_a_page_whose_network_failed(stub, new_port, tmp_path, visit):
    opened = []

    def passed_on(to_page):
        to_server = to_page.connect_to_server()
        to_server.on_close(lambda *_: None)
        opened.append((to_page, to_server))

    with Server(tmp_path, port=new_port(), dashboards=stub) as server:
        server.wait_ready()
        visit.page.route_web_socket("**/api/kernels/**", passed_on)
        page = visit.open(server.page("overview"))
        (kernel,) = kernels(server, kernel_of(page))
        before = len(opened)
        for end in opened[-1]:
            end.close(code=3001, reason="the network failed")
        page.wait_for_timeout(3000)
        assert len(opened) > before  # the page came back by itself
        page.select_option("select", "grants")
        page.wait_for_function("location.search.includes('show=grants')")
        assert kernel.is_running()


SERVE = """
import sys
from functools import partial
from pathlib import Path
from evalkit import serve
serve.Server = partial(serve.Server, dashboards=Path(sys.argv[1]))
sys.exit(serve.serve(Path(sys.argv[2]), port=int(sys.argv[3]), ready=partial(print, flush=True)))
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_end_leaves_no_process_behind(stub, new_port, tmp_path, how):
    port = new_port()
    words = [sys.executable, "-c", SERVE, str(stub), str(tmp_path), str(port)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as parent:
        assert parent.stdout.readline().strip() == f"http://127.0.0.1:{port}"
        if how != signal.SIGINT:  # once without a kernel is enough
            fetch(f"http://127.0.0.1:{port}/voila/render/broken.ipynb")
        family = psutil.Process(parent.pid).children(recursive=True)
        assert len(family) >= (1 if how == signal.SIGINT else 2)
        parent.send_signal(how)
        assert parent.wait(20) == (0 if how != signal.SIGKILL else -how)
    gone = partial(psutil.wait_procs, family, timeout=0)
    assert wait_until(lambda: not gone()[1], 15)
    check_port(port)
