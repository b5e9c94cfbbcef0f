"""What the content streams of a page leave on it, as plain values; what is alike is kept once, with a few places.

Frame: points, origin bottom-left, y up, in the page's default user space times its UserUnit. Boxes are those of what is
drawn, as if nothing clipped it: of curves the hull, of text the line by half an em a letter. So a box is never too
small by more than a letter, and never a reason by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pipeline.pdf.colours import ColourUse, Ink, Paint, read_inks
from pipeline.pdf.graphics import How
from pipeline.pdf.images import ImageUse
from pipeline.pdf.unpack import TooLargeError
from pipeline.units import Rect

Where = Literal["trim", "bleed", "outside"]

BOXES_KEPT = 3  # places of marks that are alike
MAX_MARKS = 20_000  # of one page that are not alike


@dataclass(frozen=True)
class Mark:
    """One way of painting, and where.

    Attributes:
        paint: what is painted; a stencil is an `image` in a colour.
        space, values: as in `ColourUse`.
        colorants: the inks that a Separation or DeviceN names.
        size: of text its size, of a stroke its width (0: as thin as the device can), of a filled rectangle its shorter
            side (of several, the thinnest), if it is long for its width; in points on the page; None otherwise.
        overprints: leaves what lies below (OP, op).
        keeps: a component that is 0 leaves its ink, too (OPM 1; it counts for DeviceCMYK alone).
        see_through: drawn with transparency, a blend mode, a soft mask or a transfer function.
        font: of text, the name of its font.
        where: the innermost box that it touches: TrimBox, BleedBox, or none of them.
        masking: it is part of a soft mask, so no ink.
        count: how many are alike.
        boxes: where the first of them are.
    """

    paint: Paint
    space: str
    values: tuple[float, ...]
    colorants: tuple[str, ...]
    size: float | None
    overprints: bool
    keeps: bool
    see_through: bool
    font: str
    where: Where
    masking: bool
    count: int
    boxes: tuple[Rect, ...]

    @cached_property
    def inks(self) -> dict[str, float] | None:
        """How much of each ink it puts on paper, from 0 to 1; None where only a conversion could tell."""
        return read_inks(self.space, self.values, self.colorants)

    @property
    def is_white(self) -> bool:
        """It puts no ink on paper: the paper shows."""
        return self.inks is not None and not any(self.inks.values()) and bool(self.values)

    @property
    def is_black(self) -> bool:
        """It is full black ink and nothing else."""
        inks = self.inks or {}
        return inks.get("Black", 0) >= FULL and not any(value for ink, value in inks.items() if ink != "Black")


FULL = 0.995  # an ink of this or more is full: colours are written with a few decimals


@dataclass(frozen=True)
class Painted:
    """What the content streams of one page do.

    Attributes:
        marks: every way of painting.
        images: every way of placing an image.
        fonts: the font dictionaries that text was shown with, by object.
        missing_glyphs: shows of glyph 0 (`.notdef`) in composite fonts.
        groups: the colour spaces that transparency is computed in, where a group names one.
        circular: something draws itself; programs that draw it may never end.
    """

    marks: tuple[Mark, ...]
    images: tuple[ImageUse, ...]
    fonts: tuple[Any, ...]
    missing_glyphs: int
    groups: frozenset[str]
    circular: bool

    @cached_property
    def colours(self) -> frozenset[ColourUse]:
        """Every way of painting; of soft masks, which are gray by nature, what is not."""
        return frozenset(
            ColourUse(mark.paint, mark.space, mark.values)
            for mark in self.marks
            if not (mark.masking and mark.space == "DeviceGray")
        )


class Collector:
    """Gathers the marks of one page."""

    def __init__(self, trim: Rect, bleed: Rect) -> None:
        self._trim, self._bleed = trim, bleed
        self._marks: dict[tuple[Any, ...], list[Any]] = {}
        self._images: dict[tuple[Any, ...], ImageUse] = {}

    def add(self, paint: Paint, ink: Ink, box: Rect, size: float | None, how: How) -> None:
        """Add a mark.

        Raises:
            TooLargeError: there are too many.
        """
        size = None if size is None else round(size, 3)
        key = (paint, ink.space, ink.values, size, how, self._locate(box))
        found = self._marks.get(key)
        if found is None:
            if len(self._marks) >= MAX_MARKS:
                raise TooLargeError(f"a page painted in more than {MAX_MARKS} ways")
            self._marks[key] = [1, box]
        else:
            found[0] += 1
            if len(found) <= BOXES_KEPT:
                found.append(box)

    def add_image(self, image: ImageUse) -> None:
        """Add an image."""
        key = (image.pixels, image.ppi, image.space, image.see_through, image.bits)
        self._images.setdefault(key, image)

    def _locate(self, box: Rect) -> Where:
        x0, y0, x1, y1 = box
        trim, bleed = self._trim, self._bleed
        if x0 < trim[2] and x1 > trim[0] and y0 < trim[3] and y1 > trim[1]:
            return "trim"
        if x0 < bleed[2] and x1 > bleed[0] and y0 < bleed[3] and y1 > bleed[1]:
            return "bleed"
        return "outside"

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All marks."""
        return tuple(
            Mark(
                paint=paint,
                space=space.name,
                values=values,
                colorants=space.colorants,
                size=size,
                overprints=how.overprints,
                keeps=how.keeps,
                see_through=how.see_through,
                font=how.font,
                where=where,
                masking=how.masking,
                count=count,
                boxes=tuple(boxes),
            )
            for (paint, space, values, size, how, where), (count, *boxes) in self._marks.items()
        )

    @property
    def images(self) -> tuple[ImageUse, ...]:
        """All images."""
        return tuple(self._images.values())
