"""The finished forms of the default toolbox: valid PDF/UA-1, also filled in and saved, and the same each time."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pikepdf
import pytest

from pipeline.build import Options, build
from pipeline.content.read import read_toolbox
from pipeline.copies import make_copy
from tests.programs import fill_pdfjs, fill_pypdf, installed
from tests.samples import change
from tests.test_round_trip import FORMS, load, make_answers
from tests.validators import (
    ALLOWED,
    failures,
    list_widgets,
    nameless_widgets,
    needs_verapdf,
    require_verapdf,
    run_verapdf,
    unembedded_fonts,
)

VALUES = {"organisatie": "Stichting Łukasz Şahin", "school": "De Wilgen", "response": "W-07"}


def send(project: Path, form: str, out: Path) -> bytes:
    """Return a copy for one school, or for one board."""
    asked = {it.name for it in read_toolbox(project).definitions[form][0].fields} | {"response"}
    make_copy(project, form, {name: text for name, text in VALUES.items() if name in asked}, out)
    return out.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_valid_pdf_ua(form: str, default_project: Path, tmp_path: Path) -> None:
    """One rule of the validator does not know the names of letters in the font of the fields; it is used or not."""
    assert set(failures(load(default_project, form), tmp_path)) <= set(ALLOWED)


def forget_names(pdf: pikepdf.Pdf) -> None:
    """Take away what a text field, a button of a choice, and a button beside it say."""
    fields = list(pdf.Root.AcroForm.Fields)
    text = next(it for it in fields if it.get("/FT") == "/Tx" and "/Rect" in it)
    choice = next(it for it in fields if "/Kids" in it)
    clear = next(it for it in fields if "/A" in it)
    del text.TU, choice.Kids[0].TU, choice.Kids[1].Contents, clear.TU


def name_fonts(pdf: pikepdf.Pdf) -> None:
    """Name two fonts that are not in the file, as many programs do."""
    for name in ("/Helv", "/ZaDb"):
        pdf.Root.AcroForm.DR.Font[name] = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)


def test_a_form_without_names_is_found_out(default_project: Path, tmp_path: Path) -> None:
    bad = change(load(default_project, "leidersspiegel"), forget_names)
    assert nameless_widgets(bad) == 4
    assert set(failures(bad, tmp_path)) - set(ALLOWED)


@pytest.mark.parametrize("form", FORMS)
def test_every_box_and_button_has_a_name_and_every_font_is_in_the_file(form: str, default_project: Path) -> None:
    pdf = load(default_project, form)
    assert len(list_widgets(pdf)) >= len(read_toolbox(default_project).definitions[form][0].fields)
    assert nameless_widgets(pdf) == 0
    assert unembedded_fonts(pdf) == []
    assert set(unembedded_fonts(change(pdf, name_fonts))) == {"/Helv", "/ZaDb"}


@needs_verapdf
def test_forms_and_their_copies_are_valid_pdf_ua_for_verapdf(default_project: Path, tmp_path: Path) -> None:
    forms = {form: load(default_project, form) for form in FORMS}
    copies = {f"{form}-copy": send(default_project, form, tmp_path / "copy.pdf") for form in FORMS}
    for pdf in copies.values():
        assert set(failures(pdf, tmp_path)) <= set(ALLOWED)
    require_verapdf(forms | copies, tmp_path)
    said = run_verapdf({"bad": change(forms["leidersspiegel"], forget_names)}, tmp_path)
    assert said.startswith("NOT OK"), said


@needs_verapdf
@pytest.mark.parametrize(
    "program",
    [
        pytest.param(fill_pypdf, id="pypdf"),
        pytest.param(
            fill_pdfjs,
            id="pdfjs",
            marks=pytest.mark.skipif(
                not (installed.HAS_PDFJS and shutil.which("node")), reason=f"{installed.WANTS_PDFJS}, and install node"
            ),
        ),
    ],
)
def test_forms_that_were_filled_in_are_valid_pdf_ua_for_verapdf(
    program: ModuleType, default_project: Path, tmp_path: Path
) -> None:
    toolbox = read_toolbox(default_project)
    saved = {}
    for form in FORMS:
        pdf = load(default_project, form)
        saved[form] = program.fill(pdf, make_answers(pdf, toolbox.definitions[form][0]), tmp_path)
        assert set(failures(saved[form], tmp_path)) <= set(ALLOWED)
    require_verapdf(saved, tmp_path)


def test_forms_and_their_copies_are_the_same_bytes_each_time(default_project: Path, tmp_path: Path) -> None:
    name = "leidersspiegel"
    first = send(default_project, "actieplan", tmp_path / "first.pdf")
    other = tmp_path / "elsewhere, é"
    other.mkdir()
    build(other, Options(products=(name, "actieplan"), media=("forms",), jobs=1)).require_success()
    for form in (name, "actieplan"):
        assert load(other, form) == load(default_project, form)
    assert send(other, "actieplan", tmp_path / "again.pdf") == first
