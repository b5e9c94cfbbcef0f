import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.units import Rect, Size, mm, parse_length, points


@given(st.floats(-1e4, 1e4))
def test_millimetres_and_points_undo_each_other(length: float) -> None:
    assert mm(points(length)) == pytest.approx(length)


@pytest.mark.parametrize(
    ("text", "expected"), [("25.4mm", 72), ("1in", 72), ("12pt", 12), (" 2.54 cm ", 72), ("-3mm", -points(3))]
)
def test_a_length_has_a_unit(text: str, expected: float) -> None:
    assert parse_length(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [("3", "write 3mm"), ("3px", "unit 'px'"), ("", "is not a length"), ("three mm", "not a length")],
)
def test_a_length_without_a_known_unit_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_length(text)


def test_a_box_knows_its_size_and_what_lies_in_it() -> None:
    box = Rect(0, 0, 100, 50)
    assert box.size == Size(100, 50)
    assert box.inset(10) == Rect(10, 10, 90, 40)
    assert box.holds(box.inset(10))
    assert not box.inset(10).holds(box)
    assert box.holds(box.inset(-0.005)), "a rounding is not outside"
