"""A comparison -> its report as a Document: opening, what was answered, pages to write on, colophon. A4 upright.

A report is no product: it is made of answers (`drukwerk report`), not of content alone. All that it is
made of is the comparison, which holds only what may be shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.compare.values import CLEAR, PEOPLE_LEAST, Comparison, Row, Table
from pipeline.content.define import plain
from pipeline.content.fonts import read_faces
from pipeline.content.report_words import ReportWords
from pipeline.content.source import Source
from pipeline.content.toolbox import Toolbox
from pipeline.document import Document, Expectation, Medium, Origin, Part
from pipeline.errors import ContentError, Finding
from pipeline.kinds.common import locate_metadata, name_language, plan_ground
from pipeline.kinds.gaps import find_reason, has_numbers, is_shown
from pipeline.kinds.sections import ACTIONS, Pages
from pipeline.kinds.wording import Wording, make_block, settle_form, settle_schools, title_of
from pipeline.resources import PACKAGED
from pipeline.units import Size, points

TRIM = Size(points(210), points(297))
_ELSE = "en"  # the words that a language without its own gets are English
CONTENTS_MOST = 18  # sections that are listed on the first page
_FOOT_MOST = 80  # letters of the title at the foot of a page


def plan_report(toolbox: Toolbox, comparison: Comparison, medium: Medium, place: str = "answers.json") -> Document:
    """Return the report of one comparison, for the screen or for print.

    Args:
        toolbox: whose cards, booklets and words it refers to.
        comparison: with at least one table.
        medium: screen or print.
        place: where findings on names and texts of respondents say that these are written.

    Raises:
        ContentError: the project has no words for reports.
    """
    words, language = find_words(toolbox)
    say = Wording(words, _list_drawable(toolbox))
    told = _settle(_take_breaks(toolbox, comparison), words)
    pages = Pages(toolbox, told, say, _choose_colours(toolbox, comparison))
    sections = list(_list_sections(pages))
    ground = plan_ground(toolbox, medium, {it["colour"] for it in sections})
    if language != toolbox.settings.language:
        ground["document"] = {**ground["document"], "lang": language, "region": None}
    title, settings = say.text(comparison.title), toolbox.settings
    kind = words.schools if comparison.kind == "group" else words.one
    data: dict[str, Any] = {
        **ground,
        "titles": [title_of(title), f"{kind}, {title_of(settings.title)}"],
        "hyphenation": [],
        "report": {"kind": kind, "foot": [_shorten(title_of(title)), _write_edition(pages)], "page": words.page},
        "sections": sections,
    }
    own = Origin(Source(place, {}, {}), (comparison.name,), whole=True)
    origins = {**locate_metadata(toolbox.settings_source), ("titles",): own, ("report",): own, ("sections",): own}
    return Document(
        id=comparison.name,
        product="",
        layout="report.typ",
        parts=(Part("what was answered", data, origins),),
        expects=Expectation(
            medium=medium,
            trim=TRIM,
            bleed=toolbox.measure_bleed(medium),
            pages=0,
            language=name_language(settings) if language == settings.language else language,
        ),
    )


def find_words(toolbox: Toolbox) -> tuple[ReportWords, str]:
    """Return the words of reports and their language: the project's own, else those of its language, else English.

    Raises:
        ContentError: the project wrote all words anew, and none for reports.
    """
    settings, press = toolbox.settings, toolbox.press
    if settings.press and settings.press.report:
        return settings.press.report, settings.language
    for language in (settings.language, _ELSE):
        spoken = press.words.get(language)
        if spoken and spoken.report:
            return spoken.report, language
    hint = "copy 'report' from the file of the same name in the package"
    raise ContentError(findings=[Finding(f"assets/words/{_ELSE}.yml", "report", "no words for reports", hint)])


def _list_drawable(toolbox: Toolbox) -> frozenset[int]:
    """Return the characters that all faces of the fonts have; answers may hold any."""
    faces = read_faces(toolbox.fonts.values(), PACKAGED)
    return frozenset.intersection(*(it.characters for it in faces)) if faces else frozenset()


def _choose_colours(toolbox: Toolbox, comparison: Comparison) -> dict[str, str]:
    """Return id of a form -> name of its colour; black for a form that is gone."""
    forms = dict.fromkeys(it.questionnaire.form for it in comparison.tables)
    return {form: toolbox.forms[form].form.colour if form in toolbox.forms else "black" for form in forms}


def _take_breaks(toolbox: Toolbox, comparison: Comparison) -> Comparison:
    """Return a comparison whose titles and words may break where the forms say; values hold them without."""
    return replace(comparison, tables=tuple(_break_table(toolbox, it) for it in comparison.tables))


def _break_table(toolbox: Toolbox, table: Table) -> Table:
    asked, entry = table.questionnaire, toolbox.forms.get(table.questionnaire.form)
    if entry is None or entry.form.scale is None:
        return table
    said = {plain(it): it for it in (*entry.form.scale.words.values(), *(topic.title for topic in entry.topics))}
    words = tuple(said.get(it, it) for it in asked.scale.words)
    subjects = tuple(replace(it, title=said.get(it.title, it.title)) for it in asked.subjects)
    return replace(table, questionnaire=replace(asked, subjects=subjects, scale=replace(asked.scale, words=words)))


def _settle(comparison: Comparison, words: ReportWords) -> Comparison:
    """Return a comparison as it is printed: totals called what they are, no list of schools that did not answer."""
    return replace(comparison, tables=tuple(_settle_table(it, comparison.kind, words) for it in comparison.tables))


def _settle_table(table: Table, kind: str, words: ReportWords) -> Table:
    total = replace(table.total, title=words.columns.total) if kind == "group" else table.total
    roles = tuple(it for it in table.roles if it.why != "unanswered")
    asked = settle_form(table.questionnaire)
    return replace(table, questionnaire=asked, total=total, schools=settle_schools(table), roles=roles)


def _shorten(text: str) -> str:
    return text if len(text) <= _FOOT_MOST else f"{text[: _FOOT_MOST - 1].rstrip()}…"


def _write_edition(pages: Pages) -> str:
    """Return toolbox, edition and its date: those of the content, never of the clock."""
    settings = pages.toolbox.settings
    date = pages.say.day(settings.date)
    return pages.say.words.edition.format(toolbox=title_of(settings.title), edition=settings.edition, date=date)


# ------------------------------------------------------------------------------------------ sections of every report


def _list_sections(pages: Pages) -> Iterator[dict[str, Any]]:
    sections = list(pages.list_sections())
    colour = next(iter(pages.colours.values()), "black")
    write = _plan_conversation if pages.comparison.kind == "group" else _plan_actions
    sections += [write(pages, colour), _plan_colophon(pages, colour)]
    yield _plan_opening(pages, colour, sections)
    yield from sections


def _section(title: str, short: str, lead: str, colour: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {"title": title, "short": short, "lead": lead, "colour": colour, "intro": [], "blocks": blocks}


def _plan_opening(pages: Pages, colour: str, sections: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what is compared, of when and of how many, how it is read, and on which page everything stands."""
    words, say, comparison = pages.say.words, pages.say, pages.comparison
    group = comparison.kind == "group"
    forms = list(dict.fromkeys(title_of(say.text(it.questionnaire.title)) for it in comparison.tables))
    rows = [
        [words.compared if group else words.colophon.forms, forms],
        [words.when, _list_rounds(pages)],
        [words.counted, _list_counts(pages)],
    ]
    blocks = [
        make_block("facts", colour, rows=[row for row in rows if row[1]]),
        make_block("reading", colour, words.read.heading, rows=_list_reading(pages)),
        make_block("contents", colour, words.contents, rows=_list_contents(sections, words.subjects.heading)),
    ]
    lead = words.lead if group else words.lead_one
    section = _section(say.text(comparison.title), words.read.heading, lead, colour, blocks)
    traceable = not group and any(_is_of_few(it.total) for it in comparison.tables)
    return {**section, "intro": [words.traceable.format(least=PEOPLE_LEAST)] if traceable else []}


