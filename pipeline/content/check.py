"""What no single file can know: Toolbox -> findings. CHECKS is the list; each function is one rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pipeline.content.check_booklets import BOOKLET_CHECKS, is_missing_work
from pipeline.content.check_forms import FORM_CHECKS
from pipeline.content.check_framework import FRAMEWORK_CHECKS
from pipeline.content.check_words import WORD_CHECKS
from pipeline.content.model import CIRCLE_NUMBER_MAX
from pipeline.content.products import Deck
from pipeline.content.source import FieldPath
from pipeline.errors import Finding, nearest

if TYPE_CHECKING:
    from pipeline.content.toolbox import Entry, Toolbox


def _entries(toolbox: Toolbox) -> Iterator[Entry]:
    for entries in toolbox.folders.values():
        yield from entries


def check_numbers(toolbox: Toolbox) -> list[Finding]:
    """Two cards of one folder carry the same number."""
    findings = []
    for entries in toolbox.folders.values():
        first: dict[int, Entry] = {}
        for entry in entries:
            other = first.setdefault(entry.dimension.number, entry)
            if other is not entry:
                message = f"number {entry.dimension.number} is also that of {other.source.name}"
                findings.append(entry.source.finding(("number",), message, "give each card a number of its own"))
    return findings


def check_codes(toolbox: Toolbox) -> list[Finding]:
    """A permanent code is given twice; answers to the two could not be told apart."""
    findings: list[Finding] = []
    first: dict[str, str] = {}
    for entry in _entries(toolbox):
        for path, code in _codes(entry):
            place = entry.source.place(path)
            if first.setdefault(code, place) != place:
                findings.append(
                    entry.source.finding(path, f"the code {code} is also at {first[code]}", "choose another")
                )
    return findings


def _codes(entry: Entry) -> Iterator[tuple[FieldPath, str]]:
    for index, challenge in enumerate(entry.dimension.challenges):
        yield ("challenges", index, "code"), challenge.code
    for audience, side in entry.dimension.sides.items():
        for code in side.statements:
            yield (audience, "statements", code), code


def check_colours(toolbox: Toolbox) -> list[Finding]:
    """A card names a colour that the theme does not have."""
    names = toolbox.theme.colours
    return [
        entry.source.finding(
            ("colour",), f"no colour '{entry.dimension.colour}'", nearest(entry.dimension.colour, names)
        )
        for entry in _entries(toolbox)
        if entry.dimension.colour not in names
    ]


def check_sources(toolbox: Toolbox) -> list[Finding]:
    """A card names a work that is not in literature.yml."""
    findings = []
    for entry in _entries(toolbox):
        for path, key in _cited(entry):
            if is_missing_work(toolbox, key):
                message = f"no work '{key}' in content/literature.yml"
                findings.append(entry.source.finding(path, message, nearest(key, toolbox.literature)))
    return findings


def _cited(entry: Entry) -> Iterator[tuple[FieldPath, str]]:
    for index, key in enumerate(entry.dimension.literature):
        yield ("literature", index), key
    for c, challenge in enumerate(entry.dimension.challenges):
        for w, claim in enumerate(challenge.why):
            for s, key in enumerate(claim.sources):
                yield ("challenges", c, "why", w, "sources", s), key


def check_products(toolbox: Toolbox) -> list[Finding]:
    """Two products with one name, or a circle with more stations than can be read."""
    findings = []
    names: set[str] = set()
    for index, product in enumerate(toolbox.settings.products):
        path: FieldPath = ("products", index)
        if product.name in names:
            message = f"another product is called '{product.name}' too"
            findings.append(
                toolbox.settings_source.finding((*path, "name"), message, "their files would overwrite each other")
            )
        names.add(product.name)
        if not isinstance(product, Deck) or product.format not in toolbox.formats:
            continue  # said by check_formats
        format_ = toolbox.formats[product.format][0]
        circle, most = product.circle and format_.zones.has_circle, format_.most_stations
        cards = len(toolbox.folders.get(product.folder, ()))
        if circle and cards > most:
            message = f"a circle of {cards} cards cannot be read, at most {most}"
            findings.append(toolbox.settings_source.finding((*path, "circle"), message, "set circle: false"))
        for entry in toolbox.folders.get(product.folder, ()) if circle else ():
            if entry.dimension.number > CIRCLE_NUMBER_MAX:
                message = f"a number over {CIRCLE_NUMBER_MAX} does not fit the circle"
                findings.append(entry.source.finding(("number",), message, "take a lower one, or set circle: false"))
    return findings


def check_formats(toolbox: Toolbox) -> list[Finding]:
    """A deck names a format that there is not."""
    return [
        toolbox.settings_source.finding(
            ("products", index, "format"), f"no format '{deck.format}'", nearest(deck.format, toolbox.formats)
        )
        for index, deck in toolbox.settings.decks
        if deck.format not in toolbox.formats
    ]


def check_addresses(toolbox: Toolbox) -> list[Finding]:
    """Two cards get one short address; their codes would lead to the same page."""
    findings: list[Finding] = []
    if not toolbox.settings.links.base:
        return findings
    first: dict[str, tuple[str, int]] = {}
    for index, deck in toolbox.settings.decks:
        for entry in toolbox.folders.get(deck.folder, ()):
            number = entry.dimension.number
            address = f"{deck.path}{number}".casefold()
            if first.setdefault(address, (deck.folder, number)) != (deck.folder, number):
                message = f"card {number} of '{deck.name}' gets the same address as another card: .../{address}"
                hint = "give each deck a path of its own, such as 'path: b/'"
                findings.append(toolbox.settings_source.finding(("products", index, "path"), message, hint))
    return findings


def check_quotations(toolbox: Toolbox) -> list[Finding]:
    """A card has a quotation, but the deck has no heading for one."""
    return [
        entry.source.finding(
            (audience, "quotation"),
            f"the deck '{deck.name}' has no label 'quotation' for this side",
            f"add it in toolbox.yml: sides.{audience}.labels.quotation",
        )
        for _, deck in toolbox.settings.decks
        for entry in toolbox.folders.get(deck.folder, ())
        for audience, side in deck.sides.items()
        if entry.dimension.sides[audience].quotation and side.labels.quotation is None
    ]


def check_links(toolbox: Toolbox) -> list[Finding]:
    """A card gets no QR code, because none of its works may be printed as an address (a warning)."""
    if toolbox.settings.links.base:
        return []
    return [
        entry.source.finding(
            ("literature",),
            "no work with a verified DOI, so this card has no QR code",
            "add one with 'verified: doi-and-title', or set links.base in toolbox.yml",
            severity="warning",
        )
        for entry in _entries(toolbox)
        if not any(
            toolbox.literature[key].printable_doi for key in entry.dimension.literature if key in toolbox.literature
        )
    ]


CHECKS: tuple[Callable[[Toolbox], list[Finding]], ...] = (
    check_numbers,
    check_codes,
    check_colours,
    check_sources,
    check_products,
    check_formats,
    check_addresses,
    check_quotations,
    check_links,
    *FORM_CHECKS,
    *FRAMEWORK_CHECKS,
    *BOOKLET_CHECKS,
    *WORD_CHECKS,
)
