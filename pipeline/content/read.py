"""A project folder -> Toolbox. Every finding in every file is collected, then reading stops."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.content import check
from pipeline.content.fields import is_slug
from pipeline.content.fonts import Face, UnusableFontError, check_characters, read_faces
from pipeline.content.formats import Format, check_format
from pipeline.content.logo import Outline, UnusableLogoError, load_logo, read_logo
from pipeline.content.model import Dimension, Settings, Theme, Work
from pipeline.content.parse import UnreadableError, read_source
from pipeline.content.problems import list_problems
from pipeline.content.source import FieldPath, Plain, Source
from pipeline.errors import ContentError, Finding, UsageError, require_clean
from pipeline.resources import (
    FONT_SUFFIXES,
    PACKAGED,
    check_path,
    find_content,
    is_inside,
    layered_files,
    overlay_files,
)
from pipeline.storage import named_reading

FORMATS = "layouts/formats.yml"
CARDS_MOST = 2000  # Typst holds the deck as a whole: about 4 MB a card
# What the layouts set in each family; Typst would take the nearest weight without a word.
WEIGHTS = {"voice": {400, 600}, "tool": {400, 600, 700}}

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Entry:
    """One file of a deck's folder: `slug` is the file's name without its ending, and names what is made of it."""

    slug: str
    dimension: Dimension
    source: Source


@dataclass(frozen=True)
class Toolbox:
    """A project's checked content.

    Attributes:
        project: the folder; outputs go to `build/` in it.
        settings, theme: the two central files, each with its source for places in findings.
        folders: content folder -> its entries, by number.
        literature: key -> work.
        logo: outlines for the layouts, None without a logo.
        formats: name -> format of cards, each with the file it stands in.
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
    logo: Outline | None = None
    fonts: dict[str, Path] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    warnings: tuple[Finding, ...] = ()


@dataclass
class _Reader:
    """What is common to reading one project: the folder, and the findings so far."""

    project: Path
    content: Path
    findings: list[Finding] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)

    def name(self, path: Path) -> str:
        """The path as findings show it: `content/...`, wherever the content lies."""
        name = "content/" + path.relative_to(self.content).as_posix()
        return name.encode("utf-8", "backslashreplace").decode()

    def source(self, path: Path) -> Source | None:
        """Read one file; None after a finding."""
        name = self.name(path)
        if not path.exists():
            self.findings.append(Finding(name, "", "the file is missing", "restore it from an example project"))
        elif not path.is_file():
            self.findings.append(Finding(name, "", "no ordinary file", "a folder or device cannot be read"))
        elif not is_inside(self.content, path):
            self.findings.append(Finding(name, "", "a link that leads out of the project", "copy the file itself here"))
        else:
            try:
                return read_source(path, name)
            except UnreadableError as error:
                self.findings.append(error.finding)
        return None

    def model(self, model: type[M], source: Source | None, lift: tuple[str, list[str]] = ("", [])) -> M | None:
        """Check one file against its model; None after findings.

        Where unknown keys are all that is wrong, the rest is still returned: so what it says is checked too.
        """
        if source is None:
            return None
        data = _lift(source.data, *lift)
        try:
            return model.model_validate(data)
        except ValidationError as error:
            self.findings += list_problems(error, model, source, lift)
            problems = error.errors(include_url=False)
            if any(problem["type"] != "extra_forbidden" for problem in problems):
                return None
            try:
                return model.model_validate(_without(data, [problem["loc"] for problem in problems]))
            except ValidationError as rest:  # what is only looked at when every key is known
                self.findings += list_problems(rest, model, source, lift)
                return None


def read_toolbox(project: Path) -> Toolbox:
    """Read and check all content of a project.

    Raises:
        ContentError: with every finding, when the content cannot be printed.
        AssetError: when only fonts or a logo are at fault.
        UsageError: the folder does not exist.
    """
    if not project.is_dir():
        raise UsageError(f"there is no folder '{project}'")
    with named_reading(project):
        return _read_project(project.resolve())


def _read_project(project: Path) -> Toolbox:
    reader = _Reader(project, find_content(project).resolve())
    settings_source, theme_source = (reader.source(reader.content / name) for name in ("toolbox.yml", "theme.yml"))
    settings = reader.model(Settings, settings_source)
    theme = reader.model(Theme, theme_source)
    literature, literature_source = _read_literature(reader)
    formats = _read_formats(reader)
    folders = {folder: _read_folder(reader, folder, sides) for folder, sides in list_audiences(settings_source).items()}
    sources = [*_sources(folders), *filter(None, [settings_source])]
    fonts = _check_glyphs(reader, theme, theme_source, sources) if theme and theme_source else {}
    logo = _read_logo(reader, theme, theme_source)
    if settings is None or theme is None or settings_source is None or theme_source is None:
        raise ContentError(findings=reader.findings)

    toolbox = Toolbox(
        project,
        settings,
        settings_source,
        theme,
        theme_source,
        folders,
        literature,
        literature_source,
        formats,
        logo,
        fonts,
        reader.extra,
    )
    for checker in check.CHECKS:
        reader.findings += checker(toolbox)
    require_clean(reader.findings)
    warnings = tuple(finding for finding in reader.findings if finding.severity == "warning")
    return replace(toolbox, warnings=warnings)


