"""content/forms/ -> forms with their subjects, and all that was ever released of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.content.define import FormEntry, Topic, define_form
from pipeline.content.definition import Definition, parse_definition
from pipeline.content.forms import Form, Subjects
from pipeline.content.reader import Reader, read_folder
from pipeline.content.source import Source
from pipeline.content.toolbox import Entry
from pipeline.errors import Finding, nearest

FOLDER = "forms"  # in content/
RELEASED = "released"  # in that
_RELEASED_MOST = 1_000_000  # bytes of one definition


def read_forms(
    reader: Reader, folders: Mapping[str, tuple[Entry, ...]], audiences: Mapping[str, list[str]]
) -> dict[str, FormEntry]:
    """Return id -> form, of every file in content/forms."""
    forms = {}
    for slug, form, source in read_folder(reader, FOLDER, Form):
        topics = tuple(_list_topics(reader, form.subjects, source, folders, audiences)) if form.subjects else ()
        forms[slug] = FormEntry(slug, form, source, topics)
    return forms


def _list_topics(
    reader: Reader,
    subjects: Subjects,
    source: Source,
    folders: Mapping[str, tuple[Entry, ...]],
    audiences: Mapping[str, list[str]],
) -> Iterator[Topic]:
    """Yield what pages of a form are repeated for; a finding where the folder or the audience does not exist."""
    for index, it in enumerate(subjects.list):
        yield Topic(
            it.number,
            it.code,
            it.title,
            it.core or "",
            it.colour or "",
            {},
            it.phases,
            source,
            ("subjects", "list", index),
        )
    if subjects.folder is None or subjects.audience is None:
        return
    if subjects.folder not in folders:
        message = f"no deck in content/toolbox.yml is made from the folder '{subjects.folder}'"
        reader.findings.append(source.finding(("subjects", "folder"), message, nearest(subjects.folder, folders)))
        return
    known = audiences[subjects.folder]
    if subjects.audience not in known:
        message = f"no card of content/{subjects.folder} has a side '{subjects.audience}'"
        reader.findings.append(source.finding(("subjects", "audience"), message, nearest(subjects.audience, known)))
        return
    for entry in folders[subjects.folder]:
        card = entry.dimension
        code = (subjects.code or "").replace("{number}", str(card.number))
        side = card.sides[subjects.audience]
        yield Topic(
            card.number,
            code,
            card.title,
            card.core,
            card.colour,
            side.statements,
            {},
            entry.source,
            (),
            (subjects.audience,),
        )


def read_released(reader: Reader) -> dict[str, tuple[Definition, ...]]:
    """Return id -> definitions that were released, also of forms that are no more."""
    found: dict[str, list[Definition]] = {}
    for path in sorted((reader.content / FOLDER / RELEASED).glob("*.json")):
        name = reader.name(path)
        try:
            if path.exists() and not path.is_file():
                raise ValueError("it is no ordinary file")
            if path.stat().st_size > _RELEASED_MOST:
                raise ValueError("it is too large for one")
            definition = parse_definition(path.read_bytes())
            if path.name != name_released(definition):
                raise ValueError(f"it holds {name_released(definition)}")
        except ValueError as error:
            hint = "put back the file as it was released: old returns are read with it"
            reader.findings.append(Finding(name, "", f"no released definition: {error}", hint))
            continue
        found.setdefault(definition.form, []).append(definition)
    return {slug: tuple(known) for slug, known in found.items()}


def define_forms(
    forms: Mapping[str, FormEntry], released: Mapping[str, tuple[Definition, ...]]
) -> dict[str, tuple[Definition, ...]]:
    """Return id -> every definition by which a return can be read, the present one first."""
    found: dict[str, tuple[Definition, ...]] = {slug: (define_form(entry),) for slug, entry in forms.items()}
    for slug, known in released.items():
        now = found.get(slug, ())
        found[slug] = (*now, *(it for it in known if it.identity not in [other.identity for other in now]))
    return found


def name_released(definition: Definition) -> str:
    """Return the name of the file that keeps a released definition."""
    return f"{definition.form}-{definition.version}.json"
