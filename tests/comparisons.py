"""Made-up comparisons: what a report is made of, without any form."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import cycle

from pipeline.compare.scores import find_band, round_mean
from pipeline.compare.values import (
    Cell,
    Comparison,
    Hidden,
    Questionnaire,
    Quote,
    Round,
    Row,
    RowKind,
    Scale,
    Subject,
    Table,
)

SCHOOLS = (
    "De Wilgen", "Het Kompas", "Sint-Jozef", "De Regenboog", "De Springplank", "OBS De Zonnewijzer", "De Vlieger",
    "Prinses Beatrix", "Christelijke Daltonschool De Vier Windstreken", "De Horizon", "’t Schrijverke", "De Ark",
    "De Bron", "Het Palet", "De Kring", "De Linde", "De Meander", "Mariaschool", "De Notenboom", "De Parel",
    "De Schakel", "De Toermalijn", "Windkracht 8", "De Zevensprong",
)  # fmt: skip
DIMENSIONS = (
    "Een gedeelde visie en ambitie", "Professioneel leren", "Teamleren en samenwerken", "Feedback en gegevens benutten",
    "Leren met partners en omgeving", "Onderzoekscultuur", "Gespreid leiderschap", "Structuur en beleid als voorwaarde",
)  # fmt: skip
COLOURS = ("delfts", "weide", "den", "oker", "wad", "turf", "baksteen", "pruim")
SCALE = Scale(
    ("1", "2", "3", "4"),
    ("nog niet zichtbaar", "begin gemaakt", "meestal zichtbaar", "vanzelf\u00adsprekend"),
    frozenset({"weet-ik-niet"}),
)
LETTERS = Scale(("a", "b", "c"), ("selten", "manchmal", "oft"))
ROUNDS = (
    Round("voorjaar", "voorjaar 2026", dt.date(2026, 3, 1), dt.date(2026, 6, 30)),
    Round("najaar", "najaar 2026", dt.date(2026, 9, 1), dt.date(2026, 12, 31)),
    Round("later", "voorjaar 2027", dt.date(2027, 3, 1), dt.date(2027, 6, 30)),
)


def make_questionnaire(
    titles: Sequence[str] = DIMENSIONS, scale: Scale = SCALE, side: str = "school", folder: str = "dimensions"
) -> Questionnaire:
    """Return what a form asks; of several sides with one folder the subjects are the same."""
    subjects = tuple(
        Subject(n, f"D{n}", title, colour, tuple(f"D{n}-S{k}" for k in range(1, 6)), f"D{n}-gewenst", least=3)
        for n, (title, colour) in enumerate(zip(titles, cycle(COLOURS), strict=False), 1)
    )
    return Questionnaire(
        f"analyseformulier-{side}", "2026-11", f"Analyseformulier {side}", side, folder, subjects, scale
    )


def make_cell(chance: random.Random, high: int, people: int, wished: bool = True) -> Cell:
    """Return numbers that could be: the mean between the lowest and the highest answer."""
    low, top = sorted((chance.randint(1, high), chance.randint(1, high)))
    exact = low + Fraction(chance.randint(0, 20) * (top - low), 20)
    mean, band = round_mean(exact), find_band(exact, high)
    wish = min(Fraction(high), mean + Fraction(chance.randint(0, 12), 10)) if wished else None
    asked = 5 * people
    return Cell(people, mean, band, low, top, wish, asked - 1, asked, chance.randint(0, 2))


def make_row(
    chance: random.Random, title: str, questionnaire: Questionnaire, kind: RowKind = "school", why: Hidden = ""
) -> Row:
    """Return a row with a number for each subject, or none where it is hidden."""
    if why:
        return Row(title.lower(), title, kind, tuple(Cell(why=why) for _ in questionnaire.subjects), why=why)
    people = chance.randint(5, 40)
    cells = tuple(make_cell(chance, questionnaire.scale.high, people) for _ in questionnaire.subjects)
    return Row(title.lower(), title, kind, cells, max(1, people // 3), people)


def make_table(
    seed: int, questionnaire: Questionnaire, around: Round, schools: Sequence[str] = SCHOOLS, roles: Sequence[str] = ()
) -> Table:
    """Return a form in a round; of many schools the third is too small, and the fifth is hidden with it."""
    chance = random.Random(seed)
    reasons: dict[int, Hidden] = {2: "few", 4: "hidden", 9: "unanswered"} if len(schools) > 5 else {}
    rows = [make_row(chance, title, questionnaire, why=reasons.get(n, "")) for n, title in enumerate(schools)]
    if len(rows) > 6:
        cells = list(rows[6].cells)
        cells[1] = Cell(why="few")
        rows[6] = Row(rows[6].key, rows[6].title, "school", tuple(cells), rows[6].forms, rows[6].people)
    total = make_row(chance, "total", questionnaire, "total")
    asked = tuple(make_row(chance, title, questionnaire, "role") for title in roles)
    return Table(questionnaire, around, total, tuple(rows), asked)


def make_group(
    schools: Sequence[str] = SCHOOLS, titles: Sequence[str] = DIMENSIONS, scale: Scale = SCALE, rounds: int = 2
) -> Comparison:
    """Return a region: boards and schools on the same subjects."""
    school = make_questionnaire(titles, scale)
    board = make_questionnaire(titles, scale, "bestuur")
    tables = [make_table(1, board, ROUNDS[rounds - 1], ())]
    tables += [
        make_table(10 + n, school, around, schools, ("schoolleiding", "leraren"))
        for n, around in enumerate(ROUNDS[:rounds])
    ]
    quotes = (
        Quote(school.form, "najaar", titles[0], "Waar zie je dat aan?", "In elk overleg komt de ambitie terug."),
        Quote(school.form, "najaar", titles[-1], "Eerste stap", "Eén uur per week voor samen lessen voorbereiden."),
    )  # fmt: skip
    return Comparison("regio-noord", "Regio Noord", "group", tuple(tables), quotes)


def make_organisation(rounds: int = 2, titles: Sequence[str] = DIMENSIONS, scale: Scale = SCALE) -> Comparison:
    """Return one school by itself."""
    school = make_questionnaire(titles, scale)
    tables = tuple(make_table(30 + n, school, around, ()) for n, around in enumerate(ROUNDS[:rounds]))
    return Comparison("de-wilgen", "De Wilgen", "organisation", tables)


def make_hidden(kind: str = "group", why: Hidden = "few") -> Comparison:
    """Return a comparison of which nothing may be shown, or is there."""
    school = make_questionnaire()
    chance = random.Random(5)
    rows = tuple(make_row(chance, title, school, why=why) for title in SCHOOLS[:3])
    total = make_row(chance, "total", school, "total", why=why)
    table = Table(school, ROUNDS[0], total, rows if kind == "group" else ())
    return Comparison("verborgen", "Verborgen", "group" if kind == "group" else "organisation", (table,))


def make_protected(hidden: int = 10, rounds: int = 2) -> Comparison:
    """Return a group of which much is hidden: rows, single cells, wishes, the spread of totals, a whole round.

    `hidden`: of its twelve schools those that have no number. Some numbers stand for fewer people than their row.
    """
    group = make_group(SCHOOLS[:12], rounds=rounds)
    board, *tables = group.tables
    nothing = replace(board, total=make_row(random.Random(1), "total", board.questionnaire, "total", "few"))
    return replace(group, title="Regio Zuid", tables=(nothing, *(protect(it, hidden) for it in tables)))


def protect(table: Table, hidden: int) -> Table:
    """Return a form of which the first schools are hidden, and of the others a cell, a wish and some people."""
    schools = []
    for number, row in enumerate(table.schools):
        cells = [make_cell(random.Random(8 * number + k), 4, 9) for k in range(len(row.cells))]
        cells[number % 8] = Cell(why="hidden")
        cells[(number + 1) % 8] = replace(cells[(number + 1) % 8], wish=None)
        cells[(number + 2) % 8] = replace(cells[(number + 2) % 8], people=5)
        why: Hidden = ("few", "hidden", "hidden", "unanswered")[number % 4]
        shown = replace(row, cells=tuple(cells), people=9, forms=3, why="")
        gone = replace(row, cells=tuple(Cell(why=why) for _ in cells), people=None, forms=None, why=why)
        schools.append(gone if number < hidden else shown)
    total = tuple(replace(it, low=None, high=None, given=None, asked=None, unknown=None) for it in table.total.cells)
    few = replace(total[2], people=(table.total.people or 6) - 1)
    whole = (*total[:2], few, *total[3:7], Cell(why="hidden"))
    return replace(table, total=replace(table.total, cells=whole), schools=tuple(schools), roles=table.roles[:1])


def make_empty_round() -> Comparison:
    """Return a group of which nobody answered in its newest round."""
    group = make_group(SCHOOLS[:4], rounds=2)
    *kept, last = group.tables
    rows = tuple(make_row(random.Random(1), it, last.questionnaire, why="unanswered") for it in SCHOOLS[:4])
    total = make_row(random.Random(1), "total", last.questionnaire, "total", "unanswered")
    return replace(group, tables=(*kept, replace(last, total=total, schools=rows, roles=())))
