"""Files and folders -> records, tables, a page and forms to send back, in one folder: the run of `drukwerk collect`.

What was collected earlier stays; a file that is known is not read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from pipeline.collect.again import FOLDER, Desk, Made, is_wanted, make_again
from pipeline.collect.context import Reader, drop_texts, find_fields, hide_names, plan_reader
from pipeline.collect.folders import check_paths, find_files
from pipeline.collect.intake import Progress, Read, merge_seen, read_files
from pipeline.collect.ledger import LEDGER, Choices, Ledger, Seen, read_ledger, sort_seen
from pipeline.collect.letters import KEY, read_salt
from pipeline.collect.outputs import PAGE, TABLE, WIDE, WORKBOOK, publish_outputs, write_outputs
from pipeline.collect.records import ANSWERS, CLEAR, VERDICTS, Record, Verdict
from pipeline.collect.respondents import make_records, name_entries
from pipeline.content.toolbox import Toolbox
from pipeline.errors import CollectError, Finding, UsageError, nearest
from pipeline.spreadsheet import fits_cell
from pipeline.storage import locked, staging_folder

REPORTS, GROUPS = "reports", "groepen.yml"  # of `drukwerk report`
OWN = (ANSWERS, TABLE, WIDE.format("*"), WORKBOOK, PAGE, KEY, LEDGER, FOLDER, REPORTS, GROUPS)  # never collected

_TEXTS = ("text", "area")
_ANEW = "name them again, so that they are read anew"


@dataclass(frozen=True)
class Work:
    """How a run is done.

    Attributes:
        jobs: processes at once; 0: as many as there are cores.
        progress: called with (file, verdict, done, all).
        forget: (file, field) of texts to take out for good.
        drop: files of which nothing is to be kept.
    """

    jobs: int = 0
    progress: Progress | None = None
    forget: tuple[tuple[str, str], ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collection:
    """What came out of a run.

    Attributes:
        folder: where it was written.
        records: of all files, those collected earlier too.
        written: names of the files that hold it, in the folder; those to send back last.
        known: how many of the files named now were known.
        notes: what has to be known beside.
    """

    folder: Path
    records: tuple[Record, ...]
    written: tuple[str, ...]
    known: int
    notes: tuple[Finding, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many files there are of each verdict, in the order of verdicts."""
        found = Counter(it.verdict for it in self.records)
        return {verdict: found[verdict] for verdict in VERDICTS if found[verdict]}

    def require_clear(self) -> None:
        """Raise when something has to be done about a file.

        Raises:
            CollectError: a file is neither accepted nor duplicate nor empty; with the reason of each.
        """
        open_ = [it for it in self.records if it.verdict not in CLEAR]
        if open_:
            raise CollectError(findings=[_explain(it) for it in open_])


def collect(toolbox: Toolbox, paths: Sequence[Path], out: Path, choices: Choices, work: Work) -> Collection:
    """Read returned forms, and write what they say into a folder.

    Args:
        toolbox: has the definitions that they are read with.
        paths: files and folders; none: what was collected earlier is written anew.
        out: the folder.
        choices: what is taken over, and how.
        work: how it is done.

    Raises:
        UsageError: a path is not there, or a field is none.
        StorageError: the disk refuses, or another run is going on in the folder.
    """
    _check_choices(toolbox, choices)
    check_paths(paths)
    with locked(out, what="collect"):
        ledger = read_ledger(out)
        if not paths and not ledger.seen:
            raise UsageError("nothing to collect; name the files, or the folder they lie in")
        files = find_files(paths, out, OWN)
        if not files and not ledger.seen:
            named = ", ".join(f"'{it}'" for it in paths)
            raise UsageError(f"there is no file in {named}; put what was sent back there, as it came")
        reader = plan_reader(toolbox, choices, read_salt(out))
        known = {it.key: it for it in ledger.seen}
        read = list(read_files(files, known, reader, work.progress, work.jobs))
        seen = merge_seen(ledger.seen, [it.seen for it in read])
        seen = _drop(seen, {it.seen.key for it in read}, reader, work.drop)
        forgotten = (*ledger.forgotten, *_find_forgotten(seen, reader, work.forget))
        seen = _tidy(seen, reader, forgotten)
        records = make_records(seen, choices.colleagues)
        with staging_folder(out) as staging:
            desk = Desk(out, staging, ledger, frozenset(forgotten), work.progress)
            made = _make_again(toolbox, (records, seen), read, desk) if _makes(choices) else Made()
            written = write_outputs(toolbox, records, made, (out, staging))
            gone = tuple(dict.fromkeys(forgotten))
            new = Ledger(tuple(seen), choices, gone, dict(made.sources), dict(made.lost), written)
            publish_outputs((out, staging), ledger, new, made.new)
    notes = (*_compare_choices(ledger.choices, choices), *_count_old(seen, reader), *made.findings, *_tell_cut(records))
    return Collection(out, records, (*written, *made.sources), sum(it.known for it in read), notes)


def _makes(choices: Choices) -> bool:
    return choices.again and not choices.pseudonymous  # a form to send back says whose it is


