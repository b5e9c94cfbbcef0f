"""One document, made by itself -> its bytes: what no build publishes, such as a copy of a form or a job ticket."""

from __future__ import annotations

from dataclasses import replace

from pipeline.content.toolbox import Toolbox
from pipeline.document import Document
from pipeline.errors import ContentError
from pipeline.fit import place_findings, place_misfits
from pipeline.plan import load_typesetter
from pipeline.storage import named_reading, staging_folder
from pipeline.workshop import make_document


def make_single(toolbox: Toolbox, document: Document, given: frozenset[str] = frozenset(), call: str = "") -> bytes:
    """Typeset one document, finish it, check it.

    Args:
        toolbox: what it is made of.
        document: what is to be made.
        given: fields whose values do not come from the content, but from a call.
        call: what findings on these name as their place.

    Raises:
        ContentError: a text does not fit, or a value cannot be filled in.
        LayoutError, PreflightError: as in a build.
    """
    with staging_folder(None) as staging:
        made = make_document(document.job(), load_typesetter(toolbox).prepare(staging / "typst"), staging)
        if made.misfits:
            raise ContentError(findings=place_misfits(made.misfits, document))
        if isinstance(made.error, ContentError):
            found = [replace(it, place=call if it.field in given else "") for it in made.error.findings]
            raise ContentError(findings=place_findings(found, document))
        if made.error:
            raise made.error
        with named_reading(staging):
            return (staging / made.path).read_bytes()
