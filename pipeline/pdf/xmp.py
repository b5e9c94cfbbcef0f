"""The XMP packet of a print PDF: what PDF/X-4 asks for, and what Typst had said (ISO 16684-1, ISO 15930-7 6.12)."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

VERSION = "PDF/X-4"

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq>{creators}</rdf:Seq></dc:creator>
{language}<pdf:Keywords>{keywords}</pdf:Keywords>
<pdf:Producer>{producer}</pdf:Producer>
<pdf:Trapped>False</pdf:Trapped>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<xmp:CreateDate>{created}</xmp:CreateDate>
<xmp:ModifyDate>{changed}</xmp:ModifyDate>
<xmp:MetadataDate>{changed}</xmp:MetadataDate>
<xmpMM:DocumentID>{document}</xmpMM:DocumentID>
<xmpMM:InstanceID>{instance}</xmpMM:InstanceID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<xmpMM:VersionID>1</xmpMM:VersionID>
<pdfxid:GTS_PDFXVersion>{version}</pdfxid:GTS_PDFXVersion>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""
_LANGUAGE = "<dc:language><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag></dc:language>\n"
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 2.2


@dataclass(frozen=True)
class About:
    """What a file says of itself; dates as Info has them (`D:20261123000000Z`)."""

    title: str
    creators: tuple[str, ...]
    language: str
    keywords: str
    tool: str
    producer: str
    created: str
    changed: str


def write_xmp(about: About, content: Iterable[bytes]) -> bytes:
    """Return the packet. Its identifiers follow from the title and the content, so that equal files say the same."""
    named = uuid.uuid5(uuid.NAMESPACE_URL, f"drukwerk:{about.title}")
    total = hashlib.sha256(repr(about).encode())
    for piece in content:
        total.update(piece)
    values = {
        "title": about.title,
        "keywords": about.keywords,
        "producer": about.producer,
        "tool": about.tool,
        "created": write_date(about.created),
        "changed": write_date(about.changed),
        "document": f"uuid:{named}",
        "instance": f"uuid:{uuid.UUID(bytes=total.digest()[:16], version=5)}",
        "version": VERSION,
    }
    creators = "".join(f"<rdf:li>{_escape(name)}</rdf:li>" for name in about.creators)
    language = _LANGUAGE.format(_escape(about.language)) if about.language else ""
    texts = {key: _escape(value) for key, value in values.items()}
    return _PACKET.format(creators=creators, language=language, **texts).encode()


def _escape(text: str) -> str:
    """Write a text in XML, without the characters that XML cannot hold."""
    return escape(_FORBIDDEN.sub("", text))


def write_date(date: str) -> str:
    """Return a date of Info (ISO 32000-2 7.9.4) as XMP writes it (ISO 8601), to the second; empty: none."""
    digits = date.removeprefix("D:")
    if len(digits) < 14:
        return ""
    plain = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}"
    zone = digits[14:].replace("'", "")
    return plain + ("Z" if zone in ("", "Z") else f"{zone[:3]}:{zone[3:5]}")
