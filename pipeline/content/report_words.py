"""The words on reports of answers (`drukwerk report`), as a model; they stand in `assets/words`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from pipeline.content.fields import Label, Line, Name, Sentences, like, with_places
from pipeline.content.model import Model

Sign = Annotated[str, like(r"\S{1,3}", "is no sign of up to three letters")]


class ReadWords(Model):
    """How a report is read: one sentence for each sign, and what goes for all numbers."""

    heading: Label
    mean: Line
    spread: Line
    wish: Line
    total: Line
    people: Line
    word: Line
    clear: Annotated[Line, with_places("clear")]
    norm: Line
    order: Line
    hidden: Annotated[Line, with_places("least")]
    hidden_own: Annotated[Line, with_places("least")]


class ColumnWords(Model):
    """Heads of columns, and what stands in place of a number."""

    school: Name
    subject: Name
    role: Name
    number: Name
    people: Name
    mean: Name
    word: Name
    spread: Name
    wish: Name
    answers: Name
    asked: Name
    unknown: Name
    of: Annotated[Name, with_places("given", "asked")]
    lowest: Name
    highest: Name
    difference: Name
    change: Name
    clear: Name
    yes: Name
    no: Name
    not_shown: Name
    without: Name
    total: Label
    few: Annotated[Label, with_places("least")]
    hidden: Label
    unanswered: Label
    few_sign: Sign
    hidden_sign: Sign
    unanswered_sign: Sign
    fewer_sign: Sign


class LeftWords(Model):
    """What is said below a table or chart of numbers that are not there, or that stand for fewer people."""

    few: Annotated[Line, with_places("least", "names")]
    hidden: Annotated[Line, with_places("names")]
    unanswered: Annotated[Line, with_places("names")]
    blank: Annotated[Line, with_places("sign")]
    fewer: Annotated[Line, with_places("sign", "rows")]
    fewer_row: Annotated[Label, with_places("row", "counts")]
    fewer_of: Annotated[Label, with_places("number", "people")]


class KeyWords(Model):
    """What shapes in a chart mean, and what a chart says to who does not see it."""

    mean: Label
    spread: Label
    wish: Label
    total: Label
    schools: Label
    alt: Annotated[Sentences, with_places("title", "signs", "high", "rows")]
    alt_blank: Annotated[Line, with_places("names")]
    alt_bars: Annotated[Sentences, with_places("title", "rows")]


class PartWords(Model):
    """A part of a report: its heading, and what is said below it."""

    heading: Label
    intro: Annotated[Sentences, with_places("high", "least", "clear", "before", "after")]


class AttentionWords(Model):
    """Points of attention: why, and where each leads."""

    heading: Label
    intro: Sentences
    none: Line
    unknown: Line
    wish: Annotated[Line, with_places("now", "wish", "difference")]
    spread: Annotated[Line, with_places("low", "high")]
    card: Name
    card_line: Annotated[Label, with_places("number", "title")]
    phase: Name
    phase_line: Annotated[Label, with_places("aspect", "phase")]
    page: Annotated[Label, with_places("layer", "page")]


class ColophonWords(Model):
    """The last page: when, with which forms, by which rules."""

    heading: Label
    made: Name
    forms: Name
    version: Annotated[Label, with_places("form", "version")]
    calculation: Name
    calculated: Annotated[tuple[Sentences, ...], Field(min_length=1, max_length=8)]
    privacy: Name
    protected: Annotated[tuple[Sentences, ...], Field(min_length=1, max_length=8)]
    protected_own: Annotated[tuple[Sentences, ...], Field(min_length=1, max_length=8)]
    rows: Name
    hidden_none: Label
    hidden_rows: Annotated[Label, with_places("hidden", "rows")]
    hidden_cells: Annotated[Label, with_places("hidden", "cells")]
    hidden_form: Annotated[Label, with_places("form")]


class ReportWords(Model):
    """Words of reports on answers; `{...}` is filled in."""

    schools: Label
    one: Label
    lead: Line
    lead_one: Line
    traceable: Annotated[Sentences, with_places("least")]
    letter: Annotated[Name, with_places("letter")]
    letter_of_board: Annotated[Name, with_places("letter")]
    compared: Name
    when: Name
    counted: Name
    period: Annotated[Line, with_places("title", "first", "last")]
    count: Annotated[Line, with_places("schools", "forms", "people")]
    count_one: Annotated[Line, with_places("forms", "people")]
    count_people: Annotated[Line, with_places("schools", "people")]
    count_one_people: Annotated[Line, with_places("people")]
    count_hidden: Annotated[Line, with_places("schools")]
    count_one_hidden: Line
    count_few: Annotated[Line, with_places("least")]
    count_nothing: Line
    line: Annotated[Label, with_places("form", "round", "counts")]
    round: Annotated[Label, with_places("title", "people")]
    edition: Annotated[Line, with_places("toolbox", "edition", "date")]
    date: Annotated[Label, with_places("day", "month", "year")]
    months: Annotated[tuple[Name, ...], Field(min_length=12, max_length=12)]
    decimal: Annotated[str, like(r"[.,]", "is neither a comma nor a point")] = "."
    page: Annotated[Label, with_places("page", "pages")]
    contents: Label
    read: ReadWords
    columns: ColumnWords
    left: LeftWords
    key: KeyWords
    overview: PartWords
    standing: PartWords
    subjects: PartWords
    distribution: PartWords
    differences: PartWords
    differences_apart: Sentences
    answers: PartWords
    answers_one: Sentences
    answers_from: Annotated[Name, with_places("low", "high")]
    wishes: PartWords
    changes: PartWords
    changed_schools: PartWords
    sides: PartWords
    roles: PartWords
    quotes: PartWords
    not_clear: Label
    unknown: Annotated[Sentences, with_places("counts")]
    unknown_of: Annotated[Name, with_places("number", "count")]
    attention: AttentionWords
    conversation: PartWords
    asked: Annotated[tuple[Label, ...], Field(min_length=1, max_length=6)]
    plan: PartWords
    plan_columns: Annotated[tuple[Name, ...], Field(min_length=1, max_length=6)]
    colophon: ColophonWords
