"""Pages of a PDF -> small pictures for a report: the whole MediaBox, unturned, so that places are right."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.preflight import open_pages

PPI = 100
SIDE_MOST = 1200  # pixels; a poster is shown smaller
QUALITY = 80  # of JPEG, a third of what PNG takes for pages of text


def draw_pages(pdf: bytes, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield (page, a JPEG in base64) for each of these pages (from 0) that can be drawn."""
    from pypdfium2 import PdfiumError

    with open_pages(pdf) as document:
        for number in numbers:
            try:
                yield number, _draw(document[number])
            except (PdfiumError, ValueError, OverflowError):
                continue


def _draw(page: Any) -> str:
    try:
        page.set_rotation(0)
        page.set_cropbox(*page.get_mediabox())
        scale = min(PPI / 72, SIDE_MOST / max(page.get_size()))
        image = page.render(scale=scale).to_pil().convert("RGB")
    finally:
        page.close()
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, subsampling=0)
    return base64.b64encode(out.getvalue()).decode("ascii")
