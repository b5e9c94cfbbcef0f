"""Formats of cards: every one of layouts/formats.yml, front and back, on screen and in print."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import page as page_validation
import pikepdf
import pytest

from pipeline.build import Options, build
from pipeline.content.formats import SAFE
from pipeline.content.products import Deck
from pipeline.content.read import read_toolbox
from pipeline.content.toolbox import Entry, Toolbox
from pipeline.fit import MODULE_MIN
from pipeline.kinds.cards import plan_documents
from pipeline.pdf.inspect import inspect_pdf
from pipeline.qr import plan_code
from pipeline.resources import PACKAGED
from pipeline.units import Rect, mm, points
from tests.conftest import Run, codes_on, draw, edit
from tests.samples import change
from tests.tagged_text import read_tagged

FORMATEN = Path(__file__).parent / "projects" / "formaten"
OWN = "layouts/formats.yml"
LETTER_MIN = 8.7  # points; the smallest size of the identity
MEDIA = ["screen", "print"]
SIZES = {
    "kaarten-a5-liggend": (210, 148),
    "kaarten-a5-staand": (148, 210),
    "kaarten-vierkant": (148, 148),
    "kaarten-a6": (105, 148),
    "kaarten-tarot": (70, 120),
    "kaarten-poker": (63, 88),
}
SMALL = ["kaarten-a6", "kaarten-tarot", "kaarten-poker"]
PRODUCTS = pytest.mark.parametrize("name", SIZES)
BOTH = pytest.mark.parametrize("medium", MEDIA)


@pytest.fixture
def formaten(tmp_path: Path) -> Path:
    """A copy of the project with one deck per format."""
    return Path(shutil.copytree(FORMATEN, tmp_path / "formaten", ignore=shutil.ignore_patterns("build")))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with one deck per format, built once, without a finding."""
    project = tmp_path_factory.mktemp("formats") / "formaten"
    shutil.copytree(FORMATEN, project, ignore=shutil.ignore_patterns("build"))
    report = build(project, Options(jobs=2))
    report.require_success()
    assert report.warnings == ()
    return project


@pytest.fixture(scope="module")
def toolbox() -> Toolbox:
    return read_toolbox(FORMATEN)


def read(project: Path, medium: str, name: str) -> bytes:
    return (project / "build" / medium / f"{name}.pdf").read_bytes()


def deck_of(toolbox: Toolbox, name: str) -> Deck:
    return next(deck for _, deck in toolbox.settings.decks if deck.name == name)


def texts_of(pdf: bytes, page: int) -> list[str]:
    return [text for _, text in read_tagged(pdf, page)]


def plain(text: str) -> str:
    """The text as `read_tagged` gives it: without soft hyphens, white space folded."""
    return re.sub(r"\s+", " ", text.replace("\u00ad", ""))


# ------------------------------------------------------------------------------------------ every format


def test_the_sample_project_uses_every_format(toolbox: Toolbox) -> None:
    packaged = {name for name, (_, source) in toolbox.formats.items() if source.name == OWN}
    assert {deck.format for _, deck in toolbox.settings.decks} == packaged
    assert [deck.name for _, deck in toolbox.settings.decks] == list(SIZES)


def test_no_program_and_no_layout_knows_a_format_by_name(toolbox: Toolbox) -> None:
    names = set(toolbox.formats) - {"a5-landscape", "square"}  # the default, and a word of geometry
    for path in [*(PACKAGED / "pipeline").rglob("*.py"), *(PACKAGED / "layouts").rglob("*.typ")]:
        found = set(re.findall(r"[a-z0-9]+(?:-[a-z]+)*", path.read_text("utf-8"))) & names
        assert not found, f"{path.name}: {found}"


@PRODUCTS
@BOTH
def test_pages_have_the_finished_size(name: str, medium: str, built: Path) -> None:
    facts = inspect_pdf(read(built, medium, name))
    assert len(facts.pages) == 6
    for page in facts.pages:
        trim = page.trim or page.media
        assert (mm(trim.size.width), mm(trim.size.height)) == pytest.approx(SIZES[name], abs=0.01)
        if medium == "print":
            assert page.bleed is not None
            assert page.bleed.inset(points(3)) == pytest.approx(trim, abs=0.01)


@PRODUCTS
def test_screen_files_are_valid_pdf_ua(name: str, built: Path) -> None:
    report = page_validation.validate_pdf(built / f"build/screen/{name}.pdf", profile="ua1")
    assert report.is_compliant, str(report)


