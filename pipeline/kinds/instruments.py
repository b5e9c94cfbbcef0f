"""Instrument sheets: content/instruments -> all sheets in one document, and each by itself. A4 upright."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.content.instruments import Instrument
from pipeline.content.products import Deck, InstrumentsProduct, PosterProduct
from pipeline.content.source import FieldPath, Source
from pipeline.content.toolbox import Filed, Toolbox
from pipeline.document import Document, Expectation, Medium, Origin, Part
from pipeline.kinds.chapters import fill_layer
from pipeline.kinds.common import (
    list_exceptions,
    list_urls,
    locate_metadata,
    name_language,
    plan_ground,
    plan_media,
)
from pipeline.kinds.routes import list_uses
from pipeline.units import Size, points

TRIM = Size(points(210), points(297))
HOUR = 60  # minutes; sheets of more than this do not keep time by the height of their steps


def plan_documents(toolbox: Toolbox, product: InstrumentsProduct, medium: Medium) -> list[Document]:
    """Return all sheets and then each of them, for one medium; none for forms."""
    if medium == "forms":
        return []
    uses = list_uses(toolbox)
    sheets = {
        filed.slug: (filed, _plan_sheet(toolbox, product, filed, uses.get(code, {})))
        for code, filed in toolbox.instruments.items()
    }
    whole = _plan_document(toolbox, product, medium, product.name, list(sheets.values()))
    singles = [
        _plan_document(toolbox, product, medium, f"{product.name}/{slug}", [sheet]) for slug, sheet in sheets.items()
    ]
    return [whole, *singles]


def _plan_document(
    toolbox: Toolbox,
    product: InstrumentsProduct,
    medium: Medium,
    name: str,
    sheets: list[tuple[Filed[Instrument], Part]],
) -> Document:
    parts = [part for _, part in sheets]
    single = sheets[0][0] if name != product.name else None
    return Document(
        id=name,
        product=product.name,
        layout="instruments.typ",
        parts=(_plan_shared(toolbox, product, medium, parts), _plan_itself(toolbox, product, parts, single), *parts),
        expects=Expectation(
            medium=medium,
            trim=TRIM,
            bleed=toolbox.measure_bleed(medium),
            pages=len(parts),
            language=name_language(toolbox.settings),
            codes=tuple((page, url) for page, part in enumerate(parts) for url in list_urls(part.data)),
        ),
    )


# ------------------------------------------------------------------------------------------ one sheet


def _plan_sheet(
    toolbox: Toolbox, product: InstrumentsProduct, filed: Filed[Instrument], uses: Mapping[str, list[int]]
) -> Part:
    """Return what one sheet shows: its file, and where the framework uses it (layer -> pages of its booklet)."""
    it, labels = filed.it, product.labels
    aspect = toolbox.aspects[it.aspect]
    layers = toolbox.framework.it.layers if toolbox.framework else {}
    shown = [layers[name] for name in uses or layers]
    data: dict[str, Any] = {
        "id": filed.slug,
        **it.model_dump(include={"code", "name", "kind", "lead", "goal", "minutes", "participants", "needed"}),
        "steps": [step.model_dump() for step in it.steps],
        "closing": it.closing or "",
        "colour": aspect.it.colour,
        "duration": it.duration or labels.minutes.replace("{minutes}", str(it.minutes)),
        "timed": it.duration is None and it.minutes <= HOUR,
        "aspect": aspect.it.model_dump(include={"name"}),
        "dimensions": aspect.it.dimensions,
        "layers": [layer.name for layer in shown],
        "rings": sorted({ring for layer in shown for ring in layer.rings}),
        "pages": [[layers[name].name, pages] for name, pages in uses.items() if pages],
        "elsewhere": [_name_product(toolbox, name) for name in it.products],
        "media": plan_media(it.media, "what", "publisher"),
    }
    uses_of = Origin(Source("content/aspects/", {}, {}), (f"where {it.code} is named",), whole=True)
    origins: dict[FieldPath, Origin] = {
        (): Origin(filed.source),
        ("colour",): Origin(aspect.source, ("colour",)),
        ("aspect",): Origin(aspect.source),
        ("dimensions",): Origin(aspect.source, ("dimensions",)),
        **{(key,): uses_of for key in ("layers", "rings", "pages")},
        ("elsewhere",): Origin(filed.source, ("products",), whole=True),
    }
    if it.duration is None:
        place = toolbox.settings.products.index(product)
        origins["duration",] = Origin(toolbox.settings_source, ("products", place, "labels", "minutes"), whole=True)
    return Part(filed.source.name, data, origins, list="sheets")


def _name_product(toolbox: Toolbox, name: str) -> str:
    """Return the title of a product, as its reader knows it."""
    product = next(it for it in toolbox.settings.products if it.name == name)
    if isinstance(product, Deck | InstrumentsProduct | PosterProduct):
        return product.title
    if product.kind == "booklet":
        layers = toolbox.framework.it.layers if toolbox.framework else {}
        title = toolbox.booklets[product.booklet].it.title
        return fill_layer(title, layers[product.layer].name) if product.layer else title
    return toolbox.definitions[name][0].title


# ------------------------------------------------------------------------------------------ what sheets share


def _plan_shared(toolbox: Toolbox, product: InstrumentsProduct, medium: Medium, parts: list[Part]) -> Part:
    settings, source = toolbox.settings, toolbox.settings_source
    place: FieldPath = ("products", settings.products.index(product))
    folder = toolbox.framework.it.cards if toolbox.framework else ""
    entries = toolbox.folders.get(folder, ())
    data: dict[str, Any] = {
        **plan_ground(toolbox, medium, (part.data["colour"] for part in parts)),
        "words": _choose_words(product, medium, parts),
        "edition": settings.edition,
        "circle": [entry.dimension.number for entry in entries],
    }
    origins: dict[FieldPath, Origin] = {
        **locate_metadata(source),
        ("theme",): Origin(toolbox.theme_source),
        ("words",): Origin(source, (*place, "labels")),
        ("edition",): Origin(source, ("edition",)),
        ("circle",): Origin(Source(f"content/{folder}/", {}, {}), ("numbers of the cards",), whole=True),
    }
    return Part("what its pages share", data, origins)


def _choose_words(product: InstrumentsProduct, medium: Medium, parts: list[Part]) -> dict[str, str]:
    """Return the labels that these sheets show, so that another one makes no sheet anew."""
    screen = medium == "screen"
    used = {
        "sheet": True,
        "time": True,
        "participants": True,
        "needed": True,
        "version": True,
        "elsewhere": any(part.data["elsewhere"] for part in parts),
        "card": any(part.data["dimensions"] for part in parts),
        "booklet": any(part.data["pages"] for part in parts),
        "circle_alt": screen,
        "code_alt": screen and any(list_urls(part.data) for part in parts),
    }
    words: dict[str, str] = product.labels.model_dump(include={key for key, is_used in used.items() if is_used})
    return words


def _plan_itself(
    toolbox: Toolbox, product: InstrumentsProduct, parts: list[Part], single: Filed[Instrument] | None
) -> Part:
    """Return what is a document's own. `single`: the instrument, where it is one sheet by itself."""
    source = toolbox.settings_source
    titles = [product.title] if single is None else [f"{single.it.code} {single.it.name}", product.title]
    place = toolbox.settings.products.index(product)
    origins: dict[FieldPath, Origin] = {
        ("titles", len(titles) - 1): Origin(source, ("products", place, "title"), whole=True),
        ("hyphenation",): Origin(source, ("hyphenation",), whole=True),
    }
    if single is not None:
        origins["titles", 0] = Origin(single.source, ("name",), whole=True)
    exceptions = list_exceptions(toolbox.settings.hyphenation, [part.data for part in parts])
    return Part("what it is called", {"titles": titles, "hyphenation": exceptions}, origins)
