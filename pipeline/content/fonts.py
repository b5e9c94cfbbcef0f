"""Font files -> families, and which characters they can print.

Typst reports a missing glyph only under PDF/UA-1, and only the first; so every text is checked here, against the
character maps of all files of both families.
"""

from __future__ import annotations

import io
import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.content.fields import fold_spaces
from pipeline.content.source import Source
from pipeline.errors import Finding

# Never looked up in a font: a soft hyphen that is not used, and the space.
_NOT_DRAWN = {"\u00ad", " "}


@dataclass(frozen=True)
class Face:
    """One font file: its family, its name with style, its weight (400 regular), and the characters it can draw."""

    family: str
    name: str
    weight: int
    characters: frozenset[int]


def read_faces(paths: Iterable[Path], trusted: Path) -> list[Face]:
    """Read the name and the character map of each font file, in the order given.

    Files outside the folder `trusted` are read to the end first: a damaged table can take Typst down with it.

    Raises:
        UnusableFontError: a file is no font, or damaged.
    """
    return [_read_face(path, whole=not path.is_relative_to(trusted)) for path in paths]


class UnusableFontError(Exception):
    """A font file cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(reason)


def _read_face(path: Path, whole: bool) -> Face:
    try:
        return _parse_face(path.read_bytes(), path.stem, whole)
    except (OSError, _DamagedFontError) as error:
        raise UnusableFontError(path, str(error)) from None


class _DamagedFontError(Exception):
    """The bytes are no font."""


@lru_cache(maxsize=64)  # a project that is watched is read again after each save
def _parse_face(raw: bytes, name: str, whole: bool) -> Face:
    """Read a font; `name` is that of its file, for one that does not name its family."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(io.BytesIO(raw), checkChecksums=2 * whole, lazy=True, fontNumber=0) as font:
            for table in font.reader.keys() if whole else ():
                _ = font.reader[table]  # compares the checksum
            # Only the codes count here; making up the glyphs' names spares reading them (15 ms a font).
            font.setGlyphOrder([f"glyph{number}" for number in range(font["maxp"].numGlyphs)])
            names = font["name"]
            family = names.getBestFamilyName() or name
            style = names.getBestSubFamilyName() or ""
            return Face(family, f"{family} {style}".strip(), font["OS/2"].usWeightClass, frozenset(font.getBestCmap()))
    except (
        TTLibError,
        OSError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        AssertionError,
        struct.error,
    ) as error:
        raise _DamagedFontError(str(error)) from None


def check_characters(source: Source, faces: Iterable[Face]) -> list[Finding]:
    """Return a finding for each text with a character that one of the faces cannot draw."""
    faces = list(faces)
    if not faces:
        return []
    drawable = frozenset.intersection(*(face.characters for face in faces))
    findings: list[Finding] = []
    texts = list(source.texts())
    if all(ord(c) in drawable for c in set().union(*(text for _, text in texts)) - _NOT_DRAWN):
        return findings
    for path, text in texts:
        missing = sorted({c for c in fold_spaces(text) if ord(c) not in drawable and c not in _NOT_DRAWN})
        for character in missing:
            face = next(face for face in faces if ord(character) not in face.characters)
            name = unicodedata.name(character, "no name")
            message = f"no glyph for '{character}' (U+{ord(character):04X}, {name}) in {face.name}"
            findings.append(source.finding(path, message, "use another character, or a font that has it"))
    return findings
