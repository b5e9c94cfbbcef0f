"""What no single file of the framework can know: Toolbox -> findings. FRAMEWORK_CHECKS is the list."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from pipeline.content.framework import RINGS_MOST, Aspect, Cell
from pipeline.content.source import FieldPath
from pipeline.errors import Finding, nearest
from pipeline.resources import find_content

if TYPE_CHECKING:
    from pipeline.content.toolbox import Filed, Toolbox


def is_whole(toolbox: Toolbox, folder: str, entries: Iterable[Any]) -> bool:
    """Say whether every file of a content folder could be read; else what it defines is not known to be missing."""
    paths = (find_content(toolbox.project) / folder).glob("[!.]*.yml")
    return len(list(entries)) == len(list(paths))


def is_unread(toolbox: Toolbox) -> bool:
    """Say whether framework.yml is there and could not be read; what is wrong with it was told."""
    return toolbox.framework is None and is_there(toolbox, "framework.yml")


def is_there(toolbox: Toolbox, name: str) -> bool:
    """Say whether a content file is there; one that is wrong has its own findings."""
    return os.path.lexists(find_content(toolbox.project) / name)


def check_cells(toolbox: Toolbox) -> list[Finding]:
    """An aspect lacks a cell, has one too many, or one that names nothing to work with."""
    framework = toolbox.framework
    if framework is None:
        return []
    findings = []
    layers, phases = framework.it.layers, framework.it.phases
    for aspect in toolbox.aspects.values():
        written = aspect.it.layers
        findings += _compare_keys(aspect, ("layers",), written, layers, "layer")
        for layer in written:
            if layer in layers:
                findings += _compare_keys(aspect, ("layers", layer), written[layer], phases, "phase")
    for aspect, path, cell in list_cells(toolbox):
        if not cell.instruments and not cell.cards:
            hint = "name one or two: 'instruments: [I08]', or cards: 'cards: [4]'"
            findings.append(aspect.source.finding(path, "no instrument in this cell", hint))
    return findings


def _compare_keys(
    aspect: Filed[Aspect], path: FieldPath, written: Iterable[str], valid: Iterable[str], what: str
) -> list[Finding]:
    missing = [key for key in valid if key not in written]
    findings = [
        aspect.source.finding(
            (*path, key), f"content/framework.yml has no {what} '{key}'", nearest(key, missing or valid)
        )
        for key in written
        if key not in valid
    ]
    message = f"the {what} is missing; every aspect has a cell for each layer and phase"
    return findings + [aspect.source.finding((*path, key), message, f"write it below '{path[-1]}'") for key in missing]


def list_cells(toolbox: Toolbox) -> Iterator[tuple[Filed[Aspect], FieldPath, Cell]]:
    """Yield every cell with its aspect and its path in that file."""
    for aspect in toolbox.aspects.values():
        for layer, cells in aspect.it.layers.items():
            for phase, cell in cells.items():
                yield aspect, ("layers", layer, phase), cell


def check_doubled_cells(toolbox: Toolbox) -> list[Finding]:
    """Two cells describe one situation: a copy that was not changed yet."""
    findings: list[Finding] = []
    first: dict[str, str] = {}
    for aspect, path, cell in list_cells(toolbox):
        place = aspect.source.place((*path, "situation"))
        other = first.setdefault(cell.situation.casefold(), place)
        if other != place:
            message = f"the same situation is at {other}"
            findings.append(aspect.source.finding((*path, "situation"), message, "say what is different here"))
    return findings


def check_named_instruments(toolbox: Toolbox) -> list[Finding]:
    """A cell names an instrument or a card that there is not."""
    findings = []
    framework = toolbox.framework
    whole = is_whole(toolbox, "instruments", toolbox.instruments)
    numbers = _card_numbers(toolbox)
    for aspect, path, cell in list_cells(toolbox):
        for index, code in enumerate(cell.instruments):
            if whole and code not in toolbox.instruments:
                message = f"no file of content/instruments has the code '{code}'"
                hint = nearest(code, toolbox.instruments) or "each instrument is a file in content/instruments"
                findings.append(aspect.source.finding((*path, "instruments", index), message, hint))
        for index, number in enumerate(cell.cards):
            findings += _check_number(aspect, (*path, "cards", index), number, numbers)
    for aspect in toolbox.aspects.values() if framework else ():
        for index, number in enumerate(aspect.it.dimensions):
            findings += _check_number(aspect, ("dimensions", index), number, numbers)
    return findings


def _card_numbers(toolbox: Toolbox) -> set[int] | None:
    """Return the numbers of the cards that aspects may name; None where not all of them are known."""
    folder = toolbox.framework.it.cards if toolbox.framework else ""
    entries = toolbox.folders.get(folder)
    if entries is None or not is_whole(toolbox, folder, entries):
        return None
    return {entry.dimension.number for entry in entries}


def _check_number(aspect: Filed[Aspect], path: FieldPath, number: int, numbers: set[int] | None) -> list[Finding]:
    if numbers is None or number in numbers:
        return []
    hint = f"there are: {', '.join(map(str, sorted(numbers)))}"
    return [aspect.source.finding(path, f"there is no card {number}", hint)]


def check_framework(toolbox: Toolbox) -> list[Finding]:
    """The framework names a folder without cards, two aspects share a sign, or a card belongs to no aspect."""
    framework = toolbox.framework
    if framework is None:
        return [
            it.source.finding((), "there is no content/framework.yml", "it says which layers and phases there are")
            for it in toolbox.aspects.values()
            if not is_unread(toolbox)
        ]
    folder = framework.it.cards
    if folder not in toolbox.folders:
        message = f"no deck in content/toolbox.yml is made from the folder '{folder}'"
        hint = nearest(folder, toolbox.folders) or "add a product of the kind 'cards'"
        return [framework.source.finding(("cards",), message, hint)]
    findings: list[Finding] = []
    first: dict[str, Filed[Aspect]] = {}
    for aspect in toolbox.aspects.values():
        other = first.setdefault(aspect.it.code, aspect)
        if other is not aspect:
            message = f"'{aspect.it.code}' is also the sign of {other.source.name}"
            findings.append(aspect.source.finding(("code",), message, "choose another letter"))
    if not is_whole(toolbox, "aspects", toolbox.aspects):
        return findings
    covered = {number for aspect in toolbox.aspects.values() for number in aspect.it.dimensions}
    for entry in toolbox.folders[folder]:
        if entry.dimension.number not in covered:
            message = f"card {entry.dimension.number} belongs to no aspect"
            hint = "add its number to 'dimensions' of a file in content/aspects"
            findings.append(entry.source.finding(("number",), message, hint, severity="warning"))
    return findings


def check_rings(toolbox: Toolbox) -> list[Finding]:
    """Aspects that share cards need more rings than the circle has: two of them cannot stand in one."""
    findings = []
    rings: list[list[Filed[Aspect]]] = []
    for aspect in toolbox.aspects.values():
        mine = set(aspect.it.dimensions)
        shared = [[it for it in ring if mine & set(it.it.dimensions)] for ring in rings]
        free = next((ring for ring, others in zip(rings, shared, strict=True) if not others), None)
        if free is not None:
            free.append(aspect)
        elif len(rings) < RINGS_MOST:
            rings.append([aspect])
        else:
            others = ", ".join(it.slug for ring in shared for it in ring)
            message = f"shares cards with {others}, and the circle has {RINGS_MOST} rings"
            findings.append(aspect.source.finding(("dimensions",), message, "give each card one aspect or two"))
    return findings


def check_complete_cards(toolbox: Toolbox) -> list[Finding]:
    """A card of the framework has no literature, or no statements for one of its audiences (a warning)."""
    entries = toolbox.folders.get(toolbox.framework.it.cards, ()) if toolbox.framework else ()
    findings = []
    for entry in entries:
        if not entry.dimension.literature:
            message = "no literature for this dimension"
            hint = "name works of literature.yml under 'literature'"
            findings.append(entry.source.finding(("literature",), message, hint, severity="warning"))
        for audience, side in entry.dimension.sides.items():
            if not side.statements:
                message = "no statements for this dimension, so no form can ask about it"
                hint = "write them under 'statements', each behind its code"
                findings.append(entry.source.finding((audience,), message, hint, severity="warning"))
    return findings


def check_instruments(toolbox: Toolbox) -> list[Finding]:
    """An instrument names an aspect or a product that there is not."""
    findings = []
    products = [product.name for product in toolbox.settings.products]
    aspects = toolbox.framework.it.aspects if toolbox.framework else ()
    for it in toolbox.instruments.values():
        if it.it.aspect not in aspects and not is_unread(toolbox):
            message = f"there is no aspect '{it.it.aspect}'"
            hint = nearest(it.it.aspect, aspects) or "aspects stand in content/framework.yml"
            findings.append(it.source.finding(("aspect",), message, hint))
        for index, name in enumerate(it.it.products):
            if name not in products:
                message = f"there is no product '{name}' in content/toolbox.yml"
                findings.append(it.source.finding(("products", index), message, nearest(name, products)))
    return findings


FRAMEWORK_CHECKS: tuple[Callable[[Toolbox], list[Finding]], ...] = (
    check_framework,
    check_cells,
    check_rings,
    check_doubled_cells,
    check_named_instruments,
    check_complete_cards,
    check_instruments,
)
