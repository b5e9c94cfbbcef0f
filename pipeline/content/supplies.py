"""Fonts and logo that the theme names -> files and outlines; every text is held against the fonts."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.content.fonts import Face, UnusableFontError, check_characters, read_faces
from pipeline.content.logo import Outline, UnusableLogoError, load_logo, read_logo
from pipeline.content.reader import Reader
from pipeline.content.source import Source
from pipeline.content.theme import Theme
from pipeline.errors import Finding
from pipeline.resources import FONT_SUFFIXES, PACKAGED, check_path, overlay_files

# What the layouts set in each family; Typst would take the nearest weight without a word.
WEIGHTS = {"voice": {400, 600}, "tool": {400, 600, 700}}


def check_fonts(reader: Reader, theme: Theme, theme_source: Source, sources: list[Source]) -> dict[str, Path]:
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


def find_logo(reader: Reader, theme: Theme | None, source: Source | None) -> Outline | None:
    """Return the outlines of the logo, None without one or after a finding."""
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