def _check_choices(toolbox: Toolbox, choices: Choices) -> None:
    if not toolbox.definitions:
        raise UsageError("this toolbox has no forms; add one to the products of toolbox.yml")
    fields = {it.name: it for known in toolbox.definitions.values() for it in find_fields(known).values()}
    texts = [name for name, field in fields.items() if field.kind in _TEXTS]
    for pattern in choices.texts:
        if not any(fnmatchcase(name, pattern) for name in texts):
            raise UsageError(f"no field for free text is called '{pattern}'; {nearest(pattern, texts)}")


def _drop(seen: Sequence[Seen], now: Container[tuple[str, str]], reader: Reader, files: Sequence[str]) -> list[Seen]:
    """Leave out what was read of files that are gone.

    Raises:
        UsageError: no such file was collected, or it is still there.
    """
    if not files:
        return list(seen)
    entries = {it.file: it.seen for it in name_entries(hide_all(seen, reader))}
    for file in files:
        if file not in entries:
            raise UsageError(f"no file '{file}' was collected; {nearest(file, entries)}")
        if entries[file].key in now:
            raise UsageError(f"'{file}' is still there; take it away first, or it would be collected again")
    gone = {entries[file].key for file in files}
    return [it for it in seen if (hide_names(it, reader) if reader.choices.pseudonymous else it).key not in gone]


def _find_forgotten(
    seen: Sequence[Seen], reader: Reader, forget: Sequence[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield (sha256, field) of what is to be forgotten.

    Raises:
        UsageError: no such file, or no such text in its form.
    """
    if not forget:
        return
    entries = {it.file: it.seen for it in name_entries(hide_all(seen, reader))}
    for file, name in forget:
        if file not in entries:
            raise UsageError(f"no file '{file}' was collected; {nearest(file, entries)}")
        it = entries[file]
        fields = find_fields(reader.definitions.get(it.form, ()), it.version, it.fingerprint)
        texts = [key for key, field in fields.items() if field.kind in _TEXTS and key not in reader.context.spoken]
        if name not in texts:
            raise UsageError(f"'{name}' is no free text of '{file}'; {nearest(name, texts)}")
        yield it.sha256, name


def hide_all(seen: Sequence[Seen], reader: Reader) -> list[Seen]:
    """Return what was read, with masks where names are not kept; files with the same bytes become one then."""
    if not reader.choices.pseudonymous:
        return list(seen)
    found: dict[tuple[str, str], Seen] = {}
    for it in (hide_names(it, reader) for it in seen):
        there = found.get(it.key)
        found[it.key] = replace(it, copies=it.copies + there.copies) if there else it
    return list(found.values())


def _tidy(seen: Sequence[Seen], reader: Reader, forgotten: Sequence[tuple[str, str]]) -> list[Seen]:
    """Leave out what was not asked for now, and what was to be forgotten, also of files that were collected earlier."""
    gone = set(forgotten)
    kept = [
        replace(it, values={name: text for name, text in it.values.items() if (it.sha256, name) not in gone})
        for it in (drop_texts(it, reader) for it in seen)
    ]
    return list(sort_seen(hide_all(kept, reader)))


def _make_again(
    toolbox: Toolbox, collected: tuple[Sequence[Record], Sequence[Seen]], read: Sequence[Read], desk: Desk
) -> Made:
    records, seen = collected
    gaps = {it.file: it.seen.gaps for it in name_entries(seen)}
    wanted = [it for it in records if is_wanted(it, gaps[it.file])]
    paths = {it.seen.sha256: it.named.path for it in read if it.seen.sha256}
    return make_again(toolbox, wanted, paths, desk)


def _compare_choices(before: Choices | None, now: Choices) -> Iterator[Finding]:
    """Yield what was asked the last time, and is not asked now."""
    if before is None:
        return
    if missing := [it for it in before.texts if it not in now.texts]:
        again = " ".join(f"--texts '{it}'" for it in missing)
        yield Finding("", "", "texts that were taken over earlier were taken out", f"keep them with {again}", "warning")
    for name in ("colleagues", "pseudonymous"):
        if getattr(before, name) and not getattr(now, name):
            yield Finding("", "", f"the run before had --{name}, this one has not", "give it each time", "warning")


def _count_old(seen: Sequence[Seen], reader: Reader) -> Iterator[Finding]:
    count = sum(it.basis != reader.basis for it in seen)
    if count:
        files = "file was" if count == 1 else "files were"
        message = f"{count} {files} collected earlier with other forms or choices, and not named now"
        yield Finding("", "", message, _ANEW, "warning")


def _tell_cut(records: Sequence[Record]) -> Iterator[Finding]:
    message = "too long for a cell of a spreadsheet; its end was left out there"
    for it in records:
        for name, text in it.values.items():
            if not fits_cell(text):
                yield Finding(it.file, name, message, f"it stands whole in {TABLE}", "warning")


def _explain(record: Record) -> Finding:
    """Return the finding that made the verdict: the first error, else the first."""
    found = sorted(record.findings, key=lambda it: it.severity != "error")
    cause = found[0] if found else Finding(record.file, "", "")
    return replace(cause, place=record.file, message=f"{record.verdict}: {cause.message}", severity="error")
