"""What an editor writes of cards and of literature, as frozen pydantic models; and what all such models are.

Texts are data: white space is folded to single spaces, nothing else is interpreted. Numbers of characters are only
a first sieve against a text in the wrong place; what fits is measured when it is typeset.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError

from pipeline.content.fields import (
    Code,
    Doi,
    Flag,
    Label,
    Line,
    Name,
    Paragraph,
    Sentences,
    Title,
    Whole,
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

    `sides` is what an editor writes under the name of each audience (`board:`, `school:`); `copies`: how often the card
    is laid on sheets, for each deck.
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
    copies: Annotated[Whole, Field(ge=1, le=1000)] = 1


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
    title: Annotated[str, Field(min_length=1)]
    date: str | None = None
    serial_number: Numbers = Field(default_factory=lambda: Numbers(), alias="serial-number")
    verified: Verified

    @property
    def printable_doi(self) -> str | None:
        """The DOI, where title and DOI were seen together, so that it may be printed; else None."""
        return self.serial_number.doi if self.verified == "doi-and-title" else None
