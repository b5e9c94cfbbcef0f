"""Streams -> their bytes, with a bound that holds before they are unpacked: a megabyte may unpack to a terabyte.

Every filter that a content stream may use (ISO 32000-2 7.4), alone and in arrays; after each of them what came out is
counted. What is packed as a picture is no content stream.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf

MAX_STREAM = 20_000_000  # bytes of one content stream, unpacked
MAX_FILTERS = 8  # on one stream; nobody uses more than two


class TooLargeError(Exception):
    """A page is beyond what can be looked at; the message says what is too large."""


def read_content(content: Any, most: int = MAX_STREAM) -> bytes:
    """Return the bytes of a stream, or of an array of streams, which are one with blanks between (7.8.2).

    Raises:
        TooLargeError: they are more than `most`; never more than that is unpacked.
        ValueError: packed in a way that is none for content.
    """
    if not isinstance(content, pikepdf.Array):
        return read_stream(content, most) if isinstance(content, pikepdf.Stream) else b""
    parts: list[bytes] = []
    for part in content:
        if isinstance(part, pikepdf.Stream):
            parts.append(read_stream(part, most))
            most -= len(parts[-1]) + 1
            if most < 0:
                raise TooLargeError(_TOO_LARGE)
    return b"\n".join(parts)


_TOO_LARGE = f"a content stream of more than {MAX_STREAM // 1_000_000} MB"


def read_stream(stream: Any, most: int = MAX_STREAM) -> bytes:
    """Return the bytes of one stream; raises as `read_content`."""
    data = bytes(stream.read_raw_bytes())
    filters = _list(stream.get("/Filter"))
    settings = _list(stream.get("/DecodeParms"))
    if len(filters) > MAX_FILTERS:
        raise TooLargeError(f"a stream packed {len(filters)} times")
    predicted = False
    for number, name in enumerate(filters):
        unpack = _FILTERS.get(str(name))
        if unpack is None:
            raise ValueError(f"a content stream packed by {name}")
        own = settings[number] if number < len(settings) else None
        predicted |= isinstance(own, pikepdf.Dictionary) and int(own.get("/Predictor", 1)) > 1
        early = int(own.get("/EarlyChange", 1)) if isinstance(own, pikepdf.Dictionary) else 1
        data = _unpack_lzw(data, most, early) if unpack is _unpack_lzw_early else unpack(data, most)
        if len(data) > most:
            raise TooLargeError(_TOO_LARGE)
    return bytes(stream.read_bytes()) if predicted else data  # a predictor never makes it larger


def _list(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, pikepdf.Array) else [value]


def _inflate(data: bytes, most: int) -> bytes:
    """Unpack a zlib stream, also one that was cut off."""
    return zlib.decompressobj().decompress(data, most + 1)


def _unpack_hex(data: bytes, _: int) -> bytes:
    digits = re.sub(rb"[^0-9A-Fa-f]", b"", data.partition(b">")[0])
    return bytes.fromhex((digits + b"0" if len(digits) % 2 else digits).decode())


def _unpack_85(data: bytes, most: int) -> bytes:
    body = data.partition(b"~>")[0]
    if len(body) + 3 * body.count(b"z") > 2 * most:
        raise TooLargeError(_TOO_LARGE)
    return base64.a85decode(body.removeprefix(b"<~"), ignorechars=b" \t\n\r\v\f\0")


def _unpack_runs(data: bytes, most: int) -> bytes:
    out, place, size = [], 0, 0
    while place < len(data) and data[place] != 128 and size <= most:
        length = data[place]
        if length < 128:
            out.append(data[place + 1 : place + 2 + length])
            place += length + 2
        else:
            out.append(data[place + 1 : place + 2] * (257 - length))
            place += 2
        size += len(out[-1])
    return b"".join(out)


def _unpack_lzw_early(data: bytes, most: int) -> bytes:
    return _unpack_lzw(data, most, 1)


def _unpack_lzw(data: bytes, most: int, early: int) -> bytes:
    """Unpack LZW: codes of 9 to 12 bits, 256 clears the table, 257 ends (7.4.4.2)."""
    first = [bytes([byte]) for byte in range(256)] + [b"", b""]
    table, width, last = list(first), 9, b""
    out, size, bits, count = [], 0, 0, 0
    for byte in data:
        bits, count = (bits << 8 | byte) & 0xFFFFFF, count + 8
        if count < width:
            continue
        count -= width
        code = bits >> count & ((1 << width) - 1)
        if code == 256:
            table, width, last = list(first), 9, b""
            continue
        if code == 257 or size > most or code > len(table):
            break
        entry = table[code] if code < len(table) else last + last[:1]
        out.append(entry)
        size += len(entry)
        if last and len(table) < 4096:
            table.append(last + entry[:1])
        last = entry
        width = min(12, max(9, (len(table) + early).bit_length()))
    return b"".join(out)


_FILTERS: dict[str, Callable[[bytes, int], bytes]] = {
    "/FlateDecode": _inflate,
    "/Fl": _inflate,
    "/ASCIIHexDecode": _unpack_hex,
    "/AHx": _unpack_hex,
    "/ASCII85Decode": _unpack_85,
    "/A85": _unpack_85,
    "/RunLengthDecode": _unpack_runs,
    "/RL": _unpack_runs,
    "/LZWDecode": _unpack_lzw_early,
    "/LZW": _unpack_lzw_early,
}
