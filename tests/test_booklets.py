"""Framework, aspects, instruments, booklets: what is refused, where, and with which next step."""

# ruff: noqa: E501 - a table of cases, one to a line

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.content.glossary import Glossary
from pipeline.content.products import PosterProduct
from pipeline.content.read import read_toolbox
from pipeline.content.toolbox import Toolbox
from pipeline.document import Document
from pipeline.errors import ContentError, Finding
from pipeline.fit import Misfit, Zone, place_findings, place_misfits
from pipeline.kinds import posters
from pipeline.plan import plan_documents
from pipeline.resources import PACKAGED
from pipeline.typeset import blame_work
from pipeline.units import Rect
from tests.conftest import Run, edit, keep_cards

TOOLBOX = "content/toolbox.yml"
FRAMEWORK = "content/framework.yml"
DATA = "content/aspects/data.yml"
I08 = "content/instruments/i08-datagesprek-in-vijf-stappen.yml"
GUIDE = "content/booklets/werkwijzer.yml"
DEPTH = "content/booklets/verdieping.yml"
LITERATURE = "content/literature.yml"
TALK = "content/booklets/gespreksleidraad.yml"
CARD = "content/dimensions/3-teamleren.yml"
CELL = "    begin:\n      situation: Het bestuur krijgt cijfers"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the default content."""
    ignored = shutil.ignore_patterns("released", "schema")
    shutil.copytree(PACKAGED / "content", tmp_path / "content", ignore=ignored)
    return tmp_path


def findings(project: Path) -> tuple[Finding, ...]:
    try:
        return read_toolbox(project).warnings
    except ContentError as error:
        return error.findings


@pytest.fixture(scope="module")
def toolbox() -> Toolbox:
    return read_toolbox(PACKAGED)


# ------------------------------------------------------------------------------------------ the default content


def test_the_default_content_has_no_finding(toolbox: Toolbox) -> None:
    assert toolbox.warnings == ()


def test_every_aspect_has_a_cell_with_three_actions_for_each_layer_and_phase(toolbox: Toolbox) -> None:
    assert toolbox.framework is not None
    cells = {
        (aspect.it.code, layer, phase): cell
        for aspect in toolbox.aspects.values()
        for layer, phases in aspect.it.layers.items()
        for phase, cell in phases.items()
    }
    assert len(cells) == 4 * 3 * 3
    assert all(len(cell.actions) == 3 and (cell.instruments or cell.cards) for cell in cells.values())
    assert len({cell.situation for cell in cells.values()}) == 36


def test_the_27_instruments_are_each_a_sheet_of_120_to_220_words_whose_minutes_add_up(toolbox: Toolbox) -> None:
    assert list(toolbox.instruments) == [f"I{number:02}" for number in range(1, 28)]
    sentences: dict[str, str] = {}
    for code, filed in toolbox.instruments.items():
        it = filed.it
        texts = [it.name, it.lead, it.goal, it.participants, it.needed, it.closing or ""]
        texts += [text for step in it.steps for text in (step.title, step.text, *step.boxes)]
        assert 120 <= len(" ".join(texts).split()) <= 220, code
        assert sum(step.minutes for step in it.steps) == it.minutes
        for sentence in [it.lead, *it.goal.split(". "), *(s for step in it.steps for s in step.text.split(". "))]:
            assert sentences.setdefault(sentence.rstrip("."), code) == code, sentence
    assert {code for code, it in toolbox.instruments.items() if it.it.products} == {"I24", "I25", "I26", "I27"}


def test_the_gespreksleidraad_has_3000_to_5000_words_and_its_programmes_add_up(toolbox: Toolbox) -> None:
    booklet = toolbox.booklets["gespreksleidraad"]
    words = sum(len(text.split()) for path, text in booklet.source.texts() if path[-1] not in ("kind", "colour"))
    assert 3000 <= words <= 5000
    programmes = [block for _, block in booklet.it.list_blocks() if block.kind == "programme"]
    assert len(programmes) >= 8
    for block in programmes:
        assert str(sum(item.minutes for item in block.items)) in block.heading, block.heading


def test_a_code_is_printed_only_for_an_address_that_somebody_opened(toolbox: Toolbox) -> None:
    entries = [
        item
        for booklet in toolbox.booklets.values()
        for _, block in booklet.it.list_blocks()
        if block.kind == "media"
        for item in block.items
    ]
    assert {item.address for item in entries if item.printable} == {
        "www.poraad.nl/lerende-organisaties-in-het-po",
        "platformsamenopleiden.nl/kwaliteitskader-samen-opleiden-inductie/concepten",
    }
    assert [item.title for item in entries if item.address and not item.printable] == []


# ------------------------------------------------------------------------------------------ refused

WRONG = [
    ("a cell that is missing", DATA, "    begin:\n      situation: Het bestuur", "    begn:\n      situation: Het bestuur",
     "layers.bestuurder.begin", "the phase is missing", ""),
    ("a cell under a wrong name", DATA, "    begin:\n      situation: Het bestuur", "    begn:\n      situation: Het bestuur",
     "layers.bestuurder.begn", "content/framework.yml has no phase 'begn'", "did you mean 'begin'?"),
    ("a doubled cell", DATA, "    tussen:\n      situation: Er is een vaste", "    begin:\n      situation: Er is een vaste",
     "layers.bestuurder.begin", "the key stands twice", "keep one of the two"),
    ("a phase too many", FRAMEWORK, "phases:\n", "phases:\n  nul: {name: Nulfase, text: Er gebeurt nog niets.}\n",
     "layers.bestuurder.nul", "the phase is missing", "write it below 'bestuurder'"),
    ("a layer that is unknown", DATA, "  leraar:\n", "  leerar:\n", "layers.leerar",
     "content/framework.yml has no layer 'leerar'", "did you mean 'leraar'?"),
    ("an instrument that does not exist", DATA, "[I09, I08]", "[I09, I80]", "layers.bestuurder.begin.instruments[2]",
     "no file of content/instruments has the code 'I80'", "did you mean 'I"),
    ("an instrument twice", DATA, "[I09, I08]", "[I09, I09]", "layers.bestuurder.begin.instruments",
     "'I09' stands here twice", ""),
    ("no code of an instrument", DATA, "[I09, I08]", "[Datakalender]", "layers.bestuurder.begin.instruments[1]",
     "is no code of an instrument such as I08", ""),
    ("no instrument", DATA, "[I09, I08]", "[]", "layers.bestuurder.begin", "no instrument in this cell", "instruments: [I08]"),
    ("a card that does not exist", DATA, "cards: [4]", "cards: [14]", "layers.bestuurder.gevorderd.cards[1]",
     "there is no card 14", "there are: 1, 2, 3"),
    ("a dimension that does not exist", DATA, "dimensions: [4, 6]", "dimensions: [4, 16]", "dimensions[2]",
     "there is no card 16", "there are: 1, 2, 3"),
    ("an aspect without a file", FRAMEWORK, "aspects: [koers, data,", "aspects: [koers, gegevens,", "aspects[2]",
     "there is no file content/aspects/gegevens.yml", ""),
    ("a file without a place", FRAMEWORK, "aspects: [koers, data,", "aspects: [koers,", "",
     "this aspect is made nowhere", "add 'data' to the list"),
    ("cards of no deck", FRAMEWORK, "cards: dimensions", "cards: dimension", "cards",
     "no deck in content/toolbox.yml is made from the folder 'dimension'", "did you mean 'dimensions'?"),
    ("two aspects with one letter", DATA, "code: D", "code: K", "code", "is also the sign of", "choose another letter"),
    ("minutes that do not add up", I08, "minutes: 50", "minutes: 55", "", "the steps take 50 minutes together, not 55", ""),
    ("an instrument of an unknown aspect", I08, "aspect: data", "aspect: date", "aspect", "there is no aspect 'date'",
     "did you mean 'data'?"),
    ("an instrument of an unknown product", I08, "steps:", "products: [spiegelkaart]\nsteps:", "products[1]",
     "there is no product 'spiegelkaart'", "did you mean 'spiegelkaarten'?"),
    ("a code given twice", I08, "code: I08", "code: I09", "code", "the code I09 is also that of", ""),
    ("an address that is no URL", I08, "steps:", "media: {title: Film, address: geen adres}\nsteps:", "media.address",
     "'geen adres' is no address such as www.example.org/page", ""),
    ("an address with https", I08, "steps:", "media: {title: Film, address: 'https://example.org'}\nsteps:", "media.address",
     "(without https://", ""),
    ("a work that is not listed", DEPTH, "ros-2021", "ros-2012", "chapters", "no work 'ros-2012'", "did you mean 'ros-2021'?"),
    ("a colour that is none", GUIDE, "colour: kobalt", "colour: cobalt", "colour", "no colour 'cobalt'", "did you mean 'kobalt'?"),
    ("a place that cannot be filled in", GUIDE, "Voor de {layer}", "Voor de {laag}", "lead", "'{laag}' cannot be filled in here", "{layer}"),
    ("a layer without one", TALK, "title: Gespreksleidraad", "title: Gesprek {layer}", "title", "there is no layer to fill in",
     "layer:"),
    ("text before the routes that flows", GUIDE, "    page: true\n", "", "chapters[2]", "text before the routes runs over", "page: true"),
    ("a second list of contents", TALK, "  - kind: notes\n", "  - kind: contents\n    title: Nog eens\n  - kind: notes\n", "",
     "a booklet has one chapter 'contents' at most", ""),
    ("an unknown kind of chapter", TALK, "kind: contents", "kind: content", "chapters[1]", "no kind 'content'", "contents"),
    ("an unknown kind of block", TALK, "kind: programme", "kind: program", "chapters[6].blocks[2]", "no kind 'program'", "programme"),
    ("an empty text", TALK, "title: Gespreksleidraad", "title:", "title", "", ""),
    ("a product without its file", TOOLBOX, "  - name: verdieping", "  - name: verdiepin", "products[11].name",
     "no file content/booklets/verdiepin.yml", "did you mean 'verdieping'?"),
    ("a product of an unknown layer", TOOLBOX, "layer: leraar", "layer: leerling", "products[10].layer",
     "content/framework.yml has no layer 'leerling'", ""),
    ("routes without a layer", TOOLBOX, "    layer: leraar\n", "", "products[10]", "has no layer", "add 'layer:'"),
    ("no words for booklets", TOOLBOX, "booklets:\n  page:", "bookletz:\n  page:", "", "'booklets' is missing", ""),
    ("a poster of no deck", TOOLBOX, "    kind: poster\n    paper: {weight: 170, finish: mat gestreken, volume: 0.9}\n    folder: dimensions", "    kind: poster\n    folder: dimensies",
     "folder", "no deck is made from the folder 'dimensies'", "did you mean 'dimensions'?"),
    ("an address without end", I08, "steps:", f"media: {{title: Film, address: example.org/{'a' * 5000}}}\nsteps:\n", "media.address",
     "at most 300 fit", "shorten it"),
    ("a checked address that is not there", I08, "steps:", "media: {title: Film, checked: 2026-11-24}\nsteps:\n", "media",
     "'checked' says that somebody opened an address", "add 'address'"),
    ("one code written twice", I08, "code: I08", "code: I9", "code", "is also that of content/instruments/i08", "a code of its own"),
    ("a layer to fill in, outside of booklets", DATA, "situation: Er is", "situation: De {layer} heeft. Er is", "situation",
     "'{layer}' is filled in in booklets only", "write what is meant"),
    ("a term that cannot be filled in", TALK, "          Reflectie:", "          Reflectie {laag}:", "terms.Reflectie {laag}",
     "'{laag}' cannot be filled in here", "{layer}"),
    ("a term that no font has", TALK, "          Reflectie:", "          Reflectie 😀:", "terms.Reflectie", "no glyph for '😀'",
     "use another character"),
    ("a work that no font has", LITERATURE, "title: 'Demonstrating", "title: '漢 Demonstrating", "marsick-watkins-2003.title",
     "no glyph for '漢'", "use another character"),
    ("a description that is no text", LITERATURE, "  description-nl: Beschrijft", "  description-nl: [a]\n  note: Beschrijft",
     "marsick-watkins-2003.description-nl", "expected a text", "write it"),
    ("a page without its number", TOOLBOX, "page: blz. {page}", "page: blz.", "booklets.page", "expected '{page}' in it once", ""),
    ("pages without their numbers", TOOLBOX, "zie {pages}", "zie {pages} en {pages}", "booklets.named_on", "expected '{pages}' in it once", ""),
    ("the routes of a layer twice", TOOLBOX, "    layer: leraar\n", "    layer: schoolleider\n", "products[10]",
     "the product 'werkwijzer-schoolleider' has the routes of 'schoolleider' already", "take one of the two out"),
    ("a sign twice", TALK, "tab: '2'", "tab: '1'", "chapters[3].tab", "'1' is also the sign of chapter 2", "choose another"),
    ("a sign that is also an aspect's", GUIDE, "short: Over dit boekje", "short: Over dit boekje\n    tab: K", "chapters[2].tab",
     "'K' is also the sign of the aspect 'koers'", "choose another"),
    ("more than a day", TALK, "      - kind: programme\n", f"      - kind: programme\n        heading: Te lang\n        start: '18:00'\n"
     f"        items: {[{'minutes': 720, 'title': 'Rust', 'text': 'Slapen.'}] * 3}\n      - kind: programme\n", "blocks",
     "takes more than a day", "check the minutes"),
    ("cards in a folder of other files", TOOLBOX, "    folder: dimensions\n    circle", "    folder: booklets\n    circle",
     "products[1].folder", "content/booklets/ is not for cards", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "field", "message", "hint"), [pytest.param(*it[1:], id=it[0]) for it in WRONG]
)
def test_what_is_wrong_is_told_with_its_place(
    name: str, old: str, new: str, field: str, message: str, hint: str, project: Path
) -> None:
    edit(project / name, old, new)
    found = [it for it in findings(project) if it.severity == "error"]
    told = [it for it in found if message in it.message and field in it.field and hint in it.hint]
    assert told, found
    assert any(it.place.startswith("content/") for it in told)


def test_a_booklet_of_one_page_is_refused(project: Path, run: Run) -> None:
    text = (project / TALK).read_text("utf-8")
    begin, _, rest = text.partition("chapters:\n")
    back = rest[rest.index("\nback:") :]
    (project / TALK).write_text(f"{begin}chapters:\n  - kind: notes\n    title: Notities\n{back}", "utf-8")
    result = run("check", "-p", project)
    assert result.exit_code == 3
    assert "gespreksleidraad.yml" in result.stderr
    assert "chapters" in result.stderr


def test_two_cells_with_one_situation_are_a_copy_that_was_not_changed(project: Path) -> None:
    text = (project / DATA).read_text("utf-8").split("\n")
    first, second = [index for index, line in enumerate(text) if "situation:" in line][:2]
    text[second] = text[first]
    (project / DATA).write_text("\n".join(text), "utf-8")
    (found,) = findings(project)
    assert found.message == f"the same situation is at {DATA}:{first + 1}"
    assert found.field == "layers.bestuurder.tussen.situation"


def test_aspects_that_share_cards_have_three_rings(project: Path) -> None:
    for path in (project / "content/aspects").iterdir():
        edit(path, "dimensions: [", "dimensions: [12, ")
    (found,) = [it for it in findings(project) if "rings" in it.message]
    assert found.place.startswith("content/aspects/leidinggeven.yml:")
    assert found.message == "shares cards with koers, data, professionals, and the circle has 3 rings"


BROKEN: list[tuple[str, str, str | None, str]] = [
    ("a framework that cannot be read", FRAMEWORK, "a: [", "this is not valid YAML"),
    ("a framework that leads nowhere", FRAMEWORK, None, "the file is missing"),
    ("literature that cannot be read", LITERATURE, "a: [", "this is not valid YAML"),
    ("literature that leads nowhere", LITERATURE, None, "the file is missing"),
    ("a glossary that leads nowhere", "content/glossary.yml", None, "the file is missing"),
]


@pytest.mark.parametrize(("name", "text", "message"), [pytest.param(*it[1:], id=it[0]) for it in BROKEN])
def test_a_file_that_cannot_be_read_is_the_only_finding(
    name: str, text: str | None, message: str, project: Path
) -> None:
    (project / name).unlink()
    if text is None:
        (project / name).symlink_to("nowhere.yml")
    else:
        (project / name).write_text(text, "utf-8")
    (found,) = findings(project)
    assert found.place.startswith(name)
    assert message in found.message


def test_a_work_that_is_wrong_is_not_missed_where_it_is_named(project: Path) -> None:
    edit(project / LITERATURE, "  date: 2003", "  date: [2003]")
    (found,) = findings(project)
    assert found.field == "marsick-watkins-2003.date"


def test_a_model_needs_the_framework(project: Path) -> None:
    keep_cards(project)
    settings = (project / TOOLBOX).read_text("utf-8")
    (project / TOOLBOX).write_text(f"{settings}  - name: model\n    kind: booklet\n", "utf-8")
    (project / "content/booklets").mkdir()
    block = "{kind: model, alt: Een kring.}"
    chapters = f"- {{kind: text, title: Het model, blocks: [{block}]}}\n- {{kind: notes, title: Notities}}"
    text = f"title: Model\nlead: Kort.\ncolour: kobalt\nchapters:\n{chapters}\nback: Einde.\n"
    (project / "content/booklets/model.yml").write_text(text, "utf-8")
    found = [it for it in findings(project) if it.severity == "error"]
    assert [it.field for it in found] == ["chapters[1].blocks[1]"]
    assert found[0].message == "a block 'model' needs content/framework.yml"


def test_a_file_in_the_place_of_a_folder_is_told(project: Path) -> None:
    shutil.rmtree(project / "content/instruments")
    (project / "content/instruments").write_text("", "utf-8")
    assert ("content/instruments", "no folder") in {(it.place, it.message) for it in findings(project)}


# ------------------------------------------------------------------------------------------ where it was written


def plan(project: Path, product: str) -> Document:
    documents = plan_documents(read_toolbox(project))
    return next(it for it in documents if it.id == product and it.medium == "screen")


def test_what_bears_a_number_for_a_name_is_found_where_it_was_written(project: Path) -> None:
    for path in (project / FRAMEWORK, project / TOOLBOX, *(project / "content/aspects").iterdir()):
        text = path.read_text("utf-8").replace("  bestuurder:", "  '1':").replace("layer: bestuurder", "layer: '1'")
        path.write_text(text, "utf-8")
    (project / CARD).rename(project / "content/dimensions/1.yml")
    misfits = [
        Misfit(Zone(card, "", field, 0, Rect(0, 0, 1, 1)), "too high", "")
        for card, field in (
            ("data", "layers.1.begin.actions.1"),
            ("1", "short"),
            ("chapter 3", "title"),
            ("", "aspects"),
        )
    ]
    found = place_misfits(misfits, plan(project, "werkwijzer-bestuurder"))
    assert [(it.place.partition(":")[0], it.field) for it in found] == [
        (DATA, "layers.1.begin.actions[2]"),
        ("content/dimensions/1.yml", "short"),
        (GUIDE, "chapters[3].title"),
        ("content/aspects/koers.yml", ""),
    ]


def test_a_work_that_typst_cannot_read_is_found_by_its_key(project: Path) -> None:
    for path in (project / "content").rglob("*.yml"):
        path.write_text(re.sub(r"\bros-2021\b", "'ros.a:b (c)/2021'", path.read_text("utf-8")), "utf-8")
    document = plan(project, "verdieping")
    message = "failed to parse YAML (ros.a:b (c)/2021.author[0]: invalid type: sequence at line 8 column 13 at 8:13)"
    error = blame_work(SimpleNamespace(message=message), document.job())
    assert error is not None
    (found,) = place_findings(error.findings, document)
    assert found.field == "ros.a:b (c)/2021.author[1]"
    assert found.message == "no work that Typst can read: invalid type: sequence"


def test_a_sheet_names_a_booklet_of_a_layer_as_its_reader_knows_it(project: Path) -> None:
    edit(project / GUIDE, "title: ", "title: Voor de {layer}, #")
    edit(project / I08, "steps:", "products: [werkwijzer-leraar]\nsteps:")
    document = plan(project, "instrumenten/i08-datagesprek-in-vijf-stappen")
    assert json.loads(document.json)["sheets"][0]["elsewhere"] == ["Voor de leraar,"]


def test_instruments_stand_in_the_order_of_their_numbers(project: Path) -> None:
    for path in (project / "content").rglob("*.yml"):
        path.write_text(re.sub(r"\bI0([1-9])\b", r"I\1", path.read_text("utf-8")), "utf-8")
    assert list(read_toolbox(project).instruments) == [f"I{number}" for number in range(1, 28)]


def test_a_poster_of_other_cards_has_no_aspects(toolbox: Toolbox) -> None:
    product = next(it for it in toolbox.settings.products if isinstance(it, PosterProduct))
    (document,) = posters.plan_documents(replace(toolbox, framework=None), product, "print")
    assert json.loads(document.json)["aspects"] == []


# ------------------------------------------------------------------------------------------ warned of

DOUBTFUL = [
    ("a work that nobody names", "content/literature.yml", "kools-2020:\n", "kools-2019:\n  type: book\n  title: Iets\n"
     "  verified: title\nkools-2020:\n", "no card and no booklet names this work"),
    ("a card of no aspect", DATA, "dimensions: [4, 6]", "dimensions: [4]", "card 6 belongs to no aspect"),
    ("a word that the glossary bans", I08, "lead: ", "lead: De leerkracht. ", "content/glossary.yml bans 'leerkracht'"),
    ("a straight quotation mark", I08, "lead: ", "lead: De \"vraag\". ", "a straight quotation mark"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "message"), [pytest.param(*it[1:], id=it[0]) for it in DOUBTFUL])
def test_what_is_doubtful_is_a_warning(name: str, old: str, new: str, message: str, project: Path) -> None:
    edit(project / name, old, new)
    found = [it for it in findings(project) if message in it.message]
    assert found
    assert all(it.severity == "warning" and it.hint for it in found)


def test_a_dimension_without_literature_is_a_warning(project: Path) -> None:
    text = (project / CARD).read_text("utf-8")
    (project / CARD).write_text(text[: text.index("\nliterature:") + 1], "utf-8")
    assert any("no literature for this dimension" in it.message for it in findings(project))


def test_the_glossary_finds_whole_words_but_not_in_what_it_allows(toolbox: Toolbox) -> None:
    glossary = toolbox.glossary
    assert glossary is not None
    text = "De leerkracht pakt de datakalender, Leerkrachten bekijken data uit Werken met data."
    assert [phrase for phrase, _ in glossary.find_banned(text)] == ["leerkracht", "Leerkrachten", "data"]
    assert list(glossary.find_banned("Leraren bespreken gegevens in een datagesprek.")) == []


def test_the_glossary_takes_any_phrase_as_it_is_written() -> None:
    glossary = Glossary.model_validate({"terms": {}, "banned": {"is": "a", "C++": "b", "(x|y)": "c", "1.0": "d"}})
    text = "C++ (x|y) x 1.0 110 İS"  # the capital I with a dot is one of i, to a pattern
    assert list(glossary.find_banned(text)) == [("C++", "b"), ("(x|y)", "c"), ("1.0", "d"), ("İS", "a")]


def test_an_address_is_no_text_for_the_glossary(project: Path) -> None:
    edit(project / I08, "steps:", "media: {title: Film, address: www.leerkracht.example/leerkracht}\nsteps:")
    assert findings(project) == ()
