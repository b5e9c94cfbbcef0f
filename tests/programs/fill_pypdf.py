"""pypdf, as programs of others use it to fill in forms."""

from __future__ import annotations

import io
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from tests.programs.widgets import Answers, choose_widgets


def fill(pdf: bytes, answers: Answers, scratch: Path) -> bytes:
    """Return the form with these answers; nothing is written to `scratch`."""
    del scratch
    kinds = {widget.field: widget.kind for widget, _ in choose_widgets(pdf, answers)}
    values = {name: f"/{answer}" if kinds[name] in ("choice", "check") else answer for name, answer in answers.items()}
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, dict(values))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
