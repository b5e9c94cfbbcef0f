"""Content streams -> every image on a page: how fine it is where it is placed, its colour space, what shines through.

An image fills the unit square of its matrix (ISO 32000-2 8.9.5), so the matrix says how large it is: through form
XObjects and tiling patterns. Frame: points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import pikepdf

from pipeline.pdf.colours import MAX_DEPTH, TooLargeError, name_space, require_bounded
from pipeline.units import inches

MAX_STEPS = 200_000  # operators that are followed on one page, forms counted each time they are drawn

_FOLLOWED = "q Q cm Do gs scn SCN BI ID EI"


@dataclass(frozen=True)
class ImageUse:
    """An image where it is placed.

    Attributes:
        pixels: width and height.
        ppi: pixels per inch, in the direction in which there are fewer.
        space: as in `ColourUse`; empty for a stencil, which is painted in a colour of the page.
        see_through: what lies below shows, by a mask of its own or by how it is drawn.
    """

    pixels: tuple[int, int]
    ppi: float
    space: str
    see_through: bool


def read_images(page: pikepdf.Page) -> tuple[ImageUse, ...]:
    """Return every image that is drawn on a page, each way of drawing it once.

    Raises:
        TooLargeError: following the content would take too long.
    """
    walk = _Walk()
    unit = float(page.obj.get("/UserUnit", 1))
    start = _State(pikepdf.Matrix(unit, 0, 0, unit, 0, 0))
    walk.stream(page, page.get("/Resources", pikepdf.Dictionary()), start, 0)
    return tuple(walk.uses)


@dataclass(frozen=True)
class _State:
    """What decides how an image is drawn: ISO 32000-2 8.3 and 11.6."""

    matrix: pikepdf.Matrix
    masked: bool = False
    alpha: float = 1.0
    blend: str = "/Normal"

    def change(self, settings: Any) -> _State:
        """Return the state after an ExtGState; a key that is not in it stays as it was."""
        state = self
        if "/SMask" in settings:
            state = replace(state, masked=settings.SMask != pikepdf.Name("/None"))
        if "/ca" in settings:
            state = replace(state, alpha=float(settings.ca))
        if "/BM" in settings:
            modes = settings.BM if isinstance(settings.BM, pikepdf.Array) else [settings.BM]
            state = replace(state, blend=str(modes[0]))
        return state

    @property
    def see_through(self) -> bool:
        return self.masked or self.alpha < 1 or self.blend not in ("/Normal", "/Compatible")


class _Walk:
    """Collects the images of one page."""

    def __init__(self) -> None:
        self.uses: dict[ImageUse, None] = {}
        self.parsed: dict[tuple[int, int], Any] = {}
        self.steps = 0

    def stream(self, content: Any, resources: Any, state: _State, depth: int) -> None:
        """Walk one content stream with the state it begins in."""
        if depth > MAX_DEPTH:
            return
        base, stack = state, []
        for instruction in self._parse(content):
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise TooLargeError(f"a page that draws its pictures in more than {MAX_STEPS} steps")
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                self._image(instruction.iimage.obj, resources, state)
                continue
            operator, operands = str(instruction.operator), instruction.operands
            if operator == "q":
                stack.append(state)
            elif operator == "Q":
                state = stack.pop() if stack else state
            elif operator == "cm":
                state = replace(state, matrix=pikepdf.Matrix(*map(float, operands)) @ state.matrix)
            elif operator == "gs":
                state = state.change(resources.get("/ExtGState", {}).get(operands[0], {}))
            elif operator == "Do":
                self._draw(resources.get("/XObject", {}).get(operands[0]), resources, state, depth)
            elif operands and isinstance(operands[-1], pikepdf.Name):  # a pattern: it lies in the frame of the stream
                pattern = resources.get("/Pattern", {}).get(operands[-1])
                if isinstance(pattern, pikepdf.Stream):
                    self._enter(pattern, resources, replace(state, matrix=base.matrix), depth)

    def _parse(self, content: Any) -> Any:
        key = (content.obj if isinstance(content, pikepdf.Page) else content).objgen
        if key not in self.parsed:
            require_bounded(content)
            self.parsed[key] = pikepdf.parse_content_stream(content, _FOLLOWED)
        return self.parsed[key]

    def _draw(self, xobject: Any, resources: Any, state: _State, depth: int) -> None:
        if xobject is None:
            return
        if xobject.get("/Subtype") == "/Image":
            self._image(xobject, resources, state)
        else:
            self._enter(xobject, resources, state, depth)

    def _enter(self, stream: Any, resources: Any, state: _State, depth: int) -> None:
        own = pikepdf.Matrix(*map(float, stream.get("/Matrix", [1, 0, 0, 1, 0, 0])))
        inner = replace(state, matrix=own @ state.matrix)
        self.stream(stream, stream.get("/Resources", resources), inner, depth + 1)

    def _image(self, image: Any, resources: Any, state: _State) -> None:
        width, height = int(image.get("/Width", image.get("/W"))), int(image.get("/Height", image.get("/H")))
        matrix = state.matrix
        sides = inches(math.hypot(matrix.a, matrix.b)), inches(math.hypot(matrix.c, matrix.d))
        if not all(sides):  # a line of no width: nothing is seen of it
            return
        stencil = bool(image.get("/ImageMask", image.get("/IM", False)))
        space = "" if stencil else name_space(image.get("/ColorSpace", image.get("/CS")), resources)
        masked = "/SMask" in image or "/Mask" in image or bool(image.get("/SMaskInData", 0))
        ppi = min(width / sides[0], height / sides[1])
        self.uses[ImageUse((width, height), ppi, space, masked or state.see_through)] = None
