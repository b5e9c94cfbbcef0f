"""A region of three boards and 24 schools, two rounds: filled, collected, reported; every number reckoned twice.

What is printed is held against `reckoning.py`, which knows nothing of the pipeline's own reckoning.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from pipeline.build import Options, build
from pipeline.collect.records import read_records
from pipeline.compare.publish import compare_groups
from pipeline.compare.questionnaires import make_questionnaires
from pipeline.compare.read_groups import read_groups
from pipeline.content.define import plain
from pipeline.content.read import read_toolbox
from pipeline.content.report_words import ReportWords
from pipeline.content.toolbox import Toolbox
from pipeline.copies import make_copy
from pipeline.report import list_responses, make_workbook, read_salt
from tests.collecting import load_toolbox, make_blank
from tests.conftest import HERE, edit
from tests.printed import Asked, Printed
from tests.published import Found, check_workbook, read_sheets
from tests.reckoning import BORDERS, PARTS, Group, Reckoner, Rules, list_letters, read_forms, reckon
from tests.region import BOARD, BOARDS, ROUNDS, SCAN, SCHOOL, Return, choose_program, fill_region, make_region
from tests.tagged_text import Block, read_blocks

pytestmark = pytest.mark.slow

PATIENCE = 900  # seconds
# Of the rows of five people and more: how many are shown, at least. The share is printed (pytest -s).
SHOWN_LEAST = 0.75

ROUNDS_FILE = """
rounds:
  - {name: voorjaar-2026, title: voorjaar 2026, first: 2026-04-01, last: 2026-06-30}
  - {name: voorjaar-2027, title: voorjaar 2027, first: 2027-04-01, last: 2027-06-30}
"""
GROUPS = f"""
title: Regio aan het water
{ROUNDS_FILE}
groups:
  boomgaard:
    title: De Boomgaard
    organisation: Stichting De Boomgaard
    show_schools: true
    order: chosen
    schools: [De Hazelaar, De Gagel, De Fluweelboom, De Eik, De Den, De Ceder, De Beuk, De Appel]
  struweel: {{title: Stichting Het Struweel, organisation: Stichting Het Struweel}}
  laan: {{title: Stichting De Laan, organisation: Stichting De Laan}}
  regio: {{title: De regio, groups: [boomgaard, struweel, laan]}}
roles:
  leiding: [schoolleider]
  leraar: [leraar]
  begeleider: [intern begeleider]
