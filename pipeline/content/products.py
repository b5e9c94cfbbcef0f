"""`toolbox.yml` as models: who publishes what, in which language, and the products that are made."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from pipeline.content.collecting import ContextNames
from pipeline.content.fields import (
    Address,
    AddressPart,
    BreakWord,
    Day,
    Flag,
    Label,
    Language,
    Line,
    Name,
    Region,
    Slug,
    Whole,
    like,
    with_one_place,
    with_places,
)
from pipeline.content.model import Dimension, Model, tag_kind
from pipeline.content.press import BackShift, Paper, PressWords


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


# Folders of content/ in which other files stand than cards.
FOLDERS = ("aspects", "booklets", "forms", "instruments", "schema")


def _require_cards(value: str) -> str:
    if value in FOLDERS:
        raise PydanticCustomError("folder", "content/{found}/ is not for cards; choose another name", {"found": value})
    return value


CardFolder = Annotated[Slug, AfterValidator(_require_cards)]


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

    Attributes:
        format: one of layouts/formats.yml.
        turn: how a card is turned: like a page, or like the leaf of a calendar.
        sheets: those of assets/sheets that it is printed on; None: what fits of the usual ones.
    """

    name: Slug
    kind: Literal["cards"]
    title: Line
    folder: CardFolder
    format: Slug = "a5-landscape"
    circle: Flag = True
    path: AddressPart = ""
    turn: Literal["page", "calendar"] = "page"
    paper: Paper | None = None
    sheets: tuple[Slug, ...] | None = None
    sides: dict[Audience, DeckSide] = Field(min_length=1, max_length=2)
    labels: DeckLabels


class FormProduct(Model):
    """A product of kind `form`: the file of this name in content/forms/."""

    name: Slug
    kind: Literal["form"]
    paper: Paper | None = None


class BookletProduct(Model):
    """A product of kind `booklet`: a file of content/booklets/, by default that of its own name.

    Attributes:
        layer: one of framework.yml; one file may be made for every layer.
        cover: paper of a cover that is printed by itself; None: the cover is of the same paper as the rest.
        sheets: those of assets/sheets that it is printed on; None: what fits of the usual ones.
    """

    name: Slug
    kind: Literal["booklet"]
    file: Slug | None = None
    layer: Slug | None = None
    paper: Paper | None = None
    cover: Paper | None = None
    sheets: tuple[Slug, ...] | None = None

    @property
    def booklet(self) -> str:
        """The name of its file in content/booklets/."""
        return self.file or self.name


class InstrumentLabels(Model):
    """Words that every instrument sheet carries."""

    sheet: Annotated[Label, with_places("code")]
    time: Name
    participants: Name
    needed: Name
    minutes: Annotated[Name, with_places("minutes")]
    elsewhere: Label
    card: Annotated[Label, with_places("numbers")]
    booklet: Annotated[Label, with_places("layer", "pages")]
    version: Annotated[Label, with_places("edition")]
    circle_alt: Annotated[Line, with_places("numbers", "total")]
    code_alt: Annotated[Line, with_places("address")]


class InstrumentsProduct(Model):
    """A product of kind `instruments`: the files of content/instruments/ as sheets."""

    name: Slug
    kind: Literal["instruments"]
    title: Line
    paper: Paper | None = None
    labels: InstrumentLabels


class PosterProduct(Model):
    """A product of kind `poster`: the cards of a folder as a circle, with the aspects in it."""

    name: Slug
    kind: Literal["poster"]
    folder: Slug
    title: Line
    lead: Line
    heading: Label
    alt: Line
    paper: Paper | None = None


Product = Annotated[
    Annotated[Deck, Tag("[cards]")]
    | Annotated[FormProduct, Tag("[form]")]
    | Annotated[BookletProduct, Tag("[booklet]")]
    | Annotated[InstrumentsProduct, Tag("[instruments]")]
    | Annotated[PosterProduct, Tag("[poster]")],
    Discriminator(tag_kind),
]


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


class BookletWords(Model):
    """Words that every booklet carries; `{page}`, `{layer}` and the like are filled in."""

    page: Annotated[Label, with_one_place("page")]
    booklet: Annotated[Label, with_places("layer")]
    card: Annotated[Label, with_places("number")]
    loose: Name
    instrument: Annotated[Label, with_places("code")]
    named_on: Annotated[Label, with_one_place("pages")]
    recognise: Label
    act: Label
    back: Name
    added: Label
    dimension: Annotated[Label, with_places("number")]
    description: Label
    challenges: Label
    why: Label
    further: Label
    minutes: Annotated[Name, with_places("minutes")]
    total: Annotated[Label, with_places("minutes")]
    edition: Annotated[Label, with_places("edition", "day", "month", "year")]
    months: Annotated[tuple[Name, ...], Field(min_length=12, max_length=12)]
    circle_alt: Annotated[Line, with_places("numbers", "total")]
    code_alt: Annotated[Line, with_places("address")]


class Links(Model):
    """Where printed QR codes lead: a short address of one's own, or nothing (then the DOI of a work)."""

    base: Address | None = None


class Settings(Model):
    """`toolbox.yml`: what is made, by whom, in which language and edition.

    Attributes:
        hyphenation: words that break only at the hyphens written in them.
        press: words on sheets and tickets, where they are others than those of assets/words.
        back_shift: how far backs are moved on one's own printer (`drukwerk calibrate`).
        context: the fields of forms that say who answers.
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
    booklets: BookletWords | None = None
    press: PressWords | None = None
    back_shift: BackShift = BackShift()
    context: ContextNames = ContextNames()
    products: tuple[Product, ...] = Field(min_length=1)

    @property
    def decks(self) -> list[tuple[int, Deck]]:
        """The products that are decks, each with its place in the list."""
        return [(index, it) for index, it in enumerate(self.products) if isinstance(it, Deck)]

    @property
    def made_booklets(self) -> list[tuple[int, BookletProduct]]:
        """The products that are booklets, each with its place in the list."""
        return [(index, it) for index, it in enumerate(self.products) if isinstance(it, BookletProduct)]
