"""The routes of a booklet, followed through the PDF's own links: aspect - phase - what to do - instrument, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pikepdf
import pypdfium2
import pytest

from pipeline.content.booklets import Chapter
from pipeline.content.framework import Aspect, MarkedAction
from pipeline.content.read import read_toolbox
from pipeline.content.toolbox import Toolbox
from pipeline.resources import PACKAGED

LAYERS = ("bestuurder", "schoolleider", "leraar")
STANDING = 6  # page, from 0


class Link(NamedTuple):
    """Where a link lies and where it leads; pages from 0, points from the bottom."""

    page: int
    box: tuple[float, float, float, float]
    target: int
    y: float


class Book:
    """A booklet as a reader holds it: pages, and what a click does."""

    def __init__(self, path: Path) -> None:
        self.pdf = pikepdf.open(path)
        self.pages = pypdfium2.PdfDocument(path)
        names = self.pdf.Root.get("/Names")
        self.named = dict(pikepdf.NameTree(names.Dests)) if names is not None and "/Dests" in names else {}

    def links(self, page: int) -> Iterator[Link]:
        for it in self.pdf.pages[page].get("/Annots", []):
            holder, key = (it, "/Dest") if "/Dest" in it else (it.get("/A"), "/D")
            if holder is None or key not in holder:
                continue
            target = holder[key]
            if isinstance(target, pikepdf.String):
                target = self.named[str(target)]
            place = target.D if isinstance(target, pikepdf.Dictionary) else target
            number = pikepdf.Page(place[0]).index
            yield Link(page, tuple(float(value) for value in it.Rect), number, float(place[3]))  # type: ignore[arg-type]

    def below(self, page: int, y: float, height: float) -> str:
        """The text of a page between `y` and what lies `height` points under it, as one line."""
        text = self.pages[page].get_textpage().get_text_bounded(0, y - height, 1000, y + 2)
        return plain(text)

    def text(self, page: int) -> str:
        return plain(self.pages[page].get_textpage().get_text_range())


def plain(text: str) -> str:
    """One line, without the hyphens at which words were broken."""
    for sign in ("\ufffe\r\n", "\ufffe", "\u00ad\r\n", "\u00ad", "\x02\r\n", "\x02"):
        text = text.replace(sign, "")
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def toolbox() -> Toolbox:
    return read_toolbox(PACKAGED)


@pytest.fixture(scope="module", params=LAYERS)
def layer(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def book(layer: str, default_project: Path) -> Book:
    return Book(default_project / f"build/screen/werkwijzer-{layer}.pdf")


def list_routes(toolbox: Toolbox) -> list[tuple[str, Aspect, str]]:
    assert toolbox.framework is not None
    phases = toolbox.framework.it.phases
    return [(name, it.it, phase) for name, it in toolbox.aspects.items() for phase in phases]


def test_each_aspect_and_phase_leads_to_its_actions(layer: str, book: Book, toolbox: Toolbox) -> None:
    assert toolbox.framework is not None
    links = list(book.links(STANDING))
    routes = list_routes(toolbox)
    assert len(links) == len(routes) == 12
    for link, (_, aspect, phase) in zip(links, routes, strict=True):
        cell = aspect.layers[layer][phase]
        found = book.below(link.target, link.y, 130)
        assert toolbox.framework.it.phases[phase].name in found[:30]
        for action in cell.actions:
            words = action.text if isinstance(action, MarkedAction) else action
            assert plain(words) in found, (aspect.code, layer, phase)
        assert plain(cell.situation) in book.text(link.target - 1), "what one recognises lies opposite"
        assert link.target % 2 == 0, "one does on a right page, counted from 0"


def test_each_instrument_leads_to_its_entry_and_that_leads_back(layer: str, book: Book, toolbox: Toolbox) -> None:
    links = [link for link in book.links(STANDING)]
    acting = sorted({link.target for link in links})
    for page, aspect in zip(acting, toolbox.aspects.values(), strict=True):
        named = [code for cell in aspect.it.layers[layer].values() for code in cell.instruments]
        found = list(book.links(page))
        for code in named:
            name = plain(toolbox.instruments[code].it.name)
            leading = [it for it in found if name in book.below(it.target, it.y, 60)]
            assert leading, (aspect.it.code, code)
            back = {it.target for it in book.links(leading[0].target)}
            assert page in back, f"{code} does not lead back to page {page + 1}"


def test_every_spread_leads_back_to_where_one_stands(book: Book) -> None:
    for page in sorted({link.target for link in book.links(STANDING)}):
        assert STANDING in {link.target for link in book.links(page - 1)} | {link.target for link in book.links(page)}


def test_the_contents_lead_to_every_chapter_aspect_and_phase(book: Book, toolbox: Toolbox) -> None:
    links = list(book.links(1))
    targets = {link.target for link in links}
    assert {link.target for link in book.links(STANDING)} <= targets | {page + 1 for page in targets}
    booklet = toolbox.booklets["werkwijzer"].it
    titles = [it.title for it in booklet.chapters if isinstance(it, Chapter) and it.kind != "contents"]
    for title in titles:
        assert any(plain(title) in book.below(link.target, link.y, 60) for link in links), title
    assert len(links) >= len(titles) + 4 + 12


def walk(items: list[pikepdf.OutlineItem]) -> Iterator[str]:
    for item in items:
        yield str(item.title)
        yield from walk(item.children)


def test_bookmarks_name_chapters_aspects_and_phases(book: Book, toolbox: Toolbox) -> None:
    with book.pdf.open_outline() as outline:
        top = [str(item.title) for item in outline.root]
        below = [title for item in outline.root for title in walk(item.children)]
    assert [it.it.name for it in toolbox.aspects.values()] == [
        it for it in top if it in {aspect.it.name for aspect in toolbox.aspects.values()}
    ]
    assert "Waar staan we?" in top
    assert sum("fase" in title for title in below) >= 12


def test_in_print_the_same_routes_are_page_numbers(layer: str, default_project: Path, toolbox: Toolbox) -> None:
    book = Book(default_project / f"build/print/werkwijzer-{layer}.pdf")
    assert list(book.links(STANDING)) == []
    for number in range(4):
        assert f"blz. {9 + 4 * number}" in book.text(STANDING)
    others = [it for it in LAYERS if it != layer]
    for other in others:
        assert f"boekje {other}, blz. 8" in book.text(8)
