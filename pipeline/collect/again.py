"""A return with two answers to a question, or with none where there has to be one -> today's form to send back.

It holds what was clear; what was not stays open. The answers come from the file itself, since texts that were not asked
for are kept nowhere.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.collect.answers import Answers
from pipeline.collect.context import find_fields
from pipeline.collect.intake import Progress
from pipeline.collect.judge import judge
from pipeline.collect.ledger import Ledger
from pipeline.collect.process import read_apart
from pipeline.collect.records import Record
from pipeline.content.definition import RESPONSE
from pipeline.content.products import FormProduct
from pipeline.content.toolbox import Toolbox
from pipeline.errors import ContentError, DrukwerkError, Finding, StorageError
from pipeline.kinds.forms import plan_form
from pipeline.single import make_single
from pipeline.storage import named_errors, write_file

FOLDER = "again"
_NAME_MOST = 120  # letters; with their bytes and an ending a name stays below 255
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
_CALL = "--set"  # as make_single names the place of a value


class _UnmadeError(Exception):
    """Why no form is made of a file, and what to do."""

    def __init__(self, message: str, hint: str) -> None:
        self.hint = hint
        super().__init__(message)


@dataclass(frozen=True)
class Desk:
    """What the forms to send back are made with.

    Attributes:
        out: folder of the answers.
        staging: folder beside it, where they are made.
        before: what was made earlier.
        forgotten: (sha256, field) of texts that were taken out for good.
        tell: called with (file, what it is, done, all) for each that is made.
    """

    out: Path
    staging: Path
    before: Ledger
    forgotten: frozenset[tuple[str, str]]
    tell: Progress | None


@dataclass(frozen=True)
class Made:
    """What became of the forms to send back.

    Attributes:
        files: record -> form to send back, below the folder of the answers.
        sources: form to send back -> what it was made from, for the ledger.
        lost: form to send back -> fields whose answers it does not take, for the ledger.
        new: those of them that lie in the staging folder.
        findings: what was left out, and what could not be made.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    lost: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    new: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def is_wanted(record: Record, gaps: Iterable[str]) -> bool:
    """Say whether a form is to be sent back: two answers somewhere, or none where there has to be one."""
    return record.verdict == "conflict" or (record.verdict == "accepted" and any(gaps))


def make_again(toolbox: Toolbox, wanted: Iterable[Record], paths: Mapping[str, Path], desk: Desk) -> Made:
    """Make the forms to send back that are not there yet.

    Args:
        toolbox: whose forms they are.
        wanted: the records that ask for one.
        paths: sha256 -> where the file lies; only of those that were named now.
        desk: what they are made with.

    Raises:
        StorageError: the disk refuses.
    """
    products = {it.name: it for it in toolbox.settings.products if isinstance(it, FormProduct)}
    sources: dict[str, str] = {}
    asked = []
    for record in wanted:
        if record.form in products:
            name = name_copy(record.file, sources)
            sources[name] = _hash_source(record, toolbox, desk.forgotten)
            asked.append((record, name))
    stale = [it for it in asked if desk.before.made.get(it[1]) != sources[it[1]] or not (desk.out / it[1]).is_file()]
    lost = {name: desk.before.lost[name] for _, name in asked if name in desk.before.lost}
    missing: set[str] = set()
    findings: list[Finding] = []
    for number, (record, name) in enumerate(stale, start=1):
        try:
            pdf, left_out = _make_copy(toolbox, products[record.form], record, paths, desk.forgotten)
        except StorageError:
            raise
        except _UnmadeError as error:
            findings.append(_tell_unmade(record, str(error), error.hint))
            missing.add(name)
        except DrukwerkError as error:
            findings.append(_tell_unmade(record, str(error).replace("\n", " "), "send an empty one"))
            missing.add(name)
        else:
            write_file(desk.staging / name, pdf)
            findings += left_out
            lost[name] = tuple(it.field for it in left_out)
        if desk.tell:
            desk.tell(record.file, "form to send back", number, len(stale))
    return Made(
        files={record.file: name for record, name in asked if name not in missing},
        sources={name: source for name, source in sources.items() if name not in missing},
        lost={name: fields for name, fields in lost.items() if fields and name not in missing},
        new=tuple(name for _, name in stale if name not in missing),
        findings=tuple(findings),
    )


