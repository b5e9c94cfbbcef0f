"""The process that looks at files: questions in, lines of JSON out; `python -m pipeline.examine.child`.

For each question it says how many pages there are, then what came out, then that it is done. Questions come from the
process that waits, so they travel by pickle; answers come from where a file of others was parsed, so they are JSON.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import sys
from pathlib import Path
from typing import Any

from pipeline.apart import limit_self
from pipeline.document import MEDIA, Medium
from pipeline.errors import Finding
from pipeline.examine.limits import FILE_MOST, FINDINGS_MOST, MEMORY_MOST, allow_seconds
from pipeline.examine.values import Asked, Examined, Frame, Question, dump_examined, find_page
from pipeline.manifest import find_output
from pipeline.pdf.ending import check_ending, describe_other, find_header, is_blank
from pipeline.pdf.inspect import DamagedPdfError, EncryptedPdfError, PageFacts
from pipeline.places import name_places, read_places
from pipeline.preflight import CHECKS, Subject
from pipeline.units import Rect, mm


def main() -> None:
    """Answer questions until there are no more."""
    while True:
        try:
            question: Question = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            _answer(question)
        except MemoryError:
            _say(limit="memory")
        _say(done=True)


def _answer(question: Question) -> None:
    limit_self(MEMORY_MOST, question.asked.seconds)
    name = str(question.path)
    try:
        with question.path.open("rb") as file:
            pdf = file.read(FILE_MOST + 1)
    except OSError as error:
        finding = Finding(name, "", f"cannot be read: {error.strerror or error}", "was it moved meanwhile?")
        _say(pages=0)
        _say(examined=dump_examined(Examined(name, findings=(finding,))))
        return
    pages = _count_pages(pdf)
    _say(pages=pages)
    limit_self(MEMORY_MOST, allow_seconds(question.asked.seconds, pages))
    if question.draw:
        from pipeline.examine.drawing import draw_pages

        for number, data in draw_pages(pdf, question.draw):
            _say(page=number, jpeg=data)
    else:
        _say(examined=dump_examined(examine_bytes(question.path, pdf, question.asked)))


def _say(**reply: Any) -> None:
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()


def _count_pages(pdf: bytes) -> int:
    """Return how many pages a file says it has, without looking at them; 0 where it says nothing."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(pdf) as document:
            return len(document)
    except pypdfium2.PdfiumError:
        return 0


def examine_bytes(path: Path, pdf: bytes, asked: Asked) -> Examined:
    """Hold the bytes of a file against all rules that apply."""
    name, sha256 = str(path), hashlib.sha256(pdf).hexdigest()
    if len(pdf) > FILE_MOST:
        finding = Finding(
            name, "", f"holds more than {FILE_MOST // 1_000_000} MB", "split it, or make pictures smaller"
        )
        return Examined(name, findings=(finding,))
    known = find_output(path)
    expects = known[2].expects if known and asked.medium in ("", known[2].expects.medium) else None
    medium: Any = asked.medium or None
    subject = Subject(name, pdf, expects, medium=medium, shop=asked.shop)
    try:
        facts, rules = subject.facts, subject.rules
    except DamagedPdfError as error:
        other = is_blank(pdf) or find_header(pdf) is None
        reason = f"it is {'empty' if is_blank(pdf) else describe_other(pdf)}" if other else str(error)
        again = "save it without a password" if isinstance(error, EncryptedPdfError) else "make or export it again"
        finding = subject.finding(f"cannot be read as a PDF: {reason}", again)
        return Examined(name, sha256, findings=(finding,), not_checked=tuple(name_rule(rule) for _, rule in RULES))
    findings, checked = _check(subject, rules)
    if known and known[2].sha256 == sha256:
        findings = name_places(findings, read_places(known[0]).get(known[1], ()))
    shown = findings[:FINDINGS_MOST]
    numbers = {find_page(finding, name) for finding in shown}
    first = facts.pages[0] if facts.pages else None
    return Examined(
        file=name,
        sha256=sha256,
        medium=rules,
        planned=expects is not None,
        pages=facts.count,
        size_mm=_measure_size(first) if first else None,
        bleed_mm=_measure_bleed(first) if first else None,
        findings=tuple(shown),
        left_out=len(findings) - len(shown),
        checked=tuple(checked),
        not_checked=tuple(name for _, rule in RULES if (name := name_rule(rule)) not in checked),
        frames={page.number: _frame(page) for page in facts.pages if page.number in numbers},
    )


def check_whole(subject: Subject) -> list[Finding]:
    """The file has its end: cut off, it may open as less than it was."""
    return [subject.finding(problem, "send or export it again") for problem in check_ending(subject.pdf)]


RULES = ((MEDIA, check_whole), *CHECKS)


def _check(subject: Subject, medium: Medium) -> tuple[list[Finding], list[str]]:
    """Return all findings, and the names of the rules that came to their end."""
    findings: list[Finding] = []
    checked = []
    for media, rule in RULES:
        if medium not in media:
            continue
        name = name_rule(rule)
        try:
            findings += rule(subject)
            checked.append(name)
        except MemoryError:
            raise
        except Exception as error:  # files of others: one rule that stumbles does not take the rest along
            message = f"the rule '{name}' could not be held against it ({type(error).__name__})"
            findings.append(subject.finding(message, "its structure is broken; export it again"))
    return findings, checked


def name_rule(rule: Any) -> str:
    """Return the name of a rule as people read it: `page count`."""
    return str(rule.__name__).removeprefix("check_").replace("_", " ")


def _measure_size(page: PageFacts) -> tuple[float, float]:
    width, height = (page.trim or page.media).size
    return round(mm(width), 2), round(mm(height), 2)


def _measure_bleed(page: PageFacts) -> tuple[float, float, float, float]:
    """Return how far the BleedBox, or where there is none the MediaBox, goes beyond the trim."""
    trim, outer = page.trim or page.media, page.bleed or page.media
    sides = (trim.x0 - outer.x0, outer.y1 - trim.y1, outer.x1 - trim.x1, trim.y0 - outer.y0)
    left, top, right, bottom = (round(mm(side), 2) + 0.0 for side in sides)
    return left, top, right, bottom


def _frame(page: PageFacts) -> Frame:
    media, trim = page.media, page.trim or page.media
    box = Rect(trim.x0 - media.x0, media.y1 - trim.y1, trim.x1 - media.x0, media.y1 - trim.y0)
    x0, y0, x1, y1 = (round(mm(side), 3) for side in box)
    return Frame(round(mm(media.size.width), 3), round(mm(media.size.height), 3), (x0, y0, x1, y1))


if __name__ == "__main__":
    main()
