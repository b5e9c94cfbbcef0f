"""Cards -> sheets: as many as fit, every back behind its own front.

Frame: points, origin top-left of the sheet, y down, as one looks at that side.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.imposition.grid import Cell, Grid, plan_grid
from pipeline.imposition.marks import plan_marks, plan_slug
from pipeline.imposition.placing import (
    Imposed,
    Mark,
    Matrix,
    Placement,
    SheetSide,
    Stock,
    Turn,
    flip_sheet,
    join,
    map_marks,
    map_rect,
    turn_item,
)
from pipeline.units import Rect, Size


@dataclass(frozen=True)
class Card:
    """A card: the pages of its front and of its back (None: it has none), and how often it is printed."""

    front: int
    back: int | None = None
    copies: int = 1


def impose_cards(cards: Sequence[Card], trim: Size, bleed: float, stock: Stock, turn: Turn = "page") -> Imposed:
    """Lay cards on sheets.

    Args:
        cards: in sequence; copies of one follow each other.
        trim: size of a card.
        bleed: around each card that is shown where no neighbour begins; the pages may have more.
        stock: the sheet, and how it is used.
        turn: how a reader turns a card so that its back is upright.

    Returns:
        The sheets; backs for all of them when one card has a back. The last sheet may have empty places.

    Raises:
        DoesNotFitError: see `plan_grid`.
    """
    grid = plan_grid(trim, bleed, stock)
    cells = list(grid.list_cells())
    items = [card for card in cards for _ in range(card.copies)]
    sheets = -(-len(items) // len(cells))
    two_sided = any(card.back is not None for card in items)
    marks = plan_marks(grid, stock)
    slug = plan_slug(grid, stock, marks)
    over, turned = flip_sheet(stock), turn_item(trim, turn)
    sides = []
    for sheet in range(sheets):
        laid = {
            cell: items[n]
            for cell, n in zip(cells, _number(sheet, sheets, cells, stock), strict=True)
            if n < len(items)
        }
        sides.append(SheetSide(sheet, False, tuple(_place_fronts(grid, laid)), marks, slug))
        if two_sided:
            sides.append(turn_side(sides[-1], tuple(_place_backs(grid, laid, over, turned)), over))
    return Imposed(stock.size, tuple(sides), len(cells), sheets, grid.to_edge)


def _number(sheet: int, sheets: int, cells: list[Cell], stock: Stock) -> Iterator[int]:
    """Yield for each place of a sheet the number of the item on it."""
    for place in range(len(cells)):
        yield sheet + place * sheets if stock.order == "stack" else sheet * len(cells) + place


def _place_fronts(grid: Grid, laid: Mapping[Cell, Card]) -> Iterator[Placement]:
    taken = {(cell.column, cell.row) for cell in laid}
    for cell, card in laid.items():
        yield Placement(card.front, cell.matrix, grid.clip(cell, taken), cell.trim)


def _place_backs(grid: Grid, laid: Mapping[Cell, Card], over: Matrix, turned: Matrix) -> Iterator[Placement]:
    taken = {(cell.column, cell.row) for cell in laid}
    for cell, card in laid.items():
        if card.back is not None:
            clip = map_rect(over, grid.clip(cell, taken))
            yield Placement(card.back, join(over, cell.matrix, turned), clip, map_rect(over, cell.trim))


def turn_side(front: SheetSide, placements: tuple[Placement, ...], over: Matrix) -> SheetSide:
    """Return the back of a side, with its marks behind those of the front."""
    marks: tuple[Mark, ...] = map_marks(over, front.marks)
    slug: Rect | None = map_rect(over, front.slug) if front.slug else None
    return SheetSide(front.sheet, True, placements, marks, slug)
