"""Cards and booklets on sheets. What a flip does is computed here a second time, by turning paper in space."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.imposition import (
    Card,
    DoesNotFitError,
    Imposed,
    Matrix,
    Placement,
    SheetSide,
    Stock,
    Turn,
    impose_booklet,
    impose_cards,
    shift_backs,
)
from pipeline.units import Rect, Size, mm, points
from tests.sheets import A3, A4, BLEED, CARD, PAGE, SRA3, across, stock

Point = tuple[float, float]
SMALL = Size(points(60), points(90))  # nine on A4, upright: three rows of three


def deck(count: int, copies: int = 1) -> list[Card]:
    return [Card(2 * number, 2 * number + 1, copies) for number in range(count)]


# ------------------------------------------------------------------------------------------ paper in space


def turn_in_space(point: Point, size: Size, around: Point) -> Point:
    """Return where a point of a flat thing is seen after half a turn in space around an axis through its middle."""
    x, y = point[0] - size.width / 2, point[1] - size.height / 2
    along = x * around[0] + y * around[1]
    return 2 * along * around[0] - x + size.width / 2, 2 * along * around[1] - y + size.height / 2


def flip_axis(sheet: Stock) -> Point:
    """Return the direction of the edge around which a sheet is flipped."""
    upright: Point = (0, 1)
    lying: Point = (1, 0)
    long, short = (upright, lying) if sheet.size.height >= sheet.size.width else (lying, upright)
    return long if sheet.flip == "long" else short


def place_at(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


def take_back(matrix: Matrix, point: Point) -> Point:
    """Return the point that a map leads to this one."""
    a, b, c, d, e, f = matrix
    x, y, whole = point[0] - e, point[1] - f, a * d - b * c
    return (d * x - c * y) / whole, (a * y - b * x) / whole


def corners(size: Size) -> list[Point]:
    return [(0, 0), (size.width, 0), (size.width, size.height), (0, size.height)]


def box_of(points_: list[Point]) -> Rect:
    xs, ys = [it[0] for it in points_], [it[1] for it in points_]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def alike(one: Any, other: Any) -> bool:
    return all(math.isclose(a, b, abs_tol=1e-6) for a, b in zip(one, other, strict=True))


def seen_through(rect: Rect, sheet: Stock) -> Rect:
    """Return where a box of the back lies, as one looks at the front."""
    ends = ((rect.x0, rect.y0), (rect.x1, rect.y1))
    return box_of([turn_in_space(it, sheet.size, flip_axis(sheet)) for it in ends])


def pair_sides(imposed: Imposed) -> Iterator[tuple[SheetSide, SheetSide]]:
    sides = list(imposed.sides)
    for front, back in zip(sides[::2], sides[1::2], strict=True):
        assert (front.back, back.back) == (False, True)
        assert front.sheet == back.sheet
        yield front, back


def find_back(front: Placement, back: SheetSide, sheet: Stock) -> Placement | None:
    """Return what is printed behind a place."""
    return next((it for it in back.placements if alike(seen_through(it.trim, sheet), front.trim)), None)


def read_after_turning(front: Matrix, back: Matrix, item: Size, sheet: Stock, around: Point) -> list[Point]:
    """Return where a reader who turned the item sees the corners of its back: from the back's print to the hand."""
    seen = []
    for corner in corners(item):
        on_back = place_at(back, corner)
        on_front = turn_in_space(on_back, sheet.size, flip_axis(sheet))
        in_hand = take_back(front, on_front)  # upright, seen from the front
        seen.append(turn_in_space(in_hand, item, around))
    return seen


# ------------------------------------------------------------------------------------------ pictures in letters


