"""The objects of a PDF -> whether each of them is what the last save left (ISO 32000-2 7.5.4 to 7.5.8).

qpdf trusts the cross-reference table, and does not compare the checksums of packed objects. With one wrong digit in the
table of an added save it takes an object as it was before that save: a form that somebody filled in, without an answer.
"""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf

from pipeline.pdf.ending import find_header, is_blank
from pipeline.pdf.values import TooMuchError, UnreadableError, inflate, is_deflated, read_name

OBJECTS_MOST = 200_000  # of a file; a form has some hundreds
PACKED_MOST = 100_000_000  # bytes that all streams of objects unpack to; those of a form take some hundred thousand

_PACKED = re.compile(rb"/(?:XRef|ObjStm)\b")
_OBJECT = re.compile(rb"(?<![0-9])(\d{1,10})[\0\t\n\f\r ]{1,20}\d{1,5}[\0\t\n\f\r ]{1,20}obj\b")
_PLAIN, _IN_STREAM = 1, 2  # types of entries in a cross-reference stream


def check_packed(data: bytes) -> None:
    """Refuse streams of objects that unpack to more than any form holds, before qpdf unpacks them whole.

    One that hides from this search is ended by the limit of memory.

    Raises:
        TooMuchError: there are such streams.
    """
    left = PACKED_MOST
    for found in _PACKED.finditer(data):
        start = data.find(b"stream", found.end(), found.end() + 4096)
        end = data.find(b"endstream", start)
        if start < 0 or end < 0:
            continue
        with contextlib.suppress(zlib.error, UnreadableError):
            left -= len(inflate(data[start + 6 : end].lstrip(b"\r\n")))
        if left < 0:
            raise TooMuchError(f"streams of more than {PACKED_MOST // 1_000_000} MB")


def check_objects(document: pikepdf.Pdf, data: bytes) -> list[str]:
    """Return in words what is wrong with the objects of a file; nothing when all is well.

    It looks at every object, so that qpdf warns of one that is not in its place although nothing needs it.

    Raises:
        TooMuchError: there are more objects than any form has.
    """
    table = document.get_xref_table()
    if len(table) > OBJECTS_MOST:
        raise TooMuchError(f"{len(table)} objects, at most {OBJECTS_MOST} are read")
    header = find_header(data) or 0
    places = {number: (entry.offset or 0) + header for (number, _), entry in table.items() if entry.type == _PLAIN}
    newest = {int(found[1]): found.start() for found in _OBJECT.finditer(data)}
    for it in document.objects:
        kind = read_name(it.get("/Type")) if isinstance(it, pikepdf.Stream) else ""
        if kind not in ("ObjStm", "XRef"):
            continue
        try:
            if is_deflated(it):
                inflate(it.read_raw_bytes())
        except (UnreadableError, zlib.error):
            return [f"the checksum of object {it.objgen[0]} is wrong"]
        place = places.get(it.objgen[0], 0)
        for number in _list_packed(it) if kind == "ObjStm" else ():
            newest[number] = max(place, newest.get(number, 0))
    packed = ((number, entry.obj_stream_number) for (number, _), entry in table.items() if entry.type == _IN_STREAM)
    places |= {number: places.get(stream or 0, 0) for number, stream in packed}
    for number, place in places.items():
        if is_blank(data[place : newest.get(number, 0)]):  # most often nothing; a table may count the blanks before
            continue
        return [f"object {number} is taken as it was before the last save"]
    return []


def _list_packed(stream: Any) -> Iterator[int]:
    """Yield the numbers of the objects that a stream of objects holds: every second one at its front."""
    numbers = stream.read_bytes()[: int(stream.First)].split()
    return map(int, numbers[: 2 * int(stream.N) : 2])
