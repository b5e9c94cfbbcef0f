"""An image and the state it is drawn in -> how fine it is where it is placed, and what shines through.

An image fills the unit square of its matrix (ISO 32000-2 8.9.5), so the matrix says how large it is. Frame: points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from pipeline.pdf.graphics import State
from pipeline.units import Rect, inches


@dataclass(frozen=True)
class ImageUse:
    """An image where it is placed.

    Attributes:
        pixels: width and height.
        ppi: pixels per inch, in the direction in which there are fewer.
        space: as in `ColourUse`; empty for a stencil, which is painted in a colour of the page.
        see_through: what lies below shows, by a mask of its own or by how it is drawn.
        bits: of each component; 1: a bitmap.
        box: where it is.
    """

    pixels: tuple[int, int]
    ppi: float
    space: str
    see_through: bool
    bits: int = 8
    box: Rect | None = None


def use_image(image: Any, space: str, state: State, box: Rect) -> ImageUse | None:
    """Return how an image is used; None where it is too thin to be seen.

    Args:
        image: its dictionary, or the keys of an inline image under their long names.
        space: the name of its colour space; empty for a stencil.
        state: what it is drawn in.
        box: where it is.
    """
    a, b, c, d, _, _ = state.matrix
    sides = inches(math.hypot(a, b)), inches(math.hypot(c, d))
    if not all(sides):
        return None
    width, height = int(image.get("/Width")), int(image.get("/Height"))
    masked = "/SMask" in image or "/Mask" in image or bool(image.get("/SMaskInData", 0))
    return ImageUse(
        pixels=(width, height),
        ppi=min(width / sides[0], height / sides[1]),
        space=space,
        see_through=masked or state.describe(False).see_through,
        bits=int(image.get("/BitsPerComponent", 8)) if space else 1,
        box=box,
    )


def name_keys(keys: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of an inline image under their long names (8.9.7, table 91); of an Indexed space, its base."""
    named = {_LONG.get(key, key): value for key, value in keys.items()}
    space = named.get("/ColorSpace")
    if isinstance(space, list) and space:
        named["/ColorSpace"] = space[1] if len(space) > 1 else space[0]
    return named


_LONG = {
    "/BPC": "/BitsPerComponent", "/CS": "/ColorSpace", "/H": "/Height", "/IM": "/ImageMask", "/W": "/Width",
}  # fmt: skip
