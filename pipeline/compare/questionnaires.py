"""Forms as they are today -> Questionnaires: which answers make up a dimension or theme, and on which scale."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.compare.values import Questionnaire, Scale, Subject
from pipeline.content.define import FormEntry, Topic, expand_pages, fill_name, list_statements, plain
from pipeline.content.definition import MEAN_LEAST, Definition
from pipeline.content.forms import PhasesBlock, StatementsBlock, WritingBlock
from pipeline.content.toolbox import Toolbox


def make_questionnaires(toolbox: Toolbox) -> dict[str, Questionnaire]:
    """Return id of a form -> what is compared of it, in the order of the products.

    Forms without a scale, or without subjects that are answered on it, have nothing to compare and are left out.
    """
    names = [it.name for it in toolbox.settings.products if it.kind == "form"]
    made = (_make_questionnaire(toolbox.forms[name], toolbox.definitions[name][0]) for name in names)
    return {it.form: it for it in made if it is not None}


def _make_questionnaire(entry: FormEntry, definition: Definition) -> Questionnaire | None:
    form = entry.form
    subjects = tuple(it for it in (_make_subject(entry, topic, definition) for topic in entry.topics) if it.items)
    if form.scale is None or not subjects:
        return None
    return Questionnaire(
        form=entry.slug,
        version=form.version,
        title=plain(form.title),
        side=form.side.name if form.side else "",
        folder=(form.subjects.folder if form.subjects else None) or "",
        subjects=subjects,
        scale=Scale(
            tuple(form.scale.words),
            tuple(plain(words) for words in form.scale.words.values()),
            frozenset(form.scale.unknown or ()),
        ),
        hashes={it.name: it.hash for it in definition.answered},
    )


def _make_subject(entry: FormEntry, topic: Topic, definition: Definition) -> Subject:
    items: list[str] = []
    wish, texts = "", []
    for block in _list_blocks(entry, topic):
        if isinstance(block, StatementsBlock):
            items += list_statements(block, topic)
            wish = fill_name(block.wish.name, topic) if block.wish else wish
        elif isinstance(block, PhasesBlock):
            items.append(fill_name(block.name, topic))
            wish = fill_name(block.wish.name, topic)
        elif isinstance(block, WritingBlock):
            texts.append((fill_name(block.name, topic), plain(block.label)))
    means = [it.least for it in definition.fields if it.kind == "mean" and it.of == tuple(items)]
    least = min(means, default=min(MEAN_LEAST, len(items)))  # where a form shows no mean, as if it did
    return Subject(topic.number, topic.code, plain(topic.title), topic.colour, tuple(items), wish, tuple(texts), least)


def _list_blocks(entry: FormEntry, topic: Topic) -> Iterator[object]:
    for _, page, of in expand_pages(entry):
        if of is topic:
            yield from page.blocks
