"""Lengths and boxes. Points (1/72 inch, float) everywhere inside; this is the only place that knows 72/25.4."""

from __future__ import annotations

import re
from typing import NamedTuple

POINTS_PER_MM = 72 / 25.4
_POINTS_PER_UNIT = {"mm": POINTS_PER_MM, "cm": 10 * POINTS_PER_MM, "in": 72.0, "pt": 1.0}
_TERM = re.compile(r"([+-]?)\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)\s*")
_LENGTH = re.compile(r"\s*[+-]?\s*[0-9]+(?:\.[0-9]+)?\s*[a-z]*\s*(?:[+-]\s*[0-9]+(?:\.[0-9]+)?\s*[a-z]*\s*)*")

_WRITTEN_TERM = rf"[0-9]+(\.[0-9]+)? *({'|'.join(_POINTS_PER_UNIT)}|u)"
LENGTH_WRITTEN = rf"^ *[+-]? *{_WRITTEN_TERM}( *[+-] *{_WRITTEN_TERM})* *$"  # one that `parse_length` reads with a grid


class Size(NamedTuple):
    """Width and height in points."""

    width: float
    height: float


class Rect(NamedTuple):
    """A box `(x0, y0, x1, y1)` in points; the frame is that of whoever made it."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def size(self) -> Size:
        """Width and height in points."""
        return Size(self.x1 - self.x0, self.y1 - self.y0)

    def inset(self, by: float) -> Rect:
        """Return the box made smaller by `by` points on each side (larger when negative)."""
        return Rect(self.x0 + by, self.y0 + by, self.x1 - by, self.y1 - by)

    def holds(self, other: Rect, slack: float = 0.01) -> bool:
        """Say whether `other` lies inside this box, give or take `slack` points."""
        return (
            self.x0 - slack <= other.x0
            and self.y0 - slack <= other.y0
            and other.x1 <= self.x1 + slack
            and other.y1 <= self.y1 + slack
        )

    def overlaps(self, other: Rect, slack: float = 0.01) -> bool:
        """Say whether the two have an area in common, wider than `slack` points."""
        return (
            self.x0 + slack < other.x1
            and other.x0 + slack < self.x1
            and self.y0 + slack < other.y1
            and other.y0 + slack < self.y1
        )


def points(millimetres: float) -> float:
    """Convert millimetres to points."""
    return millimetres * POINTS_PER_MM


def mm(points_: float) -> float:
    """Convert points to millimetres."""
    return points_ / POINTS_PER_MM


def inches(points_: float) -> float:
    """Convert points to inches, in which pixels are counted (ppi)."""
    return points_ / _POINTS_PER_UNIT["in"]


def parse_length(text: str, grid: float | None = None) -> float:
    """Read a length with its unit (`3mm`, `0.5in`, `12pt`, `1.2cm`), or a sum of them (`10mm + 64u`), as points.

    Args:
        text: terms with `+` or `-` between them, each with its unit.
        grid: the grid unit `u` in points, where there is one.

    Raises:
        ValueError: the text is no number with one of these units; the message says what to write.
    """
    if not _LENGTH.fullmatch(text):
        raise ValueError(f"'{text}' is not a length; write a number with a unit, such as 3mm")
    units = _POINTS_PER_UNIT if grid is None else {**_POINTS_PER_UNIT, "u": grid}
    total = 0.0
    for sign, number, unit in _TERM.findall(text):
        if unit not in units:
            what = f"unit '{unit}' is not known" if unit else "the unit is missing"
            raise ValueError(f"{what}; write {number}mm, or one of {', '.join(units)}")
        total += float(number) * units[unit] * (-1 if sign == "-" else 1)
    return total
