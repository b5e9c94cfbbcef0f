"""pdftk (pdftk-java), with the answers as XFDF."""

from __future__ import annotations

import subprocess
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tests.programs.widgets import Answers, name_states

PATIENCE = 60  # seconds


def fill(pdf: bytes, answers: Answers, scratch: Path) -> bytes:
    """Return the form with these answers."""
    form, asked, saved = scratch / "form.pdf", scratch / "answers.xfdf", scratch / "saved.pdf"
    form.write_bytes(pdf)
    fields = (
        f"<field name={quoteattr(name)}><value>{escape(value)}</value></field>"
        for name, value in name_states(pdf, answers).items()
    )
    space = "http://ns.adobe.com/xfdf/"
    asked.write_text(f'<?xml version="1.0"?><xfdf xmlns="{space}"><fields>{"".join(fields)}</fields></xfdf>', "utf-8")
    command: list[str | Path] = ["pdftk", form, "fill_form", asked, "output", saved]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return saved.read_bytes()
