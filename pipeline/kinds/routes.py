"""The routes of the framework: on which page each stands, and which instrument serves where. Pure."""

from __future__ import annotations

from typing import Any

from pipeline.content.booklets import Booklet
from pipeline.content.framework import Aspect, Cell, MarkedAction
from pipeline.content.products import BookletProduct
from pipeline.content.toolbox import Filed, Toolbox
from pipeline.document import Origin, Part
from pipeline.kinds.common import plan_media

PAGES = 4  # of an aspect: recognise, do, all layers, room to write
ACT = 1  # of these, counted from 0: the page with the actions and instruments


def find_routes_page(booklet: Booklet) -> int:
    """Return the page of the first aspect, counted from 1: a left one, after the cover and the chapters before it.

    Those take one page each (`check_chapters`).
    """
    before = next(index for index, it in enumerate(booklet.chapters) if it.kind == "routes")
    first = 2 + before
    return first + first % 2


def find_routes(toolbox: Toolbox, layer: str) -> BookletProduct | None:
    """Return the product with the routes of a layer; None where nothing is made of them."""
    for _, product in toolbox.settings.made_booklets:
        if product.layer == layer and toolbox.booklets[product.booklet].it.has("routes"):
            return product
    return None


def list_pages(toolbox: Toolbox, aspect: str) -> dict[str, int]:
    """Return layer -> the first page of an aspect in the booklet of that layer."""
    place = list(toolbox.aspects).index(aspect)
    pages = {}
    for layer in toolbox.framework.it.layers if toolbox.framework else ():
        product = find_routes(toolbox, layer)
        if product:
            pages[layer] = find_routes_page(toolbox.booklets[product.booklet].it) + PAGES * place
    return pages


def list_uses(toolbox: Toolbox) -> dict[str, dict[str, list[int]]]:
    """Return code of an instrument -> layer -> the pages, in the booklet of that layer, whose actions name it.

    A layer whose booklet is not made has no pages, and stands there all the same. Layers are in their own order.
    """
    layers = toolbox.framework.it.layers if toolbox.framework else {}
    decks = {deck.name for _, deck in toolbox.settings.decks}
    cards = [code for code, it in toolbox.instruments.items() if decks & set(it.it.products)]
    pages = {name: list_pages(toolbox, name) for name in toolbox.aspects}
    uses: dict[str, dict[str, list[int]]] = {}
    for layer in layers:
        for name, aspect in toolbox.aspects.items():
            named = [code for cell in aspect.it.layers[layer].values() for code in list_codes(cell, cards)]
            for code in dict.fromkeys(named):
                found = uses.setdefault(code, {}).setdefault(layer, [])
                found += [pages[name][layer] + ACT] if layer in pages[name] else []
    return uses


def list_codes(cell: Cell, cards: list[str]) -> list[str]:
    """Return the instruments of a cell. `cards`: those that are cards, which it uses where it names a card."""
    return [*cell.instruments, *(cards if cell.cards else ())]


def plan_aspect(toolbox: Toolbox, filed: Filed[Aspect], product: BookletProduct, routes: bool) -> Part:
    """Return what a booklet shows of one aspect: all of its own layer, of others what one recognises."""
    aspect, framework = filed.it, toolbox.framework
    data: dict[str, Any] = {
        "id": filed.slug,
        "code": aspect.code,
        "name": aspect.name,
        "colour": aspect.colour,
        "line": aspect.line,
        "dimensions": aspect.dimensions,
        "pages": {},
        "layers": {},
    }
    if routes and framework:
        data["pages"] = list_pages(toolbox, filed.slug)
        for layer in framework.it.layers:
            cells = aspect.layers[layer]
            own = layer == product.layer
            data["layers"][layer] = {
                phase: _plan_cell(cells[phase]) if own else {"situation": cells[phase].situation}
                for phase in framework.it.phases
            }
    return Part(filed.source.name, data, {(): Origin(filed.source)}, list="aspects")


def _plan_cell(cell: Cell) -> dict[str, Any]:
    return {
        "situation": cell.situation,
        "actions": [
            {"text": it.text, "media": plan_media(it.media)}
            if isinstance(it, MarkedAction)
            else {"text": it, "media": None}
            for it in cell.actions
        ],
        "instruments": cell.instruments,
        "cards": cell.cards,
        "media": plan_media(cell.media),
    }
