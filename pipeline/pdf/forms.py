"""A tagged PDF with boxes in links -> a form that can be filled in, saved and read back (ISO 32000-2 12.7).

Every link of a field becomes a widget, and its tag a Form; so place, page and tab order are those of the layout. The
form says of itself which it is, in fields without a widget, which every program leaves alone.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from pipeline.content.definition import CHECKED, META, RESPONSE, Definition, Field, FieldWords
from pipeline.errors import ContentError, LayoutError
from pipeline.pdf.appearance import CAPTION_LOOK, DEFAULT_LOOK, FONT_KEY, Looks, count_digits, count_letters
from pipeline.pdf.boxes import Box, check_boxes, check_room, read_boxes
from pipeline.pdf.fieldfont import load_field_font
from pipeline.pdf.prefill import NUMBER_DIGITS, Fitting, check_values, normalise_values
from pipeline.pdf.scripts import write_calculation, write_clearing, write_format, write_keystroke

CLEAR = f"{META}clear_"  # begins the names of the buttons that take an answer back

# Flags of fields (ISO 32000-2 tables 227 to 233). Not NoToggleToOff: in Acrobat a second click takes an answer back.
_READ_ONLY, _REQUIRED = 1 << 0, 1 << 1
_MULTILINE, _DO_NOT_SCROLL = 1 << 12, 1 << 23
_RADIO, _PUSH_BUTTON = 1 << 15, 1 << 16
_COMBO = 1 << 17

_PRINT = 4  # flag of an annotation; without it, it is for the screen only


def make_fillable(pdf: bytes, definition: Definition, words: FieldWords, values: Mapping[str, str] = {}) -> bytes:
    """Turn the boxes of a PDF into the fields of a form.

    Args:
        pdf: typeset with tags, every field an empty box in a link (see `boxes`).
        definition: what the boxes are.
        words: what the fields say besides their labels.
        values: name -> text, filled in beforehand; an empty text is none. A field that is `fixed` can then not be
            changed. `response` is no field: it names the copy, and is kept with the identity of the form.

    Returns:
        The form; the same input gives the same bytes.

    Raises:
        LayoutError: the boxes are not the fields of the definition. Its findings have no place.
        ContentError: a box is too small, or a value or an option of a list cannot be shown. Its findings have no place.
    """
    font = load_field_font()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        boxes = read_boxes(document)
        _require(LayoutError, check_boxes(boxes, definition))
        _require(ContentError, check_room(boxes, definition, font, words))
        values = normalise_values(values)
        sizes = {box.name: box.size for box in boxes if not box.clears}
        _require(ContentError, check_values(values, Fitting(definition, words, font, sizes)))
        form = _FormMaker(document, definition, words, values)
        form.add_fields(boxes)
        form.add_identity()
        form.finish()
        out = io.BytesIO()
        # Plain objects and a plain table: some programs append a table of the old kind when they save, and that may
        # not follow one of the new kind (ISO 32000-2 7.5.8.4).
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def _require(error: type[LayoutError | ContentError], findings: Iterable[Any]) -> None:
    if found := list(findings):
        raise error(findings=found)


class _FormMaker:
    """Builds the fields of one document, in place."""

    def __init__(
        self, document: pikepdf.Pdf, definition: Definition, words: FieldWords, values: Mapping[str, str]
    ) -> None:
        self._document = document
        self._definition = definition
        self._words = words
        self._values = values
        self._looks = Looks(document, load_field_font())
        self._fields = Array()
        self._calculated = Array()

    def add_fields(self, boxes: list[Box]) -> None:
        """Turn every box into a widget; fields in the order of the definition, buttons that clear after them."""
        cleared = {box.name for box in boxes if box.clears}
        for field in self._definition.fields:
            own = [box for box in boxes if box.name == field.name and not box.clears]
            made = self._make_choice(field, own) if field.kind == "choice" else self._make_single(field, own[0])
            made.Ff |= _REQUIRED * field.required | _READ_ONLY * self._is_read_only(field)
            if value := self._state(field):
                made.V = value
                # what a button clears must not come back; what is fixed must not go
                if field.name not in cleared or self._is_read_only(field):
                    made.DV = value
            self._fields.append(made)
        for box in boxes:
            if box.clears:
                self._fields.append(self._make_clear(box))

    def add_identity(self) -> None:
        """Add what says which form it is: fields without a widget, and keys of the document information."""
        identity = self._definition.identity
        about = dict(identity._asdict())
        for key, text in about.items():
            self._document.docinfo[f"/Form_{key}"] = String(text)
        about["hashes"] = " ".join(f"{it.name}:{it.hash}" for it in self._definition.fields)
        if RESPONSE in self._values:
            about[RESPONSE] = self._values[RESPONSE]
        about |= {
            it.name: self._values[it.name] for it in self._definition.fields if it.fixed and it.name in self._values
        }
        for key, text in about.items():
            entry = Dictionary(
                FT=Name.Tx,
                Ff=_READ_ONLY,
                T=String(META + key),
                TU=String(self._words.about),
                V=_string(text),
                DV=_string(text),
                DA=String(DEFAULT_LOOK),
            )
            self._fields.append(self._document.make_indirect(entry))

    def finish(self) -> None:
        """Join the fields to the document. Every font that it names is embedded: no ZapfDingbats either."""
        for page in self._document.pages:
            page.obj.Tabs = Name.S
        form = Dictionary(
            Fields=self._fields,
            DA=String(DEFAULT_LOOK),
            DR=Dictionary(Font=Dictionary({f"/{FONT_KEY}": self._looks.font_object})),
        )
        if len(self._calculated):
            form.CO = self._calculated
        self._document.Root.AcroForm = self._document.make_indirect(form)

    def _make_choice(self, field: Field, boxes: list[Box]) -> Any:
        """Return a group of radio buttons; each says what is asked and what it answers."""
        group = self._document.make_indirect(
            Dictionary(FT=Name.Btn, Ff=_RADIO, T=String(field.name), TU=String(field.label), V=Name.Off, Kids=Array())
        )
        group.DV = Name.Off
        shown = dict(field.options)
        for box in boxes:
            kid = _make_widget(box, f"{field.label} – {shown[str(box.option)]}")
            on = Name(f"/{box.option}")
            kid.Contents = kid.TU
            kid.Parent = group
            kid.AS = on if self._values.get(field.name) == box.option else Name.Off
            looks = {str(on): self._looks.disc(box.size), "/Off": self._looks.blank(box.size)}
            kid.AP = Dictionary(N=Dictionary(looks))
            group.Kids.append(kid)
        return group

    def _make_single(self, field: Field, box: Box) -> Any:
        """Return a field with one widget."""
        made = _make_widget(box, field.label)
        made.T = String(field.name)
        value = self._values.get(field.name, "")
        if field.kind == "check":
            on = Name(f"/{CHECKED}")
            looks = {str(on): self._looks.tick(box.size), "/Off": self._looks.blank(box.size)}
            made.update(Dictionary(FT=Name.Btn, Ff=0, V=Name.Off, DV=Name.Off, AS=on if value else Name.Off))
            made.AP = Dictionary(N=Dictionary(looks))
        elif field.kind == "list":
            options = [Array([String(it), String(shown)]) for it, shown in field.options]
            made.update(Dictionary(FT=Name.Ch, Ff=_COMBO, DA=String(DEFAULT_LOOK), Opt=Array(options)))
            made.AP = Dictionary(N=self._looks.line(box.size, dict(field.options).get(value, "")))
        else:
            self._make_text(made, field, box, value)
        return made

    def _make_text(self, made: Any, field: Field, box: Box, value: str) -> None:
        area = field.kind == "area"
        made.update(Dictionary(FT=Name.Tx, Ff=_DO_NOT_SCROLL | _MULTILINE * area, DA=String(DEFAULT_LOOK)))
        made.AP = Dictionary(N=self._looks.area(box.size, value) if area else self._looks.line(box.size, value))
        if field.is_calculated:
            made.Ff = _READ_ONLY
            made.AA = Dictionary(C=_run(write_calculation(field, self._words)))
            self._calculated.append(made)
            return
        made.MaxLen = max(self._count_room(field, box), len(value))  # narrow letters: more fit than of running text
        scripts = {"/K": write_keystroke(field, self._words), "/F": write_format(field, self._words)}
        if any(scripts.values()):
            made.AA = Dictionary({key: _run(script) for key, script in scripts.items() if script})

    def _count_room(self, field: Field, box: Box) -> int:
        font = self._looks.font
        if field.kind == "number":
            return min(count_digits(font, box.size), NUMBER_DIGITS)
        room = count_letters(font, box.size, area=field.kind == "area")
        return max(room, len(self._words.date_format)) if field.kind == "date" else room

    def _make_clear(self, box: Box) -> Any:
        """Return a push button that takes an answer back, also without scripts. It is for the screen, not for paper."""
        field = self._definition.get(box.name)
        made = _make_widget(box, self._words.clear_tip.replace("{label}", field.label if field else box.name))
        made.F = 0
        made.T = String(CLEAR + box.name)
        made.FT, made.Ff = Name.Btn, _PUSH_BUTTON
        made.DA = String(CAPTION_LOOK)
        made.MK = Dictionary(CA=String(self._words.clear))
        # by name: pdf.js compares an object with the buttons of a group, and would not find the group
        made.A = Dictionary(S=Name.ResetForm, Fields=Array([String(box.name)]), Flags=0)
        if any(box.name in it.of for it in self._definition.fields):
            made.A.Next = _run(write_clearing(box.name))
        made.AP = Dictionary(N=self._looks.button(box.size, self._words.clear))
        return made

    def _is_read_only(self, field: Field) -> bool:
        return field.is_calculated or (field.fixed and field.name in self._values)

    def _state(self, field: Field) -> Any:
        """Return the value of a field as the file holds it; None where it is not filled in."""
        value = self._values.get(field.name)
        if value is None:
            return None
        return Name(f"/{value}") if field.kind in ("choice", "check") else _string(value)


def _make_widget(box: Box, tip: str) -> Any:
    """Turn the link of a box into a widget without a field, and its tag into a Form."""
    widget = box.annotation
    for key in ("/A", "/Border", "/Contents"):
        if key in widget:
            del widget[key]
    widget.Subtype = Name.Widget
    widget.F = _PRINT
    widget.P = box.page
    widget.TU = String(tip)
    box.element.S = Name.Form
    return widget


def _string(text: str) -> String:
    return String(text.replace("\n", "\r"))  # so Acrobat ends the lines of a value


def _run(script: str) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(script))
