"""Pages of a PDF -> small pictures for a report: the whole MediaBox, unturned, so that places are right."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.preflight import open_pages

PPI = 100
SIDE_MOST = 1200  # pixels; a poster is shown smaller
_QUALITY = 82  # of JPEG


def draw_pages(pdf: bytes, numbers: Sequence[int]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield (page, (media type, base64)) for each of these pages (from 0) that can be drawn."""
    from pypdfium2 import PdfiumError

    with open_pages(pdf) as document:
        for number in numbers:
            try:
                yield number, _draw(document[number])
            except (PdfiumError, ValueError, OverflowError):
                continue


def _draw(page: Any) -> tuple[str, str]:
    """Return the smaller of PNG and JPEG: flat colours pack well in the one, photographs in the other."""
    try:
        page.set_rotation(0)
        page.set_cropbox(*page.get_mediabox())
        scale = min(PPI / 72, SIDE_MOST / max(page.get_size()))
        image = page.render(scale=scale).to_pil().convert("RGB")
    finally:
        page.close()
    packed = []
    for kind, options in (("PNG", {"optimize": True}), ("JPEG", {"quality": _QUALITY})):
        out = io.BytesIO()
        image.save(out, kind, **options)
        packed.append((len(out.getvalue()), f"image/{kind.lower()}", out.getvalue()))
    _, kind, data = min(packed)
    return kind, base64.b64encode(data).decode("ascii")
