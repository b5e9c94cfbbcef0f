"""What is published of a group, and of one organisation by itself; hand-computed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from pipeline.compare.groups import Group, Groups
from pipeline.compare.publish import compare_groups, make_slug, stand
from pipeline.compare.values import Response
from pipeline.errors import UsageError
from tests.regions import ROLES, ROUNDS, make_questionnaire, respond

ASKED = make_questionnaire(subjects=2)
FORMS = {ASKED.form: ASKED}
SCHOOLS = (("Noord", "Élan"), ("Noord", "De Brug"), ("Noord", "Eik"))
RESPONSES = [
    respond(ASKED, ("Noord", "Élan", "directeur"), 5, [1, 2], wish=3),
    respond(ASKED, ("Noord", "Élan", "leraar"), 6, [2, None], wish=4),
    respond(ASKED, ("Noord", "De Brug", "leraar"), 8, [4, 4], wish=4),
    respond(ASKED, ("Noord", "De Brug", "leraar"), 7, [3, 1], ROUNDS[1].first, wish=4),
    respond(ASKED, ("Noord", "", "leraar"), 9, [4, 4], wish=4),
]
GROUP = Group("noord", "Noord", SCHOOLS, ("Noord",))
GROUPS = Groups((GROUP,), ROUNDS, named=frozenset(SCHOOLS), roles=ROLES, texts=("D1-*",))


def test_a_group_has_a_table_for_each_round_with_its_total_schools_and_roles() -> None:
    before, after = compare_groups(RESPONSES, FORMS, GROUPS).comparisons[0].tables
    assert (before.round, after.round) == ROUNDS
    assert [it.title for it in before.schools] == ["Élan", "De Brug", "Eik"]
    assert [it.why for it in before.schools] == ["", "", "unanswered"]
    total, second = before.total.cells
    assert (before.total.people, before.total.forms, total.people) == (28, 4, 28)
    assert [total.mean, total.wish] == [Fraction(28, 10), Fraction(38, 10)]
    assert (total.low, total.high) == (1, 4)
    assert (second.mean, second.people, second.given, second.asked) == (Fraction(33, 10), 22, 15, 20)
    elan = before.schools[0].cells
    assert [elan[0].mean, elan[0].wish, elan[1].mean, elan[1].people] == [Fraction(3, 2), Fraction(7, 2), 2, 5]
    assert [(it.title, it.people) for it in before.roles] == [("leiding", 5), ("leraar", 23)]
    assert after.total.people == 7


def test_a_value_of_few_people_of_a_school_is_left_out_of_everything() -> None:
    few = [
        respond(ASKED, ("Noord", "Élan", ""), 3, [4, 4]),
        respond(ASKED, ("Noord", "Élan", ""), 4, [2, None]),
        respond(ASKED, ("Noord", "De Brug", ""), 6, [1, 1]),
        respond(ASKED, ("Noord", "De Brug", ""), 1, [2, 3]),
    ]
    table = compare_groups(few, FORMS, replace(GROUPS, roles={})).comparisons[0].tables[0]
    assert table.schools[0].cells[0].mean == 3
    assert (table.schools[0].cells[1].why, table.schools[0].cells[1].people) == ("few", None)
    assert table.total.cells[1].mean == 2
    assert (table.total.cells[1].people, table.total.cells[1].given) == (7, 10)


def test_schools_have_letters_unless_their_board_says_otherwise() -> None:
    shy = replace(GROUPS, named=frozenset(SCHOOLS[:1]))
    table = compare_groups(RESPONSES, FORMS, shy, salt="ab" * 16).comparisons[0].tables[0]
    titles = [it.title for it in table.schools]
    assert titles[0] == "Élan"
    assert titles[1:] == sorted(titles[1:])
    assert all(it.startswith("School ") for it in titles[1:])
    told = repr(compare_groups(RESPONSES, FORMS, replace(GROUPS, named=frozenset()), salt="ab" * 16).comparisons)
    assert not any(school in told for _, school in SCHOOLS)


def test_pseudonyms_stand_for_names_of_schools_and_organisations() -> None:
    def call(kind: str, organisation: str, name: str) -> str:
        return f"{kind} {len(organisation + name)}"

    comparison = compare_groups(RESPONSES, FORMS, GROUPS, call).comparisons[0]
    assert comparison.title == "organisation 5"
    assert [it.title for it in comparison.tables[0].schools] == ["school 8", "school 9", "school 12"]


def test_forms_outside_all_rounds_are_one_warning() -> None:
    outside = [respond(ASKED, ("Noord", "Eik", ""), 5, [1, 1], day) for day in (None, dt.date(2020, 1, 1))]
    found = compare_groups([*RESPONSES, *outside], FORMS, GROUPS).findings
    assert [(it.message, it.severity) for it in found] == [
        ("2 forms with a day in no round, or without one, are left out", "warning")
    ]


def test_forms_of_a_board_itself_count_in_its_total_alone() -> None:
    alone = [it for it in RESPONSES if not it.school]
    table = compare_groups(alone, FORMS, GROUPS).comparisons[0].tables[0]
    assert table.total.people == 9
    assert {it.why for it in table.schools} == {"unanswered"}


def test_texts_are_taken_over_only_where_asked_and_in_no_order_of_files() -> None:
    def write(response: Response, text: str) -> Response:
        return replace(response, values={**response.values, "D1-waaraan": text, "D2-waaraan": text})

    spoken = [write(RESPONSES[0], "zien"), write(RESPONSES[2], "Alles "), write(RESPONSES[4], " ")]
    quotes = compare_groups(spoken, FORMS, GROUPS).comparisons[0].quotes
    assert [(it.text, it.subject, it.round) for it in quotes] == [
        ("Alles", "Dimensie 1", "najaar"), ("zien", "Dimensie 1", "najaar"),
    ]  # fmt: skip
    left = replace(GROUPS, left_out=frozenset({(spoken[0].file, "D1-waaraan")}))
    assert [it.text for it in compare_groups(spoken, FORMS, left).comparisons[0].quotes] == ["Alles"]


def test_an_organisation_sees_its_own_total_however_few() -> None:
    few = [respond(ASKED, ("Noord", "Eik", "directeur"), 2, [3, 1])]
    comparison = stand(few, FORMS, GROUPS, "Noord")
    row = comparison.tables[0].total
    assert (comparison.kind, comparison.name, row.people) == ("organisation", "noord", 2)
    assert (row.cells[0].mean, row.cells[0].low) == (Fraction(3), 3)
    assert comparison.tables[0].roles == ()


def test_an_organisation_sees_roles_where_all_are_large_in_every_subject() -> None:
    full = [replace(it, values={**RESPONSES[0].values}) for it in RESPONSES]
    assert [it.title for it in stand(full, FORMS, GROUPS, "Noord").tables[0].roles] == ["leiding", "leraar"]
    small = [*full, respond(ASKED, ("Noord", "Eik", "conciërge"), 4, [1, 1])]
    assert stand(small, FORMS, GROUPS, "Noord").tables[0].roles == ()
    shy = [replace(it, values={**it.values, "D1-gewenst": ""}) if it.role == "leraar" else it for it in full]
    shy.append(replace(full[1], people=4))
    assert stand(shy, FORMS, GROUPS, "Noord").tables[0].roles == (), "four people wish for something"
    assert stand(full, FORMS, GROUPS, "De Brug").tables[0].total.people == 8


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'De Brug'"):
        stand(RESPONSES, FORMS, GROUPS, "De Burg")


def test_a_slug_is_part_of_a_file_name() -> None:
    assert [make_slug(it) for it in ("École «De Brug»", "***")] == ["ecole-de-brug", "zonder-naam"]
