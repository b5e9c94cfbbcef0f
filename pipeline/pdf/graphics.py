"""The graphics state (ISO 32000-2 8.4), as far as preflight asks: matrices, colours, text, transparency, overprint."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import pikepdf

from pipeline.pdf.colours import BLACK, Ink
from pipeline.units import Rect

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
LONG = 3.0  # a rectangle this many times as long as it is wide is a line


def multiply(first: Matrix, then: Matrix) -> Matrix:
    """Return the matrix that does one after the other (8.3.4)."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def read_matrix(values: Any) -> Matrix:
    """Read six numbers.

    Raises:
        ValueError: they are not six.
    """
    a, b, c, d, e, f = map(float, values)
    return a, b, c, d, e, f


def read_box(raw: Any, unit: float) -> Rect:
    """Read a box of a page, in points: `unit` is the page's UserUnit (14.11.2, 7.9.5: any two corners)."""
    x0, y0, x1, y1 = (unit * float(value) for value in raw)
    return Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def place_box(matrix: Matrix, box: tuple[float, float, float, float]) -> Rect:
    """Return the box around a box that a matrix moves."""
    a, b, c, d, e, f = matrix
    x0, y0, x1, y1 = box
    if b == 0 == c:
        left, right, low, high = a * x0 + e, a * x1 + e, d * y0 + f, d * y1 + f
        return Rect(min(left, right), min(low, high), max(left, right), max(low, high))
    xs = (a * x0 + c * y0, a * x1 + c * y0, a * x0 + c * y1, a * x1 + c * y1)
    ys = (b * x0 + d * y0, b * x1 + d * y0, b * x0 + d * y1, b * x1 + d * y1)
    return Rect(min(xs) + e, min(ys) + f, max(xs) + e, max(ys) + f)


def scale_least(matrix: Matrix) -> float:
    """Return how much longer a line gets at the least, whatever its direction (the smaller singular value)."""
    a, b, c, d, _, _ = matrix
    total, area = a * a + b * b + c * c + d * d, abs(a * d - b * c)
    return math.sqrt(max(0.0, (total - math.sqrt(max(0.0, total * total - 4 * area * area))) / 2))


def scale_most(matrix: Matrix) -> float:
    """Return how much longer a line gets at the most (the larger singular value)."""
    a, b, c, d, _, _ = matrix
    total, area = a * a + b * b + c * c + d * d, abs(a * d - b * c)
    return math.sqrt((total + math.sqrt(max(0.0, total * total - 4 * area * area))) / 2)


def measure_path(path: list[list[float]], bent: set[int]) -> tuple[tuple[float, float, float, float] | None, Any]:
    """Return the box of a path, None where it is empty, and (width, height) of each part if all are rectangles."""
    lefts, lows, rights, tops = [], [], [], []
    sides: list[tuple[float, float]] | None = None if bent else []
    for part in path:
        if len(part) < 4:
            continue
        xs, ys = part[0::2], part[1::2]
        left, right, low, high = min(xs), max(xs), min(ys), max(ys)
        lefts.append(left)
        rights.append(right)
        lows.append(low)
        tops.append(high)
        if sides is not None:
            if _is_rectangle(xs, ys):
                sides.append((right - left, high - low))
            else:
                sides = None
    return ((min(lefts), min(lows), max(rights), max(tops)), sides) if lefts else (None, None)


def _is_rectangle(xs: list[float], ys: list[float]) -> bool:
    if len(xs) == 5 and xs[0] == xs[4] and ys[0] == ys[4]:
        xs, ys = xs[:4], ys[:4]
    if len(xs) == 2:  # a line that is filled has no width at all
        return xs[0] == xs[1] or ys[0] == ys[1]
    if len(xs) != 4:
        return False
    upright = xs[0] == xs[1] and ys[1] == ys[2] and xs[2] == xs[3] and ys[3] == ys[0]
    return upright or (ys[0] == ys[1] and xs[1] == xs[2] and ys[2] == ys[3] and xs[3] == xs[0])


