"""Sheets by themselves: a layout set with what every document begins with, without a build around it."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf

from pipeline.content.read import read_toolbox
from pipeline.document import Expectation, Job
from pipeline.imposition import Imposed, Mark, Stock
from pipeline.kinds.common import plan_ground
from pipeline.pdf.sheets import place_pages
from pipeline.plan import load_typesetter
from pipeline.resources import PACKAGED
from pipeline.typeset import Typesetter, typeset
from pipeline.units import Rect, Size, points

BLEED = points(3)
A4, A3, SRA3 = (Size(points(w), points(h)) for w, h in ((210, 297), (297, 420), (320, 450)))
CARD = Size(points(210), points(148))
PAGE = Size(points(148), points(210))


def across(size: Size) -> Size:
    """Return a sheet lying instead of upright."""
    return Size(size.height, size.width)


def stock(size: Size, margin: float = 3, **more: Any) -> Stock:
    """Return a sheet with a margin in millimetres."""
    return Stock(size, points(margin), **more)


@cache
def toolbox() -> Any:
    return read_toolbox(PACKAGED)


def prepare(folder: Path) -> Typesetter:
    return load_typesetter(toolbox()).prepare(folder / "scratch")


def set_layout(layout: str, data: dict[str, Any], size: Size, typesetter: Typesetter) -> bytes:
    """Set a layout with its own data and what every document begins with."""
    ground = {**plan_ground(toolbox(), "print", ()), "bleed": 0, "titles": ["Proef"], "hyphenation": []}
    expects = Expectation("print", size, 0.0, 0, "nl-NL")
    job = Job("print/proef.pdf", layout, json.dumps({**ground, **data}).encode(), expects)
    return typeset(job, typesetter)[0]


def describe(imposed: Imposed, text: str) -> dict[str, Any]:
    """Return the data of the layout of sheets; `text`: of every slug."""
    return {
        "size": list(imposed.size),
        "sides": [
            {
                "marks": [_describe_mark(mark) for mark in side.marks],
                "slug": {"box": list(side.slug), "title": text, "around": ["", " · recto"]} if side.slug else None,
            }
            for side in imposed.sides
        ],
    }


def _describe_mark(mark: Mark) -> dict[str, Any]:
    return {"kind": mark.kind, "x0": mark.x0, "y0": mark.y0, "x1": mark.x1, "y1": mark.y1}


def make_sheets(source: bytes, imposed: Imposed, typesetter: Typesetter, text: str = "Proef, vel 1 van 1") -> bytes:
    """Set what stands around, and place the pages."""
    around = set_layout("sheet.typ", describe(imposed, text), imposed.size, typesetter)
    return place_pages(around, source, imposed, BLEED)


def write_pages(trim: Size, contents: list[bytes], bleed: float = BLEED) -> bytes:
    """Return a print PDF of pages with these contents, in points from the bottom-left of the trim."""
    with pikepdf.new() as document:
        for content in contents:
            page = document.add_blank_page(page_size=(trim.width + 2 * bleed, trim.height + 2 * bleed))
            page.TrimBox = pikepdf.Array([bleed, bleed, bleed + trim.width, bleed + trim.height])
            page.Contents = document.make_stream(f"1 0 0 1 {bleed} {bleed} cm\n".encode() + content)
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def mirror(rect: Rect, size: Size, axis: str) -> Rect:
    """Return where a box of the back of a sheet is seen through its front, when it was flipped around an axis."""
    if axis == "vertical":
        return Rect(size.width - rect.x1, rect.y0, size.width - rect.x0, rect.y1)
    return Rect(rect.x0, size.height - rect.y1, rect.x1, size.height - rect.y0)
