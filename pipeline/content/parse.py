"""A YAML file -> plain data, with the line of every value.

Scalars stay text: what a word means is decided by the model that expects it, so `no`, `3.10` and `2026-11-23` are
never read as something else. Only an empty value, `~` and `null` become None.

Bounded before anything is built: file size, nesting, number of values. Anchors, aliases and tags are refused, so a
file can neither blow up nor name a Python object.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from yaml import events as ev

from pipeline.content.source import FieldPath, Plain, Source, write_path
from pipeline.errors import Finding

MAX_BYTES = 1_000_000  # a deck of a thousand cards is a thousand files; one file of a megabyte is a mistake
MAX_DEPTH = 32
MAX_VALUES = 50_000
_TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UnreadableError(Exception):
    """The file is no content: `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(str(finding))


def read_source(path: Path, name: str) -> Source:
    """Read one YAML file whose top is a mapping.

    Raises:
        UnreadableError: not UTF-8, not YAML, empty, too large or too deep, a duplicate key, an alias or a tag.
    """
    return parse_source(_read_text(path, name), name)


@lru_cache(maxsize=512)  # while one watches, a save changes one file of many
def parse_source(text: str, name: str) -> Source:
    """Read YAML text as `read_source` does a file."""
    composer = _Composer(name)
    try:
        data = composer.compose(iter(yaml.parse(text, Loader=_Loader)))
    except yaml.YAMLError as error:
        raise UnreadableError(_explain(error, text, name)) from None
    if data is None:
        raise UnreadableError(Finding(name, "", "the file is empty", "write its content, or remove the file"))
    if not isinstance(data, dict):
        raise UnreadableError(Finding(f"{name}:1", "", "expected keys with values, such as 'title: ...'"))
    return Source(name, data, composer.lines)


def _read_text(path: Path, name: str) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableError(Finding(name, "", f"the file is larger than {MAX_BYTES // 1000} kB", "split it"))
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableError(Finding(name, "", f"cannot be read: {error.strerror}", "check its rights")) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        hint = "save the file as UTF-8 in your editor ('Save with encoding')"
        raise UnreadableError(Finding(f"{name}:{line}", "", "the file is not UTF-8", hint)) from None


def _explain(error: yaml.YAMLError, text: str, name: str) -> Finding:
    """Say in an editor's words why the parser stopped."""
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", "") or getattr(error, "reason", "") or error)
    if mark is None:  # a character that YAML forbids: the reader knows a position, not a line
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position) + 1
        return Finding(f"{name}:{line}", "", "a control character that no text may hold", "remove it")
    lines = text.split("\n")
    line = min(mark.line, len(lines) - 1)
    place = f"{name}:{line + 1}"
    if "nesting depth" in problem:  # PyYAML from 6.0.4 on has a limit of its own
        return Finding(place, "", _TOO_DEEP)
    if "\t" in lines[line][: len(lines[line]) - len(lines[line].lstrip())]:
        return Finding(place, "", "the line is indented with a tab", "indent with spaces, two per level")
    hint = "check the indentation and the colon; put a text that holds ': ' or ' #' between single quotes"
    return Finding(place, "", f"this is not valid YAML: {problem}", hint)


def _line(event: ev.Event) -> int:
    """The line of an event, from 1; events of the parser always carry their mark."""
    mark: Any = event.start_mark
    return int(mark.line) + 1


class _Composer:
    """Builds plain data from parser events; never recurses deeper than MAX_DEPTH."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[FieldPath, int] = {}
        self.values = 0

    def compose(self, events: Iterator[ev.Event]) -> Plain:
        """Return the value of the only document, None when there is none."""
        value: Plain = None
        documents = 0
        for event in events:
            if isinstance(event, ev.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._refuse(event, (), "a second document begins here", "remove the line '---'")
                value = self._value(next(events), events, ())
        return value

    def _refuse(self, event: ev.Event, path: FieldPath, message: str, hint: str = "") -> UnreadableError:
        return UnreadableError(Finding(f"{self.name}:{_line(event)}", write_path(path), message, hint))

    def _value(self, event: ev.Event, events: Iterator[ev.Event], path: FieldPath) -> Plain:
        self.values += 1
        if self.values > MAX_VALUES:
            raise self._refuse(event, (), f"more than {MAX_VALUES} values in one file", "split it")
        if len(path) > MAX_DEPTH:
            raise self._refuse(event, (), _TOO_DEEP)
        if isinstance(event, ev.AliasEvent) or getattr(event, "anchor", None):
            hint = "write the text again, or put a text that begins with & or * between single quotes"
            raise self._refuse(event, path, "anchors and aliases (& and *) are not allowed", hint)
        tag = getattr(event, "tag", None)
        if tag and tag != "!":
            hint = "put a text that begins with ! between single quotes"
            raise self._refuse(event, path, f"the tag '{tag}' is not allowed", hint)
        self.lines.setdefault(path, _line(event))
        if isinstance(event, ev.ScalarEvent):
            plain = event.implicit[0]  # not between quotes
            return None if plain and event.value in ("", "~", "null", "Null", "NULL") else event.value
        if isinstance(event, ev.SequenceStartEvent):
            return self._sequence(events, path)
        return self._mapping(events, path)

    def _sequence(self, events: Iterator[ev.Event], path: FieldPath) -> list[Plain]:
        items: list[Plain] = []
        while not isinstance(event := next(events), ev.SequenceEndEvent):
            items.append(self._value(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[ev.Event], path: FieldPath) -> dict[str, Plain]:
        items: dict[str, Plain] = {}
        while not isinstance(event := next(events), ev.MappingEndEvent):
            if not isinstance(event, ev.ScalarEvent):
                hint = "put a text that begins with {, [ or * between single quotes"
                raise self._refuse(event, path, "a key has to be a word", hint)
            key = event.value
            if key in items:
                first = self.lines[(*path, key)]
                message = f"the key stands twice, first in line {first}"
                raise self._refuse(event, (*path, key), message, "keep one of the two")
            self.lines[(*path, key)] = _line(event)  # a key's line, also when its value begins on the next one
            items[key] = self._value(next(events), events, (*path, key))
        return items
