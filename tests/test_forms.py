"""Forms as content: what an editor can do wrong, what is released, copies that are filled in beforehand."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from pipeline.content.definition import Definition, Field, find_identity, parse_definition, write_definition
from pipeline.content.read import read_toolbox
from pipeline.content.toolbox import Toolbox
from pipeline.copies import release_forms
from pipeline.document import Document
from pipeline.errors import ContentError, Finding
from pipeline.kinds.forms import plan_documents
from pipeline.plan import plan_documents as plan_all
from pipeline.resources import PACKAGED
from pipeline.status import read_status
from tests.conftest import Run, edit

SCHOOL = "content/forms/analyseformulier-school.yml"
SCAN = "content/forms/scan-samen-opleiden.yml"
PLAN = "content/forms/actieplan.yml"
LEADERS = "content/forms/leidersspiegel.yml"
CARD = "content/dimensions/3-teamleren.yml"
TOOLBOX = "content/toolbox.yml"
FORMS = (
    "analyseformulier-bestuur",
    "analyseformulier-school",
    "scan-samen-opleiden",
    "actieplan",
    "leidersspiegel",
    "terugblikformulier",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the default content, in which no form was released yet."""
    shutil.copytree(PACKAGED / "content", tmp_path / "content", ignore=shutil.ignore_patterns("released"))
    return tmp_path


@pytest.fixture(scope="module")
def default() -> Toolbox:
    return read_toolbox(PACKAGED)


def findings(project: Path) -> list[Finding]:
    """Everything that is said of a project, warnings too."""
    try:
        return list(read_toolbox(project).warnings)
    except ContentError as error:
        return list(error.findings)


# ------------------------------------------------------------------------------------------ bad content

Break = Callable[[Path], None]


def swap(file: str, old: str, new: str) -> Break:
    return lambda project: edit(project / file, old, new)


def rename(old: str, new: str) -> Break:
    def move(project: Path) -> None:
        (project / old).rename(project / new)

    return move


PHASES = """      - kind: phases
        name: '{code}-fase'
        heading: Fase
        help: Kies er een.
        now: Nu
        wish: {name: '{code}-straks', label: Straks}"""

