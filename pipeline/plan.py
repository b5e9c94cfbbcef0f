"""Toolbox -> plan: every document, and what each is made from."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from pipeline import __version__
from pipeline.content.toolbox import Toolbox
from pipeline.document import MEDIA, Document, Medium
from pipeline.errors import UsageError, nearest
from pipeline.kinds import KINDS
from pipeline.manifest import Recipe
from pipeline.resources import LAYOUT_SUFFIXES, PROFILE, find_profile, overlay_files
from pipeline.snapshot import TOOLS, hash_code
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
    """

    toolbox: Toolbox
    documents: list[Document]
    typesetter: Typesetter
    recipes: Mapping[str, Recipe]

    def select(self, products: Iterable[str], media: Iterable[Medium]) -> list[Document]:
        """Return the documents of these products and media; of all where none are named.

        Raises:
            UsageError: there is no such product.
        """
        names = [product.name for product in self.toolbox.settings.products]
        for name in products:
            if name not in names:
                raise UsageError(f"there is no product '{name}'; {nearest(name, names)}")
        wanted, among = set(products) or set(names), set(media) or set(MEDIA)
        return [document for document in self.documents if document.product in wanted and document.medium in among]


def make_plan(toolbox: Toolbox) -> Plan:
    """Plan all documents of all products in all media.

    Raises:
        AssetError: a layout that is a link to outside of the project.
        UsageError: SOURCE_DATE_EPOCH is no date.
    """
    documents = plan_documents(toolbox)
    typesetter = load_typesetter(toolbox)
    shared = {layout: _list_shared(typesetter, layout) for layout in {it.layout for it in documents}}
    press = {PROFILE: _hash(typesetter.profile.read_bytes())}
    recipes = {
        it.path: Recipe(
            {**shared[it.layout], **(press if it.pictures and it.medium == "print" else {})},
            {part.name: part.digest for part in it.parts},
        )
        for it in documents
    }
    return Plan(toolbox, documents, typesetter, recipes)


def plan_documents(toolbox: Toolbox) -> list[Document]:
    """Return all documents of all products in all media, decks before their cards."""
    return [
        document
        for medium in MEDIA
        for product in toolbox.settings.products
        for document in KINDS[product.kind](toolbox, product, medium)
    ]


def load_typesetter(toolbox: Toolbox) -> Typesetter:
    """Gather what every document is set with: layouts, fonts, the date, the profile of the press."""
    layouts = overlay_files(toolbox.project, "layouts", LAYOUT_SUFFIXES)
    return Typesetter(
        layouts={name: path.read_bytes() for name, path in layouts.items()},
        fonts=toolbox.fonts,
        timestamp=_timestamp(toolbox),
        profile=find_profile(toolbox.project),
    )


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
