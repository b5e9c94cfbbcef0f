"""The finished cards of the default toolbox: what a shop, a reader and a screen reader get."""

from __future__ import annotations

import io
from pathlib import Path

import page as page_validation
import pikepdf
import pytest

from pipeline.pdf.inspect import PdfFacts, inspect_pdf
from pipeline.preflight.inks import RICH_BLACK
from pipeline.resources import PACKAGED
from pipeline.units import Rect, mm, points
from tests.conftest import codes_on
from tests.samples import change
from tests.tagged_text import read_tagged
from tests.validators import needs_verapdf, require_verapdf, run_verapdf

CARDS = [
    "1-visie-en-ambitie", "2-professioneel-leren", "3-teamleren", "4-feedback-en-gegevens", "5-partners-en-omgeving",
    "6-onderzoekscultuur", "7-gespreid-leiderschap", "8-structuur-en-beleid",
]  # fmt: skip
DECK = ["spiegelkaarten", *(f"spiegelkaarten/{card}" for card in CARDS)]
FORMS = [
    "analyseformulier-bestuur", "analyseformulier-school", "scan-samen-opleiden", "actieplan", "leidersspiegel",
    "terugblikformulier",
]  # fmt: skip
SHEETS = [f"instrumenten/{path.stem}" for path in sorted((PACKAGED / "content/instruments").glob("*.yml"))]
READ = [
    "werkwijzer-bestuurder", "werkwijzer-schoolleider", "werkwijzer-leraar", "verdieping", "gespreksleidraad",
    "poster-dimensies", "instrumenten", *SHEETS,
]  # fmt: skip
ON_SHEETS = [
    "gespreksleidraad-katern", "spiegelkaarten-a4", "spiegelkaarten-sra3", "verdieping-katern",
    "werkwijzer-bestuurder-katern", "werkwijzer-leraar-katern", "werkwijzer-schoolleider-katern",
]  # fmt: skip
MADE = {"screen": [*DECK, *READ], "forms": FORMS, "print": [*DECK, *FORMS, *READ], "sheets": ON_SHEETS}


def read(project: Path, name: str) -> bytes:
    return (project / "build" / f"{name}.pdf").read_bytes()


@pytest.fixture(scope="session")
def print_deck(default_project: Path) -> PdfFacts:
    return inspect_pdf(read(default_project, "print/spiegelkaarten"))


def test_every_product_is_made_in_its_media(default_project: Path) -> None:
    build = default_project / "build"
    made = sorted(path.relative_to(build).as_posix() for path in build.rglob("*.pdf"))
    assert made == sorted(f"{medium}/{name}.pdf" for medium, names in MADE.items() for name in names)


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_the_deck_has_sixteen_pages_and_a_card_two(medium: str, default_project: Path) -> None:
    assert len(inspect_pdf(read(default_project, f"{medium}/spiegelkaarten")).pages) == 16
    assert len(inspect_pdf(read(default_project, f"{medium}/spiegelkaarten/3-teamleren")).pages) == 2


# ------------------------------------------------------------------------------------------ print


def test_print_pages_are_a5_with_three_millimetres_of_bleed(print_deck: PdfFacts) -> None:
    for page in print_deck.pages:
        assert page.trim is not None
        assert page.bleed == page.media
        assert mm(page.trim.size.width) == pytest.approx(210, abs=0.01)
        assert mm(page.trim.size.height) == pytest.approx(148, abs=0.01)
        assert page.bleed.inset(points(3)) == pytest.approx(page.trim, abs=0.01)


def test_print_is_device_cmyk_only_and_black_text_is_black_ink_only(print_deck: PdfFacts) -> None:
    uses = {use for page in print_deck.pages for use in page.colours}
    assert {use.space for use in uses} == {"DeviceCMYK"}
    black = {use.values for use in uses if use.values[3] >= RICH_BLACK}
    assert black == {(0, 0, 0, 1)}
    assert ("text", (0, 0, 0, 1)) in {(use.paint, use.values) for use in uses}
    assert ("fill", (0, 0, 0, 1)) in {(use.paint, use.values) for use in uses}, "the modules of the QR code"


def test_print_colours_are_the_recipes_of_the_theme(print_deck: PdfFacts) -> None:
    """Card 1 is Delfts: C 100 M 65 Y 0 K 10."""
    fills = {use.values for use in print_deck.pages[0].colours if use.paint == "fill"}
    assert any(values == pytest.approx((1, 0.65, 0, 0.1), abs=1 / 255) for values in fills), "Typst keeps 8 bits"


