"""A made-up region as plain responses: boards, schools, rounds, roles; the same for the same number."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from pipeline.compare.groups import Group, Groups
from pipeline.compare.values import Questionnaire, Response, Round, Scale, Subject

WORDS = ("nog niet zichtbaar", "begin gemaakt", "meestal zichtbaar", "vanzelfsprekend")
SCALE = Scale(("1", "2", "3", "4"), WORDS, frozenset({"weet-ik-niet"}))
ROUNDS = (
    Round("najaar", "najaar 2026", dt.date(2026, 9, 1), dt.date(2026, 12, 31)),
    Round("voorjaar", "voorjaar 2027", dt.date(2027, 1, 1), dt.date(2027, 6, 30)),
)
ROLES = {"leiding": ("directeur",), "leraar": ("leerkracht",), "begeleider": ("ib'er",), "ondersteuner": ()}


def make_questionnaire(form: str = "school", subjects: int = 2, items: int = 5) -> Questionnaire:
    asked = tuple(
        Subject(
            it,
            f"D{it}",
            f"Dimensie {it}",
            "mos",
            tuple(f"D{it}-S{number}" for number in range(1, items + 1)),
            f"D{it}-gewenst",
            ((f"D{it}-waaraan", "Waar zie je dat aan?"),),
            min(3, items),
        )
        for it in range(1, subjects + 1)
    )
    return Questionnaire(form, "2026-11", f"Formulier {form}", form, "dimensions", asked, SCALE)


def respond(
    asked: Questionnaire,
    where: tuple[str, str, str],
    people: int,
    answers: Sequence[int | None],
    date: dt.date | None = ROUNDS[0].first,
    wish: int | None = None,
) -> Response:
    """One form: the same answer to all statements of a subject, by subject; None is left open."""
    values: dict[str, str] = {}
    for subject, answer in zip(asked.subjects, answers, strict=True):
        if answer is not None:
            values |= dict.fromkeys(subject.items, str(answer))
            values |= {subject.wish: str(wish)} if wish else {}
    name = "-".join((*where, str(people)))
    return Response(f"{name}.pdf", asked.form, *where, date, people, values)


def fill_in(
    chance: random.Random, asked: Questionnaire, where: tuple[str, str, str], people: int, date: dt.date
) -> Response:
    """One form as people fill it in: around a level of their school, now and then something left open."""
    level = chance.uniform(1.2, 3.8)
    values = {}
    for subject in asked.subjects:
        for item in subject.items:
            drawn = min(4, max(1, round(chance.gauss(level, 0.8))))
            values[item] = chance.choices([str(drawn), "weet-ik-niet", ""], [90, 6, 4])[0]
        if chance.random() < 0.9:
            values[subject.wish] = str(chance.randint(2, 4))
    return Response(f"{'-'.join(where)}-{chance.random()}.pdf", asked.form, *where, date, people, values)


def make_region(
    seed: int, boards: int = 3, schools: int = 24, forms: Sequence[Questionnaire] = (), roles: bool = True
) -> tuple[list[Response], Groups]:
    """Responses of schools under boards in two rounds; and groups: each board, the region, a part across boards."""
    chance = random.Random(seed)
    names = [(f"Bestuur {number % boards + 1}", f"School {number + 1:02}") for number in range(schools)]
    said = [*ROLES, "conciërge"] if roles else [""]
    responses = []
    for asked in forms or (make_questionnaire(),):
        for round_ in ROUNDS:
            for school in names:
                for _ in range(chance.choice([0, 1, 1, 2, 3, 5, 8])):
                    date = round_.first + dt.timedelta(chance.randint(0, 60))
                    where = (*school, chance.choices(said, [2, 6, 2, 1, 1])[0] if roles else "")
                    responses.append(fill_in(chance, asked, where, chance.choice([1, 1, 1, 2, 3, 6]), date))
    there = sorted({(it.organisation, it.school) for it in responses})
    groups = [
        Group(f"bestuur-{number}", f"Bestuur {number}", tuple(it for it in there if it[0] == f"Bestuur {number}"))
        for number in range(1, boards + 1)
    ]
    groups.append(Group("regio", "De regio", tuple(there)))
    groups.append(Group("netwerk", "Een netwerk", tuple(chance.sample(there, len(there) // 2))))
    return responses, Groups(tuple(groups), ROUNDS, roles=ROLES if roles else {}, named=frozenset(there))
