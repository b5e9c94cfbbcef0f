"""Pages -> the same pages as one ink prints them, in DeviceGray: what a renderer without separations can measure.

A renderer that manages colour separates CMYK again and reads 380 % as 292 %. So every colour is replaced by the light
that its share of one ink leaves (1 - value), in every stream that the page draws with; all else stays. Blend modes that
work on each component by itself (11.3.5.2) and opacity then give what they give on the press. What overprints is left
out of the plates that it leaves as they are (8.6.7, 11.7.4.3), which no renderer has to know then.

What has no ink by itself (RGB, Lab, spot colours, odd shadings) is told, and drawn as paper.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pipeline.pdf.colours import CMYK, GRAY, MAX_DEPTH, PROCESS, RGB, Ink, read_inks, read_space
from pipeline.pdf.graphics import State, read_settings
from pipeline.pdf.lexer import read_instructions
from pipeline.pdf.separations import ImageSeparations
from pipeline.pdf.shadings import UnmeasuredError, separate_shading
from pipeline.pdf.shared import MAX_STEPS, identify
from pipeline.pdf.unpack import MAX_STREAM, TooLargeError, read_content

_MIXED = ("Hue", "Saturation", "Color", "Luminosity")  # blend modes that mix the components
_NOT_DRAWN = ("/Annots", "/CropBox", "/Rotate", "/UserUnit", "/TrimBox", "/ArtBox", "/BleedBox")


@dataclass
class Plate:
    """One ink of some pages.

    Attributes:
        pdf: a file of these pages, cut to their BleedBox.
        unmeasured: page, from 0 -> what on it could not be told, each once.
    """

    pdf: bytes = b""
    unmeasured: dict[int, dict[str, None]] = field(default_factory=dict)


def make_plate(pdf: bytes, ink: str, pages: Sequence[int], images: ImageSeparations) -> Plate:
    """Return the plate of one of the four inks for these pages, in ascending order.

    Raises:
        TooLargeError: a page goes over the bounds of `walk.py`.
    """
    made = Plate()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for number in reversed(range(len(document.pages))):
            if number not in pages:
                del document.pages[number]
        for number, page in zip(pages, document.pages, strict=True):
            separation = _Separation(document, ink, images)
            raw = page.obj
            resources = page.get("/Resources", Dictionary())
            content, resources = separation.rewrite(raw.get("/Contents"), resources, State(), 0)
            raw.Contents = Stream(document, separation.begin + content)
            raw.Resources = resources
            raw.MediaBox = raw.get("/BleedBox", page.mediabox)
            for key in (*_NOT_DRAWN, "/Group"):
                if key in raw:
                    del raw[key]
            made.unmeasured[number] = separation.unmeasured
        for key in ("/StructTreeRoot", "/Outlines", "/Names", "/AcroForm", "/OutputIntents", "/Metadata"):
            if key in document.Root:
                del document.Root[key]
        out = io.BytesIO()
        document.save(out, compress_streams=False)
    made.pdf = out.getvalue()
    return made


class _Separation:
    """Rewrites the streams of one page for one ink; a form is written once for each way in which it is drawn."""

    def __init__(self, document: pikepdf.Pdf, plate: str, images: ImageSeparations) -> None:
        self.document, self.plate, self.images = document, plate, images
        self.begin = b"0 g 0 G\n" if plate == "Black" else b"1 g 1 G\n"  # painting begins in black
        self.unmeasured: dict[str, None] = {}
        self.written: dict[Any, Any] = {}
        self.inside: list[Any] = []
        self.steps = 0

    def rewrite(
        self, content: Any, resources: Any, state: State, depth: int, drawn: bool = True
    ) -> tuple[bytes, Dictionary]:
        """Return a stream as this ink prints it, and the resources that it draws with then."""
        data = read_content(content, MAX_STREAM)
        stream = _Stream(self, resources, state, depth, drawn)
        return stream.rewrite(data), stream.used

    def enter(self, stream: Any, resources: Any, state: State, depth: int, drawn: bool = True) -> Any:
        """Return a form or tiling pattern as this ink prints it, in this state; None for one inside itself."""
        key = (identify(stream), state.fill, state.stroke, state.fills, state.strokes, state.keeps, drawn)
        if depth > MAX_DEPTH or identify(stream) in self.inside:
            return None
        if key not in self.written:
            self.inside.append(identify(stream))
            own = stream.get("/Resources", resources)
            content, own = self.rewrite(stream, own, state, depth + 1, drawn)
            self.inside.pop()
            fresh = "/PatternType" in stream and drawn  # a pattern has nothing from where it is used (8.7.3.1)
            made = Stream(self.document, self.begin + content if fresh else content)
            for name, value in stream.items():
                if name not in ("/Length", "/Filter", "/DecodeParms", "/Resources", "/Group"):
                    made[name] = value
            if "/Group" in stream:
                group = Dictionary(stream.Group)
                if "/CS" in group:
                    group.CS = Name.DeviceGray
                made.Group = group
            made.Resources = own
            self.written[key] = self.document.make_indirect(made)
        return self.written[key]

    def note(self, what: str) -> None:
        """Keep what could not be told."""
        self.unmeasured[what] = None

    def share(self, ink: Ink) -> float:
        """Return how much of this plate's ink a colour has; of one that cannot be told none, and say so."""
        inks = read_inks(ink.space.name, ink.values, ink.space.colorants)
        if inks is None and ink.space.name == "ICCBased 4":  # the initial colour of such a space
            return 0.0
        if inks is None:
            self.note(f"{ink.space.name}")
            return 0.0
        for other in sorted(set(inks) - {*PROCESS, "All"}):
            self.note(f"spot colour {other}")
        return min(1.0, max(0.0, inks.get(self.plate, inks.get("All", 0.0))))

    def leaves(self, ink: Ink, overprints: bool, keeps: bool) -> bool:
        """Say whether a mark in this colour leaves this plate as it is."""
        if not overprints or ink.pattern is not None:
            return False
        if ink.space.colorants:
            return not {self.plate, "All"} & set(ink.space.colorants)
        return ink.space == CMYK and keeps and not self.share(ink)


