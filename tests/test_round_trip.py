"""A form that real programs filled in and saved holds what was typed: see tests/programs/README.md."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pikepdf
import pytest

from tests.programs import (
    fill_chromium,
    fill_pdfium,
    fill_pdfjs,
    fill_pdfjs_page,
    fill_pdftk,
    fill_pypdf,
    installed,
    sample,
)
from tests.programs.widgets import Widget, find_widgets

needs_pdfjs = pytest.mark.skipif(not installed.HAS_PDFJS, reason=installed.WANTS_PDFJS)
needs_node = pytest.mark.skipif(not shutil.which("node"), reason="needs node")
needs_chromium = pytest.mark.skipif(not installed.CHROMIUM, reason=installed.WANTS_CHROMIUM)
needs_pdftk = pytest.mark.skipif(not shutil.which("pdftk"), reason=installed.WANTS_PDFTK)
slow = pytest.mark.slow
PROGRAMS = [
    pytest.param(fill_pypdf, id="pypdf"),
    pytest.param(fill_pdfium, id="pdfium"),
    pytest.param(fill_pdfjs, id="pdfjs", marks=[slow, needs_node, needs_pdfjs]),
    pytest.param(fill_pdfjs_page, id="pdfjs-page", marks=[slow, needs_chromium, needs_pdfjs]),
    pytest.param(fill_chromium, id="chromium", marks=[slow, needs_chromium]),
    pytest.param(fill_pdftk, id="pdftk", marks=[slow, needs_pdftk]),
]
BROWSERS = [program for program in PROGRAMS if program.id in ("pdfjs-page", "chromium")]
Answers = dict[str, str]
Form = tuple[bytes, Answers]

ANSWERS = {
    "name": 'Łukasz Şahin, ë ï é € – "',
    "date": "01-02-2026",
    "sector": "mbo",
    "D1-S1": "3",
    "D1-S2": "weet-ik-niet",
    "D1-S3": "4",
    "remarks": 'Eerste regel: ë ï é € – "\nŁukasz Şahin <&>\n\nNa een witregel',
    "agree": "yes",
    "contact": "no",
}
OTHER_ANSWERS = {
    "name": "Anders",
    "date": "31-12-2025",
    "sector": "po",
    "D1-S1": "1",
    "remarks": "Eén regel",
    "agree": "no",
    "contact": "yes",
}


@pytest.fixture(scope="module")
def form() -> Form:
    """A form, and answers to all its fields."""
    return sample.make_sample(), ANSWERS


def read_values(pdf: bytes) -> dict[str, str]:
    """Return field -> value; radio buttons and check boxes have to show what the field says."""
    found = {}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for field in document.Root.AcroForm.Fields:
            name, value = str(field.T), str(field.get("/V", ""))
            if field.FT == "/Btn" and not int(field.get("/Ff", 0)) & sample.PUSH:
                shown = {str(widget.AS) for widget in field.get("/Kids", [field])} - {"/Off"}
                value = value.removeprefix("/")
                assert shown == {f"/{value}"} - {"/Off", "/"}, name
            found[name] = value.replace("\r\n", "\n").replace("\r", "\n")
    return found


def expect(answers: Answers) -> dict[str, Any]:
    return {**answers, **{name: "Off" for name in ("agree", "contact") if answers.get(name) == "no"}}


def pick(pdf: bytes, *wanted: tuple[str, str]) -> list[Widget]:
    """Return the widgets with these fields and on-states ("": any), in that order."""
    widgets = find_widgets(pdf)
    return [next(it for it in widgets if it.field == field and state in ("", *it.states)) for field, state in wanted]


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_answer_comes_back_and_what_says_which_form_it_is_stays(
    program: ModuleType, form: Form, tmp_path: Path
) -> None:
    pdf, answers = form
    before = read_values(pdf)
    found = read_values(program.fill(pdf, answers, tmp_path))
    assert {name: found[name] for name in answers} == expect(answers)
    untouched = set(before) - set(answers) - {"mean"}
    assert {name: found[name] for name in untouched} == {name: before[name] for name in untouched}


@pytest.mark.parametrize("program", PROGRAMS)
def test_answers_can_be_changed_in_a_form_that_was_saved(program: ModuleType, form: Form, tmp_path: Path) -> None:
    pdf, answers = form
    saved = program.fill(pdf, answers, tmp_path)
    found = read_values(program.fill(saved, OTHER_ANSWERS, tmp_path))
    changed = {**answers, **OTHER_ANSWERS}
    assert {name: found[name] for name in changed} == expect(changed)


def test_the_test_sees_an_answer_that_got_lost(form: Form, tmp_path: Path) -> None:
    pdf, answers = form
    kept = {name: value for name, value in answers.items() if name != "D1-S2"}
    assert read_values(fill_pypdf.fill(pdf, kept, tmp_path))["D1-S2"] == "Off"


def test_an_answer_without_a_field_is_refused(form: Form, tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="D1-S1"):
        fill_pdfium.fill(form[0], {"D1-S1": "5"}, tmp_path)


@pytest.mark.parametrize("program", BROWSERS)
def test_a_browser_calculates_the_mean_of_the_answers_that_are_numbers(
    program: ModuleType, form: Form, tmp_path: Path
) -> None:
    pdf, answers = form
    assert read_values(program.fill(pdf, answers, tmp_path))["mean"] == "3,5"


def clicks_pdfium(pdf: bytes, widgets: list[Widget], scratch: Path) -> bytes:
    del scratch
    return fill_pdfium.click(pdf, widgets)


Click = Callable[[bytes, list[Widget], Path], bytes]
CLICKS = [
    pytest.param(clicks_pdfium, id="pdfium"),
    pytest.param(fill_pdfjs_page.click, id="pdfjs-page", marks=[slow, needs_chromium, needs_pdfjs]),
    pytest.param(fill_chromium.click, id="chromium", marks=[slow, needs_chromium]),
]


@pytest.mark.parametrize("click", CLICKS)
def test_a_reset_button_takes_one_answer_back(click: Click, form: Form, tmp_path: Path) -> None:
    widgets = pick(form[0], ("D1-S1", "3"), ("D1-S2", "2"), ("reset-D1-S1", ""))
    found = read_values(click(form[0], widgets, tmp_path))
    assert (found["D1-S1"], found["D1-S2"]) == ("Off", "2")


@pytest.mark.parametrize("click", CLICKS)
def test_a_second_click_on_a_radio_button_takes_nothing_back(click: Click, form: Form, tmp_path: Path) -> None:
    widgets = pick(form[0], ("D1-S1", "3"), ("D1-S2", "2"), ("D1-S1", "3"))
    found = read_values(click(form[0], widgets, tmp_path))
    assert (found["D1-S1"], found["D1-S2"]) == ("3", "2")


def test_tab_goes_from_field_to_field_as_one_reads(form: Form) -> None:
    pdf = form[0]
    for page in (0, 1):
        expected = [widget for widget in find_widgets(pdf) if widget.page == page]
        assert fill_pdfium.walk_by_tab(pdf, page) == [
            (widget.field, widget.states[0] if widget.kind in ("choice", "check") else "") for widget in expected
        ]
