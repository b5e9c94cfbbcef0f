"""Reports that compare forms: what stands on their pages, that all can read them, and what is not there."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pydantic import BaseModel

from pipeline import report
from pipeline.compare.questionnaires import make_questionnaires
from pipeline.compare.values import Cell, Comparison, Row
from pipeline.content.read import read_toolbox
from pipeline.content.report_words import ReportWords
from pipeline.content.toolbox import Toolbox
from pipeline.document import Medium
from pipeline.errors import UsageError
from pipeline.fit import place_misfits
from pipeline.kinds.advice import choose_phase
from pipeline.kinds.report_tables import list_rows
from pipeline.kinds.reports import find_words, plan_report
from pipeline.plan import load_typesetter
from pipeline.report import make_reports, make_workbook
from pipeline.resources import PACKAGED
from pipeline.spreadsheet import TEXT_MOST
from pipeline.workshop import make_document
from tests import comparisons
from tests.comparisons import DIMENSIONS, LETTERS, SCALE, SCHOOLS, make_group, make_organisation
from tests.conftest import Run
from tests.validators import failures, needs_verapdf, open_pdf, require_verapdf

FORM = "analyseformulier-school"
SIGNS = '#panic("x") {title} {0} $x$ @ref *b* <a> \\\\ `c` [d] _e_ %s'


@cache
def default() -> Toolbox:
    return read_toolbox(PACKAGED)


def speak(language: str) -> Toolbox:
    settings = default().settings.model_copy(update={"language": language, "region": None})
    return replace(default(), settings=settings)


CASES: dict[str, Callable[[], Comparison]] = {
    "group": make_group,
    "eleven schools": lambda: make_group(SCHOOLS[:11]),
    "one school, one subject, one round": lambda: make_group(SCHOOLS[:1], DIMENSIONS[:1], rounds=1),
    "twelve subjects, three rounds": lambda: make_group(
        SCHOOLS[:7], (*DIMENSIONS, *(f"{it} en meer" for it in DIMENSIONS[:4])), rounds=3
    ),
    "letters": lambda: make_group(SCHOOLS[:4], ("Ruhe", "Fragen", "Rückmeldung"), LETTERS, rounds=1),
    "organisation": make_organisation,
    "organisation, one round": lambda: make_organisation(rounds=1),
    "organisation, three rounds": lambda: make_organisation(rounds=3),
    "everything hidden": comparisons.make_hidden,
    "much hidden": comparisons.make_protected,
    "no school shown": lambda: comparisons.make_protected(12),
    "an empty round": comparisons.make_empty_round,
    "forty schools with long names": lambda: make_group(
        [f"{number} Christelijke Daltonschool De Vier Windstreken aan het Diepe Water"[:60] for number in range(40)],
        DIMENSIONS[:3],
        rounds=1,
    ),
    "fifteen themes": lambda: make_group(
        SCHOOLS[:9], [f"{it} en meer" for it in (*DIMENSIONS, *DIMENSIONS)][:15], rounds=1
    ),
    "an organisation without answers": lambda: comparisons.make_hidden("organisation"),
}
SLOW = {
    "group", "eleven schools", "twelve subjects, three rounds", "much hidden", "no school shown", "an empty round",
    "forty schools with long names", "fifteen themes",
}  # fmt: skip
EACH = [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in CASES]


@dataclass(frozen=True)
class Set:
    """A report that was set: its bytes, the text of its pages, and what preflight said."""

    pdf: bytes
    pages: tuple[str, ...]
    warnings: tuple[object, ...]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pages).replace("\u00ad", "").split())


def typeset(toolbox: Toolbox, comparison: Comparison, medium: Medium, folder: Path) -> Set:
    """Set a report; demand that it is without faults."""
    document = plan_report(toolbox, comparison, medium)
    made = make_document(document.job(), load_typesetter(toolbox).prepare(folder / medium), folder)
    assert made.error is None, made.error.findings
    assert place_misfits(made.misfits, document) == []
    pdf = (folder / made.path).read_bytes()
    document_read = pypdfium2.PdfDocument(pdf)
    pages = tuple(page.get_textpage().get_text_range().replace("\ufffe", "") for page in document_read)
    return Set(pdf, pages, made.warnings)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Medium], Set]:
    """Return the report of a case; each is set once."""

    @cache
    def make(name: str, medium: Medium) -> Set:
        return typeset(default(), CASES[name](), medium, tmp_path_factory.mktemp("report"))

    return make


Made = Callable[[str, Medium], Set]


def list_shown(comparison: Comparison) -> Iterator[tuple[Row, Cell]]:
    """Yield every cell with a number, of the newest round of each form."""
    for table in {it.questionnaire.form: it for it in comparison.tables}.values():
        for row in (table.total, *table.schools):
            yield from ((row, cell) for cell in row.cells if cell.mean is not None)


def write(value: Any) -> str:
    """Write a number as Dutch reports do, by another way than theirs."""
    return f"{int(value * 10 + value / abs(value) / 2) / 10:.1f}".replace(".", ",")


# ------------------------------------------------------------------------------------------ for everyone to read


@pytest.mark.parametrize("name", EACH)
def test_reports_are_valid_pdf_ua_1(made: Made, name: str, tmp_path: Path) -> None:
    assert failures(made(name, "screen").pdf, tmp_path) == []


@needs_verapdf
def test_reports_are_valid_by_verapdf(made: Made, tmp_path: Path) -> None:
    """Every kind of block, in one run: a Java virtual machine takes longer to start than a report to be read."""
    names = (
        "much hidden",
        "everything hidden",
        "letters",
        "organisation, three rounds",
        "forty schools with long names",
    )
    files = {name.replace(" ", "-").replace(",", ""): made(name, "screen").pdf for name in names}
    require_verapdf(files, tmp_path)


@pytest.mark.parametrize("name", EACH)
def test_print_files_pass_preflight_without_a_word(made: Made, name: str) -> None:
    assert made(name, "print").warnings == ()
    assert made(name, "screen").warnings == ()


def list_elements(pdf: bytes, kind: str) -> list[Any]:
    """Return the structure elements of a kind, in reading order."""

    def walk(element: Any) -> Iterator[Any]:
        if isinstance(element, pikepdf.Dictionary):
            if str(element.get("/S", "")) == kind:
                yield element
            kids: Any = element.get("/K", [])
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                yield from walk(kid)

    return list(walk(open_pdf(pdf).Root.StructTreeRoot))


def count_charts(comparison: Comparison) -> int:
    data = json.loads(plan_report(default(), comparison, "screen").json)
    return sum(block["kind"] == "plot" for section in data["sections"] for block in section["blocks"])


@pytest.mark.parametrize("name", EACH)
def test_every_chart_is_a_figure_with_an_alternative_text_and_a_table(made: Made, name: str) -> None:
    pdf, charts = made(name, "screen").pdf, count_charts(CASES[name]())
    figures = list_elements(pdf, "/Figure")
    assert len(figures) >= charts  # a long one is drawn in pieces
    said = [str(it.get("/Alt", "")) for it in figures]
    assert all(len(it) > 40 and it[0].isalnum() and it.rstrip(")").endswith((".", *"123456789")) for it in said)
    assert len(set(said)) == len(said)
    assert len(list_elements(pdf, "/Table")) >= len(figures)


def test_every_table_has_heads(made: Made) -> None:
    for table in list_elements(made("letters", "screen").pdf, "/Table"):
        assert any(str(it.S) == "/THead" for it in table.K)


# ------------------------------------------------------------------------------------------ what stands there


@pytest.mark.parametrize("name", EACH)
def test_numbers_and_words_of_the_values_are_in_the_text(made: Made, name: str) -> None:
    comparison, text = CASES[name](), made(name, "screen").text
    found = 0
    scales = [it.questionnaire.scale for it in comparison.tables]
    for row, cell in list_shown(comparison):
        assert write(cell.mean) in text, row.title
        assert cell.mean is not None
        word = scales[0].words[cell.band or 0].replace("\u00ad", "")
        assert word in text
        found += 1
    assert bool(found) == (name not in ("everything hidden", "an organisation without answers"))


def test_each_row_has_its_own_numbers_beside_its_name(made: Made) -> None:
    comparison = CASES["letters"]()
    table = comparison.tables[-1]
    lines = [" ".join(line.split()) for page in made("letters", "screen").pages for line in page.splitlines()]
    for number, subject in enumerate(table.questionnaire.subjects):
        for row in table.schools:
            cell = row.cells[number]
            spread = f"{cell.low}–{cell.high}" if cell.low != cell.high else f"{cell.low}"
            mean, wish = write(cell.mean), write(cell.wish)
            line = f"{row.title} {mean} {LETTERS.words[cell.band or 0]} {spread} {wish} {cell.people}"
            assert line in lines, subject.title


def test_of_what_is_hidden_no_page_is_made_but_a_sentence(made: Made) -> None:
    text = made("everything hidden", "screen").text
    assert len(made("everything hidden", "screen").pages) == 3
    assert text.count("niet getoond, omdat het om minder dan 5 mensen gaat") == 1
    assert "4 van 4 rijen met antwoorden (scholen, rollen en totalen) Analyseformulier school: alle getallen" in text
    assert not any(write(value / 10) in text for value in range(10, 41) if value != 5)
    assert not any(school in text for school in SCHOOLS)


def list_blocks(comparison: Comparison, kind: str) -> list[dict[str, Any]]:
    data = json.loads(plan_report(default(), comparison, "screen").json)
    return [it for section in data["sections"] for it in section["blocks"] if it["kind"] == kind]


def test_rows_without_a_number_are_named_together_with_the_reason() -> None:
    comparison = CASES["much hidden"]()
    table = comparison.tables[-1]
    overview = list_blocks(comparison, "matrix")[0]
    assert [row["title"] for row in overview["rows"]] == ["Alle scholen samen", *SCHOOLS[10:12]]
    sections = json.loads(plan_report(default(), comparison, "screen").json)["sections"]
    few, hidden, unanswered = next(it["intro"][1:] for it in sections if it["title"] == "Overzicht")
    assert few == f"Niet getoond, omdat het om minder dan 5 mensen gaat: {SCHOOLS[0]}, {SCHOOLS[4]}, {SCHOOLS[8]}."
    assert hidden.startswith("Niet getoond, omdat er anders iets terug te rekenen is: Het Kompas, Sint-Jozef,")
    assert unanswered == f"Niet of te weinig ingevuld: {SCHOOLS[3]}, {SCHOOLS[7]}."
    third = next(it for it in list_blocks(comparison, "plot") if SCHOOLS[10] in " ".join(it["notes"]))
    assert SCHOOLS[10] not in [row["title"] for row in third["rows"]]
    assert table.schools[10].cells[2].why == "hidden"


def test_single_numbers_that_are_hidden_are_a_sign_with_its_meaning() -> None:
    comparison = CASES["much hidden"]()
    overview = list_blocks(comparison, "matrix")[0]
    assert overview["rows"][1]["cells"][2] == {"text": "*", "word": "", "mark": "", "bold": False}
    assert overview["signs"] == [["*", "niet getoond: anders terug te rekenen"]]
    wished = next(it for it in list_blocks(comparison, "plot") if ": 4 Feedback" in it["alt"])
    (row,) = (it for it in wished["rows"] if it["title"] == SCHOOLS[10])
    assert [head for head, _ in wished["columns"]] == ["nu", "in woorden", "spreiding", "gewenst", "n"]
    assert row["values"][3] == "–"
    assert "ring" not in [shape for shape, _ in row["marks"]]
    assert wished["rows"][0]["values"][2] == "–"  # the spread of a total
    reading = list_blocks(comparison, "reading")[0]["rows"]
    assert ["", "Een streepje (–) staat waar een getal er niet is, of niet te tonen is."] in reading


def test_a_number_of_fewer_people_has_a_sign_and_its_people_below() -> None:
    comparison = CASES["much hidden"]()
    overview = list_blocks(comparison, "matrix")[0]
    marked = [[k for k, cell in enumerate(row["cells"], 1) if cell["mark"]] for row in overview["rows"]]
    assert marked == [[3], [5], [6]]
    few = comparison.tables[-1].total.cells[2].people
    said = f"Alle scholen samen bij 3 ({few}); {SCHOOLS[10]} bij 5 (5); {SCHOOLS[11]} bij 6 (5)."
    assert overview["notes"][0] == f"Achter een getal met ° staan minder mensen dan onder n: {said}"


def test_where_no_school_is_shown_the_total_stands_by_itself() -> None:
    sections = json.loads(plan_report(default(), CASES["no school shown"](), "screen").json)["sections"]
    titles = [it["title"] for it in sections]
    assert titles == ["Regio Zuid", "Waar staan we?", "In eigen woorden", "Het gesprek", "Colofon"]
    standing = sections[1]["blocks"][0]
    assert [head for head, _ in standing["columns"]] == [
        "nu",
        "in woorden",
        "gewenst",
        "n",
    ]  # no column without a number
    assert "laagste" not in standing["alt"]
    assert any(it.startswith("Niet of te weinig ingevuld: ") for it in sections[1]["intro"])


def test_the_newest_round_with_a_number_is_shown_and_named(made: Made) -> None:
    sections = json.loads(plan_report(default(), CASES["an empty round"](), "screen").json)["sections"]
    leads = {it["title"]: it["lead"] for it in sections}
    assert leads["Overzicht"] == "Analyseformulier school, voorjaar 2026"
    (sides,) = (it for it in sections if it["title"] == "Bestuur en school naast elkaar")
    assert [words for _, words in sides["blocks"][0]["key"]] == ["bestuur, najaar 2026", "school, voorjaar 2026"]


def test_a_hidden_cell_leaves_no_trace_in_what_the_layout_reads() -> None:
    for name in ("eleven schools", "much hidden"):
        comparison = CASES[name]()
        table = comparison.tables[-1]
        for block in list_blocks(comparison, "plot"):
            for row in block["rows"]:
                if row["note"]:
                    assert (row["values"], row["marks"], row["range"], row["link"]) == ([], [], [], [])
        for index, subject in enumerate(table.questionnaire.subjects):
            plot = next(it for it in list_blocks(comparison, "plot") if f": {subject.number} " in it["alt"])
            hidden = {row.title for row in table.schools if row.cells[index].mean is None}
            assert len(hidden) >= 3
            assert not hidden & {row["title"] for row in plot["rows"]}
            assert all(title in " ".join(plot["notes"]) for title in hidden)


def test_schools_stand_in_their_own_order_everywhere() -> None:
    titles = [it.title for it in CASES["group"]().tables[-1].schools]
    data = json.loads(plan_report(default(), CASES["group"](), "screen").json)
    rows = [
        [row["title"] for row in block["rows"] if row["title"] in titles]
        for section in data["sections"]
        for block in section["blocks"]
        if block["kind"] in ("plot", "matrix")
    ]
    ordered = [it for it in rows if it]
    assert len(ordered) > 8
    for it in ordered:
        assert it == [title for title in titles if title in it]


def test_distances_between_schools_name_none_of_them() -> None:
    words, _ = find_words(default())
    data = json.loads(plan_report(default(), CASES["letters"](), "screen").json)
    blocks = [
        it for section in data["sections"] for it in section["blocks"] if it["heading"] == words.differences.heading
    ]
    (block,) = blocks
    said = json.dumps(block, ensure_ascii=False)
    assert not any(school in said for school in SCHOOLS)
    gaps = [float(row["values"][2].replace(",", ".")) for row in block["rows"]]
    assert gaps == sorted(gaps, reverse=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["group", "twelve subjects, three rounds"])
def test_the_contents_name_the_page_on_which_a_part_begins(made: Made, name: str) -> None:
    sections = json.loads(plan_report(default(), CASES[name](), "screen").json)["sections"]
    (rows,) = (it["rows"] for it in sections[0]["blocks"] if it["kind"] == "contents")
    pages = [[line.strip() for line in page.splitlines()] for page in made(name, "screen").pages]
    last = 1
    for title, _, place in rows:
        number, *block = re.findall(r"\d+", place)
        section = sections[int(number)]
        head = section["blocks"][int(block[0])]["heading"] if block else section["title"]
        goes_on = bool(block) or section.get("flows", False)
        places = range(last if goes_on else last + 1, len(pages) + 1)
        begins = next(page for page in places if head in pages[page - 1][: None if goes_on else 10])
        assert any(line.startswith(f"{begins} {title}") for line in pages[0])
        last = begins
    assert len(rows) > 6


def test_each_of_many_subjects_has_a_page_with_its_number_its_words_and_room_to_write() -> None:
    sections = json.loads(plan_report(default(), CASES["eleven schools"](), "screen").json)["sections"]
    pages = [it for it in sections if "ring" in it]
    assert [it["ring"]["own"] for it in pages] == list(range(1, 9))
    assert len({it["colour"] for it in pages}) == 8
    for page in pages:
        assert [it["kind"] for it in page["blocks"]] == ["plot", "plot", "plot", "lines"]
        schools, words, roles = ([row["title"] for row in it["rows"]] for it in page["blocks"][:3])
        assert schools == ["Alle scholen samen", *(it for it in SCHOOLS[:11] if it in schools)]
        assert len(schools) in (8, 9)
        assert words == ["Alle scholen samen"]
        assert roles == ["Alle scholen samen", "schoolleiding", "leraren"]
        (counts,) = (row["counts"] for row in page["blocks"][1]["rows"])
        assert sum(counts) == sum(1 for row in page["blocks"][0]["rows"][1:] if not row["note"])


def test_words_break_where_the_form_says() -> None:
    scale = replace(SCALE, words=tuple(it.replace("\u00ad", "") for it in SCALE.words))
    data = plan_report(default(), make_group(SCHOOLS[:2], DIMENSIONS[:2], scale, rounds=1), "screen").json.decode()
    assert "vanzelf\u00adsprekend" in data
    assert "vanzelfsprekend" not in data


def test_texts_are_put_together_by_what_they_answer() -> None:
    group = make_group(SCHOOLS[:2], DIMENSIONS[:2], rounds=1)
    more = tuple(replace(group.quotes[0], text=text) for text in ("Een.", "Twee."))
    sections = json.loads(plan_report(default(), replace(group, quotes=(*more, group.quotes[1])), "screen").json)[
        "sections"
    ]
    (block,) = (it for section in sections for it in section["blocks"] if it["kind"] == "quotes")
    assert [texts for _, texts in block["rows"]] == [
        ["Een.", "Twee."],
        ["Eén uur per week voor samen lessen voorbereiden."],
    ]


def test_the_same_answers_give_the_same_bytes(tmp_path: Path) -> None:
    comparison = CASES["organisation"]()
    for medium in ("screen", "print"):
        first, second = (typeset(default(), comparison, medium, tmp_path / it) for it in "ab")
        assert first.pdf == second.pdf
    assert make_workbook(default(), comparison) == make_workbook(default(), comparison)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_every_language_has_its_words(language: str, tmp_path: Path) -> None:
    for name in ("letters", "organisation"):
        text = typeset(speak(language), CASES[name](), "screen", tmp_path / name).text
        words, spoken = find_words(speak(language))
        assert spoken == ("en" if language == "fr" else language)
        assert words.colophon.calculation in text
        assert "Zo is gerekend" not in text


def mark_words(words: Any, path: str = "") -> Any:
    """Return words in which every text is its own name, with the places that it has."""
    if isinstance(words, dict):
        return {key: mark_words(value, f"{path}.{key}") for key, value in words.items()}
    if isinstance(words, list | tuple):
        return tuple(mark_words(value, f"{path}.{number}") for number, value in enumerate(words))
    return f"<{path[1:]}>"


def test_every_word_that_can_be_written_is_used() -> None:
    plain = find_words(default())[0].model_dump()
    words = ReportWords.model_construct(**mark_words(plain))
    for key, model in ReportWords.model_fields.items():
        if isinstance(model.annotation, type) and issubclass(model.annotation, BaseModel):
            part = model.annotation.model_construct(**mark_words(plain[key], f".{key}"))
            words = words.model_copy(update={key: part})
    press = default().press_words.model_copy(update={"report": words})
    toolbox = replace(default(), settings=default().settings.model_copy(update={"press": press}))
    made = [CASES["group"](), CASES["organisation"](), CASES["everything hidden"](), with_wish((9,)), with_wish((0,))]
    made += [make_group(SCHOOLS[:7]), CASES["an organisation without answers"](), without_wishes()]
    made += [CASES["much hidden"](), CASES["no school shown"](), CASES["organisation, three rounds"]()]
    made += [of_few(3), apart(), CASES["organisation"]()]
    said = "".join(plan_report(toolbox, it, "screen").json.decode() + str(list(list_rows(it, words))) for it in made)
    marks = set(re.findall(r"<[a-z_.0-9]+>", str(mark_words(plain))))
    unused = {it for it in marks if it not in said and not it.startswith("<months.")}
    by_the_command = {"<letter>", "<letter_of_board>"}
    composed = {"<date>", "<unknown_of>", "<left.fewer_row>", "<left.fewer_of>", "<round>"}  # in other words
    composed |= {"<count>", "<count_people>", "<count_one_people>"}
    composed |= {"<count_hidden>", "<count_one_hidden>", "<count_nothing>"}  # in `line`
    assert unused == by_the_command | composed


# ------------------------------------------------------------------------------------------ one organisation


def with_wish(gaps: tuple[int, ...]) -> Comparison:
    """Return an organisation with these wishes, in tenths above the present, which is 2.0 everywhere."""
    comparison = make_organisation(rounds=1)
    table = comparison.tables[0]
    two = Fraction(2)
    cells = tuple(
        Cell(6, two, 1, 2, 2, two + Fraction(gap, 10), 30, 30, 0) for gap in itertools.islice(itertools.cycle(gaps), 8)
    )
    return replace(comparison, tables=(replace(table, total=replace(table.total, cells=cells)),))


def list_points(comparison: Comparison) -> list[dict[str, Any]]:
    data = json.loads(plan_report(default(), comparison, "screen").json)
    return [it for section in data["sections"] for block in section["blocks"] for it in block.get("points", [])]


def test_two_points_of_attention_lead_to_a_card_and_a_page() -> None:
    points = list_points(with_wish((0, 9, 12, 5, 0, 0, 0, 0)))
    assert [it["title"] for it in points] == ["3 Teamleren en samenwerken", "2 Professioneel leren"]
    assert points[0]["reason"].startswith("Gewenst is 3,2 en nu is het 2,0, een verschil van 1,2.")
    (card, (card_line,)), (_, (phase, pages)) = points[0]["rows"]
    assert (card, card_line) == ("Neem erbij", "spiegelkaart 3: Teamleren")
    assert phase == "Werkwijzer, Lerende professionals: tussenfase"
    assert pages == "bestuurder blz. 16 · schoolleider blz. 16 · leraar blz. 16"


def test_no_clear_difference_is_an_answer(tmp_path: Path) -> None:
    comparison = with_wish((0, 4, 1, 2))
    assert list_points(comparison) == []
    assert (
        "Er is geen duidelijk verschil tussen nu en gewenst" in typeset(default(), comparison, "screen", tmp_path).text
    )


def of_few(people: int, forms: int = 1) -> Comparison:
    """Return an organisation of which so many filled in so many forms."""
    comparison = make_organisation(rounds=1)
    table = comparison.tables[0]
    cells = tuple(replace(it, people=people, low=1, high=3) for it in table.total.cells)
    total = replace(table.total, cells=cells, people=people, forms=forms)
    return replace(comparison, tables=(replace(table, total=total),))


def apart() -> Comparison:
    """Return a group whose mean lies outside of those of its schools, as others are hidden."""
    group = make_group(SCHOOLS[:3], rounds=1)
    *kept, table = group.tables
    cells = tuple(replace(it, mean=Fraction(4), band=3) for it in table.total.cells)
    return replace(group, tables=(*kept, replace(table, total=replace(table.total, cells=cells))))


def open_report(comparison: Comparison) -> tuple[dict[str, Any], str]:
    """Return the first section, and all that is said."""
    raw = plan_report(default(), comparison, "screen").json
    return json.loads(raw)["sections"][0], raw.decode()


def test_a_report_of_few_people_says_that_it_is_for_themselves() -> None:
    for people, told in ((1, True), (4, True), (5, False)):
        opening, said = open_report(of_few(people))
        assert any("tot personen te herleiden" in it for it in opening["intro"]) is told
        assert "Getallen van minder dan" not in said, "that would not be true of its own total"
        assert "Jullie eigen gemiddelde staat er altijd; een rol pas bij 5 mensen of meer." in said
    opening, said = open_report(make_group(SCHOOLS[:2], rounds=1))
    assert opening["intro"] == []
    assert "Getallen van minder dan 5 mensen staan er niet." in said


def test_in_a_single_form_statements_differ_and_not_people() -> None:
    one, several = (open_report(of_few(9, forms))[1] for forms in (1, 2))
    assert "Jullie vulden één formulier in." in one
    assert "Wat zie jij dat een ander niet ziet?" not in one
    assert "Jullie vulden één formulier in." not in several
    comparison = of_few(9)
    table = comparison.tables[0]
    cells = tuple(replace(it, asked=1, given=1, low=2, high=2) for it in table.total.cells)
    alone = replace(comparison, tables=(replace(table, total=replace(table.total, cells=cells)),))
    assert "Waar verschillen de antwoorden?" not in open_report(alone)[1]
    assert "Waar verschillen de antwoorden?" in one


def test_a_mean_beside_the_line_is_explained() -> None:
    said = "Daardoor kan de stip naast de lijn vallen."
    assert said in open_report(apart())[1]
    inside = apart()
    *kept, table = inside.tables
    cells = tuple(
        replace(it, mean=sum((row.cells[k].mean or Fraction(0) for row in table.schools), Fraction(0)) / 3)
        for k, it in enumerate(table.total.cells)
    )
    inside = replace(inside, tables=(*kept, replace(table, total=replace(table.total, cells=cells))))
    assert said not in open_report(inside)[1]


def test_sections_of_one_form_go_on_below_each_other() -> None:
    sections = json.loads(plan_report(default(), CASES["group"](), "screen").json)["sections"]
    assert not any(it.get("flows") for it in sections), "each subject of many schools has a page"
    few = json.loads(plan_report(default(), make_group(SCHOOLS[:3], rounds=1), "screen").json)["sections"]
    going_on = [it["title"] for it in few if it.get("flows")]
    assert going_on == ["Per onderwerp", "Verdeling"]
    for before, after in itertools.pairwise(few):
        if after.get("flows"):
            assert (before["colour"], before["short"]) == (after["colour"], after["short"])


def hide_people(comparison: Comparison) -> Comparison:
    tables = (replace(it, total=replace(it.total, forms=None, people=None)) for it in comparison.tables)
    return replace(comparison, tables=tuple(tables))


def test_where_people_are_hidden_it_is_said_so() -> None:
    def tell(comparison: Comparison) -> list[str]:
        facts = list_blocks(comparison, "facts")[0]
        return next(lines for label, lines in facts["rows"] if label == "Ingevuld")

    assert tell(make_organisation(rounds=1)) == ["formulieren: 13 · mensen: 39"]
    assert tell(hide_people(make_organisation(rounds=1))) == ["het aantal mensen blijft verborgen"]
    assert tell(comparisons.make_hidden()) == ["niet getoond, omdat het om minder dan 5 mensen gaat"]
    assert tell(comparisons.make_hidden(why="hidden")) == ["niet getoond, omdat er anders iets terug te rekenen is"]
    assert tell(comparisons.make_hidden(why="unanswered")) == ["niet of te weinig ingevuld"]
    assert tell(hide_people(make_group(SCHOOLS[:2], rounds=1))) == [
        "Analyseformulier bestuur – het aantal mensen blijft verborgen",
        "Analyseformulier school – scholen: 2 · het aantal mensen blijft verborgen",
    ]
    assert tell(make_group(SCHOOLS[:2]))[1].startswith(
        "Analyseformulier school, najaar 2026 – scholen: 2 · formulieren: "
    )


def without_wishes() -> Comparison:
    """Return an organisation that was not asked where it wants to be."""
    comparison = make_organisation(rounds=1)
    table = comparison.tables[0]
    cells = tuple(replace(it, wish=None) for it in table.total.cells)
    return replace(comparison, tables=(replace(table, total=replace(table.total, cells=cells)),))


def test_without_wishes_nothing_is_said_of_differences() -> None:
    said = plan_report(default(), without_wishes(), "screen").json.decode()
    assert "geen duidelijk verschil" not in said.lower()
    assert "Er is geen gewenste score om mee te vergelijken" in said


def test_subjects_whose_answers_lie_as_far_apart_are_named_together() -> None:
    comparison = make_organisation(rounds=1)
    table = comparison.tables[0]
    ends = ((1, 4), (2, 3), (2, 4), (1, 4), (1, 3), (1, 2), (3, 3), (2, 4))
    cells = tuple(replace(it, low=a, high=b) for it, (a, b) in zip(table.total.cells, ends, strict=True))
    made = list_blocks(replace(comparison, tables=(replace(table, total=replace(table.total, cells=cells)),)), "facts")
    assert [(label, [it[0] for it in titles.split(" · ")]) for label, (titles,) in made[1]["rows"]] == [
        ("van 1 tot 4", ["1", "4"]),
        ("van 2 tot 4", ["3", "8"]),
    ]


@pytest.mark.parametrize(("mean", "phase"), [(1, 0), (1.9, 0), (2, 1), (2.9, 1), (3, 2), (4, 2)])
def test_phases_are_equal_parts_of_the_scale(mean: float, phase: int) -> None:
    assert choose_phase(Fraction(mean), SCALE.high, 3) == phase


# ------------------------------------------------------------------------------------------ bad input


def test_texts_of_respondents_are_printed_as_they_are(tmp_path: Path) -> None:
    group = make_group((SIGNS, *SCHOOLS[:3]), ("Ruhe", "Fragen"), rounds=1)
    quotes = tuple(replace(it, text=f"{SIGNS} {'lang ' * 300}") for it in group.quotes)
    group = replace(group, title=SIGNS, quotes=quotes)
    text = typeset(default(), group, "screen", tmp_path).text
    assert text.count(SIGNS) >= 6
    assert typeset(default(), group, "print", tmp_path).warnings == ()


NAMES = ("x" * 200, "Donaudampfschifffahrtsgesellschaft" * 3, "مدرسة 🙂 日本", "", " ", "a " * 120, "a\nb\tc")


@pytest.mark.parametrize("title", [NAMES[0], f"{NAMES[2]} {NAMES[5]}"])
def test_any_name_of_a_school_is_printed(title: str, tmp_path: Path) -> None:
    group = replace(make_group(NAMES, DIMENSIONS[:2], rounds=1), title=title)
    assert typeset(default(), group, "print", tmp_path).warnings == ()
    assert failures(typeset(default(), group, "screen", tmp_path).pdf, tmp_path) == []


# ------------------------------------------------------------------------------------------ workbooks


def read_sheets(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        return {name: book.read(name).decode() for name in book.namelist()}


def test_a_workbook_holds_texts_and_numbers_and_no_formula() -> None:
    group = make_group(('=HYPERLINK("x")', "+1", "@SUM(A1)", "\x00\x1b", "y" * 40_000), DIMENSIONS[:2], rounds=1)
    parts = read_sheets(make_workbook(default(), group))
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/")]
    assert len(sheets) == 3
    assert not any("<f>" in text or "<hyperlink" in text for text in sheets)
    assert any("<t>=HYPERLINK(" in text for text in sheets)
    assert any(f"{'y' * (TEXT_MOST - 100)}" in text and "[cut: 40000 characters in all]<" in text for text in sheets)


def test_a_workbook_has_the_numbers_of_the_pages() -> None:
    comparison = CASES["group"]()
    long, *wide = list_rows(comparison, find_words(default())[0])
    means = sorted(
        float(write(cell.mean).replace(",", "."))
        for _, cell in list_shown(replace(comparison, tables=comparison.tables[:1]))
    )
    assert sorted(float(row[6]) for row in long.rows if row[0] == "Analyseformulier bestuur") == means
    assert [it.name for it in wide] == ["bestuur najaar 2026", "school voorjaar 2026", "school najaar 2026"]
    assert all(row[6] == "" and row[8] == "" for row in long.rows if row[-1])


def test_a_workbook_says_which_numbers_are_not_there() -> None:
    long, *_ = list_rows(CASES["much hidden"](), find_words(default())[0])
    total, school = (
        [row for row in long.rows if row[:3] == ("Analyseformulier school", "najaar 2026", name)]
        for name in ("Alle scholen samen", SCHOOLS[10])
    )
    assert {row[-1] for row in total[:7]} == {"spreiding, beantwoord"}
    assert total[7][-1] == "niet getoond: anders terug te rekenen"
    assert [(row[6] == "", row[10] == "", row[-1]) for row in school[2:5]] == [
        (True, True, "niet getoond: anders terug te rekenen"), (False, True, "gewenst"), (False, False, ""),
    ]  # fmt: skip


def test_sheets_of_a_long_form_are_told_apart_by_their_rounds() -> None:
    group = make_group(SCHOOLS[:2], rounds=3)
    long = "Een vragenlijst met een lange naam"
    tables = tuple(replace(it, questionnaire=replace(it.questionnaire, side="", title=long)) for it in group.tables)
    names = [it.name for it in list_rows(replace(group, tables=tables), find_words(default())[0])][1:]
    assert names[1:] == [
        "Een vragenlijst m voorjaar 2026",
        "Een vragenlijst met najaar 2026",
        "Een vragenlijst m voorjaar 2027",
    ]
    endless = tuple(replace(it, round=replace(it.round, title="r" * 40)) for it in tables)
    sheets = list(list_rows(replace(group, tables=endless), find_words(default())[0]))[1:]
    assert {it.name for it in sheets} == {f"Een vrag {'r' * 40}"}, "what makes a workbook of it shortens it"


def test_the_total_of_a_form_that_no_school_fills_in_is_the_group() -> None:
    long = next(list_rows(CASES["group"](), find_words(default())[0]))
    totals = {row[0]: row[2] for row in long.rows if row[2] not in (*SCHOOLS, "schoolleiding", "leraren")}
    assert totals["Analyseformulier school"] == "Alle scholen samen"
    assert totals["Analyseformulier bestuur"] != "Alle scholen samen"


# ------------------------------------------------------------------------------------------ the command


def collect(folder: Path, schools: tuple[str, ...] = SCHOOLS[:6], people: int = 6, boards: str = "Stichting") -> Path:
    """Write what collecting writes: two boards, whose schools each sent one form. `boards`: '' where they say none."""
    chance = random.Random(7)
    asked = make_questionnaires(default())[FORM]
    records = []
    for number, school in enumerate(schools):
        fields = [name for subject in asked.subjects for name in (*subject.items, subject.wish)]
        said = {
            "organisation": boards and f"{boards} {'Noord' if number < 4 else 'Zuid'}",
            "school": school,
            "role": "",
            "date": dt.date(2026, 9, 1 + number).isoformat(),
            "joint": True,
            "people": people,
            "values": {name: str(chance.randint(1, 4)) for name in fields},
        }
        kept = {"form": FORM, "version": "2026-11", "fingerprint": "", "respondent": "", "instead": "", "findings": []}
        file = {"file": f"{number}.pdf", "sha256": f"{number:064x}", "verdict": "accepted", "counts": True}
        records.append({**file, **kept, **said})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "answers.json").write_text(json.dumps(records), "utf-8")
    (folder / "key.json").write_text(json.dumps({"salt": "ab" * 16}), "utf-8")
    return folder


def list_files(folder: Path) -> list[str]:
    return sorted(it.relative_to(folder).as_posix() for it in folder.rglob("*") if it.is_file())


@pytest.mark.slow
def test_a_report_is_made_of_each_organisation_without_a_file_of_groups(run: Run, tmp_path: Path) -> None:
    folder = collect(tmp_path / "answers")
    result = run("report", folder, "--project", tmp_path)
    assert result.exit_code == 0, result.output
    names = [
        f"reports/{where}{name}.{ending}"
        for where, ending in (("", "xlsx"), ("print/", "pdf"), ("screen/", "pdf"))
        for name in ("stichting-noord", "stichting-zuid")
    ]
    assert sorted(result.stdout.split()) == sorted((folder / it).as_posix() for it in names)
    assert list_files(folder) == sorted([*names, "answers.json", "key.json"])
    before = {it: (folder / it).read_bytes() for it in names}
    assert run("report", folder, "--project", tmp_path).exit_code == 0
    assert {it: (folder / it).read_bytes() for it in names} == before


@pytest.mark.slow
def test_schools_have_letters_unless_their_board_shows_them(run: Run, tmp_path: Path) -> None:
    folder = collect(tmp_path / "answers")
    groups = (
        "groups:\n  noord: {title: Noord, organisation: Stichting Noord, show_schools: true}\n"
        "  zuid: {title: Zuid, organisation: Stichting Zuid}\n"
    )
    (folder / "groepen.yml").write_text(groups, "utf-8")
    assert run("report", folder, "--project", tmp_path).exit_code == 0
    noord, zuid = (pypdfium2.PdfDocument(folder / f"reports/screen/{it}.pdf") for it in ("noord", "zuid"))
    texts = [" ".join(page.get_textpage().get_text_range() for page in it) for it in (noord, zuid)]
    assert "De Wilgen" in texts[0]
    assert not any(school in texts[1] for school in SCHOOLS)
    assert "School " in texts[1]
    assert run("report", folder, "--project", tmp_path, "--pseudonymous").exit_code == 0
    again = pypdfium2.PdfDocument(folder / "reports/screen/noord.pdf")
    assert not any(school in page.get_textpage().get_text_range() for page in again for school in SCHOOLS)


def test_one_organisation_gets_its_own_report(run: Run, tmp_path: Path) -> None:
    folder = collect(tmp_path / "answers", people=2)
    result = run("report", folder, "--project", tmp_path, "--organisation", "De Wilgen")
    assert result.exit_code == 0, result.output
    assert result.stdout.split()[0].endswith("reports/screen/de-wilgen.pdf")
    pages = pypdfium2.PdfDocument(folder / "reports/screen/de-wilgen.pdf")
    text = " ".join(page.get_textpage().get_text_range() for page in pages)
    assert "Waar we staan" in text
    assert "mensen: 2" in text  # its own numbers, however few


def test_reports_of_earlier_runs_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = collect(tmp_path / "answers")
    monkeypatch.setattr(
        report, "_write_report", lambda toolbox, comparison, folder: [f"reports/{comparison.name}.xlsx"]
    )
    for name in ("print/weg.pdf", "stichting-noord.xlsx"):
        path = folder / "reports" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    told = make_reports(folder, tmp_path).warnings
    assert [it.message for it in told] == ["1 file is of an earlier run, and may differ from today's reports"]
    assert told[0].hint.startswith("reports/print/weg.pdf; remove them")
    assert make_reports(folder, tmp_path, "De Wilgen").warnings == ()


def test_forms_in_no_group_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = collect(tmp_path / "answers")
    groups = "groups: {noord: {title: Noord, organisation: Stichting Noord, schools: [De Wilgen]}}"
    (folder / "groepen.yml").write_text(groups, "utf-8")
    monkeypatch.setattr(report, "_write_report", lambda toolbox, comparison, folder: [comparison.name])
    told = make_reports(folder, tmp_path).warnings
    assert [it.message for it in told] == ["5 forms are in no group, and so in no report"]
    assert told[0].hint.startswith("1.pdf, 2.pdf, 3.pdf, ...")
    (folder / "groepen.yml").unlink()
    assert make_reports(folder, tmp_path).warnings == ()
    with pytest.raises(UsageError, match="no form says of which organisation it is"):
        make_reports(collect(folder, boards=""), tmp_path)


@pytest.mark.parametrize("pseudonymous", [False, True])
@pytest.mark.parametrize("groups", ["", "groups: {noord: {title: Zo, organisation: Stichting Noord}}"])
def test_a_report_for_oneself_does_not_replace_that_of_a_group(
    groups: str, pseudonymous: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = collect(tmp_path / "answers")
    if groups:
        (folder / "groepen.yml").write_text(groups, "utf-8")
    monkeypatch.setattr(report, "_write_report", lambda toolbox, comparison, folder: [comparison.name])
    all_groups = make_reports(folder, tmp_path, pseudonymous=pseudonymous).written
    own = make_reports(folder, tmp_path, "Stichting Noord", pseudonymous=pseudonymous).written
    assert len(all_groups) == (1 if groups else 2)
    assert not set(own) & set(all_groups)
    assert own[0].endswith("-waar-we-staan") is not bool(groups)


@pytest.mark.parametrize(
    ("change", "args", "code", "said"),
    [
        ({}, ("--organisation", "De Wilgn"), 2, "did you mean 'De Wilgen'?"),
        ({}, ("--groups", "nergens.yml"), 2, "there is no such file"),
        ({"answers.json": None}, (), 2, "nothing was collected here"),
        ({"answers.json": "{}"}, (), 2, "is not what collecting writes"),
        ({"answers.json": "[]"}, (), 2, "no form that was collected here counts"),
        ({"key.json": None}, (), 2, "the key is not there"),
        ({"key.json": "[1"}, (), 2, "is not the key that collecting writes"),
        ({"key.json": '{"salt": ""}'}, (), 2, "the key is empty"),
        ({"groepen.yml": "groups: {a: {title: A, schools: [De Wilge]}}"}, (), 3, "De Wilgen"),
        ({"groepen.yml": "groepen: {}"}, (), 3, "groepen.yml:1"),
    ],
)  # fmt: skip
def test_bad_calls_say_what_to_do(
    run: Run, tmp_path: Path, change: dict[str, str | None], args: tuple[str, ...], code: int, said: str
) -> None:
    folder = collect(tmp_path / "answers")
    for name, text in change.items():
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text, "utf-8")
    result = run("report", folder, "--project", tmp_path, *args)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
    assert not (folder / "reports").exists()
