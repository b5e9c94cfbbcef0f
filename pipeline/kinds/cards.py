"""Decks of cards: a content folder -> the deck, and each card as a document of its own.

The data of a card has the keys of its content file, so that each value has one place where it was written; and only
those that this medium and format put on the page, so that nothing else makes a card anew.
"""

from __future__ import annotations

from typing import Any

from pipeline.content.formats import Block, Zones
from pipeline.content.model import Dimension, Side
from pipeline.content.products import Deck
from pipeline.content.source import FieldPath, Source
from pipeline.content.toolbox import Entry, Toolbox
from pipeline.document import Document, Expectation, Medium, Origin, Part
from pipeline.kinds.common import (
    list_exceptions,
    locate_metadata,
    name_language,
    plan_ground,
    write_doi,
)
from pipeline.qr import shorten_address, split_address


def plan_documents(toolbox: Toolbox, deck: Deck, medium: Medium) -> list[Document]:
    """Return the deck and then each of its cards, for one medium; none for forms.

    The deck comes first: Typst remembers what it set, so the cards after it in the same process cost little.
    """
    if medium == "forms":
        return []
    entries = toolbox.folders[deck.folder]
    cards = [_plan_card(toolbox, deck, entry, medium) for entry in entries]
    whole = _plan_document(toolbox, deck, medium, deck.name, list(zip(entries, cards, strict=True)))
    singles = [
        _plan_document(toolbox, deck, medium, f"{deck.name}/{entry.slug}", [(entry, card)])
        for entry, card in zip(entries, cards, strict=True)
    ]
    return [whole, *singles]


def _plan_document(
    toolbox: Toolbox, deck: Deck, medium: Medium, name: str, cards: list[tuple[Entry, Part]]
) -> Document:
    parts = [card for _, card in cards]
    single = cards[0][0] if name != deck.name else None
    pages = [part.data["code"] for part in parts for _ in deck.sides]
    settings = toolbox.settings
    return Document(
        id=name,
        product=deck.name,
        layout="card.typ",
        parts=(_plan_shared(toolbox, deck, medium, cards), _plan_itself(toolbox, deck, parts, single), *parts),
        expects=Expectation(
            medium=medium,
            trim=toolbox.formats[deck.format][0].trim,
            bleed=toolbox.measure_bleed(medium),
            pages=len(pages),
            language=name_language(settings),
            codes=tuple((page, code["url"]) for page, code in enumerate(pages) if code),
        ),
    )


def name_card(dimension: Dimension) -> str:
    """Return number and title as one line, without the soft hyphens that an editor put in."""
    return f"{dimension.number} {dimension.title}".replace("\u00ad", "")


def plan_address(toolbox: Toolbox, deck: Deck, dimension: Dimension) -> tuple[str, str] | None:
    """Return (address in the code, address in words) for a card, None when it has nowhere to lead.

    With `links.base`, a path of one's own; without, the DOI of the first work of the card that may be printed.
    """
    base = toolbox.settings.links.base
    if base:
        words = f"{base}/{deck.path}{dimension.number}"
        return shorten_address(f"https://{words}"), words
    key = _printable_work(toolbox, dimension)
    doi = toolbox.literature[key].printable_doi if key else None
    return write_doi(doi) if doi else None


def _printable_work(toolbox: Toolbox, dimension: Dimension) -> str | None:
    return next((key for key in dimension.literature if toolbox.literature[key].printable_doi), None)


# ------------------------------------------------------------------------------------------ one card


def _plan_card(toolbox: Toolbox, deck: Deck, entry: Entry, medium: Medium) -> Part:
    """Return what one card shows, under the keys of its file; the sides stand below `sides`."""
    dimension, zones = entry.dimension, toolbox.formats[deck.format][0].zones
    data: dict[str, Any] = {
        "id": entry.slug,
        "number": dimension.number,
        "title": dimension.title,
        "core": dimension.core,
        "colour": dimension.colour,
        "code": _plan_code(toolbox, deck, dimension, medium),
        "sides": {},
    }
    if zones.description:
        data["description"] = dimension.description
    if zones.challenges:
        data["challenges"] = [{"title": it.title, "text": it.text} for it in dimension.challenges]
    origins: dict[FieldPath, Origin] = {(): Origin(entry.source), **_code_origins(toolbox, entry)}
    for name in sorted(deck.sides):  # their order on the card is the deck's
        side = dimension.sides[name]
        short = zones.suggestions is not None and zones.suggestions.short
        suggestions = side.list_suggestions(short) if zones.suggestions else []
        data["sides"][name] = {**_plan_lead(side), "suggestions": [text for _, text in suggestions]}
        origins["sides", name] = Origin(entry.source, (name,))
        for place, (index, _) in enumerate(suggestions):
            origins["sides", name, "suggestions", place] = Origin(entry.source, (name, "suggestions", index))
    return Part(entry.source.name, data, origins, list="cards")


def _plan_lead(side: Side) -> dict[str, Any]:
    return {"quotation": side.quotation.model_dump()} if side.quotation else {"question": side.question}


def _plan_code(toolbox: Toolbox, deck: Deck, dimension: Dimension, medium: Medium) -> dict[str, Any] | None:
    """Return the QR code of a card. Its `id` is the work it leads to."""
    address = plan_address(toolbox, deck, dimension)
    if address is None:
        return None
    url, words = address
    key = None if toolbox.settings.links.base else _printable_work(toolbox, dimension)
    code: dict[str, Any] = {"id": key, "url": url, "words": split_address(words)}
    if medium == "screen":
        code["link"] = url if url != url.upper() else f"https://{words}"
    return code


