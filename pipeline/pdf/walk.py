"""Content streams -> every mark on a page: the one interpreter (ISO 32000-2 8, 9), for colours, sizes, images, places.

It follows form XObjects, tiling patterns, shadings, soft masks, Type 3 glyphs and inline images. A page that paints
without having set a colour paints in DeviceGray black: that is what the standard says, so that is what is reported.
Clipping and optional content are not followed: what may be seen counts as seen. The rest of an interpreter, drawing, is
PDFium's.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pikepdf

from pipeline.pdf.colours import CMYK, GRAY, RGB, Ink, Paint, read_space
from pipeline.pdf.graphics import (
    IDENTITY,
    Matrix,
    Settings,
    State,
    measure_lines,
    measure_path,
    multiply,
    place_box,
    read_matrix,
    read_settings,
    scale_least,
)
from pipeline.pdf.images import name_keys, use_image
from pipeline.pdf.lexer import count_bytes, read_instructions
from pipeline.pdf.shared import MAX_STEPS, STEPS_OF_FORM, Frame, Walk, count_missing, identify
from pipeline.pdf.unpack import TooLargeError
from pipeline.units import Rect

MAX_STATES = 512  # saved by `q` at one time

_HALF_EM, _ABOVE, _BELOW = 0.5, 0.75, 0.2  # of text: a letter's mean width, its height and depth, in ems


def interpret(walk: Walk, data: bytes, frame: Frame) -> None:
    """Follow a content stream; while that lasts, it is what `Walk.current` looks at."""
    outer, walk.current = walk.current, _Stream(walk, frame)
    walk.current.interpret(data)
    walk.current = outer


class _Stream:
    """One content stream while it is interpreted."""

    def __init__(self, walk: Walk, frame: Frame) -> None:
        self.walk, self.resources, self.state = walk, frame.resources, frame.state
        self.depth, self.drawn = frame.depth, frame.drawn
        self.base = frame.state.matrix
        self.stack: list[State] = []
        self.found: dict[tuple[str, str], Any] = {}
        self.path: list[list[float]] = []
        self.bent: set[int] = set()
        self.text: Matrix = IDENTITY
        self.line: Matrix = IDENTITY

    def interpret(self, data: bytes) -> None:
        """Follow every instruction."""
        walk, part = self.walk, list[float]()
        for operator, operands, _, _ in read_instructions(data):
            walk.steps += 1
            if walk.steps > MAX_STEPS:
                walk.spend(0)
            if operator == b"l":
                part += operands
            elif operator == b"m":
                part = operands
                self.path.append(part)
            elif operator in (b"c", b"v", b"y"):
                part += operands
                self.bent.add(len(self.path))
            else:
                handler = _HANDLERS.get(operator)
                if handler is not None:
                    handler(self, operands)

    def look_up(self, kind: str, name: Any) -> Any:
        """Return a resource by its name; None where there is none."""
        key = (kind, name)
        if key not in self.found:
            self.found[key] = self.resources.get(kind, {}).get(name)
        return self.found[key]

    # -------------------------------------------------------------------------------- state

    def save(self, _: list[Any]) -> None:
        """Operator q; deeper than anybody goes, no further state is kept."""
        if len(self.stack) >= MAX_STATES:
            raise TooLargeError(f"a page that saves more than {MAX_STATES} states in each other")
        self.stack.append(self.state)
        self.state = self.state.clone()

    def restore(self, _: list[Any]) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def move(self, operands: list[Any]) -> None:
        self.state.matrix = multiply(read_matrix(operands), self.state.matrix)

    def set_device(self, ink: Ink, strokes: bool) -> None:
        if not self.drawn:
            return
        if strokes:
            self.state.stroke = ink
        else:
            self.state.fill = ink

    def set_space(self, operands: list[Any], strokes: bool) -> None:
        space = read_space(operands[0], self.resources)
        self.set_device(Ink(space, space.initial), strokes)

    def set_colour(self, operands: list[Any], strokes: bool) -> None:
        ink = self.state.stroke if strokes else self.state.fill
        name = operands[-1] if operands and isinstance(operands[-1], str) else None
        values = tuple(map(float, operands if name is None else operands[:-1]))
        pattern = None if name is None else self.look_up("/Pattern", name)
        self.set_device(Ink(ink.space, values, pattern), strokes)

    def set_settings(self, operands: list[Any]) -> None:
        raw = self.look_up("/ExtGState", operands[0])
        if raw is None:
            return
        settings = raw if isinstance(raw, Settings) else read_settings(raw)
        self.found["/ExtGState", operands[0]] = settings
        self.state.apply(settings)
        if isinstance(settings.font, pikepdf.Array):
            self.state.font = self.walk.read_font(settings.font[0])
            self.state.size = float(settings.font[1])
        mask = settings.mask
        if isinstance(mask, pikepdf.Dictionary) and "/G" in mask and self.walk.enters_once(mask.G):
            inner = State(matrix=self.state.matrix, at=self.walk.media, masking=True)
            self.walk.enter(mask.G, self.resources, inner, self.depth)

    # -------------------------------------------------------------------------------- painting

    def add_rectangle(self, operands: list[Any]) -> None:
        x, y, width, height = operands
        self.path.append([x, y, x + width, y, x + width, y + height, x, y + height])

    def end_path(self, _: list[Any]) -> None:
        self.path, self.bent = [], set()

    def paint(self, fills: bool, strokes: bool) -> None:
        """Fill the path, stroke it, or both; a line that is filled and stroked is as wide as both: it has no size."""
        state = self.state
        box, sides = measure_path(self.path, self.bent)
        self.path, self.bent = [], set()
        if box is None:
            return
        placed = place_box(state.matrix, box)
        if fills:
            self.add("fill", placed, None if strokes else measure_lines(sides, state.matrix), False)
        if strokes:
            width = state.width * scale_least(state.matrix)
            self.add("stroke", placed.inset(-width / 2), width, True)

    def add(self, paint: Paint, box: Rect, size: float | None, strokes: bool, font: str = "") -> None:
        """Add a mark in the colour for filling or for stroking, or all that its pattern holds."""
        state = self.state
        ink = state.stroke if strokes else state.fill
        box = state.at or box
        pattern = ink.pattern
        if pattern is None:
            self.walk.collector.add(paint, ink, box, size, state.describe(strokes, font))
        elif "/Shading" in pattern:
            self.add_shading(pattern.Shading, box)
        elif isinstance(pattern, pikepdf.Stream):
            inner = State(matrix=self.base, at=box, masking=state.masking)
            drawn = int(pattern.get("/PaintType", 1)) == 1
            if not drawn:
                inner.fill = inner.stroke = Ink(ink.space, ink.values)
            self.walk.enter(pattern, self.resources, inner, self.depth, drawn)

    def add_shading(self, shading: Any, box: Rect) -> None:
        space = read_space(shading.get("/ColorSpace"), self.resources)
        self.walk.collector.add("shading", Ink(space, ()), box, None, self.state.describe(False))

    def shade(self, operands: list[Any]) -> None:
        shading = self.look_up("/Shading", operands[0])
        if shading is not None:
            self.add_shading(shading, self.state.at or self.walk.media)

    def draw(self, operands: list[Any]) -> None:
        """Operator Do."""
        xobject = self.look_up("/XObject", operands[0])
        if xobject is None:
            return
        if xobject.get("/Subtype") == "/Image":
            self.draw_image(xobject)
        else:
            self.walk.enter(xobject, self.resources, self.state.clone(), self.depth)

    def draw_inline(self, operands: list[Any]) -> None:
        """Operators BI, ID and EI."""
        self.draw_image(name_keys(operands[0]))

    def draw_image(self, image: Any) -> None:
        state, walk = self.state, self.walk
        walk.spend(STEPS_OF_FORM)
        box = state.at or place_box(state.matrix, (0.0, 0.0, 1.0, 1.0))
        space = None
        if image.get("/ImageMask", False):
            self.add("image", box, None, False)
        else:
            space = read_space(image.get("/ColorSpace"), self.resources)
            walk.collector.add("image", Ink(space, ()), box, None, state.describe(False))
        use = None if state.masking else use_image(image, space.name if space else "", state, box)
        if use:
            walk.collector.add_image(use)

    # -------------------------------------------------------------------------------- text

    def begin_text(self, _: list[Any]) -> None:
        self.text = self.line = IDENTITY

    def set_text(self, operands: list[Any]) -> None:
        self.text = self.line = read_matrix(operands)

    def set_font(self, operands: list[Any]) -> None:
        self.state.font = self.walk.read_font(self.look_up("/Font", operands[0]))
        self.state.size = operands[1]

    def next_line(self, x: float, y: float) -> None:
        self.text = self.line = multiply((1.0, 0.0, 0.0, 1.0, x, y), self.line)

    def lead(self, operands: list[Any]) -> None:
        """Operator TD."""
        self.state.leading = -operands[1]
        self.next_line(operands[0], operands[1])

    def show_next(self, operands: list[Any]) -> None:
        """Operators ' and "."""
        if len(operands) == 3:
            self.state.letters = operands[1]
        self.next_line(0.0, -self.state.leading)
        self.show(operands)

    def show(self, operands: list[Any]) -> None:
        """Operators Tj and TJ: the line that the text takes, and its size across it."""
        state, font, shown = self.state, self.state.font, operands[-1]
        pieces = shown if isinstance(shown, list) else [shown]
        strings = [piece for piece in pieces if isinstance(piece, bytes)]
        count = sum(map(count_bytes, strings))
        if font is not None:
            self.walk.fonts.setdefault(identify(font.raw), font.raw)
            if font.direct:
                self.walk.missing_glyphs += sum(map(count_missing, strings))
            if font.wide:
                count //= 2
        if not count:
            return
        kerned = sum(piece for piece in pieces if isinstance(piece, float)) if len(pieces) > 1 else 0.0
        size = state.size
        advance = (count * (_HALF_EM * size + state.letters) - kerned * size / 1000) * state.stretch
        matrix = multiply(self.text, state.matrix)
        self.text = multiply((1.0, 0.0, 0.0, 1.0, advance, 0.0), self.text)
        if state.mode % 4 == 3:
            return
        a, b, c, d, _, _ = matrix
        along = math.hypot(a, b)
        across = abs(size * (a * d - b * c)) / along if along else 0.0
        box = place_box(matrix, (0.0, state.rise - _BELOW * size, advance, state.rise + _ABOVE * size))
        name = font.name if font is not None else ""
        drawn = font is not None and font.drawn
        effective = None if drawn else across
        if state.mode % 4 != 1:
            self.add("text", box, effective, False, name)
        if state.mode % 4:
            self.add("text", box, effective, True, name)
        if drawn:
            self.draw_glyphs(font.raw, matrix, box)

    def draw_glyphs(self, font: Any, matrix: Matrix, box: Rect) -> None:
        """Interpret the glyphs of a Type 3 font, all of them and once a page: their colours are what is asked."""
        if not self.walk.enters_once(font):
            return
        size = self.state.size
        inner = multiply(read_matrix(font.get("/FontMatrix", [0.001, 0, 0, 0.001, 0, 0])), (size, 0, 0, size, 0, 0))
        glyphs = font.get("/CharProcs", {})
        for name in glyphs.keys():  # noqa: SIM118 - a pikepdf dictionary is no mapping
            glyph = glyphs[name]
            state = self.state.clone()
            state.matrix, state.at = multiply(inner, matrix), state.at or box
            self.walk.run(glyph, font.get("/Resources", self.resources), state, self.depth + 1)


