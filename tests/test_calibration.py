"""A printer with a known fault, and the two numbers that one reads on the calibration sheet."""

from __future__ import annotations

import re
import statistics
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageFilter

from pipeline.calibrate import make_calibration
from pipeline.errors import ContentError
from pipeline.fit import check_fit
from pipeline.imposition import Card, Flip, impose_cards, shift_backs
from pipeline.kinds.calibration import WORDS, plan_calibration
from pipeline.pdf.inspect import inspect_pdf
from pipeline.preflight import open_pages
from pipeline.typeset import Typesetter, typeset
from pipeline.units import Size, points
from tests.conftest import draw
from tests.sheets import A4, CARD, SRA3, across, make_sheets, prepare, stock, toolbox, write_pages

PPI = 300
NUMBER = re.compile(r"[−-]?\d+")
SHEETS = [(A4, "long"), (A4, "short"), (across(A4), "long"), (across(A4), "short"), (SRA3, "long")]
FAULTS_MM = [(2.5, -1.5), (-4.0, 0.5)]  # how far the printer prints backs to the right and too low


@pytest.fixture(scope="module")
def typesetter(tmp_path_factory: pytest.TempPathFactory) -> Typesetter:
    return prepare(tmp_path_factory.mktemp("calibration"))


def make(size: Size, flip: Flip, typesetter: Typesetter) -> bytes:
    words = {name: name for name in WORDS} | {"title": "Vallen voor- en achterkant op elkaar?"}
    words["instruction"] = "Druk dit vel dubbelzijdig af op ware grootte, en houd het tegen het licht. " * 5
    document = plan_calibration(toolbox(), size, flip, words)
    pdf, laid = typeset(document.job(), typesetter)
    assert check_fit(pdf, laid.zones, 0.0, frozenset({0, 1})) == []
    return pdf


def print_and_flip(pdf: bytes, fault_mm: tuple[float, float], size: Size, flip: Flip) -> Image.Image:
    """Return the back as it shines through the front, printed by a printer with that fault."""
    back = draw(pdf, 1, PPI)
    printed = Image.new("L", back.size, 255)
    right, down = (round(it / 25.4 * PPI) for it in fault_mm)
    printed.paste(back, (right, down))
    upright = (size.height > size.width) == (flip == "long")  # the edge that stays where it is
    return printed.transpose(Image.Transpose.FLIP_LEFT_RIGHT if upright else Image.Transpose.FLIP_TOP_BOTTOM)


def find_cross(image: Image.Image, near: tuple[float, float]) -> tuple[float, float]:
    """Return the middle of the cross near a point, in points: the darkest column and the darkest row."""
    scale, reach = PPI / 72, points(20)
    x0, y0 = (round((it - reach) * scale) for it in near)
    side = round(2 * reach * scale)
    cut = image.crop((x0, y0, x0 + side, y0 + side))
    columns = list(cut.resize((side, 1), Image.Resampling.BOX).tobytes())
    rows = list(cut.resize((1, side), Image.Resampling.BOX).tobytes())
    return (x0 + find_darkest(columns)) / scale, (y0 + find_darkest(rows)) / scale


def find_darkest(greys: list[int]) -> float:
    darkest = min(greys)
    return statistics.mean(place for place, grey in enumerate(greys) if grey == darkest) + 0.5


def read_numbers(pdf: bytes, size: Size) -> list[tuple[int, float, float]]:
    """Return every number on the front, with its middle in points from the top-left."""
    found = []
    with open_pages(pdf) as document:
        text = document[0].get_textpage()
        for n in range(text.count_rects()):
            x0, y0, x1, y1 = text.get_rect(n)
            word = text.get_text_bounded(x0, y0, x1, y1).strip()
            if NUMBER.fullmatch(word):
                found.append((int(word.replace("−", "-")), (x0 + x1) / 2, size.height - (y0 + y1) / 2))
    return found


def read_scales(numbers: list[tuple[int, float, float]], zero: Any, cross: Any) -> tuple[float, float]:
    """Return X and Y: what stands at the cross on the scale above the zero, and on the one at its left."""
    reach = points(10.5)
    above = [(x, it) for it, x, y in numbers if abs(x - zero[0]) < reach and reach < zero[1] - y < 2 * reach]
    beside = [(y, it) for it, x, y in numbers if abs(y - zero[1]) < reach and reach < zero[0] - x < 2 * reach]
    return interpolate(above, cross[0]), interpolate(beside, cross[1])


def interpolate(marks: list[tuple[float, int]], at: float) -> float:
    marks.sort()
    assert [abs(it) for _, it in marks] == [10, 5, 0, 5, 10]
    (low, first), (high, last) = marks[0], marks[-1]
    return first + (last - first) * (at - low) / (high - low)


@pytest.mark.parametrize(("size", "flip"), SHEETS)
def test_what_one_reads_takes_the_fault_away(size: Size, flip: Flip, typesetter: Typesetter) -> None:
    pdf = make(size, flip, typesetter)
    numbers = read_numbers(pdf, size)
    corner = points(38)
    zeros = [(size.width / 2, size.height / 2), (size.width - corner, corner), (corner, size.height - corner)]
    for fault in FAULTS_MM:
        through = print_and_flip(pdf, fault, size, flip)
        for zero in zeros:
            read = read_scales(numbers, zero, find_cross(through, zero))
            assert read == pytest.approx([-it for it in fault], abs=0.2)  # what an eye tells apart
    check_back_moves(size, flip, FAULTS_MM[0], typesetter)


def check_back_moves(size: Size, flip: Flip, fault_mm: tuple[float, float], typesetter: Typesetter) -> None:
    """A sheet whose backs are moved by these numbers is right on that printer, with its marks."""
    source = write_pages(CARD, [b"0 0 0 1 k 100 100 200 50 re f", b"0 0 0 1 k 300 200 20 150 re f"])
    imposed = impose_cards([Card(0, 1)], CARD, 0, stock(size, flip=flip))
    moved = shift_backs(imposed, (points(-fault_mm[0]), points(-fault_mm[1])), points(3))
    right, printed = (make_sheets(source, it, typesetter) for it in (imposed, moved))
    straight, shifted = (print_and_flip(pdf, by, size, flip) for pdf, by in ((right, (0, 0)), (printed, fault_mm)))
    different = ImageChops.difference(straight, shifted)
    assert different.filter(ImageFilter.MinFilter(5)).histogram()[40:] == [0] * 216  # but for edges, a pixel or two


def test_black_ink_alone(typesetter: Typesetter) -> None:
    facts = inspect_pdf(make(A4, "long", typesetter))
    assert len(facts.pages) == 2
    for page in facts.pages:
        assert {(it.space, it.values) for it in page.colours} == {("DeviceCMYK", (0, 0, 0, 1))}


def test_a_small_sheet_has_one_scale(typesetter: Typesetter) -> None:
    small = Size(points(148), points(210))
    assert len(read_numbers(make(small, "long", typesetter), small)) == 10


def test_a_sheet_too_small_for_the_scales_is_told_at_its_paper(werkstatt: Path) -> None:
    own = werkstatt / "assets/sheets/klein.yml"
    own.parent.mkdir(parents=True)
    own.write_text("title: Small\nkind: cards\npaper: 60mm x 60mm\nmargin: 0mm\n", "utf-8")
    with pytest.raises(ContentError, match=r"assets/sheets/klein.yml:3: paper: .* do not fit on 60 x 60 mm"):
        make_calibration(werkstatt, "klein")
