"""What documents of every kind carry: metadata, colours, words with breaks of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from pipeline.content.framework import Media
from pipeline.content.products import Settings
from pipeline.content.source import FieldPath, Source
from pipeline.content.toolbox import Toolbox
from pipeline.document import Medium, Origin
from pipeline.qr import shorten_address, split_address

_DOI_SAFE = "/:;().,-_"  # what a DOI may hold that means nothing else in an address


def name_language(settings: Settings) -> str:
    """Return the language of the texts as BCP 47 (`nl-NL`)."""
    return "-".join(filter(None, (settings.language, settings.region)))


def plan_ground(toolbox: Toolbox, medium: Medium, colours: Iterable[str]) -> dict[str, Any]:
    """Return what the data of every document begin with: medium, metadata, fonts, bleed, these colours and black."""
    return {
        "medium": medium,
        "document": _plan_metadata(toolbox.settings),
        "theme": {
            "fonts": toolbox.theme.fonts.model_dump(),
            "colours": _list_colours(toolbox, medium, {"black", *colours}),
        },
        "bleed": toolbox.measure_bleed(medium),
    }


def _plan_metadata(settings: Settings) -> dict[str, Any]:
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


def _list_colours(toolbox: Toolbox, medium: Medium, names: Iterable[str]) -> dict[str, Any]:
    """Return name -> recipe of the medium, under the key that it has in the theme."""
    colours = {name: toolbox.theme.colours[name] for name in sorted(names)}
    if medium == "print":
        return {name: {"print": colour.print.model_dump()} for name, colour in colours.items()}
    return {name: {"screen": colour.screen.lower()} for name, colour in colours.items()}


def plan_media(media: Media | None, *more: str) -> dict[str, Any] | None:
    """Return what the page shows of something to watch or read: the address in words, and the one for a code.

    `words`: the address in pieces between which a line may end. `url`: None where no code may be printed. `more`: other
    keys that are shown.
    """
    if media is None:
        return None
    return {
        "title": media.title,
        **{key: getattr(media, key) or "" for key in more},
        "words": split_address(media.address) if media.address else [],
        "url": _write_url(media.address) if media.address and media.printable else None,
    }


def _write_url(address: str) -> str:
    """Return the whole address; in capitals, which make a smaller code, only where a host stands alone."""
    url = f"https://{address}"
    return url if "/" in address else shorten_address(url)


def write_doi(doi: str) -> tuple[str, str]:
    """Return (address for a code, the same in words) of a DOI."""
    return shorten_address(f"https://doi.org/{quote(doi, safe=_DOI_SAFE)}"), f"doi.org/{doi}"


def list_urls(data: Any) -> list[str]:
    """Return every address for a QR code in planned data, once; what a work says of itself (`entry`) is none."""
    if isinstance(data, dict):
        own = [data["url"]] if isinstance(data.get("url"), str) else []
        below = [url for key, value in data.items() if key != "entry" for url in list_urls(value)]
        return list(dict.fromkeys([*own, *below]))
    if isinstance(data, list | tuple):
        return list(dict.fromkeys(url for value in data for url in list_urls(value)))
    return []


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
