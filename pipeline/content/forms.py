"""A form as an editor writes it (`content/forms/*.yml`): pages of blocks, each block one thing to read or to fill in.

Names of fields are permanent: a returned file is read by them, also after a new edition. On a page that is repeated
for each subject `{code}` in a name is filled in with the subject's code (`{code}-gewenst` becomes `D3-gewenst`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from pipeline.content.definition import META, RESERVED
from pipeline.content.fields import Code, Day, Flag, Label, Line, Name, Paragraph, Slug, Title, Whole, like, with_places
from pipeline.content.model import CIRCLE_NUMBER_MAX, Model, tag_kind

_NAME_PIECE = r"([A-Za-z0-9]+|\{code\})"


def _require_free(name: str) -> str:
    """Keep names apart from those that the program itself gives."""
    if name in RESERVED or name.startswith((META, "clear_")):
        raise PydanticCustomError("taken", "'{found}' is a name that Drukwerk uses itself", {"found": name})
    return name


# ASCII and no dot: a dot makes a hierarchy in a PDF, and some programs lose what is not ASCII.
FieldName = Annotated[
    str,
    AfterValidator(_require_free),
    like(rf"{_NAME_PIECE}(-{_NAME_PIECE})*", "is no name of a field such as aantal or D3-gewenst"),
]


def _require_on(value: str) -> str:
    """Keep values apart from the state of a button that is not chosen."""
    if value == "Off":
        raise PydanticCustomError("off", "'{found}' is what a PDF calls an answer that was not given", {"found": value})
    return value


OptionValue = Annotated[
    str,
    like(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", "is no value such as 1 or weet-ik-niet"),
    AfterValidator(_require_on),
]


def _require_apart(options: dict[str, str]) -> dict[str, str]:
    """Keep options apart also for programs that save the words instead of the value."""
    seen: dict[str, str] = {}
    for value, words in options.items():
        for name in {value, words}:
            if seen.setdefault(name, value) != value:
                raise PydanticCustomError("apart", "two options are both called '{found}'", {"found": name})
    return options


Options = Annotated[dict[OptionValue, Label], Field(min_length=1, max_length=12), AfterValidator(_require_apart)]


def _tag_options(value: object) -> str:
    """Return which branch of the options a value belongs to, as a step that is not written in the file."""
    return "[subjects]" if isinstance(value, str) else "[options]"


SomeOptions = Annotated[
    Annotated[Options, Tag("[options]")] | Annotated[Literal["subjects"], Tag("[subjects]")],
    Discriminator(_tag_options),
]
Share = Annotated[Whole, Field(ge=1, le=9)]


class Question(Model):
    """One field with its label above it. `fixed`: read-only where it is filled in beforehand."""

    name: FieldName
    label: Line
    help: Line | None = None
    type: Literal["text", "number", "date", "choice", "list", "check"] = "text"
    options: SomeOptions | None = None
    width: Literal["full", "two-thirds", "half", "third"] = "full"
    required: Flag = False
    fixed: Flag = False

    @model_validator(mode="after")
    def _has_options(self) -> Question:
        choosing = self.type in ("choice", "list")
        if choosing and self.options is None:
            raise PydanticCustomError("options", "a {type} needs options to choose from", {"type": self.type})
        if not choosing and self.options is not None:
            raise PydanticCustomError(
                "options", "options belong to a choice or a list, not to a {type}", {"type": self.type}
            )
        return self


class Wish(Model):
    """A second answer on the same scale: where one wants to be."""

    name: FieldName
    label: Line


class TextBlock(Model):
    """Something to read: paragraphs, words with what they mean, then numbered steps.

    `only`: on the form to fill in, or on the one for a pen.
    """

    kind: Literal["text"]
    heading: Label | None = None
    paragraphs: tuple[Paragraph, ...] = ()
    terms: dict[Label, Paragraph] = Field(default_factory=dict)
    steps: tuple[Paragraph, ...] = ()
    only: Literal["forms", "print"] | None = None


class SendingBlock(Model):
    """How the form comes back: to whom, by when, how to save it."""

    kind: Literal["sending"]
    heading: Label
    paragraphs: tuple[Paragraph, ...] = ()
    address_label: Label
    address: Line | None = None
    deadline_label: Label
    deadline: Day | None = None
    only: Literal["forms", "print"] | None = None


class FieldsBlock(Model):
    """Single fields, side by side where they are narrow."""

    kind: Literal["fields"]
    heading: Label | None = None
    help: Paragraph | None = None
    fields: tuple[Question, ...] = Field(min_length=1)


class StatementsBlock(Model):
    """Statements on the scale of the form. Without statements of its own, those of the subject for the audience."""

    kind: Literal["statements"]
    heading: Label
    help: Line
    statements: dict[FieldName, Line] = Field(default_factory=dict)
    mean: Wish | None = None
    wish: Wish | None = None


class PhasesBlock(Model):
    """The phases of a subject in words: one answer for now, one that is wished for."""

    kind: Literal["phases"]
    name: FieldName
    heading: Label
    help: Line
    now: Name
    wish: Wish


class WritingBlock(Model):
    """Room to write. `share`: of the height that is left on the page."""

    kind: Literal["writing"]
    name: FieldName
    label: Label
    help: Line | None = None
    share: Share = 1
    required: Flag = False


class Column(Model):
    """A column of a table. `width`: its share of the width."""

    label: Label
    width: Share = 1
    type: Literal["text", "date", "list"] = "text"
    options: SomeOptions | None = None

    @model_validator(mode="after")
    def _has_options(self) -> Column:
        if (self.type == "list") != (self.options is not None):
            raise PydanticCustomError("options", "a column of the type list has options, and no other")
        return self


class TableBlock(Model):
    """Rows to fill in; the field of a row is called `name-1-column`."""

    kind: Literal["table"]
    name: FieldName
    heading: Label
    help: Line | None = None
    columns: dict[Slug, Column] = Field(min_length=1, max_length=7)
    rows: Annotated[Whole, Field(ge=1, le=20)]
    row: Annotated[Label, with_places("number")]


class OverviewBlock(Model):
    """All subjects in one table, with what was answered: calculated where a program can do that.

    `now`: name of the answer, with {code}; without it, the mean of the statements.
    """

    kind: Literal["overview"]
    name: FieldName
    heading: Label
    help: Line
    now: Name
    wish: Name
    gap: Name
    now_of: FieldName | None = None
    wish_of: FieldName


Block = Annotated[
    Annotated[TextBlock, Tag("[text]")]
    | Annotated[SendingBlock, Tag("[sending]")]
    | Annotated[FieldsBlock, Tag("[fields]")]
    | Annotated[StatementsBlock, Tag("[statements]")]
    | Annotated[PhasesBlock, Tag("[phases]")]
    | Annotated[WritingBlock, Tag("[writing]")]
    | Annotated[TableBlock, Tag("[table]")]
    | Annotated[OverviewBlock, Tag("[overview]")],
    Discriminator(tag_kind),
]


class Subject(Model):
    """Something that a page is repeated for, written in the form itself."""

    number: Annotated[Whole, Field(ge=1, le=CIRCLE_NUMBER_MAX)]
    code: Code
    title: Title
    core: Line | None = None
    colour: str | None = None
    phases: dict[OptionValue, Line] = Field(default_factory=dict)


class Subjects(Model):
    """What pages are repeated for: the cards of a folder, with their statements for one audience, or a list.

    `code`: how a card's permanent code is made of its number, such as D{number}.
    """

    name: Name
    circle_alt: Annotated[Line, with_places("number", "total")]
    folder: Slug | None = None
    audience: Slug | None = None
    code: Annotated[str, like(r"[A-Z0-9-]*\{number\}", "is not a code with its number, such as D{number}")] | None = (
        None
    )
    list: tuple[Subject, ...] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Subjects:
        if (self.folder is None) == (not self.list):
            raise PydanticCustomError("subjects", "expected either a folder or a list of subjects")
        if self.folder and not (self.audience and self.code):
            raise PydanticCustomError("subjects", "a folder needs an audience, and a code such as D{number}")
        return self


class Scale(Model):
    """The answers to a statement or phase, in order; `unknown` stands apart and does not count."""

    words: Annotated[dict[OptionValue, Label], Field(min_length=2, max_length=7)]
    unknown: Annotated[dict[OptionValue, Label], Field(min_length=1, max_length=1)] | None = None

    @model_validator(mode="after")
    def _is_apart(self) -> Scale:
        for value in self.unknown or {}:
            if value in self.words:
                raise PydanticCustomError(
                    "unknown",
                    "'{value}' stands among the words too, and what is unknown does not count",
                    {"value": value},
                )
        return self


class FormSide(Model):
    """Who fills it in, and how that shows, as on the cards."""

    name: Name
    look: Literal["solid", "open"] = "open"
    rings: tuple[Annotated[Whole, Field(ge=1, le=3)], ...] = ()


class Page(Model):
    """One page. `each`: repeated for each subject, whose title stands at its head."""

    each: Flag = False
    title: Title | None = None
    lead: Line | None = None
    blocks: tuple[Block, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_one_title(self) -> Page:
        if self.each and (self.title or self.lead):
            raise PydanticCustomError("title", "a page for each subject has that subject's title and lead")
        if not self.each and not self.title:
            raise PydanticCustomError("title", "a page needs a title")
        return self


class Form(Model):
    """A form. `version` changes when what it asks changes; `colour` is that of pages without a subject."""

    title: Title
    version: Annotated[Slug, Field(max_length=20)]
    colour: str
    side: FormSide | None = None
    scale: Scale | None = None
    subjects: Subjects | None = None
    pages: tuple[Page, ...] = Field(min_length=1)
