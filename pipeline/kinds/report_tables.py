"""A comparison -> the rows of its workbook: what is printed, and nothing that is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pipeline.compare.values import Cell, Comparison, Row, Table
from pipeline.content.report_words import ReportWords
from pipeline.kinds.wording import Wording, settle_form, settle_schools, title_of
from pipeline.spreadsheet import NAME_MOST, Value

_FORM_LEAST = 8  # of these for the form, where the round has a long name


@dataclass(frozen=True)
class NamedRows:
    """A sheet of the workbook: its name, what stands over its columns, its rows."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def list_rows(comparison: Comparison, words: ReportWords) -> Iterator[NamedRows]:
    """Yield all numbers one below the other, then for each form and round names beside subjects."""
    say, columns = Wording(words), words.columns
    heads = (
        words.compared, words.when, columns.school, columns.people, columns.number, columns.subject, columns.mean,
        columns.word, columns.lowest, columns.highest, columns.wish, columns.answers, columns.asked, columns.unknown,
        columns.not_shown,
    )  # fmt: skip
    long = tuple(row for table in comparison.tables for row in _list_long(table, comparison, say))
    yield NamedRows(words.overview.heading, heads, long)
    for table in comparison.tables:
        subjects = tuple(f"{it.number} {title_of(it.title)}" for it in table.questionnaire.subjects)
        wide = tuple(_write_wide(row, table, comparison, say) for row in _list_shown(table))
        yield NamedRows(_name_sheet(table), (columns.school, columns.people, *subjects), wide)


def _name_sheet(table: Table) -> str:
    """Return form and round; of the form only what leaves room for the round, which is what tells sheets apart."""
    form, around = (
        "".join(" " if it in "[]:*?/\\'" else it for it in title_of(name)).strip()
        for name in (table.questionnaire.side or table.questionnaire.title, table.round.title)
    )
    room = max(_FORM_LEAST, NAME_MOST - len(around) - 1)
    return f"{form[:room].strip()} {around}".strip() or "-"


def _list_shown(table: Table) -> tuple[Row, ...]:
    return (table.total, *settle_schools(table), *table.roles)


def _call(row: Row, table: Table, comparison: Comparison, say: Wording) -> str:
    """Return what a row is called; the total of a form that no school fills in is its group."""
    total = row.kind == "total" and comparison.kind == "group" and settle_schools(table)
    return say.words.columns.total if total else row.title


def _list_long(table: Table, comparison: Comparison, say: Wording) -> Iterator[tuple[Value, ...]]:
    asked = settle_form(table.questionnaire)
    wished = any(cell.wish is not None for row in _list_shown(table) for cell in row.cells)
    for row in _list_shown(table):
        for subject, cell in zip(asked.subjects, row.cells, strict=True):
            word = "" if cell.mean is None else title_of(say.word(cell, asked.scale))
            numbers = (cell.low, cell.high, cell.wish, cell.given, cell.asked, cell.unknown)
            why = _list_lacking(cell, wished, say) if cell.mean is not None else say.reason(cell.why or "unanswered")
            yield (
                title_of(asked.title), table.round.title, _call(row, table, comparison, say), _fill(cell.people),
                subject.number, title_of(subject.title), _fill(cell.mean), word, *map(_fill, numbers), why,
            )  # fmt: skip


def _list_lacking(cell: Cell, wished: bool, say: Wording) -> str:
    """Return which numbers beside a mean are not shown, by the heads of their columns."""
    columns = say.words.columns
    asked: dict[str, object] = {columns.people: cell.people, columns.spread: cell.low, columns.answers: cell.given}
    asked |= {columns.wish: cell.wish} if wished else {}
    return ", ".join(name for name, value in asked.items() if value is None)


def _write_wide(row: Row, table: Table, comparison: Comparison, say: Wording) -> tuple[Value, ...]:
    cells = [float(it.mean) if it.mean is not None else say.reason(it.why or "unanswered") for it in row.cells]
    return (_call(row, table, comparison, say), _fill(row.people), *cells)


def _fill(value: Value | Fraction | None) -> Value:
    if value is None:
        return ""
    return float(value) if isinstance(value, Fraction) else value
