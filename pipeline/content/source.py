"""A content file as plain data, with the line of every value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.errors import Finding

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"
Step: TypeAlias = "str | int"
FieldPath: TypeAlias = "tuple[Step, ...]"


@dataclass(frozen=True)
class Source:
    """One content file.

    Attributes:
        name: path as findings print it, relative to the project, with forward slashes.
        data: mappings, lists, strings and None.
        lines: path of a value -> line, counted from 1; the empty path is the file.
    """

    name: str
    data: dict[str, Plain]
    lines: dict[FieldPath, int]

    def place(self, path: FieldPath) -> str:
        """Return `file:line` of a value, or of the nearest part of the file that holds it."""
        for length in range(len(path), -1, -1):
            line = self.lines.get(path[:length])
            if line is not None:
                return f"{self.name}:{line}"
        return self.name

    def finding(self, path: FieldPath, message: str, hint: str = "", **kind: object) -> Finding:
        """Return a finding at a value of this file."""
        return Finding(self.place(path), write_path(path), message, hint, **kind)  # type: ignore[arg-type]

    def texts(self, path: FieldPath = ()) -> Iterator[tuple[FieldPath, str]]:
        """Yield every string in the file (or below `path`) with its path; keys of `terms` are printed, so texts too."""
        value: Plain = self.data
        for step in path:
            value = value[step]  # type: ignore[index]
        yield from _walk(path, value)


def write_path(path: FieldPath) -> str:
    """Write a path as findings show it: `school.suggestions[2]`, lists counted from 1."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _walk(path: FieldPath, value: Plain) -> Iterator[tuple[FieldPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, child in value.items():
            if path[-1:] == ("terms",):
                yield (*path, key), key
            yield from _walk((*path, key), child)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _walk((*path, index), child)
