"""Decks of cards: a content folder -> the deck, and each card as a document of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from pipeline.content.model import Deck, DeckSide, Dimension, Side
from pipeline.content.read import Entry, Toolbox
from pipeline.content.source import FieldPath, write_path
from pipeline.kinds.document import Document, Expectation, Medium, Origin
from pipeline.qr import shorten_address, split_address
from pipeline.units import Size, points

TRIM = Size(points(210), points(148))  # A5 landscape, ISO 216
BLEED = points(3)

_DOI_SAFE = "/:;().,-_"  # what a DOI may hold that means nothing else in an address
_SHARED_FIELDS = ("title", "core", "description", "challenges")
_SIDE_FIELDS = ("suggestions", "question", "quotation")


def plan_documents(toolbox: Toolbox, deck: Deck, medium: Medium) -> list[Document]:
    """Return the deck and then each of its cards, for one medium.

    The deck comes first: Typst remembers what it set, so the cards after it in the same process cost little.
    """
    entries = toolbox.folders[deck.folder]
    cards = [_plan_card(toolbox, deck, entry, len(entries)) for entry in entries]
    shared = _plan_shared(toolbox, deck, medium)
    whole = Document(
        id=deck.name,
        product=deck.name,
        layout="card.typ",
        data={**shared, "cards": cards},
        expects=_expect(toolbox, medium, cards),
        origins={key: origin for entry in entries for key, origin in _origins(toolbox, deck, entry).items()},
    )
    singles = [
        replace(
            whole,
            id=f"{deck.name}/{entry.slug}",
            data={**_retitle(shared, name_card(entry.dimension)), "cards": [card]},
            expects=_expect(toolbox, medium, [card]),
            origins=_origins(toolbox, deck, entry),
        )
        for entry, card in zip(entries, cards, strict=True)
    ]
    return [whole, *singles]


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
    dois = (toolbox.literature[key].printable_doi for key in dimension.literature)
    doi = next((doi for doi in dois if doi), None)
    return (shorten_address(f"https://doi.org/{quote(doi, safe=_DOI_SAFE)}"), f"doi.org/{doi}") if doi else None


def _plan_shared(toolbox: Toolbox, deck: Deck, medium: Medium) -> dict[str, Any]:
    settings, theme = toolbox.settings, toolbox.theme
    return {
        "medium": medium,
        "document": {
            "title": deck.title,
            "publisher": settings.publisher,
            "lang": settings.language,
            "region": settings.region,
            "hyphenation": settings.hyphenation,
            "keywords": [settings.title, settings.edition],
        },
        "theme": {
            "fonts": theme.fonts.model_dump(),
            "colours": {name: [colour.screen, colour.print.inks] for name, colour in theme.colours.items()},
        },
        "logo": toolbox.logo,
        "page": {"width": TRIM.width, "height": TRIM.height, "bleed": BLEED if medium == "print" else 0},
        "labels": deck.labels.model_dump(include={"description", "challenges", "quotes"}),
    }


def _retitle(shared: dict[str, Any], title: str) -> dict[str, Any]:
    document = {**shared["document"], "title": f"{title} – {shared['document']['title']}"}
    return {**shared, "document": document}


def _plan_card(toolbox: Toolbox, deck: Deck, entry: Entry, total: int) -> dict[str, Any]:
    dimension = entry.dimension
    numbers = [other.dimension.number for other in toolbox.folders[deck.folder]]
    return {
        "id": entry.slug,
        "number": dimension.number,
        "title": dimension.title,
        "bookmark": name_card(dimension),
        "core": dimension.core,
        "colour": dimension.colour,
        "description": dimension.description,
        "challenges": [{"title": it.title, "text": it.text} for it in dimension.challenges],
        "circle": numbers if deck.circle else [],
        "circle_alt": deck.labels.circle_alt.format(number=dimension.number, total=total),
        "code": _plan_card_code(toolbox, deck, dimension, total),
        "sides": [_plan_side(key, side, dimension.sides[key]) for key, side in deck.sides.items()],
    }


def _plan_card_code(toolbox: Toolbox, deck: Deck, dimension: Dimension, total: int) -> dict[str, Any] | None:
    address = plan_address(toolbox, deck, dimension)
    if address is None:
        return None
    url, words = address
    short = toolbox.settings.links.base is not None
    labels, places = deck.labels, {"number": dimension.number, "total": total}
    return {
        "url": url,
        "link": url if url != url.upper() else f"https://{words}",
        "parts": split_address(words),
        "short": short,
        "card": labels.card.format(**places),
        "label": labels.sources if short else labels.read_more,
        "alt": labels.code_alt.format(address=words, **places),
    }


def _plan_side(key: str, side: DeckSide, words: Side) -> dict[str, Any]:
    return {
        "id": key,
        "name": side.name,
        "bookmark": side.name.replace("\u00ad", ""),
        "look": side.look,
        "rings": side.rings,
        "labels": side.labels.model_dump(),
        "suggestions": words.suggestions,
        "question": words.question,
        "quotation": words.quotation.model_dump() if words.quotation else None,
    }


def _expect(toolbox: Toolbox, medium: Medium, cards: list[dict[str, Any]]) -> Expectation:
    pages = [card["code"] for card in cards for _ in card["sides"]]
    return Expectation(
        medium=medium,
        trim=TRIM,
        bleed=BLEED if medium == "print" else 0.0,
        pages=len(pages),
        language="-".join(filter(None, (toolbox.settings.language, toolbox.settings.region))),
        codes=tuple((page, code["url"]) for page, code in enumerate(pages) if code),
    )


def _origins(toolbox: Toolbox, deck: Deck, entry: Entry) -> dict[tuple[str, str], Origin]:
    """Return where each zone of the card was written, by the names that layouts/card.typ gives its zones."""
    product = ("products", toolbox.settings.products.index(deck))
    origins = {}
    paths: list[FieldPath] = [(name,) for name in _SHARED_FIELDS]
    paths += [(side, name) for side in deck.sides for name in _SIDE_FIELDS]
    for path in paths:
        origins[entry.slug, write_path(path)] = Origin(entry.source.place(path), write_path(path))
    for side in deck.sides:
        for name in (("name",), ("labels", "turn")):
            path = ("sides", side, *name)
            place = toolbox.settings_source.place((*product, *path))
            origins[entry.slug, write_path(path)] = Origin(place, write_path((*product, *path)))
    base = toolbox.settings_source, ("links", "base")
    source, path = base if toolbox.settings.links.base else (entry.source, ("literature",))
    origins[entry.slug, "address"] = Origin(source.place(path), write_path(path))
    return origins
