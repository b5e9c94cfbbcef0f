"""Pages of a booklet -> sheets that are folded once and stapled through the fold (saddle stitch).

Frame: points, origin top-left of the sheet, y down, as one looks at that side. Sheet 0 is the outermost. A sheet holds
one spread, as often as it fits: it is cut, and one has so many booklets.

A spread is laid like a card of two pages' width which its reader turns like a page, around the fold: so the backs
follow from the same maps as those of cards (`placing`).

Creep: a sheet lies in the fold of the one around it, so its fold is one thickness of paper further from the spine, and
its fore edge sticks out by as much. All fore edges are cut at once, where the outermost has its mark. Sheet k loses
k x thickness there, so its pages are moved by k x thickness towards the fold: every page then has the same margin at
its fore edge, and what goes over the fold is not seen there. Marks stay where they are, since there is one cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.imposition.cards import turn_side
from pipeline.imposition.grid import Cell, Grid, plan_grid
from pipeline.imposition.marks import plan_marks, plan_slug
from pipeline.imposition.placing import (
    SLACK,
    DoesNotFitError,
    Imposed,
    Matrix,
    Placement,
    SheetSide,
    Stock,
    flip_sheet,
    join,
    map_rect,
    turn_item,
)
from pipeline.units import Rect, Size

_FOLD = 4  # pages of a sheet that is folded once


def impose_booklet(pages: Sequence[int], trim: Size, bleed: float, stock: Stock, thickness: float = 0.0) -> Imposed:
    """Lay the pages of a booklet on sheets.

    Args:
        pages: of the source, in reading order. For a cover of its own, the outer four, and the others by themselves.
        trim: size of a page.
        bleed: around each spread that is shown; at the fold two pages meet.
        stock: the sheet, and how it is used; `order` says nothing here.
        thickness: of one sheet of paper.

    Raises:
        DoesNotFitError: their number cannot be folded, or see `plan_grid`.
    """
    _require_folding(len(pages))
    spread = Size(2 * trim.width, trim.height)
    grid = plan_grid(spread, bleed, stock)
    marks = plan_marks(grid, stock, folded=True)
    slug = plan_slug(grid, stock, marks)
    over, turned = flip_sheet(stock), turn_item(spread, "page")
    sides = []
    count = len(pages)
    for sheet in range(count // _FOLD):
        outside = pages[count - 1 - 2 * sheet], pages[2 * sheet]
        inside = pages[2 * sheet + 1], pages[count - 2 - 2 * sheet]
        creep = sheet * thickness
        front = tuple(_place_spreads(grid, outside, creep, (1, 0, 0, 1, 0, 0), (1, 0, 0, 1, 0, 0)))
        sides.append(SheetSide(sheet, False, front, marks, slug))
        sides.append(turn_side(sides[-1], tuple(_place_spreads(grid, inside, creep, over, turned)), over))
    return Imposed(stock.size, tuple(sides), grid.columns * grid.rows, count // _FOLD, grid.to_edge)


def _require_folding(count: int) -> None:
    if count == 0:
        raise DoesNotFitError("no pages to fold", "without its cover nothing is left: print it as one")
    if count % _FOLD:
        more = -count % _FOLD
        raise DoesNotFitError(
            f"{count} pages cannot be folded, a booklet has a multiple of {_FOLD}",
            f"add {more} {'page' if more == 1 else 'pages'} to make it {count + more}",
        )


def _place_spreads(
    grid: Grid, pages: tuple[int, int], creep: float, over: Matrix, turned: Matrix
) -> Iterator[Placement]:
    """Yield the left and right page of a spread at every place; `over` and `turned` lead to this side of the sheet."""
    cells = list(grid.list_cells())
    taken = {(cell.column, cell.row) for cell in cells}
    for cell in cells:
        matrix = join(over, cell.matrix, turned)
        clip = map_rect(over, grid.clip(cell, taken))
        for right, page in enumerate(pages):
            trim = _measure_half(grid, cell, matrix, right)
            moved = join(matrix, (1, 0, 0, 1, right * _length(grid) / 2 + (-creep if right else creep), 0))
            yield Placement(page, moved, _cut_at_fold(clip, trim, map_rect(over, cell.trim)), trim)


def _length(grid: Grid) -> float:
    """Return the width of a spread in its own frame."""
    return grid.item.height if grid.turned else grid.item.width


def _measure_half(grid: Grid, cell: Cell, matrix: Matrix, right: int) -> Rect:
    width = _length(grid) / 2
    height = grid.item.width if grid.turned else grid.item.height
    return map_rect(matrix, Rect(right * width, 0, (right + 1) * width, height))


def _cut_at_fold(clip: Rect, half: Rect, whole: Rect) -> Rect:
    """Return what is seen of a half: the clip of its spread, but for the side where it ends at the fold."""
    return Rect(
        *(outer if abs(own - edge) < SLACK else own for own, edge, outer in zip(half, whole, clip, strict=True))
    )
