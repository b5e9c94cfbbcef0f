"""An SVG of one colour -> outlines that a layout draws in any ink.

A logo is never placed as a picture: as outlines it takes the colour of its sheet, in CMYK as on the screen.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

Outline = dict[str, Any]

MAX_BYTES = 200_000
_NOT_OUTLINES = {"text", "image", "linearGradient", "radialGradient", "use", "filter", "mask", "foreignObject"}


class UnusableLogoError(Exception):
    """The file is no logo that can be drawn; the message says why."""


def read_logo(path: Path) -> Outline:
    """Read an SVG file as one compound path.

    Returns:
        `{"size": (width, height), "evenodd": bool, "commands": [["M", (x, y)], ["L", ..], ["C", p, q, r], ["Z"]]}`,
        in SVG units, origin at the top-left of the viewBox, y down.

    Raises:
        UnusableLogoError: no SVG, too large, without a viewBox, or with anything that is no outline.
    """
    from xml.etree import ElementTree

    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise UnusableLogoError(f"larger than {MAX_BYTES // 1000} kB; simplify the drawing")
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise UnusableLogoError("a document type declaration is not allowed; save as plain SVG")
    try:
        root = ElementTree.fromstring(raw)
    except ElementTree.ParseError as error:
        raise UnusableLogoError(f"no SVG file ({error})") from None
    if not root.tag.endswith("svg"):
        raise UnusableLogoError("no SVG file")
    foreign = sorted({_local(element.tag) for element in root.iter()} & _NOT_OUTLINES)
    if foreign:
        raise UnusableLogoError(f"holds <{foreign[0]}>; turn everything into outlines of one colour")
    return {**_view(root), "evenodd": b"evenodd" in raw, "commands": _commands(root)}


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _view(root: Any) -> dict[str, tuple[float, float]]:
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))]
    if len(numbers) != 4 or numbers[2] <= 0 or numbers[3] <= 0:
        raise UnusableLogoError("has no viewBox; save it with one")
    if numbers[:2] != [0, 0]:
        raise UnusableLogoError("its viewBox does not begin at 0 0; move the drawing there")
    return {"size": (numbers[2], numbers[3])}


def _commands(root: Any) -> list[list[Any]]:
    from fontTools.pens.basePen import BasePen
    from fontTools.svgLib.path import SVGPath

    commands: list[list[Any]] = []

    class _Recorder(BasePen):  # type: ignore[misc]
        """Quadratic curves become cubic in BasePen, so a layout knows only four commands."""

        def _moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802 (the names are fontTools')
            commands.append(["M", point])

        def _lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
            commands.append(["L", point])

        def _curveToOne(self, *points: tuple[float, float]) -> None:  # noqa: N802
            commands.append(["C", *points])

        def _closePath(self) -> None:  # noqa: N802
            commands.append(["Z"])

    svg = SVGPath()
    svg.root = root
    try:
        svg.draw(_Recorder(None))
    except (ValueError, KeyError, IndexError) as error:
        raise UnusableLogoError(f"its outlines cannot be read ({error})") from None
    if not commands:
        raise UnusableLogoError("holds no outlines")
    return commands
