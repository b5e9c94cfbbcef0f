"""Rules for forms that are filled in: each function is one, and returns what breaks it."""

from __future__ import annotations

from pipeline.content.definition import META
from pipeline.errors import Finding
from pipeline.pdf.fields import FormFacts
from pipeline.preflight.subject import Subject

IDENTITY = tuple(f"{META}{key}" for key in ("form", "version", "fingerprint"))
_AGAIN = "make it again"


def check_fields(subject: Subject) -> list[Finding]:
    """The form has the fields that were planned, each once, and says which form it is."""
    form = subject.facts.form
    if form is None:
        return [subject.finding("no fields to fill in", _AGAIN)]
    findings = []
    own = [name for name in form.names if not name.startswith(META)]
    for name in sorted({name for name in own if own.count(name) > 1}):
        findings.append(subject.finding(f"two fields are called '{name}'", "answers could not be told apart"))
    if subject.expects:
        planned = subject.expects.fields
        missing = [name for name in (*IDENTITY, *planned) if name not in form.names]
        findings += [subject.finding(f"the field '{name}' is missing", _AGAIN) for name in missing]
        findings += [
            subject.finding(f"the field '{name}' was not planned", _AGAIN) for name in own if name not in planned
        ]
    if form.needs_appearances:
        message = "asks the program that opens it to draw its fields (NeedAppearances)"
        findings.append(subject.finding(message, "every program draws them differently"))
    if form.dynamic:
        findings.append(subject.finding("holds an XFA form", "most programs cannot show it; take it out"))
    return findings


def check_tooltips(subject: Subject) -> list[Finding]:
    """Every field and every button has a name that a screen reader can say, and a place in its tree."""
    findings = []
    for widget in _form(subject).widgets:
        if not widget.tooltip:
            message = f"the field '{widget.field}' has no tooltip"
            findings.append(subject.finding(message, "a screen reader says nothing"))
        if not widget.tagged:
            message = f"the field '{widget.field}' is not tagged"
            findings.append(subject.finding(message, "a screen reader passes it by"))
    return list(dict.fromkeys(findings))


def check_appearances(subject: Subject) -> list[Finding]:
    """Every field is drawn in every state, so that all programs show the same."""
    wrong = dict.fromkeys(widget.field for widget in _form(subject).widgets if not widget.drawn)
    return [subject.finding(f"the field '{name}' is not drawn in every state", _AGAIN) for name in wrong]


def check_form_fonts(subject: Subject) -> list[Finding]:
    """The fonts that fields are written in are inside the file; no validator looks there."""
    return [
        subject.finding(f"the font {name} of the fields is not embedded", "what is typed would be set in another")
        for name in _form(subject).missing_fonts
    ]


def _form(subject: Subject) -> FormFacts:
    return subject.facts.form or FormFacts((), (), False, False, ())