class _Stream:
    """One content stream while it is rewritten."""

    def __init__(self, separation: _Separation, resources: Any, state: State, depth: int, drawn: bool) -> None:
        self.separation, self.resources, self.state = separation, resources, state
        self.depth, self.drawn = depth, drawn
        self.used = Dictionary(resources)
        self.named: dict[Any, str] = {}

    def rewrite(self, data: bytes) -> bytes:
        """Return the stream with each instruction as it is, in its plate's colour, or left out."""
        out: list[bytes] = []
        stack: list[State] = []
        for operator, operands, start, end in read_instructions(data):
            self.separation.steps += 1
            if self.separation.steps > MAX_STEPS:
                raise TooLargeError(f"a page of more than {MAX_STEPS} drawing instructions")
            written = data[start:end]
            if operator == b"q":
                stack.append(self.state)
                self.state = self.state.clone()
            elif operator == b"Q":
                self.state = stack.pop() if stack else self.state
            elif operator in _COLOURS:
                written = self.set_colour(operator, operands)
            elif operator in _PAINTS:
                written = self.paint(operator, written)
            elif operator in (b"Tj", b"TJ", b"'", b'"'):
                written = self.show(written)
            elif operator == b"Do":
                written = self.draw(operands[0])
            elif operator == b"BI":
                written = self.draw_inline(operands[0], written)
            elif operator == b"sh":
                written = self.shade(operands[0])
            elif operator == b"gs":
                self.set_settings(operands[0])
            elif operator == b"Tr":
                self.state.mode = int(operands[0])
            elif operator == b"Tf" and self.find("/Font", operands[0]).get("/Subtype") == "/Type3":
                self.separation.note("a Type 3 font")
            out.append(written)
        return b"".join(out)

    def find(self, kind: str, name: Any) -> Any:
        """Return a resource; an empty one where there is none."""
        found = self.resources.get(kind, {}).get(name)
        return {} if found is None else found

    def name(self, kind: str, made: Any) -> bytes:
        """Put a new resource beside the old ones; return its name."""
        key = (kind, identify(made))
        if key not in self.named:
            self.named[key] = f"/Plate{len(self.named)}"
            old: Any = self.used.get(kind)
            entries = Dictionary(old or {})
            entries[self.named[key]] = made
            self.used[kind] = entries
        return self.named[key].encode()

    def set_settings(self, name: Any) -> None:
        settings = read_settings(self.find("/ExtGState", name))
        self.state.apply(settings)
        if settings.blend in _MIXED:
            self.separation.note(f"the blend mode {settings.blend}")
        if settings.transfers:
            self.separation.note("a transfer function")

    def set_colour(self, operator: bytes, operands: list[Any]) -> bytes:
        """Take a colour over; return the instruction that sets its share of the plate."""
        if not self.drawn:
            return b" "
        state, lower = self.state, operator.lower()
        strokes = operator != lower
        old = state.stroke if strokes else state.fill
        if lower in _SHORT:
            ink = Ink(_SHORT[lower], tuple(operands))
        elif lower == b"cs":
            space = read_space(operands[0], self.resources)
            ink = Ink(space, space.initial)
        else:
            name = operands[-1] if operands and isinstance(operands[-1], str) else None
            values = tuple(operands if name is None else operands[:-1])
            ink = Ink(old.space, values, None if name is None else self.find("/Pattern", name))
        if strokes:
            state.stroke = ink
        else:
            state.fill = ink
        if ink.space.name == "Pattern" and ink.pattern is None:
            return b" "
        if ink.pattern is not None:
            return self.set_pattern(ink, strokes)
        return b" %.4f %b " % (1 - self.separation.share(ink), b"G" if strokes else b"g")

    def set_pattern(self, ink: Ink, strokes: bool) -> bytes:
        """Return the instructions that set a pattern, as this plate has it."""
        separation, pattern = self.separation, ink.pattern
        made: Any = None
        prefix = b" /Pattern "
        try:
            if "/Shading" in pattern:
                made = Dictionary(pattern)
                made.Shading = separate_shading(separation.document, pattern.Shading, self.resources, separation.plate)
                made = separation.document.make_indirect(made)
            elif isinstance(pattern, Stream) and int(pattern.get("/PaintType", 1)) == 1:
                inner = State(fills=self.state.fills, strokes=self.state.strokes, keeps=self.state.keeps)
                made = separation.enter(pattern, self.resources, inner, self.depth)
            elif isinstance(pattern, Stream):
                made = separation.enter(pattern, self.resources, State(), self.depth, drawn=False)
                space = separation.document.make_indirect(Array([Name.Pattern, Name.DeviceGray]))
                shade = 1 - separation.share(Ink(ink.space, ink.values))
                prefix = self.name("/ColorSpace", space)
                end = b"CS %.4f %b SCN " if strokes else b"cs %.4f %b scn "
                return b" " + prefix + b" " + end % (shade, self.name("/Pattern", made))
        except UnmeasuredError as error:
            separation.note(str(error))
        if made is None:
            return b" 1 G " if strokes else b" 1 g "
        return prefix + (b"CS %b SCN " if strokes else b"cs %b scn ") % self.name("/Pattern", made)

    def leaves(self, strokes: bool) -> bool:
        """Say whether what is painted now leaves this plate as it is."""
        state = self.state
        ink = state.stroke if strokes else state.fill
        return self.separation.leaves(ink, state.strokes if strokes else state.fills, state.keeps)

    def paint(self, operator: bytes, written: bytes) -> bytes:
        fills, strokes, closes, fill = _PAINTS[operator]
        keep_fill, keep_stroke = fills and not self.leaves(False), strokes and not self.leaves(True)
        if (keep_fill, keep_stroke) == (fills, strokes):
            return written
        close = b" h" if closes else b""
        return close + (b" %b " % fill if keep_fill else b" S " if keep_stroke else b" n ")

    def show(self, written: bytes) -> bytes:
        """Return text, invisible where it leaves the plate as it is: it moves what comes after it."""
        mode = self.state.mode
        fills, strokes = mode % 4 in (0, 2), mode % 4 in (1, 2)
        keep_fill, keep_stroke = fills and not self.leaves(False), strokes and not self.leaves(True)
        if (keep_fill, keep_stroke) == (fills, strokes):
            return written
        other = {(True, False): 0, (False, True): 1}.get((keep_fill, keep_stroke), 3) + (4 if mode > 3 else 0)
        return b" %d Tr " % other + written + b" %d Tr " % mode

    def draw(self, name: Any) -> bytes:
        separation, found = self.separation, self.find("/XObject", name)
        if isinstance(found, dict):
            return b" "
        if found.get("/Subtype") != "/Image":
            made = separation.enter(found, self.resources, self.state.clone(), self.depth)
        elif found.get("/ImageMask", False):
            return b" " if self.leaves(False) else b" %b Do " % self.name("/XObject", found)
        else:
            made = self.separate(found)
        return b" " if made is None else b" %b Do " % self.name("/XObject", made)

    def separate(self, image: Any) -> Any:
        separation = self.separation
        key = (identify(image), "image")
        if key not in separation.written:
            try:
                made = separation.images.separate(separation.document, image, self.resources, separation.plate)
                separation.written[key] = separation.document.make_indirect(made)
            except UnmeasuredError as error:
                separation.note(str(error))
                separation.written[key] = None
        return separation.written[key]

    def draw_inline(self, keys: dict[str, Any], written: bytes) -> bytes:
        if keys.get("/IM", keys.get("/ImageMask")):
            return b" " if self.leaves(False) else written
        self.separation.note("an inline image")
        return b" "

    def shade(self, name: Any) -> bytes:
        separation = self.separation
        try:
            made = separate_shading(separation.document, self.find("/Shading", name), self.resources, separation.plate)
        except UnmeasuredError as error:
            separation.note(str(error))
            return b" "
        return b" %b sh " % self.name("/Shading", separation.document.make_indirect(made))


_SHORT = {b"g": GRAY, b"rg": RGB, b"k": CMYK}
_COLOURS = {b"g", b"G", b"rg", b"RG", b"k", b"K", b"cs", b"CS", b"sc", b"SC", b"scn", b"SCN"}
# operator: whether it fills, strokes, closes the path first; the operator that only fills
_PAINTS = {
    b"f": (True, False, False, b"f"), b"F": (True, False, False, b"f"), b"f*": (True, False, False, b"f*"),
    b"S": (False, True, False, b"n"), b"s": (False, True, True, b"n"),
    b"B": (True, True, False, b"f"), b"B*": (True, True, False, b"f*"),
    b"b": (True, True, True, b"f"), b"b*": (True, True, True, b"f*"),
}  # fmt: skip
