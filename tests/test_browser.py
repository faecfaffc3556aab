"""The browser harness sees what it must: requests, errors, sizes, media and colours."""

import struct
import zlib
from pathlib import Path

import pytest

from tests.browser import PHONE, Browser

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A page</title>
<style>body { margin: 0; background: rgb(255, 0, 0) } @media print { p { color: rgb(1, 2, 3) } }</style>
</head><body><p>Text</p>BODY</body></html>"""


def write_page(folder: Path, body: str = "") -> Path:
    path = folder / "page.html"
    path.write_text(PAGE.replace("BODY", body), encoding="utf-8")
    return path


def first_pixel(png: Path) -> tuple[int, ...]:
    """Return red, green, blue of the upper left pixel, which no PNG filter changes."""
    content, data, at = png.read_bytes(), b"", 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        if content[at + 4 : at + 8] == b"IDAT":
            data += content[at + 8 : at + 8 + length]
        at += length + 12
    return tuple(zlib.decompress(data)[1:4])


def test_a_quiet_page_asks_for_itself_alone(chromium: Browser, tmp_path: Path) -> None:
    path = write_page(tmp_path)
    with chromium.open(path) as page:
        assert page.evaluate("document.title") == "A page"
        assert page.requests == [path.as_uri()]
        assert page.errors == []


def test_requests_and_errors_are_seen(chromium: Browser, tmp_path: Path) -> None:
    body = "<img src='missing.png' alt=''><script>console.error('first'); throw new Error('second')</script>"
    with chromium.open(write_page(tmp_path, body)) as page:
        assert any(url.endswith("missing.png") for url in page.requests)
        text = "\n".join(page.errors)
    assert "first" in text
    assert "second" in text
    assert "load failed" in text


def test_a_throwing_expression_raises(chromium: Browser, tmp_path: Path) -> None:
    with chromium.open(write_page(tmp_path)) as page, pytest.raises(RuntimeError, match="nothing_here"):
        page.evaluate("nothing_here()")


def test_a_phone_is_narrow_and_overflow_is_measured(chromium: Browser, tmp_path: Path) -> None:
    wide = "<div style='width: 1000px'>wide</div>"
    with chromium.open(write_page(tmp_path, wide)) as page:
        assert page.overflow() == 0
        page.set_size(*PHONE)
        assert page.evaluate("innerWidth") == PHONE[0]
        assert page.overflow() == 1000 - PHONE[0]


def test_print_and_grey(chromium: Browser, tmp_path: Path) -> None:
    with chromium.open(write_page(tmp_path)) as page:
        assert first_pixel(page.screenshot(tmp_path / "colour.png")) == (255, 0, 0)
        page.emulate(medium="print", vision="achromatopsia")
        assert page.evaluate("getComputedStyle(document.querySelector('p')).color") == "rgb(1, 2, 3)"
        red, green, blue = first_pixel(page.screenshot(tmp_path / "grey.png"))
        assert red == green == blue
        assert page.print_pdf(tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
