"""`theme.yml` as models: colours with a recipe for the screen and one for the press, fonts, logo.

White text stands on every colour, so each is held against white: exactly on screen, as an estimate on paper.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from pipeline.content.fields import Hex, Name, Slug
from pipeline.content.model import Model

CONTRAST_MIN = 4.5  # WCAG 2.2, 1.4.3: text below 18 pt
INK_MAX = 300.0  # percent, coated paper; design section 4
Share = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class PrintRecipe(Model):
    """Percentages of cyan, magenta, yellow and black."""

    c: Share = 0.0
    m: Share = 0.0
    y: Share = 0.0
    k: Share = 0.0

    @property
    def inks(self) -> tuple[float, float, float, float]:
        """The four percentages in the order of the press."""
        return self.c, self.m, self.y, self.k

    @model_validator(mode="after")
    def _not_too_much(self) -> PrintRecipe:
        if sum(self.inks) > INK_MAX:
            context = {"found": f"{sum(self.inks):g}", "most": f"{INK_MAX:g}"}
            raise PydanticCustomError("ink", "{found} % ink, at most {most} % dries", context)
        found = estimate_print_contrast(self.inks)
        if found < _ESTIMATE_MIN:
            message = "contrast with white is about {found} on paper, at least {least} is needed for text"
            raise PydanticCustomError("contrast", message, {"found": f"{found:.1f}", "least": f"{CONTRAST_MIN}"})
        return self


class Colour(Model):
    """A colour with a name and two recipes: `#rrggbb` for the screen, percentages of ink for print."""

    name: Name
    screen: Hex
    print: PrintRecipe

    @field_validator("screen")
    @classmethod
    def _readable_on_white(cls, value: str) -> str:
        found = contrast_with_white(value)
        if found < CONTRAST_MIN:
            message = "contrast with white is {found}, at least {least} is needed for text"
            raise PydanticCustomError("contrast", message, {"found": f"{found:.1f}", "least": f"{CONTRAST_MIN}"})
        return value


class Fonts(Model):
    """The two families: the voice for titles and questions, the tool for all one works with."""

    voice: Name
    tool: Name


class Theme(Model):
    """`theme.yml`: colours, fonts, logo. `logo`: an SVG of one colour with outlines only; none: no logo."""

    colours: dict[Slug, Colour]
    fonts: Fonts
    logo: str | None = None

    @field_validator("colours")
    @classmethod
    def _black_is_black(cls, value: dict[str, Colour]) -> dict[str, Colour]:
        if "black" not in value:
            raise PydanticCustomError("black", "the colour 'black' is missing; text and QR codes are set in it")
        if value["black"].print.inks != (0, 0, 0, 100):
            raise PydanticCustomError("black", "'black' has to be 100 % K alone in print, or text blurs on the press")
        return value


# Light that a full layer of cyan, magenta, yellow, black lets through: relative luminance through the FOGRA39 profile.
_INK_LUMINANCE = (0.311, 0.186, 0.818, 0.024)
_DOT_GAIN = 0.7  # exponent: halftones print darker than their share
# Against the profile, over 70 recipes, the estimate is at most 28 % too high and 18 % too low: it finds ink that
# nobody can read, not a contrast of 4.4 instead of 4.5.
_ESTIMATE_MIN = CONTRAST_MIN / 1.28


def estimate_print_contrast(inks: tuple[float, float, float, float]) -> float:
    """Return about what contrast a recipe (percentages C M Y K) has with white coated paper."""
    luminance = 1.0
    for percent, solid in zip(inks, _INK_LUMINANCE, strict=True):
        luminance *= 1 - (percent / 100) ** _DOT_GAIN * (1 - solid)
    return 1.05 / (luminance + 0.05)


def contrast_with_white(screen: str) -> float:
    """Return the contrast ratio of `#rrggbb` with white (WCAG 2.2, relative luminance)."""
    channels = [int(screen[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
