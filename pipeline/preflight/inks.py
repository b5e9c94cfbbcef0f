"""Rules for inks and colour spaces: each function is one, and returns what breaks it."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.errors import Finding
from pipeline.pdf.colours import PROCESS
from pipeline.pdf.marks import Mark
from pipeline.preflight.subject import Subject

ALL_INKS = "All"  # the ink of register marks: every plate there is (ISO 32000-2 8.6.6.4)
_PICTURE_HINT = "convert pictures to the CMYK of the press"
_NAMED = ("Separation", "DeviceN")
RICH_BLACK = 0.85  # K from here on is black to the eye (GWG 2022)


def check_colour_spaces(subject: Subject) -> list[Finding]:
    """Everything is painted in DeviceCMYK, or in inks by their names: those are a rule of their own."""
    findings = []
    for number, page in subject.pages():
        for space, marks in sorted(find_wrong_spaces(page.marks).items()):
            paints = {mark.paint for mark in marks}
            message = f"{space} in {', '.join(sorted(paints))}, expected DeviceCMYK only"
            hint = _PICTURE_HINT if paints == {"image"} else "give the colour a print recipe in the theme"
            findings.append(subject.finding(message, hint, number, marks[0].boxes[0]))
    return findings


def find_wrong_spaces(marks: Iterable[Mark]) -> dict[str, list[Mark]]:
    """Return the colour spaces that are an error in print -> what is painted in them."""
    spaces: dict[str, list[Mark]] = {}
    for mark in marks:
        gray = mark.masking and mark.space == "DeviceGray"  # a soft mask is gray by nature
        if mark.space not in ("DeviceCMYK", *_NAMED) and not gray:
            spaces.setdefault(mark.space, []).append(mark)
    return spaces


def check_spot_colours(subject: Subject) -> list[Finding]:
    """Every ink by name is one of the press, or was ordered; `All` is for marks outside the trim, or on sheets."""
    ordered = {*PROCESS, "None", *subject.shop.spots}
    findings = []
    for number, page in subject.pages():
        found = []
        for mark in page.marks:
            for ink in mark.colorants:
                if ink == ALL_INKS:
                    if mark.where == "trim" and subject.rules != "sheets":
                        message = f"registration colour (All) in {mark.paint} within the trim"
                        found.append((message, mark.boxes[0]))
                elif ink not in ordered:
                    found.append((f"the spot colour '{ink}' was not ordered", mark.boxes[0]))
        findings += subject.report(number, found, "give the colour a recipe in CMYK, or order the ink")
    return findings


def check_groups(subject: Subject) -> list[Finding]:
    """Transparency is computed in DeviceCMYK; in another space, colours change wherever something shines through."""
    return [
        subject.finding(f"transparency is computed in {space}, expected DeviceCMYK", "export it for print", number)
        for number, page in subject.pages()
        for space in sorted(page.groups - {"DeviceCMYK", "DeviceGray"})  # gray: of a soft mask
    ]


def check_black(subject: Subject) -> list[Finding]:
    """What is black is black ink alone; black of four inks blurs when the plates are a hair apart."""
    findings = []
    for number, page in subject.pages():
        found = []
        for mark in sorted(page.marks, key=lambda it: (it.paint, it.values)):
            values = mark.values
            if mark.space == "DeviceCMYK" and len(values) == 4 and values[3] >= RICH_BLACK and any(values[:3]):
                inks = " ".join(f"{round(100 * value)}" for value in values)
                found.append((f"black {mark.paint} in C M Y K {inks}", mark.boxes[0]))
        findings += subject.report(number, found, "set it in 0 0 0 100", subject.weigh(False))
    return findings


def check_empty(subject: Subject) -> list[Finding]:
    """Every page has ink on it: a page without is one that was lost, or that somebody pays for."""
    return [
        subject.finding("nothing is printed on this page", "leave it out, or say on it why", number, None, severity)
        for severity in (subject.weigh(False),)
        for number, marks in subject.marks()
        if all(mark.is_white or mark.where != "trim" for mark in marks)
    ]
