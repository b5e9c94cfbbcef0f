"""What documents of every kind carry: metadata, colours, words with breaks of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.content.products import Settings
from pipeline.content.source import FieldPath, Source
from pipeline.content.toolbox import Toolbox
from pipeline.document import Medium, Origin
from pipeline.units import points

BLEED = points(3)


def name_language(settings: Settings) -> str:
    """Return the language of the texts as BCP 47 (`nl-NL`)."""
    return "-".join(filter(None, (settings.language, settings.region)))


def plan_metadata(settings: Settings) -> dict[str, Any]:
    """Return what the metadata say, whatever the document."""
    return {
        "publisher": settings.publisher,
        "lang": settings.language,
        "region": settings.region,
        "keywords": [settings.title, settings.edition],
    }


def locate_metadata(source: Source) -> dict[FieldPath, Origin]:
    """Return where these are written; they stand below `document`."""
    return {
        ("document",): Origin(source),
        ("document", "lang"): Origin(source, ("language",)),
        ("document", "keywords", 0): Origin(source, ("title",)),
        ("document", "keywords", 1): Origin(source, ("edition",)),
    }


def list_colours(toolbox: Toolbox, medium: Medium, names: Iterable[str]) -> dict[str, Any]:
    """Return name -> recipe of the medium, under the key that it has in the theme."""
    colours = {name: toolbox.theme.colours[name] for name in sorted(names)}
    if medium == "print":
        return {name: {"print": colour.print.model_dump()} for name, colour in colours.items()}
    return {name: {"screen": colour.screen.lower()} for name, colour in colours.items()}


def list_exceptions(exceptions: tuple[str, ...], data: list[Any]) -> list[str]:
    """Return the words of the list that stand in the texts: another one would change nothing."""
    if not exceptions:
        return []
    plain = {word.replace("-", "").lower(): word for word in exceptions}
    pattern = re.compile(rf"\b({'|'.join(plain)})\b", re.IGNORECASE)
    found = {match.lower() for text in _texts(data) for match in pattern.findall(text)}
    return [word for key, word in plain.items() if key in found]


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value)
