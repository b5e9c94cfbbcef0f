"""A project folder -> Toolbox. Every finding in every file is collected, then reading stops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.content import check
from pipeline.content.fields import is_slug
from pipeline.content.formats import Format, check_format
from pipeline.content.glossary import Glossary
from pipeline.content.model import Dimension, Work
from pipeline.content.parse import UnreadableError, read_source
from pipeline.content.pictures import read_pictures
from pipeline.content.products import FOLDERS, Settings
from pipeline.content.read_booklets import read_readings
from pipeline.content.read_forms import define_forms, read_forms, read_released
from pipeline.content.read_press import read_press
from pipeline.content.reader import Reader, check_names, read_entries
from pipeline.content.source import Plain, Source
from pipeline.content.supplies import check_fonts, find_logo
from pipeline.content.theme import Theme
from pipeline.content.toolbox import Entry, Toolbox
from pipeline.errors import ContentError, Finding, UsageError, require_clean
from pipeline.resources import (
    find_content,
    layered_files,
)
from pipeline.storage import named_reading

FORMATS = "layouts/formats.yml"
NOT_PRINTED = ("description-", "dimensions", "verified", "language", "type")  # of a work
CARDS_MOST = 2000  # Typst holds the deck as a whole: about 4 MB a card


def read_toolbox(project: Path, shop: str = "") -> Toolbox:
    """Read and check all content of a project, to be printed by a shop (empty: the default one).

    Raises:
        ContentError: with every finding, when the content cannot be printed.
        AssetError: when only fonts or a logo are at fault.
        UsageError: the folder or the shop does not exist.
    """
    if not project.is_dir():
        raise UsageError(f"there is no folder '{project}'")
    with named_reading(project):
        return _read_project(project.resolve(), shop)


def _read_project(project: Path, shop: str) -> Toolbox:
    reader = Reader(project, find_content(project).resolve())
    settings_source, theme_source = (reader.source(reader.content / name) for name in ("toolbox.yml", "theme.yml"))
    settings = reader.model(Settings, settings_source)
    theme = reader.model(Theme, theme_source)
    literature, literature_source = _read_literature(reader)
    formats = _read_formats(reader)
    audiences = list_audiences(settings_source)
    folders = {folder: _read_folder(reader, folder, sides) for folder, sides in audiences.items()}
    forms, released = read_forms(reader, folders, audiences), read_released(reader)
    readings = read_readings(reader)
    sources = [*_sources(folders), *(entry.source for entry in forms.values()), *readings.list_sources()]
    sources += filter(None, [settings_source, _pick_printed(literature_source, settings)])
    press = read_press(project, shop)
    sources += press.list_printed("" if settings is None or settings.press else settings.language)
    fonts = check_fonts(reader, theme, theme_source, sources) if theme and theme_source else {}
    logo = find_logo(reader, theme, theme_source)
    pictures = read_pictures(reader, readings.list_portraits())
    if settings is None or theme is None or settings_source is None or theme_source is None:
        raise ContentError(findings=reader.findings)

    toolbox = Toolbox(
        project=project,
        settings=settings,
        settings_source=settings_source,
        theme=theme,
        theme_source=theme_source,
        folders=folders,
        literature=literature,
        literature_source=literature_source,
        formats=formats,
        forms=forms,
        released=released,
        definitions=define_forms(forms, released),
        framework=readings.framework,
        aspects=readings.aspects,
        instruments=readings.instruments,
        booklets=readings.booklets,
        glossary=_read_glossary(reader),
        pictures=pictures,
        logo=logo,
        press=press,
        fonts=fonts,
        extra=reader.extra,
    )
    for checker in check.CHECKS:
        reader.findings += checker(toolbox)
    require_clean(reader.findings)
    warnings = tuple(finding for finding in reader.findings if finding.severity == "warning")
    return replace(toolbox, warnings=warnings)


def _sources(folders: dict[str, tuple[Entry, ...]]) -> list[Source]:
    return [entry.source for entries in folders.values() for entry in entries]


def list_audiences(settings: Source | None) -> dict[str, list[str]]:
    """Return content folder -> the audiences of the decks made from it.

    Taken from the file as it stands, so that cards are checked also when something in toolbox.yml is wrong.
    """
    audiences: dict[str, list[str]] = {}
    products = settings.data.get("products") if settings else None
    for product in products if isinstance(products, list) else []:
        if isinstance(product, dict) and isinstance(sides := product.get("sides"), dict):
            folder = product.get("folder")
            if isinstance(folder, str) and is_slug(folder) and folder not in FOLDERS:
                audiences.setdefault(folder, []).extend(side for side in sides if side not in audiences[folder])
    return audiences


def _read_folder(reader: Reader, folder: str, sides: list[str]) -> tuple[Entry, ...]:
    entries = []
    paths = [path for path in sorted((reader.content / folder).glob("*.yml")) if not path.name.startswith(".")]
    if not paths:
        message = f"the folder content/{folder} holds no .yml files"
        reader.findings.append(Finding("content/toolbox.yml", "", message, "each card is a file in it"))
    if len(paths) > CARDS_MOST:
        message = f"{len(paths)} cards in content/{folder}, at most {CARDS_MOST} can be set in one deck"
        reader.findings.append(
            Finding(f"content/{folder}", "", message, "split them over several folders and products")
        )
        return ()
    reader.findings += check_names(reader.content / folder, f"content/{folder}")
    for path in paths:
        source = reader.source(path)
        if source is None:
            continue
        dimension = reader.model(Dimension, source, ("sides", sides))
        missing = [side for side in sides if side not in source.data]
        reader.findings += [source.finding((side,), "missing", "add this key") for side in missing]
        if dimension and not missing:
            entries.append(Entry(path.stem, dimension, source))
    return tuple(sorted(entries, key=lambda entry: entry.dimension.number))


def _read_literature(reader: Reader) -> tuple[dict[str, Work], Source]:
    path = reader.content / "literature.yml"
    source = reader.try_source(path)
    if source is None:
        return {}, Source(reader.name(path), {}, {})
    return read_entries(reader, Work, source), source


def _pick_printed(source: Source, settings: Settings | None) -> Source:
    """Return the literature without what no page shows: descriptions in other languages, what this project notes."""
    own = f"description-{settings.language}" if settings else ""
    printed: dict[str, Plain] = {
        key: {name: it for name, it in work.items() if name == own or not name.startswith(NOT_PRINTED)}
        for key, work in source.data.items()
        if isinstance(work, dict)
    }
    return replace(source, data=printed)


def _read_glossary(reader: Reader) -> Glossary | None:
    return reader.model(Glossary, reader.try_source(reader.content / "glossary.yml"))


def _read_formats(reader: Reader) -> dict[str, tuple[Format, Source]]:
    """Read the package's formats, and those of the project, which replace what has the same name."""
    formats: dict[str, tuple[Format, Source]] = {}
    for path in layered_files(reader.project, FORMATS):
        try:
            source = read_source(path, FORMATS)
        except UnreadableError as error:
            reader.findings.append(error.finding)
            continue
        for name, format_ in read_entries(reader, Format, source).items():
            reader.findings += check_format(name, format_, source)
            formats[name] = (format_, source)
    return formats
