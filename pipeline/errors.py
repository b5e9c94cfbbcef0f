"""The error tree, the exit codes, and the finding: what is wrong, where, and what to do next.

    DrukwerkError          1  unexpected
    |- UsageError          2  a call that cannot be carried out
    |- ContentError        3  content, also text that does not fit
    |- LayoutError         4  typesetting: a layout is wrong
    |- PreflightError      5  a finished PDF is not what it has to be
    |- AssetError          6  a missing or unusable asset or font
    |- CollectError        7  a returned form that is no answer
    `- StorageError        8  disk, permission, lock

Every error may carry findings; the command prints them and ends with `exit_code`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where on a page: `page` from 0, and a box in millimetres from the top-left of its trim, y down."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        place: `file:line`, a file, or a file with page and position; paths relative to the project.
        field: path of the value, lists counted from 1 (`school.suggestions[2]`); empty when there is none.
        message: lower case, no full stop: what is expected and what was found.
        hint: the next step; empty when there is none.
        severity: an error fails the build, a warning only with `--strict`.
        missing_asset: the cause is a file that is absent or unusable, not the text (exit code 6 instead of 3).
        spot: where on the page it is seen, for reports that show it.
    """

    place: str
    field: str
    message: str
    hint: str = ""
    severity: Severity = "error"
    missing_asset: bool = False
    spot: Spot | None = None

    def __str__(self) -> str:
        """Write the finding in the shape of the contract: one line, and the hint on a second one."""
        head = ": ".join(part for part in (self.place, self.field, self.message) if part)
        if self.severity == "warning":
            head = f"warning: {head}"
        lines = [head, f"  hint: {self.hint}"] if self.hint else [head]
        return "\n".join(printable(line) for line in lines)


def printable(text: str) -> str:
    """Write control characters as codes: a message must not steer the terminal it is read in."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or (c.isspace() and c not in "\r\n\v\f") else f"\\x{ord(c):02x}" for c in text)


class DrukwerkError(Exception):
    """Anything that ends a command in a foreseen way."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str = "", findings: Iterable[Finding] = ()) -> None:
        self.findings = tuple(findings)
        super().__init__(message or "\n".join(str(finding) for finding in self.findings))


class UsageError(DrukwerkError):
    """The call names something that does not exist here."""

    exit_code = 2


class ContentError(DrukwerkError):
    """The content cannot be printed as it is."""

    exit_code = 3


class LayoutError(DrukwerkError):
    """Typst refused a layout, or warned about it."""

    exit_code = 4


class PreflightError(DrukwerkError):
    """A finished PDF breaks a rule of its medium."""

    exit_code = 5


class AssetError(DrukwerkError):
    """A font, logo or profile is absent or unusable."""

    exit_code = 6


class CollectError(DrukwerkError):
    """A file was collected that is neither an answer, nor a second copy of one, nor an empty form."""

    exit_code = 7


class StorageError(DrukwerkError):
    """The disk refuses: permission, space, or something in the way."""

    exit_code = 8


def require_clean(findings: Iterable[Finding]) -> None:
    """Raise when a finding is an error: `ContentError`, or `AssetError` when only assets are at fault."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise (AssetError if all(finding.missing_asset for finding in errors) else ContentError)(findings=errors)


def nearest(name: str, valid: Iterable[str]) -> str:
    """Return a hint with the nearest valid name, or all of them when none is near."""
    import difflib

    names = sorted(valid)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"did you mean '{close[0]}'?"
    return f"valid: {', '.join(names)}" if names else ""


def write_ranges(numbers: Iterable[int]) -> str:
    """Write numbers that go up, neighbours as one: `1–3, 7`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if run[1:] else str(run[0]) for run in runs)
