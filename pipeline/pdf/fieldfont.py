"""The font of form fields: its table as values, texts measured with it, and the font as an object of a PDF.

A simple TrueType font, embedded whole: programs that fill in forms write one byte a letter, and letters that nobody has
typed yet (ISO 32000-2 9.6.3, 9.6.5). Lengths in points at the size that is named.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.resources import PACKAGED

_FOLDER = PACKAGED / "assets/field-font"
_NONSYMBOLIC = 32  # flag of the descriptor: its letters stand in the encoding, not in the font
_BLOCK = 100  # entries that one block of a character map may have (Adobe technical note 5014)


@dataclass(frozen=True)
class FieldFont:
    """What `assets/field-font/make.py` says of the font; lengths in thousandths of the type size.

    Attributes:
        codes: letter -> code.
        differences: code -> name of the letter, where code page 1252 has none.
        widths: code -> width.
        bbox: what holds every letter.
        mean_width: of a letter of running Dutch.
        spread: how far the widths of its letters lie from that (standard deviation).
        program: bytes of the font file.
    """

    name: str
    codes: Mapping[str, int]
    differences: Mapping[int, str]
    widths: Mapping[int, int]
    bbox: tuple[int, ...]
    ascent: int
    descent: int
    cap_height: int
    stem: int
    mean_width: int
    spread: int
    program: bytes

    def missing(self, text: str) -> tuple[str, ...]:
        """Return the letters of a text that the font lacks, each once, in order."""
        return tuple(dict.fromkeys(letter for letter in text if letter not in self.codes))

    def encode(self, text: str) -> bytes:
        """Return the codes of a text, each letter of which the font has."""
        return bytes(self.codes[letter] for letter in text)

    def measure(self, text: str, size: float) -> float:
        """Return the width of a line, each letter of which the font has."""
        return sum(self.widths[self.codes[letter]] for letter in text) * size / 1000

    def wrap(self, text: str, size: float, width: float) -> list[str]:
        """Return the lines of a text, broken at spaces, and inside a word that is wider than a line."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            line: str | None = None
            for word in paragraph.split(" "):
                longer = word if line is None else f"{line} {word}"
                if line is not None and self.measure(longer, size) > width:
                    lines.append(line)
                    longer = word
                if self.measure(longer, size) > width:
                    *full, longer = self._break(longer, size, width)
                    lines += full
                line = longer
            lines.append(line or "")
        return lines

    def _break(self, word: str, size: float, width: float) -> list[str]:
        pieces, taken = [""], 0.0
        for letter in word:
            taken += self.measure(letter, size)
            if pieces[-1] and taken > width:
                pieces.append("")
                taken = self.measure(letter, size)
            pieces[-1] += letter
        return pieces

    @cached_property
    def to_unicode(self) -> bytes:
        """The character map from codes to Unicode, for copying and for screen readers (ISO 32000-2 9.10.3)."""
        entries = [
            f"<{code:02X}> <{letter.encode('utf-16-be').hex().upper()}>" for letter, code in sorted(self.codes.items())
        ]
        blocks = [entries[start : start + _BLOCK] for start in range(0, len(entries), _BLOCK)]
        lines = [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            f"/CMapName /{self.name}-UCS def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<00> <FF>",
            "endcodespacerange",
        ]
        for block in blocks:
            lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
        lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
        return "\n".join(lines).encode("ascii")


@lru_cache(maxsize=1)
def load_field_font() -> FieldFont:
    """Read the font and its table from the package; once per process."""
    table = json.loads((_FOLDER / "FieldSans.json").read_text("utf-8"))
    return FieldFont(
        name=table["name"],
        codes={letter: int(code) for code, letter in table["encoding"].items()},
        differences={int(code): name for code, name in table["differences"].items()},
        widths={int(code): width for code, width in table["widths"].items()},
        bbox=tuple(table["bbox"]),
        program=(_FOLDER / "FieldSans.ttf").read_bytes(),
        **{key: table[key] for key in ("ascent", "descent", "cap_height", "stem", "mean_width", "spread")},
    )


def embed_font(document: pikepdf.Pdf, font: FieldFont) -> Any:
    """Add the font to a document, and return its object."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(f"/{font.name}"),
        Flags=_NONSYMBOLIC,
        FontBBox=Array(font.bbox),
        ItalicAngle=0,
        Ascent=font.ascent,
        Descent=font.descent,
        CapHeight=font.cap_height,
        StemV=font.stem,
        FontFile2=document.make_stream(font.program, Length1=len(font.program)),
    )
    differences = Array()
    for code, name in sorted(font.differences.items()):
        differences.append(code)
        differences.append(Name(f"/{name}"))
    first, last = min(font.widths), max(font.widths)
    return document.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name(f"/{font.name}"),
            FirstChar=first,
            LastChar=last,
            Widths=Array([font.widths.get(code, 0) for code in range(first, last + 1)]),
            FontDescriptor=document.make_indirect(descriptor),
            Encoding=Dictionary(Type=Name.Encoding, BaseEncoding=Name.WinAnsiEncoding, Differences=differences),
            ToUnicode=document.make_stream(font.to_unicode),
        )
    )