BAD: list[tuple[str, Break, str]] = [
    ("two fields with one name", swap(SCHOOL, "name: vervolg", "name: keuze-reden"), "the name 'keuze-reden' is also at"),
    ("two that differ in capitals", swap(SCHOOL, "name: vervolg", "name: School"), "the name 'School' is also at"),
    ("one name on every page", swap(SCHOOL, "name: '{code}-stap'", "name: stap"), "the name 'stap' is given on every page"),
    ("a subject where there is none", swap(SCHOOL, "name: vervolg", "name: '{code}-x'"), "has no subject to take {code}"),
    ("a dot in a name", swap(SCHOOL, "name: vervolg", "name: a.b"), "'a.b' is no name of a field"),
    ("a letter with an accent", swap(SCHOOL, "name: vervolg", "name: één"), "'één' is no name of a field"),
    ("a name of the program", swap(SCHOOL, "name: vervolg", "name: meta_x"), "'meta_x' is a name that Drukwerk uses"),
    ("the key of a copy", swap(SCHOOL, "name: vervolg", "name: response"), "'response' is a name that Drukwerk uses"),
    ("no options", swap(SCHOOL, "options: {alleen: alleen, samen: samen}", "options: {}"), "expected at least 1, found 0"),
    ("a choice without options", swap(SCHOOL, "options: {alleen: alleen, samen: samen}", "help: x"), "needs options"),
    ("options for a text", swap(SCHOOL, "type: choice", "type: text"), "options belong to a choice or a list"),
    ("two options that read alike", swap(SCHOOL, "options: {alleen: alleen, samen: samen}", "options: {alleen: samen, samen: met elkaar}"), "two options are both called 'samen'"),
    ("a value with a space", swap(SCHOOL, "options: {alleen:", "options: {al leen:"), "'al leen' is no value"),
    ("an unknown kind of block", swap(SCHOOL, "kind: overview", "kind: overzicht"), "no kind 'overzicht'"),
    ("an unknown key in a block", swap(SCHOOL, "label: Eerste stap", "lable: Eerste stap"), "did you mean 'label'?"),
    ("a scale that is missing", swap(SCHOOL, "scale:", "skale:"), "did you mean 'scale'?"),
    ("a folder that is not there", swap(SCHOOL, "folder: dimensions", "folder: dimensies"), "did you mean 'dimensions'?"),
    ("an audience that is not there", swap(SCHOOL, "audience: school", "audience: ouders"), "has a side 'ouders'"),
    ("no code of subjects", swap(SCHOOL, "  code: D{number}\n", ""), "a folder needs an audience, and a code"),
    ("a colour that is not there", swap(SCHOOL, "colour: kobalt", "colour: kobold"), "did you mean 'kobalt'?"),
    ("a page without a title", swap(SCHOOL, "title: Overzicht en keuze", "each: false"), "a page needs a title"),
    ("a title on every page", swap(SCHOOL, "  - each: true", "  - each: true\n    title: X"), "has that subject's title"),
    ("a page for each of no subjects", swap(LEADERS, "  - title: Wat zie ik in de spiegel?\n    lead: Schrijf op wat je opvalt. Een vak mag leeg blijven.\n", "  - each: true\n"), "the form has no subjects"),
    ("a wish that nobody asked", swap(SCHOOL, "wish_of: '{code}-gewenst'", "wish_of: '{code}-wens'"), "no field 'D1-wens'"),
    ("a form that is not there", swap(TOOLBOX, "name: actieplan", "name: aktieplan"), "no file content/forms/aktieplan.yml"),
    ("a form in no product", swap(TOOLBOX, "  - name: actieplan\n    kind: form\n", ""), "this form is in no product"),
    ("no words for forms", swap(TOOLBOX, "\nforms:", "\nformz:"), "did you mean 'forms'?"),
    ("a card without statements", swap(CARD, "  statements:\n    D3-S1:", "  x:\n    D3-S1:"), "unknown key"),
    ("phases that are not the scale's", swap(SCAN, "      2: ", "      5: "), "expected those of the scale: 1, 2, 3, 4"),
    ("two subjects with one code", swap(SCAN, "code: SO2", "code: SO1"), "another subject has the code SO1 too"),
    ("a column of options without a list", swap(PLAN, "type: list", "type: text"), "a column of the type list has options"),
    ("too many rows", swap(PLAN, "rows: 4", "rows: 40"), "expected at most 20"),
    ("a name that says which form it is", swap(SCHOOL, "name: vervolg", "name: version"), "'version' is a name that"),
    ("an underscore in a name", swap(SCHOOL, "name: vervolg", "name: a_b"), "'a_b' is no name of a field"),
    ("the state of a button", swap(SCHOOL, "options: {alleen:", "options: {Off:"), "'Off' is what a PDF calls an answer"),
    ("options that are a list", swap(SCHOOL, "{alleen: alleen, samen: samen}", "[samen]"), "expected keys with values"),
    ("options that are no word", swap(SCHOOL, "{alleen: alleen, samen: samen}", "x"), "'x' is not one of subjects"),
    ("what is unknown among the words", swap(SCHOOL, "weet-ik-niet:", "1:"), "'1' stands among the words too"),
    ("a long version", swap(SCHOOL, "version: 2026-11", f"version: {'1' * 50}"), "50 characters, at most 20 fit"),
    ("a wish that is a text", swap(SCHOOL, "wish_of: '{code}-gewenst'", "wish_of: '{code}-stap'"), "'D1-stap' is no answer"),
    ("an empty page", swap(PLAN, "pages:", "pages:\n  - title: X\n    blocks:\n      - kind: text\n        only: print"), "are for 'print' only"),
    ("phases of cards", swap(SCHOOL, "  - each: true\n    blocks:", "  - each: true\n    blocks:\n" + PHASES), "the cards of a folder have no phases"),
    ("a form with another ending", rename(PLAN, f"{PLAN}.txt"), "its name has to end in .yml"),
]  # fmt: skip


