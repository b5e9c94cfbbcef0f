"""Files of groups: what they say, and every way to write them wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.compare.read_groups import make_groups, read_groups
from pipeline.compare.spelling import are_alike, name_by_key, spell, tell_spellings
from pipeline.compare.values import Response
from pipeline.errors import ContentError

NAMES = [("Noord", "De Wilgen"), ("Noord", "École"), ("Noord", "Aa"), ("Zuid", "De Brug"), ("Zuid", ""), ("Noord", "")]
GOOD = """
title: Onze regio
rounds:
  - {name: najaar, title: Najaar, first: 2026-09-01, last: 2026-12-31}
  - {name: voorjaar, title: Voorjaar, first: 2026-01-01, last: 2026-06-30}
groups:
  noord: {title: Stichting Noord, organisation: Noord, show_schools: true}
  zuid: {title: Zuid, organisation: Zuid}
  regio: {title: Regio, groups: [zuid, noord], order: chosen}
  paar: {title: Een paar, schools: [De Wilgen, De Brug]}
same: {De Wilgen: [Wilgen]}
roles: {leiding: [directeur, Schoolleider]}
texts: ['*-stap']
leave_out: [{file: a.pdf, field: D1-stap}]
"""


def respond(organisation: str, school: str, role: str = "", date: dt.date | None = None) -> Response:
    return Response("a.pdf", "f", organisation, school, role, date, 1, {})


RESPONSES = [*(respond(*it) for it in NAMES), respond("Noord", "Wilgen")]


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "groepen.yml"
    path.write_text(text, "utf-8")
    return path


def test_a_group_holds_what_it_names_or_its_organisation_or_its_groups(tmp_path: Path) -> None:
    groups = read_groups(write(tmp_path, GOOD), RESPONSES)
    noord, zuid, regio, paar = groups.groups
    assert [it[1] for it in noord.schools] == ["Aa", "De Wilgen", "École"]
    assert regio.schools == (("Zuid", "De Brug"), *noord.schools)
    assert (zuid.organisations, regio.organisations, paar.organisations) == (("Zuid",), ("Noord", "Zuid"), ())
    assert paar.schools == (("Zuid", "De Brug"), ("Noord", "De Wilgen"))
    assert groups.named == set(noord.schools)
    assert [it.name for it in groups.rounds] == ["voorjaar", "najaar"]
    assert spell(RESPONSES, groups.same)[-1].school == "De Wilgen"
    assert [groups.find_role(it) for it in ("Directeur", "LEIDING", "schoolleider ", "leraar")] == ["leiding"] * 3 + [
        ""
    ]
    assert (groups.takes("b.pdf", "D1-stap"), groups.takes("a.pdf", "D1-stap"), groups.takes("b.pdf", "D1-x")) == (
        True, False, False,
    )  # fmt: skip
    assert groups.find_round(respond("Noord", "Aa", date=dt.date(2026, 6, 30))) == groups.rounds[0]
    assert groups.find_round(respond("Noord", "Aa", date=dt.date(2026, 7, 1))) is None
    assert groups.find_round(respond("Noord", "Aa")) is None


@pytest.mark.parametrize(("schools", "own"), [("[De Wilgen, École, Aa]", ("Noord",)), ("[De Wilgen, Aa]", ())])
def test_what_a_board_says_belongs_to_all_of_its_schools(schools: str, own: tuple[str, ...], tmp_path: Path) -> None:
    entry = f"  alle: {{title: Alle, organisation: Noord, schools: {schools}, order: chosen}}\n"
    groups = read_groups(write(tmp_path, GOOD.replace("groups:\n", f"groups:\n{entry}", 1)), RESPONSES)
    assert (groups.groups[0].name, groups.groups[0].organisations) == ("alle", own)


def test_without_a_file_each_organisation_is_a_group_and_everything_one_round() -> None:
    groups = make_groups(RESPONSES)
    assert [it.title for it in groups.groups] == ["Noord", "Zuid"]
    assert groups.find_round(RESPONSES[0]) == groups.rounds[0]
    assert groups.named == frozenset()


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("2026-12-31", "2026-08-31", 4, "the round ends before it begins"),
        ("2026-06-30", "2026-09-01", 4, "begins before 'voorjaar' ends"),
        ("name: voorjaar", "name: najaar", 5, "'najaar' stands twice"),
        ("2026-12-31", "31-12-2026", 4, "expected a date such as 2026-11-23"),
        ("[zuid, noord]", "[zuid, nord]", 9, "did you mean 'noord'?"),
        ("[zuid, noord]", "[zuid, regio]", 9, "contains itself"),
        ("De Wilgen, De Brug", "De Wilg, De Brug", 10, "did you mean 'De Wilgen'?"),
        ("organisation: Zuid", "organisation: Zuit", 8, "did you mean 'Zuid'?"),
        ("organisation: Zuid}", "order: chosen}", 8, "a group without schools"),
        ("De Wilgen, De Brug", "Wilgen", 10, "write 'De Wilgen'"),
        ("[Wilgen]", "[Wilgen, Wilgen]", 11, "also stands for"),
        ("[directeur, Schoolleider]}", "[directeur], staf: [Directeur]}", 12, "also stands for 'leiding'"),
        ("order: chosen", "show_schools: true", 9, "only a board can show its schools"),
        ("show_schools: true", "show_schools: yes", 7, "expected true or false"),
        ("  regio:", "  zuid:", 9, "the key stands twice"),
        ("texts:", "text:", 13, "unknown key"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert old in GOOD
    with pytest.raises(ContentError) as caught:
        read_groups(write(tmp_path, GOOD.replace(old, new, 1)), RESPONSES)
    assert any(it.place == f"groepen.yml:{line}" and says in str(it) for it in caught.value.findings), caught.value


def test_a_name_of_two_schools_has_to_say_whose(tmp_path: Path) -> None:
    path = write(tmp_path, "groups: {a: {title: A, schools: [De Brug]}}\n")
    with pytest.raises(ContentError, match="is a school of Noord and of Zuid"):
        read_groups(path, [*RESPONSES, respond("Noord", "De Brug")])


@pytest.mark.parametrize("text", ["", "groups: {}", "- a", "groups: [a]", "groups: {a: b}", "groups:\n\ta: b"])
def test_a_file_of_another_kind_is_a_finding(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentError):
        read_groups(write(tmp_path, text), RESPONSES)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("De Wilgen", "obs de  wilgen", True), ("École", "ecole", True), ("De Wilgen", "De Wilgem", True),
        ("De Wilgen", "De Wilgens", True), ("rkbs St. Jan", "St Jan", True), ("School 1", "School 2", False),
        ("De Brug", "De Burg", False), ("Noord", "Zuid", False),
    ],
)  # fmt: skip
def test_names_that_may_be_one_are_alike(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) == alike
    assert are_alike(other, one) == alike


def test_spellings_are_told_and_never_merged() -> None:
    told = tell_spellings([respond("Noord", "De Wilgen"), respond("Noord", "obs De Wilgen"), respond("Zuid", "Wilgen")])
    assert [str(it).splitlines()[0] for it in told] == ["warning: school: 'De Wilgen' and 'obs De Wilgen' may be one"]
    assert tell_spellings([respond("Noord", "Aa"), respond("Noord", "Aa")]) == []


def test_letters_follow_the_key_and_not_the_alphabet() -> None:
    schools = [("Noord", f"School {number}") for number in range(30)]
    first, second = name_by_key(schools, "00" * 16), name_by_key(schools, "01" * 16)
    assert set(first.values()) == set(second.values())
    assert first != second
    assert {"School A", "School Z", "School AD"} <= set(first.values())
    assert name_by_key(schools[::-1], "00" * 16) == first
