"""Pages of a print file -> places on sheets of paper: cards, booklets, and the marks around them. No PDF in here.

Frame of everything: points, origin top-left of the sheet, y down, as one looks at that side of it. The frame of a page
is the same with the top-left of its trim.
"""

from __future__ import annotations

from pipeline.imposition.booklets import impose_booklet
from pipeline.imposition.cards import Card, impose_cards
from pipeline.imposition.placing import (
    DoesNotFitError,
    Flip,
    Imposed,
    Mark,
    Matrix,
    Placement,
    SheetSide,
    ShiftError,
    Stock,
    Turn,
    shift_backs,
)

__all__ = [
    "Card",
    "DoesNotFitError",
    "Flip",
    "Imposed",
    "Mark",
    "Matrix",
    "Placement",
    "SheetSide",
    "ShiftError",
    "Stock",
    "Turn",
    "impose_booklet",
    "impose_cards",
    "shift_backs",
]
