"""Colour spaces and colours, as plain values: what a content stream may paint in (ISO 32000-2 8.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pikepdf

Paint = Literal["text", "fill", "stroke", "image", "shading"]

MAX_DEPTH = 16  # spaces in spaces; forms in forms
PROCESS = ("Cyan", "Magenta", "Yellow", "Black")


@dataclass(frozen=True)
class ColourUse:
    """One way in which a page is painted.

    Attributes:
        paint: what is painted.
        space: `DeviceCMYK`, `DeviceRGB`, `DeviceGray`, `ICCBased 3`, `Separation`, `Lab`, ...
        values: components from 0 to 1; empty where they vary (images, shadings).
    """

    paint: Paint
    space: str
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class Space:
    """A colour space.

    Attributes:
        name: as in `ColourUse`; `Indexed` and `Pattern` are seen through to what they are based on.
        colorants: the inks that a Separation or a DeviceN names.
    """

    name: str
    colorants: tuple[str, ...] = ()

    @property
    def initial(self) -> tuple[float, ...]:
        """The colour that painting begins with in this space, where it says what ink that is (8.6.8)."""
        if self.colorants:
            return (1.0,) * len(self.colorants)
        return {"DeviceCMYK": (0.0, 0.0, 0.0, 1.0), "DeviceGray": (0.0,), "DeviceRGB": (0.0, 0.0, 0.0)}.get(
            self.name, ()
        )


UNKNOWN = Space("unknown")
GRAY, RGB, CMYK = Space("DeviceGray"), Space("DeviceRGB"), Space("DeviceCMYK")
_DEVICE = {"DeviceGray": GRAY, "DeviceRGB": RGB, "DeviceCMYK": CMYK}
_SHORT = {"G": GRAY, "RGB": RGB, "CMYK": CMYK}


@dataclass(frozen=True)
class Ink:
    """A current colour: its space, its components, and the pattern it paints with, if any."""

    space: Space = GRAY
    values: tuple[float, ...] = (0.0,)
    pattern: Any = None


BLACK = Ink()


def read_space(space: Any, resources: Any = None, depth: int = 0) -> Space:
    """Return a colour space, by its name in the resources or as it is."""
    if depth > MAX_DEPTH:
        return UNKNOWN
    if isinstance(space, pikepdf.Name | str):
        name = str(space)[1:]
        if name in _DEVICE:
            return _DEVICE[name]
        named = resources.get("/ColorSpace", {}).get(f"/{name}") if resources is not None else None
        if named is not None and name != "Pattern":
            return read_space(named, None, depth + 1)
        return _SHORT.get(name) or Space(name)
    if isinstance(space, pikepdf.Array) and len(space) > 0:
        family = str(space[0])[1:]
        if family in ("Indexed", "I") or (family == "Pattern" and len(space) > 1):
            return read_space(space[1], resources, depth + 1)
        if family == "ICCBased":
            return Space(f"ICCBased {int(space[1].get('/N', 0))}")
        if family == "Separation":
            return Space(family, (str(space[1])[1:],))
        if family == "DeviceN":
            return Space(family, tuple(str(name)[1:] for name in space[1]))
        return read_space(space[0], None, depth + 1) if len(space) == 1 and family in _DEVICE else Space(family)
    return UNKNOWN


def read_inks(space: str, values: tuple[float, ...], colorants: tuple[str, ...] = ()) -> dict[str, float] | None:
    """Return how much of each ink a colour puts on paper, from 0 to 1; None where only a conversion could tell.

    Gray is black ink; CMYK of a profile is taken for what the press gets. `All` stands for every ink there is.
    """
    if colorants:
        return {ink: value for ink, value in zip(colorants, values, strict=False) if ink != "None"}
    if space in ("DeviceCMYK", "ICCBased 4") and len(values) == 4:
        return dict(zip(PROCESS, values, strict=True))
    if space in ("DeviceGray", "CalGray", "ICCBased 1") and len(values) == 1:
        return {"Black": 1 - values[0]}
    return None