def _is_of_few(row: Row) -> bool:
    """Return whether numbers are shown of so few people that who knows them may recognise them."""
    counts = [row.people, *(it.people for it in row.cells)]
    return is_shown(row) and any(0 < (it or 0) < PEOPLE_LEAST for it in counts)


def _list_contents(sections: list[dict[str, Any]], together: str) -> list[list[str]]:
    """Return title and place of each section and of its parts, and the form that it is about where another one begins.

    Of many, parts are left out, and those of single subjects, which stand in a row, are called `together`.
    """
    rows: list[list[str]] = []
    parts: list[list[str]] = []  # with those below a heading of their own
    last = ""
    for number, it in enumerate(sections, start=1):  # 0 is the opening
        place, about = f"sections.{number}", it["short"] if it["short"] not in (last, it["title"]) else ""
        last = it["short"]
        if len(sections) <= CONTENTS_MOST or "ring" not in it:
            rows.append([it["title"], about, place])
        elif "ring" not in sections[number - 2]:
            rows.append([together, "", place])
        else:
            continue
        parts.append(rows[-1])
        if it["title"] != together and "ring" not in it:
            headed = ((k, block["heading"]) for k, block in enumerate(it["blocks"]) if block["heading"])
            parts += [[heading, "", f"{place}.blocks.{k}"] for k, heading in headed]
    return parts if len(parts) <= CONTENTS_MOST else rows


