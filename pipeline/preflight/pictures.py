"""Rules for pictures: each function is one, and returns what breaks it. Their CMYK is a rule for all colours."""

from __future__ import annotations

from pipeline.errors import Finding
from pipeline.preflight.subject import Subject

PPI_SLACK = 0.5  # sizes on the page are written with a few decimals
PPI_REFUSED, BITMAP_REFUSED = 224.0, 799.0  # GWG 2022
SHOWN = ("DeviceRGB", "DeviceGray", "ICCBased 3", "ICCBased 1", "CalRGB", "CalGray")


def check_resolution(subject: Subject) -> list[Finding]:
    """Every picture has as many pixels per inch where it is placed as the shop asks for; bitmaps have more."""
    minimum = subject.shop.minimum
    findings = []
    for number, page in subject.pages():
        for refused in (True, False):
            found = []
            for image in page.images:
                bitmap = image.bits == 1
                least = minimum.bitmap_ppi if bitmap else minimum.image_ppi
                limit = min(least, BITMAP_REFUSED if bitmap else PPI_REFUSED)
                if image.ppi >= least - PPI_SLACK or (image.ppi < limit - PPI_SLACK) is not refused:
                    continue
                what = f"a {'bitmap' if bitmap else 'picture'} of {image.pixels[0]} x {image.pixels[1]} pixels"
                found.append((f"{what} at {int(image.ppi)} ppi, at least {least:g}", image.box))
            hint = "place it smaller, or take one with more pixels"
            findings += subject.report(number, found, hint, subject.weigh(refused))
    return findings


def check_opacity(subject: Subject) -> list[Finding]:
    """No picture lets shine through what lies below: a press flattens that as it sees fit."""
    findings = []
    for number, page in subject.pages():
        found = [("a picture with a mask or transparency", image.box) for image in page.images if image.see_through]
        hint = "save it without, on the colour of the page"
        findings += subject.report(number, found, hint, subject.weigh(False))
    return findings


def check_shown_colours(subject: Subject) -> list[Finding]:
    """Every picture is RGB or grey: each viewer shows CMYK in colours of its own."""
    return [
        subject.finding(f"a picture in {space}, expected RGB or grey", "convert pictures to sRGB", number)
        for number, page in subject.pages()
        for space in sorted({image.space for image in page.images} - {"", *SHOWN})
    ]
