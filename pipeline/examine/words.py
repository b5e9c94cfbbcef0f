"""What came out of files -> text and JSON. It says "checked", never "certified"."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from pipeline import __version__
from pipeline.errors import Finding
from pipeline.examine.values import Asked, Examination, Examined


def write_text(examination: Examination) -> str:
    """Write the findings of each file under its name, and a summary of all at the end."""
    lines: list[str] = []
    for it in examination.files:
        if it.findings:
            lines += [_head(it), *map(str, it.findings)]
            if it.left_out:
                lines.append(f"and {it.left_out} more findings on {Finding(it.file, '', '')}")
        else:
            lines.append(str(Finding(it.file, "", "checked, no findings")))
    if len(examination.files) + len(examination.refused) > 1 or lines[1:]:
        lines.append(summarise(examination))
    return "\n".join(lines)


def _head(it: Examined) -> str:
    return str(Finding(it.file, "", count_findings(it)))


def count_findings(it: Examined) -> str:
    """Return how many findings a file has, in words: `4 findings`, `3 findings, 1 of them a warning`."""
    number = len(it.findings) + it.left_out
    words = _number(number, "finding")
    if not it.warnings:
        return words
    if it.warnings == len(it.findings):
        return _number(number, "warning")
    return f"{words}, {it.warnings} of them {'a warning' if it.warnings == 1 else 'warnings'}"


def summarise(examination: Examination) -> str:
    """Return one line on all files: `3 files: 2 checked without findings, 1 with 4 findings`."""
    files = examination.files
    if len(files) == 1 and not examination.refused:
        return f"1 file: {count_findings(files[0]) if files[0].findings else 'checked without findings'}"
    good = sum(not it.findings for it in files)
    together = sum(len(it.findings) + it.left_out for it in files)
    thing = "finding" if any(it.errors for it in files) else "warning"
    parts = [f"{good} checked without findings"] if good else []
    parts += [f"{len(files) - good} with {_number(together, thing)}"] if together else []
    parts += [f"{len(examination.refused)} not looked at"] if examination.refused else []
    return f"{_number(len(files) + len(examination.refused), 'file')}: {', '.join(parts)}"


def _number(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def write_json(examination: Examination, asked: Asked) -> str:
    """Write all that came out as JSON; README, section Preflight, says what its keys mean."""
    plain = {
        "drukwerk": __version__,
        "shop": asdict(asked.shop),
        "files": [_plain_file(it) for it in examination.files],
    }
    return _escape(json.dumps(plain, ensure_ascii=False, indent=2))


def _plain_file(it: Examined) -> dict[str, Any]:
    return {
        "file": it.file,
        "sha256": it.sha256 or None,
        "medium": it.medium or None,
        "planned": it.planned,
        "pages": it.pages,
        "size_mm": it.size_mm,
        "bleed_mm": it.bleed_mm,
        "findings": [_plain_finding(finding, it.page_of(finding)) for finding in it.findings],
        "left_out": it.left_out,
        "checked": it.checked,
        "not_checked": it.not_checked,
    }


def _plain_finding(finding: Finding, page: int | None) -> dict[str, Any]:
    spot = finding.spot
    return {
        "place": finding.place,
        "field": finding.field,
        "message": finding.message,
        "hint": finding.hint,
        "severity": finding.severity,
        "page": None if page is None else page + 1,
        "box_mm": [round(side, 2) for side in (spot.x0, spot.y0, spot.x1, spot.y1)] if spot else None,
    }


def _escape(text: str) -> str:
    """Write what does not print as JSON writes it: names in files of others must not steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)
