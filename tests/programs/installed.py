"""Which programs are here, and what to say where one is not."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

PDFJS_DIST = os.environ.get("PDFJS_DIST", "")
CHROMIUM = shutil.which(os.environ.get("CHROMIUM") or "chromium") or ""

HAS_PDFJS = (Path(PDFJS_DIST) / "legacy/build/pdf.mjs").is_file()
WANTS_PDFJS = "set PDFJS_DIST to node_modules/pdfjs-dist"
WANTS_CHROMIUM = "needs Chromium, or set CHROMIUM to one"
WANTS_PDFTK = "needs pdftk"
