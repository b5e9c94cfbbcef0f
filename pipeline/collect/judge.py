"""A Reading and the definitions -> Answers.

The verdict is the first of these that holds:

    refused           encrypted, or over a limit before it was known what it is
    foreign           no PDF
    damaged           not readable without repair; an empty file
    foreign           no PDF of ours, or a form that this toolbox does not have
    damaged           ours, with signs of damage, or with a field that is missing, doubled or of another type
    flattened         ours, without any of its fields
    unknown-version   a form that is known, in a version that is not
    conflict          a field holds two values, or one that it cannot hold
    empty             nothing was filled in, beyond what was when it was handed out
    accepted          all else

Every field of the form is demanded: a parse that failed looks like a form that nobody filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.collect.answers import Answers, Verdict
from pipeline.collect.entries import Entry, read_entry
from pipeline.collect.identity import Claims, find_claims, read_meta
from pipeline.collect.limits import FILE_MOST, MEMORY_MOST, SECONDS_MOST
from pipeline.content.definition import META, Definition, Field, Identity
from pipeline.errors import Finding, Severity, nearest
from pipeline.pdf.found import FoundField, FoundForm, Reading, Refusal

Definitions = Mapping[str, tuple[Definition, ...]]

NAMES_SHOWN = 12  # of fields in one message

AGAIN = "ask for the file again, saved anew in the program it was filled in with and sent as an attachment"
WHICH = "ask the sender which is meant; nothing was chosen"
UNPRINTED = (
    "ask for the form itself: saved, not printed to PDF, scanned or photographed; or take its answers over by hand"
)
WRONG_FILE = "look whether it is the right file"
RELEASED = "put the definition of that version in content/forms/released/, or ask for the form of today"

_REFUSED: dict[Refusal, tuple[str, str]] = {
    "encrypted": ("is locked with a password or against changes", "ask for the file again, saved without security"),
    "time": (f"could not be read in {SECONDS_MOST:.0f} seconds", f"run it again when little else runs, or {AGAIN}"),
    "memory": (f"takes more than {MEMORY_MOST // 1_000_000} MB of memory to read", AGAIN),
    "size": (f"holds more than a form can: at most {FILE_MOST // 1_000_000} MB are read", AGAIN),
    "crash": ("ended the program that reads it", AGAIN),
}


@dataclass(frozen=True)
class Case:
    """A file under judgement.

    Attributes:
        name: of the file, as findings show it.
        reading: what stands in it.
        claims: what it says of itself.
        definitions: of every form of the toolbox, today's first.
    """

    name: str
    reading: Reading
    claims: Claims
    definitions: Definitions

    @property
    def form(self) -> FoundForm:
        """What stands in the file."""
        return self.reading.form or FoundForm()

    def finding(self, message: str, hint: str = "", field: str = "", severity: Severity = "error") -> Finding:
        """Return a finding on the file, or on a field."""
        return Finding(self.name, field, message, hint, severity)

    def close(self, verdict: Verdict, *findings: Finding) -> Answers:
        """Return a verdict without answers."""
        said = self.claims.best or Identity("", "", "")
        return Answers(said.form, said.version, {}, verdict, findings, said.fingerprint, self.claims.response)


def judge(name: str, reading: Reading, definitions: Definitions) -> Answers:
    """Say what a file answers, or why it does not; `name` is how findings call it."""
    case = Case(name, reading, find_claims(reading), definitions)
    return _judge_file(case) or _judge_origin(case) or _judge_version(case)


def _judge_file(case: Case) -> Answers | None:
    """Judge what is no PDF that can be read."""
    form, refusal = case.reading.form, case.reading.refusal
    if form is None:
        message, hint = _REFUSED[refusal or "crash"]
        detail = f" ({case.reading.detail})" if case.reading.detail else ""
        return case.close("refused", case.finding(message + detail, hint))
    if form.foreign == "nothing":
        return case.close("damaged", case.finding("the file is empty", AGAIN))
    if form.foreign:
        return case.close("foreign", case.finding(f"no PDF but {form.foreign}", WRONG_FILE))
    if form.broken:
        return case.close("damaged", *_name_damage(case))
    return None


def _judge_origin(case: Case) -> Answers | None:
    """Judge what is not ours, and what has lost its fields."""
    claims, said = case.claims, case.claims.best
    if said is None:
        if lost := [it for it in claims.lacking if _has(case, it)]:
            return case.close("damaged", *_name_damage(case), _name_lacking(case, lost))
        if case.reading.refusal:
            message, hint = _REFUSED[case.reading.refusal]
            return case.close("refused", case.finding(f"{message}, and its fields do not say what it is", hint))
        return case.close("foreign", case.finding("a PDF, but none of these forms", _name_forms(case)))
    if said.form not in case.definitions:
        message = f"the form '{said.form}', which this toolbox does not have"
        return case.close("foreign", case.finding(message, nearest(said.form, case.definitions) or WRONG_FILE))
    if not _has_own_fields(case, said):  # what has no widget may be left, so it may still say what it is
        if case.form.damage:
            return case.close("damaged", *_name_damage(case), case.finding("none of its fields is left", AGAIN))
        message = f"the form {said.line}, without its fields: printed, scanned or flattened"
        return case.close("flattened", case.finding(message, UNPRINTED))
    findings = _name_damage(case)
    if claims.fields is None:
        findings.append(_name_lacking(case, claims.lacking))
    elif claims.elsewhere and claims.elsewhere != claims.fields:
        message = f"its fields say {claims.fields.line}, its properties say {claims.elsewhere.line}"
        findings.append(case.finding(message, AGAIN))
    return case.close("damaged", *findings) if findings else None


def _judge_version(case: Case) -> Answers:
    """Judge a form that this toolbox has."""
    said = case.claims.fields
    assert said is not None
    known = case.definitions[said.form]
    exact = next((it for it in known if it.identity == said), None)
    if exact is not None:
        wrong = [name for name, value in case.claims.hashes.items() if _hash_of(exact, name) != value]
        if wrong:
            message = f"it names other hashes than its version has, of {_join(wrong)}"
            return case.close("damaged", case.finding(message, AGAIN))
        return _judge_answers(case, exact.fields, [it.name for it in exact.fields])
    hashes = case.claims.hashes
    near = max(known, key=lambda it: sum(hashes.get(field.name) == field.hash for field in it.fields))
    same = [it for it in near.fields if hashes.get(it.name) == it.hash]
    answers = _judge_answers(case, same, [*hashes])
    if answers.verdict == "damaged":
        return answers
    others = [name for name in hashes if name not in {it.name for it in same}]
    versions = ", ".join(f"{it.version} ({it.fingerprint})" for it in known)
    message = f"version {said.version} ({said.fingerprint}) of the form is not known; known: {versions}"
    findings = [case.finding(message, RELEASED)]
    names = _join([it.name for it in same]) or "none"
    message = f"{len(same)} of its {len(hashes)} fields are the same in version {near.version}: {names}"
    findings.append(case.finding(message, "their values are given", severity="warning"))
    if others:
        message = f"not read, since they are not the same: {_join(others)}"
        findings.append(case.finding(message, RELEASED, severity="warning"))
    return replace(answers, verdict="unknown-version", findings=(*findings, *(answers.findings if same else ())))


def _judge_answers(case: Case, fields: Sequence[Field], demanded: Sequence[str]) -> Answers:
    """Read these fields, and judge by them; `demanded` are the names of all that the file has to hold."""
    found: dict[str, list[FoundField]] = {}
    for it in case.form.fields:
        found.setdefault(it.name, []).append(it)
    unknown = [name for name, its in found.items() if name not in demanded and _is_unknown(its)]
    missing = [name for name in demanded if name not in found]
    if missing:
        message = f"{len(missing)} of its {len(demanded)} fields are missing: {_join(missing)}"
        message += f"; instead there are {_join(unknown)}" if unknown else ""
        return case.close("damaged", case.finding(message, AGAIN))
    meta = read_meta(case.form)
    entries = {it.name: read_entry(it, found[it.name], meta.get(it.name, ()) if it.fixed else ()) for it in fields}
    damage = [case.finding(it.damage, AGAIN, name) for name, it in entries.items() if it.damage]
    if damage:
        return case.close("damaged", *damage)
    if case.form.stray:  # a program copied pages: what the sender saw there is not what was read
        message = f"its pages show fields that are not those of its list: {_join(case.form.stray)}"
        return case.close("damaged", case.finding(message, AGAIN))
    findings = [case.finding(it.conflict, WHICH, name) for name, it in entries.items() if it.conflict]
    if unknown:
        message = f"fields that the form does not have: {_join(unknown)}"
        findings.append(case.finding(message, "what stands in them is not read", severity="warning"))
    answered = [it for it in fields if not it.is_calculated]
    verdict = _weigh([entries[it.name] for it in answered])
    if verdict == "empty":
        findings.append(case.finding("nothing was filled in", "was the right file sent?", severity="warning"))
    else:
        findings += [
            case.finding("has to be answered, and was left open", "ask for it", it.name, "warning")
            for it in answered
            if it.required and not entries[it.name].value and not entries[it.name].conflict
        ]
        numbers = [(it.name, entries[it.name].value) for it in answered if it.kind == "number"]
        findings += [
            case.finding(f"expected a whole number, found '{value[:40]}'", "ask what is meant", name, "warning")
            for name, value in numbers
            if value and not (value.isascii() and value.strip().isdigit())
        ]
    values = {it.name: entries[it.name].value for it in answered}
    return replace(case.close(verdict, *findings), values=values)


def _weigh(entries: Sequence[Entry]) -> Verdict:
    if any(it.conflict for it in entries):
        return "conflict"
    return "accepted" if any(it.value and not it.prefilled for it in entries) else "empty"


def _is_unknown(fields: Sequence[FoundField]) -> bool:
    """Say whether a field is one that nobody expects: buttons that do something and what the form says of itself."""
    return not fields[0].name.startswith(META) and any(it.kind != "push" for it in fields)


def _has(case: Case, name: str) -> bool:
    return any(it.name == name for it in case.form.fields)


def _has_own_fields(case: Case, said: Identity) -> bool:
    names = {field.name for it in case.definitions[said.form] for field in it.fields} | {*case.claims.hashes}
    return any(it.name in names for it in case.form.fields)


def _hash_of(definition: Definition, name: str) -> str:
    field = definition.get(name)
    return field.hash if field else ""


def _name_damage(case: Case) -> list[Finding]:
    return [case.finding(sign, AGAIN) for sign in case.form.damage]


def _name_lacking(case: Case, names: Sequence[str]) -> Finding:
    return case.finding(f"it does not say in one way what it is: {_join(names)}", AGAIN)


def _name_forms(case: Case) -> str:
    return f"{WRONG_FILE}; the forms of this toolbox: {', '.join(sorted(case.definitions)) or 'none'}"


def _join(names: Sequence[str]) -> str:
    """Write names, the first of them when there are many."""
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more