def _make_copy(
    toolbox: Toolbox,
    product: FormProduct,
    record: Record,
    paths: Mapping[str, Path],
    forgotten: Collection[tuple[str, str]],
) -> tuple[bytes, list[Finding]]:
    """Return today's form with what was clear, and what is to be said of what it does not take."""
    answers = _read_again(record, paths, toolbox)
    values, lost = carry_over(answers, toolbox)
    values = {name: text for name, text in values.items() if (record.sha256, name) not in forgotten}
    left_out = [_tell_lost(record, name, "today's form asks something else there") for name in lost]
    while True:
        document = plan_form(toolbox, product, "forms", values)
        try:
            with named_errors(Path(tempfile.gettempdir())):
                return make_single(toolbox, document, frozenset(values), _CALL), left_out
        except ContentError as error:
            wrong = {it.field: it for it in error.findings if it.place == _CALL and it.field in values}
            if not wrong:
                raise
            left_out += [_tell_lost(record, name, it.message) for name, it in wrong.items()]
            values = {name: text for name, text in values.items() if name not in wrong}


def _read_again(record: Record, paths: Mapping[str, Path], toolbox: Toolbox) -> Answers:
    """Read the texts too, which were kept nowhere.

    Raises:
        _UnmadeError: it was not named now, or is another file by now.
    """
    if record.sha256 not in paths:
        raise _UnmadeError("the file was not named now", "name it again")
    try:
        with paths[record.sha256].open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != record.sha256:
                raise _UnmadeError("the file was changed meanwhile", "collect it again")
            file.seek(0)
            return judge(record.file, read_apart(file), toolbox.definitions)
    except OSError as error:
        raise _UnmadeError(f"cannot be read: {error.strerror or error}", "collect it again") from None


def carry_over(answers: Answers, toolbox: Toolbox) -> tuple[dict[str, str], list[str]]:
    """Return what today's form can be filled in with, and the names of answers that mean something else now."""
    known = toolbox.definitions[answers.form]
    then = find_fields(known, answers.version, answers.fingerprint)
    values, lost = {}, []
    for name, text in answers.values.items():
        now = known[0].get(name)
        if not text:
            continue
        if now and name in then and then[name].hash == now.hash and not now.is_calculated:
            values[name] = text
        else:
            lost.append(name)
    return ({**values, RESPONSE: answers.response} if answers.response else values), lost


def _tell_unmade(record: Record, why: str, hint: str) -> Finding:
    return Finding(record.file, "", f"no form to send back was made of it: {why}", hint, "warning")


def _tell_lost(record: Record, name: str, why: str) -> Finding:
    message = f"left out of the form to send back: {why}"
    return Finding(record.file, name, message, "ask for it again", "warning")


def _hash_source(record: Record, toolbox: Toolbox, forgotten: Iterable[tuple[str, str]]) -> str:
    """Return a hash of all that decides what a copy holds."""
    today = toolbox.definitions[record.form][0].identity, toolbox.settings.date.isoformat()
    parts = [record.sha256, *today, sorted(name for sha256, name in forgotten if sha256 == record.sha256)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def name_copy(file: str, taken: Mapping[str, str]) -> str:
    """Return a name of a file that every system takes and that no other copy has."""
    stem = PurePosixPath(file).with_suffix("").as_posix().replace("/", " - ")
    plain = "".join(it if it.isprintable() and it not in '<>:"\\|?*' else "_" for it in stem).strip(" .") or "form"
    if plain.partition(".")[0].strip().upper() in _DEVICES:  # no file on Windows may be called so
        plain = f"_{plain}"
    while len(plain.encode()) > _NAME_MOST:
        plain = plain[:-1]
    number, name = 1, f"{FOLDER}/{plain}.pdf"
    while name.casefold() in {it.casefold() for it in taken}:
        number += 1
        name = f"{FOLDER}/{plain} {number}.pdf"
    return name
