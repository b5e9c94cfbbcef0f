"""Pages on sheets, as pixels and as PDF: what is planned is what is printed."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter

from pipeline.imposition import Card, Flip, Imposed, Placement, impose_booklet, impose_cards
from pipeline.pdf.sheets import place_pages
from pipeline.plan import plan_documents
from pipeline.typeset import Typesetter, typeset
from pipeline.units import Rect, Size, points
from tests.conftest import codes_on, draw
from tests.sheets import (
    A3,
    A4,
    BLEED,
    CARD,
    PAGE,
    SRA3,
    across,
    describe,
    make_sheets,
    prepare,
    set_layout,
    stock,
    toolbox,
    write_pages,
)  # fmt: skip

CARDS = [Card(2 * number, 2 * number + 1) for number in range(4)]
TURNS = {(1, 0): None, (0, 1): Image.Transpose.ROTATE_270, (-1, 0): Image.Transpose.ROTATE_180,
         (0, -1): Image.Transpose.ROTATE_90}  # fmt: skip


@pytest.fixture(scope="module")
def typesetter(tmp_path_factory: pytest.TempPathFactory) -> Typesetter:
    return prepare(tmp_path_factory.mktemp("sheets"))


@pytest.fixture(scope="module")
def cards(typesetter: Typesetter) -> bytes:
    """The first four cards of the default toolbox, front and back."""
    deck = next(it for it in plan_documents(toolbox()) if it.path == "print/spiegelkaarten.pdf")
    with pikepdf.open(io.BytesIO(typeset(deck.job(), typesetter)[0])) as document:
        del document.pages[2 * len(CARDS) :]
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def cut(image: Image.Image, box: Rect, ppi: float) -> Image.Image:
    return image.crop(tuple(round(it * ppi / 72) for it in box))  # type: ignore[arg-type]


def draw_page(pdf: bytes, placement: Placement, trim: Size, ppi: float) -> Image.Image:
    """Return a page of the source within its trim, turned as it lies on the sheet."""
    image = cut(draw(pdf, placement.page, ppi), Rect(BLEED, BLEED, BLEED + trim.width, BLEED + trim.height), ppi)
    turn = TURNS[round(placement.matrix[0]), round(placement.matrix[1])]
    return image if turn is None else image.transpose(turn)


def differs(one: Image.Image, other: Image.Image) -> bool:
    """Say whether two pictures differ by more than what a pixel or two make at edges."""
    size = min(one.width, other.width), min(one.height, other.height)
    soft = [it.crop((0, 0, *size)).filter(ImageFilter.BoxBlur(4)) for it in (one, other)]
    return any(ImageChops.difference(*soft).histogram()[80:])


@pytest.mark.parametrize(
    ("size", "flip"),
    [(A4, "long"), (A4, "short"), (A3, "long"), (across(A3), "short"), (SRA3, "long"), (SRA3, "short")],
)
def test_cards_are_printed_where_they_are_planned(size: Size, flip: Flip, cards: bytes, typesetter: Typesetter) -> None:
    imposed = impose_cards(
        CARDS[:1] if size == A4 else CARDS, CARD, BLEED, stock(size, 5 if size != SRA3 else 3, flip=flip)
    )
    sheets, ppi = make_sheets(cards, imposed, typesetter), 110
    for number, side in enumerate(imposed.sides):
        image = draw(sheets, number, ppi)
        for it in side.placements:
            printed = cut(image, it.trim, ppi)
            assert not differs(printed, draw_page(cards, it, CARD, ppi)), f"page {it.page} on side {number}"
            assert differs(printed.transpose(Image.Transpose.ROTATE_180), draw_page(cards, it, CARD, ppi))
        check_white_around(image, [it.clip for it in side.placements], imposed, ppi)
    assert codes_on(sheets, 0) == {code for it in imposed.sides[0].placements for code in codes_on(cards, it.page)}


def check_white_around(image: Image.Image, clips: Iterable[Rect], imposed: Imposed, ppi: float) -> None:
    """Outside the bleeds there is nothing but marks and slug: a hundredth of the sheet at most."""
    rest = image.copy()
    for clip in clips:
        rest.paste(255, tuple(round(it * ppi / 72) + grow for it, grow in zip(clip, (-1, -1, 1, 1), strict=True)))  # type: ignore[arg-type]
    dark = sum(rest.histogram()[:200])
    assert 0 < dark < 0.01 * image.width * image.height


FRAMES = [b"0 0 0 1 k 0 0 %.3f %.3f re f" % CARD, b"0 0 0 0.6 k 0 0 %.3f %.3f re f" % CARD]


@pytest.mark.parametrize(("size", "flip"), [(A4, "long"), (across(A3), "long"), (SRA3, "long"), (SRA3, "short")])
def test_front_and_back_coincide_in_pixels(size: Size, flip: Flip, typesetter: Typesetter) -> None:
    """Pages whose trim is one dark area: its edges are the same on both sides, within a tenth of a millimetre."""
    source, ppi = write_pages(CARD, FRAMES), 400
    imposed = impose_cards(
        [Card(0, 1)] * 3, CARD, BLEED, stock(size, 5 if size in (A4, A3) else 3, flip=flip, marks=frozenset())
    )
    sheets = make_sheets(source, imposed, typesetter)
    upright = (size.height > size.width) == (flip == "long")
    mirror = Image.Transpose.FLIP_LEFT_RIGHT if upright else Image.Transpose.FLIP_TOP_BOTTOM
    for front, back in zip(range(0, len(imposed.sides), 2), range(1, len(imposed.sides), 2), strict=True):
        seen = [draw(sheets, front, ppi), draw(sheets, back, ppi).transpose(mirror)]
        dark = [it.point(lambda grey: 255 if grey < 190 else 0) for it in seen]
        assert dark[0].getbbox() is not None
        apart = ImageChops.difference(*dark)
        assert apart.filter(ImageFilter.MinFilter(3)).getbbox() is None  # nothing three pixels wide
        for it in imposed.sides[front].placements:
            box = Rect(*(edge * 72 / ppi for edge in find_area(dark[0], it.trim.inset(-points(2)), ppi)))
            assert all(abs(a - b) < points(0.1) for a, b in zip(box, it.trim, strict=True))


def find_area(image: Image.Image, within: Rect, ppi: float) -> list[int]:
    x0, y0 = round(within.x0 * ppi / 72), round(within.y0 * ppi / 72)
    box = cut(image, within, ppi).getbbox()
    assert box is not None
    return [box[0] + x0, box[1] + y0, box[2] + x0, box[3] + y0]


def test_nothing_of_a_neighbour_is_seen_at_a_shared_cut(typesetter: Typesetter) -> None:
    """Pages that are dark in their bleed alone: at a shared cut there is none of it."""
    width, height = CARD
    bleeding = b"0 0 0 1 k %.3f %.3f %.3f %.3f re 0 0 %.3f %.3f re f*" % (
        -BLEED, -BLEED, width + 2 * BLEED, height + 2 * BLEED, width, height,
    )  # fmt: skip
    imposed = impose_cards([Card(0)] * 4, CARD, BLEED, stock(SRA3, gutter=0.0, marks=frozenset()))
    image, ppi = draw(make_sheets(write_pages(CARD, [bleeding]), imposed, typesetter), 0, 150), 150
    trims = [it.trim for it in imposed.sides[0].placements]
    whole = Rect(trims[0].x0, trims[0].y0, trims[3].x1, trims[3].y1)
    inside = cut(image.filter(ImageFilter.MaxFilter(3)), whole.inset(0.5), ppi)  # but for a pixel that a clip lies in
    assert inside.getextrema()[0] > 200  # type: ignore[operator]
    assert image.getextrema()[0] < 50  # type: ignore[operator]


# ------------------------------------------------------------------------------------------ booklets


def test_pages_meet_at_the_fold_and_move_towards_it(typesetter: Typesetter) -> None:
    """A line near the spine of each page: the inner sheets have it nearer to the fold, and none beyond it."""
    at, thickness = points(10), points(0.5)
    right = b"0 0 0 1 k %.3f 0 1 %.3f re f" % (at, PAGE.height)
    left = b"0 0 0 1 k %.3f 0 1 %.3f re f" % (PAGE.width - at - 1, PAGE.height)
    source = write_pages(PAGE, [right, left] * 8)
    imposed = impose_booklet(range(16), PAGE, BLEED, stock(across(A3), 5, marks=frozenset()), thickness)
    sheets, ppi = make_sheets(source, imposed, typesetter), 300
    fold = A3.height / 2
    for sheet in range(4):
        image = draw(sheets, 2 * sheet, ppi)
        row = image.crop((0, image.height // 2, image.width, image.height // 2 + 1)).tobytes()
        dark = [(x + 0.5) * 72 / ppi for x, grey in enumerate(row) if grey < 128]
        assert len(dark) > 4
        expected = at + 0.5 - sheet * thickness
        for x in dark:
            assert abs(abs(x - fold) - expected) < points(0.3)


# ------------------------------------------------------------------------------------------ the file


def read_sheets(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def test_a_page_is_one_form_however_often_it_is_placed(cards: bytes, typesetter: Typesetter) -> None:
    imposed = impose_cards([Card(0, 1, 6), Card(2, 3, 2)], CARD, BLEED, stock(SRA3))
    first, again = (make_sheets(cards, imposed, typesetter) for _ in range(2))
    assert first == again
    with read_sheets(first) as document, read_sheets(cards) as source:
        assert len(document.pages) == 4
        forms = {form.objgen for page in document.pages for form in page.resources.XObject.values()}
        assert len(forms) == 4
        for page in document.pages:
            whole = [0, 0, *SRA3]
            boxes = [page.mediabox, page.trimbox, page.obj.BleedBox]
            assert all([float(it) for it in box] == pytest.approx(whole, abs=0.01) for box in boxes)
            for form in page.resources.XObject.values():
                assert list(form.BBox) == list(source.pages[0].mediabox)
        fonts = [it for it in document.objects if isinstance(it, pikepdf.Dictionary) and it.get("/Type") == "/Font"]
        assert len(fonts) < 2 * len(
            [it for it in source.objects if isinstance(it, pikepdf.Dictionary) and it.get("/Type") == "/Font"]
        )


def test_marks_are_drawn_last_and_on_every_plate(cards: bytes, typesetter: Typesetter) -> None:
    imposed = impose_booklet(range(8), PAGE, BLEED, stock(SRA3))
    with read_sheets(make_sheets(cards, imposed, typesetter)) as document:
        page = document.pages[0]
        spaces: Any = page.resources.ColorSpace
        assert [str(it[1]) for it in spaces.values()] == ["/All"]
        operators = [str(it.operator) for it in pikepdf.parse_content_stream(page)]
        assert max(n for n, it in enumerate(operators) if it == "Do") < operators.index("CS")
        assert operators.count("q") == operators.count("Q")
        hairs = {float(it.operands[0]) for it in pikepdf.parse_content_stream(page) if str(it.operator) == "w"}
        assert hairs == {0.25}


def test_what_fits_nothing_is_refused(cards: bytes, typesetter: Typesetter) -> None:
    one, two = (impose_cards(CARDS[:count], CARD, BLEED, stock(A4, 5)) for count in (1, 2))
    around = set_layout("sheet.typ", describe(one, "Proef"), one.size, typesetter)
    with pytest.raises(ValueError, match="2 pages for 4 sides"):
        place_pages(around, cards, two, BLEED)
    with pytest.raises(ValueError, match="no page 21, the source has 8"):
        place_pages(around, cards, impose_cards([Card(20, 0)], CARD, BLEED, stock(A4, 5)), BLEED)


def test_a_slug_that_is_too_long_ends_in_time_and_says_which_side_it_is(typesetter: Typesetter, tmp_path: Path) -> None:
    imposed = impose_cards(CARDS[:1], CARD, BLEED, stock(A4, 5))
    source = write_pages(CARD, [b"", b""])
    slug = imposed.sides[0].slug
    assert slug is not None
    for text in ("Proef, vel 1 van 1", "zeer " * 200):
        pdf = make_sheets(source, imposed, typesetter, text)
        assert pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().endswith("· recto")
        image = draw(pdf, 0, 100)
        box = find_area(image.point(lambda grey: 255 if grey < 200 else 0), slug.inset(-points(2)), 100)
        assert slug.holds(Rect(*(edge * 72 / 100 for edge in box)), slack=1)