def _list_rounds(pages: Pages) -> list[str]:
    """Return each round with its days; those of a time without bounds say nothing."""
    say, lines = pages.say, []
    rounds = {table.round for table in pages.comparison.tables}
    for it in sorted(rounds, key=lambda it: (it.first, it.last, it.name)):
        bounded = it.first.year > 1 and it.last.year < 9999
        if bounded:
            first, last = say.day(it.first), say.day(it.last)
            lines.append(say.words.period.format(title=say.text(it.title), first=first, last=last))
        elif it.title:
            lines.append(say.text(it.title))
    return lines


def _list_counts(pages: Pages) -> list[str]:
    """Return how many schools, forms and people there are, for each form in its newest round; with a number, if any."""
    words, say, newest = pages.say.words, pages.say, dict[str, Table]()
    for table in pages.comparison.tables:
        if has_numbers(table) or not has_numbers(newest.get(table.questionnaire.form, table)):
            newest[table.questionnaire.form] = table
    lines = []
    several = len({it.round.name for it in pages.comparison.tables}) > 1
    for table in newest.values():
        form, counts = title_of(say.text(table.questionnaire.title)), _count_people(pages, table)
        if len(newest) == 1 and not several:
            return [counts]
        round_ = say.text(table.round.title) if several else ""
        lines.append(words.line.format(form=form, round=round_, counts=counts).replace(",  ", " "))
    return lines


def _count_people(pages: Pages, table: Table) -> str:
    """Return how many filled in a form, as far as that is shown; where nothing of it is, that it is hidden."""
    words, total = pages.say.words, table.total
    if not has_numbers(table):
        why = find_reason(total)
        few = words.count_few.format(least=PEOPLE_LEAST)
        return {"few": few, "unanswered": words.columns.unanswered}.get(why, words.count_nothing)
    several = pages.comparison.kind == "group" and bool(table.schools)
    schools = sum(it.why != "unanswered" for it in table.schools)
    if total.people is None:
        return words.count_hidden.format(schools=schools) if several else words.count_one_hidden
    if total.forms is None:
        people = words.count_people if several else words.count_one_people
        return people.format(schools=schools, people=total.people)
    places = {"forms": total.forms, "people": total.people}
    return words.count.format(schools=schools, **places) if several else words.count_one.format(**places)


