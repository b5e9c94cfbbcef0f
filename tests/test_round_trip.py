"""Forms that real programs filled in and saved are read as they were filled in: see tests/programs/README.md."""

from __future__ import annotations

import io
import shutil
import unicodedata
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from pipeline.collect import Forms, read_form
from pipeline.collect.answers import Answers
from pipeline.content.definition import CHECKED, Definition
from pipeline.content.read import read_toolbox
from pipeline.content.toolbox import Toolbox
from pipeline.copies import make_copy
from pipeline.pdf.appearance import TYPE_SIZE, measure_room
from pipeline.pdf.fieldfont import load_field_font
from pipeline.pdf.forms import CLEAR
from pipeline.units import Size
from tests import returns
from tests.programs import (
    fill_chromium,
    fill_pdfium,
    fill_pdfjs,
    fill_pdfjs_page,
    fill_pdftk,
    fill_pypdf,
    installed,
)
from tests.programs.widgets import Widget, find_widgets

needs_pdfjs = pytest.mark.skipif(not installed.HAS_PDFJS, reason=installed.WANTS_PDFJS)
needs_node = pytest.mark.skipif(not shutil.which("node"), reason="needs node")
needs_chromium = pytest.mark.skipif(not installed.CHROMIUM, reason=installed.WANTS_CHROMIUM)
needs_pdftk = pytest.mark.skipif(not shutil.which("pdftk"), reason=installed.WANTS_PDFTK)
slow = pytest.mark.slow

FORMS = (
    "actieplan",
    "leidersspiegel",
    "analyseformulier-school",
    "analyseformulier-bestuur",
    "scan-samen-opleiden",
    "terugblikformulier",
)
QUICK = FORMS[:3]  # between them, every kind of field that the default forms have
SHORT = FORMS[:2]  # a browser is driven key by key
LIBRARIES = [
    pytest.param(fill_pypdf, id="pypdf"),
    pytest.param(fill_pdfium, id="pdfium"),
    pytest.param(fill_pdfjs, id="pdfjs", marks=[slow, needs_node, needs_pdfjs]),
    pytest.param(fill_pdftk, id="pdftk", marks=[slow, needs_pdftk]),
]
BROWSERS = [
    pytest.param(fill_pdfjs_page, id="pdfjs-page", marks=[slow, needs_chromium, needs_pdfjs]),
    pytest.param(fill_chromium, id="chromium", marks=[slow, needs_chromium]),
]
PAIRS = [
    pytest.param(
        *program.values, form, id=f"{program.id}-{form}", marks=[*program.marks, *([] if form in QUICK else [slow])]
    )
    for programs, forms in ((LIBRARIES, FORMS), (BROWSERS, SHORT))
    for program in programs
    for form in forms
]

# From long to short: the longest that goes into a box is typed there, behind a number that makes it the only one.
LINES = ('ë ï é € – " Łukasz Şahin', "ë € Şahin", "é")
AREAS = ('ë ï é € – "\nŁukasz Şahin <&>\n\nNa een witregel', 'ë ï é € – "\nŁukasz Şahin', "ë €\nŞahin")
BEYOND = dict.fromkeys(map(ord, "ŁŞ"))
OTHERS = {
    "school": "Łukasz",
    "datum": "31-12-2025",
    "aantal": "7",
    "D3-S1": "1",
    "D3-S2": "4",
    "D3-gewenst": "weet-ik-niet",
    "fase": "start",
    "akkoord": "no",
    "D3-waaraan": "Eén regel",
}


@pytest.fixture(scope="session")
def toolbox(default_project: Path) -> Toolbox:
    """The default toolbox."""
    return read_toolbox(default_project)


def load(project: Path, form: str) -> bytes:
    return (project / f"build/forms/{form}.pdf").read_bytes()


def make_answers(pdf: bytes, definition: Definition) -> dict[str, str]:
    """Return an answer to every field that a person fills in."""
    widgets = {widget.field: widget for widget in find_widgets(pdf)}
    answers = {}
    for number, field in enumerate(definition.answered, 1):
        match field.kind:
            case "choice" | "list":
                answers[field.name] = field.options[number % len(field.options)][0]
            case "date":
                answers[field.name] = f"{number % 28 + 1:02}-{number % 12 + 1:02}-{2000 + number}"
            case "number":
                answers[field.name] = str(number)
            case "check":
                answers[field.name] = CHECKED
            case kind:
                area = kind == "area"
                texts = (f"{number} {text}" for text in (AREAS if area else LINES))
                answers[field.name] = next(text for text in texts if goes_into(widgets[field.name], text, area=area))
    return answers


def goes_into(widget: Widget, text: str, *, area: bool) -> bool:
    """Say whether a box takes a text in the lines that it has: pypdf breaks none."""
    x0, y0, x1, y1 = widget.rect
    width, lines = measure_room(Size(x1 - x0, y1 - y0), area=area)
    broken = load_field_font().wrap(text, TYPE_SIZE, width)
    return broken == text.split("\n") and len(broken) <= lines and len(text) <= widget.room