@PRODUCTS
@BOTH
def test_text_stays_within_the_safe_margin(name: str, medium: str, built: Path) -> None:
    import pypdfium2

    bleed = points(3) if medium == "print" else 0.0
    document = pypdfium2.PdfDocument(read(built, medium, name))
    for page in document:
        safe = Rect(0, 0, *page.get_size()).inset(bleed + SAFE)
        text = page.get_textpage()
        for index in range(text.count_rects()):
            assert safe.holds(Rect(*text.get_rect(index)))
    document.close()


def smallest_letter(pdf: bytes) -> float:
    """Return the height in points of the smallest type on the pages, as it is drawn: size times transformation."""
    import ctypes
    import math

    import pypdfium2
    from pypdfium2 import raw

    found = math.inf
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage()
        for index in range(text.count_chars()):
            if raw.FPDFText_IsGenerated(text, index):
                continue  # a space that PDFium puts between two lines
            matrix = raw.FS_MATRIX()
            assert raw.FPDFText_GetMatrix(text, index, ctypes.byref(matrix))
            found = min(found, raw.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d))
    document.close()
    return found


@PRODUCTS
@BOTH
def test_no_letter_is_smaller_than_the_identity_allows(name: str, medium: str, built: Path) -> None:
    assert smallest_letter(read(built, medium, name)) >= LETTER_MIN - 0.01


