"""One chromium and one demonstration serve all browser tests of a run; where there is no chromium, they skip loudly."""

from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from engine.commands.demo.making import make_demo
from engine.commands.terminal import Terminal
from engine.settings import Settings
from engine.wiring import build
from tests.e2e.desk import Desk
from web.app import create_app

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """Return the path of the system's chromium."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running chromium."""
    path = find_chromium()
    if path is None:
        pytest.skip("NO CHROMIUM on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser window's world of its own: no cookies of other tests, English, UTC."""
    context = browser.new_context(locale="en-GB", timezone_id="UTC", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page."""
    return context.new_page()


class QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Keep the test's output to what failed."""


@pytest.fixture(scope="session")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The demonstration, served; tests change it, each in cases of its own, and let jobs run when they need them."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("veltra"))
    make_demo(settings, Terminal(io.StringIO(), io.StringIO()))
    engine = build(settings)
    server = make_server("127.0.0.1", 0, create_app(engine), threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Desk(f"http://127.0.0.1:{server.server_port}", engine)
    server.shutdown()
    server.server_close()
    thread.join()
    engine.close()
