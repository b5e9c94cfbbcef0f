"""Rules for text on paper: each function is one, and returns what breaks it."""

from __future__ import annotations

from pipeline.errors import Finding
from pipeline.pdf.marks import Mark
from pipeline.preflight.subject import Subject

SLACK = 0.01  # points; sizes are products of numbers with a few decimals
RICH_TEXT_K, RICH_TEXT_SUM = 0.85, 2.8  # GWG 2022: text of more ink than this blurs, and does not dry


def check_text_size(subject: Subject) -> list[Finding]:
    """No text is smaller than the shop prints: in one ink 6 points, in several or in white 8 (design section 4)."""
    least, coloured = subject.shop.minimum.text, subject.shop.minimum.coloured_text
    findings = []
    for number, marks in subject.marks():
        small, faint = [], []
        for mark in marks:
            if mark.paint != "text" or mark.size is None:
                continue
            if mark.size < least - SLACK:
                small.append((f"text of {mark.size:.1f} pt, at least {least:g} pt", mark.boxes[0]))
            elif mark.size < coloured - SLACK and (mark.is_white or _count_inks(mark) > 1):
                what = "white text" if mark.is_white else f"text in {_count_inks(mark)} inks"
                faint.append((f"{what} of {mark.size:.1f} pt, at least {coloured:g} pt", mark.boxes[0]))
        findings += subject.report(number, small, "set it larger, or leave it out")
        findings += subject.report(number, faint, "set it larger, or in one ink: plates never meet exactly")
    return findings


def _count_inks(mark: Mark) -> int:
    """Return how many inks a colour mixes; colours that have to be converted first become several."""
    if mark.inks is None:
        return 4
    return 4 if "All" in mark.inks else sum(value > 0 for value in mark.inks.values())


def check_rich_text(subject: Subject) -> list[Finding]:
    """No text is black of so much ink that it does not dry (GWG 2022); our own black is black ink alone."""
    findings = []
    for number, marks in subject.marks():
        found = []
        for mark in marks:
            inks = mark.inks or {}
            total = sum(inks.values())
            if mark.paint == "text" and inks.get("Black", 0) >= RICH_TEXT_K and total > RICH_TEXT_SUM:
                found.append((f"black text of {100 * total:.0f} % ink, at most 280 %", mark.boxes[0]))
        findings += subject.report(number, found, "set it in 0 0 0 100")
    return findings


def check_courier(subject: Subject) -> list[Finding]:
    """No text is set in Courier: nobody chooses it, it stands in for a font that was lost."""
    findings = []
    for number, marks in subject.marks():
        names = [(mark.font, mark.boxes[0]) for mark in marks if "courier" in mark.font.lower()]
        found = [(f"text in the font {name}, as programs put it where a font is missing", box) for name, box in names]
        findings += subject.report(number, found, "embed the font that was meant")
    return findings
