"""A project's checked content, as one value: what reading makes, and everything else begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from pipeline.content.booklets import Booklet
from pipeline.content.define import FormEntry
from pipeline.content.definition import Definition
from pipeline.content.formats import Format
from pipeline.content.framework import Aspect, Framework
from pipeline.content.glossary import Glossary
from pipeline.content.instruments import Instrument
from pipeline.content.logo import Outline
from pipeline.content.model import Dimension, Work
from pipeline.content.pictures import Picture
from pipeline.content.press import PressWords
from pipeline.content.products import Settings
from pipeline.content.read_press import Press
from pipeline.content.source import Source
from pipeline.content.theme import Theme
from pipeline.errors import Finding


@dataclass(frozen=True)
class Entry:
    """One file of a deck's folder: `slug` is the file's name without its ending, and names what is made of it."""

    slug: str
    dimension: Dimension
    source: Source


M = TypeVar("M")


@dataclass(frozen=True)
class Filed(Generic[M]):
    """One content file: its name without its ending, what stands in it, and where."""

    slug: str
    it: M
    source: Source


@dataclass(frozen=True)
class Toolbox:
    """A project's checked content.

    Attributes:
        project: the folder; outputs go to `build/` in it.
        settings, theme: the two central files, each with its source for places in findings.
        folders: content folder -> its entries, by number.
        literature: key -> work.
        forms: id -> form of content/forms.
        released: id of a form -> what it asked, in every version that was released.
        definitions: id of a form -> what it asks now, then what it asked in other versions.
        framework: layers, phases and which aspects there are; None without framework.yml.
        aspects: name of its file -> aspect, in the order of the framework.
        instruments: code -> instrument, by code.
        booklets: name of its file -> booklet.
        glossary: words that are used and words that are not; None without glossary.yml.
        pictures: path as content names it -> photograph.
        logo: outlines for the layouts, None without a logo.
        formats: name -> format of cards, each with the file it stands in.
        press: the print shop for which is built, the sheets, the words on them.
        fonts: the files of the families that the theme names, by their names below assets/fonts.
        extra: files read beside content, layouts and fonts -> SHA-256 of what was read.
        warnings: findings that do not stop a build.
    """

    project: Path
    settings: Settings
    settings_source: Source
    theme: Theme
    theme_source: Source
    folders: dict[str, tuple[Entry, ...]]
    literature: dict[str, Work]
    literature_source: Source
    formats: dict[str, tuple[Format, Source]]
    forms: dict[str, FormEntry] = field(default_factory=dict)
    released: Mapping[str, tuple[Definition, ...]] = field(default_factory=dict)
    definitions: Mapping[str, tuple[Definition, ...]] = field(default_factory=dict)
    framework: Filed[Framework] | None = None
    aspects: Mapping[str, Filed[Aspect]] = field(default_factory=dict)
    instruments: Mapping[str, Filed[Instrument]] = field(default_factory=dict)
    booklets: Mapping[str, Filed[Booklet]] = field(default_factory=dict)
    glossary: Glossary | None = None
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    logo: Outline | None = None
    press: Press = field(default_factory=Press)
    fonts: dict[str, Path] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    warnings: tuple[Finding, ...] = ()

    @property
    def press_words(self) -> PressWords:
        """The words on sheets and tickets: its own, else those of its language."""
        return self.settings.press or self.press.speak(self.settings.language)

    def measure_bleed(self, medium: str) -> float:
        """Return the bleed of pages in points: that of the shop in print, else none."""
        return self.press.shop.bleed if medium == "print" else 0.0
