"""The bytes of a PDF -> whether they are whole, as far as that shows without parsing (ISO 32000-2 7.5.5, 7.5.6).

A save that adds to a file ("incremental") leaves the earlier state in front of it, ended as any file is. Cut off, such
a file opens as what it was before: as the empty form. So what stands behind the last end is damage, but for padding:
printers, signing software and iText pad with NULs and blanks, by the kilobyte.
"""

from __future__ import annotations

import re

HEADER_WITHIN = 1024  # bytes; as Acrobat is lenient (Adobe PDF Reference 1.7, appendix H, note 13)

_BLANK = b"\0\t\n\f\r "  # white space as PDF knows it
_END = re.compile(rb"startxref[\0\t\n\f\r ]{1,80}\d{1,12}[\0\t\n\f\r ]{1,80}%%EOF")
_PICTURES = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"PK\3\4", "a ZIP archive, or a document of Word, Excel or Pages"),
    (b"\xd0\xcf\x11\xe0", "a document of an older Word or Excel, or a mail of Outlook"),
    (b"%FDF", "form data without the form (FDF)"),
    (b"{\\rtf", "a text (RTF)"),
    (b"<", "a web page or XML"),
)


def find_header(data: bytes) -> int | None:
    """Return where the PDF begins in a file, None where it is none."""
    found = data.find(b"%PDF-", 0, HEADER_WITHIN)
    return None if found < 0 else found


def describe_other(data: bytes) -> str:
    """Say what a file that is no PDF seems to be."""
    start = data[:HEADER_WITHIN].lstrip(b"\xef\xbb\xbf" + _BLANK)
    if start[4:8] == b"ftyp":
        return "a picture or film (HEIC, MP4)"
    return next((words for magic, words in _PICTURES if start.startswith(magic)), f"{len(data)} bytes of something")


def is_blank(data: bytes) -> bool:
    """Say whether there is nothing in it: no bytes, or white space and NULs, as a copy that failed leaves."""
    return not data.strip(_BLANK)


def strip_padding(data: bytes) -> bytes:
    """Return a file without the white space and NULs behind it."""
    return data.rstrip(_BLANK)


def check_ending(data: bytes) -> list[str]:
    """Return what is wrong with the end of a PDF, in words; nothing when it is whole."""
    end = max((found.end() for found in _END.finditer(data)), default=None)
    if end is None:
        return ["it has no end (%%EOF): it was cut off"]
    rest = data[end:].strip(_BLANK)
    if rest:
        return [f"{len(rest)} bytes follow its end (%%EOF): a save was cut off, or something was added"]
    return []
