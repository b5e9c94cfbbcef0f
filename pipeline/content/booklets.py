"""Booklets as models: a file of `content/booklets/` is a row of chapters; chapters of text are rows of blocks.

Other chapters are made from the rest of the content: the routes of a layer, the dimensions, instruments, literature.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from pipeline.content.fields import Flag, Label, Line, Name, Passage, Sentences, Title, Whole, like
from pipeline.content.framework import Apart, Media
from pipeline.content.instruments import Minutes
from pipeline.content.model import Model, tag_kind
from pipeline.units import Size, points

CHAPTERS_MOST = 40
DAY = 24 * 60  # minutes; then the clock begins anew
PORTRAIT = Size(points(30), points(38))  # of the picture, as layouts/lib/booklet/flow.typ sets it
WorkKeys = Annotated[tuple[str, ...], Apart]
Tab = Annotated[str, like(r"[A-Z0-9]{1,2}", "is no letter or number of at most two signs")]
Clock = Annotated[str, like(r"([01][0-9]|2[0-3]):[0-5][0-9]", "is no time such as 09:00")]


# ------------------------------------------------------------------------------------------ blocks


class Sourced(Model):
    """A paragraph with the works it rests on."""

    text: Passage
    sources: Annotated[WorkKeys, Field(min_length=1)]


def _tag_paragraph(value: object) -> str:
    return "[text]" if isinstance(value, str) else "[sourced]"


SomeParagraph = Annotated[
    Annotated[Passage, Tag("[text]")] | Annotated[Sourced, Tag("[sourced]")], Discriminator(_tag_paragraph)
]


class ReadingBlock(Model):
    """Paragraphs to read."""

    kind: Literal["text"]
    heading: Label | None = None
    paragraphs: tuple[SomeParagraph, ...] = Field(min_length=1)


class ListBlock(Model):
    """Items below each other."""

    kind: Literal["list"]
    heading: Label | None = None
    intro: Passage | None = None
    items: tuple[Sentences, ...] = Field(min_length=1)
    numbered: Flag = False


class TermsBlock(Model):
    """Words or situations, each with what is to be said of it."""

    kind: Literal["terms"]
    heading: Label | None = None
    terms: dict[Label, Passage] = Field(min_length=1)


class Stage(Model):
    """One of some numbered steps."""

    title: Name
    text: Passage


class StepsBlock(Model):
    """Numbered steps with a title each."""

    kind: Literal["steps"]
    heading: Label | None = None
    steps: tuple[Stage, ...] = Field(min_length=2)


class Item(Model):
    """A part of a programme."""

    minutes: Minutes
    title: Label
    text: Passage


class ProgrammeBlock(Model):
    """A timetable. With `start` its parts carry the time of the clock, without it their minutes."""

    kind: Literal["programme"]
    heading: Label
    intro: Passage | None = None
    participants: Line | None = None
    start: Clock | None = None
    items: tuple[Item, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _one_day(self) -> ProgrammeBlock:
        if self.start and sum(item.minutes for item in self.items) > DAY:
            raise PydanticCustomError("one_day", "a programme with times of the clock takes more than a day")
        return self


class QuestionBlock(Model):
    """A question to stop at."""

    kind: Literal["question"]
    text: Line


class MediaBlock(Model):
    """Entries to watch or read elsewhere."""

    kind: Literal["media"]
    heading: Label | None = None
    items: tuple[Media, ...] = Field(min_length=1)


class PortraitBlock(Model):
    """A person or a school, with a picture. `alt`: what the picture shows, in words."""

    kind: Literal["portrait"]
    name: Label
    role: Line | None = None
    picture: str
    alt: Line
    text: tuple[Passage, ...] = Field(min_length=1)
    media: Media | None = None


class WorksBlock(Model):
    """Works with their line of description."""

    kind: Literal["works"]
    heading: Label | None = None
    works: Annotated[WorkKeys, Field(min_length=1)]


class ModelBlock(Model):
    """The circle of dimensions and aspects. `alt`: what it shows, in words."""

    kind: Literal["model"]
    alt: Line


ReadBlock = Annotated[
    Annotated[ReadingBlock, Tag("[text]")]
    | Annotated[ListBlock, Tag("[list]")]
    | Annotated[TermsBlock, Tag("[terms]")]
    | Annotated[StepsBlock, Tag("[steps]")]
    | Annotated[ProgrammeBlock, Tag("[programme]")]
    | Annotated[QuestionBlock, Tag("[question]")]
    | Annotated[MediaBlock, Tag("[media]")]
    | Annotated[PortraitBlock, Tag("[portrait]")]
    | Annotated[WorksBlock, Tag("[works]")]
    | Annotated[ModelBlock, Tag("[model]")],
    Discriminator(tag_kind),
]


# ------------------------------------------------------------------------------------------ chapters


class Chapter(Model):
    """What every chapter has. `tab`: its sign in the thumb index; `colour`: its own, else the booklet's."""

    title: Title
    short: Name | None = None
    tab: Tab | None = None
    colour: str | None = None


