"""An SVG of one colour -> outlines that a layout draws in any ink.

A logo is never placed as a picture: as outlines it takes the colour of its sheet, in CMYK as on the screen. What would
look different as a solid outline (strokes, holes painted white, clipping, gradients) is refused, not guessed.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

Outline = dict[str, Any]
Point = tuple[float, float]

MAX_BYTES = 200_000
ASPECT_MOST = 10.0  # longer or higher logos cannot be read at the size that a layout gives them
FILLED_LEAST = 0.05  # of the viewBox, by the bounds of the drawing: less is a drawing with a wrong viewBox
OVERHANG_MOST = 0.01  # of the viewBox that curves may stick out

_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polygon", "polyline"}
_CONTAINERS = {"svg", "g"}
_IGNORED = {"title", "desc", "metadata", "namedview", "style"}
_PAINTED_OTHERWISE = re.compile(
    r"(?:fill|display|visibility)\s*[:=]\s*[\"']?\s*(?:none|hidden)|(?:clip-path|mask|filter|opacity)\s*[:=]"
    r"|stroke\s*[:=]\s*[\"']?\s*(?!none)[^\s\"';]|url\(",
    re.I,
)
_FILL = re.compile(r"(?<![-\w])fill\s*[:=]\s*[\"']?\s*([^\s\"';}]+)", re.I)
_WHITE = {"white", "#fff", "#ffffff", "transparent"}


class UnusableLogoError(Exception):
    """The file is no logo that can be drawn; the message says why."""


def load_logo(path: Path) -> bytes:
    """Read the file of a logo; a huge picture is refused before it is read.

    Raises:
        UnusableLogoError: too large.
    """
    if path.stat().st_size > MAX_BYTES:
        raise UnusableLogoError(f"larger than {MAX_BYTES // 1000} kB; simplify the drawing")
    return path.read_bytes()


def read_logo(raw: bytes) -> Outline:
    """Read an SVG as one compound path.

    Returns:
        `{"size": (width, height), "evenodd": bool, "commands": [["M", (x, y)], ["L", ..], ["C", p, q, r], ["Z"]]}`,
        in SVG units, origin at the top-left of the viewBox, y down.

    Raises:
        UnusableLogoError: no SVG, a wrong viewBox, or anything that is no outline of one colour.
    """
    from xml.etree import ElementTree

    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise UnusableLogoError("a document type declaration is not allowed; save as plain SVG")
    try:
        root = ElementTree.fromstring(raw)
    except (ElementTree.ParseError, ValueError) as error:
        raise UnusableLogoError(f"no SVG file ({error})") from None
    if _local(root) != "svg":
        raise UnusableLogoError("no SVG file")
    _require_outlines(root)
    size = _read_size(root)
    commands = _read_commands(root)
    _require_fit(commands, size)
    evenodd = any("evenodd" in (element.get("fill-rule", "") + element.get("style", "")) for element in root.iter())
    return {"size": size, "evenodd": evenodd, "commands": commands}


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _require_outlines(root: Any) -> None:
    """Refuse everything that a solid outline in one ink would show differently."""
    fills = set()
    for element in root.iter():
        name = _local(element)
        if name not in _SHAPES | _CONTAINERS | _IGNORED and not str(element.tag).startswith("{http://www.inkscape"):
            raise UnusableLogoError(f"holds <{name}>; turn everything into outlines of one colour")
        if name == "svg" and element is not root:
            raise UnusableLogoError("holds an <svg> inside; turn everything into outlines of one colour")
        if name in _SHAPES | _CONTAINERS | {"style"}:
            painting = " ".join(f'{key}="{value}"' for key, value in element.attrib.items()) + f" {element.text or ''}"
            other = _PAINTED_OTHERWISE.search(painting)
            if other:
                raise UnusableLogoError(f"is painted with '{other[0]}'; turn strokes and effects into filled outlines")
            fills |= {fill.lower() for fill in _FILL.findall(painting)}
    if fills & _WHITE:
        raise UnusableLogoError("has white parts; cut them out of the outlines instead")
    if len(fills) > 1:
        raise UnusableLogoError(f"has more than one colour ({', '.join(sorted(fills))})")


def _read_size(root: Any) -> Point:
    try:
        x, y, width, height = (float(number) for number in re.split(r"[\s,]+", root.get("viewBox", "").strip()))
    except ValueError:
        raise UnusableLogoError("has no viewBox of four numbers; save it with one") from None
    if (x, y) != (0, 0):
        raise UnusableLogoError("its viewBox does not begin at 0 0; move the drawing there")
    if not (0 < width < math.inf and 0 < height < math.inf and 1 / ASPECT_MOST <= width / height <= ASPECT_MOST):
        raise UnusableLogoError(f"its viewBox of {width:g} x {height:g} is no shape of a logo")
    return width, height


def _flatten(element: Any, outer: Any) -> None:
    """Give each shape the transforms of its groups and its own as one matrix: all that fontTools reads."""
    inner = outer.transform(_read_transform(element.attrib.pop("transform", "")))
    if _local(element) in _SHAPES and inner != (1, 0, 0, 1, 0, 0):
        element.set("transform", f"matrix({' '.join(map(repr, inner))})")
    for child in element:
        _flatten(child, inner)


def _read_transform(text: str) -> Any:
    """Read an SVG transform list (SVG 2, 8.5) as a fontTools Transform."""
    from fontTools.misc.transform import Identity

    matrix = Identity
    for name, arguments in re.findall(r"([a-zA-Z]+)\s*\(([^)]*)\)", text):
        numbers = [float(number) for number in re.split(r"[\s,]+", arguments.strip())]
        if name == "matrix" and len(numbers) == 6:
            matrix = matrix.transform(tuple(numbers))
        elif name == "translate" and len(numbers) in (1, 2):
            matrix = matrix.translate(*numbers)
        elif name == "scale" and len(numbers) in (1, 2):
            matrix = matrix.scale(*numbers)
        elif name == "rotate" and len(numbers) == 1:
            matrix = matrix.rotate(math.radians(numbers[0]))
        elif name == "rotate" and len(numbers) == 3:
            matrix = matrix.translate(*numbers[1:]).rotate(math.radians(numbers[0])).translate(-numbers[1], -numbers[2])
        elif name in ("skewX", "skewY") and len(numbers) == 1:
            angle = math.radians(numbers[0])
            matrix = matrix.skew(angle, 0) if name == "skewX" else matrix.skew(0, angle)
        else:
            raise ValueError(f"transform '{name}({arguments})'")
    return matrix


def _read_commands(root: Any) -> list[list[Any]]:
    from fontTools.misc.transform import Identity
    from fontTools.pens.basePen import BasePen
    from fontTools.svgLib.path import SVGPath

    commands: list[list[Any]] = []

    class _Recorder(BasePen):  # type: ignore[misc]
        """Quadratic curves become cubic in BasePen, so a layout knows only four commands."""

        def _moveTo(self, point: Point) -> None:  # noqa: N802 (the names are fontTools')
            commands.append(["M", point])

        def _lineTo(self, point: Point) -> None:  # noqa: N802
            commands.append(["L", point])

        def _curveToOne(self, *points: Point) -> None:  # noqa: N802
            commands.append(["C", *points])

        def _closePath(self) -> None:  # noqa: N802
            commands.append(["Z"])

    svg = SVGPath()
    svg.root = root
    try:
        _flatten(root, Identity)
        svg.draw(_Recorder(None))
    except Exception as error:  # whatever a path that is no path sets off in the parser
        raise UnusableLogoError(f"its outlines cannot be read ({error})") from None
    if not commands:
        raise UnusableLogoError("holds no outlines")
    return commands


def _require_fit(commands: list[list[Any]], size: Point) -> None:
    """Refuse a drawing that sticks out of its viewBox, or is a speck in it."""
    points = [point for _, *points in commands for point in points]
    if not all(math.isfinite(value) for point in points for value in point):
        raise UnusableLogoError("has a coordinate that is no number")
    spans = []
    for axis, room in enumerate(size):
        low, high = _bounds(commands, axis)
        if low < -OVERHANG_MOST * room or high > (1 + OVERHANG_MOST) * room:
            raise UnusableLogoError("sticks out of its viewBox; fit the page to the drawing")
        spans.append((high - low) / room)
    if spans[0] * spans[1] < FILLED_LEAST:
        raise UnusableLogoError("is a speck in its viewBox; fit the page to the drawing")


def _bounds(commands: list[list[Any]], axis: int) -> tuple[float, float]:
    """Return least and greatest coordinate on one axis; of curves, by sixteen points on each."""
    values = []
    here = 0.0
    for kind, *points in commands:
        if kind == "C":
            p = [here, *(point[axis] for point in points)]
            for step in range(1, 17):
                t = step / 16
                s = 1 - t
                values.append(s**3 * p[0] + 3 * s * s * t * p[1] + 3 * s * t * t * p[2] + t**3 * p[3])
        elif points:
            values.append(points[0][axis])
        here = points[-1][axis] if points else here
    return min(values), max(values)
