"""Records -> rows of tables, the sheets of a workbook, and CSV that no spreadsheet takes for formulas.

Long: a row for each file and field. Wide: a row for each file, a column for each field; a table for each form.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.collect.context import find_fields
from pipeline.collect.records import Record
from pipeline.content.definition import CHECKED, Definition, Field
from pipeline.spreadsheet import Sheet, show_controls

Definitions = Mapping[str, tuple[Definition, ...]]
Cell = str | int  # a number only where it is one of ours or an answer in digits

HEAD = ("file", "organisation", "school", "role", "date", "people", "form", "version", "verdict", "counts")
LONG = (*HEAD, "field", "question", "answer", "words")
FILES = (*HEAD, "joint", "respondent", "instead", "reason", "next step", "sha256")

DIGITS_MOST = 15  # a spreadsheet keeps no more
_NUMBERS = ("choice", "number")  # kinds of fields whose answer may be a number
_FORMULA = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠\t\n]")
# A spreadsheet that takes another sign for the separator cuts a cell there, and reads what follows as a cell.
_INSIDE = re.compile(r"([;\t\n][ ]*)(?=[=+\-@＝＋－＠])")

_WIDTHS = {"file": 34, "organisation": 24, "school": 22, "role": 16, "question": 60, "words": 20, "reason": 60}
_WIDTHS |= {"answer": 24, "field": 16, "form": 24, "next step": 44, "verdict": 16, "instead": 34, "sha256": 20}
_WIDTH = 12  # of all other columns, in characters


@dataclass(frozen=True)
class Wide:
    """The answers to one form, a column for each field.

    Attributes:
        form: its id.
        fields: (name, what is asked) of each column behind those of `HEAD`.
        records: the files, a row each.
    """

    form: str
    fields: tuple[tuple[str, str], ...]
    records: tuple[Record, ...]


def list_long(records: Iterable[Record], definitions: Definitions) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each file and field; one row for a file without answers, so that none is missing."""
    for record in records:
        head = list_head(record)
        fields = find_fields(definitions.get(record.form, ()), record.version, record.fingerprint)
        for name, text in record.values.items():
            field = fields.get(name)
            yield (*head, name, field.label if field else "", type_answer(field, text), word_answer(field, text))
        if not record.values:
            yield (*head, "", "", "", "")


def plan_wide(records: Sequence[Record], definitions: Definitions) -> list[Wide]:
    """Return a table for each form that there are answers to, in the order of the toolbox."""
    tables = []
    for form, known in definitions.items():
        its = tuple(it for it in records if it.form == form and it.values)
        if its:
            there = {name for it in its for name in it.values}
            fields = {**{it.name: it for it in known[0].fields}, **find_fields(known)}
            tables.append(Wide(form, tuple((it.name, it.label) for it in fields.values() if it.name in there), its))
    return tables


def list_wide(table: Wide, definitions: Definitions) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a wide table."""
    for record in table.records:
        fields = find_fields(definitions[table.form], record.version, record.fingerprint)
        answers = (type_answer(fields.get(name), record.values.get(name, "")) for name, _ in table.fields)
        yield (*list_head(record), *answers)


def list_files(records: Iterable[Record]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each file, with its verdict and the reasons."""
    for it in records:
        joint = "" if it.joint is None else _write_flag(it.joint)
        reasons = "\n".join(": ".join(part for part in (found.field, found.message) if part) for found in it.findings)
        steps = "\n".join(dict.fromkeys(found.hint for found in it.findings if found.hint))
        yield (*list_head(it), joint, it.respondent, it.instead, reasons, steps, it.sha256)


def list_sheets(records: Sequence[Record], definitions: Definitions) -> Iterator[Sheet]:
    """Yield the sheets of a workbook: files, all answers in one long sheet, a wide sheet for each form."""
    yield Sheet("Files", [FILES], list_files(records), _set_widths(FILES))
    yield Sheet("Long", [LONG], list_long(records, definitions), _set_widths(LONG))
    for it in plan_wide(records, definitions):
        asked = [*[""] * len(HEAD), *(label for _, label in it.fields)]
        names = [*HEAD, *(name for name, _ in it.fields)]
        yield Sheet(it.form, [asked, names], list_wide(it, definitions), _set_widths(names))


def list_head(record: Record) -> tuple[Cell, ...]:
    """Return what every row of a file begins with."""
    people = "" if record.people is None else record.people
    said = (record.file, record.organisation, record.school, record.role, record.date, people)
    return (*said, record.form, record.version, record.verdict, _write_flag(record.counts))


def word_answer(field: Field | None, text: str) -> str:
    """Return the words of an option; of anything else nothing, since the answer says all."""
    return dict(field.options).get(text, "").replace("\u00ad", "") if field else ""


def type_answer(field: Field | None, text: str) -> Cell:
    """Return an answer in digits as a number, so that one can count with it."""
    digits = text.isascii() and text.isdigit() and len(text) <= DIGITS_MOST and (text == "0" or text[0] != "0")
    return int(text) if field and field.kind in _NUMBERS and digits else text


def write_csv(file: BinaryIO, rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows as UTF-8 with a mark that lets spreadsheets read it as that, all cells in quotes (RFC 4180)."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([guard(it) if isinstance(it, str) else it for it in row])
    text.flush()
    text.detach()


def guard(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe stands before what begins like one."""
    text = show_controls(text)
    text = _INSIDE.sub(r"\1'", text)
    return f"'{text}" if _FORMULA.match(text) else text


def _write_flag(value: bool) -> str:
    return CHECKED if value else "no"


def _set_widths(columns: Iterable[str]) -> list[int]:
    return [_WIDTHS.get(name, _WIDTH) for name in columns]
