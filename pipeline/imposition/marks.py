"""A grid of places -> what is drawn around it: cut and fold marks, registration targets, room for the slug.

Frame: points, origin top-left of the sheet, y down, as one looks at its front. Nothing touches a bleed, and all of it
lies where the sheet can be printed on; what has no room is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.imposition.grid import Grid
from pipeline.imposition.placing import SLACK, Mark, Stock
from pipeline.units import Rect, points

_APART = points(0.5)  # between a bleed and a mark: a hairline at the edge of a picture cannot be seen
_OFFSET = points(
    2
)  # from the trim at least, where there is no bleed: a knife that strays must leave no mark on the page
_LONG, _SHORT = points(5), points(1.5)  # a mark, and the shortest that one can lay a ruler on
_HAIR = 0.25  # thickness of a line
_TARGET, _TARGET_ROOM = points(5), points(3)  # a registration target, and the room from which on there is one
_BESIDE = points(0.25)  # between a target and a line
_AROUND = points(2)  # between the slug and a mark
# Of a side, from where a fold or a cut passes its middle: where a target is looked for next.
_PLACES = (0.5, 0.375, 0.625, 0.25, 0.75)
_SLUG, _SLUG_LEAST = points(2.6), points(2.2)  # height of a line of 6 pt
_SLUG_WIDE, _SLUG_NARROW = points(80), points(40)  # a side is taken that has the first; else the widest with the second


@dataclass(frozen=True)
class _Strip:
    """The paper between the bleeds and the end of what can be printed on, on one side of the grid.

    In a frame of its own, so that all four are alike: `along` the side, and `out` from the trims.

    Attributes:
        side: `foot`, `head`, `left` or `right`.
        start, end: along the side, what can be printed on.
        bleed, stop: out from the trims, where the bleed ends, and what can be printed on.
        lines, folds: along the side, where trims end, and where spreads are folded.
        trims: the box around all trims, in the frame of the sheet.
    """

    side: str
    start: float
    end: float
    bleed: float
    stop: float
    lines: tuple[float, ...]
    folds: tuple[float, ...]
    trims: Rect

    def box(self, along0: float, along1: float, out0: float, out1: float) -> Rect:
        """Return a box of the strip in the frame of the sheet."""
        trims = self.trims
        if self.side == "foot":
            return Rect(along0, trims.y1 + out0, along1, trims.y1 + out1)
        if self.side == "head":
            return Rect(along0, trims.y0 - out1, along1, trims.y0 - out0)
        if self.side == "left":
            return Rect(trims.x0 - out1, along0, trims.x0 - out0, along1)
        return Rect(trims.x1 + out0, along0, trims.x1 + out1, along1)

    @property
    def extent(self) -> tuple[float, float]:
        """Where the grid begins and ends along the side."""
        return (self.trims.x0, self.trims.x1) if self.side in ("foot", "head") else (self.trims.y0, self.trims.y1)


def plan_marks(grid: Grid, stock: Stock, folded: bool = False) -> tuple[Mark, ...]:
    """Return the marks of a front: at every trim, and where items are `folded` at their middle.

    A mark stands outside the bleed, 2 mm from the trim at least; it is 5 mm long, or as long as there is room for.
    """
    marks: list[Mark] = []
    for strip in _list_strips(grid, folded):
        if "cut" in stock.marks:
            marks += (Mark("cut", *line) for line in _list_lines(strip, strip.lines))
        if "fold" in stock.marks:
            marks += (Mark("fold", *line) for line in _list_lines(strip, strip.folds))
    if "registration" in stock.marks:
        for strip in _list_strips(grid, folded):
            marks += _list_targets(strip, _cover(marks))
    return tuple(marks)


def _list_strips(grid: Grid, folded: bool) -> Iterator[_Strip]:
    area, trims = grid.area, grid.trims
    cells = list(grid.list_cells())
    columns = sorted({round(x, 6) for cell in cells for x in (cell.trim.x0, cell.trim.x1)})
    rows = sorted({round(y, 6) for cell in cells for y in (cell.trim.y0, cell.trim.y1)})
    middles_x = sorted({round((it.trim.x0 + it.trim.x1) / 2, 6) for it in cells if folded and not grid.turned})
    middles_y = sorted({round((it.trim.y0 + it.trim.y1) / 2, 6) for it in cells if folded and grid.turned})
    across = (area.x0, area.x1, grid.bleed)
    upright = (area.y0, area.y1, grid.bleed)
    yield _Strip("foot", *across, area.y1 - trims.y1, tuple(columns), tuple(middles_x), trims)
    yield _Strip("head", *across, trims.y0 - area.y0, tuple(columns), tuple(middles_x), trims)
    yield _Strip("left", *upright, trims.x0 - area.x0, tuple(rows), tuple(middles_y), trims)
    yield _Strip("right", *upright, area.x1 - trims.x1, tuple(rows), tuple(middles_y), trims)


def _list_lines(strip: _Strip, places: Iterable[float]) -> Iterator[Rect]:
    """Yield a line across the strip at each of these places along it."""
    begin = max(strip.bleed + _APART, _OFFSET)
    stop = min(begin + _LONG, strip.stop)
    if stop - begin < _SHORT - SLACK:
        return
    for along in places:
        if strip.start + _HAIR / 2 <= along <= strip.end - _HAIR / 2:
            yield strip.box(along, along, begin, stop)


def _list_targets(strip: _Strip, others: Sequence[Rect]) -> Iterator[Mark]:
    """Yield the target of a side: in its middle, else where no other mark is in the way."""
    room = strip.stop - strip.bleed
    if room < _TARGET_ROOM - SLACK:
        return
    size = min(_TARGET, room - _APART)
    out = strip.bleed + _APART
    low, high = strip.extent
    for share in _PLACES:
        middle = low + share * (high - low)
        box = strip.box(middle - size / 2, middle + size / 2, out, out + size)
        inside = strip.start <= middle - size / 2 and middle + size / 2 <= strip.end
        if inside and not any(box.inset(-_BESIDE).overlaps(it) for it in others):
            yield Mark("registration", *box)
            return


def _cover(marks: Iterable[Mark]) -> list[Rect]:
    """Return what is printed of marks."""
    return [mark.box.inset(-_HAIR / 2) for mark in marks]


def plan_slug(grid: Grid, stock: Stock, marks: Sequence[Mark]) -> Rect | None:
    """Return where one line of 6 pt can stand: along the foot, the head, the left or the right side; None: nowhere."""
    if "slug" not in stock.marks:
        return None
    widest: tuple[float, Rect] | None = None
    for strip in _list_strips(grid, folded=False):
        for low, high, box in _list_gaps(strip, _cover(marks)):
            if high - low >= _SLUG_WIDE:
                return box
            if high - low >= _SLUG_NARROW and (widest is None or high - low > widest[0]):
                widest = high - low, box
    return widest[1] if widest else None


def _list_gaps(strip: _Strip, marks: Iterable[Rect]) -> Iterator[tuple[float, float, Rect]]:
    """Yield from where to where a line can stand, along the outer edge of a strip."""
    room = strip.stop - strip.bleed - _APART
    if room < _SLUG_LEAST - SLACK:
        return
    height = min(_SLUG, room)
    band = strip.box(strip.start, strip.end, strip.stop - height, strip.stop)
    lying = strip.side in ("foot", "head")
    taken = sorted((it.x0, it.x1) if lying else (it.y0, it.y1) for it in marks if band.inset(-_BESIDE).overlaps(it))
    begin = strip.start
    for low, high in (*taken, (strip.end + _AROUND, strip.end)):
        if low - _AROUND > begin:
            end = low - _AROUND
            yield begin, end, strip.box(begin, end, strip.stop - height, strip.stop)
        begin = max(begin, high + _AROUND)
