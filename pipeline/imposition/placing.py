"""The values of imposition, and how one goes from a front to its back.

Frame: points, origin top-left of the sheet (of a page: of its trim), y down, as one looks at that side.

Where a back goes, for every flip of the sheet, every turn of the card and every way it lies, follows from three maps:

- `front`: the frame of the item (a card, or the spread of a booklet) -> the front of the sheet.
- `turn_over(sheet, ..)`: a point of the paper as one sees it on the front of the sheet -> the same point as one sees it
  on the back, after the sheet was flipped on its long or its short edge. It is a mirror, and its own inverse.
- `turn_over(item, ..)`: the same of the item, turned by its reader: like a page (around its vertical axis) or like a
  leaf of a wall calendar (around its horizontal axis).

A point of the item's back lies on the paper where its front has it after turning, and is printed where the flipped
sheet shows that point: `back = sheet · front · item`. Two mirrors and a rotation: so a back is never mirrored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.units import Rect, Size, mm

Matrix = tuple[float, float, float, float, float, float]  # as in PDF: x' = a x + c y + e, y' = b x + d y + f
Flip = Literal["long", "short"]
Turn = Literal["page", "calendar"]

SLACK = 0.01  # points; lengths in millimetres are no round numbers of points


class DoesNotFitError(Exception):
    """What is asked does not go on the sheet; `hint` says what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


class ShiftError(DoesNotFitError):
    """Backs are moved too far; unmoved, all would be in its place."""


@dataclass(frozen=True)
class Stock:
    """A sheet and how it is used.

    Attributes:
        size: of the sheet as it goes into the press, upright or lying.
        margin: what cannot be printed on, on all four sides.
        gutter: between the trims of neighbours; None: twice the bleed; 0: they share a cut.
        flip: the edge around which the sheet is flipped to print its back.
        to_edge: what has no bleed may run to the edge of the sheet, where more fit so.
        order: `rows`: cards in sequence fill a sheet; `stack`: the piles that are cut, laid on one another from the
            first place to the last, are in order.
        marks: which of `cut`, `fold`, `registration`, `slug` are drawn where there is room.
    """

    size: Size
    margin: float
    gutter: float | None = None
    flip: Flip = "long"
    to_edge: bool = False
    order: Literal["rows", "stack"] = "rows"
    marks: frozenset[str] = frozenset({"cut", "fold", "registration", "slug"})


@dataclass(frozen=True)
class Placement:
    """One page on one side of a sheet.

    Attributes:
        page: of the source, from 0.
        matrix: frame of the page -> frame of the sheet; with creep in it, where there is any.
        clip: what may be seen of the page, with its bleed.
        trim: what the knife, and in booklets the fold, leave of it.
    """

    page: int
    matrix: Matrix
    clip: Rect
    trim: Rect


@dataclass(frozen=True)
class Mark:
    """A line from (x0, y0) to (x1, y1), or the box of a registration target."""

    kind: Literal["cut", "fold", "registration"]
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def box(self) -> Rect:
        """What it covers; a line has no width."""
        return Rect(min(self.x0, self.x1), min(self.y0, self.y1), max(self.x0, self.x1), max(self.y0, self.y1))


@dataclass(frozen=True)
class SheetSide:
    """One side of one sheet.

    Attributes:
        sheet: from 0.
        back: it is the other side of the side before it.
        placements: the pages on it.
        marks: around them, outside every bleed.
        slug: where one line of 6 pt can stand; None: nowhere.
        shift: how far the whole side is moved when it is placed, to the right and down; not in the other values.
    """

    sheet: int
    back: bool
    placements: tuple[Placement, ...]
    marks: tuple[Mark, ...]
    slug: Rect | None = None
    shift: tuple[float, float] = (0.0, 0.0)

    @property
    def turned(self) -> bool:
        """Whether the line of the slug runs along a side, from the foot upwards."""
        return self.slug is not None and self.slug.size.height > self.slug.size.width


@dataclass(frozen=True)
class Imposed:
    """Sheets, side by side.

    Attributes:
        size: of each sheet.
        sides: front, back, front, back; fronts alone where no card has a back.
        per_sheet: places on a side, for cards or for spreads.
        sheets: how many.
        to_edge: what is placed runs to the edge of the sheet, where most printers leave a margin.
    """

    size: Size
    sides: tuple[SheetSide, ...]
    per_sheet: int
    sheets: int
    to_edge: bool


def shift_backs(imposed: Imposed, by: tuple[float, float], most: float) -> Imposed:
    """Return the same with all backs moved, for a printer that does not print them exactly behind the fronts.

    Args:
        imposed: sheets.
        by: points to the right and down, as one looks at the back.
        most: points that each of the two may be at most: the bleed, or the back would end within the trim.

    Raises:
        ShiftError: one of the two is more.
    """
    if max(map(abs, by)) > most + SLACK:
        raise ShiftError(
            f"backs are moved by {write_mm(by[0])} and {write_mm(by[1])} mm, at most {write_mm(most)} mm can be",
            "a shift beyond the bleed leaves paper white: set the printer straight, or measure again",
        )
    return replace(imposed, sides=tuple(replace(it, shift=by) if it.back else it for it in imposed.sides))


# ------------------------------------------------------------------------------------------ maps

Axis = Literal["vertical", "horizontal"]


def name_axis(size: Size, flip: Flip) -> Axis:
    """Return the direction of the edge around which a sheet is flipped; in a square the long edge stands upright."""
    upright = size.height >= size.width
    return "vertical" if upright == (flip == "long") else "horizontal"


def turn_over(size: Size, axis: Axis) -> Matrix:
    """Return the map from a point of something flat, seen from one side, to the same point seen from the other."""
    return (-1, 0, 0, 1, size.width, 0) if axis == "vertical" else (1, 0, 0, -1, 0, size.height)


def flip_sheet(stock: Stock) -> Matrix:
    """Return the map from the front of a sheet to its back."""
    return turn_over(stock.size, name_axis(stock.size, stock.flip))


def turn_item(size: Size, turn: Turn) -> Matrix:
    """Return the map from the front of what a reader turns to its back."""
    return turn_over(size, "vertical" if turn == "page" else "horizontal")


def join(*matrices: Matrix) -> Matrix:
    """Return the map that does the last of these first."""
    first, *rest = matrices
    for it in rest:
        (a, b, c, d, e, f), (g, h, i, j, k, m) = first, it
        first = (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)
    return first


def map_point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return where a point goes."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def map_rect(matrix: Matrix, rect: Rect) -> Rect:
    """Return where a box goes, by a map of quarter turns and mirrors."""
    (x0, y0), (x1, y1) = map_point(matrix, rect.x0, rect.y0), map_point(matrix, rect.x1, rect.y1)
    return Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def map_marks(matrix: Matrix, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return where marks go."""
    return tuple(Mark(it.kind, *map_rect(matrix, it.box)) for it in marks)


def write_mm(length: float) -> str:
    """Write points as millimetres: `148`, `2.83`."""
    return f"{round(mm(length), 2):g}"


def write_size(size: Size) -> str:
    """Write a size in millimetres: `210 x 148`."""
    return f"{write_mm(size.width)} x {write_mm(size.height)}"