def read_back(saved: bytes, forms: Forms, scratch: Path) -> Answers:
    path = scratch / "terug.pdf"
    path.write_bytes(saved)
    return read_form(path, forms)


def read_shown(saved: bytes) -> dict[str, str]:
    """Return field -> text that the file itself draws in its box, on paper too."""

    def keep_looks(pdf: pikepdf.Pdf) -> None:
        if "/NeedAppearances" in pdf.Root.AcroForm:
            del pdf.Root.AcroForm.NeedAppearances

    widgets = [widget for widget in find_widgets(saved) if widget.kind in ("text", "list")]
    document = pypdfium2.PdfDocument(returns.change(saved, keep_looks))
    found: dict[str, str] = {}
    for number in sorted({widget.page for widget in widgets}):
        with closing(document[number]) as page:
            pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY)
        texts = document[number].get_textpage()
        found |= {it.field: tidy(texts.get_text_bounded(*it.rect)) for it in widgets if it.page == number}
    document.close()
    return found


def tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def read_value(saved: bytes, field: str) -> str:
    """Return what a field holds; for those that are calculated, which no one else reads."""
    with pikepdf.open(io.BytesIO(saved)) as document:
        return str(returns.find(document, field).V)


def pick(pdf: bytes, *wanted: tuple[str, str]) -> list[Widget]:
    """Return the widgets with these fields and on-states ("": any), in that order."""
    widgets = find_widgets(pdf)
    return [next(it for it in widgets if it.field == field and state in ("", *it.states)) for field, state in wanted]


# ------------------------------------------------------------------------------------------ every answer


@pytest.mark.parametrize(("program", "form"), PAIRS)
def test_every_answer_to_a_form_comes_back_and_is_seen(
    program: ModuleType, form: str, default_project: Path, toolbox: Toolbox, tmp_path: Path
) -> None:
    pdf, definition = load(default_project, form), toolbox.definitions[form][0]
    answers = make_answers(pdf, definition)
    saved = program.fill(pdf, answers, tmp_path)
    found = read_back(saved, toolbox, tmp_path)
    assert (found.verdict, found.findings, found.values) == ("accepted", (), answers)
    assert (found.form, found.version, found.fingerprint) == definition.identity
    words = {
        field.name: tidy(dict(field.options).get(answers[field.name], answers[field.name]))
        for field in definition.answered
        if field.kind not in ("choice", "check")
    }
    shown = read_shown(saved)
    if program is fill_chromium:  # it draws the letters beyond Windows-1252 in a font that it does not embed
        words = {name: text.translate(BEYOND) for name, text in words.items()}
        shown = {name: text.translate(BEYOND) for name, text in shown.items()}
    assert {name: shown[name] for name in words} == words


def test_the_answers_hold_what_is_hard(default_project: Path, toolbox: Toolbox) -> None:
    assert set(FORMS) == set(toolbox.definitions)
    for forms in (FORMS, QUICK):
        fields = {it for form in forms for it in toolbox.definitions[form][0].answered}
        assert {field.kind for field in fields} == {"text", "area", "date", "number", "choice", "list"}
    values = make_answers(load(default_project, FORMS[2]), toolbox.definitions[FORMS[2]][0]).values()
    assert "weet-ik-niet" in values
    assert any(LINES[0] in value for value in values)
    assert any(AREAS[0] in value for value in values)


@pytest.mark.parametrize("program", [*LIBRARIES, *BROWSERS])
def test_answers_can_be_changed_in_a_form_that_was_saved(program: ModuleType, tmp_path: Path) -> None:
    """On a small form, which has a check box too and was filled in beforehand."""
    saved = program.fill(returns.make_form(), returns.FILLED, tmp_path)
    found = read_back(saved, returns.TOOLBOX, tmp_path)
    assert (found.verdict, found.findings, found.values) == ("accepted", (), returns.ANSWERS)
    found = read_back(program.fill(saved, OTHERS, tmp_path), returns.TOOLBOX, tmp_path)
    assert (found.verdict, found.values) == ("accepted", {**returns.ANSWERS, **OTHERS, "akkoord": ""})
    assert found.response == "R-0042"


