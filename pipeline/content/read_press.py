"""`assets/shops`, `assets/sheets`, `assets/words` -> Press: the project's own files first, then the package's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.content.parse import UnreadableError, read_source
from pipeline.content.press import LENGTH_MOST, SIDES, PressWords, SheetFile, ShopFile
from pipeline.content.press import SHEETS as PAPERS
from pipeline.content.problems import list_problems
from pipeline.content.reader import check_names
from pipeline.content.source import Source
from pipeline.errors import Finding, UsageError, nearest, require_clean
from pipeline.resources import find_profile, overlay_files
from pipeline.shop import Minimum, Shop
from pipeline.storage import named_reading
from pipeline.units import mm, parse_length

SHOPS, SHEETS, WORDS = "assets/shops", "assets/sheets", "assets/words"
DEFAULT = "standaard"
_ELSE = "en"  # words for a language that has none

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Press:
    """What production reads beside the content.

    Attributes:
        shop: the print shop for which is built.
        sheets: name -> sheet of paper, each with the file it stands in.
        words: on sheets and tickets, by language; `en` for others.
        sources: the files of all that; of words, by language.
    """

    shop: Shop = field(default_factory=Shop)
    sheets: Mapping[str, tuple[SheetFile, Source]] = field(default_factory=dict)
    words: Mapping[str, PressWords] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)

    def speak(self, language: str) -> PressWords:
        """Return the words in a language, else in English."""
        return self.words.get(language) or self.words[_ELSE]

    def list_printed(self, language: str) -> list[Source]:
        """Return the files whose texts are printed, with the words in a language, else in English ('': no words)."""
        words = [self.sources[language if language in self.words else _ELSE]] if language else []
        return [self.sources[SHOPS], *(source for _, source in self.sheets.values()), *words]


def read_press(project: Path, shop: str = "") -> Press:
    """Read the shop of this name (empty: the default one), all sheets, all words.

    Raises:
        UsageError: there is no such shop.
        ContentError: a file is not as it has to be; with every finding.
        AssetError: the profile of the shop is missing, or no profile of a press.
    """
    findings: list[Finding] = []
    sheets = {}
    for name, path in _list_files(project, SHEETS, findings).items():
        found = _read(SheetFile, path, f"{SHEETS}/{name}.yml", findings)
        if found:
            findings += _check_sheet(*found)
            sheets[name] = found
    words, sources = {}, {}
    for language, path in _list_files(project, WORDS, findings).items():
        spoken = _read(PressWords, path, f"{WORDS}/{language}.yml", findings)
        if spoken:
            words[language], sources[language] = spoken
    require_clean(findings)
    buyer, sources[SHOPS] = _read_shop(project, shop)
    return Press(buyer, sheets, words, sources)


def read_shop(project: Path, name: str = "") -> Shop:
    """Read one shop; an empty name is the default one.

    Raises:
        UsageError, ContentError, AssetError: as `read_press`.
    """
    return _read_shop(project, name)[0]


def _read_shop(project: Path, name: str) -> tuple[Shop, Source]:
    findings: list[Finding] = []
    files = _list_files(project, SHOPS, findings)
    require_clean(findings)
    if (name or DEFAULT) not in files:
        raise UsageError(f"there is no shop '{name}'; {nearest(name, files)}")
    found = _read(ShopFile, files[name or DEFAULT], f"{SHOPS}/{name or DEFAULT}.yml", findings)
    require_clean(findings)
    assert found is not None  # else there is a finding
    it, source = found
    findings += _check_profile(project, it, source)
    require_clean(findings)
    least = it.minimum
    shop = Shop(
        name=name,
        title=it.title,
        bleed=parse_length(it.bleed),
        profile=it.profile,
        condition=it.condition,
        ink_limit=it.ink_limit,
        deliver=it.deliver,
        minimum=Minimum(
            text=parse_length(least.text),
            coloured_text=parse_length(least.coloured_text),
            line=parse_length(least.line),
            image_ppi=least.image_ppi,
            bitmap_ppi=least.bitmap_ppi,
        ),
        spots=it.spots,
    )
    return shop, source


def _list_files(project: Path, folder: str, findings: list[Finding]) -> dict[str, Path]:
    """Return name -> file, and keep what is wrong with the names of the project's own."""
    with named_reading(project / folder):
        findings += check_names(project / folder, folder)
        for path in sorted((project / folder).glob("[!.]*.yml")):
            if not path.is_file():
                hint = "a folder, or a link that leads nowhere, cannot be read"
                findings.append(Finding(f"{folder}/{path.name}", "", "no ordinary file", hint))
        files = overlay_files(project, folder, (".yml",))
    return {name.removesuffix(".yml"): path for name, path in files.items() if not name.startswith(".")}


def _read(model: type[M], path: Path, name: str, findings: list[Finding]) -> tuple[M, Source] | None:
    try:
        source = read_source(path, name)
        return model.model_validate(source.data), source
    except UnreadableError as error:
        findings.append(error.finding)
    except ValidationError as error:
        findings += list_problems(error, model, source, ("", []))
    return None


def _check_sheet(it: SheetFile, source: Source) -> list[Finding]:
    findings = []
    size = it.try_size()
    if size is None:
        findings.append(source.finding(("paper",), *_explain_paper(it.paper)))
    elif 2 * parse_length(it.margin) >= min(size):
        findings.append(source.finding(("margin",), "the margins leave nothing to print on", "write a smaller one"))
    try:
        gutter = it.measure_gutter()
        problem = "a gutter is not less than nothing" if gutter is not None and gutter < 0 else ""
    except ValueError as error:
        problem = str(error).partition(";")[0]
    if problem:
        findings.append(source.finding(("gutter",), problem, "write auto, shared, or a length such as 6mm"))
    return findings


def _explain_paper(paper: str) -> tuple[str, str]:
    """Return what is wrong with a paper, and what to write instead."""
    sides = "width and height such as 320mm x 450mm"
    if re.fullmatch(SIDES, paper):
        return f"'{paper}' is no size of a sheet", f"write {sides}, each at most {mm(LENGTH_MOST):g}mm"
    alike = next((name for name in PAPERS if name.casefold() == paper.replace(" ", "").casefold()), None)
    hint = f"did you mean '{alike}'?" if alike else f"write one of {', '.join(PAPERS)}, or {sides}"
    return f"no paper is called '{paper}'", hint


def _check_profile(project: Path, it: ShopFile, source: Source) -> list[Finding]:
    from pipeline.profiles import UnusableProfileError, check_profile, read_profile

    path = find_profile(project, it.profile)
    if path is None:
        there = ", ".join(sorted(overlay_files(project, "assets/icc", (".icc", ".icm"))))
        message = f"the profile '{it.profile}' is not in assets/icc"
        return [source.finding(("profile",), message, f"there are: {there}", missing_asset=True)]
    try:
        with named_reading(path):
            check_profile(read_profile(path))
    except UnusableProfileError as error:
        message = f"'{it.profile}' {error}"
        return [source.finding(("profile",), message, error.hint, missing_asset=True)]
    return []