class TextChapter(Chapter):
    """Blocks to read, over as many pages as they take; with `page`, on one."""

    kind: Literal["text"]
    page: Flag = False
    blocks: tuple[ReadBlock, ...] = Field(min_length=1)


class ContentsChapter(Chapter):
    """The list of contents."""

    kind: Literal["contents"]


class AspectsChapter(Chapter):
    """All aspects on one page, with the dimensions that belong to each."""

    kind: Literal["aspects"]
    intro: Passage | None = None
    outro: Passage | None = None


class StandingChapter(Chapter):
    """One page to place oneself: aspects by phases."""

    kind: Literal["standing"]
    intro: Passage | None = None
    outro: Passage | None = None


class RoutesChapter(Model):
    """Every aspect of one layer: recognise and do, then all layers side by side, then a page to write on.

    It has no title of its own: each aspect is a chapter to the reader.
    """

    kind: Literal["routes"]
    overview: Label
    overview_intro: Line | None = None
    notes: Label
    prompts: Annotated[tuple[Line, ...], Field(min_length=1, max_length=4)]


class DimensionsChapter(Chapter):
    """Every dimension: what it is, what makes it difficult and why, what to read."""

    kind: Literal["dimensions"]
    intro: Passage | None = None


class InstrumentsChapter(Chapter):
    """The instruments that this booklet names."""

    kind: Literal["instruments"]
    intro: Passage | None = None


class PlanChapter(Chapter):
    """A table to write in."""

    kind: Literal["plan"]
    intro: Passage | None = None
    columns: Annotated[tuple[Name, ...], Field(min_length=1, max_length=6), Apart]
    rows: Annotated[Whole, Field(ge=1, le=12)] = 5


class NotesChapter(Chapter):
    """A page with lines."""

    kind: Literal["notes"]
    prompts: Annotated[tuple[Line, ...], Field(max_length=4)] = ()


class LiteratureChapter(Chapter):
    """The works that this booklet cites or shows, and those that are named here."""

    kind: Literal["literature"]
    intro: Passage | None = None
    works: WorkKeys = ()


class ColophonChapter(Chapter):
    """Who made it and what it is worth; edition, date and publisher are added."""

    kind: Literal["colophon"]
    blocks: tuple[ReadBlock, ...] = Field(min_length=1)


AnyChapter = Annotated[
    Annotated[TextChapter, Tag("[text]")]
    | Annotated[ContentsChapter, Tag("[contents]")]
    | Annotated[AspectsChapter, Tag("[aspects]")]
    | Annotated[StandingChapter, Tag("[standing]")]
    | Annotated[RoutesChapter, Tag("[routes]")]
    | Annotated[DimensionsChapter, Tag("[dimensions]")]
    | Annotated[InstrumentsChapter, Tag("[instruments]")]
    | Annotated[PlanChapter, Tag("[plan]")]
    | Annotated[NotesChapter, Tag("[notes]")]
    | Annotated[LiteratureChapter, Tag("[literature]")]
    | Annotated[ColophonChapter, Tag("[colophon]")],
    Discriminator(tag_kind),
]

# Kinds of which a second one in a booklet would say the same again.
ONCE = ("contents", "aspects", "standing", "routes", "dimensions", "instruments", "literature", "colophon")


class Booklet(Model):
    """A file of `content/booklets/`. `{layer}` in its texts is filled in where it is made for a layer."""

    title: Title
    lead: Line
    colour: str
    chapters: Annotated[tuple[AnyChapter, ...], Field(min_length=2, max_length=CHAPTERS_MOST)]
    back: Passage

    @model_validator(mode="after")
    def _once(self) -> Booklet:
        kinds: list[str] = [chapter.kind for chapter in self.chapters]
        doubled = next((kind for kind in ONCE if kinds.count(kind) > 1), None)
        if doubled:
            raise PydanticCustomError("once", "a booklet has one chapter '{kind}' at most", {"kind": doubled})
        return self

    def list_portraits(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield (path in the file, path of the picture) of every portrait."""
        for place, block in self.list_blocks():
            if isinstance(block, PortraitBlock):
                yield (*place, "picture"), block.picture

    def list_blocks(self) -> Iterator[tuple[tuple[str | int, ...], ReadBlock]]:
        """Yield (path in the file, block) of every block of text."""
        for index, chapter in enumerate(self.chapters):
            for number, block in enumerate(getattr(chapter, "blocks", ())):
                yield ("chapters", index, "blocks", number), block

    def has(self, *kinds: str) -> bool:
        """Say whether there is a chapter of one of these kinds."""
        return any(chapter.kind in kinds for chapter in self.chapters)
