"""What was collected -> reports of groups, or of one organisation: PDFs for screen and print, and a workbook."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.collect.records import ANSWERS, Record, read_records
from pipeline.compare.groups import Groups
from pipeline.compare.publish import compare_groups, make_slug, stand
from pipeline.compare.questionnaires import make_questionnaires
from pipeline.compare.read_groups import make_groups, read_groups
from pipeline.compare.spelling import name_by_key, spell, tell_spellings
from pipeline.compare.values import Comparison, Questionnaire, Response, Row
from pipeline.content.read import read_toolbox
from pipeline.content.report_words import ReportWords
from pipeline.content.toolbox import Toolbox
from pipeline.document import Medium
from pipeline.errors import ContentError, Finding, UsageError
from pipeline.kinds.report_tables import list_rows
from pipeline.kinds.reports import find_words, plan_report
from pipeline.single import make_single
from pipeline.spreadsheet import Sheet, measure_widths, write_workbook
from pipeline.storage import replace_file

FOLDER = "reports"
GROUPS = "groepen.yml"
KEY = "key.json"
NAME_MOST = 60  # letters of a file's name
_LETTERED = re.compile("School ([A-Z]+)")  # as compare/spelling.py calls a school without a name
MADE: tuple[Medium, ...] = ("screen", "print")


@dataclass(frozen=True)
class Reports:
    """What came of a run.

    Attributes:
        written: files, relative to the folder of what was collected.
        warnings: what is to be known of the answers.
        findings: why some reports were not made; their earlier files stay.
    """

    written: tuple[str, ...]
    warnings: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()

    def require_success(self) -> None:
        """Raise where a report could not be made.

        Raises:
            ContentError: a text does not fit.
        """
        if self.findings:
            raise ContentError(findings=self.findings)


@dataclass(frozen=True)
class _Answers:
    """What a run begins with: answers as the forms have them, and how they are compared and called."""

    questionnaires: dict[str, Questionnaire]
    responses: tuple[Response, ...]
    groups: Groups
    written: bool  # the groups stand in a file
    words: ReportWords
    salt: str
    pseudonymous: bool


def make_reports(
    folder: Path, project: Path, organisation: str = "", groups: Path | None = None, pseudonymous: bool = False
) -> Reports:
    """Make the reports of what was collected in a folder.

    Args:
        folder: what `drukwerk collect` wrote; gets `reports/`.
        project: the folder that holds `content/`.
        organisation: an organisation or a school: its report alone; empty: those of all groups.
        groups: a file of groups; None: `groepen.yml` in the folder, else in the project, else each organisation is one.
        pseudonymous: letters instead of names of organisations and schools.

    Raises:
        UsageError: nothing was collected, or nobody is called so.
        ContentError: content or groups are wrong.
        StorageError: it cannot be written.
    """
    toolbox = read_toolbox(project)
    answers = _read_answers(toolbox, folder, _find_groups(folder, project, groups), pseudonymous)
    warnings = list(tell_spellings(spell(answers.responses, answers.groups.same)))
    if organisation:
        comparisons: Sequence[Comparison] = [_stand_alone(answers, organisation)]
    else:
        comparisons, findings = _compare(answers)
        warnings += [*findings, *_tell_lost(answers)]
        if not comparisons:
            hint = "name the field that says so below 'context' in toolbox.yml, and collect again"
            message = "no form says of which organisation it is, so there is nothing to put side by side"
            raise UsageError(findings=[Finding(str(folder / ANSWERS), "", message, hint)])
    written: list[str] = []
    wrong: list[Finding] = []
    for comparison in comparisons:
        if not comparison.tables:
            hint = "change its schools or the days of the rounds"
            message = f"nobody answered in '{comparison.title}', so there is no report of it"
            warnings.append(Finding("", "", message, hint, "warning"))
            continue
        try:
            written += _write_report(toolbox, comparison, folder)
        except ContentError as error:
            wrong += error.findings
    if not organisation:
        warnings += _tell_older(folder, written)
    return Reports(tuple(written), tuple(warnings), tuple(dict.fromkeys(wrong)))


# ------------------------------------------------------------------------------------------ what it begins with


def _find_groups(folder: Path, project: Path, groups: Path | None) -> Path | None:
    if groups is None:
        return next((it for it in (folder / GROUPS, project / GROUPS) if it.is_file()), None)
    if not groups.is_file():
        hint = "write one, or leave --groups out: then organisations are groups"
        raise UsageError(findings=[Finding(str(groups), "", "there is no such file", hint)])
    return groups


def _read_answers(toolbox: Toolbox, folder: Path, groups: Path | None, pseudonymous: bool) -> _Answers:
    questionnaires = make_questionnaires(toolbox)
    responses = tuple(it for it in list_responses(read_records(folder)) if it.form in questionnaires)
    if not responses:
        hint = f"look in {folder / 'intake.html'}, and at the forms of this project (--project)"
        message = "no form that was collected here counts and can be compared"
        raise UsageError(findings=[Finding(str(folder / ANSWERS), "", message, hint)])
    words, _ = find_words(toolbox)
    found = read_groups(groups, responses) if groups else make_groups(responses)
    return _Answers(questionnaires, responses, found, groups is not None, words, read_salt(folder), pseudonymous)


def list_responses(records: Iterable[Record]) -> Iterator[Response]:
    """Yield the records that count, as they are compared."""
    for it in records:
        if it.counts:
            day = dt.date.fromisoformat(it.date) if it.date else None
            people = it.people if it.people and it.people > 0 else 1
            yield Response(it.file, it.form, it.organisation, it.school, it.role, day, people, it.values)


def read_salt(folder: Path) -> str:
    """Return the key of the collector, hexadecimal; it decides which school has which letter.

    Raises:
        UsageError: it is not there, or is none: another one would give schools other letters.
    """
    path = folder / KEY
    try:
        salt = json.loads(path.read_bytes())["salt"]
        bytes.fromhex(salt)
    except FileNotFoundError:
        message, hint = "the key is not there", "put it back, or collect the files again"
    except OSError as error:
        message, hint = f"cannot be read: {error.strerror or error}", "check the rights of the file"
    except (ValueError, LookupError, TypeError, RecursionError):
        message, hint = "is not the key that collecting writes", "put it back, or collect the files again"
    else:
        if salt:
            return str(salt)
        message, hint = "the key is empty", "put it back, or collect the files again"
    raise UsageError(findings=[Finding(str(path), "", message, hint)])


# ------------------------------------------------------------------------------------------ who is called what


def _compare(answers: _Answers) -> tuple[list[Comparison], tuple[Finding, ...]]:
    """Return what is shown of each group, under a name for its files, and what is to be said of it."""
    publication = compare_groups(
        answers.responses,
        answers.questionnaires,
        answers.groups,
        _Letters.of(answers) if answers.pseudonymous else None,
        answers.salt,
    )
    made = [_speak(it, answers.words) for it in publication.comparisons]
    if not answers.written:  # its names are numbers, in the order of the alphabet
        made = _name_files(sorted(made, key=lambda it: it.title) if answers.pseudonymous else made)
    return made, publication.findings


def _tell_lost(answers: _Answers) -> Iterator[Finding]:
    """Yield a warning where forms are in no group, so in no report."""
    spoken = spell(answers.responses, answers.groups.same)
    lost = sorted(it.file for it in spoken if not any(group.holds(it) for group in answers.groups.groups))
    if lost:
        forms = "1 form is" if len(lost) == 1 else f"{len(lost)} forms are"
        names = ", ".join(lost[:3]) + (", ..." if len(lost) > 3 else "")
        hint = "name its school or organisation in a group" if answers.written else "it states no organisation"
        yield Finding("", "groups", f"{forms} in no group, and so in no report", f"{names}; {hint}", "warning")


def _name_files(comparisons: Iterable[Comparison]) -> list[Comparison]:
    """Call files as their groups are called, each by a name of its own."""
    named, taken = [], set[str]()
    for it in comparisons:
        name = plain = make_slug(it.title)[:NAME_MOST].strip("-")
        number = 1
        while name in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name)
        named.append(replace(it, name=name))
    return named


def _speak(comparison: Comparison, words: ReportWords) -> Comparison:
    """Return a comparison whose schools with a letter are called so in the language of the report."""

    def call(row: Row) -> Row:
        found = _LETTERED.fullmatch(row.title)
        return replace(row, title=words.letter.format(letter=found[1])) if found else row

    tables = tuple(replace(it, schools=tuple(map(call, it.schools))) for it in comparison.tables)
    return replace(comparison, tables=tables)


@dataclass(frozen=True)
class _Letters:
    """What organisations and schools are called instead of their names."""

    words: ReportWords
    letters: dict[tuple[str, str], str]

    @classmethod
    def of(cls, answers: _Answers) -> _Letters:
        spoken = spell(answers.responses, answers.groups.same)
        schools = {(it.organisation, it.school) for it in spoken if it.school}
        schools |= {it for group in answers.groups.groups for it in group.schools}
        boards = {(it.organisation, "") for it in spoken} | {(it, "") for it, _ in schools}
        called = {**name_by_key(schools, answers.salt), **name_by_key(boards, answers.salt)}
        return cls(answers.words, {key: title.rpartition(" ")[2] for key, title in called.items()})

    def __call__(self, kind: str, organisation: str, name: str) -> str | None:
        if kind == "organisation":
            return self.words.letter_of_board.format(letter=self.letters.get((organisation, ""), "?"))
        return self.words.letter.format(letter=self.letters.get((organisation, name), "?"))


def _stand_alone(answers: _Answers, name: str) -> Comparison:
    """Return what is shown of one organisation or school to itself.

    Raises:
        UsageError: nobody is called so, or two schools are.
    """
    made = stand(answers.responses, answers.questionnaires, answers.groups, name)
    title = made.title
    if answers.pseudonymous:
        own = [it for it in spell(answers.responses, answers.groups.same) if name in (it.organisation, it.school)]
        is_board = any(it.organisation == name for it in own)
        kind, school = ("organisation", "") if is_board else ("school", name)
        title = _Letters.of(answers)(kind, own[0].organisation, school) or title
    named = _name_files([replace(_speak(made, answers.words), title=title)])[0]
    if named.name not in _list_group_files(answers):
        return named
    # The report of a group may be passed on; one for oneself has numbers of fewer than five, and must not replace it.
    return replace(named, name=f"{named.name}-{make_slug(answers.words.one)}")


def _list_group_files(answers: _Answers) -> set[str]:
    """Return the names of the reports of all groups."""
    groups = answers.groups.groups
    if answers.written:
        return {it.name for it in groups}
    letters = _Letters.of(answers) if answers.pseudonymous else None
    titles = [(letters and letters("organisation", it.title, "")) or it.title for it in groups]
    return {make_slug(it)[:NAME_MOST].strip("-") for it in titles}


# ------------------------------------------------------------------------------------------ what is written


def _write_report(toolbox: Toolbox, comparison: Comparison, folder: Path) -> list[str]:
    """Make all files of a report, then put them in their places; return their names."""
    made = {
        f"{FOLDER}/{medium}/{comparison.name}.pdf": make_single(toolbox, plan_report(toolbox, comparison, medium))
        for medium in MADE
    }
    made[f"{FOLDER}/{comparison.name}.xlsx"] = make_workbook(toolbox, comparison)
    for name, raw in made.items():
        replace_file(folder / name, raw)
    return list(made)


def make_workbook(toolbox: Toolbox, comparison: Comparison) -> bytes:
    """Return the tables of a comparison as a workbook: the same numbers as in print, the same bytes each time."""
    words, _ = find_words(toolbox)
    sheets = (
        Sheet(it.name, [it.heads], it.rows, measure_widths(it.heads, it.rows)) for it in list_rows(comparison, words)
    )
    target = io.BytesIO()
    write_workbook(target, sheets, toolbox.settings.date, comparison.title)
    return target.getvalue()


def _tell_older(folder: Path, written: Iterable[str]) -> Iterator[Finding]:
    """Warn of reports of earlier runs: beside today's, their numbers may tell what both of them hide."""
    found = [
        *folder.glob(f"{FOLDER}/*.xlsx"),
        *(it for medium in MADE for it in folder.glob(f"{FOLDER}/{medium}/*.pdf")),
    ]
    older = sorted({it.relative_to(folder).as_posix() for it in found} - set(written))
    if older:
        names = ", ".join(older[:3]) + (", ..." if len(older) > 3 else "")
        number = "1 file is" if len(older) == 1 else f"{len(older)} files are"
        hint = f"{names}; remove them, or make those of one organisation again (--organisation)"
        yield Finding(FOLDER, "", f"{number} of an earlier run, and may differ from today's reports", hint, "warning")
