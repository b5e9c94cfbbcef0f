"""Rules for pictures: each function is one, and returns what breaks it. Their CMYK is a rule for all colours."""

from __future__ import annotations

from pipeline.content.pictures import PPI_LEAST
from pipeline.errors import Finding
from pipeline.preflight.subject import Subject

PPI_SLACK = 0.5  # sizes on the page are written with a few decimals
SHOWN = ("DeviceRGB", "DeviceGray", "ICCBased 3", "ICCBased 1", "CalRGB", "CalGray")


def check_resolution(subject: Subject) -> list[Finding]:
    """Every picture has at least 300 pixels per inch where it is placed."""
    found = [
        subject.finding(
            f"a picture of {image.pixels[0]} x {image.pixels[1]} pixels at {int(image.ppi)} ppi, at least {PPI_LEAST}",
            "place it smaller, or take one with more pixels",
            number,
        )
        for number, page in subject.pages()
        for image in page.images
        if image.ppi < PPI_LEAST - PPI_SLACK
    ]
    return list(dict.fromkeys(found))


def check_opacity(subject: Subject) -> list[Finding]:
    """No picture lets shine through what lies below: a press flattens that as it sees fit."""
    return [
        subject.finding("a picture with a mask or transparency", "save it without, on the colour of the page", number)
        for number, page in subject.pages()
        if any(image.see_through for image in page.images)
    ]


def check_shown_colours(subject: Subject) -> list[Finding]:
    """Every picture is RGB or grey: each viewer shows CMYK in colours of its own."""
    return [
        subject.finding(f"a picture in {space}, expected RGB or grey", "convert pictures to sRGB", number)
        for number, page in subject.pages()
        for space in sorted({image.space for image in page.images} - {"", *SHOWN})
    ]
