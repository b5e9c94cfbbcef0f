"""Rules of PDF/X-4 (ISO 15930-7) for a file as a whole: each function is one, and returns what breaks it.

Files of others need not be PDF/X-4 to be printed, so to them these are warnings.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.errors import Finding
from pipeline.pdf.standard import Intent, PressFacts
from pipeline.pdf.xmp import VERSION, write_date
from pipeline.preflight.subject import Subject
from pipeline.profiles import UnusableProfileError, check_profile

_EXPORT = "export it as PDF/X-4, with the profile of the shop"
_AGREE = "Info and XMP have to say the same; export it again"
_DATES = (("CreationDate", "xmp:CreateDate"), ("ModDate", "xmp:ModifyDate"))
_NEEDED = ("xmpMM:DocumentID", "xmpMM:VersionID", "xmpMM:RenditionClass")
PDF_MOST = "1.6"


def check_standard(subject: Subject) -> list[Finding]:
    """The file says that it is PDF/X-4, and has what that takes."""
    facts = subject.facts.press
    found = [*_check_file(facts), *_check_metadata(facts)]
    return [subject.finding(message, hint, severity=subject.weigh(False)) for message, hint in found]


def check_intent(subject: Subject) -> list[Finding]:
    """The file says for which press it is made, and it is the press of the shop."""
    intents = [it for it in subject.facts.press.intents if it.subtype == "GTS_PDFX"]
    if len(intents) != 1:
        message = f"{len(intents)} output intents for PDF/X" if intents else "no output intent"
        return [subject.finding(message, _EXPORT, severity=subject.weigh(False))]
    return [
        subject.finding(message, hint, severity=subject.weigh(False))
        for message, hint in _check_intent(intents[0], subject)
    ]


def _check_file(facts: PressFacts) -> Iterator[tuple[str, str]]:
    if facts.version > PDF_MOST:
        yield f"PDF {facts.version}, PDF/X-4 is {PDF_MOST} at most", _EXPORT
    if not facts.has_id:
        yield "the file has no identifier (ID in the trailer)", _EXPORT


def _check_metadata(facts: PressFacts) -> Iterator[tuple[str, str]]:
    if facts.xmp is None:
        yield "no metadata (XMP) that can be read", _EXPORT
        return
    stated = facts.xmp.get("pdfxid:GTS_PDFXVersion", "")
    if stated != VERSION:
        yield f"does not say that it is {VERSION}" + (f", but {stated}" if stated else ""), _EXPORT
    title = facts.xmp.get("dc:title", "")
    if not title or title != facts.info.get("Title", ""):
        yield "the title in Info and in XMP is not the same, or missing", _AGREE
    for key, name in _DATES:
        date = facts.info.get(key, "")
        if not date or not _is_same(write_date(date), facts.xmp.get(name, "")):
            yield f"{key} in Info and {name} in XMP are not the same, or missing", _AGREE
    for name in _NEEDED:
        if not facts.xmp.get(name):
            yield f"{name} is missing in XMP", _EXPORT
    trapped = facts.info.get("Trapped", "")
    if trapped not in ("True", "False") or facts.xmp.get("pdf:Trapped", trapped) != trapped:
        yield "does not say whether it is trapped (Trapped: True or False)", _EXPORT


def _is_same(one: str, other: str) -> bool:
    def plain(date: str) -> str:
        return date.replace("+00:00", "Z")

    return plain(one) == plain(other)


def _check_intent(intent: Intent, subject: Subject) -> Iterator[tuple[str, str]]:
    shop = subject.shop
    if not intent.condition:
        yield "the output intent names no printing condition", _EXPORT
    elif intent.condition != shop.condition:
        hint = f"ask the shop, or make it again with the profile for {shop.condition}"
        yield f"made for the printing condition {intent.condition}, the shop prints {shop.condition}", hint
    if intent.profile is None:
        yield "the output intent holds no profile", _EXPORT
        return
    if intent.components != 4:
        yield f"the profile of the output intent has {intent.components} components, expected 4", _EXPORT
    try:
        check_profile(intent.profile)
    except UnusableProfileError as error:
        yield f"the profile of the output intent {error}", error.hint
