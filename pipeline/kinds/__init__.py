"""Toolbox -> Documents: one module per kind of document, one line each in KINDS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pipeline.content.toolbox import Toolbox
from pipeline.document import Document, Medium
from pipeline.kinds import cards, forms

KINDS: dict[str, Callable[[Toolbox, Any, Medium], list[Document]]] = {
    "cards": cards.plan_documents,
    "form": forms.plan_documents,
}
