"""Rules for lines, and for what overprints: each function is one, and returns what breaks it.

A line is a stroke, or a filled rectangle that is long for its width: programs draw them both ways.
"""

from __future__ import annotations

from pipeline.errors import Finding
from pipeline.pdf.marks import Mark
from pipeline.preflight.subject import Subject

SLACK = 0.005  # points
LINE_REFUSED = 0.25  # points; GWG 2022


def _is_line(mark: Mark) -> bool:
    return mark.paint in ("stroke", "fill") and mark.size is not None


def check_lines(subject: Subject) -> list[Finding]:
    """No line is thinner than the shop prints, and none as thin as a device can: on a plate that is next to nothing."""
    least = subject.shop.minimum.line
    hint = "draw it thicker, or leave it out"
    findings = []
    for number, marks in subject.marks():
        for refused in (True, False):
            found = []
            for mark in marks:
                size = mark.size
                if not _is_line(mark) or size is None or size >= least - SLACK:
                    continue
                if (size < LINE_REFUSED - SLACK) is refused:
                    width = "no width" if size == 0 else f"{size:.2f} pt"
                    found.append((f"a line of {width}, at least {least:g} pt", mark.boxes[0]))
            findings += subject.report(number, found, hint, subject.weigh(refused))
    return findings


def check_black_overprint(subject: Subject) -> list[Finding]:
    """Small black text and thin black lines overprint: knocked out of a colour, they get white edges."""
    minimum = subject.shop.minimum
    findings = []
    for number, marks in subject.marks():
        found = []
        for mark in marks:
            if mark.overprints or mark.size is None or not mark.is_black:
                continue
            if mark.paint == "text" and mark.size < minimum.overprint_text - SLACK:
                what, least = "black text", minimum.overprint_text
            elif mark.paint != "text" and mark.size < minimum.overprint_line - SLACK:
                what, least = "a black line", minimum.overprint_line
            else:
                continue
            found.append((f"{what} of {mark.size:.1f} pt does not overprint, as below {least:g} pt", mark.boxes[0]))
        findings += subject.report(number, found, "let black overprint what lies below it", subject.weigh(False))
    return findings


def check_white_overprint(subject: Subject) -> list[Finding]:
    """Nothing white overprints: where no ink leaves what lies below, it vanishes (ISO 32000-2 8.6.7)."""
    findings = []
    for number, marks in subject.marks():
        found = []
        for mark in marks:
            vanishes = mark.keeps or mark.space != "DeviceCMYK"  # CMYK without OPM 1 clears all four inks
            if mark.overprints and mark.is_white and vanishes:
                found.append((f"white {mark.paint} that overprints, so it vanishes", mark.boxes[0]))
        findings += subject.report(number, found, "let white knock out")
    return findings
