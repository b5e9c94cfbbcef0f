"""What a print shop asks for, as values: the press, its paper's printing condition, its limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pipeline.units import points

FOLDER = "shops"  # below build/, with a folder for each shop


@dataclass(frozen=True)
class Minimum:
    """The least that the shop prints well.

    Attributes:
        text: size of text in one ink, in points.
        coloured_text: size of text in more inks than one, or in white, in points.
        line: thickness of a line, in points.
        image_ppi, bitmap_ppi: pixels per inch of pictures, and of those of one bit, where they are placed.
        overprint_text, overprint_line: black text and lines below this many points overprint what lies below them.
    """

    text: float = 6.0
    coloured_text: float = 8.0
    line: float = 0.25
    image_ppi: float = 300.0
    bitmap_ppi: float = 800.0
    overprint_text: float = 12.0
    overprint_line: float = 2.0


@dataclass(frozen=True)
class Shop:
    """A print shop, or one's own printer (`assets/shops/NAME.yml`).

    Attributes:
        name: of its file; empty: the default, whose files stand in `build/` itself.
        title: as people call it.
        bleed: on all four sides, in points.
        profile: the ICC profile of its press, below `assets/icc/`.
        condition: the printing condition that the profile describes, as in the ICC's registry (`FOGRA39`).
        ink_limit: the most ink in one place, in percent.
        deliver: single pages in reading order, or sheets.
        spots: names of spot colours that are ordered.
    """

    name: str = ""
    title: str = "Offset, coated"
    bleed: float = points(3)
    profile: str = "FOGRA39L_coated.icc"
    condition: str = "FOGRA39"
    ink_limit: float = 300.0
    deliver: Literal["pages", "sheets"] = "pages"
    minimum: Minimum = field(default_factory=Minimum)
    spots: tuple[str, ...] = ()


def name_folder(shop: str) -> str:
    """Return the folder in the project that holds what is made for a shop; for the default one, `build`."""
    return f"build/{FOLDER}/{shop}" if shop else "build"
