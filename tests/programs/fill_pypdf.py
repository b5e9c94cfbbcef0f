"""pypdf, as programs of others use it to fill in forms."""

from __future__ import annotations

import io
from pathlib import Path

from pypdf import PdfReader, PdfWriter

from tests.programs.widgets import Answers, find_widgets, name_states


def fill(pdf: bytes, answers: Answers, scratch: Path) -> bytes:
    """Return the form with these answers; nothing is written to `scratch`."""
    del scratch
    widgets = find_widgets(pdf)
    buttons = {widget.field for widget in widgets if widget.kind in ("choice", "check")}
    states = name_states(pdf, answers)
    values = {name: f"/{state}" if name in buttons else state for name, state in states.items()}
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    for number in sorted({widget.page for widget in widgets if widget.field in values}):  # of others it says a word
        writer.update_page_form_field_values(writer.pages[number], dict(values))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
