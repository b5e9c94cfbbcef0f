"""What came out of files -> one HTML page to look at: findings in words, and where each is on its page.

Frame of pictures: millimetres, origin top-left of the MediaBox, y down. The page needs no network: its style and
pictures are in it. Whatever a file of others says is text in it, never markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import __version__
from pipeline.errors import Finding, Spot, printable, write_ranges
from pipeline.examine.process import Pictures
from pipeline.examine.values import Asked, Examination, Examined, Frame
from pipeline.examine.words import count_findings, summarise
from pipeline.resources import PACKAGED
from pipeline.storage import replace_file
from pipeline.units import mm

TEMPLATE = "preflight.html.j2"  # in assets/pages
AIR = 0.8  # mm between what is found and the line around it, so that the line hides nothing
MARKS_MOST = 40  # on one picture
PLACES_MOST = 10  # listed for one problem
_LABEL = 0.032  # height of a number, as a share of the longer side of its page


class Box(NamedTuple):
    """A box in the frame of a picture: its top-left, and its size."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Box) -> bool:
        """Say whether two boxes have an area in common."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True)
class Mark:
    """What is drawn on a picture: a line around a place, and the number of its problem beside it."""

    number: int
    warning: bool
    box: Box
    label: Box


class Place(NamedTuple):
    """Where a problem is: the page, from 1, to go to (0: none); that and those after it in words; the spot in words."""

    page: int
    pages: str
    spot: str


@dataclass(frozen=True)
class Problem:
    """Findings that say the same, in one row.

    Attributes:
        number: by which pictures refer to it, from 1 in each file.
        places: where it is.
        more: number of further places.
    """

    number: int
    warning: bool
    field: str
    message: str
    hint: str
    places: tuple[Place, ...]
    more: int


@dataclass(frozen=True)
class Page:
    """One page with findings.

    Attributes:
        number: from 1.
        frame: None where its size is not known.
        picture: a data URI; empty where there is none.
        marks: what is drawn on the picture.
        more: number of places that are not; `unmarked` are the numbers of their problems.
        whole: numbers of problems that have no place on it.
    """

    number: int
    frame: Frame | None
    picture: str
    marks: tuple[Mark, ...]
    more: int
    unmarked: tuple[int, ...]
    whole: tuple[int, ...]

    @property
    def numbers(self) -> set[int]:
        """The numbers of all problems on it."""
        return {*self.whole, *(mark.number for mark in self.marks), *self.unmarked}

    @property
    def cut(self) -> bool:
        """Whether the page is cut within its picture."""
        return self.frame is not None and self.frame.trim != (0.0, 0.0, self.frame.width, self.frame.height)


@dataclass(frozen=True)
class Section:
    """One file of the report."""

    number: int
    it: Examined
    problems: tuple[Problem, ...]
    pages: tuple[Page, ...]

    @property
    def verdict(self) -> str:
        """What came out, in words."""
        return count_findings(self.it) if self.it.findings else "checked, no findings"

    @property
    def drawn(self) -> set[int]:
        """Numbers of the pages that are shown."""
        return {page.number for page in self.pages if page.picture}

    @property
    def undrawn(self) -> str:
        """The pages with findings that are not shown, as ranges."""
        return write_ranges([page.number for page in self.pages if not page.picture])

    @property
    def clean(self) -> str:
        """The pages without findings, as ranges; empty where nothing was looked at."""
        if not self.it.checked:
            return ""
        found = {page.number for page in self.pages}
        return write_ranges([number for number in range(1, self.it.pages + 1) if number not in found])


def write_report(path: Path, examination: Examination, asked: Asked, pictures: Pictures) -> None:
    """Write the report; who looks at an earlier one sees that or the new one, never half of it.

    Raises:
        StorageError: the disk refuses.
    """
    replace_file(path, render_report(examination, asked, pictures).encode())


def render_report(examination: Examination, asked: Asked, pictures: Pictures) -> str:
    """Return the report as HTML.

    Args:
        examination: what came out.
        asked: what they were held against.
        pictures: of pages with findings, as many as there are (`process.draw_findings`).
    """
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        loader=jinja2.FileSystemLoader(PACKAGED / "assets/pages"),
        finalize=lambda value: printable(value) if type(value) is str else value,
    )  # fmt: skip
    environment.filters |= {"mm": write_mm, "path": _break_path}
    sections = [_plan_section(number, it, pictures) for number, it in enumerate(examination.files, start=1)]
    return environment.get_template(TEMPLATE).render(
        version=__version__,
        shop=asked.shop,
        shop_bleed=mm(asked.shop.bleed),
        summary=summarise(examination),
        sections=sections,
    )


def write_mm(value: float) -> str:
    """Write millimetres with a decimal where it says something: `3`, `52.5`."""
    return f"{value:.1f}".removesuffix(".0")


def _break_path(path: str) -> Any:
    """Let a path break after its slashes."""
    from markupsafe import Markup, escape

    return Markup("/<wbr>").join(escape(step) for step in printable(path).split("/"))


def _plan_section(number: int, it: Examined, pictures: Pictures) -> Section:
    """Give findings that say the same one number, and gather by page what is found there."""
    rows: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in it.findings:
        rows.setdefault((finding.severity, finding.field, finding.message, finding.hint), []).append(finding)
    numbers = {key: index for index, key in enumerate(sorted(rows, key=lambda key: key[0] == "warning"), start=1)}
    problems = [_plan_problem(index, rows[key], it) for key, index in numbers.items()]
    on_page: dict[int, dict[tuple[int, Spot | None], bool]] = {}
    for key, found in rows.items():
        for finding in found:
            page = it.page_of(finding)
            if page is not None:
                on_page.setdefault(page, {})[numbers[key], finding.spot] = key[0] == "warning"
    pages = [_plan_page(page, it, on_page[page], pictures) for page in sorted(on_page)]
    return Section(number, it, tuple(problems), tuple(pages))


def _plan_problem(number: int, found: Sequence[Finding], it: Examined) -> Problem:
    first = found[0]
    places = list(dict.fromkeys(_list_pages(found, it)))
    return Problem(
        number, first.severity == "warning", first.field, first.message, first.hint,
        tuple(places[:PLACES_MOST]), len(places[PLACES_MOST:]),
    )  # fmt: skip


def _list_pages(found: Iterable[Finding], it: Examined) -> Iterator[Place]:
    """Yield the whole file, where it is meant, and the pages that have the problem in one and the same place."""
    pages: dict[str, set[int]] = {}
    for finding in found:
        page, spot = it.page_of(finding), finding.spot
        if page is None:
            yield Place(0, "the whole file", "")
        else:
            where = f"{spot.x0:.0f} × {spot.y0:.0f} mm" if spot else ""
            pages.setdefault(where, set()).add(page + 1)
    for where, numbers in pages.items():
        yield Place(min(numbers), f"page{'s' if len(numbers) > 1 else ''} {write_ranges(sorted(numbers))}", where)


def _plan_page(page: int, it: Examined, found: Mapping[tuple[int, Spot | None], bool], pictures: Pictures) -> Page:
    frame = it.frames.get(page)
    data = pictures.get((it.file, page), "")
    marks: list[Mark] = []
    spots = [(number, spot, warning) for (number, spot), warning in found.items() if spot and frame]
    rest = spots[MARKS_MOST:]
    for number, spot, warning in spots[:MARKS_MOST]:
        assert frame is not None
        marks.append(_plan_mark(number, warning, place_spot(spot, frame), frame, marks))
    whole = sorted({number for number, spot in found if not (spot and frame)})
    picture = f"data:image/jpeg;base64,{data}" if data else ""
    return Page(page + 1, frame, picture, tuple(marks), len(rest), tuple(number for number, *_ in rest), tuple(whole))


def place_spot(spot: Spot, frame: Frame) -> Box:
    """Return the line around a place, in the frame of the picture: from the trim to the MediaBox, with some air."""
    x, y = frame.trim[0] + spot.x0 - AIR, frame.trim[1] + spot.y0 - AIR
    return Box(x, y, spot.x1 - spot.x0 + 2 * AIR, spot.y1 - spot.y0 + 2 * AIR)


def _plan_mark(number: int, warning: bool, box: Box, frame: Frame, others: Sequence[Mark]) -> Mark:
    """Put the number at the corner where it hides no other number; inside the picture in any case."""
    height = _LABEL * max(frame.width, frame.height)
    width = height * (0.55 + 0.5 * len(str(number)))
    corners = [(x, y) for y in (box.y - height, box.y + box.height) for x in (box.x, box.x + box.width - width)]
    corners += [(box.x + step * width, box.y - height) for step in range(1, 6)]
    labels = [_keep_inside(Box(x, y, width, height), frame) for x, y in corners]
    free = (label for label in labels if not any(label.overlaps(mark.label) for mark in others))
    return Mark(number, warning, box, next(free, labels[0]))


def _keep_inside(label: Box, frame: Frame) -> Box:
    x = max(0.0, min(label.x, frame.width - label.width))
    y = max(0.0, min(label.y, frame.height - label.height))
    return Box(x, y, label.width, label.height)
