"""What was read of each file -> records: whose answers count, and which file counts instead of which.

A respondent is the number of the copy, where the form was handed out with one; else organisation, school, role and
date, as far as the form asks them. Where one of these was left open a file stands by itself. The result depends on the
files alone, not on the order in which they came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pipeline.collect.folders import show_name
from pipeline.collect.ledger import Seen
from pipeline.collect.letters import give_letters
from pipeline.collect.records import Record, Verdict
from pipeline.errors import Finding

_DIGITS = 8  # of a hash, behind names that are the same
_HIDDEN_DIGITS = 12  # of a hash, instead of a name
_PEOPLE = (
    "two people? run it with --colleagues, or send copies with their own number (drukwerk form ... --set response=...)"
)
_UNTOUCHED = Finding(
    "",
    "",
    "holds what was clear in a file with two answers, and no answer to what was asked again",
    "ask for what was left open",
    "warning",
)


@dataclass(frozen=True)
class Entry:
    """One file, and the name by which it is told apart."""

    file: str
    seen: Seen

    @property
    def stamp(self) -> tuple[str, tuple[str, str]]:
        """By which the newest is found: the date on the form, then when it was saved."""
        return self.seen.date, self.seen.modified


def make_records(seen: Iterable[Seen], colleagues: bool) -> tuple[Record, ...]:
    """Return a record for each file, by name.

    Args:
        seen: what was read.
        colleagues: forms without a number are of different people unless all answers are the same.
    """
    entries = name_entries(_find_untouched(list(seen)))
    instead = find_instead(entries, colleagues)
    known = [it.seen for it in entries if it.seen.hidden]
    organisations = give_letters(it.organisation for it in known if it.organisation)
    schools = give_letters(it.school for it in known if it.school)
    by_file = {it.file: it for it in entries}
    records = []
    for it in entries:
        seen_, other = it.seen, by_file.get(instead.get(it.file, ""))
        hidden = seen_.hidden
        records.append(
            Record(
                file=it.file,
                sha256=seen_.sha256,
                verdict="duplicate" if other else seen_.verdict,
                form=seen_.form,
                version=seen_.version,
                fingerprint=seen_.fingerprint,
                organisation=organisations.get(seen_.organisation, "") if hidden else seen_.organisation,
                school=schools.get(seen_.school, "") if hidden else seen_.school,
                role=seen_.role,
                date=seen_.date,
                joint=seen_.joint,
                people=seen_.people,
                respondent=seen_.respondent,
                counts=other is None and can_count(seen_),
                instead=other.file if other else "",
                values=seen_.values,
                findings=tuple(
                    replace(finding, place=it.file)
                    for finding in (*seen_.findings, *([_tell(it, other)] if other else ()))
                ),
            )
        )
    return tuple(records)


def _find_untouched(seen: Sequence[Seen]) -> list[Seen]:
    """Mark as empty what was made to send back and came back as it was: it holds what was clear in a conflict.

    Buttons that a person may clear have no default in the file, so it does not tell by itself.
    """
    clear = {(it.form, it.digest): it for it in seen if it.verdict == "conflict"}
    found = []
    for it in seen:
        if it.verdict == "accepted" and (it.form, it.digest) in clear:
            it = replace(it, verdict="empty", findings=(*it.findings, _UNTOUCHED))
        found.append(it)
    return found


def can_count(seen: Seen) -> bool:
    """Say whether a file counts where no other one does instead."""
    return seen.verdict == "accepted" or (seen.verdict == "unknown-version" and any(seen.values.values()))


def name_entries(seen: Iterable[Seen]) -> list[Entry]:
    """Give each file a name of its own; those with the same name and other bytes get some digits of their hash."""
    named: dict[str, list[Seen]] = defaultdict(list)
    for it in seen:
        name = f"{(it.sha256 or it.name)[:_HIDDEN_DIGITS]}.pdf" if it.hidden else show_name(it.name)
        named[name].extend([it] * it.copies)
    entries = []
    taken = set(named)
    for name, its in sorted(named.items()):
        if len(its) == 1:
            entries.append(Entry(name, its[0]))
            continue
        for it in sorted(its, key=lambda one: (one.sha256, one.name)):
            entries.append(Entry(_tell_apart(name, it.sha256[:_DIGITS], taken), it))
    return sorted(entries, key=lambda it: it.file)


def _tell_apart(name: str, digits: str, taken: set[str]) -> str:
    path = PurePosixPath(name)
    folder = name[: len(name) - len(path.name)]
    number, told = 1, f"{folder}{path.stem} ({digits or 'unread'}){path.suffix}"
    while told in taken:
        number += 1
        told = f"{folder}{path.stem} ({digits or 'unread'}, {number}){path.suffix}"
    taken.add(told)
    return told


def find_instead(entries: Sequence[Entry], colleagues: bool) -> Mapping[str, str]:
    """Return file -> the file that counts instead of it."""
    first: dict[str, str] = {}  # bytes -> the first file with them
    instead: dict[str, str] = {}
    for it in entries:
        if can_count(it.seen):
            if it.seen.sha256 in first:
                instead[it.file] = first[it.seen.sha256]
            first.setdefault(it.seen.sha256, it.file)
    groups: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for it in entries:
        key = name_respondent(it.seen, colleagues)
        if key and it.file not in instead and (can_count(it.seen) or it.seen.verdict == "conflict"):
            groups[key].append(it)
    for group in groups.values():
        instead |= _choose(group)
    return {file: instead.get(other, other) for file, other in instead.items()}


def name_respondent(seen: Seen, colleagues: bool) -> tuple[str, ...]:
    """Return what tells a respondent from others; empty where the form does not say enough."""
    if seen.respondent:
        return (seen.form, "number", seen.respondent)
    if not seen.asked or not all(getattr(seen, part) for part in seen.asked):
        return ()
    parts = (seen.form, "who", seen.organisation, seen.school, seen.role, seen.date)
    return (*parts, seen.digest) if colleagues else parts


def _choose(group: Sequence[Entry]) -> dict[str, str]:
    """Return which of the files of one respondent counts instead of each other one.

    Of those with the same answers the first by name, of those with other ones the newest. A conflict is replaced by
    what came after it, and replaces nothing.
    """
    counting = [it for it in group if can_count(it.seen)]
    if not counting:
        return {}
    newest = max(counting, key=lambda it: (it.stamp, it.file))
    same = [it for it in counting if it.seen.digest == newest.seen.digest]
    chosen = min(same, key=lambda it: it.file)
    out = {it.file: chosen.file for it in counting if it is not chosen}
    return out | {it.file: chosen.file for it in group if it.seen.verdict == "conflict" and it.stamp < newest.stamp}


def _tell(entry: Entry, other: Entry) -> Finding:
    """Say why a file does not count."""
    seen = entry.seen
    if seen.digest == other.seen.digest or seen.sha256 == other.seen.sha256:
        return Finding("", "", f"holds the same answers as '{other.file}', which counts", "", "warning")
    message = f"'{other.file}' is newer, of the same respondent, and counts instead"
    replaced: Verdict = "conflict"
    hint = "" if seen.respondent or seen.verdict == replaced else _PEOPLE
    return Finding("", "", message, hint, "warning")
