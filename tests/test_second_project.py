"""Another language, five cards, other colours and sides, no circle, long words, a logo: no change of code."""

from __future__ import annotations

from pathlib import Path

import page as page_validation
import pytest

from pipeline.content.read import read_toolbox
from pipeline.pdf.inspect import inspect_pdf
from pipeline.units import points
from tests.conftest import codes_on
from tests.tagged_text import read_tagged

SCREEN = "build/screen/werkstattkarten.pdf"


def test_five_cards_of_two_sides(german_project: Path) -> None:
    facts = inspect_pdf((german_project / SCREEN).read_bytes())
    assert len(facts.pages) == 10
    assert facts.language == "de-DE"
    assert facts.title == "Werkstattkarten für Leitung und Team"


def test_it_is_valid_pdf_ua_too(german_project: Path) -> None:
    report = page_validation.validate_pdf(german_project / SCREEN, profile="ua1")
    assert report.is_compliant, str(report)


def test_labels_sides_and_quotation_marks_are_content(german_project: Path) -> None:
    read = read_tagged((german_project / SCREEN).read_bytes(), 4)
    assert ("P", "Leitung") in read
    assert read[-1] == ("Figure", "Werkstatt für Zusammenarbeit"), "the logo"
    assert ("H2", "Was die Leitung tun kann") in read
    assert ("H2", "Eine Stimme") in read
    assert ("P", "„Viele Hände machen der Arbeit bald ein Ende.“") in read
    assert ("P", "Sprichwort") in read
    assert ("P", "Umdrehen: das Team") in read


def test_a_soft_hyphen_in_a_title_breaks_it_and_stays_out_of_bookmarks(german_project: Path) -> None:
    import pikepdf

    with pikepdf.open(german_project / SCREEN) as pdf, pdf.open_outline() as outline:
        assert outline.root[8].title == "12 Maschineninstandhaltungsplanung · Leitung"


def test_codes_lead_to_the_short_addresses(german_project: Path) -> None:
    pdf = (german_project / "build/print/werkstattkarten.pdf").read_bytes()
    assert [codes_on(pdf, page) for page in (0, 9)] == [
        {"HTTPS://LERNEN.EXAMPLE/W/1"},
        {"HTTPS://LERNEN.EXAMPLE/W/12"},
    ]


def test_the_logo_is_outlines_in_the_ink_of_the_card(german_project: Path) -> None:
    toolbox = read_toolbox(german_project)
    assert toolbox.logo is not None
    assert toolbox.logo["size"] == (60, 20)
    assert [command[0] for command in toolbox.logo["commands"]].count("M") == 4
    facts = inspect_pdf((german_project / "build/print/werkstattkarten.pdf").read_bytes())
    assert {use.space for page in facts.pages for use in page.colours} == {"DeviceCMYK"}
    assert not any(use.paint == "image" for page in facts.pages for use in page.colours)


@pytest.mark.parametrize("count", [1, 2, 3, 12, 24])
def test_a_circle_of_any_number_of_cards_is_drawn(count: int, werkstatt: Path) -> None:
    from pipeline.build import Options, build
    from tests.conftest import edit

    edit(werkstatt / "content/toolbox.yml", "circle: false", "circle: true")
    cards = werkstatt / "content/karten"
    text = (cards / "07-zeit.yml").read_text("utf-8")
    for path in cards.iterdir():
        path.unlink()
    for number in range(1, count + 1):
        card = text.replace("number: 7", f"number: {number}").replace("W7-U1", f"W{number}-U1")
        (cards / f"{number:02}-zeit.yml").write_text(card, "utf-8")
    report = build(werkstatt, Options(jobs=1, media=("print",)))
    report.require_success()
    assert len(report.published) == count + 1


def test_the_logo_is_the_same_drawing_on_screen_and_in_print(german_project: Path) -> None:
    """Screen draws it as SVG, print as curves; this logo has a control point with a negative coordinate."""
    import pypdfium2

    dark = []
    for medium, bleed in (("screen", 0), ("print", 3)):
        document = pypdfium2.PdfDocument(german_project / f"build/{medium}/werkstattkarten.pdf")
        image = document[0].render(scale=10 / points(1)).to_pil().convert("L")  # ten pixels a millimetre
        right, foot = 10 * (201 + bleed), round(10 * (138.44 + bleed))
        dark.append(sum(image.crop((right - 150, foot - 56, right, foot)).histogram()[:128]))
        document.close()
    assert dark[0] == pytest.approx(dark[1], rel=0.02)
    assert dark[0] > 3000
