"""Workbooks of reports -> what is wrong in them, every cell reckoned anew; and what they show, to hold PDFs against.

Nothing is skipped: a sheet, a column or a row that is not known is wrong too. What is not shown is counted.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import openpyxl

from pipeline.content.report_words import ReportWords
from tests.reckoning import FEW, Form, Group, Line, Numbers, Question, Reckoner

Key = tuple[str, str, str, int]  # form, round, title of the row, number of the subject


@dataclass
class Found:
    """What a workbook shows.

    Attributes:
        wrong: what does not agree, in words.
        cells: cell -> the numbers it shows: "mean", "people", "lowest", "highest", "wish", "given", "asked", "unknown".
        reasons: cell without a mean -> why: "few", "hidden", "unanswered".
        people: rows (form, round, title) that say how many people they are, and are of some.
        counts: how many cells, numbers and rows there are, shown and not.
    """

    wrong: list[str] = field(default_factory=list)
    cells: dict[Key, frozenset[str]] = field(default_factory=dict)
    reasons: dict[Key, str] = field(default_factory=dict)
    people: set[tuple[str, str, str]] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def has(self, key: Key, name: str = "mean") -> bool:
        return name in self.cells.get(key, ())

    def expect(self, found: object, wanted: object, *where: object) -> None:
        self.counts["checked"] += 1
        if found != wanted:
            self.wrong.append(f"{' · '.join(map(str, where))}: {found!r} instead of {wanted!r}")


def read_sheets(raw: bytes) -> dict[str, list[list[Any]]]:
    """Return name of a sheet -> rows of values; an empty cell is ''."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.rows for cell in row), "no formula"
    return {
        sheet.title: [["" if it is None else it for it in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book
    }


def check_workbook(sheets: dict[str, list[list[Any]]], reckoner: Reckoner, group: Group, words: ReportWords) -> Found:
    """Hold every cell against what is reckoned from the forms."""
    found = Found()
    tables = reckoner.list_tables(group)
    names = [words.overview.heading, *(f"{form.sheet} {reckoner.rounds[year]}" for form, year in tables)]
    found.expect(list(sheets), names, "sheets")
    if found.wrong:
        return found
    first, *wide = sheets.values()
    _check_long(first, found, _Asked(reckoner, group, words))
    for (form, year), rows in zip(tables, wide, strict=True):
        _check_wide(rows, found, _Asked(reckoner, group, words), (form, year))
    return found


@dataclass(frozen=True)
class _Asked:
    reckoner: Reckoner
    group: Group
    words: ReportWords

    @property
    def reasons(self) -> dict[str, str]:
        """What is said -> why a number is not shown."""
        it = self.words.columns
        return {it.few.format(least=FEW): "few", it.hidden: "hidden", it.unanswered: "unanswered"}

    @property
    def heads(self) -> tuple[str, ...]:
        """Of the sheet with all numbers below each other."""
        it = self.words.columns
        return (
            self.words.compared, self.words.when, it.school, it.people, it.number, it.subject, it.mean, it.word,
            it.lowest, it.highest, it.wish, it.answers, it.asked, it.unknown, it.not_shown,
        )  # fmt: skip

    def list_rows(self, form: Form, year: str, roles: bool) -> list[Line]:
        lines = self.reckoner.list_lines(self.group, form, year)
        return [it for it in lines if roles or it.kind != "role"]


def _list_keys(asked: _Asked, roles: Sequence[tuple[str, str]]) -> Iterator[tuple[Form, str, Line, Question]]:
    """Yield form, round, row and subject in the order of print; `roles`: tables that show them."""
    for form, year in asked.reckoner.list_tables(asked.group):
        for line in asked.list_rows(form, year, (form.id, year) in roles):
            for question in form.questions:
                yield form, year, line, question


def _check_long(rows: list[list[Any]], found: Found, asked: _Asked) -> None:
    found.expect(tuple(rows[0]), asked.heads, "heads")
    titles = {(row[0], row[1], row[2]) for row in rows[1:]}
    roles = [
        (form.id, year)
        for form, year in asked.reckoner.list_tables(asked.group)
        for role in asked.reckoner.roles
        if (form.title, asked.reckoner.rounds[year], role) in titles
    ]
    keys = list(_list_keys(asked, roles))
    found.expect(len(rows) - 1, len(keys), "rows")
    wished = {(row[0], row[1]) for row in rows[1:] if row[10] != ""}
    for row, (form, year, line, question) in zip(rows[1:], keys, strict=False):
        head = [form.title, asked.reckoner.rounds[year], line.title]
        found.expect([*row[:3], *row[4:6]], [*head, question.number, question.title], "names")
        numbers = asked.reckoner.reckon(asked.group, form, line, question)
        _check_cell(row, found, asked, (form, year, line, question, numbers, tuple(row[:2]) in wished))
    for form, year, line, question in keys:
        row_key, silent = (form.id, year, line.title), asked.reckoner.is_silent(asked.group, form, line, question)
        if {found.reasons.get((*row_key, it.number)) for it in form.questions} != {"hidden"}:  # not the row as a whole
            few = found.reasons.get((*row_key, question.number)) == "few"
            found.expect(few, silent, *row_key, question.number, "of fewer than five")


def _check_cell(
    row: list[Any], found: Found, asked: _Asked, of: tuple[Form, str, Line, Question, Numbers, bool]
) -> None:
    form, year, line, question, numbers, wished = of
    key: Key = (form.id, year, line.title, question.number)
    people, mean, word, low, high, wish, given, whole, unknown, why = row[3], *row[6:]
    kind = "own" if asked.group.alone else line.kind
    if mean == "":
        found.expect(why in asked.reasons, True, *key, why, "no reason")
        found.reasons[key] = asked.reasons.get(why, "")
    if found.reasons.get(key, "unanswered") != "unanswered":
        found.expect([people, mean, word, low, high, wish, given, whole, unknown], [""] * 9, *key, "hidden")
        found.counts[f"{kind} hidden"] += not line.small
        found.expect(not asked.group.alone and bool(line.forms), True, *key, "hidden though nothing is secret")
        return
    found.expect(not line.small or asked.group.alone, True, *key, "shown though it is of fewer than five")
    if not line.forms:
        found.expect([people, *row[6:]], [0, *[""] * 8, asked.words.columns.unanswered], *key)
        return
    found.counts[f"{kind} shown"] += 1
    if mean != "":
        columns = asked.words.columns
        beside = {columns.people: people, columns.spread: low, columns.answers: given}
        beside |= {columns.wish: wish} if wished else {}
        found.expect(why, ", ".join(name for name, value in beside.items() if value == ""), *key, "not shown")
    found.expect(people, numbers.people, *key, "people")
    found.expect(not 0 < numbers.people < FEW or asked.group.alone, True, *key, "a number of fewer than five")
    found.expect(to_tenths(mean), numbers.tenths, *key, "mean")
    found.expect(word, numbers.word, *key, "word")
    names = {name for name, value in (("mean", mean), ("people", people)) if value != ""}
    for name, value, wanted in (
        ("lowest", low, numbers.low), ("highest", high, numbers.high), ("wish", to_tenths(wish), numbers.wished),
        ("given", given, numbers.given), ("asked", whole, numbers.asked), ("unknown", unknown, numbers.unknown),
    ):  # fmt: skip
        if value in ("", None):
            found.counts[f"{name} not shown"] += wanted is not None
            found.expect(not asked.group.alone or wanted is None, True, *key, name, "missing")
        else:
            found.counts[f"{name} shown"] += 1
            names.add(name)
            found.expect(value, wanted, *key, name)
    found.cells[key] = frozenset(names)


def _check_wide(rows: list[list[Any]], found: Found, asked: _Asked, table: tuple[Form, str]) -> None:
    form, year = table
    heads = [
        asked.words.columns.school,
        asked.words.columns.people,
        *(f"{it.number} {it.title}" for it in form.questions),
    ]
    found.expect(rows[0], heads, form.id, year, "heads")
    lines = asked.list_rows(form, year, len(rows) - 1 == len(asked.list_rows(form, year, roles=True)))
    found.expect([row[0] for row in rows[1:]], [it.title for it in lines], form.id, year, "rows")
    for row, line in zip(rows[1:], lines, strict=False):
        key = (form.id, year, line.title)
        if row[1] != "":
            found.people |= {key} if line.forms else set()
            found.expect(row[1], line.people, *key, "people")
            found.expect(not line.small or asked.group.alone, True, *key, "people though they are fewer than five")
        for value, question in zip(row[2:], form.questions, strict=False):
            wanted = asked.reckoner.reckon(asked.group, form, line, question).tenths
            if found.has((*key, question.number)):
                found.expect(to_tenths(value), wanted, *key, question.number, "wide")
            else:
                reason = asked.reasons.get(value)
                found.expect(reason, found.reasons.get((*key, question.number)), *key, question.number, "wide", value)


def to_tenths(value: object) -> object:
    """Return a number that stands with one decimal in tenths; None for an empty cell; anything else as it is."""
    if value == "" or value is None:
        return None
    if isinstance(value, str):
        return value
    tenths = Decimal(str(value)) * 10
    return int(tenths) if tenths == int(tenths) else value  # with more decimals it is not what is printed