def _lift(data: dict[str, Plain], name: str, keys: Iterable[str]) -> dict[str, Plain]:
    """Move the values under `keys` one level down, below `name`; without a name nothing moves."""
    if not name:
        return data
    moved: dict[str, Plain] = {key: data[key] for key in keys if key in data}
    rest = {key: value for key, value in data.items() if key not in moved}
    # One that the editor wrote under that very name is no key of a card: renamed, it is refused as unknown.
    return {**{f"{key} " if key == name else key: value for key, value in rest.items()}, name: moved}


def _without(data: dict[str, Plain], places: list[FieldPath]) -> dict[str, Plain]:
    """Return a copy without the values at these places."""
    copied = copy.deepcopy(data)
    for *path, last in places:
        holder: Any = copied
        for step in path:
            holder = holder[step]
        del holder[last]
    return copied


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
            if isinstance(folder, str) and is_slug(folder):
                audiences.setdefault(folder, []).extend(side for side in sides if side not in audiences[folder])
    return audiences


def _read_folder(reader: _Reader, folder: str, sides: list[str]) -> tuple[Entry, ...]:
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
    reader.findings += _check_names(reader, folder)
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


def _check_names(reader: _Reader, folder: str) -> list[Finding]:
    """Return findings for files that look like cards but are not read, and for names that no file can have."""
    findings = []
    for path in sorted((reader.content / folder).glob("[!.]*")):
        name = reader.name(path)
        if path.is_dir() and any(path.glob("*.y*ml")):
            findings.append(Finding(name, "", "cards in a folder below this one are not read", "move them up"))
        elif path.name.lower().endswith((".yaml", ".yml.txt")) or (
            path.suffix.lower() == ".yml" and path.suffix != ".yml"
        ):
            findings.append(Finding(name, "", "this file is not read", "its name has to end in .yml"))
        elif path.suffix == ".yml" and not is_slug(path.stem):
            message = "the file's name becomes that of a PDF: use small letters, digits and single hyphens"
            findings.append(Finding(name, "", message, "rename it, such as 9-rust.yml"))
    return findings


def _read_literature(reader: _Reader) -> tuple[dict[str, Work], Source]:
    path = reader.content / "literature.yml"
    source = reader.source(path) if path.is_file() else None
    if source is None:
        return {}, Source(reader.name(path), {}, {})
    return _read_entries(reader, Work, source), source


def _read_formats(reader: _Reader) -> dict[str, tuple[Format, Source]]:
    """Read the package's formats, and those of the project, which replace what has the same name."""
    formats: dict[str, tuple[Format, Source]] = {}
    for path in layered_files(reader.project, FORMATS):
        try:
            source = read_source(path, FORMATS)
        except UnreadableError as error:
            reader.findings.append(error.finding)
            continue
        for name, format_ in _read_entries(reader, Format, source).items():
            reader.findings += check_format(name, format_, source)
            formats[name] = (format_, source)
    return formats


def _read_entries(reader: _Reader, model: type[M], source: Source) -> dict[str, M]:
    """Check each entry of a file; those that are wrong are left out, with findings."""
    entries: dict[str, M] = {}
    for key, value in source.data.items():
        try:
            entries[key] = model.model_validate(value)
        except ValidationError as error:
            reader.findings += list_problems(error, model, source, below=(key,))
    return entries


def _check_glyphs(reader: _Reader, theme: Theme, theme_source: Source, sources: list[Source]) -> dict[str, Path]:
    """Check the families of the theme, and every text against them; return the files of these families."""
    files = overlay_files(reader.project, "assets/fonts", FONT_SUFFIXES)
    try:
        faces = read_faces(files.values(), PACKAGED)
    except UnusableFontError as error:
        place = f"assets/fonts/{error.path.name}"
        reader.findings.append(Finding(place, "", f"no font: {error}", "replace the file", missing_asset=True))
        return {}
    used: list[Face] = []
    for role in ("voice", "tool"):
        family = getattr(theme.fonts, role)
        of_family = [face for face in faces if face.family == family]
        if not of_family:
            names = ", ".join(sorted({face.family for face in faces}))
            message = f"no file in assets/fonts holds the family '{family}'"
            reader.findings.append(
                theme_source.finding(("fonts", role), message, f"there are: {names}", missing_asset=True)
            )
        missing = sorted(WEIGHTS[role] - {face.weight for face in of_family}) if of_family else []
        if missing:
            message = f"the family '{family}' lacks the weight{'s' * (len(missing) > 1)} {', '.join(map(str, missing))}"
            hint = "400 is regular, 600 semibold, 700 bold; add those files to assets/fonts"
            reader.findings.append(theme_source.finding(("fonts", role), message, hint, missing_asset=True))
        used += of_family
    for source in sources:
        reader.findings += check_characters(source, used)
    families = {face.family for face in used}
    return {name: path for (name, path), face in zip(files.items(), faces, strict=True) if face.family in families}


def _read_logo(reader: _Reader, theme: Theme | None, source: Source | None) -> Outline | None:
    if theme is None or source is None or theme.logo is None:
        return None
    path, problem = check_path(reader.project, theme.logo)
    if problem is None:
        try:
            raw = load_logo(path)
            reader.extra[theme.logo] = hashlib.sha256(raw).hexdigest()
            return read_logo(raw)
        except UnusableLogoError as error:
            problem = Finding("", "", f"'{theme.logo}': {error}", missing_asset=True)
    reader.findings.append(
        source.finding(("logo",), problem.message, problem.hint, missing_asset=problem.missing_asset)
    )
    return None
