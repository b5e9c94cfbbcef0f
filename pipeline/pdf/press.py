"""A PDF of Typst -> PDF/X-4 (ISO 15930-7:2010): boxes, output intent, metadata, overprint; nothing that is not ink.

No free validator of PDF/X exists: what is done here `preflight/standard.py` looks at again.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.pdf.overprint import Small, overprint_black
from pipeline.pdf.xmp import About, write_xmp

PDF_VERSION = "1.6"
REGISTRY = "http://www.color.org"
PRODUCER = "Drukwerk"
_LIVE = (
    "/OpenAction",
    "/AA",
    "/AcroForm",
    "/Outlines",
    "/PageMode",
    "/Names",
    "/Dests",
)  # of the catalogue: nothing of it is ink


@dataclass(frozen=True)
class Press:
    """The press that a file is for.

    Attributes:
        profile: bytes of its ICC profile.
        condition: the printing condition, by its name in the ICC's registry (`FOGRA39`).
        small: below which sizes black overprints.
    """

    profile: bytes = field(repr=False)
    condition: str
    small: Small = field(default_factory=Small)


def finish_print(pdf: bytes, press: Press, forms: bool = True) -> bytes:
    """Make a PDF with TrimBox into PDF/X-4; where MediaBox is larger, that is the bleed. In: DeviceCMYK only.

    Typst links every citation to its work, and no layout can keep it from that: links within the document are taken
    out. Other annotations are a mistake of the layout, and stay for preflight to find.

    `forms`: False where form XObjects are pages that are finished. The same input gives the same bytes.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            _set_boxes(page)
            _drop_inner_links(page.obj)
        overprint_black(document, press.small, forms)
        _set_groups(document)
        _drop_live(document)
        return declare_standard(document, press)


def declare_standard(document: pikepdf.Pdf, press: Press) -> bytes:
    """Return a document that says it is PDF/X-4, and for which press; its pages are as they are."""
    _set_intent(document, press)
    _set_metadata(document)
    out = io.BytesIO()
    version = PDF_VERSION
    document.save(out, deterministic_id=True, min_version=version, force_version=version, fix_metadata_version=False)
    return out.getvalue()


def _set_boxes(page: pikepdf.Page) -> None:
    """Give a page TrimBox and BleedBox (ISO 32000-2 14.11.2), in place; Typst writes no TrimBox without bleed."""
    if "/TrimBox" not in page.obj:
        page.obj.TrimBox = page.mediabox
    page.obj.BleedBox = page.mediabox
    if "/CropBox" in page.obj:
        del page.obj["/CropBox"]


def _set_groups(document: pikepdf.Pdf) -> None:
    """Let all transparency be computed in the inks of the press, in place (ISO 15930-7 6.21).

    Typst names sRGB in groups, and makes none where only a colour is translucent. What a luminosity mask lets through
    would change with its colour space, so there it stays, for preflight to judge.
    """
    grouped, masks, blends = [], set(), False
    for it in document.objects:
        if not isinstance(it, pikepdf.Stream | pikepdf.Dictionary):
            continue
        if isinstance(it.get("/Group"), Dictionary):
            grouped.append(it)
        mask = it.get("/SMask")
        if isinstance(mask, Dictionary) and "/G" in mask:
            masks.add(mask.G.objgen)
        blends |= _blends(it)
    for it in grouped:
        if it.objgen not in masks:
            it.Group.CS = Name.DeviceCMYK
    for page in document.pages if grouped or blends else ():
        page.obj.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceCMYK, I=True)


def _blends(it: Any) -> bool:
    """Say whether an ExtGState, or an image, lets shine through what lies below."""
    if isinstance(it.get("/SMask"), Dictionary | pikepdf.Stream):
        return True
    alphas = (it.get("/CA", 1), it.get("/ca", 1)) if it.get("/Type") == Name.ExtGState else ()
    return any(alpha < 1 for alpha in alphas) or it.get("/BM", Name.Normal) != Name.Normal


def _drop_live(document: pikepdf.Pdf) -> None:
    """Take out what happens on a screen: actions, fields, bookmarks, named destinations; in place."""
    root: Any = document.Root
    for key in _LIVE:
        if key in root:
            del root[key]
    for page in document.pages:
        if "/AA" in page.obj:
            del page.obj["/AA"]


def _set_intent(document: pikepdf.Pdf, press: Press) -> None:
    """Say for which press it is made (ISO 32000-2 14.11.5), in place."""
    profile = document.make_stream(b"", N=4)
    profile.write(_pack(press.profile), filter=Name.FlateDecode)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=press.condition,
        OutputCondition=press.condition,
        Info=press.condition,
        RegistryName=REGISTRY,
        DestOutputProfile=profile,
    )
    document.Root.OutputIntents = Array([document.make_indirect(intent)])


@lru_cache(maxsize=4)
def _pack(profile: bytes) -> bytes:
    """Pack a profile once for all files of a process."""
    return zlib.compress(profile, 9)


def _set_metadata(document: pikepdf.Pdf) -> None:
    """Say the same in Info and in XMP, and that it is PDF/X-4; in place."""
    info: Any = document.docinfo
    info.Trapped = Name("/False")
    info.Producer = PRODUCER
    about = About(
        title=str(info.get("/Title", "")),
        creators=(str(info.get("/Author", PRODUCER)),),
        language=str(document.Root.get("/Lang", "")),
        keywords=str(info.get("/Keywords", "")),
        tool=str(info.get("/Creator", PRODUCER)),
        producer=PRODUCER,
        created=str(info.get("/CreationDate", "")),
        changed=str(info.get("/ModDate", "")),
    )
    packet = write_xmp(about, _read_contents(document))
    document.Root.Metadata = document.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)


def _read_contents(document: pikepdf.Pdf) -> Iterator[bytes]:
    """Yield what is drawn on the pages, as it is packed."""
    for page in document.pages:
        contents = page.obj.get("/Contents", Array())
        for stream in contents if isinstance(contents, Array) else [contents]:
            yield bytes(stream.read_raw_bytes())


def _drop_inner_links(page: Any) -> None:
    """Remove the links that lead to a place in the document, in place."""
    kept = [it for it in page.get("/Annots", []) if not _leads_within(it)]
    if kept:
        page.Annots = Array(kept)
    elif "/Annots" in page:
        del page.Annots


def _leads_within(annotation: Any) -> bool:
    action = annotation.get("/A", {})
    return annotation.get("/Subtype") == Name.Link and ("/Dest" in annotation or action.get("/S") == Name.GoTo)
