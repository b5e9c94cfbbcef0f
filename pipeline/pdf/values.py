"""The value of a field, however a program wrote it -> text (ISO 32000-2 7.9.2.2, 12.7.5)."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pikepdf import Array, Name, Stream, String

VALUE_MOST = 100_000  # characters; what fits in the largest box of a form is a few thousand
TEXT_MOST = 2_000_000  # characters of all fields together
STREAM_MOST = 50_000_000  # bytes a stream of objects may unpack to

_BOMS = ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"), (b"\xef\xbb\xbf", "utf-8"))
# Not tab and the ends of lines, of which a text pasted from Word has vertical tabs. A lost byte makes the others.
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_ESCAPE = "\x1b"  # around a language code in a UTF-16 string


class TooMuchError(Exception):
    """There is more of something than any form has; says what, and how much is allowed."""


class UnreadableError(Exception):
    """A value that is not text; says what is wrong with it."""


@dataclass
class Ration:
    """How much text is still read of a file."""

    left: int = TEXT_MOST

    def take(self, count: int) -> None:
        """Take so many characters.

        Raises:
            TooMuchError: there are not so many left.
        """
        if count > VALUE_MOST:
            raise TooMuchError(f"a text of {count} characters, at most {VALUE_MOST} are read")
        self.left -= count
        if self.left < 0:
            raise TooMuchError(f"more than {TEXT_MOST} characters")


def read_values(value: Any, ration: Ration, button: bool) -> list[str]:
    """Return the texts of an entry /V or /DV: one, none, or those of an array.

    Args:
        value: what stands there.
        ration: what may still be read.
        button: it names a state: so `/1`, "/1" and "1" are the same, and Off is the empty text.

    Raises:
        UnreadableError: it is no text.
    """
    if value is None:
        return []
    if isinstance(value, Array):
        if len(value) > 1000:
            raise TooMuchError(f"{len(value)} values in one field, at most 1000 are read")
        return [_read_scalar(it, ration, button) for it in value]
    return [_read_scalar(value, ration, button)]


def _read_scalar(value: Any, ration: Ration, button: bool) -> str:
    if isinstance(value, String):
        text = read_text(bytes(value), ration)
    elif isinstance(value, Name):
        text = read_name(value)
        ration.take(len(text))
    elif isinstance(value, Stream):
        text = read_text(_read_stream(value), ration)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        text = str(value)
    else:
        raise UnreadableError("its value is no text")
    if button:
        text = text.removeprefix("/")
        return "" if text == "Off" else text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_name(value: Any) -> str:
    """Return a name without its slash; the empty text where it is none."""
    return str(value)[1:] if isinstance(value, Name) else ""


def read_text(raw: bytes, ration: Ration) -> str:
    """Decode a text string: UTF-16 of either order and UTF-8 where they say so, else PDFDocEncoding.

    Raises:
        UnreadableError: the bytes are none of these.
    """
    if len(raw) > 4 * VALUE_MOST:
        ration.take(len(raw))
    try:
        for mark, encoding in _BOMS:
            if raw.startswith(mark):
                text = _drop_language(raw[len(mark) :].decode(encoding))
                break
        else:
            text = raw.decode("pdfdoc")
    except UnicodeDecodeError:
        raise UnreadableError("its text cannot be decoded") from None
    text = text.rstrip("\0")  # a program in C may write the end of its string
    if _CONTROL.search(text):
        raise UnreadableError("its text holds characters that nobody can type")
    ration.take(len(text))
    return text


def _drop_language(text: str) -> str:
    """Leave out language codes: ESC, two or four letters, ESC (ISO 32000-2 7.9.2.2.1)."""
    parts = text.split(_ESCAPE)
    return "".join(parts[::2]) if len(parts) % 2 else text


def _read_stream(stream: Any) -> bytes:
    if is_deflated(stream) and "/DecodeParms" not in stream:
        try:
            return inflate(stream.read_raw_bytes())
        except zlib.error:
            raise UnreadableError("its value cannot be unpacked") from None
    return bytes(stream.read_bytes())


def is_deflated(stream: Any) -> bool:
    """Say whether a stream is packed by zlib and nothing else."""
    packing = stream.get("/Filter")
    if isinstance(packing, Array) and len(packing) == 1:
        packing = packing[0]
    return bool(packing == Name.FlateDecode)


def inflate(packed: bytes) -> bytes:
    """Unpack a zlib stream; unlike qpdf, compare its checksum.

    Raises:
        TooMuchError: it holds more than any form.
        UnreadableError: it breaks off.
        zlib.error: it is damaged.
    """
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(packed, STREAM_MOST)
    if unpacker.unconsumed_tail:
        raise TooMuchError(f"a stream of more than {STREAM_MOST // 1_000_000} MB")
    if not unpacker.eof:
        raise UnreadableError("its value cannot be unpacked")
    return data
