"""Whatever a returned form or its name says is text in every output: CSV, workbook, JSON and page."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from pathlib import Path
from typing import Any

import openpyxl
import pikepdf
import pytest

from pipeline.collect.again import name_copy
from pipeline.collect.collection import Work, collect
from pipeline.collect.ledger import Choices
from pipeline.collect.records import read_records
from tests import returns
from tests.collecting import SCAN, contradict, fill, load_toolbox
from tests.programs import installed
from tests.programs.devtools import Chromium

FORMULA = '=HYPERLINK("http://x.example";"klik")'
TEXTS = {
    "SO1-waaraan": FORMULA,
    "SO2-waaraan": "+1\n=2+2",
    "SO3-waaraan": "@SUM(A1:A9)",
    "SO4-waaraan": "-1",
    "SO5-waaraan": "\t=1+1",
    "SO6-waaraan": "\u202emnl.pdf\u202c \u200f مرحبا \u2066x",
    "SO7-waaraan": "🙂 <script>document.title='x'</script><img src=x onerror=\"document.title='x'\"> & {{ 7*7 }}",
    "SO8-waaraan": "x" * 99_000,
}
CONTEXT = {"school": "=1+1<b>\"'&", "rol": "-1", "organisatie": "@Stichting <i>Ü</i> 🙂"}
LONG = "l" * 251 + ".pdf"
NAMES = [
    "a b.pdf", "it's \"q\".pdf", "new\nline.pdf", "=1+1.pdf", "-x.pdf", "+1.pdf", "@SUM(A1).pdf", "\t=tab.pdf",
    "<script>document.title='x'</script>.pdf", "é\u202efdp.exe.pdf", "🙂.pdf", "1/zelfde.pdf", "2/zelfde.pdf", LONG,
    "{{ 7*7 }}.pdf", "a;=1+1.pdf", "javascript:alert(1).pdf", "%2e%2e.pdf", "#anker?x=1.pdf",
]  # fmt: skip
BYTES = b"geen \xff\xfe tekst.pdf"


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything of the kind at once, collected."""
    base = tmp_path_factory.mktemp("safe")
    for number, name in enumerate(NAMES):
        path = base / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = fill({**CONTEXT, "school": f"{CONTEXT['school']} {number}", **(TEXTS if number == 0 else {})})
        path.write_bytes(contradict(raw) if number in (8, 18) else raw)
    Path(os.fsdecode(os.fsencode(base / "in") + b"/" + BYTES)).write_bytes(fill({"school": "Bytes"}))
    collect(load_toolbox(), [base / "in"], base / "out", Choices(texts=("*",)), Work())
    return base / "out"


@pytest.mark.slow
def test_json_holds_each_name_and_text_as_it_is(outcome: Path) -> None:
    raw = (outcome / "answers.json").read_bytes()
    found = {it["file"]: it for it in json.loads(raw.decode("utf-8"))}
    assert set(found) == {*NAMES, "geen \\xff\\xfe tekst.pdf"}
    assert {name: found["a b.pdf"]["values"][name] for name in TEXTS} == TEXTS
    assert found["a b.pdf"]["organisation"] == CONTEXT["organisatie"]
    assert [it.file for it in read_records(outcome)] == sorted(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["answers.csv", f"answers-{SCAN}.csv"])
