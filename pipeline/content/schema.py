"""The models -> JSON Schemas, with which an editor such as VS Code completes and checks content while one types.

Draft 7: every version of the YAML extension reads it. What a schema asks for is what the models ask for; what no schema
can say (contrast, ink, codes given twice, what fits) `drukwerk check` says. Scalars are text for the reader, so where
it takes any text a schema also takes what YAML calls a number, true or false. (A number or a flag between quotes, which
the reader takes, it does not: who writes quotes there means something else.)

The names of this project (colours, works, formats, folders) are offered, not demanded: the schema may be older than
the content.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter

from pipeline.content.booklets import Booklet
from pipeline.content.describe import FILES, KEYS, describe
from pipeline.content.formats import Format
from pipeline.content.forms import Form
from pipeline.content.framework import Aspect, Framework
from pipeline.content.glossary import Glossary
from pipeline.content.instruments import Instrument
from pipeline.content.model import Dimension, Work
from pipeline.content.offers import Names, Schema, list_products, list_words, name_sides, offer, offer_names
from pipeline.content.parse import UnreadableError, read_source
from pipeline.content.press import SheetFile, ShopFile
from pipeline.content.products import Settings
from pipeline.content.read import FORMATS, list_audiences
from pipeline.content.read_booklets import ASPECTS, FRAMEWORK, INSTRUMENTS
from pipeline.content.source import Plain, Source
from pipeline.content.theme import Theme
from pipeline.errors import ContentError, Finding, UsageError
from pipeline.resources import find_content, layered_files
from pipeline.storage import replace_file

FOLDER = "schema"  # in content/

# A side has one lead; the reader refuses none and both (`Side`).
_LEADS = ("question", "quotation")
_ONE_LEAD: Schema = {
    "anyOf": [{"required": [lead]} for lead in _LEADS],
    "dependencies": {
        "quotation": {
            "properties": {"question": False},
            "errorMessage": "A side has either a question or a quotation, not both.",
        }
    },
}
# `Theme`: there is a black, and it is the black ink alone.
_BLACK_ALONE = {"required": ["k"], "properties": {"k": {"const": 100}, **{ink: {"const": 0} for ink in "cmy"}}}
_TEXT_EXPECTED = "A text is expected here. One that holds ': ' or ' #' stands between single quotes."
_EXPECTED = {
    "integer": "A whole number is expected here.",
    "number": "A number is expected here.",
    "boolean": "Write true or false.",
    "array": "A list is expected here: begin each item on a line of its own with '- '.",
}
# Types of works that Typst knows (Hayagriva), those that occur among papers and reports.
_WORK_TYPES = [
    "article",
    "book",
    "chapter",
    "report",
    "thesis",
    "web",
    "anthology",
    "proceedings",
    "periodical",
    "misc",
    "video",
    "blog",
]


def write_schemas(project: Path, out: Path | None = None) -> list[Path]:
    """Write all schemas of a project into `out`, by default its content/schema/; return the files.

    Raises:
        UsageError: the project has no content of its own, and no `out` is given.
        ContentError: a content file cannot be read at all.
        StorageError: the disk refuses.
    """
    if not project.is_dir():
        raise UsageError(f"there is no folder '{project}'")
    content = find_content(project)
    if out is None and content != project / "content":
        raise UsageError(f"there is no content/ in '{project}'; begin one with 'drukwerk new', or say --out DIR")
    out = out or content / FOLDER
    written = []
    for name, schema in make_schemas(project).items():
        replace_file(out / name, (json.dumps(schema, ensure_ascii=False, indent=1) + "\n").encode())
        written.append(out / name)
    return written


def make_schemas(project: Path) -> dict[str, Schema]:
    """Return file name -> schema: for the central files, for each kind of file in a folder, for the cards of each deck.

    Raises:
        ContentError: a content file cannot be read at all.
    """
    content = find_content(project)
    findings: list[Finding] = []

    def read(path: Path, name: str) -> dict[str, Plain]:
        try:
            return read_source(path, name).data
        except UnreadableError as error:
            findings.append(error.finding)
            return {}

    toolbox, theme, works, framework = (
        read(content / name, f"content/{name}") if (content / name).exists() else {}
        for name in ("toolbox.yml", "theme.yml", "literature.yml", FRAMEWORK)
    )
    aspects, instruments = (
        {path.stem: read(path, f"content/{folder}/{path.name}") for path in (content / folder).glob("[!.]*.yml")}
        for folder in (ASPECTS, INSTRUMENTS)
    )
    formats: dict[str, Plain] = {}
    for path in layered_files(project, FORMATS):
        formats |= read(path, FORMATS)
    if findings:
        raise ContentError(findings=findings)
    audiences = list_audiences(Source("content/toolbox.yml", toolbox, {}))
    names = Names(
        colours=list_words(theme.get("colours"), "name", "screen"),
        works=list_words(works, "title", "date"),
        formats=list_words(formats, "width", "height"),
        folders=dict.fromkeys(audiences, ""),
        audiences=name_sides(toolbox),
        aspects=list_words(dict(aspects), "name"),
        layers=list_words(framework.get("layers"), "name"),
        phases=list_words(framework.get("phases"), "name"),
        instruments=list_words({str(it.get("code")): it for it in instruments.values()}, "name"),
        products=list_products(toolbox),
    )
    schemas = {
        "toolbox": _make_schema(Settings, names),
        "theme": _make_schema(Theme, names),
        "literature": _make_schema(dict[str, Work], names),
        "formats": _make_schema(dict[str, Format], names),
        "forms": _make_schema(Form, names),
        "framework": _make_schema(Framework, names),
        "aspects": _make_schema(Aspect, names),
        "instruments": _make_schema(Instrument, names),
        "booklets": _make_schema(Booklet, names),
        "glossary": _make_schema(Glossary, names),
        "shops": _make_schema(ShopFile, names),
        "sheets": _make_schema(SheetFile, names),
    }
    spoken = name_sides(toolbox)
    for folder, sides in audiences.items():
        schemas[schema_name(folder)] = _make_card_schema(
            folder, {side: spoken.get(side, side) for side in sides}, names
        )
    return {f"{name}.json": _head(schema, FILES.get(name)) for name, schema in schemas.items()}


def list_missing_lines(project: Path) -> list[str]:
    """Return what to tell the editor of files that do not name their schema yet: one message per schema."""
    content = find_content(project)
    missing: dict[str, list[str]] = {}
    for path in sorted([*content.glob("*.yml"), *content.glob("*/*.yml")]):
        folder = path.parent.relative_to(content).as_posix()
        name = path.stem if folder == "." else schema_name(folder)
        line = name_schema(name, depth=0 if folder == "." else 1)
        known = path.is_file() and (content / FOLDER / f"{name}.json").is_file()
        if known and b"$schema=" not in path.read_bytes()[:200]:
            missing.setdefault(line, []).append(path.relative_to(content).as_posix())
    return [f"content/{files[0]}{_count_more(files)}: begin with the line\n  {line}" for line, files in missing.items()]


def name_schema(name: str, depth: int) -> str:
    """Return the first line of a content file that lies `depth` folders deep in content/."""
    return f"# yaml-language-server: $schema={'../' * depth}{FOLDER}/{name}.json"


def _count_more(files: list[str]) -> str:
    return f" and {len(files) - 1} more" if len(files) > 1 else ""


def schema_name(folder: str) -> str:
    """Return the name of the schema for the cards of a folder, other than that of a central file."""
    return f"{folder}-cards" if folder in FILES else folder


def _head(schema: Schema, description: str | None) -> Schema:
    said = {"description": description} if description else {}
    comment = "Written by 'drukwerk schema'; write it again when names in the content have changed."
    return {"$schema": "http://json-schema.org/draft-07/schema#", "$comment": comment, **said, **schema}


# ------------------------------------------------------------------------------------------ one schema


def _make_schema(model: Any, names: Names) -> Schema:
    """Return the schema of a model, as the reader reads: texts from any scalar, words for every key."""
    schema: Schema = TypeAdapter(model).json_schema()
    definitions = {name: _finish(name, it, names) for name, it in schema.pop("$defs", {}).items()}
    own = model.__name__ if isinstance(model, type) and issubclass(model, BaseModel) else ""
    return {**_finish(own, schema, names), "definitions": definitions}


def _make_card_schema(folder: str, sides: dict[str, str], names: Names) -> Schema:
    """Return the schema of a card: what each audience reads stands at the top of its file, not below `sides`."""
    schema = _make_schema(Dimension, names)
    properties = schema["properties"]
    side = properties.pop("sides")["additionalProperties"]
    for audience, name in sides.items():
        properties.setdefault(audience, {**side, "description": f"What the card says to its audience '{name}'."})
    required = [key for key in schema["required"] if key != "sides"]
    description = f"A card of content/{folder}/: what it is about, and what each audience can do."
    return {"description": description, **schema, "required": required + list(sides)}


def _finish(model: str, schema: Schema, names: Names) -> Schema:
    """Finish what pydantic says of one model."""
    if model == "Side":
        for lead in _LEADS:
            schema["properties"][lead]["anyOf"].remove({"type": "null"})  # one that is begun has to be written
    finished = _finish_value(schema)
    finished.pop("description", None)  # the docstring of the model speaks to programmers
    properties = finished.get("properties", {})
    if model == "Work":
        properties["type"] = offer(properties["type"], dict.fromkeys(_WORK_TYPES, ""))
        properties |= {key: {} for key in KEYS["Work"] if key not in properties}
    for key, value in properties.items():
        properties[key] = {"description": describe(model, key), **offer_names(model, key, value, names)}
    if model == "Side":
        finished |= _ONE_LEAD
    if model == "Theme":
        colours = properties["colours"]
        black = {"allOf": [colours["additionalProperties"], {"properties": {"print": _BLACK_ALONE}}]}
        colours |= {"required": ["black"], "properties": {"black": black}}
    return finished


def _finish_value(schema: Schema) -> Schema:
    """Return a schema without what only pydantic needs, with the types that YAML gives to what we read as text."""
    done: Schema = {}
    for key, value in schema.items():
        if key == "title" or (key == "default" and not isinstance(value, (str, bool))):
            continue
        if key == "properties":
            done[key] = {of: _finish_value(it) for of, it in value.items()}
        elif key in ("anyOf", "oneOf"):
            branches = _list_branches(value)
            done |= {"anyOf": branches} if len(branches) > 1 else branches[0]
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            done[key] = _finish_value(value)
        elif key == "patternProperties":  # keys of one form: those that lack it are refused, not passed over
            ((pattern, item),) = value.items()
            done["additionalProperties"] = _finish_value(item)
            done["propertyNames"] = {**schema.get("propertyNames", {}), "pattern": pattern}
        elif key == "const":
            done["enum"] = [value]
        elif key not in ("propertyNames", "discriminator"):
            name = {"ge": "minimum", "le": "maximum"}.get(key, key)
            done[name] = value.replace("#/$defs/", "#/definitions/") if key == "$ref" else value
    if done.get("type") == "string" and "enum" not in done:
        return _take_scalars(done)
    expected = _EXPECTED.get(done.get("type", ""))
    return {**done, "errorMessage": expected} if expected else done


def _take_scalars(text: Schema) -> Schema:
    """Let a text be what YAML calls a number, true or false, where it may read so: `edition: 2026`, `title: true`."""
    patterns = [it["pattern"] for it in (text, *text.get("allOf", ())) if "pattern" in it]

    def may_be(sample: str) -> bool:
        return all(re.search(pattern, sample) for pattern in patterns)

    numbers = [kind for kind, sample in (("number", "7.5"), ("integer", "7")) if may_be(sample)][:1]
    expected = _TEXT_EXPECTED if numbers == ["number"] else text["patternErrorMessage"]
    named = {**text, "type": ["string", *numbers] if numbers else "string", "errorMessage": expected}
    if not may_be("true"):
        return named
    kept = {"default": named.pop("default")} if "default" in named else {}
    return {**kept, "anyOf": [named, _only("boolean")]}


def _only(*kinds: str) -> Schema:
    """Return a schema that takes these types without naming them: VS Code would offer true, false and null."""
    return {"not": {"type": [kind for kind in _KINDS if kind not in kinds]}}


_KINDS = ("string", "number", "object", "array", "boolean", "null")


def _list_branches(schemas: list[Schema]) -> list[Schema]:
    """Finish the schemas of a union; what it takes without naming it stands once, at the end."""
    branches: list[Schema] = []
    quiet: list[str] = []
    for schema in schemas:
        if schema == {"type": "null"}:
            quiet.append("null")
            continue
        done = _finish_value(schema)
        for branch in done.get("anyOf", [done]):
            if branch == _only("boolean"):
                quiet.append("boolean")
            else:
                branches.append(branch)
    return [*branches, _only(*quiet)] if quiet else branches