@pytest.mark.parametrize(("breaks", "expected"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_form_that_is_wrong_gets_a_finding_at_its_line(breaks: Break, expected: str, project: Path) -> None:
    breaks(project)
    found = [str(finding) for finding in findings(project)]
    assert any(expected in text for text in found), found
    assert all(text.removeprefix("warning: ").startswith("content/") for text in found)
    assert len(found) < 8, "one mistake, few findings"


def test_a_page_that_is_too_full_names_the_block(project: Path, run: Run) -> None:
    edit(project / PLAN, "rows: 4", "rows: 19")
    result = run("build", "actieplan", "-m", "forms", "-p", project, "-j", 1)
    assert result.exit_code == 3
    assert "mm too high for its zone (page 1) in actieplan" in result.stderr
    assert "content/forms/actieplan.yml:" in result.stderr


def test_what_a_field_has_no_room_for_stands_at_its_line(project: Path, run: Run) -> None:
    text = (
        (project / PLAN)
        .read_text("utf-8")
        .replace("width: 4}", "width: 9}")
        .replace("wanneer, width: 3}", "wanneer, width: 1}")
    )
    (project / PLAN).write_text(text, "utf-8")
    edit(project / SCHOOL, "alleen: alleen", f"alleen: '{'woord ' * 13}'")
    edit(project / SCHOOL, "type: choice", "type: list")
    result = run("build", "actieplan", "analyseformulier-school", "-m", "forms", "-p", project, "-j", 1)
    assert result.exit_code == 3, result.stderr
    lines = [line for line in result.stderr.splitlines() if not line.startswith("  hint: ")]
    assert all(line.startswith("content/forms/") for line in lines), result.stderr
    assert any("'actie-1-wanneer': a box of" in line for line in lines), result.stderr
    assert any("'invulwijze': 'woord woord" in line for line in lines), result.stderr


# ------------------------------------------------------------------------------------------ definitions


def test_codes_of_the_contract_are_the_names_of_the_fields(default: Toolbox) -> None:
    school = {it.name for it in default.definitions["analyseformulier-school"][0].fields}
    board = {it.name for it in default.definitions["analyseformulier-bestuur"][0].fields}
    each = {f"D{n}-{what}" for n in range(1, 9) for what in ("gewenst", "waaraan", "tevreden", "stap")}
    assert {"organisatie", "school", "rol", "datum", "invulwijze", "aantal"} | each <= school
    assert {"organisatie", "rol", "datum", "invulwijze", "aantal"} | each <= board
    assert {f"D{n}-S{k}" for n in range(1, 9) for k in range(1, 6)} <= school
    assert {f"D{n}-B{k}" for n in range(1, 9) for k in range(1, 6)} <= board
    scan = {it.name for it in default.definitions["scan-samen-opleiden"][0].fields}
    assert {f"SO{n}{what}" for n in range(1, 9) for what in ("", "-gewenst", "-waaraan", "-stap")} <= scan


def test_a_statement_is_asked_whole_on_the_scale_with_an_answer_that_does_not_count(default: Toolbox) -> None:
    asked = default.definitions["analyseformulier-school"][0].get("D3-S2")
    assert asked is not None
    assert asked.label == "Collega’s kijken bij elkaar in de klas en bespreken dat na."
    assert [value for value, _ in asked.options] == ["1", "2", "3", "4", "weet-ik-niet"]
    assert asked.options[3][1] == "vanzelfsprekend", "without the soft hyphen of the page"


def test_a_definition_survives_its_file_and_no_change_by_hand(default: Toolbox) -> None:
    for definition, *_ in default.definitions.values():
        raw = write_definition(definition)
        assert parse_definition(raw) == definition
        with pytest.raises(ValueError, match="fingerprint"):
            parse_definition(raw.replace(definition.fields[-1].label[:9].encode(), b"Something"))
    for raw in (b"", b"[]", b"{}", b"\xff", b'{"form": 1, "fields": [{"kind": "x"}]}', b"[" * 100_000):
        with pytest.raises(ValueError, match="no definition"):
            parse_definition(raw)


@pytest.mark.parametrize("name", [1, None, ["a"]])
def test_a_definition_with_a_name_that_is_no_text_is_refused(name: object, default: Toolbox) -> None:
    raw = json.loads(write_definition(default.definitions["actieplan"][0]))
    raw["fields"][1]["name"] = name
    with pytest.raises(ValueError, match="no definition of a form"):
        parse_definition(json.dumps(raw).encode())


def test_an_identity_is_found_in_words_and_in_a_code() -> None:
    identity = Definition("een-formulier", "2026-11", "X", (Field("a", "text", "A"),)).identity
    assert find_identity(f"Formulier {identity.line} blad 1") == identity
    assert find_identity(identity.code) == identity
    assert identity.code == identity.code.upper()
    assert find_identity("analyse · 2026 · 12") is None


def test_the_fingerprint_tells_what_an_answer_means_and_nothing_else() -> None:
    field = Field("a", "choice", "Vraag", (("1", "een"), ("2", "twee")))
    one = Definition("f", "1", "F", (field, Field("b", "text", "B")))
    assert dataclasses.replace(one, fields=one.fields[::-1]).fingerprint == one.fingerprint
    assert dataclasses.replace(one, title="G", version="2").fingerprint == one.fingerprint
    for change in ({"label": "Wraag"}, {"options": field.options[:1]}, {"kind": "list"}, {"name": "c"}):
        other = dataclasses.replace(field, **change)
        assert dataclasses.replace(one, fields=(other, one.fields[1])).fingerprint != one.fingerprint


# ------------------------------------------------------------------------------------------ releases


def test_the_default_forms_are_released_as_they_are() -> None:
    assert set(release_forms(PACKAGED).values()) == {False}, "release them again, under a new version"


def test_releasing_keeps_what_a_form_asks(project: Path, run: Run) -> None:
    first = run("release", "-p", project)
    assert first.exit_code == 0
    assert len(first.stdout.splitlines()) == len(FORMS)
    again = run("release", "analyseformulier-school", "-p", project)
    assert (again.stdout, again.exit_code) == ("", 0)
    assert "is there already" in again.stderr
    assert run("release", "analyse", "-p", project).exit_code == 2


def test_a_code_that_changed_its_meaning_is_an_error_until_the_form_gets_a_new_version(project: Path) -> None:
    release_forms(project)
    edit(project / CARD, "D3-S2: Collega’s kijken bij elkaar in de klas", "D3-S2: Ouders kijken mee in de klas")
    (found,) = findings(project)
    assert found.place == f"{CARD}:58"
    assert (
        found.message == "'D3-S2' asks something else than in version 2026-11 of 'analyseformulier-school', as released"
    )
    edit(project / SCHOOL, "version: 2026-11", "version: 2026-12")
    (found,) = findings(project)
    assert (found.severity, found.message) == (
        "warning",
        "'D3-S2' is worded differently than in version 2026-11 of 'analyseformulier-school'",
    )
    release_forms(project)
    assert findings(project) == []
    versions = [it.version for it in read_toolbox(project).definitions["analyseformulier-school"]]
    assert versions == ["2026-12", "2026-11"], "the present one first, the old one is kept"


def test_other_answers_under_a_code_need_another_code_also_in_a_new_version(project: Path) -> None:
    release_forms(project)
    edit(project / SCHOOL, "version: 2026-11", "version: 2026-12")
    edit(project / SCHOOL, "{alleen: alleen, samen: samen}", "{alleen: alleen, groep: in een groep}")
    (found,) = findings(project)
    assert found.message == "'invulwijze' was another kind of question in version 2026-11 of 'analyseformulier-school'"


def test_another_card_makes_the_form_ask_more_which_is_a_warning(project: Path) -> None:
    release_forms(project)
    text = (project / CARD).read_text("utf-8").replace("number: 3", "number: 9").replace("D3-", "D9-")
    (project / "content/dimensions/9-rust.yml").write_text(text, "utf-8")
    found = findings(project)
    assert {it.severity for it in found} == {"warning"}
    assert "asks more than what was released as version 2026-11: D9-S1, D9-S2, D9-S3, D9-S4 and 11 more" in {
        it.message for it in found
    }
    assert sum("asks more" in it.message for it in found) == 4, (
        "one for each form that has its pages or its choices from the cards"
    )


def test_what_was_added_or_taken_away_since_the_release_is_a_warning(project: Path) -> None:
    release_forms(project)
    edit(project / SCHOOL, "name: vervolg", "name: nieuw")
    found = findings(project)
    assert {it.severity for it in found} == {"warning"}
    assert {it.message for it in found} == {
        "asks more than what was released as version 2026-11: nieuw",
        "no longer asks all of what was released as version 2026-11: vervolg",
    }


def test_a_folder_or_pipe_among_what_was_released_is_told(project: Path) -> None:
    (project / "content/forms/released/x.json").mkdir(parents=True)
    if hasattr(os, "mkfifo"):
        os.mkfifo(project / "content/forms/released/y.json")
    assert {it.message for it in findings(project)} == {"no released definition: it is no ordinary file"}


def test_what_was_released_is_never_replaced(project: Path, run: Run) -> None:
    release_forms(project)
    kept = project / "content/forms/released/actieplan-2026-11.json"
    before = kept.read_bytes()
    edit(project / PLAN, "rows: 4", "rows: 5")
    result = run("release", "-p", project)
    assert result.exit_code == 3
    assert f"{PLAN}:4: version: version 2026-11 of 'actieplan' is kept as actieplan-2026-11.json" in result.stderr
    assert kept.read_bytes() == before
    edit(project / PLAN, "version: 2026-11", "version: 2026-12")
    assert run("release", "-p", project).stdout.splitlines() == [
        (project / "content/forms/released/actieplan-2026-12.json").as_posix()
    ]


def test_two_forms_never_keep_what_they_ask_in_one_file(project: Path, run: Run) -> None:
    for form, version in (("actieplan", "bestuur-2026"), ("actieplan-bestuur", "2026")):
        text = (PACKAGED / PLAN).read_text("utf-8").replace("version: 2026-11", f"version: {version}")
        (project / f"content/forms/{form}.yml").write_text(text, "utf-8")
    edit(
        project / TOOLBOX, "  - name: actieplan\n", "  - name: actieplan-bestuur\n    kind: form\n  - name: actieplan\n"
    )
    result = run("release", "-p", project)
    assert result.exit_code == 3
    assert "is kept as actieplan-bestuur-2026.json" in result.stderr
    assert run("release", "actieplan", "-p", project).exit_code == 0
    assert run("release", "actieplan-bestuur", "-p", project).exit_code == 3


def test_a_released_definition_that_was_changed_is_refused(project: Path) -> None:
    (path, *_) = release_forms(project, ("actieplan",))
    edit(path, "Organisatie", "Organisaties")
    (found,) = findings(project)
    assert found.place == "content/forms/released/actieplan-2026-11.json"
    assert "no released definition: its fields have the fingerprint" in found.message
    path.rename(path.with_name("actieplan-2025-01.json"))
    assert len(findings(project)) == 1


# ------------------------------------------------------------------------------------------ copies


def test_a_copy_is_filled_in_beforehand_and_says_for_whom(tmp_path: Path, run: Run) -> None:
    out = tmp_path / "copies" / "wilgen.pdf"
    values = {"school": "De Wilgen", "organisatie": "Stichting Łukasz Şahin", "response": "W-07", "D3-S2": "3"}
    result = run(
        "form", "analyseformulier-school", *(f"--set={key}={value}" for key, value in values.items()),
        "--out", out, "-p", tmp_path,
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"{out.as_posix()}\n"
    with pikepdf.open(out) as pdf:
        fields = {str(it.T): it for it in pdf.Root.AcroForm.Fields}
        assert str(fields["organisatie"].V) == "Stichting Łukasz Şahin"
        assert int(fields["organisatie"].Ff) & 1, "read-only"
        assert str(fields["meta_organisatie"].V) == "Stichting Łukasz Şahin"
        assert str(fields["meta_response"].V) == "W-07"
        assert pikepdf.Name("/3") == fields["D3-S2"].V
        assert not int(fields["D3-S2"].get("/Ff", 0)) & 1, "can still be changed"
    assert not (tmp_path / "build").exists(), "nothing else is made"


@pytest.mark.parametrize(
    ("args", "code", "expected"),
    [
        (["--set", "schol=X"], 3, "--set: schol: no field"),
        (["--set", "schol=X"], 3, "did you mean 'school'?"),
        (["--set", f"rol={'x' * 300}"], 3, "characters, about"),
        (["--set", "rol=Ждан"], 3, "lacks 'Ж'"),
        (["--set", "invulwijze=thuis"], 3, "invulwijze"),
        (["--set", "rol=\udcff\udcfe"], 3, "--set: rol: bytes that are no text"),
        (["--set", "D3-gemiddelde=3"], 3, "D3-gemiddelde"),
        (["--set", "school"], 2, "'school' is not KEY=VALUE"),
        (["--set", "school=a", "--set", "school=b"], 2, "'school' is set twice"),
    ],
)
def test_a_copy_that_cannot_be_made_says_why(
    args: list[str], code: int, expected: str, tmp_path: Path, run: Run
) -> None:
    out = tmp_path / "copy.pdf"
    result = run("form", "analyseformulier-school", *args, "--out", out, "-p", tmp_path)
    assert expected in result.stderr
    assert result.exit_code == code
    assert not out.exists()


def test_a_copy_never_goes_into_the_build(tmp_path: Path, run: Run) -> None:
    for out in ("build/forms/analyseformulier-school.pdf", "build/x.pdf", "x.txt"):
        result = run("form", "analyseformulier-school", "--out", tmp_path / out, "-p", tmp_path)
        assert result.exit_code == 2, out
    assert run("form", "analyse", "--out", tmp_path / "x.pdf", "-p", tmp_path).exit_code == 2
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------------------------------ documents


def test_a_form_is_made_to_fill_in_and_for_a_pen(default: Toolbox) -> None:
    made = [it for it in plan_all(default) if it.layout == "form.typ"]
    assert [it.path for it in made] == [f"{medium}/{name}.pdf" for medium in ("forms", "print") for name in FORMS]


def test_both_media_ask_the_same_and_carry_the_same_identity(default: Toolbox) -> None:
    for product in default.settings.products:
        if product.kind != "form":
            continue
        (fill,), (pen,) = (plan_documents(default, product, medium) for medium in ("forms", "print"))
        assert fill.expects.codes == pen.expects.codes
        assert len(fill.expects.codes) == fill.expects.pages == pen.expects.pages
        assert _names(fill) == _names(pen) == {it.name for it in default.definitions[product.name][0].fields}
        assert fill.fillable is not None
        assert pen.fillable is None


def _names(document: Document) -> set[str]:
    """Every name of a field in the data of the pages."""
    found: set[str] = set()

    def walk(value: object, key: str = "") -> None:
        if isinstance(value, dict):
            for name, child in value.items():
                walk(child, "names" if key == "names" else name)
        elif isinstance(value, list | tuple):
            for child in value:
                walk(child, key)
        elif isinstance(value, str) and key in ("name", "names") and value:
            found.add(value)

    for part in document.parts:
        if part.list == "pages":
            for block in part.data["blocks"]:
                inner = {key: value for key, value in block.items() if key not in ("name", "phases", "rows")}
                walk(inner)
                if block["kind"] in ("writing", "phases"):
                    found.add(block["name"])
                walk(block.get("rows", []), "names")
                found.difference_update(row["text"] for row in block.get("rows", []) if "text" in row)
    titles = {topic["title"] for part in document.parts for topic in _rows(part.data)}
    return found - titles


def _rows(data: object) -> list[dict[str, str]]:
    if not isinstance(data, dict) or "blocks" not in data:
        return []
    return [
        row for block in data["blocks"] for row in block.get("rows", []) if isinstance(row, dict) and "title" in row
    ]


def test_status_names_the_statement_that_changed(default_project: Path, project: Path) -> None:
    shutil.copytree(default_project / "build", project / "build")
    assert read_status(project).stale == {}
    edit(project / CARD, "D3-S2: Collega’s kijken", "D3-S2: We kijken")
    reasons = [f"{SCHOOL}: what it asks changed", f"{CARD}: school.statements.D3-S2 changed"]
    stale = read_status(project).stale
    assert stale == {f"{medium}/analyseformulier-school.pdf": reasons for medium in ("forms", "print")}


# ------------------------------------------------------------------------------------------ tags


def test_every_statement_is_one_item_of_a_list_with_all_its_buttons(default_project: Path, default: Toolbox) -> None:
    definition = default.definitions["analyseformulier-school"][0]
    statements = {it.label: it for it in definition.fields if it.kind == "choice" and "-S" in it.name}
    with pikepdf.open(default_project / "build/forms/analyseformulier-school.pdf") as pdf:
        items = [_list_tooltips(item) for item in _find_tags(pdf.Root.StructTreeRoot, "/LI")]
    asked = {tips[0].partition(" – ")[0]: tips for tips in items if tips}
    assert asked.keys() == statements.keys()
    for label, tips in asked.items():
        *buttons, clear = tips
        assert buttons == [f"{label} – {words}" for _, words in statements[label].options]
        assert clear == f"Wis het antwoord: {label}"


def _find_tags(element: Any, name: str) -> Iterator[Any]:
    """Yield every element of this name in a structure tree, from the top."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            if kid.get("/S") == name:
                yield kid
            yield from _find_tags(kid, name)


def _list_tooltips(element: Any) -> list[str]:
    """Return the tooltips of all fields below an element, in reading order."""
    return [str(form.K[0].Obj.TU) for form in _find_tags(element, "/Form")]
