"""Forms: one file of content/forms -> the form to fill in on a computer, and the one for a pen.

The data of a page has the keys of its place in the file, with the names of its fields beside them; so each value has
one place where it was written. Both media show the same questions, codes and identity.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.content.define import (
    FormEntry,
    Topic,
    expand_pages,
    fill_name,
    list_options,
    list_statements,
    name_cell,
    name_overview,
)
from pipeline.content.definition import CALCULATED, Definition, FieldWords
from pipeline.content.forms import (
    Block,
    FieldsBlock,
    OverviewBlock,
    Page,
    PhasesBlock,
    SendingBlock,
    StatementsBlock,
    TableBlock,
    TextBlock,
    Wish,
    WritingBlock,
)
from pipeline.content.products import FormProduct, FormWords
from pipeline.content.source import FieldPath, Source
from pipeline.content.toolbox import Toolbox
from pipeline.document import Document, Expectation, Fillable, Medium, Origin, Part
from pipeline.kinds.common import locate_metadata, name_language, plan_ground
from pipeline.units import Size, points

TRIM = Size(points(210), points(297))  # A4, upright
SENDING = (("address_label", "address"), ("deadline_label", "deadline"))  # a label is set only with its value


def plan_documents(toolbox: Toolbox, product: FormProduct, medium: Medium) -> list[Document]:
    """Return the form of a product, for one medium; none for the screen, where forms are there to be filled in."""
    return [] if medium == "screen" else [plan_form(toolbox, product, medium, {})]


def plan_form(toolbox: Toolbox, product: FormProduct, medium: Medium, values: Mapping[str, str]) -> Document:
    """Return one form. `values`: name of a field -> what is filled in beforehand."""
    entry, definition = toolbox.forms[product.name], toolbox.definitions[product.name][0]
    making = _Making(entry, medium, _require_words(toolbox))
    pages = [_plan_page(making, *it) for it in expand_pages(entry)]
    parts = [_plan_shared(toolbox, entry, definition, medium), *pages]
    fillable = None
    if medium == "forms":
        fillable = Fillable(definition, plan_words(toolbox), values)
        parts.append(_plan_fields(entry, fillable, toolbox.settings_source))
    return Document(
        id=product.name,
        product=product.name,
        layout="form.typ",
        parts=tuple(parts),
        expects=Expectation(
            medium=medium,
            trim=TRIM,
            bleed=toolbox.measure_bleed(medium),
            pages=len(pages),
            language=name_language(toolbox.settings),
            codes=tuple((page, definition.identity.code) for page in range(len(pages))),
            fields=tuple(it.name for it in definition.fields) if fillable else (),
        ),
        fillable=fillable,
    )


@dataclass(frozen=True)
class _Making:
    """What every page of a form is planned with."""

    entry: FormEntry
    medium: Medium
    words: FormWords


def plan_words(toolbox: Toolbox) -> FieldWords:
    """Return what the fields of every form say."""
    words = _require_words(toolbox)
    return FieldWords(words.about, words.clear, words.clear_tip, words.date_format, words.decimal)


def _require_words(toolbox: Toolbox) -> FormWords:
    assert toolbox.settings.forms is not None  # check_form_products
    return toolbox.settings.forms


def _plan_fields(entry: FormEntry, fillable: Fillable, source: Source) -> Part:
    """Return what stands in the fields and not on the page: tooltips, options, what is filled in beforehand."""
    fields = {}
    for it in fillable.definition.fields:
        value = fillable.values.get(it.name, "")
        said = it.kind, it.label, it.options, it.required, it.of, it.least
        fields[it.name] = [*said, value, it.fixed and bool(value)]
    kinds = {it.kind for it in fillable.definition.fields}
    used = {"about": True, "clear": "choice" in kinds, "clear_tip": "choice" in kinds}
    used |= {"date_format": "date" in kinds, "decimal": bool(kinds & set(CALCULATED))}
    words = {key: text for key, text in asdict(fillable.words).items() if used[key]}
    origins: dict[FieldPath, Origin] = {(): Origin(entry.source), ("field_words",): Origin(source, ("forms",))}
    for asked, written, path in entry.placed:
        origins["fields", asked.name] = Origin(written, path[:-1] if path[-1] == "name" else path, whole=True)
    return Part("its fields", {"fields": fields, "field_words": words}, origins)


# ------------------------------------------------------------------------------------------ what pages share


def _plan_shared(toolbox: Toolbox, entry: FormEntry, definition: Definition, medium: Medium) -> Part:
    settings_source, form = toolbox.settings_source, entry.form
    topics = [topic for _, _, topic in expand_pages(entry)]
    colours = {*((topic and topic.colour) or form.colour for topic in topics)}
    subjects = form.subjects if any(topics) else None
    data: dict[str, Any] = {
        **plan_ground(toolbox, medium, colours),
        "titles": [definition.title, toolbox.settings.title],
        "hyphenation": [],
        "form": {
            "title": form.title,
            "version": form.version,
            "side": form.side.model_dump() if form.side else None,
            "subject": subjects.name if subjects else "",
            "identity": definition.identity.line,
            "code": definition.identity.code,
            "words": _choose_words(entry, _require_words(toolbox), medium),
        },
        "circle": [topic.number for topic in entry.topics],
    }
    origins: dict[FieldPath, Origin] = {
        **locate_metadata(settings_source),
        ("titles",): Origin(entry.source, ("title",), whole=True),
        ("theme",): Origin(toolbox.theme_source),
        ("form",): Origin(entry.source),
        ("form", "subject"): Origin(entry.source, ("subjects", "name")),
        ("form", "identity"): Origin(entry.source, ("what it asks",), whole=True),
        ("form", "code"): Origin(entry.source, ("what it asks",), whole=True),
        ("form", "words"): Origin(settings_source, ("forms",)),
        ("form", "words", "circle_alt"): Origin(entry.source, ("subjects", "circle_alt")),
        ("circle",): Origin(entry.source, ("subjects",), whole=True),
    }
    return Part("what its pages share", data, origins)


def _choose_words(entry: FormEntry, words: FormWords, medium: Medium) -> dict[str, str]:
    """Return the words that these pages show, so that another one makes no form anew."""
    blocks = [block for page in entry.form.pages for block in page.blocks]
    questions = [question for block in blocks if isinstance(block, FieldsBlock) for question in block.fields]
    writing = [block for block in blocks if isinstance(block, WritingBlock)]
    calculated = any(isinstance(it, OverviewBlock) or (isinstance(it, StatementsBlock) and it.mean) for it in blocks)
    used = {
        "sheet": True,
        "version": True,
        "note": True,
        "no_names": bool(writing) or any(isinstance(block, TableBlock) for block in blocks),
        "required": any(it.required for it in questions) or any(it.required for it in writing),
        "date_hint": any(it.type == "date" and it.help is None for it in questions),
        "calculated": calculated and medium == "forms",
        "code_alt": medium == "forms",
        "clear": medium == "forms" and any(placed.field.kind == "choice" for placed in entry.placed),
    }
    shown: dict[str, str] = words.model_dump(include={key for key, is_used in used.items() if is_used})
    if medium == "forms" and entry.form.subjects and any(page.each for page in entry.form.pages):
        shown["circle_alt"] = entry.form.subjects.circle_alt
    return shown


# ------------------------------------------------------------------------------------------ one page


def _plan_page(making: _Making, index: int, page: Page, topic: Topic | None) -> Part:
    """Return what one page shows, under the keys of its place in the file."""
    entry, form = making.entry, making.entry.form
    data: dict[str, Any] = {
        "id": f"{index + 1}-{topic.code}" if topic else f"{index + 1}",
        "number": topic.number if topic else None,
        "title": topic.title if topic else page.title,
        "lead": (topic.core if topic else page.lead) or "",
        "colour": (topic.colour if topic else "") or form.colour,
        "blocks": [],
    }
    origins: dict[FieldPath, Origin] = {(): Origin(entry.source, ("pages", index))}
    if topic:
        origins |= {(key,): Origin(topic.source, (*topic.path, key)) for key in ("number", "title", "colour")}
        origins[("lead",)] = Origin(topic.source, (*topic.path, "core"))
    if not (topic and topic.colour):
        origins[("colour",)] = Origin(entry.source, ("colour",))
    for number, block in enumerate(page.blocks):
        if isinstance(block, TextBlock | SendingBlock) and block.only not in (None, making.medium):
            continue
        place: FieldPath = ("blocks", len(data["blocks"]))
        data["blocks"].append(_plan_block(making, block, topic))
        origins[place] = Origin(entry.source, ("pages", index, "blocks", number))
        if isinstance(block, StatementsBlock) and not block.statements and topic:
            written: FieldPath = (*topic.path, *topic.side, "statements")
            origins[(*place, "rows")] = Origin(topic.source, written, whole=True)
            for row, name in enumerate(topic.statements):
                origins[(*place, "rows", row)] = Origin(topic.source, (*written, name), whole=True)
    return Part(f"{entry.source.name}, page {data['id']}", data, origins, list="pages")


def _plan_block(making: _Making, block: Block, topic: Topic | None) -> dict[str, Any]:
    """Return a block with the names of its fields filled in."""
    entry = making.entry
    data = block.model_dump(mode="json", exclude={"only", "share"})
    if isinstance(block, TextBlock):
        return {**data, "terms": list(block.terms.items())}
    if isinstance(block, SendingBlock):
        unsaid = [label for label, value in SENDING if getattr(block, value) is None]
        if block.deadline:
            data["deadline"] = write_day(block.deadline, making.words.date_format)
        return {**data, **dict.fromkeys(unsaid, "")}
    if isinstance(block, FieldsBlock):
        for shown, question in zip(data["fields"], block.fields, strict=True):
            del shown["fixed"]  # nothing that shows
            shown["name"] = fill_name(question.name, topic)
            shown["short"] = question.options == "subjects"
            shown["options"] = [list(it) for it in list_options(question.options, entry, short=True)]
    elif isinstance(block, StatementsBlock):
        data["rows"] = [{"name": name, "text": text} for name, text in list_statements(block, topic).items()]
        data |= {"statements": None, "mean": _plan_wish(block.mean, topic), **_plan_scale(entry)}
        data["wish"] = _plan_wish(block.wish, topic)
    elif isinstance(block, PhasesBlock):
        phases = topic.phases if topic else {}
        scale = entry.form.scale.words if entry.form.scale else {}
        data["name"] = fill_name(block.name, topic)
        data["wish"] = _plan_wish(block.wish, topic)
        data["phases"] = [{"value": it, "name": scale[it], "text": phases.get(it, "")} for it in scale]
    elif isinstance(block, WritingBlock):
        data |= {"name": fill_name(block.name, topic), "share": block.share}
    elif isinstance(block, TableBlock):
        keys = list(block.columns)
        data["columns"] = [
            {**column, "options": [list(it) for it in list_options(block.columns[key].options, entry, short=True)]}
            for key, column in data["columns"].items()
        ]
        rows = range(1, block.rows + 1)
        data["rows"] = [[name_cell(block, topic, row, key) for key in keys] for row in rows]
    elif isinstance(block, OverviewBlock):
        data["rows"] = [
            {"number": it.number, "title": it.title, "names": name_overview(block, it)} for it in entry.topics
        ]
    return data


def write_day(day: datetime.date, form: str) -> str:
    """Write a date in the form that the fields take, such as `dd-mm-yyyy`."""
    return form.replace("dd", f"{day.day:02}").replace("mm", f"{day.month:02}").replace("yyyy", f"{day.year:04}")


def _plan_wish(wish: Wish | None, topic: Topic | None) -> dict[str, str] | None:
    return {"name": fill_name(wish.name, topic), "label": wish.label} if wish else None


def _plan_scale(entry: FormEntry) -> dict[str, Any]:
    scale = entry.form.scale
    if scale is None:
        return {"scale": [], "unknown": None}
    unknown = [list(it) for it in scale.unknown.items()] if scale.unknown else []
    return {"scale": [list(it) for it in scale.words.items()], "unknown": unknown[0] if unknown else None}
