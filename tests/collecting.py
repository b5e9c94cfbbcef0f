"""Forms that come back: those of the default toolbox, filled in cheaply, and files that are none."""

from __future__ import annotations

import functools
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Name

from pipeline.content.products import FormProduct
from pipeline.content.read import read_toolbox
from pipeline.content.toolbox import Toolbox
from pipeline.kinds.forms import plan_form
from pipeline.resources import PACKAGED
from pipeline.single import make_single
from tests import returns

SCAN = "scan-samen-opleiden"
WHO = {
    "organisatie": "Stichting De Boomgaard",
    "school": "De Wilg",
    "rol": "leraar",
    "datum": "03-04-2026",
    "invulwijze": "samen",
    "aantal": "7",
}
FILLED = {**WHO, "SO1": "3", "SO2": "2", "SO1-gewenst": "4", "SO1-waaraan": "In het team."}


@functools.cache
def load_toolbox() -> Toolbox:
    """The default toolbox."""
    return read_toolbox(PACKAGED)


@functools.cache
def make_blank(form: str = SCAN, response: str = "") -> bytes:
    """Return a form as it is handed out, with a number where it has one."""
    toolbox = load_toolbox()
    product = next(it for it in toolbox.settings.products if isinstance(it, FormProduct) and it.name == form)
    values = {"response": response} if response else {}
    return make_single(toolbox, plan_form(toolbox, product, "forms", values), frozenset(values), "test")


def fill(changes: Mapping[str, str] | None = None, form: str = SCAN, response: str = "") -> bytes:
    """Return the scan as somebody sends it back; `changes` to what is usual, "" for nothing."""
    values = {name: text for name, text in {**FILLED, **(changes or {})}.items() if text}
    return returns.fill(make_blank(form, response), values)


def contradict(pdf: bytes, field: str = "SO1", state: str = "/1") -> bytes:
    """Return a file that shows two answers to one question."""

    def edit(document: Any) -> None:
        for kid in returns.find(document, field).Kids:
            if state in kid.AP.N:
                kid.AS = Name(state)

    return returns.change(pdf, edit)


def lock(pdf: bytes) -> bytes:
    """Return a file that asks for a password."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="x", user="x"))
    return out.getvalue()


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder, those in folders of their own too."""
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return folder