def picture(side: SheetSide, imposed: Imposed, sheet: Stock) -> str:
    """Return the places of a side, row by row: a capital for a front, a small letter for a back, a dot for nothing."""
    places = {it.trim for it in imposed.sides[0].placements}
    if side.back:
        places = {seen_through(it, sheet) for it in places}
    letters = {}
    for it in side.placements:
        letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[it.page // 2]
        letters[round(it.trim.y0), round(it.trim.x0)] = letter.lower() if it.page % 2 else letter
    rows: dict[int, str] = {}
    for place in sorted(places, key=lambda it: (round(it.y0), round(it.x0))):
        y, x = round(place.y0), round(place.x0)
        rows[y] = rows.get(y, "") + letters.get((y, x), ".")
    return "\n".join(rows.values())


def heads(side: SheetSide) -> set[str]:
    """Return where the heads of the pages of a side are."""
    names = {(1, 0): "up", (0, 1): "right", (-1, 0): "down", (0, -1): "left"}
    return {names[round(it.matrix[0]), round(it.matrix[1])] for it in side.placements}


@pytest.mark.parametrize(
    ("sheet", "back"),
    [
        (stock(A4, 5, gutter=0.0), "cba\nfed\n..g"),
        (stock(A4, 5, gutter=0.0, flip="short"), "g..\ndef\nabc"),
    ],
)
def test_backs_lie_behind_their_fronts(sheet: Stock, back: str) -> None:
    imposed = impose_cards(deck(7), SMALL, 0, sheet)
    front, other = imposed.sides
    assert picture(front, impose_cards(deck(9), SMALL, 0, sheet), sheet) == "ABC\nDEF\nG.."
    assert picture(other, impose_cards(deck(9), SMALL, 0, sheet), sheet) == back
    assert (heads(front), heads(other)) == ({"up"}, {"up"} if sheet.flip == "long" else {"down"})


def test_a_lying_sheet_flips_around_its_other_edge() -> None:
    trim = Size(points(65), points(98))
    for flip, back in (("short", "dcba\nhgfe"), ("long", "efgh\nabcd")):
        sheet = stock(across(A4), 5, flip=flip)
        imposed = impose_cards(deck(8), trim, 0, sheet)
        assert [picture(it, imposed, sheet) for it in imposed.sides] == ["ABCD\nEFGH", back]


def test_a_calendar_is_turned_the_other_way() -> None:
    page, calendar = (impose_cards(deck(9), SMALL, 0, stock(A4, 5), turn).sides[1] for turn in ("page", "calendar"))
    assert (heads(page), heads(calendar)) == ({"up"}, {"down"})


def test_cards_in_sequence_and_for_a_pile() -> None:
    rows, pile = (stock(A4, 5, gutter=0.0, order=order) for order in ("rows", "stack"))
    whole = impose_cards(deck(9), SMALL, 0, rows)
    assert [picture(it, whole, rows) for it in impose_cards(deck(20), SMALL, 0, rows).sides[::2]] == [
        "ABC\nDEF\nGHI", "JKL\nMNO\nPQR", "ST.\n...\n...",
    ]  # fmt: skip
    assert [picture(it, whole, pile) for it in impose_cards(deck(20), SMALL, 0, pile).sides[::2]] == [
        "ADG\nJMP\nS..", "BEH\nKNQ\nT..", "CFI\nLOR\n...",
    ]  # fmt: skip


def test_copies_follow_each_other() -> None:
    sheet = stock(A4, 5, gutter=0.0)
    cards = [Card(0, 1, 2), Card(2, None, 3), Card(4, 5, 0), Card(6, 7, 1)]
    imposed = impose_cards(cards, SMALL, 0, sheet)
    whole = impose_cards(deck(9), SMALL, 0, sheet)
    assert [picture(it, whole, sheet) for it in imposed.sides] == ["AAB\nBBD\n...", ".aa\nd..\n..."]


def test_cards_of_one_side_need_no_backs() -> None:
    imposed = impose_cards([Card(0), Card(1)], CARD, BLEED, stock(A4, 5))
    assert [it.back for it in imposed.sides] == [False, False]
    assert impose_cards([], CARD, BLEED, stock(A4, 5)).sides == ()


# ------------------------------------------------------------------------------------------ what fits


@pytest.mark.parametrize(
    ("sheet", "bleed", "fits", "head", "to_edge"),
    [
        (stock(A4, 5), BLEED, 1, "right", False),
        (stock(A3, 5), BLEED, 2, "up", False),
        (stock(SRA3), BLEED, 4, "right", False),
        (stock(across(SRA3)), BLEED, 4, "up", False),
        (stock(A4, 5), 0.0, 1, "right", False),
        (stock(A4, 5, to_edge=True), 0.0, 2, "up", True),
        (stock(A4, 5, to_edge=True), BLEED, 1, "right", False),
        (stock(SRA3, 5, to_edge=True), 0.0, 4, "right", False),  # as many fit without
    ],
)
def test_a5_cards(sheet: Stock, bleed: float, fits: int, head: str, to_edge: bool) -> None:
    imposed = impose_cards(deck(4), CARD, bleed, sheet)
    assert (imposed.per_sheet, imposed.to_edge, heads(imposed.sides[0])) == (fits, to_edge, {head})


@pytest.mark.parametrize(
    ("sheet", "bleed", "message", "hint"),
    [
        (stock(Size(points(200), points(140))), BLEED, "210 x 148 mm does not fit on a sheet of 200 x 140", "larger"),
        (
            stock(Size(points(220), points(158)), 5), BLEED,
            "210 x 148 mm with 3 mm of bleed needs 216 x 154 mm, "
            "a sheet of 220 x 158 mm with a margin of 5 mm has 210 x 148 mm to print on", "smaller margin",
        ),
        (stock(Size(points(212), points(150)), 5), 0.0, "has 202 x 140 mm to print on", "to_edge: true"),
        (
            stock(SRA3, gutter=points(4)), BLEED,
            "bleed larger than the gutter allows: twice 3 mm in 4 mm", "write gutter: 6mm, or gutter: shared",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_says_what_to_write(sheet: Stock, bleed: float, message: str, hint: str) -> None:
    with pytest.raises(DoesNotFitError) as error:
        impose_cards(deck(1), CARD, bleed, sheet)
    assert message in str(error.value)
    assert hint in error.value.hint


def test_a_shift_beyond_the_bleed_is_refused() -> None:
    imposed = impose_cards(deck(1), CARD, BLEED, stock(A4, 5))
    moved = shift_backs(imposed, (points(1), points(-3)), BLEED)
    assert [it.shift for it in moved.sides] == [(0, 0), (points(1), points(-3))]
    with pytest.raises(DoesNotFitError, match=r"moved by 1 and -3\.5 mm, at most 3 mm"):
        shift_backs(imposed, (points(1), points(-3.5)), BLEED)


def test_a_shared_cut_keeps_the_bleed_outside() -> None:
    imposed = impose_cards(deck(4), CARD, BLEED, stock(SRA3, gutter=0.0))
    trims, clips = ([getattr(it, what) for it in imposed.sides[0].placements] for what in ("trim", "clip"))
    assert alike((trims[0].x1, trims[0].y1), (trims[3].x0, trims[3].y0))
    assert alike(clips[0], (trims[0].x0 - BLEED, trims[0].y0 - BLEED, trims[0].x1, trims[0].y1))
    alone = impose_cards(deck(1), CARD, BLEED, stock(SRA3, gutter=0.0)).sides[0].placements[0]
    assert alike(alone.clip, alone.trim.inset(-BLEED))  # beside an empty place there is room for it


# ------------------------------------------------------------------------------------------ proofs for all sheets

lengths = st.integers(400, 3500).map(lambda tenths: points(tenths / 10))
sizes = st.builds(Size, lengths, lengths)
bleeds = st.sampled_from([0.0, points(2), BLEED, points(5)])


@st.composite
def stocks(draw: Callable[..., Any], bleed: float, longest: float = 700) -> Stock:
    sheet = draw(st.one_of(st.sampled_from([A4, A3, SRA3]), st.builds(Size, lengths, lengths)))
    return Stock(
        size=draw(st.sampled_from([sheet, across(sheet)])),
        margin=points(draw(st.sampled_from([0, 3, 5, 12.7]))),
        gutter=draw(st.sampled_from([None, 0.0, 2 * bleed, 2 * bleed + points(4.5)])),
        flip=draw(st.sampled_from(["long", "short"])),
        to_edge=draw(st.booleans()),
        order=draw(st.sampled_from(["rows", "stack"])),
    )


def try_to_lay(work: Callable[[], Imposed]) -> Imposed:
    try:
        return work()
    except DoesNotFitError:
        assume(False)
        raise


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_every_card_lies_where_it_has_to(data: st.DataObject) -> None:
    trim, bleed = data.draw(sizes), data.draw(bleeds)
    sheet = data.draw(stocks(bleed))
    turn: Turn = data.draw(st.sampled_from(["page", "calendar"]))
    kinds = data.draw(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=12))
    cards = [Card(2 * n, 2 * n + 1 if two_sided else None, copies) for n, (two_sided, copies) in enumerate(kinds)]
    imposed = try_to_lay(lambda: impose_cards(cards, trim, bleed, sheet, turn))

    placed = Counter(it.page for side in imposed.sides for it in side.placements)
    wanted = Counter(
        {page: card.copies for card in cards for page in (card.front, card.back) if page is not None and card.copies}
    )
    assert placed == wanted
    for side in imposed.sides:
        check_side(side, imposed, sheet, bleed)
        for it in side.placements:
            assert alike(box_of([place_at(it.matrix, corner) for corner in corners(trim)]), it.trim)
    if any(card.back is not None and card.copies for card in cards):
        for front, back in pair_sides(imposed):
            check_backs(front, back, trim, sheet, (0, 1) if turn == "page" else (1, 0))
            assert len(back.placements) == sum(cards[it.page // 2].back is not None for it in front.placements)
    check_pile(imposed, sheet)


def check_side(side: SheetSide, imposed: Imposed, sheet: Stock, bleed: float) -> None:
    """Nothing overlaps, all of it can be printed, marks and slug keep away from the bleed."""
    whole = Rect(0, 0, *imposed.size)
    area = whole.inset(sheet.margin)
    for it in side.placements:
        assert (whole if imposed.to_edge else area).holds(it.clip)
        assert it.clip.holds(it.trim)
        assert it.trim.inset(-bleed).holds(it.clip)
    full = len(side.placements) == imposed.per_sheet
    for n, one in enumerate(side.placements):
        for other in side.placements[n + 1 :]:
            assert not one.trim.overlaps(other.clip)
            assert not one.clip.overlaps(other.trim)
            if full or sheet.gutter != 0:  # else two bleeds may meet in a place that is empty
                assert not one.clip.overlaps(other.clip)
    hairs = [mark.box.inset(-0.125) for mark in side.marks]
    around = [*hairs, *([side.slug] if side.slug else [])]
    for box in around:
        assert area.inset(-0.125).holds(box)
        assert not any(box.overlaps(it.clip, slack=0) for it in side.placements)
    for n, box in enumerate(around):
        lonely = n >= len(hairs) or side.marks[n].kind == "registration"
        assert not lonely or not any(box.overlaps(it) for it in around[:n])
    edges = {edge for it in side.placements for edge in it.trim}
    for mark in side.marks:
        if mark.kind == "cut" and full:
            at = mark.x0 if mark.x0 == mark.x1 else mark.y0
            assert min(abs(at - edge) for edge in edges) < 0.001
            assert points(1.49) <= max(mark.box.size) <= points(5.01)


def check_backs(front: SheetSide, back: SheetSide, item: Size, sheet: Stock, around: Point) -> None:
    """Every back lies behind its own front, and is upright for who turns it."""
    behind = [(it, find_back(it, back, sheet)) for it in front.placements]
    for one, other in behind:
        if other is not None:
            assert other.page == one.page + 1
            assert alike(seen_through(other.clip, sheet), one.clip)
            seen = read_after_turning(one.matrix, other.matrix, item, sheet, around)
            assert all(alike(a, b) for a, b in zip(seen, corners(item), strict=True))
    assert len([other for _, other in behind if other]) == len(back.placements)
    for mark, other_mark in zip(front.marks, back.marks, strict=True):
        assert mark.kind == other_mark.kind
        assert alike(seen_through(other_mark.box, sheet), mark.box)


def check_pile(imposed: Imposed, sheet: Stock) -> None:
    """Cut, the piles laid on one another give the cards in sequence; or the sheets do, row by row."""
    fronts = [side for side in imposed.sides if not side.back]
    if sheet.order == "rows":
        pages = [it.page for side in fronts for it in side.placements]
    else:
        places = [it.trim for it in fronts[0].placements] if fronts else []
        pages = [it.page for place in places for side in fronts for it in side.placements if it.trim == place]
    assert pages == sorted(pages)


@settings(max_examples=100, deadline=None)
@given(sizes, bleeds, st.data())
def test_no_sheet_holds_more(trim: Size, bleed: float, data: st.DataObject) -> None:
    """Count by laying one after the other."""
    sheet = data.draw(stocks(bleed))
    gutter = 2 * bleed if sheet.gutter is None else sheet.gutter

    def count(length: float, room: float) -> int:
        number = 0
        while (number + 1) * length + number * gutter + 2 * bleed <= room + 0.01:
            number += 1
        return number

    margins = [sheet.margin, 0.0] if sheet.to_edge and not bleed else [sheet.margin]
    most = max(
        count(item.width, sheet.size.width - 2 * margin) * count(item.height, sheet.size.height - 2 * margin)
        for margin in margins
        for item in (trim, across(trim))
    )
    try:
        assert impose_cards(deck(1), trim, bleed, sheet).per_sheet == most
    except DoesNotFitError as error:
        assert most == 0
        assert error.hint  # noqa: PT017 - both ways are right, each for other sheets


# ------------------------------------------------------------------------------------------ booklets


@pytest.mark.parametrize(
    ("sheet", "bleed", "spreads", "to_edge", "head"),
    [
        (stock(SRA3), BLEED, 2, False, "up"),
        (stock(A3, 5), BLEED, 1, False, "right"),
        (stock(across(A4), 5, to_edge=True), 0.0, 1, True, "up"),
        (stock(A4, 5, to_edge=True), 0.0, 1, True, "right"),
    ],
)
def test_a5_booklets(sheet: Stock, bleed: float, spreads: int, to_edge: bool, head: str) -> None:
    imposed = impose_booklet(range(32), PAGE, bleed, sheet, points(0.1))
    assert (imposed.per_sheet, imposed.sheets, imposed.to_edge) == (spreads, 8, to_edge)
    assert [it.page for it in imposed.sides[0].placements] == [31, 0] * spreads
    assert [it.page for it in imposed.sides[1].placements] == [1, 30] * spreads
    assert heads(imposed.sides[0]) == {head}
    assert sum(it.kind == "fold" for it in imposed.sides[0].marks) == (0 if to_edge else 2)


def test_a_cover_is_folded_by_itself() -> None:
    cover = impose_booklet([0, 1, 30, 31], PAGE, BLEED, stock(SRA3))
    assert [[it.page for it in side.placements[:2]] for side in cover.sides] == [[31, 0], [1, 30]]


@pytest.mark.parametrize(
    ("count", "message", "hint"),
    [(30, "30 pages cannot be folded", "add 2 pages to make it 32"), (31, "31 pages", "add 1 page to make it 32"),
     (0, "no pages to fold", "cover")],
)  # fmt: skip
def test_pages_that_cannot_be_folded(count: int, message: str, hint: str) -> None:
    with pytest.raises(DoesNotFitError, match=message) as error:
        impose_booklet(range(count), PAGE, BLEED, stock(SRA3))
    assert hint in error.value.hint


@settings(max_examples=100, deadline=None)
@given(sizes, bleeds, st.integers(1, 12), st.floats(0, 0.3), st.data())
def test_a_folded_booklet_is_read_in_order(
    trim: Size, bleed: float, sheets: int, thickness_mm: float, data: st.DataObject
) -> None:
    sheet, thickness = data.draw(stocks(bleed)), points(thickness_mm)
    pages = [3 + number for number in range(4 * sheets)]
    imposed = try_to_lay(lambda: impose_booklet(pages, trim, bleed, sheet, thickness))
    assert imposed.sheets == sheets
    spread = Size(2 * trim.width, trim.height)
    for side in imposed.sides:
        halves = SheetSide(side.sheet, side.back, side.placements, side.marks, side.slug)
        check_halves(halves, imposed, sheet, bleed)
        for left, right in zip(side.placements[::2], side.placements[1::2], strict=True):
            for it, mate, along in ((left, right, 1), (right, left, -1)):
                check_creep(it, mate, trim, along * side.sheet * thickness)
    for place in range(imposed.per_sheet):
        first: list[int] = []
        last: list[int] = []
        for front, back in pair_sides(imposed):
            left, right = front.placements[2 * place : 2 * place + 2]
            behind_left, behind_right = (find_back(it, back, sheet) for it in (left, right))
            assert behind_left is not None
            assert behind_right is not None
            first += [right.page, behind_right.page]  # the half at the right is turned first
            last = [behind_left.page, left.page, *last]
            creep = front.sheet * thickness
            whole = [shift_matrix(it.matrix, -creep) for it in (left, behind_right)]  # the left page of either side
            seen = read_after_turning(whole[0], whole[1], spread, sheet, (0, 1))
            assert all(alike(a, b) for a, b in zip(seen, corners(spread), strict=True))
        assert first + last == pages


def shift_matrix(matrix: Matrix, along: float) -> Matrix:
    """Return the map of a page that was moved along its own lines."""
    a, b, c, d, e, f = matrix
    return a, b, c, d, e + a * along, f + b * along


def check_creep(it: Placement, mate: Placement, trim: Size, along: float) -> None:
    """A page is moved towards the fold, along its own lines, and not seen beyond it."""
    resting = shift_matrix(it.matrix, -along)
    assert alike(box_of([place_at(resting, corner) for corner in corners(trim)]), it.trim)
    edge: Point = (trim.width, trim.height / 2) if along > 0 else (0, trim.height / 2)
    if along:
        x, y = place_at(resting, edge)  # of the page at the fold
        near = mate.trim.inset(-0.01)
        assert near.x0 <= x <= near.x1
        assert near.y0 <= y <= near.y1


def check_halves(side: SheetSide, imposed: Imposed, sheet: Stock, bleed: float) -> None:
    """Halves of a spread meet at the fold, else the same as with cards."""
    full = Imposed(imposed.size, imposed.sides, 2 * imposed.per_sheet, imposed.sheets, imposed.to_edge)
    check_side(side, full, sheet, bleed)
    for left, right in zip(side.placements[::2], side.placements[1::2], strict=True):
        inner = {round(edge, 4) for edge in left.clip} & {round(edge, 4) for edge in right.clip}
        assert {round(edge, 4) for edge in left.trim} & {round(edge, 4) for edge in right.trim} & inner


def test_creep_of_each_sheet() -> None:
    imposed = impose_booklet(range(16), PAGE, BLEED, stock(A3, 5), points(0.1))
    fronts = [side.placements for side in imposed.sides if not side.back]
    moved = [place_at(left.matrix, (0, 0))[1] - left.trim.y0 for left, _ in fronts]  # turned: along y
    assert [round(mm(it), 6) for it in moved] == [0, 0.1, 0.2, 0.3]
    assert len({side.marks for side in imposed.sides if not side.back}) == 1


# ------------------------------------------------------------------------------------------ marks


def count_marks(imposed: Imposed) -> dict[str, int]:
    return dict(Counter(it.kind for it in imposed.sides[0].marks))


def test_marks_where_there_is_room() -> None:
    imposed = impose_cards(deck(4), CARD, BLEED, stock(SRA3))
    assert count_marks(imposed) == {"cut": 16, "registration": 4}
    assert {round(mm(max(it.box.size)), 1) for it in imposed.sides[0].marks if it.kind == "cut"} == {5.0, 2.5}
    assert count_marks(impose_cards(deck(4), CARD, 0, stock(A4, 5, to_edge=True))) == {}
    assert count_marks(impose_cards(deck(4), CARD, BLEED, stock(SRA3, marks=frozenset({"cut"})))) == {"cut": 16}


def test_a_mark_that_would_be_a_stub_is_left_out() -> None:
    def on(width: float) -> dict[str, int]:
        return count_marks(impose_cards(deck(1), CARD, BLEED, stock(Size(points(width), points(180)), 0)))

    assert on(216 + 2 * 2.0) == {"cut": 8, "registration": 2}  # half a millimetre apart, one and a half long
    assert on(216 + 2 * 1.9) == {"cut": 4, "registration": 2}
    assert on(216 + 2 * 3.0) == {"cut": 8, "registration": 4}


def test_the_slug_stands_where_there_is_room() -> None:
    def on(width: float, height: float) -> tuple[bool, bool]:
        side = impose_cards(deck(1), CARD, BLEED, stock(Size(points(width), points(height)), 0)).sides[0]
        return side.slug is not None, side.turned

    assert on(217, 160) == (True, False)
    assert on(222, 155) == (True, True)
    assert on(218, 156) == (False, False)
    assert impose_cards(deck(1), CARD, BLEED, stock(A3, marks=frozenset({"cut"}))).sides[0].slug is None
