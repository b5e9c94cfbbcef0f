"""What no single form file can know: Toolbox -> findings. FORM_CHECKS is the list; each function is one rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pipeline.content.define import FormEntry, expand_pages, list_statements
from pipeline.content.definition import Definition, Field
from pipeline.content.forms import FieldsBlock, OverviewBlock, PhasesBlock, StatementsBlock, TableBlock
from pipeline.content.source import FieldPath
from pipeline.errors import Finding, nearest
from pipeline.resources import find_content

if TYPE_CHECKING:
    from pipeline.content.toolbox import Toolbox

_VERSION_HINT = "give the form a new version: returned copies are read as what was released"


def check_form_products(toolbox: Toolbox) -> list[Finding]:
    """A product names a form that there is not, there are no words for forms, or a form is in no product."""
    settings, source = toolbox.settings, toolbox.settings_source
    findings = []
    products = {it.name: index for index, it in enumerate(settings.products) if it.kind == "form"}
    for name, index in products.items():
        # A file that is there but wrong has its own findings.
        if name not in toolbox.forms and not (find_content(toolbox.project) / f"forms/{name}.yml").is_file():
            message = f"no file content/forms/{name}.yml"
            findings.append(source.finding(("products", index, "name"), message, nearest(name, toolbox.forms)))
    if products and settings.forms is None:
        findings.append(source.finding((), "'forms' is missing: the words that every form carries", "add this key"))
    for slug, entry in toolbox.forms.items():
        if slug not in products:
            message = "this form is in no product, so nothing is made of it"
            hint = f"add to products in toolbox.yml: {{name: {slug}, kind: form}}"
            findings.append(entry.source.finding((), message, hint, severity="warning"))
    return findings


def check_field_names(toolbox: Toolbox) -> list[Finding]:
    """Two fields of a form with one name, or a name that was not filled in."""
    findings = []
    for entry in toolbox.forms.values():
        first: dict[str, str] = {}
        if len({topic.code for topic in entry.topics}) < len(entry.topics):
            continue  # said by check_topics
        for asked, source, path in entry.placed:
            place = source.place(path)
            if "{code}" in asked.name:
                hint = "take it out, or repeat the page for each subject with 'each: true'"
                findings.append(source.finding(path, f"'{asked.name}' has no subject to take {{code}} from", hint))
            elif asked.name.casefold() not in first:
                first[asked.name.casefold()] = place
            elif first[asked.name.casefold()] == place:
                hint = "put {code} in it, so that each subject gets a field of its own"
                findings.append(source.finding(path, f"the name '{asked.name}' is given on every page", hint))
            else:
                message = f"the name '{asked.name}' is also at {first[asked.name.casefold()]} in '{entry.slug}'"
                findings.append(source.finding(path, message, "choose another: answers could not be told apart"))
    return list(dict.fromkeys(findings))


def check_blocks(toolbox: Toolbox) -> list[Finding]:
    """A block needs a scale, subjects or statements that the form does not have."""
    findings: list[Finding] = []
    for entry in toolbox.forms.values():
        for index, page, topic in expand_pages(entry):
            for number, block in enumerate(page.blocks):
                path: FieldPath = ("pages", index, "blocks", number)
                scaled = isinstance(block, StatementsBlock | PhasesBlock)
                if scaled and entry.form.scale is None:
                    findings.append(entry.source.finding(path, "the form has no scale", "add 'scale:' at the top"))
                if isinstance(block, StatementsBlock) and not list_statements(block, topic):
                    place, where = (topic.source, (*topic.path, *topic.side)) if topic else (entry.source, path)
                    findings.append(place.finding(where, f"no statements for the form '{entry.slug}'", "write them"))
                if isinstance(block, PhasesBlock) and topic and not topic.phases and topic.source is not entry.source:
                    message = "the cards of a folder have no phases"
                    findings.append(entry.source.finding(path, message, "list the subjects in the form, with 'list:'"))
                if isinstance(block, PhasesBlock) and topic is None:
                    findings.append(entry.source.finding(path, "phases are those of a subject", "set 'each: true'"))
                if isinstance(block, OverviewBlock):
                    findings += _check_overview(entry, block, path)
        # Not by way of the pages as printed: without subjects there are none of those that are repeated.
        for index in range(len(entry.form.pages)):
            findings += _check_subjects(entry, index)
            findings += _check_media(entry, index)
    return list(dict.fromkeys(findings))


def _check_media(entry: FormEntry, index: int) -> Iterator[Finding]:
    """Yield the media in which a page (by its index) shows nothing."""
    shown = {getattr(block, "only", None) for block in entry.form.pages[index].blocks}
    if len(shown) == 1 and (only := shown.pop()):
        message = f"all blocks of this page are for '{only}' only, so the other form would have an empty page"
        yield entry.source.finding(("pages", index, "blocks"), message, "take 'only' out of one of them")


def _check_overview(entry: FormEntry, block: OverviewBlock, path: FieldPath) -> Iterator[Finding]:
    kinds = {placed.field.name: placed.field.kind for placed in entry.placed}
    for key in ("now_of", "wish_of"):
        name = getattr(block, key)
        for topic in entry.topics if name else ():
            filled = name.replace("{code}", topic.code)
            if filled not in kinds:
                yield entry.source.finding((*path, key), f"no field '{filled}' in this form", nearest(filled, kinds))
                break
            if kinds[filled] not in ("choice", "list", "number"):
                message = f"'{filled}' is no answer that can be counted with"
                yield entry.source.finding((*path, key), message, "name a choice on the scale, such as a wish")
                break
    if not entry.topics:
        yield entry.source.finding(path, "an overview needs subjects", "add 'subjects:' at the top")


def _check_subjects(entry: FormEntry, index: int) -> Iterator[Finding]:
    """Yield what refers to subjects on a page (by its index) of a form that has none."""
    page = entry.form.pages[index]
    if entry.topics:
        return
    if page.each:
        yield entry.source.finding(("pages", index, "each"), "the form has no subjects", "add 'subjects:' at the top")
    for number, block in enumerate(page.blocks):
        path: FieldPath = ("pages", index, "blocks", number)
        if isinstance(block, FieldsBlock):
            places = [((*path, "fields", i, "options"), it.options) for i, it in enumerate(block.fields)]
        elif isinstance(block, TableBlock):
            places = [((*path, "columns", key, "options"), it.options) for key, it in block.columns.items()]
        else:
            continue
        for place, options in places:
            if options == "subjects":
                yield entry.source.finding(place, "the form has no subjects", "add 'subjects:' at the top")


def check_topics(toolbox: Toolbox) -> list[Finding]:
    """Two subjects of a form with one number or code, a colour that is not there, phases other than the scale's."""
    findings = []
    for entry in toolbox.forms.values():
        form, colours = entry.form, toolbox.theme.colours
        if form.colour not in colours:
            message, hint = f"no colour '{form.colour}'", nearest(form.colour, colours)
            findings.append(entry.source.finding(("colour",), message, hint))
        if form.subjects is None or form.subjects.folder is not None:
            continue
        scale = list(form.scale.words) if form.scale else []
        for key in ("number", "code"):
            seen: set[object] = set()
            for topic in entry.topics:
                value = getattr(topic, key)
                if value in seen:
                    message = f"another subject has the {key} {value} too"
                    findings.append(topic.source.finding((*topic.path, key), message, "give each one of its own"))
                seen.add(value)
        for topic in entry.topics:
            if topic.colour and topic.colour not in colours:
                message, hint = f"no colour '{topic.colour}'", nearest(topic.colour, colours)
                findings.append(topic.source.finding((*topic.path, "colour"), message, hint))
            if topic.phases and list(topic.phases) != scale:
                message = f"phases {', '.join(topic.phases)}, expected those of the scale: {', '.join(scale)}"
                findings.append(topic.source.finding((*topic.path, "phases"), message, "describe each of them"))
            elif not topic.phases and any(isinstance(it, PhasesBlock) for page in form.pages for it in page.blocks):
                findings.append(topic.source.finding(topic.path, "this subject has no phases", "describe them"))
    return findings