def test_no_cell_of_a_csv_begins_like_a_formula(name: str, outcome: Path) -> None:
    text = (outcome / name).read_text("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if re.match(r"[\s\u202e]*[=+\-@\t]", cell)]
    assert {f"'{FORMULA}", "'+1\n'=2+2", "'@SUM(A1:A9)", "'-1", "'\t'=1+1"} <= set(cells)
    assert {"'=1+1.pdf", "'-x.pdf", "a;'=1+1.pdf", f"'{CONTEXT['organisatie']}"} <= set(cells)
    assert max(map(len, cells)) == 99_000
    for separator in (";", "\t"):  # as a spreadsheet of another country reads it
        pieces = [piece for line in text.splitlines() for piece in line.split(separator)]
        assert not [it for it in pieces if re.match(r'[\s"]*[=+\-@]', it)]


@pytest.mark.slow
def test_every_cell_of_the_workbook_is_a_text_or_a_number(outcome: Path) -> None:
    book = openpyxl.load_workbook(outcome / "answers.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert {type(cell.value) for cell in cells if cell.data_type == "n"} == {int}
    assert not [cell for cell in cells if cell.hyperlink]
    found = {cell.value for cell in cells}
    texts = {text for name, text in TEXTS.items() if name != "SO8-waaraan"}
    assert {*texts, *NAMES, CONTEXT["organisatie"], "geen \\xff\\xfe tekst.pdf"} <= found
    assert any(str(it).endswith("[cut: 99000 characters in all]") for it in found)


@pytest.mark.slow
@pytest.mark.skipif(not installed.CHROMIUM, reason=installed.WANTS_CHROMIUM)
def test_a_browser_shows_the_page_as_text_and_runs_nothing(outcome: Path, tmp_path: Path) -> None:
    records = read_records(outcome)
    with Chromium(tmp_path) as browser:
        tab = browser.open_tab((outcome / "intake.html").as_uri(), 1200, 900)

        tab.wait_for("document.readyState == 'complete'")
        title = load_toolbox().press_words.intake
        assert title
        assert tab.evaluate("document.title") == title.title.format(files=len(records), counting=len(records) - 2)
        assert tab.evaluate("document.querySelectorAll('script, img, iframe, object, form, [onerror]').length") == 0
        names = tab.evaluate("[...document.querySelectorAll('.name > bdi')].map(it => it.textContent)")
        shown = {it.file.replace("\n", "\\x0a").replace("\u202e", "\\x202e") for it in records}
        assert set(names) == shown
        text = tab.evaluate("document.body.textContent")
        assert CONTEXT["organisatie"] in text
        links = tab.evaluate(
            "[...document.querySelectorAll('a')].map(it => decodeURIComponent(new URL(it.href).pathname))"
        )
        assert sorted(links) == sorted(str(it) for it in (outcome / "again").iterdir())
        assert len(links) == 2
        fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert tab.evaluate(fits), "nothing sticks out"
        narrow = browser.open_tab((outcome / "intake.html").as_uri(), 420, 900)
        narrow.wait_for("document.readyState == 'complete'")
        assert narrow.evaluate(fits), "nothing sticks out"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("a/b c.pdf", "a - b c"),
        ('x<>:"|?*\\\n.pdf', "x_________"),
        ("nul.pdf", "_nul"),
        ("COM1.x.pdf", "_COM1.x"),
        (" . .pdf", "form"),
        ("é" * 200, "é" * 60),
        ("\u202efdp.pdf", "_fdp"),
    ],
)
def test_a_form_to_send_back_has_a_name_that_every_system_takes(file: str, name: str) -> None:
    assert name_copy(file, {}) == f"again/{name}.pdf"
    assert name_copy(file, {f"again/{name.upper()}.pdf": ""}) == f"again/{name} 2.pdf"


NO_TEXT = (
    b"\xfe\xff\xd8\x3d\x00a",  # half a letter of UTF-16
    b"\xfe\xff\x00a\x00",  # half a code
    b"\xef\xbb\xbf\xed\xa0\xbd",
    b"a\x00b",
    b"\xfe\xff\x00\x1b\x00[",  # what a terminal obeys
)


def test_bytes_that_are_no_text_are_no_answer(tmp_path: Path) -> None:
    whole = fill()
    for number, raw in enumerate(NO_TEXT):

        def put(pdf: Any, raw: bytes = raw) -> None:
            returns.find(pdf, "SO1-waaraan").V = pikepdf.String(raw)

        (tmp_path / f"{number}.pdf").write_bytes(returns.change(whole, put))
    collect(load_toolbox(), [tmp_path], tmp_path / "out", Choices(texts=("*",)), Work())
    assert [it.verdict for it in read_records(tmp_path / "out")] == ["damaged"] * len(NO_TEXT)
    for name in ("answers.csv", "answers.json", "intake.html"):
        (tmp_path / "out" / name).read_text("utf-8")
