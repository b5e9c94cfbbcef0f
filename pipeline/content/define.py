"""A form and its subjects -> every field it asks, with the place where it is written; and from these its definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from pipeline.content.definition import Definition, Field, FieldKind
from pipeline.content.forms import (
    FieldsBlock,
    Form,
    OverviewBlock,
    Page,
    PhasesBlock,
    Question,
    StatementsBlock,
    TableBlock,
    WritingBlock,
)
from pipeline.content.source import FieldPath, Source

_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True)
class Topic:
    """A subject as the form needs it, from a card or from the form's own list.

    Attributes:
        number, code, title, core, colour: as there; `colour` is empty where it has none of its own.
        statements: code -> text.
        phases: value -> description.
        source, path: where it is written; `side` is the path of what its audience reads, below `path`.
    """

    number: int
    code: str
    title: str
    core: str
    colour: str
    statements: Mapping[str, str]
    phases: Mapping[str, str]
    source: Source
    path: FieldPath = ()
    side: FieldPath = ()


@dataclass(frozen=True)
class FormEntry:
    """One form of content/forms: `slug` is the file's name without its ending, and the id of the form."""

    slug: str
    form: Form
    source: Source
    topics: tuple[Topic, ...] = field(default=(), repr=False)

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Every field of the form, in the order of its pages, each with the place where it is written."""
        return tuple(_place_fields(self))


class Placed(NamedTuple):
    """A field, and the place where its name is written: the path in a file."""

    field: Field
    source: Source
    path: FieldPath


def define_form(entry: FormEntry) -> Definition:
    """Return what a form asks."""
    title = " ".join(filter(None, (entry.form.title, entry.form.side.name if entry.form.side else "")))
    return Definition(entry.slug, entry.form.version, plain(title), tuple(placed.field for placed in entry.placed))


def expand_pages(entry: FormEntry) -> Iterator[tuple[int, Page, Topic | None]]:
    """Yield (index in the file, page, subject) of every page as it is printed."""
    for index, page in enumerate(entry.form.pages):
        for topic in entry.topics if page.each else (None,):
            yield index, page, topic


def _place_fields(entry: FormEntry) -> Iterator[Placed]:
    """Yield every field of a form, in the order of its pages."""
    for index, page, topic in expand_pages(entry):
        for number, block in enumerate(page.blocks):
            path: FieldPath = ("pages", index, "blocks", number)
            if isinstance(block, FieldsBlock):
                for place, question in enumerate(block.fields):
                    yield Placed(_ask(question, entry, topic), entry.source, (*path, "fields", place, "name"))
            elif isinstance(block, StatementsBlock):
                yield from _ask_statements(block, entry, topic, path)
            elif isinstance(block, PhasesBlock):
                yield from _ask_phases(block, entry, topic, path)
            elif isinstance(block, WritingBlock):
                asked = Field(fill_name(block.name, topic), "area", _say(topic, block.label), required=block.required)
                yield Placed(asked, entry.source, (*path, "name"))
            elif isinstance(block, TableBlock):
                for asked in _ask_table(block, entry, topic):
                    yield Placed(asked, entry.source, (*path, "name"))
            elif isinstance(block, OverviewBlock):
                for asked in _ask_overview(block, entry):
                    yield Placed(asked, entry.source, (*path, "name"))


# ------------------------------------------------------------------------------------------ names


def fill_name(name: str, topic: Topic | None) -> str:
    """Return the name of a field with the code of its subject in it."""
    return name.replace("{code}", topic.code) if topic else name


def name_cell(block: TableBlock, topic: Topic | None, row: int, key: str) -> str:
    """Return the name of the field in a row (from 1) and column of a table."""
    return f"{fill_name(block.name, topic)}-{row}-{key}"


def name_overview(block: OverviewBlock, topic: Topic) -> dict[str, str]:
    """Return the names of the three calculated fields of a subject in the overview: now, wish, gap."""
    return {key: f"{block.name}-{topic.code}-{key}" for key in ("now", "wish", "gap")}


def list_statements(block: StatementsBlock, topic: Topic | None) -> dict[str, str]:
    """Return name -> text of the statements of a block: its own, else those of its subject."""
    if block.statements:
        return {fill_name(name, topic): text for name, text in block.statements.items()}
    return dict(topic.statements) if topic else {}


def plain(text: str) -> str:
    """Return a text without its soft hyphens, as a tooltip shows it."""
    return text.replace(_SOFT_HYPHEN, "")


def list_options(
    options: Mapping[str, str] | str | None, entry: FormEntry, short: bool = False
) -> tuple[tuple[str, str], ...]:
    """Return (value, words) of the options of a question; of `subjects`, their numbers, with titles unless `short`."""
    if options == "subjects":
        return tuple(
            (str(it.number), str(it.number) if short else f"{it.number} {plain(it.title)}") for it in entry.topics
        )
    return tuple((value, plain(words)) for value, words in options.items()) if isinstance(options, Mapping) else ()


def list_scale(entry: FormEntry, unknown: bool) -> tuple[tuple[str, str], ...]:
    """Return (value, words) of the scale of a form, with the answer that does not count where that is asked."""
    scale = entry.form.scale
    if scale is None:
        return ()
    words = {**scale.words, **(scale.unknown or {} if unknown else {})}
    return tuple((value, plain(text)) for value, text in words.items())


def _say(topic: Topic | None, label: str) -> str:
    """Return a label that can be understood without the page around it."""
    return plain(f"{topic.title}: {label}" if topic else label)


# ------------------------------------------------------------------------------------------ blocks


def _ask(question: Question, entry: FormEntry, topic: Topic | None) -> Field:
    return Field(
        fill_name(question.name, topic),
        question.type,
        _say(topic, question.label),
        list_options(question.options, entry),
        required=question.required,
        fixed=question.fixed,
    )


def _ask_statements(block: StatementsBlock, entry: FormEntry, topic: Topic | None, path: FieldPath) -> Iterator[Placed]:
    statements = list_statements(block, topic)
    for number, (name, text) in enumerate(statements.items()):
        asked = Field(name, "choice", plain(text), list_scale(entry, unknown=True))
        if block.statements or topic is None:
            yield Placed(asked, entry.source, (*path, "statements", list(block.statements)[number]))
        else:
            yield Placed(asked, topic.source, (*topic.path, *topic.side, "statements", name))
    if block.mean:
        name = fill_name(block.mean.name, topic)
        least = min(Field.least, len(statements))
        asked = Field(name, "mean", _say(topic, block.mean.label), of=tuple(statements), least=least)
        yield Placed(asked, entry.source, (*path, "mean", "name"))
    if block.wish:
        yield _ask_wish(block, entry, topic, path)


def _ask_wish(block: StatementsBlock | PhasesBlock, entry: FormEntry, topic: Topic | None, path: FieldPath) -> Placed:
    assert block.wish is not None
    asked = Field(
        fill_name(block.wish.name, topic), "choice", _say(topic, block.wish.label), list_scale(entry, unknown=False)
    )
    return Placed(asked, entry.source, (*path, "wish", "name"))


def _ask_phases(block: PhasesBlock, entry: FormEntry, topic: Topic | None, path: FieldPath) -> Iterator[Placed]:
    phases = topic.phases if topic else {}
    options = tuple((value, plain(f"{words}: {phases.get(value, '')}")) for value, words in list_scale(entry, False))
    yield Placed(
        Field(fill_name(block.name, topic), "choice", _say(topic, block.heading), options),
        entry.source,
        (*path, "name"),
    )
    yield _ask_wish(block, entry, topic, path)


def _ask_table(block: TableBlock, entry: FormEntry, topic: Topic | None) -> Iterator[Field]:
    for row in range(1, block.rows + 1):
        for key, column in block.columns.items():
            kind: FieldKind = "area" if column.type == "text" else column.type
            label = _say(topic, f"{block.row.replace('{number}', str(row))}: {column.label}")
            yield Field(name_cell(block, topic, row, key), kind, label, list_options(column.options, entry, short=True))


def _ask_overview(block: OverviewBlock, entry: FormEntry) -> Iterator[Field]:
    for topic in entry.topics:
        names = name_overview(block, topic)
        now = (fill_name(block.now_of, topic),) if block.now_of else tuple(topic.statements)
        wish = fill_name(block.wish_of, topic)
        least = min(Field.least, len(now))
        yield Field(names["now"], "mean", _say(topic, block.now), of=now, least=least)
        yield Field(names["wish"], "mean", _say(topic, block.wish), of=(wish,), least=1)
        yield Field(names["gap"], "gap", _say(topic, block.gap), of=(wish, *now), least=least)
