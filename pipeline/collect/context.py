"""The answers of one file -> what is kept of them: who answers, and no text that was not asked for."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from pipeline import __version__
from pipeline.collect.answers import Answers
from pipeline.collect.ledger import Choices, Seen
from pipeline.collect.letters import mask, mask_school
from pipeline.content.collecting import ContextNames
from pipeline.content.definition import Definition, Field
from pipeline.content.toolbox import Toolbox
from pipeline.errors import Finding

PEOPLE_MOST = 100_000  # who states more typed something else
ASK = "ask what is meant"

_TEXTS = ("text", "area")
_NO_DATE = "it counts without a date, so in no round"
_SAID = "what was written is not shown, since texts were not asked for"
_HIDDEN = "what was written is not shown, since names were not asked for"


@dataclass(frozen=True)
class Reader:
    """What answers are read with.

    Attributes:
        definitions: id of a form -> its definitions, today's first.
        context: names of the fields that say who answers.
        date_format: how a date is written, of dd, mm and yyyy.
        choices: what was asked.
        salt: key behind the letters.
    """

    definitions: Mapping[str, tuple[Definition, ...]]
    context: ContextNames
    date_format: str
    choices: Choices
    salt: str

    @property
    def basis(self) -> str:
        """Hash of all that decides what is kept of a file; another one, and the file is read again."""
        known = {form: [it.identity for it in its] for form, its in sorted(self.definitions.items())}
        asked = sorted(set(self.choices.texts)), self.choices.pseudonymous
        parts = [__version__, known, self.context.model_dump(), self.date_format, *asked]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def plan_reader(toolbox: Toolbox, choices: Choices, salt: str) -> Reader:
    """Return what the returns of a toolbox are read with."""
    words = toolbox.settings.forms
    date_format = words.date_format if words else "dd-mm-yyyy"
    return Reader(toolbox.definitions, toolbox.settings.context, date_format, choices, salt)


def find_fields(definitions: Iterable[Definition], version: str = "", fingerprint: str = "") -> dict[str, Field]:
    """Return name -> field of a form: as that version has it, else as the newest that has it."""
    known = sorted(definitions, key=lambda it: (it.version, it.fingerprint) != (version, fingerprint))
    return {field.name: field for it in reversed(known) for field in it.fields}


def keep_answers(answers: Answers, reader: Reader) -> Seen:
    """Return what is kept of a file; its name, bytes and times are for the caller to fill in."""
    fields = find_fields(reader.definitions.get(answers.form, ()), answers.version, answers.fingerprint)
    values = {name: _clean(text) for name, text in answers.values.items()}
    context, findings = _read_context(values, fields, reader)
    said = Seen(
        name="",
        sha256="",
        modified=("", ""),
        basis=reader.basis,
        verdict=answers.verdict,
        form=_clean(answers.form),
        version=_clean(answers.version),
        fingerprint=_clean(answers.fingerprint),
        respondent=_clean(answers.response),
        digest=_digest(values, reader.salt) if values else "",
        gaps=tuple(name for name, text in values.items() if not text and name in fields and fields[name].required),
        values=values,
        findings=tuple(replace(it, message=_clean(it.message)) for it in (*answers.findings, *findings)),
        **context,
    )
    kept = drop_texts(said, reader)
    return hide_names(kept, reader) if reader.choices.pseudonymous else kept


def drop_texts(seen: Seen, reader: Reader) -> Seen:
    """Leave out the free texts that were not asked for, in findings too; of an unknown form all that might be one."""
    fields = find_fields(reader.definitions.get(seen.form, ()), seen.version, seen.fingerprint)
    out = {name for name in seen.values if not _is_kept(name, fields.get(name), reader)}
    findings = (replace(it, message=_veil(it, _SAID)) if it.field in out else it for it in seen.findings)
    values = {name: text for name, text in seen.values.items() if name not in out}
    return replace(seen, values=values, findings=tuple(findings))


def hide_names(seen: Seen, reader: Reader) -> Seen:
    """Put masks in place of organisation, school, number of the copy and name of the file."""
    if seen.hidden:
        return seen
    context, salt = reader.context, reader.salt
    named = {context.organisation, context.school}
    findings = (replace(it, message=_veil(it, _HIDDEN)) if it.field in named else it for it in seen.findings)
    return replace(
        seen,
        name="" if seen.sha256 else mask(salt, seen.name)[:12],
        organisation=mask_school(salt, seen.organisation) if seen.organisation else "",
        school=mask_school(salt, seen.organisation, seen.school) if seen.school else "",
        respondent=mask(salt, seen.respondent)[:12] if seen.respondent else "",
        values={name: text for name, text in seen.values.items() if name not in named},
        findings=tuple(findings),
        hidden=True,
    )


def read_date(text: str, written: str) -> dt.date | None:
    """Read a day as people write it in the order of a form of dates, or as programs do (ISO); None where it is none."""
    order = [piece for piece in re.split(r"[^a-z]", written) if piece]
    found = re.fullmatch(r"\s*(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})\s*", text, re.ASCII)
    if not found:
        return None
    if len(found[1]) == 4:
        order = ["yyyy", "mm", "dd"]
    parts = dict(zip(order, found.groups(), strict=True))
    if len(parts["yyyy"]) != 4 or len(parts["dd"]) > 2:
        return None
    try:
        return dt.date(int(parts["yyyy"]), int(parts["mm"]), int(parts["dd"]))
    except ValueError:  # the thirty-first of February
        return None


def _read_context(
    values: Mapping[str, str], fields: Mapping[str, Field], reader: Reader
) -> tuple[dict[str, Any], list[Finding]]:
    """Return what a form says of who answers, and what is wrong with it."""
    names, findings = reader.context, []
    date, people = values.get(names.date, "").strip(), values.get(names.people, "").strip()
    day = read_date(date, reader.date_format)
    if date and not day:
        findings.append(Finding("", names.date, f"'{date[:40]}' is no date", f"{ASK}; {_NO_DATE}", "warning"))
    count = int(people) if people.isascii() and people.isdigit() and len(people) < 10 else None
    if count is not None and not 0 < count <= PEOPLE_MOST:
        message = f"'{people}' is no number of people"
        findings.append(Finding("", names.people, message, f"{ASK}; it counts as one person", "warning"))
        count = None
    mode = values.get(names.mode, "")
    if mode and mode != names.joint and count is not None and count > 1:
        message = f"says '{mode}' in '{names.mode}', and {count} people in '{names.people}'"
        findings.append(Finding("", names.people, message, ASK, "warning"))
    key = {"organisation": names.organisation, "school": names.school, "role": names.role, "date": names.date}
    said = {
        "organisation": _fold(values.get(names.organisation, "")),
        "school": _fold(values.get(names.school, "")),
        "role": _fold(values.get(names.role, "")),
        "date": day.isoformat() if day else "",
        "joint": mode == names.joint if mode else None,
        "people": count,
        "asked": tuple(part for part, name in key.items() if name in fields),
    }
    return said, findings


def _is_kept(name: str, field: Field | None, reader: Reader) -> bool:
    if name in reader.context.spoken or (field and field.kind not in _TEXTS):
        return True
    return any(fnmatchcase(name, pattern) for pattern in reader.choices.texts)


def _veil(finding: Finding, why: str) -> str:
    """Return a message without what somebody wrote."""
    if "'" not in finding.message:
        return finding.message
    return f"something is wrong with what it holds; {why}"


def _digest(values: Mapping[str, str], salt: str) -> str:
    """Return a hash of all answers; with the key, or whoever knows the rest could guess a text or a name from it."""
    plain = {name: " ".join(text.split()) for name, text in values.items() if text.strip()}
    return mask(salt, json.dumps(plain, sort_keys=True))[:32]


def _fold(text: str) -> str:
    """Return a name without what cannot be seen: blanks in a row, control characters, marks of direction."""
    return " ".join("".join(it if it.isprintable() else " " for it in text).split())


def _clean(text: str) -> str:
    """Return a text that can be written as UTF-8: half a letter of UTF-16 becomes a question mark."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
