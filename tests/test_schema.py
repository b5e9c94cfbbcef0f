"""The JSON Schemas: an editor that follows them says what the reader says.

Each mistake is made in a copy of the default toolbox with one card; the reader and the schema give their verdicts on
the same file.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import BaseModel

from pipeline.content import (
    booklets,
    collecting,
    formats,
    forms,
    framework,
    glossary,
    instruments,
    model,
    press,
    products,
    report_words,
    theme,
)
from pipeline.content.describe import FILES, KEYS, describe
from pipeline.content.read import read_toolbox
from pipeline.content.schema import FOLDER, make_schemas, write_schemas
from pipeline.errors import DrukwerkError, Finding
from pipeline.resources import PACKAGED
from tests.conftest import WERKSTATT, Run, edit, keep_cards

CARD = "content/dimensions/1-visie-en-ambitie.yml"
TOOLBOX = "content/toolbox.yml"
THEME = "content/theme.yml"
WORKS = "content/literature.yml"
FORMATS = "layouts/formats.yml"
PLAN = "content/forms/actieplan.yml"
LONG = "Een zin die veel te lang is voor zijn plek op de kaart en er daarom niet op past. " * 2
PICTURED = "  question: Als een bezoeker een dag meeloopt, aan welke drie dingen herkent die onze visie?\n"
QUOTED = "  quotation: {text: Vele handen maken licht werk., source: Spreekwoord}\n"


class Yaml12(yaml.SafeLoader):
    """YAML as VS Code's extension reads it: `no` and a date are texts, `3.10` is a number (YAML 1.2, core schema)."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - as PyYAML declares it


for tag, pattern, first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+0123456789."),
):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))
# Digits after a zero are no octal number in YAML 1.2.
Yaml12.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def load(path: Path) -> Any:
    return _with_plain_keys(yaml.load(path.read_text("utf-8"), Yaml12))


def _with_plain_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _with_plain_keys(it) for key, it in value.items()}
    return [_with_plain_keys(it) for it in value] if isinstance(value, list) else value


def named_schema(path: Path) -> Path:
    """The schema that a file names in its first line."""
    line = path.read_text("utf-8").split("\n")[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", line)
    assert found is not None, f"{path.name} begins with {line!r}"
    return path.parent / found[1]


def faults(path: Path, schema: Path) -> list[str]:
    """What the schema says of a file."""
    checker = jsonschema.Draft7Validator(json.loads(schema.read_text("utf-8")))
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(load(path))]


def content_files(project: Path) -> list[Path]:
    return [*sorted((project / "content").glob("*.yml")), *sorted((project / "content").glob("*/*.yml"))]


# ------------------------------------------------------------------------------------------ good content


def test_the_schemas_of_the_default_content_are_those_that_the_command_writes() -> None:
    folder = PACKAGED / "content" / FOLDER
    there = {path.name: json.loads(path.read_text("utf-8")) for path in folder.iterdir()}
    assert there == make_schemas(PACKAGED), "write them again: drukwerk schema"


@pytest.mark.parametrize("path", [*content_files(PACKAGED), PACKAGED / FORMATS], ids=lambda it: str(it.name))
def test_every_content_file_names_its_schema_and_follows_it(path: Path) -> None:
    schema = named_schema(path)
    assert schema.resolve().parent == PACKAGED / "content" / FOLDER
    assert faults(path, schema) == []


def test_other_projects_follow_theirs(tmp_path: Path) -> None:
    for project in (path for path in WERKSTATT.parent.iterdir() if (path / "content").is_dir()):
        out = tmp_path / project.name
        write_schemas(project, out)
        for path in content_files(project):
            name = path.stem if path.parent.name == "content" else path.parent.name
            assert faults(path, out / f"{name}.json") == [], path


def test_every_schema_is_a_schema() -> None:
    for schema in make_schemas(PACKAGED).values():
        jsonschema.Draft7Validator.check_schema(schema)


# ------------------------------------------------------------------------------------------ descriptions


