"""The bytes of a content stream -> its instructions, one after the other, each with its place in the bytes.

ISO 32000-2 7.2 and 7.3 (tokens), 7.8.2 (operands before their operator), 8.9.7 (inline images). Nothing is kept: a
stream of a million operators takes no more memory than a short one. Most instructions are numbers and an operator, so
one regular expression reads such an instruction whole; its repeats are possessive, so none goes back and tries again.

Operands are plain values: numbers as float, names as text with their slash, strings as the token with its brackets
(see `decode_string`), arrays as lists, dictionaries as dicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MAX_OPERANDS = 100_000  # of one instruction, those in arrays counted
MAX_NESTING = 32  # arrays and dictionaries in each other

_WHITE = rb"\0\t\n\f\r "
_REGULAR = rb"[^\0\t\n\f\r ()<>\[\]{}/%]"
_NUMBER = rb"[-+]?+(?:\d++\.?+\d*+|\.\d++)"
_END = rb"(?=[\0\t\n\f\r ()<>\[\]{}/%]|\Z)"
_WHOLE = re.compile(
    rb"[%b]*+(?:(/%b*+)[%b]*+)?+((?:%b[%b]++){0,64}+)([A-Za-z'\"][A-Za-z0-9*]*+)%b"
    % (_WHITE, _REGULAR, _WHITE, _NUMBER, _WHITE, _END)
)
_TOKEN = re.compile(
    rb"(?:[%b]++|%%[^\r\n]*+)*+(?:(%b)%b|(\((?:[^()\\]++|\\.)*+\))|(/%b*+)|(<[0-9A-Fa-f%b]*+>)|(<<|>>|[][{}()<>])|(%b++))"
    % (_WHITE, _NUMBER, _END, _REGULAR, _WHITE, _REGULAR),
    re.S,
)
_LITERAL_STRING = rb"\((?:[^()\\]++|\\.)*+\)"
_SHOWN = re.compile(
    rb"[%b]*+(?:(%b)|\[((?:[^()<>\[\]\\/%%A-Za-z]++|%b)*+)\])[%b]*+(T[jJ])%b"
    % (_WHITE, _LITERAL_STRING, _LITERAL_STRING, _WHITE, _END),
    re.S,
)
_ITEM = re.compile(rb"%b|[-+.0-9]+" % _LITERAL_STRING, re.S)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.S)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_HASH = re.compile(rb"#([0-9A-Fa-f]{2})")
_AFTER_IMAGE = re.compile(rb"[%b]EI%b" % (_WHITE, _END))
_WORDS = {b"true": True, b"false": False, b"null": None}


class BrokenStreamError(Exception):
    """A content stream that is none; says what is wrong with it."""


Instruction = tuple[bytes, list[Any], int, int]
"""An operator with its operands, and where both begin and end in the bytes.

