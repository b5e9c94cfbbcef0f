"""The file level of a PDF -> what PDF/X-4 asks of it (ISO 15930-7), as plain values.

Nothing is trusted: the packet of metadata is XML of others, so it is bounded, and one with entities is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

import pikepdf

from pipeline.pdf.unpack import TooLargeError, read_stream

MAX_XMP = 2_000_000  # bytes of metadata, unpacked
MAX_PROFILE = 20_000_000  # bytes of a profile, unpacked
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_NAMES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://www.npes.org/pdfx/ns/id/": "pdfxid",
}


@dataclass(frozen=True)
class Intent:
    """An output intent (ISO 32000-2 14.11.5): its subtype, its printing condition, its profile; None without one."""

    subtype: str
    condition: str
    registry: str
    components: int
    profile: bytes | None = field(repr=False)


@dataclass(frozen=True)
class PressFacts:
    """What a file says of itself.

    Attributes:
        version: of PDF, as its header or its catalogue has it.
        has_id: the trailer has two identifiers.
        intents: all output intents.
        info: entries of Info, without their slashes.
        xmp: properties of the metadata by name (`pdfxid:GTS_PDFXVersion`); None where they cannot be read.
        live: keys by which an action or script runs that nobody asked for.
    """

    version: str
    has_id: bool
    intents: tuple[Intent, ...]
    info: dict[str, str]
    xmp: dict[str, str] | None
    live: tuple[str, ...]


def read_press_facts(document: pikepdf.Pdf) -> PressFacts:
    """Read what PDF/X-4 asks of the file as a whole; of its pages others do."""
    root: Any = document.Root
    trailer: Any = document.trailer
    identifiers = trailer.get("/ID")
    info: Any = document.docinfo if trailer.get("/Info") is not None else {}
    intents: Any = root.get("/OutputIntents", [])
    return PressFacts(
        version=max(document.pdf_version, str(root.get("/Version", "/1.0"))[1:]),
        has_id=isinstance(identifiers, pikepdf.Array) and len(identifiers) == 2,
        intents=tuple(_read_intent(it) for it in intents if isinstance(it, pikepdf.Dictionary)),
        info={str(key)[1:]: str(value).removeprefix("/") for key, value in info.items()},
        xmp=_read_xmp(root.get("/Metadata")),
        live=tuple(_list_live(document)),
    )


def _read_intent(raw: Any) -> Intent:
    profile = raw.get("/DestOutputProfile")
    found = profile if isinstance(profile, pikepdf.Stream) else None
    return Intent(
        subtype=str(raw.get("/S", ""))[1:],
        condition=str(raw.get("/OutputConditionIdentifier", "")),
        registry=str(raw.get("/RegistryName", "")),
        components=int(found.get("/N", 0)) if found is not None else 0,
        profile=read_stream(found, MAX_PROFILE) if found is not None else None,
    )


def _read_xmp(raw: Any) -> dict[str, str] | None:
    if not isinstance(raw, pikepdf.Stream):
        return None
    try:
        packet = read_stream(raw, MAX_XMP)
    except (TooLargeError, ValueError):
        return None
    if re.search(rb"<!(DOCTYPE|ENTITY)", packet):
        return None
    try:
        tree = ElementTree.fromstring(packet.strip(b"\0 \t\r\n"))
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    return dict(_list_properties(tree))


def _list_properties(tree: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield (name, value) of what describes the file, as elements or as attributes; of a list, its first value."""
    for description in tree.iter(f"{_RDF}Description"):
        for key, value in description.attrib.items():
            if name := _name(key):
                yield name, value
        for element in description:
            if name := _name(element.tag):
                item = next(element.iter(f"{_RDF}li"), element)
                yield name, (item.text or "").strip()


def _name(tag: str) -> str:
    space, _, name = tag.removeprefix("{").partition("}")
    return f"{_NAMES[space]}:{name}" if space in _NAMES else ""


def _list_live(document: pikepdf.Pdf) -> Iterator[str]:
    root: Any = document.Root
    for key in ("/OpenAction", "/AA"):
        if key in root:
            yield key[1:]
    if any("/AA" in page.obj for page in document.pages):
        yield "AA of a page"
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names:
        yield "JavaScript"