def _list_reading(pages: Pages) -> list[list[str]]:
    """Return (sign, what it means), then what goes for all numbers."""
    read, group = pages.say.words.read, pages.comparison.kind == "group"
    wished = any(cell.wish is not None for row in _list_rows(pages.comparison) for cell in row.cells)
    beside = group and any(is_shown(it) for table in pages.comparison.tables for it in table.schools)
    hidden = (read.hidden if group else read.hidden_own).format(least=PEOPLE_LEAST)
    if not any(map(has_numbers, pages.comparison.tables)):
        return [["", read.norm], ["", hidden]]
    rows = [["dot", read.mean], ["range", read.spread]]
    rows += [["ring", read.wish]] if wished else []
    rows += [["total", read.total]] if beside else []
    plain = [read.people, read.word, read.clear.format(clear=pages.say.number(CLEAR)), read.norm]
    plain += [read.order] if beside else []
    plain += [hidden, pages.say.words.left.blank.format(sign=pages.say.words.columns.unanswered_sign)]
    return [*rows, *(["", it] for it in plain)]


def _plan_conversation(pages: Pages, colour: str) -> dict[str, Any]:
    words = pages.say.words
    blocks = [make_block("boxes", colour, "", pages.say.intro(words.conversation), asked=list(words.asked))]
    return _section(words.conversation.heading, words.conversation.heading, "", colour, blocks)


def _plan_actions(pages: Pages, colour: str) -> dict[str, Any]:
    words = pages.say.words
    blocks = [
        make_block("plan", colour, "", pages.say.intro(words.plan), columns=list(words.plan_columns), count=ACTIONS)
    ]
    return _section(words.plan.heading, words.plan.heading, "", colour, blocks)


def _list_rows(comparison: Comparison) -> list[Row]:
    return [row for it in comparison.tables for row in (it.total, *it.schools, *it.roles)]


def _plan_colophon(pages: Pages, colour: str) -> dict[str, Any]:
    """Return date and versions, the rules of calculation and of privacy, and how much is not shown."""
    words, say = pages.say.words.colophon, pages.say
    forms = dict.fromkeys((it.questionnaire.title, it.questionnaire.version) for it in pages.comparison.tables)
    answered = [row for row in _list_rows(pages.comparison) if is_shown(row) or find_reason(row) != "unanswered"]
    cells = [cell for row in answered if is_shown(row) for cell in row.cells]
    hidden = sum(1 for cell in cells if cell.mean is None and cell.why not in ("", "unanswered"))
    gone = sum(not is_shown(it) for it in answered)
    left = [words.hidden_rows.format(hidden=gone, rows=len(answered))] if gone else []
    left += [words.hidden_cells.format(hidden=hidden, cells=len(cells))] if hidden else []
    left += [words.hidden_form.format(form=it) for it in _list_hidden_forms(pages)]
    rows = [
        [words.made, [_write_edition(pages)]],
        [words.forms, [words.version.format(form=title_of(say.text(title)), version=it) for title, it in forms]],
        [words.calculation, list(words.calculated)],
        [words.privacy, list(words.protected if pages.comparison.kind == "group" else words.protected_own)],
        [words.rows, left or [words.hidden_none]],
    ]
    return _section(words.heading, words.heading, "", colour, [make_block("facts", colour, rows=rows)])


def _list_hidden_forms(pages: Pages) -> list[str]:
    """Return the titles of forms that were answered and of which nothing is shown in any round."""
    tables = pages.comparison.tables
    shown = {it.questionnaire.form for it in tables if has_numbers(it)}
    answered = (it for it in tables if find_reason(it.total) != "unanswered")
    titles = (it.questionnaire.title for it in answered if it.questionnaire.form not in shown)
    return [title_of(pages.say.text(it)) for it in dict.fromkeys(titles)]
