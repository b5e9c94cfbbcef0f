"""How much ink lies on a page: averaged over 15 x 15 mm (GWG 2022), from device values, as the press gets them.

Most pages need no look: `bound_ink` says from the marks alone that there cannot be too much. Where that is not enough,
the four plates of the page are drawn (`pdf/plates.py`), and their squares of about a millimetre added up.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from PIL import Image

from pipeline.errors import Finding
from pipeline.pdf.colours import PROCESS
from pipeline.pdf.inspect import PageFacts, inspect_pdf
from pipeline.pdf.marks import Mark
from pipeline.pdf.plates import make_plate
from pipeline.pdf.separations import ImageSeparations
from pipeline.pdf.unpack import TooLargeError
from pipeline.preflight.inks import find_wrong_spaces
from pipeline.preflight.pixels import MAX_SIDE, open_pages, rasterise
from pipeline.preflight.subject import Subject
from pipeline.units import Rect, mm

WINDOW = 15  # millimetres; GWG 2022 averages over a square of this side
INK_PPI = 72.0  # a line that is thinner than a pixel is drawn as one, so it counts for too much rather than too little
SLACK = 1.5  # percent; a plate is drawn in 256 shades, and Typst writes colours in as many
DRAWN_AT_ONCE = 32  # pages; each opening of the file costs as much as some pages
INK_REFUSED = 320.0  # percent; GWG 2022


@dataclass(frozen=True)
class Coverage:
    """The most ink on a page.

    Attributes:
        percent: of the square of 15 x 15 mm that has most; 400 is all four inks in full.
        box: where it is; points, as the marks of the page. None on a page without one.
        unchecked: what on the page could not be measured; what it has of ink comes on top.
    """

    percent: float
    box: Rect | None
    unchecked: tuple[str, ...]


def check_ink(subject: Subject) -> list[Finding]:
    """Nowhere lies more ink than dries: on coated paper 300 %; what cannot be measured is said, and never good."""
    limit = subject.shop.ink_limit
    bounds = [(page, bound_ink(page.marks)) for _, page in subject.pages()]
    pages = [page for page, bound in bounds if bound is None or bound > limit + SLACK]
    findings = []
    for page, coverage in measure_pages(subject.pdf, pages):
        if coverage.percent > limit + SLACK:
            message = f"ink of {coverage.percent:.0f} % over {WINDOW} x {WINDOW} mm, at most {limit:g} %"
            severity = subject.weigh(coverage.percent > INK_REFUSED + SLACK)
            hint = "use less of the inks that lie on each other"
            findings.append(subject.finding(message, hint, page.number, coverage.box, severity))
        unchecked = _leave_out_errors(coverage.unchecked, page)
        if unchecked:
            message = f"ink coverage was not checked: {', '.join(unchecked)}"
            findings.append(subject.finding(message, "convert it to CMYK", page.number, severity="warning"))
    return findings


def _leave_out_errors(unchecked: Iterable[str], page: PageFacts) -> list[str]:
    """Return what could not be measured but for colour spaces that are an error on this page already."""
    spaces = find_wrong_spaces(page.marks)
    said = {f"{space}{where}" for space in spaces for where in ("", " in an image", " in a shading")}
    return [it for it in unchecked if it not in said]


def bound_ink(marks: Iterable[Mark]) -> float | None:
    """Return a percentage that no place of a page can go over; None where the marks alone cannot tell.

    Why it holds: what is opaque and does not overprint covers all four inks, so at each place they come from one mark,
    and the sum is at most that of one colour. What overprints in black alone changes black alone: cyan, magenta and
    yellow still come from one mark, black from that or another. Where anything else overprints, each ink may come from
    another mark. Means and soft edges are never over the greatest value. Pictures, shadings, transparency and inks
    other than the four can be anything.
    """
    most, most_colour, black = 0.0, 0.0, 0.0
    each = dict.fromkeys(PROCESS, 0.0)
    mixes = blacks = False
    for mark in marks:
        if mark.masking or mark.where == "outside":
            continue
        inks = mark.inks
        drawn = mark.paint == "text" and mark.size is None  # glyphs of a Type 3 font may have any colour
        if inks is None or mark.see_through or mark.colorants or not mark.values or drawn:
            return None
        total = sum(inks.values())
        only_black = total == inks.get("Black", 0.0)
        if mark.overprints:
            blacks |= only_black
            mixes |= not only_black
        most = max(most, total)
        black = max(black, inks.get("Black", 0.0))
        most_colour = max(most_colour, total - inks.get("Black", 0.0))
        for ink in PROCESS:
            each[ink] = max(each[ink], inks.get(ink, 0.0))
    return 100 * (sum(each.values()) if mixes else most_colour + black if blacks else most)


def measure_ink(pdf: bytes, page: int) -> Coverage:
    """Measure one page (from 0) of a file by drawing its plates, whatever its marks say.

    Raises:
        DamagedPdfError: the file cannot be read.
    """
    facts = inspect_pdf(pdf).pages[page]
    return next(coverage for _, coverage in measure_pages(pdf, [facts]))


def measure_pages(pdf: bytes, pages: Sequence[PageFacts]) -> Iterator[tuple[PageFacts, Coverage]]:
    """Yield each of these pages with its ink; of one that cannot be drawn, that it is not checked."""
    drawn = []
    for page in pages:
        if max((page.bleed or page.media).size) > MAX_SIDE:
            yield page, Coverage(0.0, None, ("a page too large to be drawn",))
        elif page.circular:
            yield page, Coverage(0.0, None, ("something that draws itself",))
        else:
            drawn.append(page)
    for at in range(0, len(drawn), DRAWN_AT_ONCE):
        part = drawn[at : at + DRAWN_AT_ONCE]
        try:
            yield from _draw_pages(pdf, part)
        except MemoryError:
            raise
        except Exception:  # files of others: any key may hold any type, at any depth
            for page in part:
                yield page, _try_draw(pdf, page)


def _try_draw(pdf: bytes, page: PageFacts) -> Coverage:
    """Measure a page by itself, where one of those around it cannot be drawn."""
    try:
        return _draw_pages(pdf, [page])[0][1]
    except MemoryError:
        raise
    except Exception as error:
        said = str(error) if isinstance(error, TooLargeError) else "the page cannot be drawn"
        return Coverage(0.0, None, (said,))


def _draw_pages(pdf: bytes, pages: Sequence[PageFacts]) -> list[tuple[PageFacts, Coverage]]:
    images = ImageSeparations()
    cells: list[list[list[float]]] = [[] for _ in pages]
    unchecked: list[dict[str, None]] = [{} for _ in pages]
    for ink in PROCESS:
        plate = make_plate(pdf, ink, [page.number for page in pages], images)
        with open_pages(plate.pdf) as opened:
            for index, page in enumerate(pages):
                part = _measure_plate(rasterise(opened, index, INK_PPI * page.unit), page)
                cells[index] = [list(map(sum, zip(*rows, strict=True))) for rows in _pair(cells[index], part)]
                unchecked[index] |= plate.unmeasured[page.number]
    found = []
    for page, grid, notes in zip(pages, cells, unchecked, strict=True):
        percent, box = _find_most(grid, page)
        found.append((page, Coverage(percent, box, tuple(notes))))
    return found


def _pair(total: list[list[float]], part: list[list[float]]) -> Iterator[tuple[list[float], ...]]:
    return zip(total, part, strict=True) if total else ((row,) for row in part)


def _measure_plate(image: Image.Image, page: PageFacts) -> list[list[float]]:
    """Return the ink of a plate in squares of about a millimetre, rows from the top, in percent."""
    size = (page.bleed or page.media).size
    columns, rows = max(1, round(mm(size.width))), max(1, round(mm(size.height)))
    light = image.convert("F").resize((columns, rows), Image.Resampling.BOX)
    values = [100 - value * (100 / 255) for value in array("f", light.tobytes())]
    return [values[at : at + columns] for at in range(0, columns * rows, columns)]


def _find_most(grid: list[list[float]], page: PageFacts) -> tuple[float, Rect]:
    """Return the greatest mean of a square of 15 x 15 mm, or of what a smaller page has, and where it is."""
    wide, high = min(WINDOW, len(grid[0])), min(WINDOW, len(grid))
    across = [_sum_windows(row, wide) for row in grid]
    down = [_sum_windows(list(column), high) for column in zip(*across, strict=True)]
    most, column = max((max(sums), number) for number, sums in enumerate(down))
    row = down[column].index(most)
    box = page.bleed or page.media
    cell = box.size.width / len(grid[0]), box.size.height / len(grid)
    left, top = box.x0 + column * cell[0], box.y1 - row * cell[1]
    return most / (wide * high), Rect(left, top - high * cell[1], left + wide * cell[0], top)


def _sum_windows(values: list[float], width: int) -> list[float]:
    sums = [0.0, *accumulate(values)]
    return [after - before for before, after in zip(sums, sums[width:], strict=False)]
