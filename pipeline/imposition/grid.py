"""A sheet and the size of an item -> the places for as many as it holds.

Frame: points, origin top-left of the sheet, y down, as one looks at its front.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from pipeline.imposition.placing import SLACK, DoesNotFitError, Matrix, Stock, write_mm, write_size
from pipeline.units import Rect, Size


@dataclass(frozen=True)
class Cell:
    """A place on the front: `column` and `row` from the top-left, the map of the item's frame, and its trim."""

    column: int
    row: int
    matrix: Matrix
    trim: Rect


@dataclass(frozen=True)
class Grid:
    """Places in columns and rows, in the middle of the sheet.

    Attributes:
        area: of the sheet, that can be printed on.
        item: width and height of an item as it lies on the sheet.
        turned: it lies turned by a quarter, its head to the right.
        columns, rows: how many.
        gutter, bleed: between the trims of neighbours, and around each item.
        to_edge: the places reach beyond what can be printed on.
    """

    size: Size
    area: Rect
    item: Size
    turned: bool
    columns: int
    rows: int
    gutter: float
    bleed: float
    to_edge: bool

    @property
    def trims(self) -> Rect:
        """The box around all trims."""
        width, height = _extent(self.columns, self.item.width, self), _extent(self.rows, self.item.height, self)
        x0, y0 = (self.size.width - width) / 2, (self.size.height - height) / 2
        return Rect(x0, y0, x0 + width, y0 + height)

    def list_cells(self) -> Iterator[Cell]:
        """Yield the places row by row, each from the left."""
        left, top, *_ = self.trims
        width, height = self.item
        for row in range(self.rows):
            for column in range(self.columns):
                x, y = left + column * (width + self.gutter), top + row * (height + self.gutter)
                matrix: Matrix = (0, 1, -1, 0, x + width, y) if self.turned else (1, 0, 0, 1, x, y)
                yield Cell(column, row, matrix, Rect(x, y, x + width, y + height))

    def clip(self, cell: Cell, taken: Set[tuple[int, int]]) -> Rect:
        """Return what may be seen at a place: the bleed too, but not where a neighbour begins at the same cut.

        `taken`: column and row of the places that have something on them, on this sheet.
        """

        def reach(column: int, row: int) -> float:
            return 0.0 if self.gutter < self.bleed and (column, row) in taken else self.bleed

        return Rect(
            cell.trim.x0 - reach(cell.column - 1, cell.row),
            cell.trim.y0 - reach(cell.column, cell.row - 1),
            cell.trim.x1 + reach(cell.column + 1, cell.row),
            cell.trim.y1 + reach(cell.column, cell.row + 1),
        )


def _extent(count: int, length: float, grid: Grid) -> float:
    return count * length + (count - 1) * grid.gutter


def plan_grid(item: Size, bleed: float, stock: Stock) -> Grid:
    """Return the places for items of a size: upright or turned, whichever holds more; upright when that is the same.

    Raises:
        DoesNotFitError: the sheet holds none, or the gutter is too narrow for the bleed of two.
    """
    gutter = 2 * bleed if stock.gutter is None else stock.gutter
    if 0 < gutter < 2 * bleed - SLACK:
        raise DoesNotFitError(
            f"bleed larger than the gutter allows: twice {write_mm(bleed)} mm in {write_mm(gutter)} mm",
            f"write gutter: {write_mm(2 * bleed)}mm, or gutter: shared for one cut between two",
        )
    width, height = stock.size
    sheet, printable = Rect(0, 0, width, height), Rect(0, 0, width, height).inset(stock.margin)

    def fill(area: Rect, turned: bool) -> Grid:
        size = Size(item.height, item.width) if turned else item
        columns, rows = (
            max(0, int((room - 2 * bleed + gutter + SLACK) / (length + gutter)))
            for room, length in zip(area.size, size, strict=True)
        )
        return Grid(stock.size, printable, size, turned, columns, rows, gutter, bleed, area is sheet)

    grids = [fill(area, turned) for area in (printable, sheet) for turned in (False, True)]
    if bleed > 0 or not stock.to_edge:
        del grids[2:]
    best = max(grids, key=lambda it: it.columns * it.rows)  # the first of those that hold the same
    if best.columns * best.rows == 0:
        raise _explain(item, bleed, stock, printable)
    return best


def _explain(item: Size, bleed: float, stock: Stock, printable: Rect) -> DoesNotFitError:
    larger = "take a larger sheet, or a smaller format"
    if not _fits(item, stock.size):
        return DoesNotFitError(f"{write_size(item)} mm does not fit on a sheet of {write_size(stock.size)} mm", larger)
    needed = Size(item.width + 2 * bleed, item.height + 2 * bleed)
    what = f"{write_size(item)} mm with {write_mm(bleed)} mm of bleed" if bleed else f"{write_size(item)} mm"
    sheet = f"a sheet of {write_size(stock.size)} mm with a margin of {write_mm(stock.margin)} mm"
    room = Size(max(0.0, printable.size.width), max(0.0, printable.size.height))
    message = f"{what} needs {write_size(needed)} mm, {sheet} has {write_size(room)} mm to print on"
    if bleed == 0:
        larger = "write to_edge: true, or take a larger sheet"
    elif _fits(needed, stock.size):
        larger = "take a larger sheet, or a smaller margin if the printer can"
    return DoesNotFitError(message, larger)


def _fits(item: Size, room: Size) -> bool:
    return any(
        width <= room.width + SLACK and height <= room.height + SLACK
        for width, height in (item, (item.height, item.width))
    )