@pytest.fixture(scope="module")
def copy(default_project: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A form as it is sent to one school."""
    path = tmp_path_factory.mktemp("copy") / "terugblik.pdf"
    make_copy(default_project, "terugblikformulier", PREFILLED | {"response": "W-07"}, path)
    return path.read_bytes()


PREFILLED = {"organisatie": "Stichting Łukasz Şahin", "school": "De Wilgen"}


@pytest.mark.parametrize("program", LIBRARIES)
def test_a_copy_for_one_school_still_says_so(
    program: ModuleType, copy: bytes, toolbox: Toolbox, tmp_path: Path
) -> None:
    definition = toolbox.definitions["terugblikformulier"][0]
    answers = {name: text for name, text in make_answers(copy, definition).items() if name not in PREFILLED}
    assert read_back(copy, toolbox, tmp_path).verdict == "empty"
    found = read_back(program.fill(copy, answers, tmp_path), toolbox, tmp_path)
    assert (found.verdict, found.findings, found.values) == ("accepted", (), PREFILLED | answers)
    assert found.response == "W-07"


def test_an_answer_that_got_lost_is_seen(tmp_path: Path) -> None:
    kept = {name: value for name, value in returns.FILLED.items() if name != "D3-S2"}
    found = read_back(fill_pypdf.fill(returns.make_form(), kept, tmp_path), returns.TOOLBOX, tmp_path)
    assert found.values == {**returns.ANSWERS, "D3-S2": ""}


def test_an_answer_that_shows_in_another_box_is_seen(tmp_path: Path) -> None:
    def share(pdf: pikepdf.Pdf) -> None:
        returns.find(pdf, "school").AP.N = returns.find(pdf, "datum").AP.N

    saved = fill_pypdf.fill(returns.change(returns.make_form(), share), returns.FILLED, tmp_path)
    assert read_shown(saved)["school"] == returns.FILLED["datum"]


def test_an_answer_without_a_field_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="D3-S1"):
        fill_pdfium.fill(returns.make_form(), {"D3-S1": "5"}, tmp_path)


# ------------------------------------------------------------------------------------------ scripts and buttons


def show(number: float, *, sign: bool = False) -> str:
    return f"{number:{'+' if sign else ''}.1f}".replace(".", ",").replace("-", "−")


@pytest.mark.parametrize("program", BROWSERS)
def test_a_browser_shows_means_and_the_overview(
    program: ModuleType, default_project: Path, toolbox: Toolbox, tmp_path: Path
) -> None:
    pdf = load(default_project, "analyseformulier-school")
    every = make_answers(pdf, toolbox.definitions["analyseformulier-school"][0])
    required = ("organisatie", "school", "rol", "datum", "invulwijze", "aantal")
    statements = {"D3-S1": "3", "D3-S2": "4", "D3-S3": "weet-ik-niet", "D3-S4": "2", "D3-S5": "1", "D5-S1": "4"}
    answers = {name: every[name] for name in required} | statements | {"D3-gewenst": "4", "D5-gewenst": "1"}
    saved = program.fill(pdf, answers, tmp_path)
    found = read_back(saved, toolbox, tmp_path)
    assert (found.verdict, found.findings) == ("accepted", ())
    assert {name: value for name, value in found.values.items() if value} == answers
    mean = (3 + 4 + 2 + 1) / 4
    expected = {
        "D3-gemiddelde": show(mean),
        "overzicht-D3-now": show(mean),
        "overzicht-D3-wish": show(4),
        "overzicht-D3-gap": show(4 - mean, sign=True),
        "D5-gemiddelde": "–",  # of one answer
        "overzicht-D5-wish": show(1),
        "overzicht-D5-gap": "–",
    }
    assert {name: read_value(saved, name) for name in expected} == expected
    shown = read_shown(saved)
    assert {name: shown[name] for name in expected} == expected


def clicks_pdfium(pdf: bytes, widgets: list[Widget], scratch: Path) -> bytes:
    del scratch
    return fill_pdfium.click(pdf, widgets)


Click = Callable[[bytes, list[Widget], Path], bytes]


@pytest.mark.parametrize(
    ("click", "mean"),
    [
        pytest.param(clicks_pdfium, "", id="pdfium"),
        pytest.param(fill_pdfjs_page.click, show((3 + 4 + 2) / 3), id="pdfjs-page", marks=BROWSERS[0].marks),
        pytest.param(fill_chromium.click, show((3 + 4 + 2) / 3), id="chromium", marks=BROWSERS[1].marks),
    ],
)
def test_a_button_takes_one_answer_back_and_a_second_click_does_not(
    click: Click, mean: str, default_project: Path, toolbox: Toolbox, tmp_path: Path
) -> None:
    pdf = load(default_project, "analyseformulier-school")
    chosen = {"D3-S1": "3", "D3-S2": "4", "D3-S4": "2"}
    widgets = pick(pdf, *chosen.items(), ("D3-S5", "1"), ("D3-S1", "3"), (f"{CLEAR}D3-S5", ""))
    saved = click(pdf, widgets, tmp_path)
    found = read_back(saved, toolbox, tmp_path)
    assert found.verdict == "accepted"
    assert {name: value for name, value in found.values.items() if value} == chosen
    if mean:
        assert read_value(saved, "D3-gemiddelde") == mean


@pytest.mark.parametrize(("form", "number"), [("actieplan", 0), ("leidersspiegel", 0), ("analyseformulier-school", 1)])
def test_tab_goes_from_field_to_field_as_one_reads(form: str, number: int, default_project: Path) -> None:
    pdf = load(default_project, form)
    expected = [widget for widget in find_widgets(pdf) if widget.page == number]
    assert fill_pdfium.walk_by_tab(pdf, number) == [
        (widget.field, widget.states[0] if widget.kind in ("choice", "check") else "") for widget in expected
    ]
