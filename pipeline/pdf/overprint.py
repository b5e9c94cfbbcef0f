"""Small black text and thin black lines of a page overprint what lies below them (ISO 32000-2 8.6.7).

Typst cannot say so, and black that is knocked out of a colour gets white edges where plates are a hair apart. So an
ExtGState is set before such a mark, and taken back before anything else is painted. Only full black ink alone
overprints: with OPM 1 it leaves the other inks as they are. White never does, it would vanish; nor do large areas,
through which one would see what lies below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from pipeline.pdf.colours import CMYK, Ink, Paint
from pipeline.pdf.graphics import How, State, read_box
from pipeline.pdf.marks import FULL
from pipeline.pdf.shared import Frame, Walk, identify
from pipeline.pdf.walk import interpret
from pipeline.units import Rect

ON, OFF = "DwOn", "DwOff"  # names of the two states in the resources


@dataclass(frozen=True)
class Small:
    """Below how many points black overprints: text by its size, lines by their width."""

    text: float = 12.0
    line: float = 2.0


def overprint_black(document: pikepdf.Pdf, page: pikepdf.Page, small: Small, forms: bool = True) -> int:
    """Let small black text and thin black lines overprint, in place.

    A line is a stroke, or a filled rectangle that is long for its width; the modules of a QR code are neither.
    `forms`: also within form XObjects and patterns; False where they are finished pages. A stream that is drawn more
    than once is judged as it is drawn first.

    Returns:
        How many places of the content were changed; 0: nothing was to be done.
    """
    recorder = _Recorder(small)
    media = read_box(page.mediabox, 1.0)

    def follow(walk: Walk, data: bytes, frame: Frame) -> None:
        if walk.current is not None:  # what it is drawn in leaves overprint off, so it is off wherever this is drawn
            recorder.leave(frame)
        if forms or walk.current is None:
            recorder.follow(walk, data, frame)

    walk = Walk(recorder, media, follow)  # type: ignore[arg-type] # it gathers edits instead of marks
    recorder.walk = walk
    contents = page.obj.get("/Contents")
    if "/Resources" not in page.obj:
        page.obj.Resources = Dictionary()
    resources = page.obj.Resources
    walk.run(contents, resources, State(), 0)
    for key, edits in recorder.edits.items():
        if edits.changes:
            _write(document, page, edits, is_page=key == identify(contents))
    return sum(len(edits.changes) for edits in recorder.edits.values())


class _Edits:
    """What is to be put into one stream: place in its bytes -> whether black overprints from there on."""

    def __init__(self, key: Any, data: bytes, resources: Any) -> None:
        self.key, self.data, self.resources = key, data, resources
        self.changes: list[tuple[int, bool]] = []


class _Recorder:
    """Takes the marks of a page as the walk meets them, and notes where overprint has to change."""

    walk: Walk

    def __init__(self, small: Small) -> None:
        self.small = small
        self.edits: dict[Any, _Edits] = {}
        self.open: list[_Edits | None] = []

    def follow(self, walk: Walk, data: bytes, frame: Frame) -> None:
        """Interpret a stream; one that is drawn again is only followed."""
        key = walk.inside[-1]
        self.open.append(None if key in self.edits else self.edits.setdefault(key, _Edits(key, data, frame.resources)))
        interpret(walk, data, frame)
        self.open.pop()

    def leave(self, frame: Frame) -> None:
        """Let nothing overprint in a stream that is drawn next, but for what it says itself."""
        self._change(False, frame.state.fills)
        frame.state.__dict__[_NOTED] = (False, frame.state.fills)

    def add(self, paint: Paint, ink: Ink, box: Rect, size: float | None, how: How) -> None:
        """Note one mark."""
        black = ink.space == CMYK and len(ink.values) == 4 and ink.values[3] >= FULL and not any(ink.values[:3])
        most = self.small.text if paint == "text" else self.small.line
        wanted = black and paint in ("text", "fill", "stroke") and size is not None and size < most
        self._change(wanted, how.overprints)

    def add_image(self, image: Any) -> None:
        """Pass over an image: it came as a mark, too."""

    def _change(self, wanted: bool, overprints: bool) -> None:
        """Change what is in force, where it is not what is wanted.

        The graphics state carries what was noted, so `q` and `Q` keep it; where the page itself says something else
        after that, this is what is in force.
        """
        state, edits = self.walk.current.state, self.open[-1]
        noted, before = state.__dict__.get(_NOTED, (overprints, overprints))
        if (noted if before == overprints else overprints) == wanted:
            return
        state.__dict__[_NOTED] = (wanted, overprints)
        if edits is not None:
            edits.changes.append((self.walk.current.place, wanted))


_NOTED = "noted"  # in the graphics state: (what was put into the stream, what the stream said then)


def _write(document: pikepdf.Pdf, page: pikepdf.Page, edits: _Edits, is_page: bool) -> None:
    parts, begin = [], 0
    for place, wanted in edits.changes:
        parts += [edits.data[begin:place], f"\n/{ON if wanted else OFF} gs ".encode()]
        begin = place
    data = b"".join([*parts, edits.data[begin:]])
    if "/ExtGState" not in edits.resources:
        edits.resources.ExtGState = Dictionary()
    for name, value in ((ON, True), (OFF, False)):
        edits.resources.ExtGState[f"/{name}"] = Dictionary(Type=Name.ExtGState, OP=value, op=value, OPM=int(value))
    if is_page:
        page.obj.Contents = document.make_stream(data)
    else:
        document.get_object(edits.key).write(data)