def _code_origins(toolbox: Toolbox, entry: Entry) -> dict[FieldPath, Origin]:
    """A code is written where the address is; without one of one's own, where the work is chosen or described."""
    if toolbox.settings.links.base:
        return {("code",): Origin(toolbox.settings_source, ("links", "base"), whole=True)}
    origins: dict[FieldPath, Origin] = {("code",): Origin(entry.source, ("literature",), whole=True)}
    key = _printable_work(toolbox, entry.dimension)
    if key:
        work = Origin(toolbox.literature_source, (key, "serial-number", "doi"), whole=True)
        for name in ("url", "words", "link"):
            origins["code", name] = work
    return origins


# ------------------------------------------------------------------------------------------ what cards share


def _plan_shared(toolbox: Toolbox, deck: Deck, medium: Medium, cards: list[tuple[Entry, Part]]) -> Part:
    """Return what all cards of a document share; the same for all documents whose cards need the same of it."""
    settings, settings_source = toolbox.settings, toolbox.settings_source
    product: FieldPath = ("products", settings.products.index(deck))
    format_, format_source = toolbox.formats[deck.format]
    words = _plan_words(deck, format_.zones, medium, [entry.dimension for entry, _ in cards], [it for _, it in cards])
    data: dict[str, Any] = {
        **plan_ground(toolbox, medium, (entry.dimension.colour for entry, _ in cards)),
        "format": {"id": deck.format, **format_.measures},
        "logo": toolbox.logo if format_.zones.logo else None,
        "deck": words,
        **_plan_numbers(toolbox, deck, words),
    }
    folder = Source(f"content/{deck.folder}/", {}, {})
    origins: dict[FieldPath, Origin] = {
        **locate_metadata(settings_source),
        ("theme",): Origin(toolbox.theme_source),
        ("format",): Origin(settings_source, (*product, "format"), whole=True),
        **{("format", key): Origin(format_source, (deck.format, key)) for key in format_.measures},
        ("logo",): Origin(Source(toolbox.theme.logo or toolbox.theme_source.name, {}, {}), whole=True),
        ("deck",): Origin(settings_source, product),
        ("circle",): Origin(folder, ("numbers of the cards",), whole=True),
        ("total",): Origin(folder, ("number of cards",), whole=True),
    }
    return Part("what its pages share", data, origins)


def _plan_itself(toolbox: Toolbox, deck: Deck, parts: list[Part], single: Entry | None) -> Part:
    """Return what is a document's own. `single`: the card, where it is one card by itself."""
    settings_source = toolbox.settings_source
    product: FieldPath = ("products", toolbox.settings.products.index(deck))
    titles = [deck.title] if single is None else [name_card(single.dimension), deck.title]
    exceptions = list_exceptions(toolbox.settings.hyphenation, [part.data for part in parts])
    origins = {
        ("titles", len(titles) - 1): Origin(settings_source, (*product, "title")),
        ("hyphenation",): Origin(settings_source, ("hyphenation",)),
    }
    if single is not None:
        origins["titles", 0] = Origin(single.source, ("title",))
    return Part("what it is called", {"titles": titles, "hyphenation": exceptions}, origins)


def _plan_words(
    deck: Deck, zones: Zones, medium: Medium, dimensions: list[Dimension], parts: list[Part]
) -> dict[str, Any]:
    """Return the deck's own words that these cards show, with the keys of toolbox.yml."""
    labels = deck.labels
    headed = {name for name, zone in zones if isinstance(zone, Block) and zone.heading == "words"}
    coded = any(part.data["code"] for part in parts)
    quoting = {name for name in deck.sides for it in dimensions if it.sides[name].quotation}
    asking = {name for name in deck.sides for it in dimensions if it.sides[name].question}
    words: dict[str, str | None] = {
        "description": labels.description if "description" in headed else None,
        "challenges": labels.challenges if "challenges" in headed else None,
        "quotes": labels.quotes if quoting else None,
        "card": labels.card if coded and zones.code.card else None,
        "circle_alt": _name_circle(deck, zones) if medium == "screen" and zones.ring else None,
        "code_alt": labels.code_alt if medium == "screen" and coded else None,
        "sources": labels.sources if any(part.data["code"] and not part.data["code"]["id"] for part in parts) else None,
        "read_more": labels.read_more if any(part.data["code"] and part.data["code"]["id"] for part in parts) else None,
    }
    sides = {}
    for name, side in deck.sides.items():
        own = {
            "suggestions": "suggestions" in headed and any(part.data["sides"][name]["suggestions"] for part in parts),
            "question": "lead" in headed and name in asking,
            "quotation": "lead" in headed and name in quoting,
            "turn": zones.turn is not None and len(deck.sides) > 1,
        }
        sides[name] = {
            **side.model_dump(include={"name", "look", "rings"}),
            "labels": {key: getattr(side.labels, key) for key, used in own.items() if used},
        }
    return {"labels": {key: text for key, text in words.items() if text is not None}, "sides": sides}


def _has_circle(deck: Deck, zones: Zones) -> bool:
    return deck.circle and zones.has_circle


def _name_circle(deck: Deck, zones: Zones) -> str:
    """Return the alternative text of the circle; without one, the numeral that stands there names the card."""
    return deck.labels.circle_alt if _has_circle(deck, zones) else deck.labels.card


def _plan_numbers(toolbox: Toolbox, deck: Deck, words: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers around the circle and the number of cards, each only where it is shown."""
    numbers = [entry.dimension.number for entry in toolbox.folders[deck.folder]]
    zones = toolbox.formats[deck.format][0].zones
    found: dict[str, Any] = {"circle": numbers if _has_circle(deck, zones) else []}
    if any("{total}" in text for text in words["labels"].values()):
        found["total"] = len(numbers)
    return found
