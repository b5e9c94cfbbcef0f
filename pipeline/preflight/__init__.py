"""A finished PDF -> findings. CHECKS is the list; each function is one rule, for one medium or for several.

What is checked are the bytes that will be published, not what the build meant to write.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.document import Medium
from pipeline.errors import Finding
from pipeline.pdf.inspect import DamagedPdfError
from pipeline.preflight import fields, ink, inks, lines, pictures, rules, standard, texts
from pipeline.preflight.pixels import open_pages, rasterise, read_codes, warm_up
from pipeline.preflight.subject import Subject

__all__ = ["CHECKS", "Subject", "open_pages", "preflight", "preflight_file", "rasterise", "read_codes", "warm_up"]

MAX_FILE = 500_000_000  # bytes; a print file of a thousand pages with pictures stays below


def preflight(subject: Subject) -> list[Finding]:
    """Run every check that applies to the medium."""
    try:
        _ = subject.facts
    except DamagedPdfError as error:
        return [subject.finding(f"cannot be read as a PDF: {error}", "make or export it again")]
    return [finding for media, check in CHECKS if subject.rules in media for finding in check(subject)]


Check = Callable[[Subject], list[Finding]]

READ: tuple[Medium, ...] = ("screen", "forms", "print")
ALL: tuple[Medium, ...] = (*READ, "sheets")
PAPER: tuple[Medium, ...] = ("print", "sheets")

CHECKS: tuple[tuple[tuple[Medium, ...], Check], ...] = (
    (ALL, rules.check_whole),
    (ALL, rules.check_page_count),
    (ALL, rules.check_page_size),
    (ALL, rules.check_fonts),
    (READ, rules.check_text),
    (ALL, rules.check_codes),
    (("screen", "forms"), rules.check_tags),
    (("screen", "forms"), pictures.check_shown_colours),
    (("forms",), fields.check_fields),
    (("forms",), fields.check_tooltips),
    (("forms",), fields.check_appearances),
    (("forms",), fields.check_form_fonts),
    (PAPER, rules.check_boxes),
    (PAPER, inks.check_colour_spaces),
    (PAPER, inks.check_spot_colours),
    (PAPER, inks.check_groups),
    (PAPER, inks.check_empty),
    (PAPER, rules.check_passive),
    (PAPER, standard.check_standard),
    (PAPER, standard.check_intent),
    # What sheets are made from has passed these.
    (("print",), inks.check_black),
    (("print",), texts.check_text_size),
    (("print",), texts.check_rich_text),
    (("print",), texts.check_courier),
    (("print",), lines.check_lines),
    (("print",), lines.check_black_overprint),
    (("print",), lines.check_white_overprint),
    (("print",), ink.check_ink),
    (("print",), pictures.check_resolution),
    (("print",), pictures.check_opacity),
)


def preflight_file(path: Path, medium: Medium | None = None) -> list[Finding]:
    """Check a file on disk; one that a manifest beside it knows is held against what it was made to be.

    It is looked at in this process, so it has to be one's own: `pipeline.examine` is for files of others.
    """
    from pipeline.manifest import find_output

    name = str(path)
    if not path.is_file() or path.stat().st_size > MAX_FILE:
        message = f"no ordinary file of at most {MAX_FILE // 1_000_000} MB"
        return [Finding(name, "", message, "name a finished PDF")]
    known = find_output(path)
    expects = known[2].expects if known and medium in (None, known[2].expects.medium) else None
    return preflight(Subject(name, path.read_bytes(), expects, medium))
