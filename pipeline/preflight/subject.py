"""A file under test, with what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.document import Expectation, Medium
from pipeline.errors import Finding, Severity, Spot
from pipeline.pdf.inspect import DamagedPdfError, Memory, PageFacts, PdfFacts, inspect_pdf
from pipeline.pdf.marks import Mark
from pipeline.shop import Shop
from pipeline.units import Rect, mm

MOST = 10  # findings of one rule on one page

STANDARD = Shop()


@dataclass(frozen=True)
class Subject:
    """A file under test.

    Attributes:
        name: as findings show it.
        pdf: its bytes.
        expects: what it was made to be; None for a file of others.
        medium: which rules apply to a file of others; None: boxes for the press mean print.
        memory: pages that were looked at before and are not looked at again.
        shop: what the print shop asks for.
    """

    name: str
    pdf: bytes
    expects: Expectation | None = None
    medium: Medium | None = None
    memory: Memory | None = None
    shop: Shop = STANDARD

    @cached_property
    def facts(self) -> PdfFacts:
        """What stands in the file."""
        return inspect_pdf(self.pdf, self.memory)

    @property
    def rules(self) -> Medium:
        """The medium whose rules apply: of a file of others, what it looks like."""
        if self.expects:
            return self.expects.medium
        if self.medium:
            return self.medium
        if any(page.trim or page.bleed for page in self.facts.pages):
            return "print"
        return "forms" if self.facts.form and self.facts.form.names else "screen"

    def pages(self) -> Iterator[tuple[int, PageFacts]]:
        """Yield (number from 0, facts) of each page that is looked at."""
        for page in self.facts.pages:
            yield page.number, page

    @property
    def looked_at(self) -> list[int]:
        """The pages that are looked at, from 0; none of a file that cannot be read."""
        try:
            return [number for number, _ in self.pages()]
        except DamagedPdfError:
            return []

    def marks(self) -> Iterator[tuple[int, list[Mark]]]:
        """Yield (number from 0, marks) of each page that is looked at: all that puts ink on it, the bleed included."""
        for page in self.facts.pages:
            yield page.number, [mark for mark in page.marks if mark.where != "outside" and not mark.masking]

    def weigh(self, refused: bool) -> Severity:
        """Return how grave something is: always an error in our own files; in those of others, what shops refuse."""
        return "error" if refused or self.expects else "warning"

    def finding(
        self,
        message: str,
        hint: str = "",
        page: int | None = None,
        box: Rect | None = None,
        severity: Severity = "error",
    ) -> Finding:
        """Return a finding on the file, or on a page (counted from 0), or on a box of it (as in `Mark.boxes`)."""
        place = self.name if page is None else f"{self.name}, page {page + 1}"
        spot = None if page is None or box is None else self._spot(page, box)
        if spot:
            place += f", {round(spot.x0)} x {round(spot.y0)} mm"
        return Finding(place, "", message, hint, severity, spot=spot)

    def report(
        self, page: int, found: Iterable[tuple[str, Rect | None]], hint: str, severity: Severity = "error"
    ) -> list[Finding]:
        """Return a finding for each different message on a page, at its first place; after some, how many more."""
        first: dict[str, Rect | None] = {}
        for message, box in found:
            first.setdefault(message, box)
        shown = list(first.items())
        findings = [self.finding(message, hint, page, box, severity) for message, box in shown[:MOST]]
        if len(shown) > MOST:
            message = f"and {len(shown) - MOST} more of this kind, such as: {shown[MOST][0]}"
            findings.append(self.finding(message, hint, page, shown[MOST][1], severity))
        return findings

    def _spot(self, number: int, box: Rect) -> Spot:
        """Return where a box is: from the frame of the file to millimetres from the top-left of the trim, y down."""
        page = next(page for page in self.facts.pages if page.number == number)
        trim = page.trim or page.media
        return Spot(number, *map(mm, (box.x0 - trim.x0, trim.y1 - box.y1, box.x1 - trim.x0, trim.y1 - box.y0)))
