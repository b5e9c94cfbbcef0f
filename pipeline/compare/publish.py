"""Responses and groups -> all that is shown of them at one time, protected together.

What a reader can compute from two publications that were made apart is not looked at: a form that came in between shows
as the difference of their totals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.compare.groups import Group, Groups
from pipeline.compare.sheet import Line, Plan, Sheet, Withheld
from pipeline.compare.spelling import Pseudonyms, School, fold, name_by_key, spell
from pipeline.compare.values import PEOPLE_LEAST, Comparison, Questionnaire, Quote, Response, Table
from pipeline.errors import Finding, UsageError, nearest


@dataclass(frozen=True)
class Publication:
    """All that is shown at one time, and what is to be said of it."""

    comparisons: tuple[Comparison, ...]
    findings: tuple[Finding, ...] = ()


def compare_groups(
    responses: Sequence[Response],
    questionnaires: Mapping[str, Questionnaire],
    groups: Groups,
    pseudonyms: Pseudonyms | None = None,
    salt: str = "",
) -> Publication:
    """Return what is shown of each group. All groups are looked at together, since one may betray another.

    Args:
        responses: those that count, as the forms have them.
        questionnaires: id of a form -> how it is compared.
        groups: schools, rounds, names.
        pseudonyms: (kind, organisation, name) -> what it is called, kind being "organisation" or "school"; for an
            organisation `name` is empty. None: names, where the board says so.
        salt: key of the collector, hexadecimal: orders the letters of schools whose names are not shown.
    """
    spoken = spell(responses, groups.same)
    titles, named = _call_schools(groups, pseudonyms, salt)
    tables: dict[str, list[Table]] = {group.name: [] for group in groups.groups}
    for sheet in _make_sheets(spoken, questionnaires, groups):
        plans = [it for it in (sheet.plan(one, titles, named) for one in groups.groups) if it.total.atoms]
        withheld = sheet.hide(plans)
        for plan in plans:
            tables[plan.group.name].append(sheet.make_table(plan, withheld))
    comparisons = tuple(
        Comparison(
            it.name,
            _call_group(it, pseudonyms),
            "group",
            tuple(tables[it.name]),
            _quote([one for one in spoken if it.holds(one)], questionnaires, groups),
        )
        for it in groups.groups
    )
    return Publication(comparisons, tuple(_tell_outside(spoken, questionnaires, groups)))


def stand(
    responses: Sequence[Response], questionnaires: Mapping[str, Questionnaire], groups: Groups, name: str
) -> Comparison:
    """Return what is shown of one organisation or school to itself: its own total, however few people it stands for.

    Roles are shown where each of them, and who states none of them, has five people in every subject; else none is: so
    the spread of the total can be shown, and no role can be computed.

    Args:
        responses: those that count, of everybody.
        questionnaires: as of `compare_groups`.
        groups: likewise.
        name: of an organisation, else of a school.

    Raises:
        UsageError: no form comes from it, or two organisations have a school of this name.
    """
    spoken = spell(responses, groups.same)
    own = [it for it in spoken if it.organisation == name] or [it for it in spoken if it.school == name]
    if not name or not own:
        known = {it.organisation for it in spoken} | {it.school for it in spoken}
        raise UsageError(f"no form comes from '{name}'; {nearest(name, filter(None, known))}")
    if len({it.organisation for it in own}) > 1:
        of = " and of ".join(sorted({it.organisation for it in own}))
        raise UsageError(f"'{name}' is a school of {of}; name one of these organisations")
    tables = []
    for sheet in _make_sheets(own, questionnaires, groups):
        everybody = frozenset((*it, role) for it in sheet.schools for role in sheet.roles)
        plan = Plan(Group("", name, ()), Line("total", name, "total", everybody), (), sheet.plan_roles(everybody))
        tables.append(sheet.make_table(_take_small_roles_out(sheet, plan), _NOTHING))
    return Comparison(make_slug(name), name, "organisation", tuple(tables), _quote(own, questionnaires, groups))


_NOTHING = Withheld.of_nothing()


def _take_small_roles_out(sheet: Sheet, plan: Plan) -> Plan:
    """Return a plan without roles where one of them, or the rest, has too few people in some subject."""
    rest = plan.total.atoms - frozenset().union(*(it.atoms for it in plan.roles))
    parts = [it.atoms for it in plan.roles] + ([rest] if sheet.count_people(rest) else [])
    large = all(it >= PEOPLE_LEAST for atoms in parts for it in sheet.count_answers(atoms))
    return plan if large and len(parts) > 1 else Plan(plan.group, plan.total, (), ())


def make_slug(name: str) -> str:
    """Return a name as part of a file name."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "zonder-naam"


def _make_sheets(
    responses: Sequence[Response], questionnaires: Mapping[str, Questionnaire], groups: Groups
) -> Iterable[Sheet]:
    """Yield forms in the order of the toolbox, each by round; only where somebody answered."""
    for asked in questionnaires.values():
        for round_ in groups.rounds:
            inside = [it for it in responses if it.form == asked.form and groups.find_round(it) == round_]
            if inside:
                yield Sheet(asked, round_, inside, groups)


# ------------------------------------------------------------------------------------------ names


def _call_schools(
    groups: Groups, pseudonyms: Pseudonyms | None, salt: str
) -> tuple[dict[School, str], frozenset[School]]:
    """Return what each school is called, the same in every group, and which of them by their names."""
    schools = list(dict.fromkeys(school for group in groups.groups for school in group.schools))
    letters = name_by_key(schools, salt)
    asked = {school: pseudonyms("school", *school) if pseudonyms else None for school in schools}
    named = frozenset() if pseudonyms else groups.named
    titles = {it: it[1] if it in named else asked[it] or letters[it] for it in schools}
    return titles, named


def _call_group(group: Group, pseudonyms: Pseudonyms | None) -> str:
    """Return the title of a group; that of an organisation is its name."""
    if pseudonyms and group.organisations == (group.title,):
        return pseudonyms("organisation", group.title, "") or group.title
    return group.title


# ------------------------------------------------------------------------------------------ texts


def _quote(
    responses: Sequence[Response], questionnaires: Mapping[str, Questionnaire], groups: Groups
) -> tuple[Quote, ...]:
    """Return the texts that are taken over, in alphabetical order: so nobody is known by the order of files."""
    found = []
    for asked in questionnaires.values():
        inside = [it for it in responses if it.form == asked.form]
        for round_ in groups.rounds:
            here = [it for it in inside if groups.find_round(it) == round_]
            for subject in asked.subjects:
                for name, label in subject.texts:
                    texts = [it.values.get(name, "").strip() for it in here if groups.takes(it.file, name)]
                    found += [
                        Quote(asked.form, round_.name, subject.title, label, text)
                        for text in sorted(filter(None, texts), key=lambda it: (fold(it), it))
                    ]
    return tuple(found)


def _tell_outside(
    responses: Sequence[Response], questionnaires: Mapping[str, Questionnaire], groups: Groups
) -> Iterable[Finding]:
    lost = [it for it in responses if it.form in questionnaires and groups.find_round(it) is None]
    if lost:
        names = ", ".join(sorted(it.file for it in lost)[:3]) + (", ..." if len(lost) > 3 else "")
        number = "1 form" if len(lost) == 1 else f"{len(lost)} forms"
        message = f"{number} with a day in no round, or without one, {'is' if len(lost) == 1 else 'are'} left out"
        hint = f"{names}; change the days below 'rounds', or ask for the date"
        yield Finding("", "rounds", message, hint, "warning")
