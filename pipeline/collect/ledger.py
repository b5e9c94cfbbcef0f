"""What was read of every file so far, kept beside the answers (`collected.json`): so no file is read twice.

Answers are made from it anew each time. It holds no file, and no text that was not asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from pipeline.collect.records import ANSWERS, VERDICTS, Verdict, dump_findings, load_findings
from pipeline.errors import Finding, UsageError

LEDGER = "collected.json"
_FORMAT = 1
_HINT = "put back the file, or collect everything into a new folder"


@dataclass(frozen=True)
class Choices:
    """What somebody asked when collecting.

    Attributes:
        texts: names of fields, or patterns, whose free texts are taken over.
        colleagues: forms without a number are of different people unless all answers are the same.
        pseudonymous: letters instead of names of schools and organisations, in everything that is written.
        again: forms are made to send back.
    """

    texts: tuple[str, ...] = ()
    colleagues: bool = False
    pseudonymous: bool = False
    again: bool = True


@dataclass(frozen=True)
class Seen:
    """What was read of one file.

    Attributes:
        name: relative to what was named, with forward slashes; empty where names are not kept.
        sha256: of its bytes; empty where it could not be opened.
        modified: (what the PDF says, what the folder says), as digits of UTC: which of two is newer.
        basis: hash of what it was read with.
        verdict: as judged by itself.
        digest: of all its answers, the texts too.
        asked: which of organisation, school, role and date its form asks.
        gaps: fields that have to be answered and were left open.
        copies: how many files have this name and these bytes.
        hidden: `organisation` and `school` are masks instead of names.
    """

    name: str
    sha256: str
    modified: tuple[str, str]
    basis: str
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
    digest: str = ""
    asked: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    copies: int = 1
    hidden: bool = False
    values: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others: its name and its bytes."""
        return self.name, self.sha256


@dataclass(frozen=True)
class Ledger:
    """Everything that was read.

    Attributes:
        seen: by name and bytes, in that order.
        choices: of the last run; None before the first.
        forgotten: (sha256, field) of texts that were taken out for good.
        made: form to send back -> what it was made from.
        lost: form to send back -> fields whose answers it does not take.
        outputs: names of the other files that were written.
    """

    seen: tuple[Seen, ...] = ()
    choices: Choices | None = None
    forgotten: tuple[tuple[str, str], ...] = ()
    made: dict[str, str] = field(default_factory=dict)
    lost: dict[str, tuple[str, ...]] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()


def dump_ledger(ledger: Ledger) -> bytes:
    """Return it as JSON, a line for each file."""
    head = {
        "format": _FORMAT,
        "choices": vars(ledger.choices) if ledger.choices else None,
        "forgotten": ledger.forgotten,
        "made": dict(sorted(ledger.made.items())),
        "lost": dict(sorted(ledger.lost.items())),
        "outputs": ledger.outputs,
    }
    lines = [json.dumps({**vars(it), "findings": dump_findings(it.findings)}) for it in ledger.seen]
    rows = ",\n  ".join(lines)
    return f'{json.dumps(head)[:-1]},\n "seen": [\n  {rows}\n ]}}\n'.encode()


def read_ledger(folder: Path) -> Ledger:
    """Read it; an empty one where nothing was collected yet.

    Raises:
        UsageError: it is gone while there are answers, or is something else.
    """
    path = folder / LEDGER
    try:
        raw = json.loads(path.read_bytes())
    except FileNotFoundError:
        if (folder / ANSWERS).exists():
            raise UsageError(findings=[Finding(str(path), "", "is gone, while there are answers", _HINT)]) from None
        return Ledger()
    except (OSError, ValueError, RecursionError):
        raise UsageError(findings=[Finding(str(path), "", "cannot be read", _HINT)]) from None
    try:
        if raw["format"] != _FORMAT:
            raise ValueError("another format")
        choices = raw["choices"]
        return Ledger(
            seen=tuple(_load_seen(it) for it in raw["seen"]),
            choices=choices and Choices(**{**choices, "texts": tuple(choices["texts"])}),
            forgotten=tuple((str(sha256), str(name)) for sha256, name in raw["forgotten"]),
            made={str(name): str(of) for name, of in raw["made"].items()},
            lost={str(name): tuple(map(str, of)) for name, of in raw.get("lost", {}).items()},
            outputs=tuple(map(str, raw["outputs"])),
        )
    except (ValueError, LookupError, TypeError, AttributeError):
        message = "is not what this version of Drukwerk writes"
        raise UsageError(findings=[Finding(str(path), "", message, _HINT)]) from None


def sort_seen(seen: Iterable[Seen]) -> tuple[Seen, ...]:
    """Put them in the one order, which does not tell in which order they came."""
    return tuple(sorted(seen, key=lambda it: it.key))


def _load_seen(raw: dict[str, Any]) -> Seen:
    if raw["verdict"] not in VERDICTS:
        raise ValueError(f"no verdict: {raw['verdict']}")
    known: dict[str, Any] = {it.name: raw[it.name] for it in fields(Seen)}
    known |= {key: tuple(raw[key]) for key in ("modified", "asked", "gaps")}
    return Seen(**{**known, "findings": load_findings(raw["findings"], raw["name"])})