"""
FORMS = {
    BOARD: ("Analyseformulier bestuur", "bestuur"),
    SCHOOL: ("Analyseformulier school", "school"),
    SCAN: ("Scan Samen Opleiden", "Scan Samen Opleid"),  # 31 letters in a sheet's name: the round tells sheets apart
}
ROLES = {"leiding": ("schoolleider",), "leraar": ("leraar",), "begeleider": ("intern begeleider",)}
YEARS = {"2026": "voorjaar 2026", "2027": "voorjaar 2027"}
PERIODS = (
    "voorjaar 2026: 1 april 2026 tot en met 30 juni 2026",
    "voorjaar 2027: 1 april 2027 tot en met 30 juni 2027",
)
EDITION = "Toolbox lerende organisatie, uitgave 2026, 23 november 2026"
TOTAL = "Alle scholen samen"
NAMED, OTHER, LAST = BOARDS  # the first says that its schools are shown, and in which order
CHOSEN = ("Hazelaar", "Gagel", "Fluweelboom", "Eik", "Den", "Ceder", "Beuk", "Appel")

# What has to be seen at least once in all reports together.
SEEN = (
    "numbers", "chart", "overview", "subject by school", "standing", "distribution", "differences", "wishes", "changes",
    "changed schools", "sides", "roles", "answers apart", "points", "do not know", "counts", "rows hidden",
    "cells hidden", "fewer people", "wishes: clear", "wishes: not clear", "changes: clear", "changes: not clear",
    "differences: clear", "differences: not clear", "sides: clear", "sides: not clear",
)  # fmt: skip


def start(*args: str | Path) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    command = [sys.executable, "-m", "pipeline", *map(str, args)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(*processes: subprocess.Popen[str]) -> str:
    """Wait for them; return what the last one said."""
    out = ""
    for process in processes:
        out, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said + out
    return out


def speak(toolbox: Toolbox, language: str = "nl") -> ReportWords:
    words = toolbox.press.words[language].report
    assert words is not None
    return words


@dataclass(frozen=True)
class Region:
    """What was filled in, and where its reports are.

    Attributes:
        returns: every form.
        folder: what was collected, with the reports of all groups, and two that are for one alone.
        second: a copy of it, in which only a school's own report was made.
        again: name of each group -> its workbook, made anew in another process: it goes through sets in another order.
    """

    returns: tuple[Return, ...]
    folder: Path
    second: Path
    again: Mapping[str, bytes]

    @cached_property
    def reckoner(self) -> Reckoner:
        """The second reckoning of what `folder` reports."""
        salt = str(json.loads((self.folder / "key.json").read_text())["salt"])
        schools = [(board, f"De {name}") for board, names in BOARDS.items() for name in names]
        letters = list_letters(schools, salt)
        chosen = [(NAMED, f"De {name}") for name in CHOSEN]
        groups = []
        for name, title, boards in (
            ("boomgaard", "De Boomgaard", [NAMED]),
            ("struweel", OTHER, [OTHER]),
            ("laan", LAST, [LAST]),
            ("regio", "De regio", [*BOARDS]),
        ):
            titles = {it: it[1] for it in (chosen if name == "boomgaard" else sorted(chosen)) if it[0] in boards}
            rest = sorted((letters[it], it) for it in schools if it[0] in boards and it[0] != NAMED)
            titles |= {it: f"School {letter}" for letter, it in rest}
            groups.append(Group(name, title, titles, hold(boards), TOTAL))
        return Reckoner(self.returns, read_forms(load_toolbox(), FORMS), groups, ROLES, YEARS)

    @cached_property
    def founds(self) -> dict[str, Found]:
        """Name of a report -> what its workbook shows."""
        return check(self)

    def read(self, group: Group) -> list[Block]:
        """Return the blocks of a report for the screen; each is read once."""
        path = self.folder / f"reports/screen/{group.name}.pdf"
        if path not in self._blocks:
            self._blocks[path] = read_blocks(path.read_bytes())
        return list(self._blocks[path])

    @cached_property
    def _blocks(self) -> dict[Path, list[Block]]:
        return {}

    def list_reports(self) -> list[Group]:
        """Return what each report is of."""
        return [*self.reckoner.groups, *OWN]


def hold(boards: Sequence[str]) -> Callable[[Return], bool]:
    """The forms of these boards, and of their schools."""
    return lambda it: it.organisation in boards


OWN = (
    Group("stichting-de-boomgaard", NAMED, {}, lambda it: it.organisation == NAMED, NAMED, alone=True),
    Group("de-beuk", "De Beuk", {}, lambda it: it.school == "De Beuk", "De Beuk", alone=True),
)


@dataclass(frozen=True)
class Collected:
    """A region whose forms were collected; `reporting`: what makes the reports of its groups."""

    returns: tuple[Return, ...]
    project: Path
    folder: Path
    reporting: subprocess.Popen[str]


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    """The region: filled in, collected round by round; its reports are being made."""
    base = tmp_path_factory.mktemp("region")
    project, returned, folder = base / "project", base / "returned", base / "collected"
    project.mkdir()
    returns = make_region(load_toolbox())
    blank = {form: make_blank(form) for form in FORMS}
    collecting: list[subprocess.Popen[str]] = []
    told = ""
    for year, _ in ROUNDS:  # while one round is collected the next one is filled in
        fill_region(blank, [it for it in returns if it.round == year], returned)
        told = finish(*collecting)
        collecting = [start("collect", returned / year, "--out", folder, "--project", project, "--no-again")]
    told = finish(*collecting)
    assert f"accepted: {len(returns)}\n" in told
    (folder / "groepen.yml").write_text(GROUPS, "utf-8")
    shutil.copytree(folder, base / "second")
    return Collected(tuple(returns), project, folder, start("report", folder, "--project", project))


@pytest.fixture(scope="module")
def region(collected: Collected, talks: object) -> Region:
    """The region with all its reports; `talks` is asked for since it can be made while they are."""
    folder, project = collected.folder, collected.project
    second = folder.parent / "second"
    for where, name in ((folder, NAMED), (folder, "De Beuk"), (second, "De Beuk")):
        finish(start("report", where, "--project", project, "--organisation", name))
    again = make_again(second)
    finish(collected.reporting)
    return Region(collected.returns, folder, second, again)


def make_again(folder: Path) -> dict[str, bytes]:
    """Return the workbook of each group, as it is made in this process."""
    toolbox, responses = load_toolbox(), tuple(list_responses(read_records(folder)))
    groups = read_groups(folder / "groepen.yml", responses)
    made = compare_groups(responses, make_questionnaires(toolbox), groups, salt=read_salt(folder))
    return {it.name: make_workbook(toolbox, it) for it in made.comparisons}


# ------------------------------------------------------------------------------------------ what is reported


def load_sheets(folder: Path, group: Group) -> dict[str, list[list[Any]]]:
    return read_sheets((folder / f"reports/{group.name}.xlsx").read_bytes())


def check(region: Region) -> dict[str, Found]:
    """Return name of a report -> what its workbook shows, and what is wrong in it."""
    words = speak(load_toolbox())
    return {
        it.name: check_workbook(load_sheets(region.folder, it), region.reckoner, it, words)
        for it in region.list_reports()
    }


def ask(toolbox: Toolbox, reckoner: Reckoner, group: Group, found: Found) -> Asked:
    framework = toolbox.framework
    assert framework is not None
    aspects: dict[int, list[str]] = {}
    for it in toolbox.aspects.values():
        for number in it.it.dimensions:
            aspects.setdefault(number, []).append(it.it.name)
    return Asked(
        reckoner,
        group,
        speak(toolbox),
        found,
        sides=[(BOARD, SCHOOL)],
        cards=(BOARD, SCHOOL),
        short={it.dimension.number: plain(it.dimension.short) for it in toolbox.folders["dimensions"]},
        aspects=aspects,
        phases=[it.name.lower() for it in framework.it.phases.values()],
        periods=PERIODS,
        edition=EDITION,
    )


def test_every_number_in_the_workbooks_agrees(region: Region) -> None:
    counts: Counter[str] = Counter()
    for name, found in region.founds.items():
        assert found.wrong == [], f"{name}: {len(found.wrong)} do not agree"
        counts += found.counts
    assert counts["checked"] > 10_000
    for name in ("lowest", "highest", "wish", "given", "asked", "unknown"):
        assert counts[f"{name} shown"] > 100


def test_every_number_in_print_agrees(region: Region) -> None:
    toolbox, seen = load_toolbox(), Counter[str]()
    for group in region.list_reports():
        asked = ask(toolbox, region.reckoner, group, region.founds[group.name])
        printed = Printed(asked).read(region.read(group))
        assert printed.wrong == [], group.name
        seen += printed.seen
    assert {it for it in SEEN if not seen[it]} == set()


def test_both_media_say_the_same_on_each_page(region: Region) -> None:
    words = speak(load_toolbox())
    for group in region.list_reports():
        files = (region.folder / f"reports/{medium}/{group.name}.pdf" for medium in ("screen", "print"))
        screen, paper = map(read_pages, files)
        assert screen == paper, group.name
        for number, text in enumerate(screen, start=1):
            assert words.page.format(page=number, pages=len(screen)) in text


def test_the_list_of_contents_leads_to_what_it_says(region: Region) -> None:
    words = speak(load_toolbox())
    for group in region.list_reports():
        path = region.folder / f"reports/screen/{group.name}.pdf"
        heads: dict[int, list[str]] = {}
        for it in region.read(group):
            if it.tag in ("H1", "H2"):
                heads.setdefault(it.page + 1, []).append(it.text)
        lines = read_pages(path)[0].rpartition(words.contents)[2].split("\n")
        entries = [line.split(" ", 1) for line in lines if line[:1].isdigit()]
        assert len(entries) > 3
        for page, title in entries:
            there = heads[int(page)]
            of_subjects = title == words.subjects.heading and there[0][0] == "1"
            assert of_subjects or any(title.startswith(it) for it in there), (title, there)


def read_pages(path: Path) -> list[str]:
    """Return the text of each page as it is seen."""
    document = pypdfium2.PdfDocument(path)
    pages = [page.get_textpage().get_text_bounded().replace("\r", "") for page in document]
    document.close()
    return pages


def test_points_lead_to_the_page_on_which_the_booklet_has_the_aspect(region: Region, tmp_path: Path) -> None:
    build(tmp_path, Options(products=("werkwijzer-leraar",), media=("screen",), jobs=1)).require_success()
    booklet = read_blocks((tmp_path / "build/screen/werkwijzer-leraar.pdf").read_bytes())
    aspects = {it.it.name for it in load_toolbox().aspects.values()}
    pages = {name: min(it.page for it in booklet if it.tag == "H1" and name in it.text) + 1 for name in aspects}
    assert len(pages) == 4
    led = 0
    for group in OWN:
        blocks = region.read(group)
        for line, next_one in pairwise(blocks):
            if line.tag == "P" and (found := re.fullmatch("Werkwijzer, (.*): .*", line.text)):
                assert f"leraar blz. {pages[found[1]]}" in next_one.text.split(" · ")
                led += 1
    assert led > 3


def test_reported_twice_everything_is_the_same(region: Region) -> None:
    first, second = (
        {it.relative_to(folder).as_posix(): it.read_bytes() for it in (folder / "reports").rglob("*") if it.is_file()}
        for folder in (region.folder, region.second)
    )
    assert len(second) == 3
    assert [name for name, raw in second.items() if first[name] != raw] == []
    assert [it for it, raw in region.again.items() if first[f"reports/{it}.xlsx"] != raw] == []
    assert len(region.again) == len(region.reckoner.groups)


def test_small_rows_are_hidden_and_others_mostly_not(region: Region) -> None:
    """That no small one is shown is a part of every check of a workbook; here: that there are some of each."""
    small = large = shown = 0
    for group in region.reckoner.groups:
        found = region.founds[group.name]
        for form, year in region.reckoner.list_tables(group):
            for line in region.reckoner.list_lines(group, form, year):
                small += line.small
                large += line.people >= 5
                shown += (form.id, year, line.title) in found.people
    share = shown / large
    sys.stdout.write(f"{shown} of {large} rows of five people and more are shown ({share:.0%}); {small} are of fewer\n")
    assert small > 20
    assert share >= SHOWN_LEAST


# ------------------------------------------------------------------------------------------ that it can fail


def test_the_region_holds_what_is_hard(region: Region) -> None:
    forms = {it.id: it for it in region.reckoner.forms}
    asked = forms[SCHOOL]
    few = halves = borders = 0
    for it in region.returns:
        for question in asked.questions if it.form == SCHOOL else ():
            marks = [int(it.values[name]) for name in question.statements if it.values.get(name, "x") in asked.answers]
            few += len(marks) == 2
            halves += len(marks) == 4 and sum(marks) * 100 // 4 % 10 == 5
            borders += bool(marks) and any(sum(marks) * below == above * len(marks) for above, below in BORDERS[4])
    assert min(few, halves, borders) >= 5
    assert len({choose_program(number) for number in range(len(region.returns))}) >= 2
    totals = region.reckoner.list_lines(region.reckoner.groups[-1], asked, "2026")[0]
    assert reckon(totals.forms, asked, asked.questions[0], (), Rules()).unknown > 0
    assert PARTS % 5 == PARTS % 4 == PARTS % 3 == 0


@pytest.mark.parametrize(
    "rules",
    [Rules(pooled=True), Rules(least=2), Rules(least=4), Rules(even=True), Rules(border=True)],
    ids=["mean of all answers", "two answers are enough", "four answers are needed", "halves to even", "border below"],
)
def test_a_wrong_rule_is_found_out(rules: Rules, region: Region) -> None:
    group = OWN[0]
    assert (
        check_workbook(load_sheets(region.folder, group), region.reckoner.by(rules), group, speak(load_toolbox())).wrong
        != []
    )


def find_cell(rows: list[list[Any]], column: int) -> list[Any]:
    return next(row for row in rows[1:] if row[column] != "" and row[6] != "")


@pytest.mark.parametrize("column", [3, 4, 6, 7, 8, 9, 10, 11, 12, 13])
def test_one_changed_cell_of_all_numbers_is_found(column: int, region: Region) -> None:
    group = OWN[0]
    sheets = load_sheets(region.folder, group)
    row = find_cell(next(iter(sheets.values())), column)
    row[column] = row[column] + " " if isinstance(row[column], str) else row[column] + 1
    assert len(check_workbook(sheets, region.reckoner, group, speak(load_toolbox())).wrong) == 1


@pytest.mark.parametrize("change", ["mean", "people", "sheet", "column", "row", "order", "shown"])
def test_a_changed_table_is_found(change: str, region: Region) -> None:
    group = region.reckoner.groups[0]
    sheets = load_sheets(region.folder, group)
    assert check_workbook(sheets, region.reckoner, group, speak(load_toolbox())).wrong == []
    name = next(it for it in sheets if it.startswith("school"))
    rows = sheets[name]
    match change:
        case "mean":
            rows[1][2] = round(rows[1][2] + 0.1, 1)
        case "people":
            rows[1][1] += 1
        case "sheet":
            sheets["Extra"] = [["n"], [3]]
        case "column":
            for row in rows:
                row.append(1)
        case "row":
            rows.append(list(rows[1]))
        case "order":
            rows[2], rows[3] = rows[3], rows[2]
        case _:  # a small school is shown after all
            next(row for row in rows if row[0] == "De Gagel")[1] = 3
    assert check_workbook(sheets, region.reckoner, group, speak(load_toolbox())).wrong != []


TABLES: Mapping[str, tuple[str, int]] = {
    "standing": ("in woorden", 1),
    "wishes": ("duidelijk?", 2),
    "difference": ("verschil", 3),
    "changes": ("verandering", 3),
    "answers": ("beantwoord", -1),
}


@pytest.mark.parametrize("name", TABLES)
def test_one_changed_number_in_print_is_found(name: str, region: Region) -> None:
    group, (head, column) = OWN[0], TABLES[name]
    found = region.founds[group.name]
    asked = ask(load_toolbox(), region.reckoner, group, found)
    blocks = region.read(group)
    assert Printed(asked).read(blocks).wrong == []
    place = next(number for number, it in enumerate(blocks) if it.rows and head in it.rows[0] and len(it.rows[1]) > 3)
    rows = [list(row) for row in blocks[place].rows]
    row = next(it for it in rows[1:] if len(it) == len(rows[0]) and it[column][-1:].isdigit())
    row[column] = row[column][:-1] + str((int(row[column][-1]) + 1) % 10)
    blocks[place] = blocks[place]._replace(rows=tuple(map(tuple, rows)))
    assert Printed(asked).read(blocks).wrong != []


def test_a_number_in_a_sentence_that_nobody_knows_is_found(region: Region) -> None:
    group = OWN[0]
    found = region.founds[group.name]
    asked = ask(load_toolbox(), region.reckoner, group, found)
    blocks = region.read(group)
    sentences = [number for number, it in enumerate(blocks) if it.tag == "P" and "keer)" in it.text]
    assert sentences
    place = sentences[0]
    blocks[place] = blocks[place]._replace(text=blocks[place].text.replace(" keer", "1 keer", 1))
    assert Printed(asked).read(blocks).wrong != []


SAID: Mapping[str, tuple[str, str, str]] = {
    "people on the first page": ("P", r"(?<=mensen: )\d", "9"),
    "a name less below a table": ("P", r"^(Niet getoond, .*), [^,]+\.$", r"\1."),
    "a reason": ("P", r"^Niet getoond, omdat er anders iets terug te rekenen is", "Niet ingevuld"),
    "people behind a number": ("P", r"^(Achter een getal met .*)\d\)", r"\1x)"),
    "a chart of more rows": ("Figure", r"met \d+ rijen", "met 99 rijen"),
    "a chart of another thing": ("Figure", r", gewenst", ""),
    "people of a round": ("P", r"\(n = \d+\)", "(n = 1)"),
    "hidden rows": ("P", r"^\d+ van (\d+ rijen met antwoorden .*)$", r"0 van \1"),
    "a version": ("P", r"versie 2026-11$", "versie 2025-11"),
}


@pytest.mark.parametrize("name", SAID)
def test_one_changed_text_around_tables_is_found(name: str, region: Region) -> None:
    group, (tag, old, new) = region.reckoner.groups[0], SAID[name]
    asked, blocks = ask(load_toolbox(), region.reckoner, group, region.founds[group.name]), region.read(group)
    place = next(number for number, it in enumerate(blocks) if it.tag == tag and re.search(old, it.text))
    blocks[place] = blocks[place]._replace(text=re.sub(old, new, blocks[place].text, count=1))
    assert Printed(asked).read(blocks).wrong != []


@pytest.mark.parametrize("kind", ["overview", "roles", "differences", "changes", "sides"])
def test_a_table_that_is_not_there_is_found(kind: str, region: Region) -> None:
    group = region.reckoner.groups[-1]
    asked = ask(load_toolbox(), region.reckoner, group, region.founds[group.name])
    heading = getattr(asked.words, kind).heading
    blocks, left, inside = region.read(group), [], False
    for it in blocks:
        inside = it.text == heading if it.tag in ("H1", "H2") else inside
        left += [] if inside else [it]
    assert len(left) < len(blocks)
    assert Printed(asked).read(left).wrong != []


# ------------------------------------------------------------------------------------------ another project

TALK = """
title: Kurz gefragt
version: '1'
colour: wald
side: {name: Team, look: solid}
subjects:
  name: Thema
  circle_alt: Kreis aus {total} Themen, Nummer {number} ist gefüllt.
  list:
    - {number: 1, code: T1, title: Ruhe, phases: {a: Laut., b: Meist ruhig., c: Alle achten darauf.}}
    - {number: 2, code: T2, title: Fragen, phases: {a: Die Lehrkraft., b: Auch Kinder., c: Fragen führen.}}
    - {number: 7, code: T7, title: Rückmeldung, phases: {a: Selten., b: Am Ende., c: Laufend.}}
