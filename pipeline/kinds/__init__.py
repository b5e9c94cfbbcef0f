"""Toolbox -> Documents: one module per kind of document, one line each in KINDS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.content.toolbox import Toolbox
from pipeline.document import Document, Medium
from pipeline.kinds import booklets, cards, forms, instruments, posters

KINDS: dict[str, Callable[[Toolbox, Any, Medium], list[Document]]] = {
    "cards": cards.plan_documents,
    "form": forms.plan_documents,
    "booklet": booklets.plan_documents,
    "instruments": instruments.plan_documents,
    "poster": posters.plan_documents,
}
