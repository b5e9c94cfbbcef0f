"""PDFium without scripts: clicks and keys as Chrome's viewer passes them on, and as other programs that hold it do."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from tests.programs.widgets import Answers, Widget, choose_widgets, find_widgets

TAB, UP, DOWN = 0x09, 0x26, 0x28  # FWL_VKEY_Tab, FWL_VKEY_Up, FWL_VKEY_Down


def fill(pdf: bytes, answers: Answers, scratch: Path) -> bytes:
    """Return the form with these answers; nothing is written to `scratch`."""
    del scratch
    with open_form(pdf) as (document, form):
        for number, chosen in groupby(choose_widgets(pdf, answers), key=lambda it: it[0].page):
            with open_page(document, number) as page:
                for widget, answer in chosen:
                    _operate(form, page, widget, answer)
        return save(document)


def click(pdf: bytes, widgets: list[Widget]) -> bytes:
    """Return the form after clicks on these widgets, one after the other."""
    with open_form(pdf) as (document, form):
        for widget in widgets:
            with open_page(document, widget.page) as page:
                _click(form, page, widget)
        return save(document)


def walk_by_tab(pdf: bytes, number: int) -> list[tuple[str, str]]:
    """Return (field, on-state or "") of the widgets that get the focus on a page (from 0), Tab by Tab."""
    at = {widget.rect: widget for widget in find_widgets(pdf) if widget.page == number}
    found: list[tuple[str, str]] = []
    with open_form(pdf) as (document, form), open_page(document, number) as page:
        for _ in at:
            if not pdfium.FORM_OnKeyDown(form, page, TAB, 0):
                break
            rect = _read_focus(form)
            if rect is None:
                break
            nearest = min(at, key=lambda other: sum(abs(a - b) for a, b in zip(other, rect, strict=True)))
            widget = at[nearest]
            found.append((widget.field, widget.states[0] if widget.kind in ("choice", "check") else ""))
    return found


@contextmanager
def open_form(pdf: bytes) -> Iterator[tuple[Any, Any]]:
    """Open a file with its form: (document, form handle)."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        document.init_forms()
        assert document.formenv is not None, "the file has a form"
        yield document, document.formenv.raw
    finally:
        document.close()


@contextmanager
def open_page(document: Any, number: int) -> Iterator[Any]:
    """Open a page (from 0); the field that has the focus keeps what was typed when it is closed."""
    page = document[number]
    try:
        yield page.raw
        pdfium.FORM_ForceToKillFocus(document.formenv.raw)
    finally:
        page.close()


def save(document: Any) -> bytes:
    """Return the file as PDFium writes it."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _operate(form: Any, page: Any, widget: Widget, answer: str) -> None:
    if widget.kind == "text":
        _click(form, page, widget)
        pdfium.FORM_SelectAllText(form, page)
        text = ctypes.create_string_buffer((answer + "\0").encode("utf-16-le"))
        pdfium.FORM_ReplaceSelection(form, page, ctypes.cast(text, pdfium.FPDF_WIDESTRING))
    elif widget.kind == "list":
        _click(form, page, widget)
        steps = widget.count_steps(answer)
        for _ in range(abs(steps)):
            pdfium.FORM_OnKeyDown(form, page, DOWN if steps > 0 else UP, 0)
    elif widget.kind == "choice" or (answer == "yes") != (widget.value == "yes"):
        _click(form, page, widget)


def _click(form: Any, page: Any, widget: Widget) -> None:
    pdfium.FORM_OnMouseMove(form, page, 0, *widget.centre)
    pdfium.FORM_OnLButtonDown(form, page, 0, *widget.centre)
    pdfium.FORM_OnLButtonUp(form, page, 0, *widget.centre)


def _read_focus(form: Any) -> tuple[float, float, float, float] | None:
    page, annotation = ctypes.c_int(-1), pdfium.FPDF_ANNOTATION()
    pdfium.FORM_GetFocusedAnnot(form, ctypes.byref(page), ctypes.byref(annotation))
    if not annotation:
        return None
    rect = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, ctypes.byref(rect))
    pdfium.FPDFPage_CloseAnnot(annotation)
    return rect.left, rect.bottom, rect.right, rect.top