scale:
  words: {a: Anfang, b: Aufbau, c: Alltag}
pages:
  - title: Angaben
    blocks:
      - kind: fields
        heading: Wer
        help: Keine Namen.
        fields:
          - {name: traeger, label: Träger}
          - {name: schule, label: Schule}
          - {name: rolle, label: Rolle}
          - {name: tag, label: Tag, type: date, width: third}
          - {name: zahl, label: Zahl, type: number, width: third}
  - each: true
    blocks:
      - kind: phases
        name: '{code}'
        heading: Stufe
        help: Eine.
        now: heute
        wish: {name: '{code}-ziel', label: Ziel}
"""
TALKED = {"kurzgefragt": ("Kurz gefragt Team", "Team")}
HALVES = {"2026": "Frühjahr 2026", "2027": "Frühjahr 2027"}
GERMAN_GROUPS = """
rounds:
  - {name: f26, title: Frühjahr 2026, first: 2026-03-01, last: 2026-05-31}
  - {name: f27, title: Frühjahr 2027, first: 2027-03-01, last: 2027-05-31}
groups:
  kreis: {title: Der Kreis, organisation: Träger Süd, show_schools: true}
"""
GERMAN_PERIODS = (
    "Frühjahr 2026: 1. März 2026 bis 31. Mai 2026",
    "Frühjahr 2027: 1. März 2027 bis 31. Mai 2027",
)


def make_talks() -> list[Return]:
    """Five schools with two roles each, one of them small in the first year."""
    chance, found = random.Random(3), []
    for year in HALVES:
        for number, school in enumerate(("Am Anger", "Am Bach", "An der Linde", "Im Grund", "Zur Mühle")):
            for role in ("Leitung", "Lehrkraft"):
                people = 1 if (year, number) == ("2026", 2) else chance.randint(5, 9)
                date = f"{chance.randint(1, 28):02}.04.{year}"
                said = {"traeger": "Träger Süd", "schule": school, "rolle": role, "tag": date, "zahl": str(people)}
                for code in ("T1", "T2", "T7"):
                    said |= {name: chance.choice("abc") for name in (code, f"{code}-ziel") if chance.random() < 0.9}
                found.append(Return("Träger Süd", school, role, date, people, False, "kurzgefragt", year, said))
    return found


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Toolbox, Path, list[Return]]:
    """A German project with a form of its own, whose scale is of letters: filled in, collected, reported."""
    base = tmp_path_factory.mktemp("talks")
    project, folder = base / "besuch", base / "gesammelt"
    shutil.copytree(HERE / "projects/besuch", project, ignore=shutil.ignore_patterns("build"))
    (project / "content/forms/kurzgefragt.yml").write_text(TALK, "utf-8")
    context = "context: {organisation: traeger, school: schule, role: rolle, date: tag, people: zahl}\n"
    edit(project / "content/toolbox.yml", "products:\n", context + "products:\n  - {name: kurzgefragt, kind: form}\n")
    make_copy(project, "kurzgefragt", {}, base / "leer.pdf")
    returns = make_talks()
    fill_region({"kurzgefragt": (base / "leer.pdf").read_bytes()}, returns, base / "zurück")
    told = finish(start("collect", base / "zurück", "--out", folder, "--project", project))
    assert f"accepted: {len(returns)}\n" in told
    (folder / "groepen.yml").write_text(GERMAN_GROUPS, "utf-8")
    both: tuple[list[str], ...] = ([], ["--organisation", "Zur Mühle"])
    finish(*(start("report", folder, "--project", project, *args) for args in both))
    return read_toolbox(project), folder, returns


@pytest.mark.parametrize("name", ["kreis", "zur-muhle"])
def test_another_language_and_a_scale_of_letters_agree_too(
    name: str, talks: tuple[Toolbox, Path, list[Return]]
) -> None:
    toolbox, folder, returns = talks
    words = speak(toolbox, "de")
    schools = {("Träger Süd", it): it for it in sorted({it.school for it in returns})}
    if name == "kreis":
        group = Group(name, "Der Kreis", schools, lambda _: True, words.columns.total)
    else:
        group = Group(name, "Zur Mühle", {}, lambda it: it.school == "Zur Mühle", "Zur Mühle", alone=True)
    reckoner = Reckoner(returns, read_forms(toolbox, TALKED), [group], {}, HALVES)
    found = check_workbook(load_sheets(folder, group), reckoner, group, words)
    assert found.wrong == []
    assert found.counts["wish shown"] > 4
    edition = "Kollegiale Besuche, Ausgabe Probe, 23. November 2026"
    asked = Asked(reckoner, group, words, found, periods=GERMAN_PERIODS, edition=edition)
    printed = Printed(asked).read(read_blocks((folder / f"reports/screen/{name}.pdf").read_bytes()))
    assert printed.wrong == [], printed.wrong
    assert printed.seen["numbers"] > 2
