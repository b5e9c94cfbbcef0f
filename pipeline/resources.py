"""Where layouts, fonts, profiles and the default content are: the project's own first, then the package's.

In the repository they lie beside `pipeline/`; in an installed package they lie inside it (see pyproject.toml).
"""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import AssetError, Finding, UsageError

_INSIDE = Path(__file__).parent / "resources"
PACKAGED = _INSIDE if _INSIDE.is_dir() else Path(__file__).parent.parent


LAYOUT_SUFFIXES = (".typ", ".csl")
FONT_SUFFIXES = (".ttf", ".otf")
PROFILE_SUFFIXES = (".icc", ".icm")
PROFILES = "assets/icc"
PRESS_FOLDERS = ("assets/sheets", "assets/shops", "assets/words")  # YAML
_COPY_HINT = "copy the file itself here"


def find_content(project: Path) -> Path:
    """Return the content folder: the project's own, or the embedded default where it has none."""
    own = project / "content"
    if own.is_dir():
        return own
    for path in project.iterdir():
        if path.name.lower() in ("content", "toolbox.yml", "theme.yml"):
            raise UsageError(f"'{path}' stands where a folder 'content' with toolbox.yml in it is expected")
    return PACKAGED / "content"


def find_starter(language: str) -> Path:
    """Return the folder of the small project that `drukwerk new` copies."""
    return PACKAGED / "assets/starter" / language


def overlay_files(project: Path, folder: str, suffixes: tuple[str, ...]) -> dict[str, Path]:
    """Return name -> file below `folder` of the package, replaced and completed by those of the project.

    Names are relative to `folder`, with forward slashes, sorted.

    Raises:
        AssetError: a link leads out of the project; what it would replace must not be used without a word.
    """
    found: dict[str, Path] = {}
    for base in (PACKAGED, project):
        root = base / folder
        for path in sorted(root.rglob("*")):
            if path.suffix.lower() not in suffixes or not path.is_file():
                continue
            name = path.relative_to(root).as_posix()
            _require_inside(base, path, f"{folder}/{name}")
            found[name] = path
    return dict(sorted(found.items()))


def layered_files(project: Path, name: str) -> list[Path]:
    """Return the file of this name in the package, then that in the project, where they are there.

    Raises:
        AssetError: a link leads out of the project.
    """
    found = [(base, base / name) for base in (PACKAGED, project) if (base / name).is_file()]
    for base, path in found:
        _require_inside(base, path, name)
    return list(dict.fromkeys(path for _, path in found))


def find_profile(project: Path, name: str) -> Path | None:
    """Return the ICC profile of this name in assets/icc; None where there is none.

    Raises:
        AssetError: a link leads out of the project.
    """
    found = layered_files(project, f"{PROFILES}/{name}")
    return found[-1] if found else None


def _require_inside(base: Path, path: Path, name: str) -> None:
    if not is_inside(base, path):
        raise AssetError(findings=[Finding(name, "", "a link that leads out of the project", _COPY_HINT)])


def is_inside(folder: Path, path: Path) -> bool:
    """Say whether `path`, with every link followed, lies in `folder`."""
    return path.resolve().is_relative_to(folder.resolve())


def check_path(project: Path, name: str) -> tuple[Path, Finding | None]:
    """Return the file that content names, and a finding when it leaves the project or is not there.

    The finding has neither place nor field: the caller knows them.
    """
    path = project / name
    try:
        if Path(name).is_absolute() or not is_inside(project, path):
            return path, Finding("", "", f"'{name}' lies outside the project", "copy the file into assets/")
        there, taken = path.is_file(), path.exists()
    except (OSError, ValueError, RuntimeError):  # a loop of links, a name that no file can have
        return path, Finding(
            "", "", f"'{name}' is no file that can be opened", "check its name and rights", missing_asset=True
        )
    if taken and not there:
        hint = "a folder or device cannot be read; name the file"
        return path, Finding("", "", f"'{name}' is no ordinary file", hint, missing_asset=True)
    if not there:
        near = sorted(p.name for p in path.parent.glob("*")) if path.parent.is_dir() else []
        hint = f"in {Path(name).parent.as_posix()}/: {', '.join(near[:8])}" if near else "put the file there"
        return path, Finding("", "", f"the file '{name}' is missing", hint, missing_asset=True)
    return path, None
