import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.content.parse import UnreadableError, parse_source
from pipeline.content.source import write_path


def test_scalars_stay_text() -> None:
    source = parse_source("a: no\nb: 3.10\nc: 2026-11-23\nd: 0x1F\ne: yes\nf: 1_000\ng: 12:30:45", "t.yml")
    assert source.data == {
        "a": "no", "b": "3.10", "c": "2026-11-23", "d": "0x1F", "e": "yes", "f": "1_000", "g": "12:30:45",
    }  # fmt: skip


def test_nothing_is_none_but_quoted_nothing_is_text() -> None:
    source = parse_source("a:\nb: ~\nc: null\nd: ''\ne: 'null'", "t.yml")
    assert source.data == {"a": None, "b": None, "c": None, "d": "", "e": "null"}


def test_every_value_has_its_line() -> None:
    text = (
        "title: one\nsides:\n  school:\n    suggestions:\n      - first\n      - >\n        second\n        goes on\n"
    )
    source = parse_source(text, "t.yml")
    assert source.place(("sides", "school", "suggestions", 1)) == "t.yml:6"
    assert source.place(("sides", "school")) == "t.yml:3"
    assert source.place(("sides", "school", "question")) == "t.yml:3", "what is absent is reported at what holds it"
    assert write_path(("sides", "school", "suggestions", 1)) == "sides.school.suggestions[2]"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "t.yml", "the file is empty"),
        ("# only a comment\n", "t.yml", "the file is empty"),
        ("- a\n- b\n", "t.yml:1", "expected keys with values"),
        ("a: 1\nb: 2\na: 3\n", "t.yml:3", "first in line 1"),
        ("a:\n\tb: 1\n", "t.yml:2", "indented with a tab"),
        ("a: b: c\n", "t.yml:1", "not valid YAML"),
        ("a: [1, 2\n", "t.yml:2", "not valid YAML"),
        ("a: &x 1\nb: *x\n", "t.yml:1", "anchors and aliases"),
        ("a: !!python/object/apply:os.system ['true']\n", "t.yml:1", "tag"),
        ("a: !custom 1\n", "t.yml:1", "tag"),
        ("a: 1\n---\nb: 2\n", "t.yml:2", "second document"),
        ("? [a, b]\n: 1\n", "t.yml:1", "a key has to be a word"),
        ("a: \x07\n", "t.yml:1", "control character"),
        ("a: '\x00'\n", "t.yml:1", "control character"),
        ("a: " + "[" * 100 + "]" * 100, "t.yml:1", "levels deep"),
        ("a: " + "[" * 100_000, "t.yml:1", "levels deep"),
        ("a:\n" + "".join(f"{' ' * i}- \n" for i in range(60)), "", "levels deep"),
        ("a: [" + "1," * 60_000 + "]", "t.yml:1", "more than 50000 values"),
    ],
)  # fmt: skip
def test_what_is_no_content_is_refused_with_its_line(text: str, place: str, message: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse_source(text, "t.yml")
    finding = caught.value.finding
    assert finding.place.startswith(place)
    assert message in finding.message


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UnreadableError):
        assert all(isinstance(value, str) for _, value in parse_source(text, "t.yml").texts())
