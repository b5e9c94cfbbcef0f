"""ICC profiles of a press: those that ship are good, and what is none is refused with what to do."""

from __future__ import annotations

import random
import struct

import pytest
from PIL import ImageCms

from pipeline.profiles import MAX_BYTES, Profile, UnusableProfileError, check_profile
from pipeline.resources import PACKAGED

COATED = (PACKAGED / "assets/icc/FOGRA39L_coated.icc").read_bytes()
UNCOATED = (PACKAGED / "assets/icc/PSO_Uncoated_ISO12647_bas.ICC").read_bytes()


def display(space: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()  # type: ignore[arg-type]


def patched(at: int, value: bytes) -> bytes:
    return COATED[:at] + value + COATED[at + len(value) :]


def test_profiles_of_presses_are_taken() -> None:
    assert check_profile(COATED) == Profile("prtr", "CMYK", "FOGRA39L Coated")
    assert check_profile(UNCOATED) == Profile("prtr", "CMYK", "PSO Uncoated ISO12647 (basICColor)")


REFUSED: dict[str, tuple[bytes, str]] = {
    "RGB": (display("sRGB"), "is for RGB, not for CMYK"),
    "Lab": (display("LAB"), "is for Lab, not for CMYK"),
    "grey": (patched(16, b"GRAY"), "is for GRAY, not for CMYK"),
    "six inks": (patched(16, b"6CLR"), "is for 6CLR, not for CMYK"),
    "a space that is no name": (patched(16, b"\0\1\2\3"), "is for something unknown, not for CMYK"),
    "a link between devices": (patched(12, b"link"), "is the profile of a link between two devices"),
    "a scanner in CMYK": (patched(12, b"scnr"), "is the profile of a camera or scanner"),
    "another connection": (patched(20, b"XYZ "), "converts by XYZ, not by Lab"),
    "a web page": (b"<!DOCTYPE html><html><title>404</title>", "is a web page, not a profile"),
    "a web page after blanks": (b"\xef\xbb\xbf\n<!-- x -->\n<HTML>" + bytes(400), "is a web page, not a profile"),
    "an answer in JSON": (b'{"error": 404}', "is no ICC profile"),
    "a zip": (b"PK\x03\x04" + bytes(400), "is no ICC profile"),
    "nothing": (b"", "is no ICC profile"),
    "the header alone": (COATED[:128], "is no ICC profile"),
    "cut off": (COATED[:5000], "is cut off: it has 5000 of 121368 bytes"),
    "cut off, and its size put right": (struct.pack(">I", 5000) + COATED[4:5000], "is a broken profile"),
    "a list of tags that goes on": (patched(128, b"\xff\xff\xff\xff"), "is a broken profile"),
    "too large": (COATED + bytes(MAX_BYTES), "has more than 20 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_profile_of_a_press_is_refused(name: str) -> None:
    raw, message = REFUSED[name]
    with pytest.raises(UnusableProfileError) as caught:
        check_profile(raw)
    assert message in str(caught.value)
    assert caught.value.hint


def test_damage_is_refused_or_not_seen_but_never_an_error_of_another_kind() -> None:
    chance, refused = random.Random(1), 0
    for _ in range(60):
        raw = bytearray(COATED)
        for _ in range(20):
            raw[chance.randrange(128, 1000)] = chance.randrange(256)
        try:
            check_profile(bytes(raw))
        except UnusableProfileError:
            refused += 1
    assert refused
