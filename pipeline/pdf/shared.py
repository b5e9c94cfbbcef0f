"""What all content streams of one page share while they are walked: the bounds, fonts by object, what was found.

Every walk ends: a stream inside itself is not entered again, and all instructions of a page count, those of a form each
time it is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pikepdf

from pipeline.pdf.colours import MAX_DEPTH, read_space
from pipeline.pdf.graphics import State, multiply, read_matrix
from pipeline.pdf.lexer import decode_string
from pipeline.pdf.marks import Collector, Painted
from pipeline.pdf.unpack import MAX_STREAM, TooLargeError, read_content
from pipeline.units import Rect

# Bounds against broken and hostile files; a dense poster stays a hundred times below them.
MAX_STEPS = 500_000  # instructions on one page
STEPS_OF_FORM = 20  # what drawing one costs, told in instructions


@dataclass(frozen=True)
class Font:
    """A font as text needs it: `wide`: codes of two bytes; `direct`: which are numbers of glyphs."""

    raw: Any
    name: str
    wide: bool
    direct: bool
    drawn: bool


@dataclass(frozen=True)
class Frame:
    """What a content stream begins with.

    Attributes:
        resources: where it finds what it names.
        state: what its first instruction meets; the stream may change it.
        depth: how many streams it is in.
        drawn: it sets its own colours; else those of the state stay (uncoloured patterns).
    """

    resources: Any
    state: State
    depth: int
    drawn: bool


class Walk:
    """What is shared by all streams of one page: the bounds, what was found, and which is `current`."""

    def __init__(self, collector: Collector, media: Rect, interpret: Interpret) -> None:
        self.collector, self.media, self.interpret = collector, media, interpret
        self.fonts: dict[Any, Any] = {}
        self.known: dict[Any, Font] = {}
        self.missing_glyphs = 0
        self.circular = False
        self.groups: set[str] = set()
        self.inside: list[Any] = []
        self.current: Any = None
        self.once: set[Any] = set()
        self.contents: dict[Any, bytes] = {}
        self.steps, self.room = 0, 2 * MAX_STREAM

    @property
    def result(self) -> Painted:
        """What was found."""
        marks, images = self.collector.marks, self.collector.images
        fonts, groups = tuple(self.fonts.values()), frozenset(self.groups)
        return Painted(marks, images, fonts, self.missing_glyphs, groups, self.circular)

    def spend(self, steps: int) -> None:
        """Count instructions."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise TooLargeError(f"a page of more than {MAX_STEPS} drawing instructions")

    def run(self, content: Any, resources: Any, state: State, depth: int, drawn: bool = True) -> None:
        """Interpret a stream, or the streams of a page; one in itself is left out. `drawn` as in `Frame`."""
        key = identify(content)
        self.circular |= key in self.inside
        if depth > MAX_DEPTH or key in self.inside or content is None:
            return
        self.spend(STEPS_OF_FORM)
        if key not in self.contents:
            self.contents[key] = read_content(content, min(MAX_STREAM, self.room))
            self.room -= len(self.contents[key])
        self.inside.append(key)
        self.interpret(self, self.contents[key], Frame(resources, state, depth, drawn))
        self.inside.pop()

    def enter(self, stream: Any, resources: Any, state: State, depth: int, drawn: bool = True) -> None:
        """Interpret a form or a pattern: with its own matrix and resources."""
        group = stream.get("/Group")
        if isinstance(group, pikepdf.Dictionary):
            self.note_group(group, resources)
        if "/Matrix" in stream:
            state.matrix = multiply(read_matrix(stream["/Matrix"]), state.matrix)
        self.run(stream, stream.get("/Resources", resources), state, depth + 1, drawn)

    def enters_once(self, it: Any) -> bool:
        """Say whether a mask or font has not been gone into on this page."""
        key = identify(it)
        self.circular |= key in self.inside
        new = key not in self.once
        self.once.add(key)
        return new

    def note_group(self, group: Any, resources: Any) -> None:
        """Keep the colour space that a transparency group names."""
        if "/CS" in group:
            self.groups.add(read_space(group["/CS"], resources).name)

    def read_font(self, raw: Any) -> Font | None:
        """Return a font, known by its object."""
        if raw is None:
            return None
        key = identify(raw)
        if key not in self.known:
            kind = raw.get("/Subtype")
            direct = kind == "/Type0" and raw.get("/Encoding") == "/Identity-H"
            name = str(raw.get("/BaseFont", "/unnamed"))[1:]
            self.known[key] = Font(raw, name, kind == "/Type0", direct, kind == "/Type3")
        return self.known[key]


Interpret = Callable[[Walk, bytes, Frame], None]


def identify(obj: Any) -> Any:
    """Return what tells an object from others of the file."""
    return obj.objgen if isinstance(obj, pikepdf.Object) and obj.objgen != (0, 0) else id(obj)


def count_missing(token: bytes) -> int:
    """Count glyph 0 in a string of two-byte codes that are glyph numbers."""
    if not _ZEROS.search(token):  # most strings; decoding them takes longer than all else
        return 0
    string = decode_string(token)
    return sum(not any(string[i : i + 2]) for i in range(0, len(string) - 1, 2))


_ZEROS = re.compile(rb"(?:\\000|\\0{1,2}(?![0-7])|\0){2}|^<")
