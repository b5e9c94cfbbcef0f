"""What a returned form answers, or why it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.errors import Finding

Verdict = Literal["accepted", "empty", "conflict", "unknown-version", "flattened", "foreign", "damaged", "refused"]


@dataclass(frozen=True)
class Answers:
    """One file that somebody returned.

    Attributes:
        form, version, fingerprint: what the file says it is; empty where it does not say.
        values: name of a field -> what was filled in, "" where it was left open or says two things. All fields that a
            person fills in; of an unknown version only those that are the same in a known one; none of a file that is
            not read.
        verdict: `accepted`, or the first of these that holds: see `pipeline.collect.judge`.
        findings: the cause of the verdict, and what else has to be known.
        response: number of the copy, where the form was handed out with one.
    """

    form: str
    version: str
    values: dict[str, str]
    verdict: Verdict
    findings: tuple[Finding, ...]
    fingerprint: str = ""
    response: str = ""
