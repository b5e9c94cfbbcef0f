"""All that an editor writes, as frozen pydantic models. What a field means is said once, here.

Texts are data: white space is folded to single spaces, nothing else is interpreted. Numbers of characters are only
a first sieve against a text in the wrong place; what fits is measured when it is typeset.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from pipeline.content.fields import (
    Address,
    AddressPart,
    BreakWord,
    Code,
    Day,
    Doi,
    Flag,
    Hex,
    Label,
    Language,
    Line,
    Name,
    Paragraph,
    Region,
    Sentences,
    Slug,
    Title,
    Whole,
    like,
    with_places,
)

CONTRAST_MIN = 4.5  # WCAG 2.2, 1.4.3: text below 18 pt
INK_MAX = 300.0  # percent, coated paper; design section 4
CIRCLE_MAX = 24  # more stations than this and their numbers touch
CIRCLE_NUMBER_MAX = 99  # a numeral of three figures covers the ring


class Model(BaseModel):
    """Frozen, and without room for unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


# ------------------------------------------------------------------------------------------ dimensions


class Claim(Model):
    """A sentence or two of reason, with the works it rests on."""

    text: Paragraph
    sources: tuple[str, ...] = Field(min_length=1)


class Challenge(Model):
    """A point that goes against the grain: a title and a sentence for the card, the reasons for *Verdieping*."""

    code: Code
    title: Title
    text: Sentences
    why: tuple[Claim, ...] = ()


class Quotation(Model):
    """Words of somebody else, never without where they are from."""

    text: Line
    source: Label


class MarkedSuggestion(Model):
    """A suggestion with a mark: `short` ones stand on small cards too."""

    text: Line
    short: Flag = False


def _tag_suggestion(value: object) -> str:
    """Take keys for a mark only where they are those of one: a text with ': ' in it looks like keys as well."""
    marked = isinstance(value, MarkedSuggestion) or (isinstance(value, dict) and {"text", "short"} & value.keys())
    return "[marked]" if marked else "[text]"


Suggestion = Annotated[
    Annotated[Line, Tag("[text]")] | Annotated[MarkedSuggestion, Tag("[marked]")], Discriminator(_tag_suggestion)
]


class Side(Model):
    """What a card says to one audience, and the statements its form asks about."""

    suggestions: tuple[Suggestion, ...] = Field(min_length=1)
    question: Line | None = None
    quotation: Quotation | None = None
    statements: dict[Code, Line] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_lead(self) -> Side:
        if (self.question is None) == (self.quotation is None):
            raise PydanticCustomError("lead", "expected either a question or a quotation")
        return self

    def list_suggestions(self, short: bool = False) -> list[tuple[int, str]]:
        """Return (index, text) of each suggestion, or of the short ones only."""
        return [
            (index, item if isinstance(item, str) else item.text)
            for index, item in enumerate(self.suggestions)
            if not short or (not isinstance(item, str) and item.short)
        ]


class Dimension(Model):
    """One subject of a deck: a card, and the statements and sources that go with it.

    `sides` is what an editor writes under the name of each audience (`board:`, `school:`).
    """

    number: Annotated[Whole, Field(ge=1, le=9999)]
    title: Title
    short: Name
    colour: str
    core: Line
    description: tuple[Line, ...] = Field(min_length=1)
    challenges: tuple[Challenge, ...] = Field(min_length=1)
    sides: dict[str, Side]
    literature: tuple[str, ...] = ()


# ------------------------------------------------------------------------------------------ toolbox


class SideLabels(Model):
    """Words that a side of a card carries; `quotation` only where a card has one."""

    suggestions: Label
    question: Label
    quotation: Label | None = None
    turn: Label


def _require_audience(value: str) -> str:
    if value in Dimension.model_fields:
        raise PydanticCustomError("audience", "'{found}' is a key of every card; choose another word", {"found": value})
    return value


# The name of a side stands at the top of a card's file, beside its other keys.
Audience = Annotated[Slug, AfterValidator(_require_audience)]


class DeckSide(Model):
    """One side of a deck: its audience (the key it stands under), how its head looks, its words.

    `rings`: which rings of the layer sign are solid, 1 outside to 3 inside; none: no sign.
    """

    name: Name
    look: Literal["solid", "open"]
    rings: tuple[Annotated[Whole, Field(ge=1, le=3)], ...] = ()
    labels: SideLabels


class DeckLabels(Model):
    """Words that both sides of each card carry. `{number}`, `{total}` and `{address}` are filled in."""

    card: Annotated[Label, with_places("number", "total")]
    description: Label
    challenges: Label
    sources: Label
    read_more: Label
    quotes: Annotated[str, like(r"..", "is not a pair of quotation marks such as ‘’")] = "‘’"
    circle_alt: Annotated[Line, with_places("number", "total")]
    code_alt: Annotated[Line, with_places("number", "total", "address")]


class Deck(Model):
    """A product of kind `cards`: the files of one content folder as double-sided cards.

    `format`: one of layouts/formats.yml.
    """

    name: Slug
    kind: Literal["cards"]
    title: Line
    folder: Slug
    format: Slug = "a5-landscape"
    circle: Flag = True
    path: AddressPart = ""
    sides: dict[Audience, DeckSide] = Field(min_length=1, max_length=2)
    labels: DeckLabels


class Links(Model):
    """Where printed QR codes lead: a short address of one's own, or nothing (then the DOI of a work)."""

    base: Address | None = None


class Settings(Model):
    """`toolbox.yml`: what is made, by whom, in which language and edition.

    `hyphenation`: words that break only at the hyphens written in them.
    """

    title: Line
    publisher: Label
    language: Language
    region: Region | None = None
    edition: Name
    date: Day
    links: Links = Links()
    hyphenation: tuple[BreakWord, ...] = ()
    products: tuple[Deck, ...] = Field(min_length=1)


# ------------------------------------------------------------------------------------------ theme

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


# ------------------------------------------------------------------------------------------ literature

Verified = Literal["doi-and-title", "doi", "title", "none"]


class Numbers(BaseModel):
    """The numbers of a work; others than the DOI are Typst's business."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)

    doi: Doi | None = None


class Work(BaseModel):
    """An entry of `literature.yml` (Hayagriva). Only what this project itself reads; Typst reads the rest."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)

    type: str
    title: str
    date: str | None = None
    serial_number: Numbers = Field(default_factory=lambda: Numbers(), alias="serial-number")
    verified: Verified

    @property
    def printable_doi(self) -> str | None:
        """The DOI, where title and DOI were seen together, so that it may be printed; else None."""
        return self.serial_number.doi if self.verified == "doi-and-title" else None
