"""Content files, one after the other, against their models; every finding is kept."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.content.fields import is_slug
from pipeline.content.parse import UnreadableError, read_source
from pipeline.content.problems import is_branch, list_problems
from pipeline.content.source import FieldPath, Plain, Source
from pipeline.errors import Finding
from pipeline.resources import is_inside

M = TypeVar("M", bound=BaseModel)


@dataclass
class Reader:
    """What is common to reading one project: the folder, and the findings so far."""

    project: Path
    content: Path
    findings: list[Finding] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)

    def name(self, path: Path) -> str:
        """The path as findings show it: `content/...`, wherever the content lies."""
        return write_name("content/" + path.relative_to(self.content).as_posix())

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

    def try_source(self, path: Path) -> Source | None:
        """Read a file that need not be there; None without it, and after a finding."""
        return self.source(path) if os.path.lexists(path) else None

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
    for place in places:
        *path, last = (step for step in place if not is_branch(step))
        holder: Any = copied
        for step in path:
            holder = holder[step]
        del holder[last]
    return copied


def read_entries(reader: Reader, model: type[M], source: Source) -> dict[str, M]:
    """Check each entry of a file; those that are wrong are left out, with findings."""
    entries: dict[str, M] = {}
    for key, value in source.data.items():
        try:
            entries[key] = model.model_validate(value)
        except ValidationError as error:
            reader.findings += list_problems(error, model, source, below=(key,))
    return entries


def read_folder(reader: Reader, folder: str, model: type[M]) -> Iterator[tuple[str, M, Source]]:
    """Yield (name without ending, what stands in it, source) of each file of a folder that has no findings."""
    reader.findings += check_names(reader.content / folder, f"content/{folder}")
    for path in sorted((reader.content / folder).glob("*.yml")):
        if path.name.startswith("."):
            continue
        source = reader.source(path)
        it = reader.model(model, source)
        if source and it:
            yield path.stem, it, source


def check_names(place: Path, name: str) -> list[Finding]:
    """Return findings for files in a folder that are not read, and for names that no file can have.

    `name`: of the folder, as findings show it.
    """
    findings = []
    if place.is_dir():
        next(place.iterdir(), None)  # what may not be read raises here; to glob it is empty
    elif os.path.lexists(place):
        findings.append(Finding(name, "", "no folder", "move it away; each entry is a file in a folder"))
    for path in sorted(place.glob("[!.]*")):
        called = write_name(f"{name}/{path.name}")
        if path.is_dir() and any(path.glob("*.y*ml")):
            findings.append(Finding(called, "", "files in a folder below this one are not read", "move them up"))
        elif path.name.lower().endswith((".yaml", ".yml.txt")) or (
            path.suffix.lower() == ".yml" and path.suffix != ".yml"
        ):
            findings.append(Finding(called, "", "this file is not read", "its name has to end in .yml"))
        elif path.suffix == ".yml" and not is_slug(path.stem):
            message = "the file's name becomes that of a PDF or folder: use small letters, digits and single hyphens"
            findings.append(Finding(called, "", message, "rename it, such as 9-rust.yml"))
    return findings


def write_name(name: str) -> str:
    """Write a name of a file that may hold bytes which are no text."""
    return name.encode("utf-8", "backslashreplace").decode()
