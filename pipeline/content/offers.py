"""Names of one project that an editor such as VS Code offers while one types: colours, works, folders, codes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pipeline.content.source import Plain

Schema: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Names:
    """Names of one project, each with a few words, as completion shows them."""

    colours: dict[str, str] = field(default_factory=dict)
    works: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)
    audiences: dict[str, str] = field(default_factory=dict)
    aspects: dict[str, str] = field(default_factory=dict)
    layers: dict[str, str] = field(default_factory=dict)
    phases: dict[str, str] = field(default_factory=dict)
    instruments: dict[str, str] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)


def list_words(entries: Plain, *keys: str) -> dict[str, str]:
    """Return the keys of entries, each with the values that stand under some keys of its own."""
    if not isinstance(entries, dict):
        return {}
    found = {name: entry if isinstance(entry, dict) else {} for name, entry in entries.items()}
    return {
        name: ", ".join(value for key in keys if isinstance(value := entry.get(key), str))
        for name, entry in found.items()
    }


def name_sides(toolbox: dict[str, Plain]) -> dict[str, str]:
    """Return audience -> its name in words, from all decks."""
    decks = toolbox.get("products")
    sides: dict[str, str] = {}
    for deck in decks if isinstance(decks, list) else []:
        sides |= list_words(deck.get("sides") if isinstance(deck, dict) else None, "name")
    return sides


def list_products(toolbox: dict[str, Plain]) -> dict[str, str]:
    """Return the names of the products, each with its kind."""
    products = toolbox.get("products")
    found = [it for it in products if isinstance(it, dict)] if isinstance(products, list) else []
    return {str(it.get("name")): str(it.get("kind")) for it in found}


def offer_names(model: str, key: str, schema: Schema, names: Names) -> Schema:
    """Offer the names of this project where one is expected."""
    offered = {
        ("Dimension", "colour"): names.colours,
        ("Dimension", "literature"): names.works,
        ("Claim", "sources"): names.works,
        ("Deck", "format"): names.formats,
        ("Deck", "folder"): names.folders,
        ("Form", "colour"): names.colours,
        ("Subject", "colour"): names.colours,
        ("Subjects", "folder"): names.folders,
        ("Subjects", "audience"): names.audiences,
        ("Aspect", "colour"): names.colours,
        ("Framework", "cards"): names.folders,
        ("Framework", "aspects"): names.aspects,
        ("Cell", "instruments"): names.instruments,
        ("Instrument", "aspect"): names.aspects,
        ("Instrument", "products"): names.products,
        ("Booklet", "colour"): names.colours,
        ("Sourced", "sources"): names.works,
        ("WorksBlock", "works"): names.works,
        ("LiteratureChapter", "works"): names.works,
        ("BookletProduct", "layer"): names.layers,
        ("PosterProduct", "folder"): names.folders,
    }.get((model, key))
    if (model, key) == ("Aspect", "layers"):
        return _offer_cells(schema, names)
    if model.endswith("Chapter") and key == "colour":
        offered = names.colours
    if not offered:
        return schema
    if "items" in schema:
        return {**schema, "items": offer(schema["items"], offered)}
    return offer(schema, offered)


def offer(schema: Schema, names: dict[str, str]) -> Schema:
    """Return a schema that completes these names and still takes whatever it took."""
    listed: Schema = {"enum": list(names)}
    if any(names.values()):
        listed["enumDescriptions"] = list(names.values())
    kept = {key: schema[key] for key in ("default",) if key in schema}
    rest = {key: value for key, value in schema.items() if key not in kept}
    return {**kept, "anyOf": [listed, *rest.get("anyOf", [rest])]}


def _offer_cells(schema: Schema, names: Names) -> Schema:
    """Offer the layers, and below each of them the phases, as the keys that they are."""
    phases = schema["additionalProperties"]
    cell = phases["additionalProperties"]
    in_phases = {name: {**cell, "description": f"The phase '{words}'."} for name, words in names.phases.items()}
    layer = {**phases, "properties": in_phases}
    in_layers = {name: {**layer, "description": f"The layer '{words}'."} for name, words in names.layers.items()}
    return {**schema, "properties": in_layers}
