"""`veille check --live` on the bundled press, and WARC files into the ledger."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from demo.__main__ import configure
from demo.server import SITE, Press
from tests.conftest import Ran

Veille = Callable[..., Ran]
PATH = "news/2026/art5160.htm"
URL = f"https://gazetteduweb.example/{PATH}"


def test_every_outlet_and_channel_is_asked_and_nothing_is_kept(
    veille: Veille, press: Press, tmp_path: Path
) -> None:
    config = configure(tmp_path / "demo", press.address)
    ran = veille("--config", config, "check", "--live")
    assert ran.code == 0, ran.err
    assert "lenumerique.example: ok, newest 2026-02-12" in ran.out
    assert "channel console: " in ran.out
    assert not (tmp_path / "demo" / "veille.db").exists()
    assert press.asked[URL.removeprefix("https://")] == 0


def test_an_outlet_that_is_gone_fails_the_check_and_is_named(
    veille: Veille, press: Press, tmp_path: Path
) -> None:
    config = configure(tmp_path / "demo", press.address)
    catalogue = tmp_path / "demo" / "outlets.toml"
    catalogue.write_text(
        '[[outlet]]\nid = "gone"\nname = "Gone"\nhome = "https://gone.example/"\n'
        'policy = "probe"\nfeeds = [{ url = "https://gone.example/none.xml" }]\n'
    )
    text = config.read_text()
    start = text.index("catalogue = ")
    end = text.index("\n", start)
    host = f'"gone.example" = "{press.address}"\n'
    config.write_text(text[:start] + 'catalogue = "outlets.toml"' + text[end:] + host)
    ran = veille("--config", config, "check", "--live")
    assert ran.code == 1
    assert "gone: dead" in ran.out
    assert 'id = "gone"' in ran.out


def test_a_web_archive_is_imported_for_the_hosts_of_the_catalogue(
    veille: Veille, press: Press, tmp_path: Path
) -> None:
    config = configure(tmp_path / "demo", press.address)
    page = (SITE / "gazetteduweb.example" / PATH).read_bytes()
    path = tmp_path / "saved.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url in (URL, "https://elsewhere.example/x.html"):
            headers = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"
            )
            writer.write_record(
                writer.create_warc_record(
                    url, "response", payload=BytesIO(page), http_headers=headers
                )
            )
    assert veille("--config", config, "import", path).code == 0
    told = veille("--config", config, "changes", "--json").lines
    assert {line["url"] for line in told} == {URL}
    assert any(line["payers"] == ["Amazon"] for line in told)
