"""A tagged PDF -> what a screen reader reads: (tag, text) in the order of the structure tree (ISO 32000-2 14.7, 14.8).

Text is decoded through the fonts' ToUnicode maps; a figure is its alternative text. Follows the tags alone, so a text
that is drawn but not tagged is not there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pikepdf


class _Mark(NamedTuple):
    """An open marked-content sequence: the number it belongs to, and whether an ActualText stands for its glyphs."""

    number: int | None
    replaced: bool


class Block(NamedTuple):
    """A block on a page (from 0), in the order of reading; a table has rows of cells and no text."""

    tag: str
    text: str
    page: int
    rows: tuple[tuple[str, ...], ...] = ()


BLOCKS = {"/H1", "/H2", "/H3", "/P", "/LI", "/Figure", "/Caption"}


def read_tagged(pdf: bytes, page: int | None = None) -> list[tuple[str, str]]:
    """Return (tag, text) per block, white space folded; of one page (from 0) or of all."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        texts = [_texts_by_mark(it) for it in document.pages]
        numbers = {it.objgen: number for number, it in enumerate(document.pages)}
        blocks = list(_blocks(document.Root.StructTreeRoot, texts, numbers))
    return [(tag, re.sub(r"\s+", " ", text).strip()) for tag, text, on in blocks if page is None or page in on]


def read_blocks(pdf: bytes) -> list[Block]:
    """Return the blocks of all pages, tables with their cells; white space folded, soft hyphens taken out."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        texts = [_texts_by_mark(it) for it in document.pages]
        numbers = {it.objgen: number for number, it in enumerate(document.pages)}
        return list(_blocks_and_tables(document.Root.StructTreeRoot, texts, numbers))


def _blocks_and_tables(element: Any, texts: list[dict[int, str]], numbers: Any) -> Iterator[Block]:
    for kid in _kids(element):
        if not isinstance(kid, pikepdf.Dictionary) or "/S" not in kid:
            continue
        if str(kid.S) == "/Table":
            rows = tuple(
                tuple(_read_cell(cell, texts, numbers) for cell in _kids(row)) for row in _find_all(kid, "/TR")
            )
            yield Block("Table", "", min(_pages(kid, numbers)), rows)
        elif str(kid.S) in BLOCKS:
            pieces = list(_pieces(kid, texts, numbers))
            yield Block(str(kid.S)[1:], _fold("".join(text for text, _ in pieces)), pieces[0][1] if pieces else -1)
        else:
            yield from _blocks_and_tables(kid, texts, numbers)


def _read_cell(cell: Any, texts: list[dict[int, str]], numbers: Any) -> str:
    parts = [it for it in _kids(cell) if isinstance(it, pikepdf.Dictionary) and "/S" in it]
    return _fold(" ".join("".join(text for text, _ in _pieces(it, texts, numbers)) for it in parts or [cell]))


def _find_all(element: Any, tag: str) -> Iterator[Any]:
    for kid in _kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if str(kid.S) == tag:
                yield kid
            else:
                yield from _find_all(kid, tag)


def _fold(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split())


def _blocks(element: Any, texts: list[dict[int, str]], numbers: Any) -> Iterator[tuple[str, str, set[int]]]:
    for kid in _kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if str(kid.S) in BLOCKS:
                pieces = list(_pieces(kid, texts, numbers))
                yield str(kid.S)[1:], "".join(text for text, _ in pieces), {number for _, number in pieces}
            else:
                yield from _blocks(kid, texts, numbers)


def _pieces(element: Any, texts: list[dict[int, str]], numbers: Any) -> Iterator[tuple[str, int]]:
    """Yield (text, page) of everything below an element; an alternative text stands for all that is in it."""
    own = element.get("/Pg")
    replaced = element.get("/Alt", element.get("/ActualText"))
    if replaced is not None and element.S == "/Figure":
        yield str(replaced), numbers[own.objgen] if own is not None else next(_pages(element, numbers))
        return
    for kid in _kids(element):
        if isinstance(kid, int):
            number = numbers[own.objgen]
            yield texts[number].get(kid, ""), number
        elif kid.get("/Type") == "/MCR":
            number = numbers[kid.get("/Pg", own).objgen]
            yield texts[number].get(int(kid.MCID), ""), number
        elif "/S" in kid:
            for text, number in _pieces(kid, texts, numbers):
                yield (text + " " if str(kid.S) == "/Lbl" else text), number


def _pages(element: Any, numbers: Any) -> Iterator[int]:
    for kid in _kids(element):
        if isinstance(kid, pikepdf.Dictionary):
            if "/Pg" in kid:
                yield numbers[kid.Pg.objgen]
            yield from _pages(kid, numbers)


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _texts_by_mark(page: pikepdf.Page) -> dict[int, str]:
    """Return marked-content number -> text of a page."""
    resources: Any = page.get("/Resources", {})
    fonts: Any = resources.get("/Font", {})
    maps = {name: _read_map(font) for name, font in fonts.items()}
    texts: dict[int, str] = {}
    stack: list[_Mark] = [_Mark(None, False)]
    current: dict[bytes, str] = {}
    for instruction in pikepdf.parse_content_stream(page):
        name, operands = str(instruction.operator), instruction.operands
        if name in ("BDC", "BMC"):
            properties: Any = operands[1] if name == "BDC" else pikepdf.Dictionary()
            number = int(properties["/MCID"]) if "/MCID" in properties else stack[-1].number
            actual = properties.get("/ActualText")
            if actual is not None and number is not None:
                texts[number] = texts.get(number, "") + str(actual)
            stack.append(_Mark(number, stack[-1].replaced or actual is not None))
        elif name == "EMC":
            stack.pop()
        elif name == "Tf":
            current = maps[str(operands[0])]
        elif name in ("Tj", "TJ"):
            mark = stack[-1]
            if mark.number is not None and not mark.replaced:
                texts[mark.number] = texts.get(mark.number, "") + _decode(operands[0], current)
    return texts


def _decode(shown: Any, table: dict[bytes, str]) -> str:
    strings = (
        [bytes(part) for part in shown if isinstance(part, pikepdf.String)]
        if isinstance(shown, pikepdf.Array)
        else [bytes(shown)]
    )
    return "".join(table[string[i : i + 2]] for string in strings for i in range(0, len(string), 2))


def _read_map(font: Any) -> dict[bytes, str]:
    """Read a ToUnicode CMap of two-byte codes (ISO 32000-2 9.10.3)."""
    text = font.ToUnicode.read_bytes().decode("latin-1")
    table: dict[bytes, str] = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, value in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", section):
            table[bytes.fromhex(code)] = bytes.fromhex(value).decode("utf-16-be")
    for section in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for first, last, value in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", section):
            start = bytes.fromhex(value).decode("utf-16-be")
            for offset in range(int(last, 16) - int(first, 16) + 1):
                table[(int(first, 16) + offset).to_bytes(2, "big")] = start[:-1] + chr(ord(start[-1]) + offset)
    return table
