"""Rules for pages and files: each function is one, and returns what breaks it."""

from __future__ import annotations

from pipeline.errors import Finding
from pipeline.preflight.pixels import MAX_SIDE, read_codes
from pipeline.preflight.subject import Subject
from pipeline.units import Rect, Size, mm

BOX_SLACK = 0.1  # points; boxes are written with three decimals

# ------------------------------------------------------------------------------------------ all media


def check_whole(subject: Subject) -> list[Finding]:
    """The file is as a program wrote it: one that was cut off or changed may open, with pages that lack something."""
    damage = subject.facts.damage
    if not damage:
        return []
    more = f", and {len(damage) - 1} more such errors" if len(damage) > 1 else ""
    lost = any(sign in text for text in damage for sign in _LOST)
    message = f"the file is damaged: {damage[0]}{more}"
    return [subject.finding(message, "make or export it again", severity=subject.weigh(lost))]


_LOST = ("file is damaged", "reconstruct", "recover")  # qpdf found its way without the table that leads to every object


def check_page_count(subject: Subject) -> list[Finding]:
    """The file has as many pages as were planned, and at least one."""
    found, expects = subject.facts.count, subject.expects
    if expects and found % expects.multiple:
        hint = f"a booklet is folded from sheets of {expects.multiple} pages"
        return [subject.finding(f"{found} pages cannot be divided by {expects.multiple}", hint)]
    if expects and found != expects.pages:
        return [subject.finding(f"{found} pages, expected {expects.pages}", "a text may have run over to a new page")]
    return [] if found else [subject.finding("no pages")]


def check_page_size(subject: Subject) -> list[Finding]:
    """Every page is finished to the planned size, or at least to that of the first page."""
    findings = []
    sizes = [(number, (page.trim or page.media).size) for number, page in subject.pages()]
    wanted = subject.expects.trim if subject.expects else sizes[0][1] if sizes else None
    for number, size in sizes:
        if wanted and max(abs(size.width - wanted.width), abs(size.height - wanted.height)) > BOX_SLACK:
            message = f"{_write_size(size)}, expected {_write_size(wanted)}"
            findings.append(subject.finding(message, "all pages of a document have one size", number))
    return findings


def _write_size(size: Size) -> str:
    return f"{mm(size.width):.1f} x {mm(size.height):.1f} mm"


def check_fonts(subject: Subject) -> list[Finding]:
    """Every font that text is set in is inside the file."""
    return [
        subject.finding(f"the font {name} is not embedded", "embed it, or the printer picks another one", number)
        for number, page in subject.pages()
        for name in page.missing_fonts
    ]


def check_text(subject: Subject) -> list[Finding]:
    """Every page shows text, and no glyph is missing: a font that was lost leaves blank pages without a word."""
    findings = []
    for number, page in subject.pages():
        if subject.expects and not page.shows_text:
            findings.append(subject.finding("the page shows no text", "was a font lost?", number))
        if page.missing_glyphs:
            message = f"{page.missing_glyphs} characters have no glyph in their font"
            findings.append(subject.finding(message, "use another character, or a font that has it", number))
    return findings


def check_codes(subject: Subject) -> list[Finding]:
    """Each QR code reads, from the page as pixels, as the address that was meant."""
    expects = subject.expects
    if expects is None or not expects.codes:
        return []
    hint = "keep four modules of white around it, black on white"
    lost = [address for number, address in expects.codes if number < 0]
    findings = [subject.finding(f"no QR code to {address}", "the layout left it out") for address in lost]
    # Pages too large to be looked at as pixels are of the wrong size, and said to be.
    sizes = {number: max(page.media.size) for number, page in subject.pages()}
    wanted: dict[int, set[str]] = {}
    for number, address in expects.codes:
        if sizes.get(number, MAX_SIDE + 1) <= MAX_SIDE:
            wanted.setdefault(number, set()).add(address)
    for number, found in read_codes(subject.pdf, wanted, wanted):
        for address in sorted(wanted[number]):
            if address not in found:
                what = f"reads as {', '.join(sorted(found))}" if len(found) == len(wanted[number]) else "cannot be read"
                findings.append(subject.finding(f"the QR code {what}, expected {address}", hint, number))
    return findings


# ------------------------------------------------------------------------------------------ screen


def check_tags(subject: Subject) -> list[Finding]:
    """The file is tagged, says its language and title, and claims PDF/UA-1."""
    facts, expects = subject.facts, subject.expects
    findings = []
    if not facts.tagged:
        findings.append(subject.finding("not tagged", "a screen reader cannot follow it"))
    if not facts.language or (expects and facts.language != expects.language):
        wanted = f", expected {expects.language}" if expects else ""
        findings.append(
            subject.finding(f"language '{facts.language}'{wanted}", "a screen reader picks its voice by it")
        )
    if not facts.title or not facts.shows_title:
        findings.append(subject.finding("no title in the window bar", "set Title and DisplayDocTitle"))
    if not facts.claims_ua:
        findings.append(subject.finding("does not claim PDF/UA-1", "export it as PDF/UA-1"))
    return findings


# ------------------------------------------------------------------------------------------ print


def check_boxes(subject: Subject) -> list[Finding]:
    """TrimBox and BleedBox stand on every page, one in the other, with the same bleed on all sides."""
    findings = []
    for number, page in subject.pages():
        for name, box in (("TrimBox", page.trim), ("BleedBox", page.bleed)):
            if box is None:
                findings.append(subject.finding(f"no {name}", "the shop cannot see where to cut", number))
        if page.trim is None or page.bleed is None:
            continue
        if not (page.media.holds(page.bleed) and page.bleed.holds(page.trim)):
            findings.append(subject.finding("the boxes do not lie in each other", "Trim in Bleed in Media", number))
        bleeds = _margins(page.trim, page.bleed)
        wanted = subject.expects.bleed if subject.expects else bleeds[0]
        if max(abs(bleed - wanted) for bleed in bleeds) > BOX_SLACK:
            found = ", ".join(f"{mm(bleed):.1f}" for bleed in bleeds)
            message = f"bleed of {found} mm (left, bottom, right, top), expected {mm(wanted):.1f} on all sides"
            findings.append(subject.finding(message, "", number))
        if page.crop is not None and page.crop != page.media:
            findings.append(
                subject.finding("CropBox differs from MediaBox", "it hides the bleed from the shop", number)
            )
        if page.rotation:
            findings.append(subject.finding(f"the page is rotated by {page.rotation}", "", number))
    return findings


def _margins(inner: Rect, outer: Rect) -> tuple[float, float, float, float]:
    return inner.x0 - outer.x0, inner.y0 - outer.y0, outer.x1 - inner.x1, outer.y1 - inner.y1


def check_passive(subject: Subject) -> list[Finding]:
    """No links, fields, notes, scripts: nothing that is not ink."""
    findings = []
    for number, page in subject.pages():
        if page.annotations:
            kinds = ", ".join(sorted(set(page.annotations)))
            findings.append(
                subject.finding(f"annotations in a print file: {kinds}", "leave them out for print", number)
            )
    if live := subject.facts.press.live:
        message = f"an action or script runs by itself ({', '.join(live)})"
        findings.append(subject.finding(message, "leave it out for print"))
    return findings
