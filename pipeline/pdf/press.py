"""What Typst leaves out of a print PDF, boxes (ISO 32000-2 14.11.2), and what it leaves in: links of citations."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
from pikepdf import Name


def finish_print(pdf: bytes) -> bytes:
    """Give every page its BleedBox; Typst has written MediaBox (trim and bleed) and TrimBox. Take its inner links away.

    Typst links every citation to its work, and no layout can keep it from that. Other annotations are a mistake of the
    layout, and stay for preflight to find.

    The same input gives the same bytes.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            page.BleedBox = page.mediabox
            _drop_inner_links(page.obj)
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _drop_inner_links(page: Any) -> None:
    """Remove the links that lead to a place in the document, in place."""
    kept = [it for it in page.get("/Annots", []) if not _leads_within(it)]
    if kept:
        page.Annots = pikepdf.Array(kept)
    elif "/Annots" in page:
        del page.Annots


def _leads_within(annotation: Any) -> bool:
    action = annotation.get("/A", {})
    return annotation.get("/Subtype") == Name.Link and ("/Dest" in annotation or action.get("/S") == Name.GoTo)
