"""A region that there is not: 3 boards, 24 schools named after trees, two rounds, and the forms that they send back."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from pipeline.content.definition import Definition
from pipeline.content.toolbox import Toolbox
from tests.programs import fill_pdfium, fill_pdfjs, fill_pdftk, fill_pypdf, installed

BOARDS: Mapping[str, tuple[str, ...]] = {
    "Stichting De Boomgaard": ("Appel", "Beuk", "Ceder", "Den", "Eik", "Fluweelboom", "Gagel", "Hazelaar"),
    "Stichting Het Struweel": ("Iep", "Jeneverbes", "Kastanje", "Linde", "Meidoorn", "Notelaar", "Olijf", "Populier"),
    "Stichting De Laan": ("Robinia", "Spar", "Taxus", "Vlier", "Wilg", "Acacia", "Berk", "Esdoorn"),
}
SMALL = frozenset({"De Gagel", "De Olijf", "De Taxus"})  # schools with fewer than five people
FEW = frozenset({"Stichting De Laan"})  # a board of fewer than five
SILENT = frozenset({"De Robinia"})  # a school that sends back nothing in the second round
ROUNDS = (("2026", "{day:02}-04-2026"), ("2027", "{day:02}-04-2027"))
SCHOOL, BOARD, SCAN = "analyseformulier-school", "analyseformulier-bestuur", "scan-samen-opleiden"
ROLES = ("schoolleider", "leraar", "intern begeleider")
UNKNOWN = "weet-ik-niet"
SCANNING = (0, 2, 6)  # which schools of a board fill in the scan too; small ones are among them
# Program -> every how many forms it fills in one. PDFium does all the others: it takes a tenth of the time.
OTHERS = {
    fill_pdftk: 60 if shutil.which("pdftk") else 0,
    fill_pdfjs: 30 if installed.HAS_PDFJS and shutil.which("node") else 0,
    fill_pypdf: 40,
}
OUTSIDE = (fill_pdftk, fill_pdfjs)  # in processes of their own


@dataclass(frozen=True)
class Return:
    """One form that somebody sends back.

    Attributes:
        organisation, school, role, date, people: as the form says; no school on the form of a board.
        joint: filled in together.
        form: its id.
        round: the year.
        values: name of a field -> answer, with those above; fields that are left open are not there.
    """

    organisation: str
    school: str
    role: str
    date: str
    people: int
    joint: bool
    form: str
    round: str
    values: Mapping[str, str]

    @property
    def file(self) -> str:
        """Where it lies: a folder for each round and organisation."""
        who = f"{self.school or 'bestuur'} {self.role} {self.form}".replace("/", "-")
        return f"{self.round}/{self.organisation}/{who}.pdf"


def make_region(toolbox: Toolbox, seed: int = 7) -> list[Return]:
    """Return every form of the region; the same seed gives the same forms."""
    chance = random.Random(seed)
    found = []
    for number, (year, day) in enumerate(ROUNDS):
        for organisation, names in BOARDS.items():
            date = day.format(day=chance.randint(1, 28))
            said = _Said(toolbox, chance, number, organisation, date, year)
            people = chance.randint(2, 3) if organisation in FEW else chance.randint(5, 8)
            found.append(said.answer(BOARD, "", "bestuurder", people, joint=True))
            for index, name in enumerate(names):
                school = f"De {name}"
                if number and school in SILENT:
                    continue
                if index % 3 == 0:  # one form, filled in together
                    people = chance.randint(2, 4) if school in SMALL else chance.randint(6, 14)
                    found.append(said.answer(SCHOOL, school, "team", people, joint=True))
                else:  # a form for each role; in some schools only of those who teach
                    people, roles = 1 if school in SMALL else chance.randint(2, 6), ROLES[index % 3 - 1 :]
                    found += [said.answer(SCHOOL, school, role, people, joint=people > 1) for role in roles]
                if index in SCANNING:
                    people = chance.randint(1, 3) if school in SMALL else chance.randint(5, 9)
                    found.append(said.answer(SCAN, school, "opleidingsteam", people, joint=people > 1))
    return found


def choose_program(number: int) -> ModuleType:
    """Return which program fills in a form, by its number."""
    return next((it for it, every in OTHERS.items() if every and number % every == every - 1), fill_pdfium)


def fill_region(blank: Mapping[str, bytes], returns: Sequence[Return], folder: Path) -> dict[str, Return]:
    """Fill in every form with one of the programs; return file -> what was filled in.

    Args:
        blank: id of a form -> the form.
        returns: what is filled in.
        folder: where they are put, as `Return.file` says.
    """

    def fill(number: int) -> None:
        it = returns[number]
        path = folder / it.file
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as scratch:  # of its own: programs leave their questions there
            path.write_bytes(choose_program(number).fill(blank[it.form], it.values, Path(scratch)))

    outside = [number for number in range(len(returns)) if choose_program(number) in OUTSIDE]
    with ThreadPoolExecutor(1) as beside:  # waits for processes while the others, which are libraries, work
        waiting = beside.map(fill, outside)
        for number in sorted(set(range(len(returns))) - set(outside)):
            fill(number)
        list(waiting)
    return {it.file: it for it in returns}


@dataclass(frozen=True)
class _Said:
    """What the forms of one organisation in one round have in common."""

    toolbox: Toolbox
    chance: random.Random
    number: int
    organisation: str
    date: str
    year: str

    def answer(self, form: str, school: str, role: str, people: int, *, joint: bool) -> Return:
        """Return a filled form; schools differ, and are somewhat further in the second round."""
        definition: Definition = self.toolbox.definitions[form][0]
        context = {
            "organisatie": self.organisation,
            "school": school,
            "rol": role,
            "datum": self.date,
            "invulwijze": "samen" if joint else "alleen",
            "aantal": str(people),
        }
        level = 1.6 + 0.3 * self.number + 1.6 * self.chance.random()
        values = {name: text for name, text in context.items() if text}
        for field in definition.answered:
            if field.name in context or field.kind not in ("choice", "area"):
                continue
            options = [value for value, _ in field.options]
            if field.kind == "area":
                if self.chance.random() < 0.05:
                    values[field.name] = f"Bij {field.name} zien we dit elke week."
            elif set("1234") <= set(options) and (text := self._choose(level, field.name, options)):
                values[field.name] = text
        return Return(self.organisation, school, role, self.date, people, joint, form, self.year, values)

    def _choose(self, level: float, name: str, options: Sequence[str]) -> str:
        """Return an answer on the scale, "do not know", or nothing."""
        chance = self.chance.random()
        if chance < 0.06:
            return ""
        if chance < 0.14 and UNKNOWN in options:
            return UNKNOWN
        higher = 0.9 if name.endswith("gewenst") else 0.0
        return str(max(1, min(4, round(self.chance.gauss(level + higher, 0.7)))))
