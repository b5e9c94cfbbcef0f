"""A returned form -> what stands in it, as plain values. No judgement: that is made of it in `collect`.

Nothing is repaired: a cross-reference table that does not hold, or an object that is not where it should be, is damage,
since a file that lost its end opens as the empty form it grew from. The file comes from outside: every walk over it is
bounded, and it is only called in a process with limits (`collect.child`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from pipeline.pdf.ending import check_ending, describe_other, find_header, is_blank, strip_padding
from pipeline.pdf.found import FoundField, FoundForm, parse_day
from pipeline.pdf.intact import check_objects, check_packed
from pipeline.pdf.values import (
    Ration,
    TooMuchError,
    UnreadableError,
    read_name,
    read_text,
    read_values,
)

NODES_MOST = 20_000  # fields and widgets together
DEPTH_MOST = 32  # of the tree of fields; that of a form of ours is two
WARNINGS_SHOWN = 3
INFO_PREFIX = "/Form_"

_RADIO, _PUSH = 1 << 15, 1 << 16  # bits 16 and 17 of /Ff (ISO 32000-2 table 229)
_OFF = "Off"
# What qpdf warns of and what moves nothing: a size in the trailer that is too large or too small, and a table that does
# not name itself. Programs that add to a file (pdf.js, pypdf) write both.
_HARMLESS = ("reported number of objects", "xref entry for the xref stream itself is missing")
_SOURCE = re.compile(r"^(stream )?<_io\.BytesIO.*?>:? ?")
# Something that is not blank, shown by Tj, ', " or TJ.
_SHOWS_TEXT = re.compile(rb"(?:\(\s*[^\s)][^)]*\)|<\s*[0-9A-Fa-f][^>]*>)\s*(?:Tj|'|\"|[^()<>]{0,200}\]\s*TJ)")


class EncryptedError(Exception):
    """The file asks for a password, or is locked by one."""


def read_returned(data: bytes) -> FoundForm:
    """Read a file that somebody sent.

    Raises:
        EncryptedError: it is encrypted, also when it opens without a password.
        TooMuchError: there is more of something than any form has.
        MemoryError: it takes more memory than the process may have.
    """
    if find_header(data) is None:
        return FoundForm(foreign="nothing" if is_blank(data) else describe_other(data))
    ending = check_ending(data)
    check_packed(data)
    try:
        # qpdf looks for the end in the last kilobyte, where there may be nothing but padding.
        whole = io.BytesIO(strip_padding(data))
        with pikepdf.open(whole, attempt_recovery=False, inherit_page_attributes=False) as document:
            if document.is_encrypted:
                raise EncryptedError
            return _read_document(document, ending + check_objects(document, data))
    except (EncryptedError, TooMuchError, MemoryError):
        raise
    except pikepdf.PasswordError:
        raise EncryptedError from None
    except pikepdf.PdfError as error:
        if "bad_alloc" in str(error):  # C++ for a MemoryError, of which qpdf makes an error of its own
            raise MemoryError from None
        return _break(ending, error)
    except Exception as error:  # files of others: any key may hold any type, at any depth
        return _break(ending, error)


def _break(ending: list[str], error: Exception) -> FoundForm:
    return FoundForm(damage=(*ending, f"it cannot be read without repair: {_clean(error)}"), broken=True)


def _read_document(document: pikepdf.Pdf, damage: list[str]) -> FoundForm:
    ration = Ration()
    walk = _Walk(ration)
    form = document.Root.get("/AcroForm")
    if isinstance(form, Dictionary):
        walk.read(form.get("/Fields"))
        walk.find_stray(document.Root.get("/Pages"))
    info = _read_info(document, ration)
    damage += walk.damage
    warnings = [_clean(it) for it in document.get_warnings()]
    warnings = [it for it in warnings if not any(harmless in it for harmless in _HARMLESS)]
    damage += warnings[:WARNINGS_SHOWN]
    if len(warnings) > WARNINGS_SHOWN:
        damage.append(f"and {len(warnings) - WARNINGS_SHOWN} more such errors")
    return FoundForm(
        damage=tuple(damage),
        fields=tuple(walk.fields),
        info=info,
        stray=tuple(walk.stray),
        modified=_read_day(document, ration),
    )


def _read_day(document: pikepdf.Pdf, ration: Ration) -> str:
    """Return when the file says that it was saved, as digits of UTC (ISO 32000-2 7.9.4); empty where it does not."""
    info = document.trailer.get("/Info")
    value = info.get("/ModDate") if isinstance(info, Dictionary) else None
    try:
        return parse_day(read_text(bytes(value), ration)) if isinstance(value, String) else ""
    except UnreadableError:
        return ""


def _read_info(document: pikepdf.Pdf, ration: Ration) -> tuple[tuple[str, str], ...]:
    info = document.trailer.get("/Info")
    if not isinstance(info, Dictionary):
        return ()
    found = []
    for key in info.keys():  # noqa: SIM118 - a pikepdf dictionary is no mapping
        value = info.get(key)
        if key.startswith(INFO_PREFIX) and isinstance(value, String):
            try:
                found.append((key[1:], read_text(bytes(value), ration)))
            except UnreadableError:
                continue
    return tuple(found)


@dataclass(frozen=True)
class _Node:
    """A field or a folder of fields, with what it has from those above it."""

    own: Any
    depth: int
    name: str
    inherited: dict[str, Any]


@dataclass
class _Walk:
    """A walk over the tree of fields: everything is seen once, and there is an end to it."""

    ration: Ration
    fields: list[FoundField] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    seen: set[tuple[int, int]] = field(default_factory=set)
    stray: dict[str, None] = field(default_factory=dict)
    count: int = 0

    def read(self, top: Any) -> None:
        """Read all fields below the array `top`."""
        waiting = [_Node(it, 1, "", {}) for it in reversed(list(self._items(top)))]
        while waiting:
            node = waiting.pop()
            if node.depth > DEPTH_MOST:
                self._note(f"its fields are nested more than {DEPTH_MOST} deep")
                return
            waiting += reversed(self._open(node))

    def _open(self, node: _Node) -> list[_Node]:
        """Read a node; return those below it."""
        own = node.own
        keys = ("/FT", "/Ff", "/V", "/DV", "/Opt")
        inherited = {**node.inherited, **{key: own[key] for key in keys if key in own}}
        name = node.name
        if "/T" in own:
            last = read_text(bytes(own["/T"]), self.ration)
            name = f"{name}.{last}" if name else last
        nodes, widgets = [], []
        for kid in self._items(own.get("/Kids")):
            if "/T" in kid or "/Kids" in kid:
                nodes.append(_Node(kid, node.depth + 1, name, inherited))
            else:
                widgets.append(kid)
        if name and (widgets or not nodes):
            self.fields.append(_read_field(name, inherited, widgets or [own], self.ration))
        return nodes

    def _items(self, array: Any) -> Iterator[Any]:
        """Yield the dictionaries of an array that were not seen yet."""
        if array is None:
            return
        if not isinstance(array, Array):
            self._note("its list of fields is none")
            return
        for it in array:
            self._count()
            if it is None:  # what flattens a form may leave it; a field that is missing by it is found missing
                continue
            if isinstance(it, Stream) or not isinstance(it, Dictionary):
                self._note("in its list of fields stands something that is none")
                continue
            if it.objgen != (0, 0):
                if it.objgen in self.seen:
                    self._note("its tree of fields runs in a circle, or holds a field twice")
                    continue
                self.seen.add(it.objgen)
            yield it

    def find_stray(self, top: Any) -> None:
        """Find widgets that stand on a page and in no list of fields: what is seen there is not what is read."""
        waiting, seen = [top], set[tuple[int, int]]()
        while waiting:
            node = waiting.pop()
            self._count()
            if not isinstance(node, Dictionary) or (node.is_indirect and node.objgen in seen):
                continue
            seen.add(node.objgen)
            for it in _elements(node.get("/Annots")):
                self._count()
                if _is_widget(it) and it.objgen not in self.seen and (name := _name_stray(it)):
                    self.stray[name] = None
            waiting += reversed(_elements(node.get("/Kids")))

    def _count(self) -> None:
        self.count += 1
        if self.count > NODES_MOST:
            raise TooMuchError(f"more than {NODES_MOST} fields and widgets")

    def _note(self, sign: str) -> None:
        if sign not in self.damage:
            self.damage.append(sign)


def _elements(array: Any) -> list[Any]:
    return list(array) if isinstance(array, Array) else []


def _is_widget(it: Any) -> bool:
    return isinstance(it, Dictionary) and it.get("/Subtype") == Name.Widget


def _name_stray(widget: Any) -> str:
    """Return the name of the field of a widget; empty for one that holds no answer, such as a push button."""
    names, entries = list[str](), dict[str, Any]()
    node = widget
    for _ in range(DEPTH_MOST):
        if not isinstance(node, Dictionary):
            break
        if isinstance(last := node.get("/T"), String):
            names.append(str(last)[:80])
        entries = {**{key: node[key] for key in ("/FT", "/Ff") if key in node}, **entries}
        node = node.get("/Parent")
    return ".".join(reversed(names)) if _read_kind(entries) in ("text", "choice", "radio", "check") else ""


def _read_field(name: str, entries: dict[str, Any], widgets: list[Any], ration: Ration) -> FoundField:
    """Read a field with its widgets; `entries` are its own and those it has from above."""
    kind = _read_kind(entries)
    button = kind in ("radio", "check")
    said = [entries["/V"]] if "/V" in entries else []
    theirs = [widget["/V"] for widget in widgets if "/V" in widget]
    problem, values, default = "", [], ""
    try:
        values = [text for value in said for text in read_values(value, ration, button)]
        # pypdf gives each radio button a value of its own: Off to all but one.
        values += [text for it in theirs for text in read_values(it, ration, button) if text or not button]
        default = next(iter(read_values(entries.get("/DV"), ration, button)), "")
    except UnreadableError as error:
        problem = str(error)
    values = list(dict.fromkeys(values))
    return FoundField(
        name=name,
        kind=kind,
        values=() if values == [""] else tuple(values),
        default=default,
        shown=tuple(read_name(widget.get("/AS")) for widget in widgets) if button else (),
        states=tuple(_read_states(widget) for widget in widgets) if button else (),
        options=_read_options(entries.get("/Opt"), ration) if kind == "choice" else (),
        draws=kind in ("text", "choice") and not said and not theirs and any(map(_draws, widgets)),
        problem=problem,
    )


def _read_kind(entries: dict[str, Any]) -> Any:
    flags = entries.get("/Ff", 0)
    flags = flags if isinstance(flags, int) else 0
    match read_name(entries.get("/FT")):
        case "Tx":
            return "text"
        case "Ch":
            return "choice"
        case "Sig":
            return "signature"
        case "Btn":
            return "push" if flags & _PUSH else "radio" if flags & _RADIO else "check"
    return "other"


def _appearance(widget: Any) -> Any:
    looks = widget.get("/AP")
    return looks.get("/N") if isinstance(looks, Dictionary) else None


def _read_states(widget: Any) -> tuple[str, ...]:
    normal = _appearance(widget)
    if isinstance(normal, Stream) or not isinstance(normal, Dictionary):
        return ()
    return tuple(sorted(key[1:] for key in normal.keys() if key != f"/{_OFF}"))  # noqa: SIM118


def _read_options(options: Any, ration: Ration) -> tuple[tuple[str, str], ...]:
    found = []
    for it in options if isinstance(options, Array) else ():
        pair = [read_text(bytes(part), ration) for part in (it if isinstance(it, Array) else [it])]
        found.append((pair[0], pair[-1]))
    return tuple(found)


def _draws(widget: Any) -> bool:
    """Say whether the widget's picture shows a text."""
    normal = _appearance(widget)
    return isinstance(normal, Stream) and bool(_SHOWS_TEXT.search(normal.read_bytes()))


def _clean(error: object) -> str:
    """Return what qpdf says, without the name of the stream it read from."""
    return _SOURCE.sub("", str(error)).strip() or type(error).__name__
