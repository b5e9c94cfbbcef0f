"""A return with two answers to a question, or with none where there has to be one -> today's form to send back.

It holds what was clear; what was not stays open. The answers come from the file itself, since texts that were not asked
for are kept nowhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.collect.answers import Answers
from pipeline.collect.context import find_fields
from pipeline.collect.judge import judge
from pipeline.collect.process import read_apart
from pipeline.collect.records import Record
from pipeline.content.definition import RESPONSE
from pipeline.content.products import FormProduct
from pipeline.content.toolbox import Toolbox
from pipeline.errors import ContentError, DrukwerkError, Finding
from pipeline.kinds.forms import plan_form
from pipeline.single import make_single
from pipeline.storage import replace_file

FOLDER = "again"
_NAME_MOST = 120  # letters; with their bytes and an ending a name stays below 255
_CALL = "--set"  # as make_single names the place of a value


@dataclass(frozen=True)
class Made:
    """What became of the forms to send back.

    Attributes:
        files: record -> form to send back, below the folder of the answers.
        sources: form to send back -> what it was made from, for the ledger.
        findings: what was left out, and what could not be made.
    """

    files: Mapping[str, str]
    sources: Mapping[str, str]
    findings: tuple[Finding, ...]


def is_wanted(record: Record, gaps: Iterable[str]) -> bool:
    """Say whether a form is to be sent back: two answers somewhere, or none where there has to be one."""
    return record.verdict == "conflict" or (record.verdict == "accepted" and any(gaps))


def make_again(
    toolbox: Toolbox, out: Path, wanted: Iterable[Record], paths: Mapping[str, Path], before: Mapping[str, str]
) -> Made:
    """Make the forms to send back that are not there yet.

    Args:
        toolbox: whose forms they are.
        out: folder of the answers.
        wanted: the records that ask for one.
        paths: sha256 -> where the file lies; only of those that were named now.
        before: what was made earlier, as `Made.sources`.
    """
    products = {it.name: it for it in toolbox.settings.products if isinstance(it, FormProduct)}
    files: dict[str, str] = {}
    sources: dict[str, str] = {}
    findings: list[Finding] = []
    for record in wanted:
        if record.form not in products:
            continue
        name = _name_copy(record.file, sources)
        source = _hash_source(record, toolbox)
        if before.get(name) == source and (out / name).is_file():
            files[record.file], sources[name] = name, source
        elif record.sha256 not in paths:
            hint = "name the file again"
            findings.append(Finding(record.file, "", "no form to send back was made of it", hint, "warning"))
        else:
            try:
                pdf = _make_copy(toolbox, products[record.form], record, paths[record.sha256], findings)
            except (DrukwerkError, OSError) as error:
                message = f"no form to send back was made of it: {error}".replace("\n", " ")
                findings.append(Finding(record.file, "", message, "send an empty one", "warning"))
                continue
            replace_file(out / name, pdf)
            files[record.file], sources[name] = name, source
    return Made(files, sources, tuple(findings))


def _make_copy(toolbox: Toolbox, product: FormProduct, record: Record, path: Path, findings: list[Finding]) -> bytes:
    """Return today's form with what was clear; what it does not take is left out, and told."""
    with path.open("rb") as file:
        answers = judge(record.file, read_apart(file), toolbox.definitions)
    values, lost = carry_over(answers, toolbox)
    findings += [_tell_lost(record, name, "today's form asks something else there") for name in lost]
    while True:
        document = plan_form(toolbox, product, "forms", values)
        try:
            return make_single(toolbox, document, frozenset(values), _CALL)
        except ContentError as error:
            wrong = {it.field: it for it in error.findings if it.place == _CALL and it.field in values}
            if not wrong:
                raise
            findings += [_tell_lost(record, name, it.message) for name, it in wrong.items()]
            values = {name: text for name, text in values.items() if name not in wrong}


def carry_over(answers: Answers, toolbox: Toolbox) -> tuple[dict[str, str], list[str]]:
    """Return what today's form can be filled in with, and the names of answers that mean something else now."""
    known = toolbox.definitions[answers.form]
    then = find_fields(known, answers.version, answers.fingerprint)
    values, lost = {}, []
    for name, text in answers.values.items():
        field = known[0].get(name)
        if not text:
            continue
        if field and name in then and then[name].hash == field.hash and not field.is_calculated:
            values[name] = text
        else:
            lost.append(name)
    return ({**values, RESPONSE: answers.response} if answers.response else values), lost


def _tell_lost(record: Record, name: str, why: str) -> Finding:
    message = f"left out of the form to send back: {why}"
    return Finding(record.file, name, message, "ask for it again", "warning")


def _hash_source(record: Record, toolbox: Toolbox) -> str:
    """Return a hash of all that decides what a copy holds."""
    parts = [record.sha256, toolbox.definitions[record.form][0].identity, toolbox.settings.date.isoformat()]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def _name_copy(file: str, taken: Mapping[str, str]) -> str:
    """Return a name of a file that every system takes and that no other copy has."""
    stem = PurePosixPath(file).with_suffix("").as_posix().replace("/", " - ")
    plain = "".join(it if it.isprintable() and it not in '<>:"\\|?*' else "_" for it in stem).strip(" .") or "form"
    while len(plain.encode()) > _NAME_MOST:
        plain = plain[:-1]
    number, name = 1, f"{FOLDER}/{plain}.pdf"
    while name.casefold() in {it.casefold() for it in taken}:
        number += 1
        name = f"{FOLDER}/{plain} {number}.pdf"
    return name
