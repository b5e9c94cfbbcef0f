"""Tables: every answer in them, no formula, nothing that stops a spreadsheet, the same bytes each time."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pipeline.collect.records import Record, dump_records, read_records
from pipeline.collect.tables import HEAD, LONG, Cell, guard, list_long, list_wide, plan_wide, write_csv
from pipeline.collect.workbook import CELL_MOST, Sheet, fit_cell, write_sheets, write_workbook
from pipeline.errors import Finding, UsageError
from tests.returns import FORM

FORMS = {FORM.form: (FORM,)}
DAY = dt.date(2026, 11, 23)
NASTY = [
    '=HYPERLINK("http://x.example","klik")', "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u202e=1", "＝1",
    "+316 1234", "- een punt", "\ufeff=1",
]  # fmt: skip
CELL, SHEET = (f"{{http://schemas.openxmlformats.org/spreadsheetml/2006/main}}{it}" for it in ("c", "sheet"))
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

SPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def read_sheets(path: Path) -> dict[str, list[ElementTree.Element]]:
    """Return name of a sheet -> its cells."""
    with zipfile.ZipFile(path) as book:
        names = [it.attrib["name"] for it in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(SHEET)]
        files = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(names) + 1)]
        parts = [ElementTree.fromstring(book.read(it)) for it in files]
    return {name: list(part.iter(CELL)) for name, part in zip(names, parts, strict=True)}


def text_of(cell: ElementTree.Element) -> str:
    return "".join(it.text or "" for it in cell.iter(f"{{{SPACE['x']}}}t"))


def make_book(tmp_path: Path, *records: Record, name: str = "a.xlsx") -> tuple[Path, list[tuple[str, str]]]:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    return tmp_path / name, write_workbook(tmp_path / name, records, FORMS, DAY, scratch)


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(tmp_path: Path) -> None:
    texts = [*NASTY, "http://x.example", "mailto:a@b", "internal:Files!A1", "{=1}", "_x0041_", "\x00\x07", *HARMLESS]
    values = {f"v{number}": text for number, text in enumerate(texts)}
    path, cut = make_book(tmp_path, replace(RECORD, school="=1+1", values=values))
    assert cut == []
    sheets = read_sheets(path)
    assert list(sheets) == ["Files", "Long", FORM.form]
    cells = [cell for its in sheets.values() for cell in its]
    assert not [cell for cell in cells if cell.find("x:f", SPACE) is not None]
    found = [text_of(cell) for cell in sheets["Long"]]
    for text in (NASTY[0], "+1", "@SUM(A1)", "http://x.example", "🙂 emoji", "\\x00\\x07"):
        assert text in found
    with zipfile.ZipFile(path) as book:
        assert not [name for name in book.namelist() if "rels" in name and b"hyperlink" in book.read(name)]


def test_answers_in_digits_are_numbers_and_names_are_not(tmp_path: Path) -> None:
    path, _ = make_book(tmp_path, replace(RECORD, school="007"))
    row = {cell.attrib["r"]: cell for cell in read_sheets(path)[FORM.form]}
    assert row["C3"].attrib["t"] == "inlineStr"
    assert text_of(row["C3"]) == "007"
    numbers = [cell for cell in row.values() if "t" not in cell.attrib and cell.find("x:v", SPACE) is not None]
    assert sorted(cell.find("x:v", SPACE).text or "" for cell in numbers) == ["12", "12", "3"]  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["a" * 200_000, "🙂" * 100_000, "a" * (CELL_MOST + 1)])
def test_a_text_that_no_cell_holds_is_cut_and_told(text: str, tmp_path: Path) -> None:
    path, cut = make_book(tmp_path, replace(RECORD, values={"D3-waaraan": text}))
    assert cut == [("a.pdf", "D3-waaraan")]
    longest = max((text_of(cell) for cell in read_sheets(path)["Long"]), key=len)
    assert len(longest.encode("utf-16-le")) // 2 <= CELL_MOST
    assert longest.endswith(f"[cut: {len(text)} characters, whole in the CSV]")
    assert fit_cell("a" * CELL_MOST) == "a" * CELL_MOST


def test_the_same_records_give_the_same_bytes_at_any_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _ = make_book(tmp_path, RECORD, name="1.xlsx")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    two, _ = make_book(tmp_path, RECORD, name="2.xlsx")
    monkeypatch.undo()
    time.tzset()
    assert one.read_bytes() == two.read_bytes()


def test_sheets_with_more_rows_than_a_sheet_holds_go_on_in_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.collect.workbook.ROWS_MOST", 4)
    sheets = [Sheet("Long", (("file",),), [(f"{number}",) for number in range(7)]), Sheet("long", (("file",),), [])]
    write_sheets(tmp_path / "a.xlsx", sheets, DAY, tmp_path)
    found = read_sheets(tmp_path / "a.xlsx")
    assert [len(its) for its in found.values()] == [4, 4, 2, 1]
    assert list(found) == ["Long", "Long 2", "Long 3", "long 4"]


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
