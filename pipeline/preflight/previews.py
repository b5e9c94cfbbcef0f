"""Finished pages -> small pictures, to see what a file holds without opening it. Colours as PDFium shows them, sRGB."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pipeline.preflight.pixels import MAX_SIDE, open_pages

PPI = 60
MANY = 48  # pages; of files with more, the pictures are half as fine
PAGES_MOST = 480  # that are shown


def draw_previews(pdf: bytes) -> Iterator[bytes]:
    """Yield a PNG of each page, cut to its trim; of the first PAGES_MOST pages.

    One page is held at a time. A page whose side is longer than MAX_SIDE is drawn as much smaller.
    """
    with open_pages(pdf) as document:
        ppi = PPI if len(document) <= MANY else PPI / 2
        for number in range(min(len(document), PAGES_MOST)):
            page = document[number]
            try:
                yield _draw(page, ppi)
            finally:
                page.close()


def _draw(page: Any, ppi: float) -> bytes:
    page.set_cropbox(*page.get_trimbox())  # what is drawn, to the pixel
    scale = ppi / 72 * min(1.0, MAX_SIDE / max(page.get_size()))
    image = page.render(scale=scale).to_pil()
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(ppi, ppi))
    return out.getvalue()
