"""Content streams -> every colour that is painted with, through form XObjects, patterns, shadings and soft masks.

The graphics state is followed as far as colour needs it (ISO 32000-2 8.4, 8.6). A page that paints without having
set a colour paints in DeviceGray black: that is what the standard says, so that is what is reported.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import pikepdf

Paint = Literal["text", "fill", "stroke", "image", "shading"]

# Bounds against broken and hostile files; a dense poster stays a hundred times below them.
MAX_DEPTH = 16  # forms in forms
MAX_STATES = 64  # states that one form is walked in
MAX_STREAM = 20_000_000  # bytes of one content stream, inflated
MAX_INSTRUCTIONS = 500_000  # on one page


class TooLargeError(Exception):
    """A page is beyond what can be looked at; the message says what is too large."""


@dataclass(frozen=True)
class ColourUse:
    """One way in which a page is painted.

    Attributes:
        paint: what is painted.
        space: `DeviceCMYK`, `DeviceRGB`, `DeviceGray`, `ICCBased 3`, `Separation`, `Lab`, ...
        values: components from 0 to 1; empty where they vary (images, shadings).
    """

    paint: Paint
    space: str
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class _Ink:
    """A current colour: its space, its components, and the pattern it paints with, if any."""

    space: str = "DeviceGray"
    values: tuple[float, ...] = (0.0,)
    pattern: Any = None


@dataclass(frozen=True)
class _State:
    fill: _Ink = _Ink()
    stroke: _Ink = _Ink()
    mode: int = 0  # text rendering mode: 0 fill, 1 stroke, 2 both, 3 neither, 4-7 the same and clip
    font: Any = None

    def painting(self, fills: bool, ink: _Ink) -> _State:
        """Return the state with another ink for filling, or for stroking."""
        return replace(self, fill=ink) if fills else replace(self, stroke=ink)


@dataclass(frozen=True)
class Painted:
    """What the content streams of one page do.

    Attributes:
        colours: every way of painting.
        fonts: the font dictionaries that text was shown with, by object.
        missing_glyphs: shows of glyph 0 (`.notdef`) in composite fonts.
    """

    colours: frozenset[ColourUse]
    fonts: tuple[Any, ...]
    missing_glyphs: int


def read_painted(page: pikepdf.Page) -> Painted:
    """Walk a page's content, and everything it draws with.

    Raises:
        TooLargeError: the page goes over one of the bounds above.
    """
    walk = _Walk()
    walk.stream(page, page.get("/Resources", pikepdf.Dictionary()), _State(), 0)
    return Painted(frozenset(walk.uses), tuple(walk.fonts.values()), walk.missing_glyphs)


def name_space(space: Any, resources: Any = None, depth: int = 0) -> str:
    """Return the name of a colour space, `Indexed` seen through to its base."""
    if depth > MAX_DEPTH:
        return "unknown"
    if isinstance(space, pikepdf.Name):
        name = str(space)[1:]
        named = resources.get("/ColorSpace", {}).get(space) if resources is not None else None
        if named is not None and name not in ("DeviceGray", "DeviceRGB", "DeviceCMYK", "Pattern"):
            return name_space(named, None, depth + 1)
        return {"G": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK"}.get(name, name)
    if isinstance(space, pikepdf.Array) and len(space) > 0:
        family = str(space[0])[1:]
        if family in ("Indexed", "I") or (family == "Pattern" and len(space) > 1):
            return name_space(space[1], resources, depth + 1)
        return f"ICCBased {int(space[1].get('/N', 0))}" if family == "ICCBased" else family
    return "unknown"


_SHORT = {"g": "DeviceGray", "rg": "DeviceRGB", "k": "DeviceCMYK"}
_FILL, _STROKE, _BOTH = {"f", "F", "f*"}, {"S", "s"}, {"B", "B*", "b", "b*"}
_SHOW = {"Tj", "TJ", "'", '"'}


class _Walk:
    """Collects what one page paints with."""

    def __init__(self) -> None:
        self.uses: set[ColourUse] = set()
        self.fonts: dict[Any, Any] = {}
        self.missing_glyphs = 0
        self.entered: dict[Any, set[Any]] = {}
        self.instructions = 0

    def stream(self, content: Any, resources: Any, state: _State, depth: int) -> None:
        """Walk one content stream with the state it begins in."""
        if depth > MAX_DEPTH:
            return
        require_bounded(content)
        instructions = pikepdf.parse_content_stream(content)
        self.instructions += len(instructions)
        if self.instructions > MAX_INSTRUCTIONS:
            raise TooLargeError(f"a page of more than {MAX_INSTRUCTIONS} drawing instructions")
        stack: list[_State] = []
        for instruction in instructions:
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                self._image(instruction.iimage.obj, resources, state)
                continue
            operator, operands = str(instruction.operator), instruction.operands
            if operator == "q":
                stack.append(state)
            elif operator == "Q":
                state = stack.pop() if stack else state
            elif operator in _FILL:
                self._paint("fill", state.fill, resources, depth)
            elif operator in _STROKE:
                self._paint("stroke", state.stroke, resources, depth)
            elif operator in _BOTH:
                self._paint("fill", state.fill, resources, depth)
                self._paint("stroke", state.stroke, resources, depth)
            elif operator in _SHOW:
                self._show(operands, state, resources, depth)
            elif operator == "Do":
                self._draw(resources.get("/XObject", {}).get(operands[0]), resources, state, depth)
            elif operator == "sh":
                shading = resources.get("/Shading", {}).get(operands[0], {})
                self.uses.add(ColourUse("shading", name_space(shading.get("/ColorSpace"), resources)))
            else:
                state = self._change(operator, operands, resources, state, depth)

    def _change(self, operator: str, operands: Any, resources: Any, state: _State, depth: int) -> _State:
        """Return the state after an operator that paints nothing."""
        lower = operator.lower()
        fills = operator == lower
        if lower in _SHORT:
            return state.painting(fills, _Ink(_SHORT[lower], tuple(float(v) for v in operands)))
        if lower == "cs":
            space = name_space(operands[0], resources)
            initial = (0.0, 0.0, 0.0, 1.0) if space == "DeviceCMYK" else ()  # ISO 32000-2 8.6.8
            return state.painting(fills, _Ink(space, initial))
        if lower in ("sc", "scn"):
            ink = state.fill if fills else state.stroke
            values = tuple(float(v) for v in operands if not isinstance(v, pikepdf.Name))
            named = [v for v in operands if isinstance(v, pikepdf.Name)]
            pattern = resources.get("/Pattern", {}).get(named[0]) if named else None
            return state.painting(fills, _Ink(ink.space, values, pattern))
        if operator == "Tr":
            return replace(state, mode=int(operands[0]))
        if operator == "Tf":
            return replace(state, font=resources.get("/Font", {}).get(operands[0]))
        if operator == "gs":
            self._soft_mask(resources.get("/ExtGState", {}).get(operands[0], {}), resources, depth)
        return state

    def _paint(self, paint: Paint, ink: _Ink, resources: Any, depth: int) -> None:
        pattern = ink.pattern
        if pattern is None:
            self.uses.add(ColourUse(paint, ink.space, ink.values))
        elif "/Shading" in pattern:
            self.uses.add(ColourUse("shading", name_space(pattern.Shading.get("/ColorSpace"), resources)))
        elif self._enter(pattern, None):
            self.stream(pattern, pattern.get("/Resources", resources), _State(), depth + 1)

    def _show(self, operands: Any, state: _State, resources: Any, depth: int) -> None:
        if state.font is not None:
            self.fonts.setdefault(_identity(state.font), state.font)
            self.missing_glyphs += sum(_missing(string, state.font) for string in _strings(operands))
        if state.mode % 4 in (0, 2):
            self._paint("text", state.fill, resources, depth)
        if state.mode % 4 in (1, 2):
            self._paint("text", state.stroke, resources, depth)

    def _draw(self, xobject: Any, resources: Any, state: _State, depth: int) -> None:
        if xobject is None:
            return
        if xobject.get("/Subtype") == "/Image":
            self._image(xobject, resources, state)
        elif self._enter(xobject, state):
            self.stream(xobject, xobject.get("/Resources", resources), state, depth + 1)

    def _image(self, image: Any, resources: Any, state: _State) -> None:
        if image.get("/ImageMask", image.get("/IM", False)):  # a stencil, painted in the fill colour
            self.uses.add(ColourUse("image", state.fill.space, state.fill.values))
            return
        self.uses.add(ColourUse("image", name_space(image.get("/ColorSpace", image.get("/CS")), resources)))

    def _soft_mask(self, settings: Any, resources: Any, depth: int) -> None:
        """Walk a soft mask for its fonts only: it is computed in grey by nature and puts no ink on paper itself."""
        mask = settings.get("/SMask")
        if isinstance(mask, pikepdf.Dictionary) and "/G" in mask and self._enter(mask.G, None):
            inner = _Walk()
            inner.entered, inner.instructions = self.entered, self.instructions
            inner.stream(mask.G, mask.G.get("/Resources", resources), _State(), depth + 1)
            self.instructions = inner.instructions
            self.fonts.update(inner.fonts)
            self.uses |= {use for use in inner.uses if use.space != "DeviceGray"}

    def _enter(self, stream: Any, state: Any) -> bool:
        """Say whether this stream is new in this state; one that draws itself is walked once."""
        states = self.entered.setdefault(_identity(stream), set())
        if state in states or len(states) >= MAX_STATES:
            return False
        states.add(state)
        return True


def require_bounded(content: Any) -> None:
    """Refuse content that would inflate to more than MAX_STREAM, before it is inflated."""
    contents = content.obj.get("/Contents") if isinstance(content, pikepdf.Page) else content
    for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
        if isinstance(stream, pikepdf.Stream) and stream.get("/Filter") == "/FlateDecode":
            raw = stream.read_raw_bytes()
            if len(zlib.decompressobj().decompress(raw, MAX_STREAM + 1)) > MAX_STREAM:
                raise TooLargeError(f"a content stream of more than {MAX_STREAM // 1_000_000} MB")


def _identity(obj: Any) -> Any:
    return obj.objgen if obj.objgen != (0, 0) else id(obj)


def _strings(operands: Any) -> Iterator[bytes]:
    for operand in operands:
        if isinstance(operand, pikepdf.Array):
            yield from _strings(operand)
        elif isinstance(operand, pikepdf.String):
            yield bytes(operand)


def _missing(string: bytes, font: Any) -> int:
    """Count glyph 0 in a string of a font with two-byte codes that are glyph numbers."""
    if font.get("/Subtype") != "/Type0" or font.get("/Encoding") != "/Identity-H":
        return 0
    return sum(1 for i in range(0, len(string) - 1, 2) if string[i : i + 2] == b"\0\0")
