"""Whose answers count: duplicates, newer ones, colleagues; the same in whatever order the files came."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from pipeline.collect.ledger import Seen
from pipeline.collect.letters import write_letter
from pipeline.collect.respondents import make_records

WHO = ("organisation", "school", "role", "date")
ONE = Seen(
    name="a.pdf", sha256="a" * 64, modified=("", "20260403100000"), basis="b", verdict="accepted", form="scan",
    organisation="Stichting De Boomgaard", school="De Wilg", role="leraar", date="2026-04-03", people=1,
    digest="d1", asked=WHO, values={"SO1": "3"},
)  # fmt: skip


def other(name: str, **changes: object) -> Seen:
    """Return another file, with other bytes."""
    return replace(ONE, name=name, sha256=name.ljust(64, "0"), **changes)  # type: ignore[arg-type]


def judged(*seen: Seen, colleagues: bool = False) -> dict[str, tuple[str, bool, str]]:
    return {it.file: (it.verdict, it.counts, it.instead) for it in make_records(seen, colleagues)}


COUNTS = ("accepted", True, "")


def test_the_same_answers_twice_count_once_the_first_by_name() -> None:
    assert judged(other("b.pdf"), ONE) == {"a.pdf": COUNTS, "b.pdf": ("duplicate", False, "a.pdf")}


@pytest.mark.parametrize("colleagues", [False, True])
def test_the_newest_of_other_answers_counts_unless_they_are_colleagues(colleagues: bool) -> None:
    later = other("b.pdf", digest="d2", modified=("", "20260404100000"))
    found = judged(ONE, later, colleagues=colleagues)
    assert found == {"a.pdf": COUNTS if colleagues else ("duplicate", False, "b.pdf"), "b.pdf": COUNTS}
    record = make_records([ONE, later], False)[0]
    assert record.findings[-1].message == "'b.pdf' is newer, of the same respondent, and counts instead"
    assert "--colleagues" in record.findings[-1].hint
    assert "--set response=" in record.findings[-1].hint


def test_what_the_pdf_says_of_its_age_goes_before_what_the_folder_says() -> None:
    first = replace(ONE, modified=("20260410000000", "20260401000000"))
    second = other("b.pdf", digest="d2", modified=("20260409000000", "20260501000000"))
    assert judged(first, second)["b.pdf"] == ("duplicate", False, "a.pdf")


def test_a_number_tells_respondents_apart_and_joins_them_over_days() -> None:
    one, two = (replace(ONE, respondent="W-1"), other("b.pdf", respondent="W-2", digest="d2"))
    assert set(judged(one, two).values()) == {COUNTS}
    again = other("c.pdf", respondent="W-1", role="team", date="2026-05-01", digest="d3")
    found = judged(one, two, again)
    assert found["a.pdf"] == ("duplicate", False, "c.pdf")
    assert "--colleagues" not in make_records([one, again], False)[0].findings[-1].hint


def test_a_number_is_of_one_form() -> None:
    one, two = replace(ONE, respondent="W-1"), other("b.pdf", respondent="W-1", form="plan", digest="d2")
    assert set(judged(one, two).values()) == {COUNTS}


@pytest.mark.parametrize("part", WHO)
def test_whoever_leaves_open_who_answers_stands_by_itself(part: str) -> None:
    one = replace(ONE, **{part: ""})  # type: ignore[arg-type]
    two = replace(one, name="b.pdf", sha256="b" * 64)
    assert set(judged(one, two).values()) == {COUNTS}


def test_a_form_that_asks_no_school_is_told_apart_without() -> None:
    board = replace(ONE, school="", asked=("organisation", "role", "date"))
    copy = replace(board, name="b.pdf", sha256="b" * 64)
    assert judged(board, copy)["b.pdf"] == ("duplicate", False, "a.pdf")


def test_a_copy_of_a_file_is_a_duplicate_whatever_it_says() -> None:
    nobody = replace(ONE, school="", copies=2)
    duplicate = ("duplicate", False, "a (aaaaaaaa).pdf")
    assert judged(nobody) == {"a (aaaaaaaa).pdf": COUNTS, "a (aaaaaaaa, 2).pdf": duplicate}


def test_two_files_with_one_name_and_other_answers_are_both_there() -> None:
    twin = replace(ONE, sha256="b" * 64, role="team", digest="d2")
    assert judged(ONE, twin) == {"a (aaaaaaaa).pdf": COUNTS, "a (bbbbbbbb).pdf": COUNTS}


def test_a_conflict_is_replaced_by_what_came_after_it_and_replaces_nothing() -> None:
    conflict = replace(ONE, verdict="conflict", digest="d0")
    later = other("b.pdf", modified=("", "20260405000000"))
    assert judged(conflict, later) == {"a.pdf": ("duplicate", False, "b.pdf"), "b.pdf": COUNTS}
    earlier = other("b.pdf", modified=("", "20260401000000"))
    assert judged(conflict, earlier) == {"a.pdf": ("conflict", False, ""), "b.pdf": COUNTS}


def test_an_unknown_version_counts_with_what_is_the_same() -> None:
    assert judged(replace(ONE, verdict="unknown-version"))["a.pdf"] == ("unknown-version", True, "")
    assert judged(replace(ONE, verdict="unknown-version", values={"SO1": ""}))["a.pdf"][1] is False


@pytest.mark.parametrize("verdict", ["empty", "flattened", "damaged", "foreign", "refused", "conflict"])
def test_what_is_no_answer_never_counts_and_replaces_nothing(verdict: str) -> None:
    bad = other("b.pdf", verdict=verdict, digest="d0", modified=("", "20300101000000"))
    assert judged(ONE, bad) == {"a.pdf": COUNTS, "b.pdf": (verdict, False, "")}


def test_the_order_in_which_files_come_changes_nothing() -> None:
    seen = [
        ONE,
        other("b.pdf", digest="d2", modified=("", "20260404100000")),
        other("c.pdf"),
        other("d.pdf", verdict="conflict", digest="d9", modified=("", "20260401100000")),
        replace(ONE, name="a.pdf", sha256="e" * 64, role="team"),
    ]
    orders = itertools.permutations(seen)
    assert len({repr(make_records(order, colleagues=False)) for order in orders}) == 1


def test_names_that_were_not_kept_are_letters_in_the_order_of_their_masks() -> None:
    schools = [("1", "9f"), ("2", "03")]  # (its bytes, its mask)
    hidden = replace(ONE, name="", organisation="77", hidden=True)
    records = make_records([replace(hidden, sha256=it * 64, school=mask) for it, mask in schools], colleagues=False)
    found = [(it.file, it.organisation, it.school) for it in records]
    assert found == [("111111111111.pdf", "A", "B"), ("222222222222.pdf", "A", "A")]


def test_letters_go_on_after_z() -> None:
    letters = {0: "A", 25: "Z", 26: "AA", 27: "AB", 51: "AZ", 52: "BA", 701: "ZZ", 702: "AAA"}
    assert {number: write_letter(number) for number in letters} == letters