An inline image is one instruction `BI`: its dictionary, and where its samples begin and end.
"""
_BRACE = ord("(")


def read_instructions(data: bytes) -> Iterator[Instruction]:
    """Yield the instructions of a content stream.

    Raises:
        BrokenStreamError: brackets that do not match, or more operands than any operator takes.
    """
    match, place, length = _WHOLE.match, 0, len(data)
    while place < length:
        found = match(data, place)
        if found is not None:
            name, numbers, operator = found.groups()
            end = found.end()
            if operator not in _WORDS and operator != b"BI":
                operands: list[Any] = [*map(float, numbers.split())] if numbers else []
                if name is not None:
                    operands.insert(0, _read_name(name))
                yield operator, operands, place, end
                place = end
                continue
        elif (shown := _SHOWN.match(data, place)) is not None:
            token, items, operator = shown.groups()
            end = shown.end()
            yield operator, [token or [it if it[0] == _BRACE else float(it) for it in _ITEM.findall(items)]], place, end
            place = end
            continue
        slow = _Reader(data, place).read()
        if slow is None:
            return
        yield slow
        place = slow[3]


class _Reader:
    """Reads one instruction of any kind, token by token."""

    def __init__(self, data: bytes, place: int) -> None:
        self.data, self.start, self.place = data, place, place
        self.count = 0

    def read(self) -> Instruction | None:
        """Return the instruction; None at the end of the bytes."""
        operands: list[Any] = []
        while (token := self._next()) is not None:
            kind, text = token
            if kind == _OPERATOR and text not in _WORDS:
                if text == b"BI":
                    operands = self._read_image()
                return text, operands, self.start, self.place
            operands.append(self._value(kind, text, 0))
        return None

    def _next(self) -> tuple[int, bytes] | None:
        found = _TOKEN.match(self.data, self.place)
        if found is None:
            return None
        self.place = found.end()
        self.count += 1
        if self.count > MAX_OPERANDS:
            raise BrokenStreamError(f"an instruction of more than {MAX_OPERANDS} operands")
        kind = found.lastindex or 0
        return kind, found[kind]

    def _value(self, kind: int, text: bytes, depth: int) -> Any:
        if depth > MAX_NESTING:
            raise BrokenStreamError("brackets nested too deep")
        if kind == _FIGURE:
            return float(text)
        if kind in (_LITERAL, _HEX):
            return text
        if kind == _NAME:
            return _read_name(text)
        if kind == _OPERATOR:
            return _WORDS.get(text)
        if text == b"(":
            return self._read_nested()
        if text in (b"[", b"<<"):
            items = self._read_until(b"]" if text == b"[" else b">>", depth)
            return items if text == b"[" else dict(zip(map(str, items[::2]), items[1::2], strict=False))
        raise BrokenStreamError("brackets that do not match")

    def _read_until(self, closing: bytes, depth: int) -> list[Any]:
        items: list[Any] = []
        while (token := self._next()) is not None:
            if token == (_BRACKET, closing):
                return items
            items.append(self._value(*token, depth + 1))
        raise BrokenStreamError("a bracket that is not closed")

    def _read_nested(self) -> bytes:
        """Return a string with brackets in it, from behind its first one."""
        begin, depth = self.place - 1, 1
        for found in re.compile(rb"\\.|[()]", re.S).finditer(self.data, self.place):
            depth += {b"(": 1, b")": -1}.get(found[0], 0)
            if not depth:
                self.place = found.end()
                return self.data[begin : self.place]
        raise BrokenStreamError("a string that is not closed")

    def _read_image(self) -> list[Any]:
        """Return the dictionary of an inline image, and the place of its samples."""
        items: list[Any] = []
        while (token := self._next()) is not None and token != (_OPERATOR, b"ID"):
            items.append(self._value(*token, 0))
        keys = dict(zip(map(str, items[::2]), items[1::2], strict=False))
        begin = self.place + 1  # one blank stands behind ID
        end = _find_end(self.data, begin, keys)
        self.place = end + 3
        return [keys, begin, end]


_FIGURE, _LITERAL, _NAME, _HEX, _BRACKET, _OPERATOR = range(1, 7)


def _find_end(data: bytes, begin: int, keys: dict[str, Any]) -> int:
    """Return where the samples of an inline image end: `EI` between blanks, with text behind it that may be a stream's.

    Samples may hold these bytes too, so a length that the image states, or that follows from its size, is believed.
    """
    stated = keys.get("/L", keys.get("/Length"))
    first = begin + int(stated) if isinstance(stated, float) else begin
    for found in _AFTER_IMAGE.finditer(data, min(first, len(data))):
        behind = data[found.end() : found.end() + 12]
        if all(32 <= byte < 127 or byte in b"\t\n\f\r\0" for byte in behind):
            return found.start()
    raise BrokenStreamError("an inline image that does not end")


def _read_name(token: bytes) -> str:
    if b"#" in token:
        token = _HASH.sub(lambda found: bytes.fromhex(found[1].decode()), token)
    return token.decode("utf-8", "replace")


def decode_string(token: bytes) -> bytes:
    """Return the bytes of a string token: `(...)` or `<...>` (ISO 32000-2 7.3.4)."""
    if token.startswith(b"<"):
        digits = b"".join(token[1:-1].replace(b"\0", b"").split())
        return bytes.fromhex((digits + b"0" if len(digits) % 2 else digits).decode())
    inner = token[1:-1]
    if b"\\" not in inner:
        return inner
    return _ESCAPE.sub(_unescape, inner)


def _unescape(found: re.Match[bytes]) -> bytes:
    code = found[1]
    if code[0] in b"01234567":
        return bytes([int(code, 8) & 255])
    return _PLAIN.get(code, code)


def count_bytes(token: bytes) -> int:
    """Return how many bytes a string token holds, faster than by decoding it; give or take a line end in it."""
    if token.startswith(b"<"):
        return (len(b"".join(token[1:-1].split())) + 1) // 2
    inner = token[1:-1]
    return len(_ESCAPE.sub(b".", inner)) if b"\\" in inner else len(inner)
