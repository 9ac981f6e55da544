"""Opening an address with a token: no other user of the machine sees it."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from negograph.web.opening import opened

ADDRESS = 'http://127.0.0.1:7476/browser/#token=secret"><script>'


def test_a_web_browser_gets_a_file_of_the_user_that_leads_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []

    def open_(address: str) -> bool:
        given.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", open_)
    with opened(ADDRESS, tmp_path / "own") as seen:
        assert seen
        (address,) = given
        assert "secret" not in address
        page = Path(unquote(urlsplit(address).path))
        assert 'content="0; url=http://127.0.0.1:7476/browser/#token=secret&quot;&gt;&lt;script&gt;"' in page.read_text()
        assert [path.stat().st_mode & 0o077 for path in (page, page.parent)] == [0, 0]
        assert (page.parent / ".gitignore").read_text() == "*\n"
    assert not page.exists()


def test_without_a_web_browser_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda address: False)
    with opened(ADDRESS, tmp_path / "own") as seen:
        assert not seen
