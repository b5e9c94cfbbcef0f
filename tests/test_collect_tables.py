"""Tables: every answer in them, no formula, nothing that stops a spreadsheet, the same bytes each time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.collect.records import Record, dump_records, read_records
from pipeline.collect.tables import HEAD, LONG, Cell, guard, list_long, list_sheets, list_wide, plan_wide, write_csv
from pipeline.errors import Finding, UsageError
from pipeline.spreadsheet import write_workbook
from tests.returns import FORM

FORMS = {FORM.form: (FORM,)}
DAY = dt.date(2026, 11, 23)
NASTY = [
    '=HYPERLINK("http://x.example","klik")', "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u202e=1", "＝1",
    "+316 1234", "- een punt", "\ufeff=1",
]  # fmt: skip
HARMLESS = ["gewoon", "a=b", "1-2", "e@mail", "مرحبا \u200f", "🙂 emoji", "regel één\nregel twee", "‘citaat’", "'al"]
RECORD = Record(
    "a.pdf", "ab" * 32, "accepted", FORM.form, FORM.version, FORM.fingerprint, "Stichting X", "De Wilg", "leraar",
    "2026-04-03", True, 12, "R-1", True,
    values={"school": "De Wilg", "aantal": "12", "D3-S1": "3", "D3-S2": "weet-ik-niet", "D3-waaraan": NASTY[0]},
    findings=(Finding("a.pdf", "D3-S1", "a message", "a hint", "warning"),),
)  # fmt: skip


def read_csv(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def to_csv(*rows: tuple[Cell, ...]) -> bytes:
    out = io.BytesIO()
    write_csv(out, rows)
    return out.getvalue()


# ------------------------------------------------------------------------------------------ CSV


@pytest.mark.parametrize("text", NASTY)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    ((cell,),) = read_csv(to_csv((text,)))
    assert cell.startswith("'")
    assert cell.replace("'", "") == text.replace("\r", "\n")  # nothing else is changed


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_text_is_written_as_it_is(text: str) -> None:
    assert read_csv(to_csv((text,))) == [[text]]


@pytest.mark.parametrize("separator", [";", "\t", ",", "\n"])
@pytest.mark.parametrize("formula", ["=1+1", " =1+1", "+1", "-1", "@A1"])
def test_a_spreadsheet_that_takes_another_separator_finds_no_formula_either(separator: str, formula: str) -> None:
    raw = to_csv(("een", f"twee{separator}{formula}", "drie")).decode("utf-8-sig")
    pieces = re.split(r"[;\t\r\n]", raw)
    assert not [it for it in pieces if it.strip(' "')[:1] in "=+-@" and it.strip(' "')]


def test_control_characters_become_codes() -> None:
    assert guard("a\x00b\x07c\x1b[31m\x85") == "a\\x00b\\x07c\\x1b[31m\\x85"


def test_a_csv_opens_as_utf_8_with_lines_of_a_spreadsheet() -> None:
    raw = to_csv(("é", 3), ("x\ny", 4))
    assert raw == '\ufeff"é","3"\r\n"x\ny","4"\r\n'.encode()


def test_the_long_table_has_a_row_for_each_file_and_field() -> None:
    lost = Record("b.pdf", "", "refused")
    rows = [dict(zip(LONG, row, strict=True)) for row in list_long([RECORD, lost], FORMS)]
    assert [row["field"] for row in rows] == [*RECORD.values, ""]
    (one,) = (row for row in rows if row["field"] == "D3-S1")
    assert (one["answer"], one["words"], one["question"]) == (3, "vaak", "We leren samen")
    assert (one["file"], one["people"], one["counts"], one["role"]) == ("a.pdf", 12, "yes", "leraar")
    assert rows[-1]["verdict"] == "refused"


def test_the_wide_table_has_a_column_for_each_field_in_the_order_of_the_form() -> None:
    (wide,) = plan_wide([RECORD, replace(RECORD, file="b.pdf", values={"fase": "start"})], FORMS)
    assert [name for name, _ in wide.fields] == ["school", "aantal", "D3-S1", "D3-S2", "fase", "D3-waaraan"]
    one, two = list_wide(wide, FORMS)
    assert one[len(HEAD) :] == ("De Wilg", 12, 3, "weet-ik-niet", "", NASTY[0])
    assert two[len(HEAD) :] == ("", "", "", "", "start", "")


# ------------------------------------------------------------------------------------------ workbook


def read_book(*records: Record) -> dict[str, list[tuple[Any, ...]]]:
    """Return name of a sheet -> its cells, rows x columns."""
    out = io.BytesIO()
    write_workbook(out, list_sheets(records, FORMS), DAY)
    return {it.title: list(it.iter_rows()) for it in openpyxl.load_workbook(out)}


def test_no_cell_of_the_workbook_is_a_formula_or_a_link() -> None:
    texts = [*NASTY, "http://x.example", "mailto:a@b", "internal:Files!A1", "{=1}", "\x00\x07", *HARMLESS]
    values = {f"v{number}": text for number, text in enumerate(texts)}
    sheets = read_book(replace(RECORD, file="=1+1.pdf", school="=1+1", role="-1", values=values))
    assert list(sheets) == ["Files", "Long", FORM.form]
    cells = [cell for rows in sheets.values() for row in rows for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    found = {cell.value for cell in cells}
    shown = (text.replace("\r", "\n").replace("\x00\x07", "\\x00\\x07") for text in texts)
    assert {*shown, "=1+1", "-1", "=1+1.pdf"} <= found


def test_answers_in_digits_are_numbers_and_names_are_not() -> None:
    _, names, row = read_book(replace(RECORD, school="007"))[FORM.form]
    assert [it.value for it in names][: len(HEAD)] == list(HEAD)
    assert (row[2].value, row[2].data_type) == ("007", "s")
    assert [it.value for it in row if it.data_type == "n" and it.value is not None] == [12, 12, 3]


def test_over_the_columns_of_a_form_stands_what_is_asked() -> None:
    heads, names, _ = read_book(RECORD)[FORM.form]
    asked = dict(zip((it.value for it in names), (it.value for it in heads), strict=True))
    assert asked["D3-S1"] == "We leren samen"
    assert asked["file"] is None


# ------------------------------------------------------------------------------------------ records


def test_records_come_back_as_they_were_written(tmp_path: Path) -> None:
    records = (RECORD, Record('b "2"\n.pdf', "", "refused", findings=(Finding('b "2"\n.pdf', "", "x", "y"),)))
    (tmp_path / "answers.json").write_bytes(dump_records(records))
    assert read_records(tmp_path) == records


@pytest.mark.parametrize("raw", [None, b"", b"{}", b"[{}]", b'[{"file": 1}]', b"[" * 100_000, b"\xff"])
def test_what_is_no_answers_is_told_with_what_to_do(raw: bytes | None, tmp_path: Path) -> None:
    if raw is not None:
        (tmp_path / "answers.json").write_bytes(raw)
    with pytest.raises(UsageError) as caught:
        read_records(tmp_path)
    assert "drukwerk collect" in caught.value.findings[0].hint
