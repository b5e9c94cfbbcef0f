"""Small PDFs made by hand, right and wrong, to hold the checkers against."""

from __future__ import annotations

import io
import warnings
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pipeline.document import Expectation
from pipeline.pdf.press import Press, declare_standard
from pipeline.resources import PACKAGED
from pipeline.units import Size

TRIM = Size(200, 100)
BLEED = 10.0
PRESS = Press((PACKAGED / "assets/icc/FOGRA39L_coated.icc").read_bytes(), "FOGRA39")
EXPECTED = Expectation(medium="print", trim=TRIM, bleed=BLEED, pages=1, language="nl-NL")


def make_pdf(content: bytes, resources: Any = None, *, pages: int = 1, **page_keys: Any) -> bytes:
    """Return a PDF with this content on each page, with right boxes unless `page_keys` say otherwise (None: absent)."""
    pdf = pikepdf.new()
    media = [0, 0, TRIM.width + 2 * BLEED, TRIM.height + 2 * BLEED]
    trim = [BLEED, BLEED, BLEED + TRIM.width, BLEED + TRIM.height]
    for _ in range(pages):
        made = resources(pdf) if callable(resources) else resources
        keys = {"MediaBox": media, "BleedBox": media, "TrimBox": trim, **page_keys}
        page = Dictionary(Type=Name.Page, Contents=pdf.make_stream(content), Resources=made or Dictionary())
        for key, value in keys.items():
            if value is not None:
                page[f"/{key}"] = Array(value) if isinstance(value, list) else value
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    pdf.docinfo.Title = "A sample"
    pdf.docinfo.CreationDate = pdf.docinfo.ModDate = "D:20261123000000Z"
    return declare_standard(pdf, PRESS)


def change(pdf: bytes, edit: Any) -> bytes:
    """Open a PDF, let `edit` change it, save it."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        edit(document)
        out = io.BytesIO()
        with warnings.catch_warnings(action="ignore", category=pikepdf.PageCopyWarning):  # of fields that are lost here
            document.save(out, fix_metadata_version=False)
    return out.getvalue()


def icc_space(pdf: pikepdf.Pdf, components: int) -> Array:
    """A colour space with a profile of that many components."""
    return Array([Name.ICCBased, Stream(pdf, b"profile", N=components)])


def form(pdf: pikepdf.Pdf, content: bytes, resources: Any = None) -> Stream:
    """A form XObject."""
    return Stream(
        pdf, content, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 100, 100], Resources=resources or Dictionary()
    )


def image(pdf: pikepdf.Pdf, space: Any, size: int, **keys: Any) -> Stream:
    """An image of one pixel; `size`: bytes per pixel."""
    return Stream(
        pdf, b"\0" * size, Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8,
        ColorSpace=space, **keys,
    )  # fmt: skip


def tiling(pdf: pikepdf.Pdf, content: bytes) -> Stream:
    """A coloured tiling pattern."""
    return Stream(
        pdf, content, Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 9, 9], XStep=9, YStep=9,
        Resources=Dictionary(),
    )  # fmt: skip


def shading(space: Any) -> Dictionary:
    """An axial shading without a function; nobody draws it here."""
    return Dictionary(ShadingType=2, ColorSpace=space, Coords=[0, 0, 1, 1])


def plain(pdf: bytes) -> bytes:
    """Return a PDF with its streams uncompressed, so that damage reaches what is in them."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return out.getvalue()
