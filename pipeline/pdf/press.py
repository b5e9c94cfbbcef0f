"""What Typst leaves out of a print PDF: boxes, added in place (ISO 32000-2 14.11.2)."""

from __future__ import annotations

import io

import pikepdf


def finish_print(pdf: bytes) -> bytes:
    """Give every page its BleedBox; Typst has written MediaBox (trim and bleed) and TrimBox.

    The same input gives the same bytes.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            page.BleedBox = page.mediabox
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()
