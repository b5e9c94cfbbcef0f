"""A logo is drawn as its maker sees it, or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.content.logo import UnusableLogoError, load_logo, read_logo

SHAPE = '<path d="M0 0H60V20H0Z"/>'


def read(tmp_path: Path, inner: str, box: str = "0 0 60 20") -> list[list[Any]]:
    path = tmp_path / "logo.svg"
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inner}</svg>', "utf-8")
    commands: list[list[Any]] = read_logo(load_logo(path))["commands"]
    return commands


@pytest.mark.parametrize(
    "inner",
    [
        '<g transform="translate(20 0)"><g transform="scale(2)"><path d="M0 0H10V10H0Z"/></g></g>',
        '<path transform="translate(20 0) scale(2)" d="M0 0H10V10H0Z"/>',
        '<g transform="rotate(90 30 10)"><path d="M20 0H40V20H20Z"/></g>',
        '<g transform="matrix(2 0 0 2 20 0)"><path d="M0 0H10V10H0Z"/></g>',
        '<rect x="20" y="0" width="20" height="20"/>',
        '<polygon points="20,0 40,0 40,20 20,20"/>',
    ],
)
def test_transforms_of_groups_count(inner: str, tmp_path: Path) -> None:
    points = {(round(x, 6), round(y, 6)) for command in read(tmp_path, inner) for x, y in command[1:]}
    assert points == {(20, 0), (40, 0), (40, 20), (20, 20)}


def test_numbers_of_the_view_box_are_read_as_svg_does(tmp_path: Path) -> None:
    read(tmp_path, '<path d="M0 0H.6V.2H0Z"/>', "0 0 .6 .2")
    read(tmp_path, SHAPE, "0,0, 6e1 2e1")


def test_editors_own_notes_are_overlooked(tmp_path: Path) -> None:
    inner = "<title>Logo</title><style>.a{fill:#123456}</style><g class='a'>" + SHAPE + "</g><!-- evenodd -->"
    read(tmp_path, inner)
    assert read_logo(load_logo(tmp_path / "logo.svg"))["evenodd"] is False


@pytest.mark.parametrize(
    ("inner", "box", "message"),
    [
        ("<text>x</text>", "0 0 60 20", "holds <text>"),
        ("<defs><clipPath id='a'/></defs>", "0 0 60 20", "holds <defs>"),
        (f"<svg>{SHAPE}</svg>", "0 0 60 20", "holds an <svg> inside"),
        ('<path fill="none" stroke="#000" d="M0 0H60V20"/>', "0 0 60 20", "is painted with"),
        ('<path style="fill:none" d="M0 0H60V20"/>', "0 0 60 20", "is painted with"),
        ("<style>.a{stroke:#000}</style>" + SHAPE, "0 0 60 20", "is painted with"),
        ('<g opacity=".5">' + SHAPE + "</g>", "0 0 60 20", "is painted with"),
        ('<g display="none">' + SHAPE + "</g>", "0 0 60 20", "is painted with"),
        ('<path fill="url(#x)" d="M0 0H60V20H0Z"/>', "0 0 60 20", "is painted with"),
        (SHAPE + '<path fill="#FFF" d="M5 5H9V9Z"/>', "0 0 60 20", "has white parts"),
        ('<g fill="#111">' + SHAPE + '</g><path fill="red" d="M5 5H9V9Z"/>', "0 0 60 20", "more than one colour"),
        ('<path d="M-900 -100H60V900H-900Z"/>', "0 0 60 20", "sticks out of its viewBox"),
        ('<path d="M0 0 C 0 80 60 80 60 0Z"/>', "0 0 60 20", "sticks out of its viewBox"),
        ('<path d="M0 0H1V1H0Z"/>', "0 0 60 20", "is a speck in its viewBox"),
        ('<path d="M0 0H1e999V1Z"/>', "0 0 60 20", "no number"),
        ('<path transform="foo(1)" d="M0 0H60V20H0Z"/>', "0 0 60 20", "cannot be read"),
        ('<path transform="rotate(1 2)" d="M0 0H60V20H0Z"/>', "0 0 60 20", "cannot be read"),
        (SHAPE, "10 0 60 20", "does not begin at 0 0"),
        (SHAPE, "0 0 0 20", "is no shape of a logo"),
        (SHAPE, "0 0 1 1000000", "is no shape of a logo"),
        (SHAPE, "0 0 60", "has no viewBox of four numbers"),
        ("<!-- " + "x" * 200_000 + " -->" + SHAPE, "0 0 60 20", "larger than 200 kB"),
    ],
)
def test_what_would_look_different_is_refused(inner: str, box: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableLogoError, match=message):
        read(tmp_path, inner, box)
