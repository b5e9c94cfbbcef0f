"""What no single booklet can know: Toolbox -> findings. BOOKLET_CHECKS is the list; each function is one rule."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pipeline.content.booklets import AnyChapter, Chapter, TextChapter
from pipeline.content.check_framework import is_there, is_unread, is_whole
from pipeline.content.products import InstrumentsProduct, PosterProduct
from pipeline.content.source import FieldPath
from pipeline.errors import Finding, nearest

if TYPE_CHECKING:
    from pipeline.content.toolbox import Toolbox

# Chapters that take one page each, whatever stands in them.
ONE_PAGE = ("contents", "aspects", "standing", "plan", "notes")
FRAMED = ("aspects", "standing", "routes", "dimensions")  # chapters that are made from the framework


def check_booklet_products(toolbox: Toolbox) -> list[Finding]:
    """A product names a booklet or layer that there is not, or there are no words for booklets."""
    source = toolbox.settings_source
    findings = []
    layers = toolbox.framework.it.layers if toolbox.framework else {}
    for index, product in toolbox.settings.made_booklets:
        path: FieldPath = ("products", index)
        name = product.booklet
        if name not in toolbox.booklets and not is_there(toolbox, f"booklets/{name}.yml"):
            key = "file" if product.file else "name"
            message = f"no file content/booklets/{name}.yml"
            hint = nearest(name, toolbox.booklets) or "each booklet is a file in content/booklets"
            findings.append(source.finding((*path, key), message, hint))
        if product.layer is not None and product.layer not in layers and not is_unread(toolbox):
            message = f"content/framework.yml has no layer '{product.layer}'"
            hint = nearest(product.layer, layers) or "write that file, or take 'layer' out"
            findings.append(source.finding((*path, "layer"), message, hint))
    if toolbox.settings.made_booklets and toolbox.settings.booklets is None:
        message = "'booklets' is missing: the words that every booklet carries"
        findings.append(source.finding((), message, "add this key"))
    made = {product.booklet for _, product in toolbox.settings.made_booklets}
    for slug, booklet in toolbox.booklets.items():
        if slug not in made:
            message = "this booklet is in no product, so nothing is made of it"
            hint = f"add to products in toolbox.yml: {{name: {slug}, kind: booklet}}"
            findings.append(booklet.source.finding((), message, hint, severity="warning"))
    return findings


def check_other_products(toolbox: Toolbox) -> list[Finding]:
    """Instruments without files, files without a product, a poster of a folder without cards."""
    source = toolbox.settings_source
    findings = []
    sets = [(index, it) for index, it in enumerate(toolbox.settings.products) if isinstance(it, InstrumentsProduct)]
    for index, _ in sets:
        if not toolbox.instruments and is_whole(toolbox, "instruments", toolbox.instruments):
            message = "the folder content/instruments holds no .yml files"
            findings.append(source.finding(("products", index), message, "each instrument is a file in it"))
    if toolbox.instruments and not sets:
        first = next(iter(toolbox.instruments.values()))
        message = "instruments are in no product, so no sheet is made of them"
        hint = "add a product of the kind 'instruments' to toolbox.yml"
        findings.append(first.source.finding((), message, hint, severity="warning"))
    for index, product in enumerate(toolbox.settings.products):
        if isinstance(product, PosterProduct) and product.folder not in toolbox.folders:
            message = f"no deck is made from the folder '{product.folder}'"
            hint = nearest(product.folder, toolbox.folders) or "add a product of the kind 'cards'"
            findings.append(source.finding(("products", index, "folder"), message, hint))
    return findings


def check_chapters(toolbox: Toolbox) -> list[Finding]:
    """A chapter needs the framework or a layer, or text before the routes has no fixed number of pages."""
    findings = []
    layered = {it.booklet: index for index, it in toolbox.settings.made_booklets if it.layer is None}
    missing = toolbox.framework is None and not is_unread(toolbox)
    for slug, booklet in toolbox.booklets.items():
        chapters = booklet.it.chapters
        framed: list[tuple[FieldPath, str]] = [
            (("chapters", index), f"a chapter '{it.kind}'") for index, it in enumerate(chapters) if it.kind in FRAMED
        ]
        framed += [(path, "a block 'model'") for path, block in booklet.it.list_blocks() if block.kind == "model"]
        for path, what in framed if missing else ():
            message = f"{what} needs content/framework.yml"
            findings.append(booklet.source.finding(path, message, "write it, or take this out"))
        routes = next((index for index, it in enumerate(chapters) if it.kind == "routes"), 0)
        for index, chapter in enumerate(chapters):
            path = ("chapters", index)
            if index < routes and not _is_one_page(chapter):
                message = "text before the routes runs over pages, and other booklets refer to the pages of routes"
                findings.append(booklet.source.finding(path, message, "add 'page: true', or move it behind the routes"))
            if chapter.kind == "routes" and slug in layered:
                message = f"the product has no layer, and the routes of '{slug}' are those of one layer"
                place = ("products", layered[slug])
                findings.append(toolbox.settings_source.finding(place, message, "add 'layer:' with one of the layers"))
    return findings


def _is_one_page(chapter: AnyChapter) -> bool:
    return chapter.kind in ONE_PAGE or (isinstance(chapter, TextChapter) and chapter.page)


def check_booklet_colours(toolbox: Toolbox) -> list[Finding]:
    """A booklet, chapter or aspect names a colour that the theme does not have."""
    names = toolbox.theme.colours
    named = [(aspect.source, ("colour",), aspect.it.colour) for aspect in toolbox.aspects.values()]
    found: list[tuple[object, FieldPath, str]] = [*named]
    findings = []
    for booklet in toolbox.booklets.values():
        found.append((booklet.source, ("colour",), booklet.it.colour))
        for index, chapter in enumerate(booklet.it.chapters):
            if isinstance(chapter, Chapter) and chapter.colour is not None:
                found.append((booklet.source, ("chapters", index, "colour"), chapter.colour))
    for source, path, name in found:
        if name not in names:
            findings.append(source.finding(path, f"no colour '{name}'", nearest(name, names)))  # type: ignore[attr-defined]
    return findings


def list_cited(toolbox: Toolbox) -> Iterator[tuple[str, FieldPath, str]]:
    """Yield (booklet, path, key) of every work that a booklet names."""
    for slug, booklet in toolbox.booklets.items():
        for path, key in booklet.source.texts(("chapters",)):
            if re.search(r"(^|\.)(sources|works)$", ".".join(map(str, path[:-1]))):
                yield slug, path, key


def is_missing_work(toolbox: Toolbox, key: str) -> bool:
    """Say whether literature.yml has no such work; one that is wrong, and a file that is, has its own findings."""
    written = toolbox.literature_source.data
    return key not in written and bool(written or not is_there(toolbox, "literature.yml"))


def check_descriptions(toolbox: Toolbox) -> list[Finding]:
    """What is said of a work is no text."""
    return [
        toolbox.literature_source.finding((key, name), "expected a text", "write it, or take the line out")
        for key, work in toolbox.literature_source.data.items()
        for name, value in (work.items() if isinstance(work, dict) else ())
        if name.startswith("description-") and not (isinstance(value, str) and value.strip())
    ]


def check_cited_works(toolbox: Toolbox) -> list[Finding]:
    """A booklet names a work that is not in literature.yml, was never verified, or has no list to stand in."""
    findings = []
    listed = {slug for slug, it in toolbox.booklets.items() if it.it.has("literature")}
    for slug, path, key in list_cited(toolbox):
        source = toolbox.booklets[slug].source
        work = toolbox.literature.get(key)
        if is_missing_work(toolbox, key):
            message = f"no work '{key}' in content/literature.yml"
            findings.append(source.finding(path, message, nearest(key, toolbox.literature)))
        elif work and work.verified == "none":
            message = f"nobody has seen the work '{key}' (verified: none)"
            findings.append(source.finding(path, message, "look it up, or take it out", severity="warning"))
        if slug not in listed:
            hint = "add a chapter of the kind 'literature'"
            findings.append(source.finding(path, "the booklet names works, and has no list of them", hint))
            listed.add(slug)  # once is enough
    for booklet in toolbox.booklets.values():
        if booklet.it.has("dimensions") and not booklet.it.has("literature"):
            message = "the dimensions name works, and the booklet has no list of them"
            findings.append(booklet.source.finding(("chapters",), message, "add a chapter of the kind 'literature'"))
    return findings


def check_unused_works(toolbox: Toolbox) -> list[Finding]:
    """A work is named nowhere (a warning)."""
    named = {key for _, _, key in list_cited(toolbox)}
    for entries in toolbox.folders.values():
        for entry in entries:
            named |= set(entry.dimension.literature)
            named |= {key for it in entry.dimension.challenges for claim in it.why for key in claim.sources}
    source, hint = toolbox.literature_source, "name it under 'literature' of a card, or take it out"
    return [
        source.finding((key,), "no card and no booklet names this work", hint, severity="warning")
        for key in toolbox.literature
        if key not in named
    ]


def check_places(toolbox: Toolbox) -> list[Finding]:
    """A text has something between braces that cannot be filled in."""
    findings = []
    without = {it.booklet for _, it in toolbox.settings.made_booklets if it.layer is None}
    for slug, booklet in toolbox.booklets.items():
        for path, text in booklet.source.texts():
            for found in re.findall(r"\{[^{}]*\}|[{}]", text):
                if found != "{layer}":
                    message, hint = f"'{found}' cannot be filled in here", "known: {layer}"
                elif slug in without:
                    message, hint = "there is no layer to fill in", "give the product a 'layer:' in toolbox.yml"
                else:
                    continue
                findings.append(booklet.source.finding(path, message, hint))
    others = [it.source for filed in (toolbox.aspects, toolbox.instruments) for it in filed.values()]
    others += [toolbox.framework.source] if toolbox.framework else []
    for source in others:
        for path, text in source.texts():
            if "{layer}" in text:
                message, hint = "'{layer}' is filled in in booklets only", "write what is meant"
                findings.append(source.finding(path, message, hint))
    return findings


def check_single_routes(toolbox: Toolbox) -> list[Finding]:
    """Two products have the routes of one layer, and other pages refer to those of the first."""
    findings = []
    first: dict[str, str] = {}
    for index, product in toolbox.settings.made_booklets:
        booklet = toolbox.booklets.get(product.booklet)
        if product.layer is None or booklet is None or not booklet.it.has("routes"):
            continue
        other = first.setdefault(product.layer, product.name)
        if other != product.name:
            message = f"the product '{other}' has the routes of '{product.layer}' already"
            hint = "page numbers refer to one booklet for each layer; take one of the two out"
            findings.append(toolbox.settings_source.finding(("products", index), message, hint))
    return findings


def check_tabs(toolbox: Toolbox) -> list[Finding]:
    """Two chapters of a booklet stand under one sign of the thumb index."""
    findings = []
    numbers = toolbox.folders.get(toolbox.framework.it.cards, ()) if toolbox.framework else ()
    made = {
        "routes": {it.it.code: f"the aspect '{slug}'" for slug, it in toolbox.aspects.items()},
        "dimensions": {str(it.dimension.number): f"card {it.dimension.number}" for it in numbers},
    }
    for booklet in toolbox.booklets.values():
        signs: dict[str, str] = {}
        for kind, own in made.items():
            signs |= own if booklet.it.has(kind) else {}
        for index, chapter in enumerate(booklet.it.chapters):
            tab = chapter.tab if isinstance(chapter, Chapter) else None
            if tab in signs:
                message = f"'{tab}' is also the sign of {signs[tab]}"
                findings.append(booklet.source.finding(("chapters", index, "tab"), message, "choose another"))
            elif tab:
                signs[tab] = f"chapter {index + 1}"
    return findings


BOOKLET_CHECKS: tuple[Callable[[Toolbox], list[Finding]], ...] = (
    check_booklet_products,
    check_other_products,
    check_chapters,
    check_booklet_colours,
    check_descriptions,
    check_cited_works,
    check_unused_works,
    check_places,
    check_single_routes,
    check_tabs,
)
