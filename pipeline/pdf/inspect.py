"""A PDF -> what preflight wants to know of it, as plain values."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import pikepdf

from pipeline.pdf.colours import ColourUse
from pipeline.pdf.fields import FormFacts, read_form_facts
from pipeline.pdf.graphics import read_box
from pipeline.pdf.images import ImageUse
from pipeline.pdf.lexer import BrokenStreamError
from pipeline.pdf.marks import Mark
from pipeline.pdf.pages import PageDigests
from pipeline.pdf.painted import read_painted
from pipeline.pdf.standard import PressFacts, read_press_facts
from pipeline.pdf.unpack import TooLargeError, read_stream
from pipeline.snapshot import fingerprint
from pipeline.units import Rect


class DamagedPdfError(Exception):
    """The bytes are no PDF that can be read."""


class EncryptedPdfError(DamagedPdfError):
    """It is locked, also where it opens without a password."""


@dataclass(frozen=True)
class PageFacts:
    """One page, `number` from 0. Boxes in points, origin bottom-left, y up; None where it has no such entry itself.

    A page may be measured in larger units (UserUnit): its boxes, and all that is drawn, are points nevertheless; `unit`
    is that unit in points.
    """

    number: int
    media: Rect
    crop: Rect | None
    bleed: Rect | None
    trim: Rect | None
    rotation: int
    unit: float
    colours: frozenset[ColourUse]
    marks: tuple[Mark, ...]
    images: tuple[ImageUse, ...]
    groups: frozenset[str]
    circular: bool
    missing_fonts: tuple[str, ...]
    missing_glyphs: int
    shows_text: bool
    annotations: tuple[str, ...]


@dataclass(frozen=True)
class PdfFacts:
    """One file.

    Attributes:
        pages: those that were read; all, but for pages that are known.
        count: of all pages.
        keys: one per page, by which it is known the next time; empty without a memory.
        form: its fields, None where it has none.
        press: what it says of itself as a file for print.
        damage: what had to be repaired to read it.
    """

    pages: tuple[PageFacts, ...]
    count: int
    keys: tuple[str, ...]
    tagged: bool
    language: str
    title: str
    shows_title: bool
    claims_ua: bool
    form: FormFacts | None
    press: PressFacts
    damage: tuple[str, ...]


@dataclass(frozen=True)
class Memory:
    """Pages that were looked at before.

    Attributes:
        known: keys of pages that were found good.
        notes: one per page: what, beside the page itself, decides whether it is good.
    """

    known: frozenset[str]
    notes: tuple[str, ...]

    def key(self, number: int, digest: str) -> str:
        """Return the key of a page: of what is drawn on it, and its note."""
        return fingerprint([digest, self.notes[number] if number < len(self.notes) else ""])


def inspect_pdf(pdf: bytes, memory: Memory | None = None) -> PdfFacts:
    """Read the facts of a PDF, without those of the pages that `memory` knows.

    Raises:
        DamagedPdfError: no PDF, damaged beyond reading, or encrypted.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            if document.is_encrypted:
                raise EncryptedPdfError("the file is encrypted")
            return _read_facts(document, memory)
    except (DamagedPdfError, MemoryError):
        raise
    except (TooLargeError, BrokenStreamError) as error:
        raise DamagedPdfError(str(error)) from None
    except pikepdf.PasswordError:
        raise EncryptedPdfError("the file is encrypted") from None
    except pikepdf.PdfError as error:
        raise DamagedPdfError(_SOURCE.sub("", str(error))) from None
    except Exception as error:  # files of others: any key may hold any type, at any depth
        raise DamagedPdfError(f"its structure is broken ({type(error).__name__})") from None


def _read_facts(document: pikepdf.Pdf, memory: Memory | None) -> PdfFacts:
    root: Any = document.Root
    metadata = read_stream(root.Metadata) if "/Metadata" in root else b""
    marks: Any = root.get("/MarkInfo", {})
    preferences: Any = root.get("/ViewerPreferences", {})
    pages = list(document.pages)
    digests = PageDigests(document)
    keys = [memory.key(number, digests.digest(page)) for number, page in enumerate(pages)] if memory else []
    known = memory.known if memory else frozenset()
    return PdfFacts(
        pages=tuple(
            _read_page(number, page) for number, page in enumerate(pages) if not keys or keys[number] not in known
        ),
        count=len(pages),
        keys=tuple(keys),
        tagged=bool(marks.get("/Marked", False)) and "/StructTreeRoot" in root,
        language=str(root.get("/Lang", "")),
        title=str(document.docinfo.get("/Title", "")) if document.trailer.get("/Info") is not None else "",
        shows_title=bool(preferences.get("/DisplayDocTitle", False)),
        claims_ua=b"pdfuaid:part" in metadata,
        form=read_form_facts(document),
        press=read_press_facts(document),
        damage=tuple(dict.fromkeys(_SOURCE.sub("", str(it)) for it in document.get_warnings())),
    )


_SOURCE = re.compile(r"^(stream )?<.*?>( \(.*?\))?[:,]? ?|^stream ")


_UNIT_MOST = 1e6  # of 350 m


def _read_page(number: int, page: pikepdf.Page) -> PageFacts:
    unit = float(page.obj.get("/UserUnit", 1))
    if not 0 < unit < _UNIT_MOST:
        raise DamagedPdfError(f"page {number + 1} is measured in units of {unit:g} points (UserUnit)")
    painted = read_painted(page)
    annotations: Any = page.get("/Annots", [])
    return PageFacts(
        number=number,
        media=read_box(page.mediabox, unit),
        crop=_box(page, "/CropBox", unit),
        bleed=_box(page, "/BleedBox", unit),
        trim=_box(page, "/TrimBox", unit),
        rotation=int(page.get("/Rotate", 0)),
        unit=unit,
        colours=painted.colours,
        marks=painted.marks,
        images=painted.images,
        groups=painted.groups,
        circular=painted.circular,
        missing_fonts=tuple(sorted(_name(font) for font in painted.fonts if not _is_embedded(font))),
        missing_glyphs=painted.missing_glyphs,
        shows_text=bool(painted.fonts),
        annotations=tuple(str(annotation.get("/Subtype", ""))[1:] for annotation in annotations),
    )


def _box(page: pikepdf.Page, name: str, unit: float) -> Rect | None:
    return read_box(page.obj[name], unit) if name in page.obj else None


def _name(font: Any) -> str:
    return str(font.get("/BaseFont", "/unnamed"))[1:]


def _is_embedded(font: Any) -> bool:
    if font.get("/Subtype") == "/Type3":  # its glyphs are content streams in the file
        return True
    if font.get("/Subtype") == "/Type0":
        font = font.DescendantFonts[0]
    descriptor = font.get("/FontDescriptor", {})
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