def measure_lines(sides: list[tuple[float, float]] | None, matrix: Matrix) -> float | None:
    """Return the width of the thinnest of these rectangles, if all are long for their width: lines that are filled."""
    if not sides:
        return None
    a, b, c, d, _, _ = matrix
    across, up = math.hypot(a, b), math.hypot(c, d)
    placed = [(width * across, height * up) for width, height in sides]
    if any(max(it) < LONG * min(it) for it in placed):
        return None
    return min(map(min, placed))


@dataclass(frozen=True)
class Settings:
    """An ExtGState; None: the entry is not there, and nothing changes."""

    fills: bool | None = None
    strokes: bool | None = None
    keeps: bool | None = None
    fill_alpha: float | None = None
    stroke_alpha: float | None = None
    blend: str | None = None
    mask: Any = None
    font: Any = None
    width: float | None = None
    transfers: bool | None = None


def read_settings(raw: Any) -> Settings:
    """Read an ExtGState (8.4.5). OP is for filling too where op is absent."""
    overprint = bool(raw["/OP"]) if "/OP" in raw else None
    blend = raw.get("/BM")
    if isinstance(blend, pikepdf.Array):
        blend = blend[0] if len(blend) else None
    return Settings(
        fills=bool(raw["/op"]) if "/op" in raw else overprint,
        strokes=overprint,
        keeps=int(raw["/OPM"]) == 1 if "/OPM" in raw else None,
        fill_alpha=float(raw["/ca"]) if "/ca" in raw else None,
        stroke_alpha=float(raw["/CA"]) if "/CA" in raw else None,
        blend=None if blend is None else str(blend)[1:],
        mask=raw.get("/SMask"),
        font=raw.get("/Font"),
        width=float(raw["/LW"]) if "/LW" in raw else None,
        transfers=_read_transfer(raw),
    )


def _read_transfer(raw: Any) -> bool | None:
    """Return whether a function changes what each ink prints; the press's own is none (table 57)."""
    found = raw.get("/TR2", raw.get("/TR"))
    return None if found is None else str(found) not in ("/Default", "/Identity")


class How(NamedTuple):
    """How a mark is painted; see `Mark`."""

    overprints: bool
    keeps: bool
    see_through: bool
    font: str
    masking: bool


@dataclass
class State:
    """The graphics state; `clone` for what `q` keeps.

    Attributes:
        at: a box that stands for all that is drawn: of what a pattern fills, or a glyph that is a drawing.
        masking: this is part of a soft mask.
    """

    matrix: Matrix = IDENTITY
    fill: Ink = BLACK
    stroke: Ink = BLACK
    width: float = 1.0
    mode: int = 0  # text rendering mode: 0 fill, 1 stroke, 2 both, 3 neither, 4-7 the same and clip
    font: Any = None
    size: float = 0.0
    leading: float = 0.0
    letters: float = 0.0
    stretch: float = 1.0
    rise: float = 0.0
    fills: bool = False
    strokes: bool = False
    keeps: bool = False
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    blend: str = "Normal"
    masked: bool = False
    transfers: bool = False
    at: Rect | None = None
    masking: bool = False

    def clone(self) -> State:
        """Return a copy."""
        other = State.__new__(State)
        other.__dict__.update(self.__dict__)
        return other

    def apply(self, settings: Settings) -> None:
        """Change what an ExtGState changes, but for its font."""
        for name in ("fills", "strokes", "keeps", "fill_alpha", "stroke_alpha", "blend", "width", "transfers"):
            value = getattr(settings, name)
            if value is not None:
                setattr(self, name, value)
        if settings.mask is not None:
            self.masked = isinstance(settings.mask, pikepdf.Dictionary)

    def describe(self, strokes: bool, font: str = "") -> How:
        """Return how it paints."""
        alpha = self.stroke_alpha if strokes else self.fill_alpha
        plain = alpha >= 1 and self.blend in ("Normal", "Compatible") and not self.masked and not self.transfers
        return How(self.strokes if strokes else self.fills, self.keeps, not plain, font, self.masking)