def _paint(fills: bool, strokes: bool) -> Callable[[_Stream, list[Any]], None]:
    return lambda it, _: it.paint(fills, strokes)


def _set(name: str) -> Callable[[_Stream, list[Any]], None]:
    return lambda it, operands: setattr(it.state, name, operands[0])


def _colour(space: Any, strokes: bool) -> Callable[[_Stream, list[Any]], None]:
    return lambda it, operands: it.set_device(Ink(space, tuple(operands)), strokes)


_HANDLERS: dict[bytes, Callable[[_Stream, list[Any]], None]] = {
    b"q": _Stream.save, b"Q": _Stream.restore, b"cm": _Stream.move, b"w": _set("width"), b"gs": _Stream.set_settings,
    b"k": _colour(CMYK, False), b"K": _colour(CMYK, True), b"rg": _colour(RGB, False), b"RG": _colour(RGB, True),
    b"g": _colour(GRAY, False), b"G": _colour(GRAY, True),
    b"cs": lambda it, operands: it.set_space(operands, False),
    b"CS": lambda it, operands: it.set_space(operands, True),
    b"sc": lambda it, operands: it.set_colour(operands, False),
    b"scn": lambda it, operands: it.set_colour(operands, False),
    b"SC": lambda it, operands: it.set_colour(operands, True),
    b"SCN": lambda it, operands: it.set_colour(operands, True),
    b"re": _Stream.add_rectangle, b"n": _Stream.end_path,
    b"f": _paint(True, False), b"F": _paint(True, False), b"f*": _paint(True, False),
    b"S": _paint(False, True), b"s": _paint(False, True),
    b"B": _paint(True, True), b"B*": _paint(True, True), b"b": _paint(True, True), b"b*": _paint(True, True),
    b"sh": _Stream.shade, b"Do": _Stream.draw, b"BI": _Stream.draw_inline,
    b"BT": _Stream.begin_text, b"Tm": _Stream.set_text, b"Tf": _Stream.set_font, b"TD": _Stream.lead,
    b"Td": lambda it, operands: it.next_line(operands[0], operands[1]),
    b"T*": lambda it, _: it.next_line(0.0, -it.state.leading),
    b"TL": _set("leading"), b"Tc": _set("letters"), b"Ts": _set("rise"),
    b"Tz": lambda it, operands: setattr(it.state, "stretch", operands[0] / 100),
    b"Tr": lambda it, operands: setattr(it.state, "mode", int(operands[0])),
    b"Tj": _Stream.show, b"TJ": _Stream.show, b"'": _Stream.show_next, b'"': _Stream.show_next,
}  # fmt: skip
