"""Validators of PDF/UA-1, and checks of what neither of them sees."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import page as page_validation
import pikepdf
import pytest

VERAPDF = os.environ.get("VERAPDF") or shutil.which("verapdf.sh")
ALLOWED = [("PDFUA1-TRUETYPE-NONSYMBOLIC-ENCODING-001", "/DrukwerkFieldSans-Regular")]  # it knows 3 of the names

Test = Callable[..., None]


def needs_verapdf(test: Test) -> Test:
    """Mark a test as one of veraPDF."""
    reason = "VERAPDF names no front end; tests/verapdf/setup.sh makes one (needs a JDK)"
    return pytest.mark.slow(pytest.mark.skipif(not VERAPDF, reason=reason)(test))


def run_verapdf(files: Mapping[str, bytes], folder: Path) -> str:
    """Return what veraPDF says of these files: a line for each that begins with its verdict."""
    paths = [folder / f"{name}.pdf" for name in files]
    for path, pdf in zip(paths, files.values(), strict=True):
        path.write_bytes(pdf)
    return subprocess.run([str(VERAPDF), *paths], capture_output=True, text=True, check=False).stdout


def require_verapdf(files: Mapping[str, bytes], folder: Path) -> None:
    """Demand that veraPDF finds nothing in these files."""
    said = run_verapdf(files, folder)
    assert [line.split()[0] for line in said.splitlines()] == ["COMPLIANT"] * len(files), said


def failures(pdf: bytes, folder: Path) -> list[tuple[str, str]]:
    """Return (rule, font) of each failure of PDF/UA-1; no font where the failure is of something else."""
    path = folder / "form.pdf"
    path.write_bytes(pdf)
    with pikepdf.open(path) as document:
        found = page_validation.validate_pdf(path, profile="ua1").failures
        objects: list[Any] = [
            document.get_object(it.object_id.object_number, 0) if it.object_id else {} for it in found
        ]
        return [(it.rule_id, str(thing.get("/BaseFont", ""))) for it, thing in zip(found, objects, strict=True)]


@cache
def open_pdf(pdf: bytes) -> pikepdf.Pdf:
    """Open a PDF, and keep it open: its objects end with it."""
    return pikepdf.open(io.BytesIO(pdf))


def list_widgets(pdf: bytes) -> list[Any]:
    return [it for page in open_pdf(pdf).pages for it in page.obj.get("/Annots", [])]


def nameless_widgets(pdf: bytes) -> int:
    """Count widgets without a name of their own; neither validator looks at the buttons of a choice."""
    return sum(
        not str(it.get("/TU", "")) or ("/Parent" in it and it.get("/Contents") != it.TU) for it in list_widgets(pdf)
    )


def unembedded_fonts(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = document.Root.AcroForm.DR.Font
        return [str(name) for name, it in fonts.items() if "/FontFile2" not in it.get("/FontDescriptor", {})]
