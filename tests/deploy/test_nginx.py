"""The example for nginx, before a real server: people see Makegood's own sentences, and nothing that they say of themselves is believed."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.commands.demo.making import begin_empty
from engine.settings import Settings
from tests.e2e.serving import Serving, free_port, served
from web.refusals import LARGEST_REQUEST

EXAMPLE = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
MINE = ("nginx", "openssl")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not all(map(shutil.which, MINE)), reason="there is no nginx here"),
]
FRAME = """
{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
    access_log off; gzip on; include {folder}/mime.types;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s; include {folder}/site.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass(frozen=True, slots=True)
class Site:
    """Makegood behind nginx."""

    port: int
    plain: int
    desk: Serving

    def ask(self, path: str, headers: Mapping[str, str] | None = None, *, body: bytes | None = None) -> Answer:
        """Ask over TLS as a browser does."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context)
        said = {"Host": "complaints.example.org", "Accept": "text/html", **(headers or {})}
        return answer(connection, path, body, said)


def answer(connection: http.client.HTTPConnection, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    """What a server says to one request."""
    try:
        connection.request("GET" if body is None else "POST", path, body, headers)
        found = connection.getresponse()
        return Answer(found.status, found.headers, found.read().decode("utf-8", "replace"))
    finally:
        connection.close()


def adapted(folder: Path, ports: dict[str, int]) -> str:
    """The example with what its reader writes into it: certificates, and here ports that anybody may use."""
    text = re.sub(r" *listen \[::\].*\n", "", EXAMPLE.read_text(encoding="utf-8"))
    text = text.replace("/etc/nginx/tls", str(folder)).replace("127.0.0.1:8000", f"127.0.0.1:{ports['desk']}")
    text = text.replace("listen 80;", f"listen 127.0.0.1:{ports['plain']};")
    return text.replace("listen 443 ", f"listen 127.0.0.1:{ports['tls']} ")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An empty desk, and nginx before it."""
    folder = tmp_path_factory.mktemp("nginx")
    begin_empty(Settings(data_dir=folder / "data"))
    key = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=complaints.example.org -keyout privkey.pem -out fullchain.pem"
    subprocess.run(key.split(), cwd=folder, check=True, capture_output=True)
    with served(folder / "data", MAKEGOOD_PUBLIC_URL="https://complaints.example.org") as desk:
        ports = {"desk": desk.port, "tls": free_port(), "plain": free_port()}
        (folder / "site.conf").write_text(adapted(folder, ports), encoding="utf-8")
        (folder / "mime.types").write_text("types { text/html html; }", encoding="utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(FRAME.format(folder=folder, user=user), encoding="utf-8")
        process = subprocess.Popen(["nginx", "-e", folder / "error.log", "-c", folder / "nginx.conf"])
        until_it_answers(folder)
        yield Site(ports["tls"], ports["plain"], desk)
        process.terminate()
        process.wait(20)


def until_it_answers(folder: Path) -> None:
    """Wait for nginx; it writes its id when it listens."""
    end = time.monotonic() + 20
    while not (folder / "nginx.pid").exists():
        assert time.monotonic() < end, (folder / "error.log").read_text()
        time.sleep(0.02)


def test_a_page_comes_with_its_headers_and_uncompressed(site: Site) -> None:
    found = site.ask("/sign-in", {"Accept-Encoding": "gzip"})
    assert (found.status, found.headers["Content-Encoding"]) == (200, None)
    assert found.headers["Strict-Transport-Security"]
    assert "default-src 'none'" in found.headers["Content-Security-Policy"]
    assert "Secure" in found.headers["Set-Cookie"]


def test_a_style_sheet_comes_compressed_and_is_kept(site: Site) -> None:
    found = site.ask("/static/desk.css", {"Accept-Encoding": "gzip"})
    assert (found.status, found.headers["Content-Encoding"]) == (200, "gzip")
    assert "max-age=2592000" in found.headers["Cache-Control"]


def test_whoever_comes_without_tls_is_sent_on(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.plain, timeout=20)
    found = answer(connection, "/inbox?x=1", None, {"Host": "complaints.example.org"})
    assert (found.status, found.headers["Location"]) == (308, "https://complaints.example.org/inbox?x=1")


def test_more_than_we_take_is_refused_in_our_words(site: Site) -> None:
    large = bytes(LARGEST_REQUEST + 1024 * 1024)
    page = site.ask("/cases/new", body=large)
    assert page.status == 413
    assert "larger than 20 MB, so nothing of it was kept" in page.text
    told = site.ask("/api/cases", {"Accept": "application/json"}, body=large)
    assert (told.status, told.headers["Content-Type"]) == (413, "application/problem+json")


def test_what_a_client_says_of_where_it_comes_from_is_not_believed(site: Site) -> None:
    liar = {"Authorization": "Bearer mg_wrong", "Accept": "application/json"}
    seen = [site.ask("/api/tasks", liar | {"X-Forwarded-For": f"192.0.2.{each}"}).status for each in range(25)]
    assert seen[0] == 401
    assert seen[-1] == 429  # counted by one address


def test_while_the_desk_starts_again_a_sentence_says_so(site: Site) -> None:
    site.desk.kill()
    found = site.ask("/inbox", body=b"typed")
    assert (found.status, found.headers["Retry-After"]) == (503, "5")
    assert "Makegood is not there just now" in found.text
    assert "<html lang=pl><title>Makegood</title><p>Makegood jest chwilowo niedostępny" in (
        site.ask("/inbox", {"Accept-Language": "pl-PL,pl;q=0.9,en;q=0.8"}).text
    )
