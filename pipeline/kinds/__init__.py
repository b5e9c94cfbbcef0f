"""Toolbox -> Documents: one module per kind of document, one line each in KINDS."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.content.model import Deck
from pipeline.content.read import Toolbox
from pipeline.document import Document, Medium
from pipeline.kinds import cards

KINDS: dict[str, Callable[[Toolbox, Deck, Medium], list[Document]]] = {
    "cards": cards.plan_documents,
}
