"""pdf.js, the engine of Firefox, under node: values set through its annotation storage, no page drawn, no script run.

PDFJS_DIST names the folder of the npm package `pdfjs-dist` (see .ci/run).
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.programs.installed import PDFJS_DIST
from tests.programs.widgets import Answers, choose_widgets

SCRIPT = Path(__file__).with_suffix(".mjs")
PATIENCE = 60  # seconds


def fill(pdf: bytes, answers: Answers, scratch: Path) -> bytes:
    """Return the form with these answers."""
    choose_widgets(pdf, answers)
    form, asked, saved = scratch / "form.pdf", scratch / "answers.json", scratch / "saved.pdf"
    form.write_bytes(pdf)
    asked.write_text(json.dumps(dict(answers)), "utf-8")
    command: list[str | Path] = ["node", SCRIPT, PDFJS_DIST, form, asked, saved]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return saved.read_bytes()