def walk_properties(schema: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties":
                yield from ((name, it) for name, it in value.items() if it and "not" not in it)
            yield from walk_properties(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from walk_properties(value)


def test_every_property_is_described_in_a_sentence() -> None:
    count = 0
    for schema in make_schemas(PACKAGED).values():
        assert schema["description"].endswith(".")
        for name, value in walk_properties({key: it for key, it in schema.items() if key != "allOf"}):
            if set(value) == {"const"} or "black" in name or (name == "print" and "required" in value):
                continue  # the rules for black, beside the properties themselves
            text = value["description"]
            assert 5 < len(text) < 130, text
            assert text[0].isupper() or re.match("[a-z]+: ", text), text
            assert text.endswith((".", ". ")), text
            count += 1
    assert count > 100


CONTENT_MODELS = (model, products, theme, formats, forms, framework, instruments, booklets, glossary, press)
WORD_MODELS = (collecting, report_words)


def test_descriptions_are_of_keys_that_there_are() -> None:
    models = {
        name: it
        for module in (*CONTENT_MODELS, *WORD_MODELS)
        for name, it in vars(module).items()
        if isinstance(it, type) and issubclass(it, BaseModel) and it.__name__ != "Model"
    }
    models.pop("BaseModel", None)
    for name, it in models.items():
        for key, of in it.model_fields.items():
            assert describe(name, of.alias or key), f"pipeline/content/describe.py says nothing of {name}.{key}"
    for name, keys in KEYS.items():
        fields = {of.alias or key for key, of in models[name].model_fields.items()}
        assert set(keys) <= fields or models[name].model_config.get("extra") == "allow", name
    central = {"toolbox", "theme", "literature", "formats", "framework", "glossary"}
    assert set(FILES) == central | {"forms", "aspects", "instruments", "booklets", "shops", "sheets"}


# ------------------------------------------------------------------------------------------ two verdicts

REFUSED = [
    ("unknown key", CARD, "core:", "cor:"),
    ("unknown side", CARD, "board:", "bord:"),
    ("sides under their name in the model", CARD, "board:", "sides:"),
    ("missing key", CARD, "short: Visie en ambitie\n", ""),
    ("missing side", CARD, "school:\n", "# school:\n"),
    ("3.10 is no number of a card", CARD, "number: 1", "number: 3.10"),
    ("a card 0", CARD, "number: 1", "number: 0"),
    ("a number in words", CARD, "number: 1", "number: één"),
    ("a code in small letters", CARD, "code: D1-U1", "code: d1-u1"),
    ("a code of a statement with a dot", CARD, "    D1-B1:", "    D1.B1:"),
    ("a text over the limit", CARD, "Beperk de koers", LONG),
    ("a title over its limit", CARD, "Een gedeelde visie en ambitie", LONG),
    ("an empty text", CARD, "title: Een gedeelde visie en ambitie", "title:"),
    ("a text without a letter", CARD, "title: Een gedeelde visie en ambitie", "title: '---'"),
    ("keys for a text", CARD, "core: Iedereen", "core: {a: b}\n#"),
    ("keys for a suggestion", CARD, "    - Beperk de koers", "    - Beperk: de koers"),
    ("a text for a list", CARD, "description:\n", "description: x\nd2:\n"),
    ("an empty list", CARD, "sources: [coburn-2001]", "sources: []"),
    ("a question and a quotation", CARD, PICTURED, PICTURED + QUOTED),
    ("neither question nor quotation", CARD, PICTURED, ""),
    ("a question that is not written yet", CARD, PICTURED, "  question:\n"),
    ("a quotation without a source", CARD, PICTURED, "  quotation: {text: Vele handen.}\n"),
    ("a mark that is no flag", CARD, "    - Beperk de koers", "    - {text: Doe iets., short: yes}\n    - Doe"),
    ("a mark without its text", CARD, "    - Beperk de koers", "    - {short: true}\n    - Doe"),
    ("an unknown key of a form", PLAN, "kind: table", "kind: table\n        colums: x"),
    ("an unknown kind of block", PLAN, "kind: table", "kind: tabel"),
    ("too many rows", PLAN, "rows: 4", "rows: 40"),
    ("a field of an unknown type", PLAN, "type: date", "type: datum"),
    ("a name with a dot", PLAN, "name: organisatie", "name: organisa.tie"),
    ("a version with a space", PLAN, "version: 2026-11", "version: 2026 11"),
    ("a form that does nothing", PLAN, "pages:", "pagina:"),
    ("yes is no flag", TOOLBOX, "circle: true", "circle: yes"),
    ("no date", TOOLBOX, "date: 2026-11-23", "date: 23 november"),
    ("a language in words", TOOLBOX, "language: nl", "language: Nederlands"),
    ("a language from the right", TOOLBOX, "language: nl", "language: ar"),
    ("a country in small letters", TOOLBOX, "region: NL", "region: nl"),
    ("an address with https", TOOLBOX, "links: {}", "links: {base: 'https://leren.example'}"),
    ("a path without its slash", TOOLBOX, "    circle: true", "    circle: true\n    path: kaart"),
    ("a word with a digit in its breaks", TOOLBOX, "  - gedeelde", "  - gedeelde2"),
    ("a break at the end of a word", TOOLBOX, "  - gedeelde", "  - gedeelde-"),
    ("a name with a space", TOOLBOX, "name: spiegelkaarten", "name: Spiegel kaarten"),
    ("another kind", TOOLBOX, "kind: cards", "kind: kaarten"),
    ("another look", TOOLBOX, "look: solid", "look: dicht"),
    ("a fourth ring", TOOLBOX, "rings: [1]", "rings: [4]"),
    ("a side with a capital", TOOLBOX, "      board:", "      Board:"),
    ("an unknown key deep inside", TOOLBOX, "          turn:", "          trun:"),
    ("a place that cannot be filled in", TOOLBOX, "van {total}", "van {totaal}"),
    ("a brace by itself", TOOLBOX, "van {total}", "van {total"),
    ("a single quotation mark", TOOLBOX, "      code_alt:", "      quotes: ’\n      code_alt:"),
    ("no products", TOOLBOX, "products:\n", "products: []\nmore:\n"),
    ("a colour without #", THEME, "'#005098'", "'005098'"),
    ("a colour without quotes", THEME, "screen: '#005098', ", "screen: 005098, "),
    ("more ink than all", THEME, "{c: 100, m: 65, k: 10}", "{c: 101, m: 65, k: 10}"),
    ("ink in words", THEME, "{c: 100, m: 65, k: 10}", "{c: veel}"),
    ("no such ink", THEME, "{c: 100, m: 65, k: 10}", "{b: 100}"),
    ("a colour with a capital", THEME, "  delfts:", "  Delfts:"),
    ("no black", THEME, "  black: {", "  zwart: {"),
    ("a black that is none", THEME, "print: {k: 100}", "print: {k: 90}"),
    ("a black of four inks", THEME, "print: {k: 100}", "print: {c: 40, k: 100}"),
    ("no fonts", THEME, "  tool: Source Sans 3\n", ""),
    ("a DOI with its address", WORKS, "doi: '10.", "doi: 'https://doi.org/10."),
    ("a work without a title", WORKS, "  title: What Makes a School", "  titel: What Makes a School"),
    ("a work half verified", WORKS, "verified: doi-and-title", "verified: yes"),
    ("a length without a unit", FORMATS, "width: 210mm", "width: 210"),
    ("a length of an unknown unit", FORMATS, "width: 210mm", "width: 21dm"),
    ("a zone of an unknown name", FORMATS, "    turn: {", "    tern: {"),
    ("a panel at the right", FORMATS, "at: left", "at: right"),
    ("no zone for the title", FORMATS, "    title: {x", "    # title: {x"),
    ("an unknown key of a zone", FORMATS, "numeral: 54pt", "numeral: 54pt, depth: 3mm"),
]

ACCEPTED = [
    ("a number for a text", TOOLBOX, "edition: '2026'", "edition: 2026"),
    ("a decimal number for a title", CARD, "title: Een gedeelde visie en ambitie", "title: 3.10"),
    ("a truth for a title", CARD, "title: Een gedeelde visie en ambitie", "title: true"),
    ("a no for a title", CARD, "title: Een gedeelde visie en ambitie", "title: No"),
    ("a suggestion with a mark", CARD, "    - Beperk de koers", "    - {text: Doe iets., short: true}\n    - Doe"),
    ("a suggestion that is a number", CARD, "    - Beperk de koers", "    - 7\n    - Doe"),
    ("a quotation for a question", CARD, PICTURED, QUOTED),
    ("a code that is a number", CARD, "code: D1-U1", "code: 11"),
    ("an address of one's own", TOOLBOX, "links: {}", "links: {base: leren.example/kaart}"),
    ("an address that is left out", TOOLBOX, "links: {}", "links:\n  base:"),
    ("a path with its slash", TOOLBOX, "    circle: true", "    circle: true\n    path: kaart/"),
    ("a word with letters of elsewhere", TOOLBOX, "  - gedeelde", "  - Škoda-għar-ποδιά"),
    ("other quotation marks", TOOLBOX, "      code_alt:", "      quotes: „”\n      code_alt:"),
    ("an empty logo", THEME, "# logo: assets/logo.svg", "logo:"),
    ("half a percent of ink", THEME, "{c: 100, m: 65, k: 10}", "{c: 100, m: 64.5, k: 10}"),
    (
        "another colour",
        THEME,
        "  delfts:",
        "  nacht-2: {name: Nacht, screen: '#000044', print: {c: 90, k: 80}}\n  delfts:",
    ),
    ("a black with its other inks", THEME, "print: {k: 100}", "print: {c: 0, m: 0, k: 100}"),
    ("keys of Typst's own", WORKS, "  type: article", "  note: {any: [thing]}\n  type: article"),
    ("a work without a DOI", WORKS, "doi: '10.1177/1523422303005002002'", "isbn: 12"),
    ("a length as a sum", FORMATS, "width: 210mm", "width: 20cm + 10mm"),
]

READER_ONLY = [
    ("white cannot be read on it", THEME, "'#005098'", "'#ffff00'"),
    ("so much ink does not dry", THEME, "{c: 100, m: 65, k: 10}", "{c: 100, m: 100, y: 100, k: 10}"),
    ("no such colour", CARD, "colour: delfts", "colour: delft"),
    ("no such work", CARD, "  - kurland-2010", "  - kurland-2011"),
    ("a code given twice", CARD, "code: D1-U2", "code: D1-U1"),
    ("a day that is none", TOOLBOX, "date: 2026-11-23", "date: 2026-02-30"),
    ("a true with a capital", TOOLBOX, "circle: true", "circle: True"),
    ("a zone too near the cut", FORMATS, "x: 9mm, y: 8.8mm", "x: 4mm, y: 8.8mm"),
]  # fmt: skip

SCHEMA_ONLY = [
    ("a number between quotes", CARD, "number: 1", "number: '1'"),
    ("a flag between quotes", TOOLBOX, "circle: true", "circle: 'true'"),
    ("an empty question beside a quotation", CARD, PICTURED, "  question:\n" + QUOTED),
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The default toolbox with its first card and one form alone."""
    shutil.copytree(PACKAGED / "content", tmp_path / "content", ignore=shutil.ignore_patterns("released"))
    (tmp_path / "layouts").mkdir()
    shutil.copy(PACKAGED / FORMATS, tmp_path / FORMATS)
    keep_cards(tmp_path)
    content = tmp_path / "content"
    forms = (path for path in content.glob("forms/*.yml") if path.stem != "actieplan")
    for path in (*content.glob("dimensions/[2-9]*"), *forms):
        path.unlink()
    settings = (tmp_path / TOOLBOX).read_text("utf-8")
    others = r"  - name: (?!actieplan)[a-z-]+\n    kind: form\n"
    (tmp_path / TOOLBOX).write_text(re.sub(others, "", settings), "utf-8")
    return tmp_path


def verdicts(project: Path, name: str) -> tuple[bool, bool]:
    """Whether the reader and the schema take a file."""
    found: tuple[Finding, ...] = ()
    try:
        read_toolbox(project)
    except DrukwerkError as error:
        found = error.findings
    assert not found or any(finding.place.startswith(name) for finding in found), found
    return not found, faults(project / name, named_schema(project / name)) == []


Case = tuple[str, str, str, str]


def cases(table: list[Case]) -> Callable[[Any], Any]:
    return pytest.mark.parametrize(("name", "old", "new"), [pytest.param(*it[1:], id=it[0]) for it in table])


@cases(REFUSED)
def test_what_the_reader_refuses_the_schema_refuses(name: str, old: str, new: str, project: Path) -> None:
    edit(project / name, old, new)
    assert verdicts(project, name) == (False, False)


@cases(ACCEPTED)
def test_what_the_reader_takes_the_schema_takes(name: str, old: str, new: str, project: Path) -> None:
    edit(project / name, old, new)
    assert verdicts(project, name) == (True, True)


@cases(READER_ONLY)
def test_what_no_schema_can_say_the_reader_says(name: str, old: str, new: str, project: Path) -> None:
    edit(project / name, old, new)
    assert verdicts(project, name) == (False, True)


@cases(SCHEMA_ONLY)
def test_where_the_schema_is_stricter_the_file_is_untidy(name: str, old: str, new: str, project: Path) -> None:
    edit(project / name, old, new)
    assert verdicts(project, name) == (True, False)


# ------------------------------------------------------------------------------------------ the command


def test_the_command_writes_them_beside_the_content_and_says_which_files_do_not_name_theirs(
    werkstatt: Path, run: Run
) -> None:
    result = run("schema", "-p", werkstatt)
    assert result.exit_code == 0
    written = [Path(line) for line in result.stdout.splitlines()]
    assert [path.name for path in written] == [
        "toolbox.json", "theme.json", "literature.json", "formats.json", "forms.json", "framework.json", "aspects.json",
        "instruments.json", "booklets.json", "glossary.json", "shops.json", "sheets.json", "karten.json",
    ]  # fmt: skip
    assert all(path.parent == werkstatt / "content/schema" for path in written)
    assert "content/karten/01-verantwortung.yml and 4 more: begin with the line" in result.stderr
    assert "  # yaml-language-server: $schema=../schema/karten.json\n" in result.stderr
    for path in content_files(werkstatt):
        name = "../schema/karten.json" if path.parent.name == "karten" else f"schema/{path.stem}.json"
        path.write_text(f"# yaml-language-server: $schema={name}\n{path.read_text('utf-8')}", "utf-8")
        assert faults(path, named_schema(path)) == []
    assert run("schema", "-p", werkstatt).stderr == ""
    assert read_toolbox(werkstatt).warnings == (), "schemas are no content"


def test_names_of_the_project_are_offered(werkstatt: Path) -> None:
    schema = make_schemas(werkstatt)["karten.json"]
    offered, rest = schema["properties"]["colour"]["anyOf"][:2]
    assert "beere" in offered["enum"]
    assert len(offered["enumDescriptions"]) == len(offered["enum"])
    assert rest["type"] == ["string", "number"]
    assert {"leitung", "team"} <= set(schema["properties"])
    assert {"leitung", "team"} <= set(schema["required"])


def test_a_folder_with_the_name_of_a_central_file_has_a_schema_of_its_own(werkstatt: Path) -> None:
    edit(werkstatt / TOOLBOX, "folder: karten", "folder: theme")
    schemas = make_schemas(werkstatt)
    assert "colours" in schemas["theme.json"]["properties"]
    assert "leitung" in schemas["theme-cards.json"]["properties"]


def test_without_content_of_its_own_a_project_gets_schemas_only_where_it_says(tmp_path: Path, run: Run) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    refused = run("schema", "-p", empty)
    assert refused.exit_code == 2
    assert "drukwerk new" in refused.stderr
    assert list(empty.iterdir()) == []
    assert run("schema", "-p", empty, "--out", tmp_path / "out").exit_code == 0
    assert len(list((tmp_path / "out").iterdir())) == 13
    assert run("schema", "-p", tmp_path / "none").exit_code == 2


def test_a_file_that_cannot_be_read_is_a_finding_and_nothing_is_written(werkstatt: Path, run: Run) -> None:
    edit(werkstatt / TOOLBOX, "title:", "title: [")
    result = run("schema", "-p", werkstatt)
    assert result.exit_code == 3
    assert result.stderr.startswith("content/toolbox.yml:")
    assert not (werkstatt / "content/schema").exists()


def test_a_file_where_the_folder_is_to_be_is_named(werkstatt: Path, run: Run) -> None:
    (werkstatt / "content/schema").write_text("in the way", "utf-8")
    assert run("schema", "-p", werkstatt).exit_code == 8