def check_released(toolbox: Toolbox) -> list[Finding]:
    """A form asks something else than was released: under the same version, or under a code of another meaning."""
    findings: list[Finding] = []
    for slug, entry in toolbox.forms.items():
        now, released = toolbox.definitions[slug][0], toolbox.released.get(slug, ())
        same = next((it for it in released if it.version == now.version), None)
        if same:
            findings += _compare_same(entry, now, same)
        elif not released or now.fingerprint in {it.fingerprint for it in released}:
            continue
        else:
            findings += _compare_later(entry, max(released, key=_order_versions))
    return findings


def _order_versions(definition: Definition) -> list[tuple[int, str]]:
    """Return a key by which 2026-9 comes before 2026-11."""
    return [(int(it) if it.isdigit() else 0, it) for it in re.split(r"(\d+)", definition.version)]


def _compare_same(entry: FormEntry, now: Definition, old: Definition) -> Iterator[Finding]:
    """Yield an error for each field that asks something else, and one warning for what is more or less than it was."""
    added = []
    for asked, source, path in entry.placed:
        before = old.get(asked.name)
        if before is None or _asks_more(asked, before):
            added.append(asked.name)
        elif before.hash != asked.hash:
            message = f"'{asked.name}' asks something else than in version {old.version} of '{old.form}', as released"
            yield source.finding(path, message, _VERSION_HINT)
    gone = [it.name for it in old.fields if now.get(it.name) is None]
    for names, what in ((added, "asks more than"), (gone, "no longer asks all of")):
        if names:
            message = f"{what} what was released as version {old.version}: {_list_some(names)}"
            yield entry.source.finding(("version",), message, _VERSION_HINT, severity="warning")


def _list_some(names: list[str]) -> str:
    """Return the first names of a list, and how many more there are."""
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _asks_more(asked: Field, before: Field) -> bool:
    """Say whether the only difference is that there are options besides those there were: for another card, say."""
    same = (asked.kind, asked.label) == (before.kind, before.label)
    return same and len(asked.options) > len(before.options) and set(before.options) < set(asked.options)


def _compare_later(entry: FormEntry, old: Definition) -> Iterator[Finding]:
    """Yield what is not the same under the same code: other answers are an error, another text a warning."""
    for asked, source, path in entry.placed:
        before = old.get(asked.name)
        if before is None or before.hash == asked.hash:
            continue
        old_values, values = ({value for value, _ in it.options} for it in (before, asked))
        if before.kind != asked.kind or not (old_values <= values or values <= old_values):
            message = f"'{asked.name}' was another kind of question in version {old.version} of '{old.form}'"
            yield source.finding(path, message, "give it a name of its own: an answer would change its meaning")
        else:
            message = f"'{asked.name}' is worded differently than in version {old.version} of '{old.form}'"
            hint = "answers to the two are not put side by side; does it mean something else? give it another name"
            yield source.finding(path, message, hint, severity="warning")


FORM_CHECKS: tuple[Callable[[Toolbox], list[Finding]], ...] = (
    check_form_products,
    check_field_names,
    check_blocks,
    check_topics,
    check_released,
)
