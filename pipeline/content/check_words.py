"""How texts are written: Toolbox -> findings, all of them warnings. WORD_CHECKS is the list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pipeline.content.fields import is_slug
from pipeline.content.source import FieldPath, Source
from pipeline.errors import Finding

if TYPE_CHECKING:
    from pipeline.content.toolbox import Toolbox


def list_texts(toolbox: Toolbox) -> Iterator[tuple[Source, FieldPath, str]]:
    """Yield every text that an editor wrote, but for the theme, the literature and the glossary."""
    sources = [toolbox.settings_source]
    sources += [entry.source for entries in toolbox.folders.values() for entry in entries]
    for filed in (toolbox.forms, toolbox.aspects, toolbox.instruments, toolbox.booklets):
        sources += [it.source for it in filed.values()]
    if toolbox.framework:
        sources.append(toolbox.framework.source)
    for source in sources:
        for path, text in source.texts():
            yield source, path, text


def check_quotes(toolbox: Toolbox) -> list[Finding]:
    """Straight quotes in Dutch content: they are printed as they are, and look like inch marks."""
    if toolbox.settings.language != "nl":
        return []
    return [
        source.finding(path, "a straight quotation mark", "write ‘ and ’", severity="warning")
        for source, path, text in list_texts(toolbox)
        if re.search(r"[\"']", text)
    ]


def check_glossary(toolbox: Toolbox) -> list[Finding]:
    """A phrase that the glossary bans."""
    if toolbox.glossary is None:
        return []
    return [
        source.finding(path, f"content/glossary.yml bans '{phrase}'", f"write '{instead}'", severity="warning")
        for source, path, text in list_texts(toolbox)
        if not is_slug(text) and path[-1] not in ("address", "picture")  # names, of files too, are no words
        for phrase, instead in toolbox.glossary.find_banned(text)
    ]


WORD_CHECKS: tuple[Callable[[Toolbox], list[Finding]], ...] = (check_quotes, check_glossary)
