"""Bytes of a JPEG or PNG -> upright pixels and the profile they are in; what cannot be printed is refused.

Pictures come from outside: two formats are parsed and no others, and the size is looked at before anything is
unpacked. Only this module opens a picture, so what was checked while reading is what is converted later.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PIL import ExifTags, Image, ImageCms

MAX_BYTES = 100_000_000  # of a file; a JPEG of a good camera has 5 to 30 million
MAX_PIXELS = 64_000_000  # more than cameras for small film give; unpacked 200 MB

T = TypeVar("T")

_SIGNATURES = (
    (0, b"GIF8", "a GIF"),
    (0, b"II*\0", "a TIFF"),
    (0, b"MM\0*", "a TIFF"),
    (8, b"WEBP", "a WebP"),
    (4, b"ftyp", "a HEIC or AVIF"),
    (0, b"\0\0\0\x0cjP", "a JPEG 2000"),
    (0, b"BM", "a BMP"),
    (0, b"8BPS", "a Photoshop file"),
    (0, b"%PDF", "a PDF"),
)
_READ = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_TURNS = {  # EXIF 2.32, 4.6.4: Orientation -> what sets the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE = (5, 6, 7, 8)
_GREY = ("1", "L")
_SAVE = "save it as JPEG or PNG, in RGB or grey"
_AGAIN = "save it again from the original"


class UnusablePictureError(Exception):
    """The file is no picture that can be printed; the message says why, `hint` what to save it as."""

    def __init__(self, message: str, hint: str) -> None:
        self.hint = hint
        super().__init__(message)


@dataclass(frozen=True)
class Raster:
    """A picture, upright.

    Attributes:
        image: mode `RGB` or `L`, whichever the profile is for.
        profile: what its values mean; None: those of sRGB.
        grey: it was saved without colour.
    """

    image: Image.Image
    profile: ImageCms.ImageCmsProfile | None
    grey: bool


def measure_picture(raw: bytes) -> tuple[int, int]:
    """Check a picture down to its last byte, and return its width and height in pixels, upright.

    Raises:
        UnusablePictureError: no picture, a broken one, a huge one, or one that is more than opaque RGB or grey.
    """
    image = _open(raw)
    _require_plain(image, raw)
    width, height = image.size
    _attempt(_open(raw).verify)  # checksums of a PNG; does nothing for a JPEG
    image.draft(None, (1, 1))  # a JPEG is read to its end, and an eighth of its pixels are made
    _attempt(image.load)
    _require_profile(image)
    return (height, width) if _read_orientation(image) in _ON_ITS_SIDE else (width, height)


def read_raster(raw: bytes, enough: tuple[int, int]) -> Raster:
    """Read a picture that was measured; a JPEG with fewer pixels, where it still covers `enough` (upright)."""
    image = _open(raw)
    orientation = _read_orientation(image)
    image.draft(None, enough[::-1] if orientation in _ON_ITS_SIDE else enough)
    grey, profile = image.mode in _GREY, _read_profile(image)
    upright = image.convert("L" if grey and _name_space(profile) in ("GRAY", "") else "RGB")
    if orientation in _TURNS:
        upright = upright.transpose(_TURNS[orientation])
    return Raster(upright, profile, grey)


def _read_profile(image: Image.Image) -> ImageCms.ImageCmsProfile | None:
    icc = image.info.get("icc_profile")
    return ImageCms.ImageCmsProfile(io.BytesIO(icc)) if icc else None


def _name_space(profile: ImageCms.ImageCmsProfile | None) -> str:
    return str(profile.profile.xcolor_space).strip() if profile else ""


def _open(raw: bytes) -> Image.Image:
    """Read the head of a picture, and refuse what is too large to unpack."""
    if not raw.startswith(_READ):
        drawing = "an SVG drawing" if b"<svg" in raw[:2000] else None
        found = next((name for at, magic, name in _SIGNATURES if raw.startswith(magic, at)), drawing)
        raise UnusablePictureError(f"is {found}, expected JPEG or PNG" if found else "is no JPEG or PNG", _SAVE)
    image = _attempt(lambda: Image.open(io.BytesIO(raw), formats=("JPEG", "PNG")))
    if image.width * image.height > MAX_PIXELS:
        raise UnusablePictureError(
            f"{image.width} x {image.height} pixels, at most {MAX_PIXELS // 1_000_000} million are read",
            "scale it down; 4000 x 4000 is enough for a whole page",
        )
    return image


def _attempt(read: Callable[[], T]) -> T:
    """Call into Pillow, and say of whatever comes out that the picture is broken."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata, and sizes that are checked here
            return read()
    except Image.DecompressionBombError:
        message = f"far more than the {MAX_PIXELS // 1_000_000} million pixels that are read"
        raise UnusablePictureError(message, "scale it down; 4000 x 4000 is enough for a whole page") from None
    except Exception as error:  # files of others: struct.error, zlib.error, KeyError, SyntaxError, ...
        reason = str(error).split(" <_io")[0] or type(error).__name__
        raise UnusablePictureError(f"is broken or cut off ({reason})", _AGAIN) from None


def _require_plain(image: Image.Image, raw: bytes) -> None:
    """Refuse what is more than one opaque picture of 8 bits in RGB or grey."""
    is_png = image.format == "PNG"  # a JPEG may carry further ones for depth or a preview (MPO): the first counts
    if is_png and getattr(image, "is_animated", False):
        raise UnusablePictureError("is animated", "save the one picture of it that is meant")
    if is_png and raw[24:25] == b"\x10":  # PNG 3rd edition, 11.2.1: bit depth
        raise UnusablePictureError("has 16 bits a channel, expected 8", "save it with 8 bits a channel")
    if image.has_transparency_data:
        hint = "put a background behind it, and save it without transparency (alpha channel)"
        raise UnusablePictureError("is transparent", hint)
    if image.mode not in (*_GREY, "P", "RGB"):
        message = f"is in {image.mode}, expected RGB or grey"
        raise UnusablePictureError(message, "save it as RGB (sRGB); the build makes the CMYK of the press from that")


def _require_profile(image: Image.Image) -> None:
    """Refuse a profile that does not fit the picture, or that nothing can be made from."""
    try:
        profile = _read_profile(image)
        if profile is None:
            return
        space = _name_space(profile)
        if space != "RGB" and not (space == "GRAY" and image.mode in _GREY):
            found = "grey" if image.mode in _GREY else "RGB"
            raise UnusablePictureError(f"is in {found}, and its colour profile is for {space}", "save it as sRGB")
        mode = "L" if space == "GRAY" else "RGB"
        ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        raise UnusablePictureError("has a broken colour profile", "save it as sRGB") from None


def _read_orientation(image: Image.Image) -> int:
    return _attempt(lambda: int(image.getexif().get(ExifTags.Base.Orientation, 1)))
