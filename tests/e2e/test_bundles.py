"""The bundles that the set-up built work in a browser."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

DIAGRAM = """<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" targetNamespace="urn:test">
<process id="p"><userTask id="assess" name="Assess the damage"/></process>
<di:BPMNDiagram><di:BPMNPlane bpmnElement="p"><di:BPMNShape id="s" bpmnElement="assess">
<dc:Bounds x="100" y="80" width="100" height="80"/></di:BPMNShape></di:BPMNPlane></di:BPMNDiagram></definitions>"""
PAGE = """<!doctype html><html lang="en" dir="rtl"><head><title>t</title><link rel="stylesheet" href="/bundles/viewer.css">
<script defer src="/bundles/htmx.js"></script><script defer src="/bundles/viewer.js"></script></head><body>
<div style="height:400px" data-bpmn-url="{url}" data-bpmn-failed="Not to be shown."
 data-bpmn-state='[{{"element":"assess","marker":"active","count":3,"text":"Ben"}},{{"element":"gone","count":1}}]'></div></body></html>"""


class QuietFiles(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output to what failed."""


@pytest.fixture
def site(tmp_path: Path, repository: Path) -> Iterator[str]:
    (tmp_path / "bundles").symlink_to(repository / "web" / "static" / "bundles")
    (tmp_path / "claim.bpmn").write_text(DIAGRAM)
    (tmp_path / "good.html").write_text(PAGE.format(url="claim.bpmn"))
    (tmp_path / "bad.html").write_text(PAGE.format(url="missing.bpmn"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietFiles, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_diagram_shows_where_the_case_is(site: str, page: Page) -> None:
    page.goto(f"{site}/good.html")
    expect(page.locator("html[data-ready]")).to_be_attached()
    expect(page.locator("[data-element-id=assess].mg-active")).to_be_visible()
    expect(page.locator(".mg-badge")).to_have_text("3Ben")
    expect(page.locator(".mg-badge")).to_have_count(1)


def test_the_canvas_stays_light_left_to_right_and_marked(site: str, page: Page) -> None:
    page.goto(f"{site}/good.html")
    expect(page.locator("html[data-ready]")).to_be_attached()
    expect(page.locator(".mg-diagram")).to_have_css("direction", "ltr")
    expect(page.locator(".mg-diagram")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def test_a_diagram_that_cannot_be_read_says_so(site: str, page: Page) -> None:
    page.goto(f"{site}/bad.html")
    expect(page.locator("html[data-ready]")).to_be_attached()
    expect(page.get_by_text("Not to be shown.")).to_be_visible()


def test_htmx_runs_no_code_from_attributes_and_keeps_no_history(site: str, page: Page) -> None:
    page.goto(f"{site}/good.html")
    expect(page.locator("html[data-ready]")).to_be_attached()
    assert page.evaluate("[htmx.version, htmx.config.allowEval, htmx.config.historyCacheSize]") == ["2.0.10", False, 0]
