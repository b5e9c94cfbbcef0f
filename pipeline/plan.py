"""Toolbox -> plan: every document, and what each is made from."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from pipeline import __version__
from pipeline.content.read_press import DEFAULT
from pipeline.content.toolbox import Toolbox
from pipeline.document import MEDIA, ON_PRESS, Document, Medium
from pipeline.errors import AssetError, Finding, UsageError, nearest, require_clean
from pipeline.kinds import KINDS
from pipeline.kinds.sheets import Turning, plan_sheets
from pipeline.manifest import Recipe
from pipeline.resources import LAYOUT_SUFFIXES, PROFILES, find_profile, overlay_files
from pipeline.snapshot import TOOLS, fingerprint, hash_code
from pipeline.typeset import Typesetter

_EPOCH_MAX = 253402300799  # the last second of the year 9999


@dataclass(frozen=True)
class Plan:
    """All that can be made of a toolbox.

    Attributes:
        toolbox: what it is made of.
        documents: of all products in all media, decks before their cards.
        typesetter: what they are set with.
        recipes: path of a document -> what it is made from.
        warnings: of the content, and of its sheets.
    """

    toolbox: Toolbox
    documents: list[Document]
    typesetter: Typesetter
    recipes: Mapping[str, Recipe]
    warnings: tuple[Finding, ...] = ()

    def select(self, products: Iterable[str], media: Iterable[Medium]) -> list[Document]:
        """Return the documents of these products and media (none: of all), and those that sheets are made from.

        Raises:
            UsageError: there is no such product.
        """
        names = [product.name for product in self.toolbox.settings.products]
        for name in products:
            if name not in names:
                raise UsageError(f"there is no product '{name}'; {nearest(name, names)}")
        wanted, among = set(products) or set(names), set(media) or set(MEDIA)
        chosen = [it for it in self.documents if it.product in wanted and it.medium in among]
        needed = {it.order.source for it in chosen if it.order} | {it.path for it in chosen}
        return [it for it in self.documents if it.path in needed]


def make_plan(toolbox: Toolbox, turning: Turning | None = None) -> Plan:
    """Plan all documents of all products in all media; for a shop, those that are printed.

    Raises:
        AssetError: a layout that is a link to outside of the project; the profile of the press is missing.
        ContentError: pages that do not fit the sheets they are asked on.
        UsageError: SOURCE_DATE_EPOCH is no date.
    """
    documents = plan_documents(toolbox)
    sheets, findings = plan_sheets(toolbox, documents, turning)
    require_clean(findings)
    documents += sheets
    if toolbox.press.shop.name:
        documents = [it for it in documents if it.medium in ON_PRESS]
    typesetter = load_typesetter(toolbox)
    shared = {layout: _list_shared(typesetter, layout) for layout in {it.layout for it in documents}}
    press = _list_press(typesetter)
    recipes: dict[str, Recipe] = {}
    for it in documents:  # sheets come after what they are made from
        made_from = {part.name: part.digest for part in it.parts}
        if it.order:
            made_from[f"{typesetter.folder}/{it.order.source}"] = _digest(recipes[it.order.source])
        recipes[it.path] = Recipe({**shared[it.layout], **(press if it.medium in ON_PRESS else {})}, made_from)
    return Plan(toolbox, documents, typesetter, recipes, (*toolbox.warnings, *findings))


def plan_documents(toolbox: Toolbox) -> list[Document]:
    """Return all documents of all products in all media, decks before their cards."""
    return [
        document
        for medium in MEDIA
        if medium != "sheets"
        for product in toolbox.settings.products
        for document in KINDS[product.kind](toolbox, product, medium)
    ]


def load_typesetter(toolbox: Toolbox) -> Typesetter:
    """Gather what every document is set with: layouts, fonts, the date, the shop with its profile.

    Raises:
        AssetError: the profile is missing.
    """
    layouts = overlay_files(toolbox.project, "layouts", LAYOUT_SUFFIXES)
    return Typesetter(
        layouts={name: path.read_bytes() for name, path in layouts.items()},
        fonts=toolbox.fonts,
        timestamp=_timestamp(toolbox),
        profile=_require_profile(toolbox),
        shop=toolbox.press.shop,
    )


def _require_profile(toolbox: Toolbox) -> Path:
    name = toolbox.press.shop.profile
    path = find_profile(toolbox.project, name)
    if path is None:
        raise AssetError(findings=[Finding(f"{PROFILES}/{name}", "", "the profile is missing", "put it back")])
    return path


def _list_press(typesetter: Typesetter) -> dict[str, str]:
    """Return name -> hash of what is only for the press: its profile, what the shop asks for."""
    shop = typesetter.shop
    return {
        f"{PROFILES}/{shop.profile}": _hash(typesetter.profile.read_bytes()),
        f"assets/shops/{shop.name or DEFAULT}.yml": fingerprint([repr(shop)]),
    }


def _digest(recipe: Recipe) -> str:
    """Return one hash of all that a document is made from."""
    both = (recipe.shared, recipe.parts)
    return fingerprint(text for names in both for pair in sorted(names.items()) for text in pair)


def _list_shared(typesetter: Typesetter, layout: str) -> dict[str, str]:
    """Return name -> version or hash of all that is no text: tools, the date, the layout with its parts, the fonts."""
    return {
        "drukwerk": f"{__version__} {hash_code()}",
        **{name: importlib.metadata.version(name) for name in TOOLS},
        "date": datetime.fromtimestamp(typesetter.timestamp, UTC).strftime("%Y-%m-%d %H:%M:%S"),
        **{f"layouts/{name}": _hash(text) for name, text in typesetter.reach(layout).items()},
        **{f"assets/fonts/{name}": _hash(path.read_bytes()) for name, path in typesetter.fonts.items()},
    }


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:32]


def _timestamp(toolbox: Toolbox) -> int:
    """The date in the metadata: SOURCE_DATE_EPOCH (reproducible-builds.org), else the toolbox's own date."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch:
        if not epoch.isascii() or not epoch.isdigit() or len(epoch) > 11 or int(epoch) > _EPOCH_MAX:
            raise UsageError(f"SOURCE_DATE_EPOCH is '{epoch}'; expected whole seconds since 1970")
        return int(epoch)
    return int(datetime.combine(toolbox.settings.date, time(), UTC).timestamp())
