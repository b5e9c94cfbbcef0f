"""Records -> `intake.html`: what came in, what counts, and what is still to be done, in the language of the toolbox.

The page needs no network. Whatever a file says is text in it, never markup. What a program says of a file stands below
the words of its verdict, in English like every message.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline import __version__
from pipeline.collect.records import CLEAR, VERDICTS, Record, Verdict
from pipeline.collect.tables import Definitions
from pipeline.content.collecting import IntakeWords, VerdictWords
from pipeline.content.toolbox import Toolbox
from pipeline.errors import Finding, printable
from pipeline.resources import PACKAGED

TEMPLATE = "intake.html.j2"  # in assets/pages
FINDINGS_MOST = 12  # shown of one file; all of them stand in answers.json


@dataclass(frozen=True)
class Group:
    """How many forms of one kind count, of one organisation and school."""

    form: str
    organisation: str
    school: str
    forms: int
    people: int


@dataclass(frozen=True)
class Line:
    """One file of the page.

    Attributes:
        who: organisation, school, role and day, as far as the form says them.
        instead: the file that counts instead, in words.
        findings: what the program says; `more` are not shown.
        again: the form to send back, relative to the page.
        lost: fields whose answers it does not take.
    """

    file: str
    verdict: VerdictWords
    form: str
    who: tuple[str, ...]
    instead: str
    findings: tuple[Finding, ...]
    more: int
    again: str = ""
    lost: tuple[str, ...] = ()


def find_words(toolbox: Toolbox) -> IntakeWords:
    """Return the words of the page: the toolbox's own, else those of its language, else English ones."""
    press = toolbox.press
    for words in (toolbox.press_words, press.speak(toolbox.settings.language), press.speak("en")):
        if words.intake:
            return words.intake
    from pipeline.content.read_press import read_press

    words = read_press(PACKAGED).speak(toolbox.settings.language)  # a project's own words may lack these
    assert words.intake is not None
    return words.intake


def render_page(
    toolbox: Toolbox, records: Sequence[Record], again: Mapping[str, str], lost: Mapping[str, Sequence[str]]
) -> str:
    """Return the page as HTML.

    Args:
        toolbox: whose forms they are.
        records: what was collected.
        again: file -> form to send back for it, below the folder of the page.
        lost: form to send back -> fields whose answers it does not take.
    """
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        loader=jinja2.FileSystemLoader(PACKAGED / "assets/pages"),
        finalize=lambda value: printable(value) if type(value) is str else value,
    )  # fmt: skip
    words = find_words(toolbox)
    lines: list[tuple[bool, Line]] = []
    for it in records:
        copy, line = again.get(it.file, ""), _plan_line(it, words, toolbox)
        lines.append((needs_work(it), replace(line, again=copy, lost=tuple(lost.get(copy, ())))))
    counts = [(_speak(words, verdict), sum(it.verdict == verdict for it in records)) for verdict in VERDICTS]
    groups = plan_groups(records, toolbox.definitions)
    return environment.get_template(TEMPLATE).render(
        language=toolbox.settings.language,
        words=words,
        title=words.title.format(files=len(records), counting=sum(it.counts for it in records)),
        counts=[(spoken, number) for spoken, number in counts if number],
        groups=groups,
        total=(sum(it.forms for it in groups), sum(it.people for it in groups)),
        todo=[line for is_open, line in lines if is_open],
        done=[line for is_open, line in lines if not is_open],
        foot=words.foot.format(version=__version__),
    )


def needs_work(record: Record) -> bool:
    """Say whether somebody has to do something about a file."""
    return record.verdict not in CLEAR or record.verdict == "empty" or _has_remarks(record)


def _has_remarks(record: Record) -> bool:
    return record.verdict == "accepted" and bool(record.findings)


def plan_groups(records: Sequence[Record], definitions: Definitions) -> list[Group]:
    """Return what counts, by form in the order of the toolbox, then organisation and school."""
    order = {form: index for index, form in enumerate(definitions)}
    found: dict[tuple[str, str, str], list[int]] = {}
    for it in records:
        if it.counts:
            of = found.setdefault((it.form, it.organisation, it.school), [0, 0])
            of[0] += 1
            of[1] += it.people or 1
    keys = sorted(found, key=lambda key: (order.get(key[0], len(order)), key[1].casefold(), key[2].casefold(), key))
    return [
        Group(name_form(form, definitions), organisation, school, *found[form, organisation, school])
        for form, organisation, school in keys
    ]


def name_form(form: str, definitions: Definitions) -> str:
    """Return what a form is called, with its id where two are called the same."""
    known = definitions.get(form)
    if not known:
        return form
    title = known[0].title
    alike = sum(its[0].title == title for its in definitions.values())
    return f"{title} ({form})" if alike > 1 else title


def _speak(words: IntakeWords, verdict: Verdict) -> VerdictWords:
    spoken: VerdictWords = getattr(words.verdicts, verdict.replace("-", "_"))
    return spoken


def _plan_line(record: Record, words: IntakeWords, toolbox: Toolbox) -> Line:
    forms = toolbox.settings.forms
    day = write_date(record.day, forms.date_format if forms else "") if record.day else ""
    return Line(
        file=record.file,
        verdict=words.verdicts.remark if _has_remarks(record) else _speak(words, record.verdict),
        form=name_form(record.form, toolbox.definitions),
        who=tuple(part for part in (record.organisation, record.school, record.role, day) if part),
        instead=words.instead.format(file=record.instead) if record.instead else "",
        findings=record.findings[:FINDINGS_MOST],
        more=max(0, len(record.findings) - FINDINGS_MOST),
    )


def write_date(day: dt.date, written: str) -> str:
    """Write a day as the forms ask for it, of dd, mm and yyyy; as ISO where they do not say how."""
    parts = {"dd": f"{day:%d}", "mm": f"{day:%m}", "yyyy": f"{day.year:04}"}
    return re.sub("dd|mm|yyyy", lambda found: parts[found[0]], written) if written else day.isoformat()
