"""Posters: the cards of a folder as a circle, with the aspects in it. A3 upright."""

from __future__ import annotations

from typing import Any

from pipeline.content.products import PosterProduct
from pipeline.content.toolbox import Toolbox
from pipeline.document import Document, Expectation, Medium, Origin, Part
from pipeline.kinds.common import list_exceptions, locate_metadata, name_language, plan_ground
from pipeline.units import Size, points

TRIM = Size(points(297), points(420))


def plan_documents(toolbox: Toolbox, product: PosterProduct, medium: Medium) -> list[Document]:
    """Return the poster of a product, for one medium; none for forms."""
    if medium == "forms":
        return []
    cards = [
        Part(
            entry.source.name,
            {"id": entry.slug, **entry.dimension.model_dump(include={"number", "short", "core", "colour"})},
            {(): Origin(entry.source)},
            list="cards",
        )
        for entry in toolbox.folders[product.folder]
    ]
    aspects = _plan_aspects(toolbox, product)
    return [
        Document(
            id=product.name,
            product=product.name,
            layout="poster.typ",
            parts=(_plan_shared(toolbox, product, medium, [*cards, *aspects]), *cards, *aspects),
            expects=Expectation(
                medium=medium,
                trim=TRIM,
                bleed=toolbox.measure_bleed(medium),
                pages=1,
                language=name_language(toolbox.settings),
            ),
        )
    ]


def _plan_aspects(toolbox: Toolbox, product: PosterProduct) -> list[Part]:
    """Return the aspects, where they are those of these cards."""
    if toolbox.framework is None or toolbox.framework.it.cards != product.folder:
        return []
    shown = {"code", "name", "line", "colour", "dimensions"}
    return [
        Part(
            it.source.name,
            {"id": it.slug, **it.it.model_dump(include=shown)},
            {(): Origin(it.source)},
            list="aspects",
        )
        for it in toolbox.aspects.values()
    ]


def _plan_shared(toolbox: Toolbox, product: PosterProduct, medium: Medium, parts: list[Part]) -> Part:
    settings, source = toolbox.settings, toolbox.settings_source
    index = settings.products.index(product)
    words = product.model_dump(include={"title", "lead", "alt"} if medium == "screen" else {"title", "lead"})
    words["heading"] = product.heading if any(part.list == "aspects" for part in parts) else ""
    data: dict[str, Any] = {
        **plan_ground(toolbox, medium, (part.data["colour"] for part in parts)),
        "titles": [product.title, settings.title],
        "hyphenation": list_exceptions(settings.hyphenation, [part.data for part in parts]),
        "poster": words,
        **({} if words["heading"] else {"aspects": []}),  # a list of no parts
    }
    return Part(
        "what its pages share",
        data,
        {
            **locate_metadata(source),
            ("titles", 0): Origin(source, ("products", index, "title"), whole=True),
            ("titles", 1): Origin(source, ("title",)),
            ("theme",): Origin(toolbox.theme_source),
            ("hyphenation",): Origin(source, ("hyphenation",), whole=True),
            ("poster",): Origin(source, ("products", index)),
        },
    )
