"""What a field looks like in each of its states, and how much goes into its box.

Frame: points, origin bottom-left of the box, y up. Every state has a stream of its own, so no program has
to draw one anew; the entry NeedAppearances, which asks for that, is deprecated (ISO 32000-2 12.7.3).
"""

from __future__ import annotations

import math
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.pdf.fieldfont import FieldFont, embed_font
from pipeline.units import Size

FONT_KEY = "FieldSans"  # of the font in the resources
TYPE_SIZE = 10.0
CAPTION_SIZE = 9.5  # of a button
DEFAULT_LOOK = f"/{FONT_KEY} {TYPE_SIZE:g} Tf 0 g"
CAPTION_LOOK = f"/{FONT_KEY} {CAPTION_SIZE:g} Tf 0.4 g"  # grey that is read, and steps back: 5.7 to 1 on white

_PADDING = 2.0  # what Acrobat and pdf.js leave at the sides
_LEADING = 1.35 * TYPE_SIZE  # of pdf.js, the widest of those that set a text anew after typing
_RAGGED = 5  # letters a line of an area loses where the next word does not fit: so nine of ten Dutch texts go in
_DISC = 0.6  # of the diameter of a button: seen at once, also on paper
_ROUND = 0.5523  # control points of a quarter of a circle


def measure_room(size: Size, *, area: bool) -> tuple[float, int]:
    """Return the width and the number of the lines that go into a box; no lines where it is too low for one."""
    lines = int((size.height - 2 * _PADDING) / _LEADING) if area else int(size.height >= TYPE_SIZE)
    return max(size.width - 2 * _PADDING, 0.0), lines


def count_letters(font: FieldFont, size: Size, *, area: bool) -> int:
    """Return how many letters of running text go into a box, with few exceptions; 0 where there is no room.

    A line of mean letters would be too wide every second time, so two deviations are kept free.
    """
    width, lines = measure_room(size, area=area)
    across = width / (font.mean_width * TYPE_SIZE / 1000)
    if lines > 1:
        return lines * max(int(across) - _RAGGED, 0)
    return lines * int(max(across - 2 * font.spread / font.mean_width * math.sqrt(across), 0))


def count_digits(font: FieldFont, size: Size) -> int:
    """Return how many digits go into a box of one line."""
    width, lines = measure_room(size, area=False)
    return lines * int(width / font.measure("0", TYPE_SIZE))


def fits(font: FieldFont, text: str, size: Size, *, area: bool) -> bool:
    """Say whether a text goes into a box, by the widths of its letters."""
    width, lines = measure_room(size, area=area)
    if area:
        return len(font.wrap(text, TYPE_SIZE, width)) <= lines
    return lines == 1 and font.measure(text, TYPE_SIZE) <= width


def measure_caption(font: FieldFont, caption: str) -> Size:
    """Return the least size of a button with this caption."""
    return Size(font.measure(caption, CAPTION_SIZE) + 2 * _PADDING, CAPTION_SIZE + 2)


class Looks:
    """The appearance streams of one document. Equal ones of buttons are one object.

    Those of text are each their own: some programs write what was typed into the stream that they find.
    """

    def __init__(self, document: pikepdf.Pdf, font: FieldFont) -> None:
        self._document = document
        self._made: dict[tuple[float, float, bytes], Any] = {}
        self.font = font
        self.font_object = embed_font(document, font)
        self._fonts = Dictionary(Font=Dictionary({f"/{FONT_KEY}": self.font_object}))

    def blank(self, size: Size) -> Any:
        """Return a button that is off. Not an empty stream: pdf.js warns of those."""
        return self._share(size, b"q Q")

    def disc(self, size: Size) -> Any:
        """Return a button that was chosen."""
        radius = _DISC * min(size) / 2
        x, y, bend = size.width / 2, size.height / 2, _ROUND * radius
        return self._share(
            size,
            b"q 0 g "
            + _draw("m", x + radius, y)
            + _draw("c", x + radius, y + bend, x + bend, y + radius, x, y + radius)
            + _draw("c", x - bend, y + radius, x - radius, y + bend, x - radius, y)
            + _draw("c", x - radius, y - bend, x - bend, y - radius, x, y - radius)
            + _draw("c", x + bend, y - radius, x + radius, y - bend, x + radius, y)
            + b"f Q",
        )

    def tick(self, size: Size) -> Any:
        """Return a box that is ticked."""
        side = min(size)
        left, low = (size.width - side) / 2, (size.height - side) / 2
        points = [(left + side * x, low + side * y) for x, y in ((0.22, 0.52), (0.42, 0.28), (0.8, 0.76))]
        path = _draw("m", *points[0]) + _draw("l", *points[1]) + _draw("l", *points[2])
        return self._share(size, b"q 1.4 w 0 G 1 J 1 j " + path + b"S Q")

    def line(self, size: Size, text: str) -> Any:
        """Return a field of one line, in the middle of its height."""
        if not text:
            return self._add(size, b"/Tx BMC EMC", self._fonts)  # programs look for the font here when they fill it in
        return self._text(size, [text], (size.height - self.font.cap_height * TYPE_SIZE / 1000) / 2)

    def area(self, size: Size, text: str) -> Any:
        """Return a field of several lines, from the top."""
        if not text:
            return self._add(size, b"/Tx BMC EMC", self._fonts)  # programs look for the font here when they fill it in
        width, _ = measure_room(size, area=True)
        top = size.height - _PADDING - (_LEADING + (self.font.ascent + self.font.descent) * TYPE_SIZE / 1000) / 2
        return self._text(size, self.font.wrap(text, TYPE_SIZE, width), top)

    def button(self, size: Size, caption: str) -> Any:
        """Return a push button: its caption, in grey."""
        x = (size.width - self.font.measure(caption, CAPTION_SIZE)) / 2
        y = (size.height - self.font.cap_height * CAPTION_SIZE / 1000) / 2
        text = b"q BT " + CAPTION_LOOK.encode() + b" " + _draw("Tm", 1, 0, 0, 1, x, y) + self._show(caption) + b" ET Q"
        return self._share(size, text, self._fonts)

    def _text(self, size: Size, lines: list[str], baseline: float) -> Any:
        clip = _draw("re", 1, 1, size.width - 2, size.height - 2) + b"W n "
        start = _draw("TL", _LEADING) + _draw("Tm", 1, 0, 0, 1, _PADDING, baseline)
        shown = b" T* ".join(map(self._show, lines))
        body = b"/Tx BMC q " + clip + b"BT " + DEFAULT_LOOK.encode() + b" " + start + shown + b" ET Q EMC"
        return self._add(size, body, self._fonts)

    def _show(self, text: str) -> bytes:
        return b"<" + self.font.encode(text).hex().encode() + b"> Tj"

    def _share(self, size: Size, content: bytes, resources: Any = None) -> Any:
        key = (round(size.width, 2), round(size.height, 2), content)
        if key not in self._made:
            self._made[key] = self._add(size, content, resources)
        return self._made[key]

    def _add(self, size: Size, content: bytes, resources: Any = None) -> Any:
        keys = {
            "BBox": Array([0, 0, round(size.width, 2), round(size.height, 2)]),
            "Resources": resources or Dictionary(),
        }
        return self._document.make_stream(content, Type=Name.XObject, Subtype=Name.Form, **keys)


def _draw(operator: str, *operands: float) -> bytes:
    numbers = (f"{operand:.2f}".rstrip("0").rstrip(".") for operand in operands)
    return f"{' '.join(numbers)} {operator} ".encode()
