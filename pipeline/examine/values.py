"""What is asked of a file, and what came out: plain values that travel between processes. No PDF in here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pipeline.errors import Finding, PreflightError, Spot, StorageError, UsageError
from pipeline.examine.limits import SECONDS
from pipeline.shop import FOLDER, Shop

_PAGE = re.compile(r", page (\d{1,7})")


@dataclass(frozen=True)
class Asked:
    """What files are held against.

    Attributes:
        medium: whose rules; empty: as each was made, or as it looks.
        shop: the print shop.
        seconds: that a file without pages may take; those with many get more.
    """

    medium: str = ""
    shop: Shop = field(default_factory=Shop)
    seconds: float = SECONDS


@dataclass(frozen=True)
class Question:
    """One file to look at; or, where there are numbers of pages (from 0) to draw, to draw."""

    path: Path
    asked: Asked
    draw: tuple[int, ...] = ()


@dataclass(frozen=True)
class Frame:
    """A page in millimetres: its MediaBox, and in that the trim as (x0, y0, x1, y1), origin top-left, y down."""

    width: float
    height: float
    trim: tuple[float, float, float, float]


@dataclass(frozen=True)
class Examined:
    """What came out of one file.

    Attributes:
        file: as it was named.
        sha256: of its bytes; empty where they could not be read.
        medium: whose rules were applied; empty where none could be.
        planned: it was held against what a build meant to make.
        pages: how many there are.
        size_mm: width and height of the first page's trim.
        bleed_mm: around that trim: left, top, right, bottom.
        findings: what is wrong.
        left_out: number of further findings.
        checked, not_checked: names of rules.
        frames: page, from 0 -> its frame; of pages with findings.
    """

    file: str
    sha256: str = ""
    medium: str = ""
    planned: bool = False
    pages: int = 0
    size_mm: tuple[float, float] | None = None
    bleed_mm: tuple[float, float, float, float] | None = None
    findings: tuple[Finding, ...] = ()
    left_out: int = 0
    checked: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    frames: Mapping[int, Frame] = field(default_factory=dict)

    @property
    def errors(self) -> int:
        """Number of findings that are no mere warnings."""
        return sum(finding.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """Number of warnings."""
        return len(self.findings) - self.errors

    def page_of(self, finding: Finding) -> int | None:
        """Return the page, from 0, that a finding is on; None for one on the whole file."""
        return find_page(finding, self.file)


@dataclass(frozen=True)
class Examination:
    """What came out of a call.

    Attributes:
        files: those that were looked at, in the order in which they were named.
        refused: names that are no files, or files that may not be read; each with the exit code it means.
    """

    files: tuple[Examined, ...]
    refused: tuple[tuple[Finding, int], ...] = ()

    def exit_code(self, strict: bool = False) -> int:
        """Return how the command ends: what could not be looked at weighs more than what was found."""
        codes = {code for _, code in self.refused}
        if any(it.errors or (strict and it.warnings) for it in self.files):
            codes.add(PreflightError.exit_code)
        order = (StorageError, UsageError, PreflightError)
        return next((error.exit_code for error in order if error.exit_code in codes), 0)


def check_call(files: Sequence[Path], report: Path | None) -> None:
    """Refuse a call that names no file, or a report that would take the place of something else.

    Raises:
        UsageError: with the next step.
    """
    if not files:
        raise UsageError(findings=[Finding("", "", "no files", "name finished PDFs, such as build/print/*.pdf")])
    if report and report.suffix.lower() not in (".html", ".htm"):
        hint = "name a file that ends in .html, such as report.html"
        raise UsageError(findings=[Finding(str(report), "", "is no name for a report", hint)])


def find_shop_name(files: Iterable[Path]) -> str:
    """Return the shop that all these files were made for, by the folder they lie in; empty where there is no such."""
    names = {_find_shop_folder(path) for path in files}
    return names.pop() if len(names) == 1 else ""


def _find_shop_folder(path: Path) -> str:
    folders = [path.absolute(), *path.absolute().parents]
    return next((it.name for it in folders if it.parent.name == FOLDER and it.parent.parent.name == "build"), "")


def find_page(finding: Finding, name: str) -> int | None:
    """Return the page, from 0, of a finding on the file of this name; None: on the whole file."""
    if finding.spot:
        return finding.spot.page
    found = _PAGE.match(finding.place.removeprefix(name))
    return int(found[1]) - 1 if found else None


def dump_examined(it: Examined) -> dict[str, Any]:
    """Return it as what JSON can hold."""
    return asdict(it)


def load_examined(raw: Mapping[str, Any]) -> Examined:
    """Read what `dump_examined` made.

    Raises:
        ValueError, LookupError, TypeError, AttributeError: it is something else.
    """
    size, bleed = raw["size_mm"], raw["bleed_mm"]
    return Examined(
        file=str(raw["file"]),
        sha256=str(raw["sha256"]),
        medium=str(raw["medium"]),
        planned=bool(raw["planned"]),
        pages=int(raw["pages"]),
        size_mm=(float(size[0]), float(size[1])) if size else None,
        bleed_mm=_four(bleed) if bleed else None,
        findings=tuple(_load_findings(raw["findings"])),
        left_out=int(raw["left_out"]),
        checked=tuple(map(str, raw["checked"])),
        not_checked=tuple(map(str, raw["not_checked"])),
        frames={
            int(number): Frame(float(it["width"]), float(it["height"]), _four(it["trim"]))
            for number, it in raw["frames"].items()
        },
    )


def _load_findings(raw: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    for it in raw:
        spot = it["spot"]
        if spot:
            spot = Spot(int(spot["page"]), *_four([spot[key] for key in ("x0", "y0", "x1", "y1")]))
        yield Finding(**{**it, "spot": spot})


def _four(values: Iterable[Any]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = map(float, values)
    return x0, y0, x1, y1
