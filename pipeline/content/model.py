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

CIRCLE_MAX = 24  # more stations than this and their numbers touch
CIRCLE_NUMBER_MAX = 99  # a numeral of three figures covers the ring


class Model(BaseModel):
    """Frozen, and without room for unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def tag_kind(value: object) -> str:
    """Return which branch of a union a value with a `kind` belongs to, as a step that is not written in the file."""
    kind = value.get("kind") if isinstance(value, dict) else getattr(value, "kind", None)
    return f"[{kind}]"


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


class FormProduct(Model):
    """A product of kind `form`: the file of this name in content/forms/."""

    name: Slug
    kind: Literal["form"]


Product = Annotated[Annotated[Deck, Tag("[cards]")] | Annotated[FormProduct, Tag("[form]")], Discriminator(tag_kind)]


_DATE_FORM = r"dd[-/.]mm[-/.]yyyy|mm[-/.]dd[-/.]yyyy|yyyy[-/.]mm[-/.]dd"


class FormWords(Model):
    """Words that every form carries."""

    sheet: Annotated[Label, with_places("page", "pages")]
    version: Annotated[Label, with_places("version")]
    note: Label
    no_names: Label
    required: Name
    calculated: Line
    date_hint: Name
    date_format: Annotated[str, like(_DATE_FORM, "is no form of a date such as dd-mm-yyyy")] = "dd-mm-yyyy"
    decimal: Annotated[str, like(r"[.,]", "is neither a comma nor a point")] = ","
    clear: Annotated[Name, Field(max_length=10)]
    clear_tip: Annotated[Label, with_places("label")]
    about: Label
    code_alt: Line


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
    forms: FormWords | None = None
    products: tuple[Product, ...] = Field(min_length=1)

    @property
    def decks(self) -> list[tuple[int, Deck]]:
        """The products that are decks, each with its place in the list."""
        return [(index, it) for index, it in enumerate(self.products) if isinstance(it, Deck)]


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
