"""A file under test, with what is known of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.document import Expectation, Medium
from pipeline.errors import Finding
from pipeline.pdf.inspect import DamagedPdfError, Memory, PageFacts, PdfFacts, inspect_pdf


@dataclass(frozen=True)
class Subject:
    """A file under test.

    Attributes:
        name: as findings show it.
        pdf: its bytes.
        expects: what it was made to be; None for a file of others.
        medium: which rules apply to a file of others; None: boxes for the press mean print.
        memory: pages that were looked at before and are not looked at again.
    """

    name: str
    pdf: bytes
    expects: Expectation | None = None
    medium: Medium | None = None
    memory: Memory | None = None

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

    def finding(self, message: str, hint: str = "", page: int | None = None) -> Finding:
        """Return a finding on the file, or on a page (counted from 0)."""
        place = self.name if page is None else f"{self.name}, page {page + 1}"
        return Finding(place, "", message, hint)
