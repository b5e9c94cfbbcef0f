"""What was collected: one record for each file, and `answers.json`, which holds them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from pipeline.errors import Finding, UsageError

Verdict = Literal[
    "accepted", "duplicate", "conflict", "unknown-version", "empty", "flattened", "damaged", "foreign", "refused"
]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
CLEAR: tuple[Verdict, ...] = ("accepted", "duplicate", "empty")  # nothing has to be done about these
ANSWERS = "answers.json"

_AGAIN = "collect the files again: drukwerk collect FILE-OR-FOLDER... --out {}"


@dataclass(frozen=True)
class Record:
    """One file that was collected.

    Attributes:
        file: relative to what was named, with forward slashes; each record has its own.
        sha256: of its bytes; empty where it could not be opened.
        verdict: what it is.
        form, version, fingerprint: what it says it is; empty where it does not say.
        organisation, school, role: as the form says, blanks folded; letters where names were not kept.
        date: the day that the form states (ISO); empty where it states none.
        joint: filled in together; None where the form does not say.
        people: how many filled it in; None where the form does not say.
        respondent: number of the copy, where it was handed out with one.
        counts: whether it is used in reports.
        instead: the file that counts instead of this one, or empty.
        values: name of a field -> what was filled in, "" for nothing; without texts that were not asked for.
        findings: the cause of the verdict, and what else has to be known.
    """

    file: str
    sha256: str
    verdict: Verdict
    form: str = ""
    version: str = ""
    fingerprint: str = ""
    organisation: str = ""
    school: str = ""
    role: str = ""
    date: str = ""
    joint: bool | None = None
    people: int | None = None
    respondent: str = ""
    counts: bool = False
    instead: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def day(self) -> dt.date | None:
        """The day that the form states; None where it states none."""
        return dt.date.fromisoformat(self.date) if self.date else None


def dump_records(records: Iterable[Record]) -> bytes:
    """Return the records as JSON, one object for each."""
    raw = [{**vars(it), "findings": dump_findings(it.findings)} for it in records]
    return f"{json.dumps(raw, ensure_ascii=False, indent=1)}\n".encode()


def read_records(folder: Path) -> tuple[Record, ...]:
    """Read what was collected into a folder.

    Raises:
        UsageError: nothing was, or its `answers.json` is something else.
    """
    path = folder / ANSWERS
    hint = _AGAIN.format(folder)
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise UsageError(findings=[Finding(str(path), "", "nothing was collected here", hint)]) from None
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise UsageError(findings=[Finding(str(path), "", message, "check the rights of the file")]) from None
    try:
        found = json.loads(raw)
        if not isinstance(found, list):
            raise TypeError("no list")
        return tuple(_load_record(it) for it in found)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise UsageError(findings=[Finding(str(path), "", "is not what collecting writes", hint)]) from None


def dump_findings(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return what JSON can hold; the file is the one that they stand with."""
    keys = ("field", "message", "hint", "severity")
    return [{key: getattr(it, key) for key in keys} for it in findings]


def load_findings(raw: Any, file: str) -> tuple[Finding, ...]:
    """Read what `dump_findings` wrote, as findings on a file."""
    return tuple(Finding(file, it["field"], it["message"], it["hint"], it["severity"]) for it in raw)


def _load_record(raw: dict[str, Any]) -> Record:
    texts = ("file", "sha256", "form", "version", "fingerprint", "organisation", "school", "role", "date")
    known: dict[str, Any] = {key: str(raw[key]) for key in (*texts, "respondent", "instead")}
    if raw["verdict"] not in VERDICTS:
        raise ValueError(f"no verdict: {raw['verdict']}")
    if known["date"]:
        dt.date.fromisoformat(known["date"])  # raises where it is no day
    return Record(
        **known,
        verdict=raw["verdict"],
        joint=None if raw["joint"] is None else bool(raw["joint"]),
        people=None if raw["people"] is None else int(raw["people"]),
        counts=bool(raw["counts"]),
        values={str(key): str(value) for key, value in raw["values"].items()},
        findings=load_findings(raw["findings"], known["file"]),
    )
