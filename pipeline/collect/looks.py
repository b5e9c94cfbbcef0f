"""The pages of a PDF -> which form they show, for a file that does not say so itself: printed, flattened, damaged."""

from __future__ import annotations

import contextlib

from pipeline.content.definition import find_identity
from pipeline.preflight.pixels import MAX_SIDE, open_pages, read_codes

PAGES_MOST = 3  # each page shows it; the first may be a letter that somebody put in front


def find_on_pages(pdf: bytes) -> str:
    """Return the text that identifies the form: the line at the foot, else what a QR code says; empty for none."""
    import pypdfium2

    numbers = []
    try:
        with open_pages(pdf) as document:
            for number in range(min(len(document), PAGES_MOST)):
                page = document[number]
                with contextlib.closing(page), contextlib.closing(page.get_textpage()) as texts:
                    if identity := find_identity(texts.get_text_bounded()):
                        return identity.line
                    if max(page.get_size()) <= MAX_SIDE:
                        numbers.append(number)
        for _, codes in read_codes(pdf, numbers):
            for code in sorted(codes):
                if identity := find_identity(code):
                    return identity.line
    except pypdfium2.PdfiumError:  # beyond reading: then nothing is shown either
        pass
    return ""