def test_the_measure_of_letters_sees_a_smaller_one(built: Path, formaten: Path) -> None:
    """A smaller size, and a page that is drawn at half its size."""
    (formaten / "layouts").mkdir()
    own = (PACKAGED / OWN).read_text("utf-8").replace("body: {size: 8.7pt, line: 4u}", "body: {size: 8.2pt, line: 4u}")
    (formaten / OWN).write_text(own, "utf-8")
    build(formaten, Options(jobs=1, products=("kaarten-poker",), media=("print",))).require_success()
    assert smallest_letter(read(formaten, "print", "kaarten-poker")) == pytest.approx(8.2, abs=0.01)

    def halve(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(b"0.5 0 0 0.5 0 0 cm", prepend=True)

    halved = change(read(built, "print", "kaarten-poker"), halve)
    assert smallest_letter(halved) == pytest.approx(LETTER_MIN / 2, abs=0.01)


# ------------------------------------------------------------------------------------------ codes


@PRODUCTS
@BOTH
def test_codes_read_on_both_sides(name: str, medium: str, built: Path, toolbox: Toolbox) -> None:
    document = plan_documents(toolbox, deck_of(toolbox, name), "screen")[0]
    pdf = read(built, medium, name)
    assert len(document.expects.codes) == 6
    for page, address in document.expects.codes:
        assert codes_on(pdf, page) == {address}


def to_pixels(box: Rect, ppi: float) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = (round(value * ppi / 72) for value in box)
    return x0, y0, x1, y1


@PRODUCTS
def test_modules_are_large_enough_and_stand_in_white(name: str, built: Path, toolbox: Toolbox) -> None:
    """ISO/IEC 18004: a quiet zone of four modules on all sides. Looked at on the printed page, pixel by pixel."""
    format_ = toolbox.formats[deck_of(toolbox, name).format][0]
    side, zone = format_.points(format_.zones.code.modules), dict(format_.boxes())["code"]
    assert side / 29 >= points(0.46) - 0.01 > MODULE_MIN, "with a DOI"
    assert side / 25 == pytest.approx(points(0.53), abs=0.05), "with a short address"
    pdf, panel = read(built, "print", name), format_.panel
    ground = (zone.x0 if panel.at == "left" else zone.y0) < format_.points(panel.solid)
    for page, address in plan_documents(toolbox, deck_of(toolbox, name), "print")[0].expects.codes:
        module = side / len(plan_code(address))
        left = zone.x0 + (4 * module if ground and page % 2 == 0 else 0)  # there the white is a box, and holds the zone
        dark = Rect(left, zone.y1 - side, left + side, zone.y1)
        assert not ink_around(pdf, page, dark, 4 * module), f"page {page + 1}: something is too close to the code"
        assert ink_around(pdf, page, dark, 12 * module), "the address, further away: the measure sees it"


def ink_around(pdf: bytes, page: int, dark: Rect, margin: float, ppi: float = 300) -> bool:
    """Say whether anything is printed outside a code (frame of Typst), but within `margin` of it; looks at pixels."""
    box = Rect(*(value + points(3) for value in dark))  # the bleed
    image = draw(pdf, page, ppi)
    image.paste(255, to_pixels(box.inset(-0.3), ppi))
    around = image.crop(to_pixels(box.inset(0.3 - margin), ppi))
    return sum(around.histogram()[:250]) > 0


# ------------------------------------------------------------------------------------------ what a card carries


def sides_of(toolbox: Toolbox, name: str) -> list[tuple[int, Entry, str]]:
    """Return (page, card, side) of each page of a deck."""
    deck = deck_of(toolbox, name)
    pages = [(entry, side) for entry in toolbox.folders[deck.folder] for side in deck.sides]
    return [(page, entry, side) for page, (entry, side) in enumerate(pages)]


@PRODUCTS
def test_small_formats_carry_the_short_suggestions_and_large_ones_all(name: str, built: Path, toolbox: Toolbox) -> None:
    pdf = read(built, "screen", name)
    for page, entry, side in sides_of(toolbox, name):
        dimension = entry.dimension
        carried = [text for _, text in dimension.sides[side].list_suggestions(short=name in SMALL)]
        every = [text for _, text in dimension.sides[side].list_suggestions()]
        assert 0 < len(dimension.sides[side].list_suggestions(short=True)) < len(every), "the sample has both"
        tagged = read_tagged(pdf, page)
        listed = [text for tag, text in tagged if tag == "LI" and re.match(r"\d", text)]
        assert listed == [f"{number} {plain(text)}" for number, text in enumerate(carried, 1)]


@PRODUCTS
def test_only_formats_with_a_place_for_them_carry_description_and_challenges(
    name: str, built: Path, toolbox: Toolbox
) -> None:
    zones = toolbox.formats[deck_of(toolbox, name).format][0].zones
    pdf = read(built, "screen", name)
    for page, entry, _ in sides_of(toolbox, name):
        text = " ".join(texts_of(pdf, page))
        for point in entry.dimension.description:
            assert (plain(point) in text) == (zones.description is not None)
        for challenge in entry.dimension.challenges:
            assert (plain(challenge.text) in text) == (zones.challenges is not None)
    assert name not in SMALL or (zones.description, zones.challenges) == (None, None)


@PRODUCTS
def test_every_format_carries_title_core_question_address_and_side(name: str, built: Path, toolbox: Toolbox) -> None:
    pdf = read(built, "screen", name)
    deck = deck_of(toolbox, name)
    for page, entry, side in sides_of(toolbox, name):
        text = " ".join(texts_of(pdf, page))
        wanted = [entry.dimension.title, entry.dimension.core, entry.dimension.sides[side].question or ""]
        for words in (*wanted, deck.sides[side].name, "doi.org/"):
            assert plain(words) in plain(text)


def test_the_reading_order_of_the_smallest_card(built: Path) -> None:
    assert read_tagged(read(built, "screen", "kaarten-poker"), 0) == [
        ("P", "leiding"),
        ("H1", "Samen leren in het overleg"),
        ("P", "Een goed overleg verandert iets in de klas."),
        ("Figure", "Overlegkaart 1 van 3"),  # a numeral without a circle
        ("LI", "1 Zet op elke agenda één leervraag."),
        ("LI", "2 Vraag aan het eind: wat gaan we morgen proberen?"),
        ("P", "Welk overleg kunnen we missen, en welk is te kort?"),
        ("Figure", "QR-code naar doi.org/10.1016/j.edurev.2015.04.002"),
        ("P", "Verder lezen"),
        ("P", "doi.org/10.1016/j.edurev.2015.04.002"),
    ]


def test_the_reading_order_of_a_small_card_with_headings_and_logo(built: Path) -> None:
    read_ = read_tagged(read(built, "screen", "kaarten-a6"), 3)
    assert [tag for tag, _ in read_] == ["P", "H1", "P", "Figure", "H2", "LI", "LI", "H2", "P", "Figure", "P", "P", "P", "Figure"]  # fmt: skip
    assert [text for tag, text in read_ if tag == "H2"] == ["Wat je als team kunt doen", "Om samen te bespreken"]
    assert read_[-1] == ("Figure", "Drukwerk"), "the logo"


def test_a_card_takes_over_only_the_words_that_its_format_shows(toolbox: Toolbox) -> None:
    """What is not on the page does not make it anew."""
    document = plan_documents(toolbox, deck_of(toolbox, "kaarten-poker"), "print")[0]
    data: dict[str, Any] = json.loads(document.json)
    assert sorted(data["deck"]["labels"]) == ["read_more"]
    assert [side["labels"] for side in data["deck"]["sides"].values()] == [{}, {}]
    assert data["circle"] == []
    assert "total" not in data
    assert not {"description", "challenges"} & data["cards"][0].keys()


@pytest.mark.slow
def test_the_default_content_fits_a5_portrait(tmp_path: Path, run: Run) -> None:
    shutil.copytree(PACKAGED / "content", tmp_path / "content")
    edit(tmp_path / "content/toolbox.yml", "    folder: dimensions", "    folder: dimensions\n    format: a5-portrait")
    result = run("build", "spiegelkaarten", "-p", tmp_path, "-j", 1)
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.slow
def test_a_text_too_long_for_one_format_names_the_product(formaten: Path, run: Run) -> None:
    question = "Van wie wil jij feedback die je nu nog niet krijgt, en wat zou je er morgen al mee willen doen?"
    edit(
        formaten / "content/kaarten/2-feedback.yml", "Van wie wil jij feedback die je nu niet krijgt?", f"'{question}'"
    )
    result = run("check", "-p", formaten, "-j", 1)
    assert result.exit_code == 3
    assert "too high for its zone (card 2-feedback, side team) in kaarten-poker" in result.stderr
    assert "in kaarten-a5" not in result.stderr


# ------------------------------------------------------------------------------------------ a project's own formats

POKER = re.search(r"^poker:\n(?:[ ].*\n)+", (PACKAGED / OWN).read_text("utf-8"), re.M)
assert POKER is not None
CASES = [
    ("no unit", "width: 63mm", "width: 63", [f"{OWN}:2: poker.width: the unit is missing", "hint: write 63mm, or one of mm, cm, in, pt, u"]),
    ("an unknown unit", "width: 63mm", "width: 63px", ["poker.width: unit 'px' is not known", "hint: write 63mm"]),
    ("no length", "height: 88mm", "height: high", ["poker.height: 'high' is not a length", "hint: write a number with a unit, such as 3mm"]),
    ("a grid counted in itself", "grid: 3pt", "grid: 3u", ["poker.grid: unit 'u' is not known"]),
    ("a grid of nothing", "grid: 3pt", "grid: 0pt", ["poker.grid: '0pt' is nothing to count in", "hint: write a length such as 4pt"]),
    ("an unknown zone", "    core: {", "    kern: {", ["poker.zones.kern: unknown key", "poker.zones.core: missing"]),
    ("a zone misspelt", "    suggestions: {", "    sugestions: {", ["poker.zones.sugestions: unknown key", "did you mean 'suggestions'?"]),
    ("a zone in the cut margin", "title: {x: 5.5mm", "title: {x: 3mm", [f"{OWN}:15: poker.zones.title: the zone 'title' comes closer to the cut than 5 mm", "hint: begin it 2.0 mm further to the right"]),
    ("a zone off the foot", "y: 5.7mm + 59u", "y: 5.7mm + 61u", ["poker.zones.code: the zone 'code' comes closer to the cut", "hint: end it 2.1 mm higher"]),
    ("small type", "body: {size: 8.7pt", "body: {size: 7.5pt", [f"{OWN}:9: poker.type.body: the type 'body' is 7.5 pt, at least 8 pt can be printed in colour", "8.7pt is the smallest of the identity"]),
    ("a line off the grid", "lead: {size: 10pt, line: 4u}", "lead: {size: 10pt, line: 13pt}", ["poker.type.lead: a line of the type 'lead' is 4.33u high, expected whole units", "hint: write 4u"]),
    ("a code larger than its zone", "height: 13u, modules: 13.34mm", "height: 13u, modules: 15mm", ["poker.zones.code: the code of 15mm is larger than its zone", "hint: make the zone"]),
    ("a zone in the white of the code", "lead: {x: 5.5mm, y: 5.7mm + 46u", "lead: {x: 5.5mm, y: 5.7mm + 47u", ["poker.zones.lead: the zone 'lead' reaches into the white around the QR code", "hint: keep 2.1 mm free on all sides of the code"]),
    ("a code of fine modules", "modules: 13.34mm", "modules: 11mm", ["the modules of the QR code are 0.38 mm, at least 0.4 mm can be read"]),
    ("letters of no size", "body: {size: 8.7pt", "body: {size: 0pt", ["poker.type.body.size: '0pt' is no size", "hint: write a length such as 10mm"]),
    ("a code that is less than nothing", "modules: 13.34mm", "modules: -5mm", ["poker.zones.code.modules: '-5mm' is no size"]),
    ("a line without end", "lead: {size: 10pt, line: 4u}", "lead: {size: 10pt, line: " + "9" * 400 + "u}", ["poker.type.lead.line: the length is more than 5 m"]),
    ("a card of a hundred metres", "width: 63mm", "width: 99999mm", ["poker.width: the length is more than 5 m", "no paper is that long"]),
    ("a panel at neither side", "at: top", "at: bottom", ["poker.panel.at: 'bottom' is not one of left, top"]),
    ("no list of zones", "  zones:\n", "  zones: none\n  x:\n", ["poker.zones: expected keys with values, found 'none'"]),
    ("broken YAML", "  grid: 3pt", "  grid: [3pt", [f"{OWN}:", "this is not valid YAML"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_wrong_format_gets_a_finding_at_its_line(
    old: str, new: str, expected: list[str], formaten: Path, run: Run
) -> None:
    assert POKER is not None
    assert POKER[0].count(old) == 1
    (formaten / "layouts").mkdir()
    (formaten / OWN).write_text(POKER[0].replace(old, new), "utf-8")
    result = run("check", "-p", formaten, "-j", 1)
    for text in expected:
        assert text in result.stderr
    assert result.exit_code == 3
    assert "Traceback" not in result.stderr


def test_an_unknown_format_gets_the_nearest_name(formaten: Path, run: Run) -> None:
    edit(formaten / "content/toolbox.yml", "format: tarot", "format: taro")
    result = run("check", "-p", formaten, "-j", 1)
    assert result.exit_code == 3
    assert re.search(r"content/toolbox.yml:\d+: products\[5\].format: no format 'taro'\n  hint: did you mean 'tarot'\?", result.stderr)  # fmt: skip


def test_a_project_adds_a_format_and_replaces_another(formaten: Path) -> None:
    assert POKER is not None
    (formaten / "layouts").mkdir()
    wider = POKER[0].replace("width: 63mm", "width: 64mm")
    bridge = POKER[0].replace("poker:", "brug:").replace("height: 88mm", "height: 90mm")
    (formaten / OWN).write_text(wider + bridge, "utf-8")
    edit(formaten / "content/toolbox.yml", "format: tarot", "format: brug")
    build(formaten, Options(jobs=1, products=("kaarten-poker", "kaarten-tarot"), media=("screen",))).require_success()
    for name, size in (("kaarten-poker", (64, 88)), ("kaarten-tarot", (63, 90))):
        page = inspect_pdf(read(formaten, "screen", name)).pages[0]
        assert (mm(page.media.size.width), mm(page.media.size.height)) == pytest.approx(size, abs=0.01)


def test_a_short_address_fits_beside_the_code_of_every_format(formaten: Path) -> None:
    edit(formaten / "content/toolbox.yml", "products:", "links: {base: leren.example}\nproducts:")
    build(formaten, Options(jobs=2, media=("print",))).require_success()
    for name in SIZES:
        assert codes_on(read(formaten, "print", name), 2) == {"HTTPS://LEREN.EXAMPLE/2"}


def test_how_many_cards_a_circle_can_have_follows_from_its_size(formaten: Path, run: Run, toolbox: Toolbox) -> None:
    assert {name: format_.most_stations for name, (format_, _) in toolbox.formats.items()} == {
        "a5-landscape": 24, "a5-portrait": 19, "square": 23, "a6": 13, "tarot": 24, "poker": 24,
    }  # fmt: skip
    cards = formaten / "content/kaarten"
    text = (cards / "1-overleg.yml").read_text("utf-8")
    for number in range(4, 26):
        card = text.replace("number: 1", f"number: {number}").replace("F1-", f"F{number}-")
        (cards / f"{number}-overleg.yml").write_text(card, "utf-8")
    stderr = run("check", "-p", formaten, "-j", 1).stderr
    found = re.findall(r"products\[(\d)\].circle: a circle of 25 cards cannot be read, at most (\d+)", stderr)
    assert found == [("1", "24"), ("2", "19"), ("3", "23"), ("4", "13"), ("5", "24")], "poker has no circle"


def test_a_deck_without_a_circle_keeps_its_numeral_on_the_edge_of_its_zone(formaten: Path) -> None:
    """At the right where the format says so: the darkest column of pixels lies within the zone's right half."""
    edit(formaten / "content/toolbox.yml", "    format: a5-portrait", "    format: a5-portrait\n    circle: false")
    build(formaten, Options(jobs=1, products=("kaarten-a5-staand",), media=("screen",))).require_success()
    image = draw(read(formaten, "screen", "kaarten-a5-staand"), 1, 72)
    box = dict(read_toolbox(formaten).formats["a5-portrait"][0].boxes())["ring"]
    crop = image.crop(to_pixels(box, 72)).point([255 if value < 128 else 0 for value in range(256)])
    ink = crop.getbbox()
    assert ink is not None
    assert crop.width - ink[2] <= 2, "the numeral ends on the right edge"
    assert ink[0] > crop.width / 2
