"""What is to be made: the value that flows from the kinds to the build."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from pipeline.units import Size

Medium = Literal["screen", "print"]
MEDIA: tuple[Medium, ...] = ("screen", "print")


@dataclass(frozen=True)
class Expectation:
    """What the finished PDF has to be; preflight holds the file against it.

    Attributes:
        medium: which rules apply.
        trim: size of the finished page in points.
        bleed: on all four sides, in points; 0 on screen.
        pages: number of pages.
        language: of the text, as BCP 47 (`nl-NL`).
        codes: (page counted from 0, address the QR code on it holds).
    """

    medium: Medium
    trim: Size
    bleed: float
    pages: int
    language: str
    codes: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Origin:
    """Where a text of a document was written, for findings: `file:line` and the path of the field."""

    place: str
    field: str


@dataclass(frozen=True)
class Document:
    """One PDF to be made.

    Attributes:
        id: name below the medium's folder, without ending (`spiegelkaarten/3-teamleren`).
        product: name of the product it belongs to.
        layout: file in `layouts/`.
        data: what the layout reads, JSON-able.
        expects: what it has to become.
        origins: (card, field of a zone) -> where that text was written.
    """

    id: str
    product: str
    layout: str
    data: dict[str, Any]
    expects: Expectation
    origins: dict[tuple[str, str], Origin] = field(default_factory=dict)

    @property
    def medium(self) -> Medium:
        """The medium it is made for."""
        return self.expects.medium

    @property
    def path(self) -> str:
        """Where it is published, below `build/`."""
        return f"{self.medium}/{self.id}.pdf"
