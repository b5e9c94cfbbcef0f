"""Forms of another project: another language, no cards, a scale of three letters, every kind of field; content only."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.build import Options, build
from pipeline.collect import read_form
from pipeline.content.read import read_toolbox
from pipeline.preflight import preflight_file
from tests.conftest import HERE, codes_on
from tests.programs import fill_pdfium, fill_pypdf
from tests.validators import ALLOWED, failures

ANSWERS = {
    "schule": "Grundschule am Anger – „Łąka“",
    "tag": "24.11.2026",
    "fach": "s",
    "kinder": "23",
    "dauer": "lang",
    "frei": "yes",
    "foto": "",
    "T1": "b",
    "T1-ziel": "c",
    "T1-beleg": "Alle sitzen.\nNiemand fragt: „Was jetzt?“",
    "T2": "",
    "T2-ziel": "",
    "T2-beleg": "",
    "T7": "c",
    "T7-ziel": "c",
    "T7-beleg": "Ja.",
    "plan-1-thema": "7",
    "plan-1-was": "Noch ein Besuch",
    "plan-1-bis": "01.02.2027",
    **{f"plan-{row}-{key}": "" for row in (2, 3) for key in ("thema", "was", "bis")},
}


@pytest.fixture(scope="module")
def besuch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, built once."""
    project = tmp_path_factory.mktemp("forms") / "besuch"
    shutil.copytree(HERE / "projects" / "besuch", project, ignore=shutil.ignore_patterns("build"))
    report = build(project, Options(jobs=1))
    report.require_success()
    assert report.warnings == ()
    assert report.published == ["forms/besuch.pdf", "forms/kurz.pdf", "print/besuch.pdf", "print/kurz.pdf"]
    return project


@pytest.mark.parametrize("name", ["besuch", "kurz"])
def test_they_are_valid_pdf_ua(name: str, besuch: Path, tmp_path: Path) -> None:
    assert failures((besuch / f"build/forms/{name}.pdf").read_bytes(), tmp_path) == ALLOWED


@pytest.mark.parametrize("fill", [fill_pypdf.fill, fill_pdfium.fill], ids=["pypdf", "pdfium"])
def test_every_answer_comes_back(fill: object, besuch: Path, tmp_path: Path) -> None:
    assert callable(fill)
    pdf = (besuch / "build/forms/besuch.pdf").read_bytes()
    out = tmp_path / "returned.pdf"
    out.write_bytes(fill(pdf, {name: value for name, value in ANSWERS.items() if value}, tmp_path))
    answers = read_form(out, read_toolbox(besuch))
    assert (answers.verdict, answers.form, answers.version) == ("accepted", "besuch", "zwei")
    assert answers.values == ANSWERS
    assert [it.field for it in answers.findings] == ["T2-beleg"], "it had to be filled in, and was left open"


def test_files_of_both_media_are_checked_as_what_they_are(besuch: Path, tmp_path: Path) -> None:
    files = [besuch / f"build/{medium}/besuch.pdf" for medium in ("forms", "print")]
    codes = {read_toolbox(besuch).definitions["besuch"][0].identity.code}
    for file in files:
        assert preflight_file(file) == []
        lonely = tmp_path / file.parent.name  # away from the manifest: it is told by what is in it
        shutil.copy(file, lonely)
        assert preflight_file(lonely) == []
        assert codes_on(file.read_bytes(), 0) == codes_on(file.read_bytes(), 4) == codes


def test_a_date_stands_in_the_form_of_the_fields(besuch: Path) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(besuch / "build/forms/besuch.pdf")
    page = document[0]
    text = page.get_textpage()
    assert "Bis 31.01.2027" in text.get_text_bounded()
    text.close()
    page.close()
    document.close()