def test_ink_never_goes_over_three_hundred_percent(print_deck: PdfFacts) -> None:
    assert max(sum(use.values) for page in print_deck.pages for use in page.colours) <= 3.0


def test_the_colour_of_a_panel_runs_into_the_bleed(default_project: Path) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(read(default_project, "print/spiegelkaarten"))
    for number, edge in ((0, 0), (1, 0)):
        image = document[number].render(scale=2).to_pil().convert("L")
        corners = [image.getpixel((edge, y)) for y in (0, image.height // 2, image.height - 1)]
        assert max(corners) < 120, f"page {number + 1}: paper shows at the edge of the bleed"
    document.close()


# ------------------------------------------------------------------------------------------ codes


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_each_code_leads_to_a_verified_work_and_the_address_stands_beside_it(
    medium: str, default_project: Path
) -> None:
    import yaml

    from pipeline.resources import PACKAGED

    works = yaml.safe_load((PACKAGED / "content/literature.yml").read_text("utf-8"))
    verified = {work["serial-number"]["doi"].upper() for work in works.values() if work["verified"] == "doi-and-title"}
    pdf = read(default_project, f"{medium}/spiegelkaarten")
    for number in range(0, 16, 5):
        (address,) = codes_on(pdf, number)
        doi = address.removeprefix("HTTPS://DOI.ORG/")
        assert doi in verified
    screen = read(default_project, "screen/spiegelkaarten")
    texts = [text for tag, text in read_tagged(screen, 15) if tag == "P"]
    (address,) = codes_on(screen, 15)
    assert f"https://{texts[-1]}".upper() == address


# ------------------------------------------------------------------------------------------ screen


READING_ORDER = [
    ("P", "school"),
    ("H1", "Teamleren en samenwerken"),
    ("P", "We lossen lastige vragen samen op en worden daar zelf beter van."),
    ("Figure", "Cirkel van 8 dimensies, waarvan nummer 3 is ingekleurd."),
    ("H2", "Waar het over gaat"),
    ("LI", "– Samenwerken gaat verder dan taken verdelen: het gaat over de vraag wat wij doen en wat leerlingen daaraan hebben."),
    ("LI", "– De kwaliteit zit in de diepgang van het gesprek: doorvragen, onderbouwen, twijfel uitspreken."),
    ("LI", "– Een team leert als mensen zich veilig genoeg voelen om fouten, vragen en verschil van mening te laten zien."),
    ("LI", "– Goede samenwerking geeft afstemming, verdeelt het werk eerlijk en maakt dat niemand er alleen voor staat."),
    ("LI", "– Het vertrouwen dat we samen het verschil maken voor leerlingen, groeit door gedeelde successen."),
    ("H2", "Twee uitdagingen"),
    ("P", "Gezellig of grondig. Teams praten veel met elkaar, maar zelden over elkaars lessen."),
    ("P", "Veilig én kritisch. Wie de sfeer wil bewaren, stelt de moeilijke vraag niet."),
    ("H2", "Wat je als school kunt doen"),
    ("LI", "1 Splits overleg in ‘regelen’ en ‘leren’ en bescherm de leertijd."),
    ("LI", "2 Bereid met twee of drie collega’s een les voor, kijk samen en bespreek wat leerlingen deden."),
    ("LI", "3 Werk met een vaste gespreksvorm (bijvoorbeeld intervisie), zodat niet steeds dezelfden praten."),
    ("LI", "4 Spreek drie omgangsregels af voor het leergesprek en kijk er elk kwartaal op terug."),
    ("LI", "5 Bespreek leerlingenwerk in plaats van alleen cijfers."),
    ("LI", "6 Sta stil bij kleine verbeteringen en benoem wat het team daaraan heeft gedaan."),
    ("H2", "Om samen te bespreken"),
    ("P", "Over welk deel van ons lesgeven praten we eigenlijk nooit met elkaar?"),
    ("P", "Keer om: de kant van het bestuur"),
    ("Figure", "QR-code naar doi.org/10.1016/j.edurev.2015.04.002"),
    ("P", "Spiegelkaart 3 van 8"),
    ("P", "Verder lezen"),
    ("P", "doi.org/10.1016/j.edurev.2015.04.002"),
]  # fmt: skip


def test_a_screen_reader_hears_a_card_in_this_order(default_project: Path) -> None:
    heard = read_tagged(read(default_project, "screen/spiegelkaarten"), 5)
    assert [(tag, text.replace("\u00ad", "")) for tag, text in heard] == READING_ORDER


def test_nothing_that_is_drawn_as_text_is_left_out_of_the_tags(default_project: Path) -> None:
    """Every show of text lies in marked content: tagged, or declared an artifact."""
    with pikepdf.open(io.BytesIO(read(default_project, "screen/spiegelkaarten"))) as pdf:
        for page in pdf.pages:
            depth = 0
            for instruction in pikepdf.parse_content_stream(page):
                operator = str(instruction.operator)
                depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(operator, 0)
                assert operator not in ("Tj", "TJ") or depth > 0


def test_every_figure_has_content_and_an_alternative_text(default_project: Path) -> None:
    with pikepdf.open(io.BytesIO(read(default_project, "screen/spiegelkaarten"))) as pdf:
        figures = [it for it in pdf.objects if isinstance(it, pikepdf.Dictionary) and it.get("/S") == "/Figure"]
        assert len(figures) == 32, "a circle and a code on each page"
        assert all(str(figure.get("/Alt", "")) and len(figure.get("/K", [])) for figure in figures)


def test_bookmarks_name_each_card_and_side(default_project: Path) -> None:
    with pikepdf.open(io.BytesIO(read(default_project, "screen/spiegelkaarten"))) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert titles[:3] == [
        "1 Een gedeelde visie en ambitie · bestuur",
        "1 Een gedeelde visie en ambitie · school",
        "2 Professioneel leren · bestuur",
    ]
    assert len(titles) == 16


def test_links_are_live_on_screen_and_absent_in_print(default_project: Path, print_deck: PdfFacts) -> None:
    with pikepdf.open(io.BytesIO(read(default_project, "screen/spiegelkaarten/3-teamleren"))) as pdf:
        targets = [str(it.A.URI) for it in pdf.pages[0].Annots if "/A" in it]
        inner = [str(it.Dest) for it in pdf.pages[0].Annots if "/Dest" in it]
    assert targets == ["https://doi.org/10.1016/j.edurev.2015.04.002"]
    assert inner == ["3-teamleren/school"], "turning the card is a link to its other side"
    assert not any(page.annotations for page in print_deck.pages)


@pytest.mark.parametrize("name", DECK)
def test_screen_files_are_valid_pdf_ua(name: str, default_project: Path) -> None:
    report = page_validation.validate_pdf(default_project / f"build/screen/{name}.pdf", profile="ua1")
    assert report.is_compliant, str(report)


def test_the_validator_finds_a_bad_sample_out(default_project: Path, tmp_path: Path) -> None:
    def remove_alternative(pdf: pikepdf.Pdf) -> None:
        for it in pdf.objects:
            if isinstance(it, pikepdf.Dictionary) and it.get("/S") == "/Figure":
                del it["/Alt"]

    bad = tmp_path / "bad.pdf"
    bad.write_bytes(change(read(default_project, "screen/spiegelkaarten/3-teamleren"), remove_alternative))
    assert not page_validation.validate_pdf(bad, profile="ua1").is_compliant


@needs_verapdf
def test_screen_files_are_valid_pdf_ua_for_verapdf(default_project: Path, german_project: Path, tmp_path: Path) -> None:
    good = {Path(name).name: read(default_project, f"screen/{name}") for name in DECK}
    require_verapdf({**good, "german": read(german_project, "screen/werkstattkarten")}, tmp_path)
    bad = change(good["spiegelkaarten"], lambda pdf: pdf.Root.__delitem__("/MarkInfo"))
    assert "NOT OK" in run_verapdf({"bad": bad}, tmp_path)


# ------------------------------------------------------------------------------------------ same place


def test_text_stays_within_the_safe_margin(default_project: Path) -> None:
    """Design section 4: 5 mm from the trim, on every page, whatever the text."""
    import pypdfium2

    document = pypdfium2.PdfDocument(read(default_project, "screen/spiegelkaarten"))
    for page in document:
        trim = Rect(0, 0, *page.get_size())
        text = page.get_textpage()
        for index in range(text.count_rects()):
            assert trim.inset(points(5)).holds(Rect(*text.get_rect(index)))
    document.close()
