"""A checked picture and its box -> what Typst embeds: cut to the box, as fine as the medium shows, in its colours.

For the screen a JPEG in sRGB. For print one conversion from the profile of the picture to that of the press, as a CMYK
JPEG: Typst 0.15 embeds it byte by byte as DeviceCMYK (with the inverted /Decode that Adobe's marker asks for), where it
would write RGB and grey as ICCBased. No metadata is passed on: photographs know where they were taken.
"""

from __future__ import annotations

import base64
import hashlib
import io
import math
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageMath

from pipeline.content.pictures import PIXEL_SLACK, PlacedPicture
from pipeline.document import Medium
from pipeline.errors import AssetError, Finding
from pipeline.raster import Raster, read_raster
from pipeline.storage import hash_file, named_errors
from pipeline.units import Size, inches

PPI_MOST = {"screen": 220, "forms": 220, "print": 450}  # more is not seen: on a phone, at the raster of the press
QUALITY = {"screen": 85, "forms": 85, "print": 95}
INK_MOST = 300  # per cent, all four inks together, of every pixel as it is embedded (coated paper)
STRIP = 256  # rows that are counted at a time
_INK_FULL = 255 * INK_MOST // 100
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION

Box = tuple[int, int, int, int]


def load_picture(placed: PlacedPicture, medium: Medium, profile: Path) -> bytes:
    """Return the picture as the file `placed.name`: an SVG that holds nothing but the JPEG, as large as the box.

    typst-py 0.15.2 takes files in memory as text only. An SVG is text, and Typst embeds the JPEG in it unchanged.

    Raises:
        AssetError: the file is another one than was checked, or the profile is none for CMYK.
        StorageError: the file cannot be read.
    """
    return _load(placed, medium, profile, hash_file(profile) if medium == "print" else None)


@lru_cache(maxsize=32)  # three booklets with one portrait; and while one watches, each save
def _load(placed: PlacedPicture, medium: Medium, profile: Path, _profile_hash: str | None) -> bytes:
    picture = placed.picture
    with named_errors(picture.file):
        raw = picture.file.read_bytes()
    if hashlib.sha256(raw).hexdigest() != picture.sha256:
        finding = Finding(picture.path, "", "was changed while it was used", "run it again", missing_asset=True)
        raise AssetError(findings=[finding])
    encoded = base64.b64encode(convert_picture(raw, medium, placed.size, profile)).decode()
    width, height = placed.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.4f}pt" height="{height:.4f}pt" '
        f'viewBox="0 0 {width:.4f} {height:.4f}">'
        f'<image width="{width:.4f}" height="{height:.4f}" preserveAspectRatio="none" '
        f'href="data:image/jpeg;base64,{encoded}"/></svg>'
    ).encode()


def convert_picture(raw: bytes, medium: Medium, size: Size, profile: Path) -> bytes:
    """Make the JPEG that is embedded: cut centrally to the proportion of the box, and never enlarged.

    The same picture gives the same bytes.

    Args:
        raw: a JPEG or PNG that was measured.
        medium: CMYK for print, sRGB or grey for all else.
        size: of the box, in points.
        profile: ICC profile of the press, for print.

    Raises:
        AssetError: the profile is none for CMYK.
    """
    most = PPI_MOST[medium]
    width, height = (math.ceil(2 * inches(length) * most) for length in size)  # twice: the scaling is done below
    raster = read_raster(raw, (width, height))
    image = _fill(raster.image, size, most)
    if medium != "print":
        return _write_jpeg(_show(image, raster), QUALITY[medium])
    inks = _print_grey(image, raster, profile) if raster.grey else _print_colour(image, raster, profile)
    return _write_inks(inks, QUALITY[medium])


def _fill(image: Image.Image, size: Size, most: float) -> Image.Image:
    """Cut the middle out of a picture in the proportion of the box, and scale it down to `most` ppi."""
    lengths = [inches(length) for length in size]
    ppi = min(pixels / length for pixels, length in zip(image.size, lengths, strict=True))
    if ppi > most:
        width, height = (max(1, math.floor(length * most + PIXEL_SLACK)) for length in lengths)
        cut = [length * ppi for length in lengths]
        x0, y0 = ((whole - part) / 2 for whole, part in zip(image.size, cut, strict=True))
        return image.resize((width, height), Image.Resampling.LANCZOS, (x0, y0, x0 + cut[0], y0 + cut[1]))
    width, height = (
        min(whole, math.ceil(length * ppi - PIXEL_SLACK)) for whole, length in zip(image.size, lengths, strict=True)
    )
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


# ------------------------------------------------------------------------------------------ colours


def _show(image: Image.Image, raster: Raster) -> Image.Image:
    """Convert to sRGB, grey to the grey of sRGB."""
    shown = _convert(image, raster.profile, _make_srgb(), "RGB") if raster.profile else image
    return shown.convert("L") if raster.grey else shown


def _print_colour(image: Image.Image, raster: Raster, profile: Path) -> Image.Image:
    return _convert(image, raster.profile or _make_srgb(), _open_press(profile), "CMYK")


def _print_grey(image: Image.Image, raster: Raster, profile: Path) -> Image.Image:
    """Print a grey picture in black ink alone, so that no other plate can tint or blur it."""
    black = _show(image, raster).point(_read_blacks(_open_press(profile)))
    none = Image.new("L", image.size, 0)
    return Image.merge("CMYK", (none, none, none, black))


def _make_srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _open_press(profile: Path) -> ImageCms.ImageCmsProfile:
    with named_errors(profile):
        raw = profile.read_bytes()
    try:
        press = ImageCms.ImageCmsProfile(io.BytesIO(raw))
    except (ImageCms.PyCMSError, OSError):
        press = None
    if press is None or press.profile.xcolor_space != "CMYK":
        finding = Finding(f"assets/icc/{profile.name}", "", "is no ICC profile for CMYK", "put the profile back")
        raise AssetError(findings=[finding])
    return press


def _convert(
    image: Image.Image, source: ImageCms.ImageCmsProfile, target: ImageCms.ImageCmsProfile, mode: str
) -> Image.Image:
    """Convert between two profiles: relative colorimetric, with black point compensation."""
    transform = ImageCms.buildTransform(source, target, image.mode, mode, _INTENT, _FLAGS)
    converted = ImageCms.applyTransform(image, transform)
    assert converted is not None  # only `inPlace` returns nothing
    return converted


def _read_blacks(press: ImageCms.ImageCmsProfile) -> list[int]:
    """Return the black ink for each of 256 greys of sRGB, as the press prints it.

    The lightness of the paper stands for white, that of full black ink for black; between them the luminances are
    those of the picture (as black point compensation does, ISO 18619).
    """
    none, ramp = Image.new("L", (256, 1), 0), Image.frombytes("L", (256, 1), bytes(range(256)))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    transform = ImageCms.buildTransform(press, lab, "CMYK", "LAB", _INTENT)
    printed = ImageCms.applyTransform(Image.merge("CMYK", (none, none, none, ramp)), transform)
    assert printed is not None
    lightness = [100 * value / 255 for value in printed.getchannel("L").tobytes()]
    # Steps of one value have several inks: each stands for their middle, the first for none and the last for full.
    inks_of = {value: [ink for ink in range(256) if lightness[ink] == value] for value in lightness}
    steps = sorted((value, sum(inks) / len(inks)) for value, inks in inks_of.items())
    steps[0], steps[-1] = (steps[0][0], 255), (steps[-1][0], 0)
    darkest, lightest = _luminance(steps[0][0]), _luminance(steps[-1][0])
    return [round(_interpolate(steps, darkest + (lightest - darkest) * _linear(grey / 255))) for grey in range(256)]


def _interpolate(steps: list[tuple[float, float]], luminance: float) -> float:
    """Return the ink at a luminance, between two steps of (lightness, ink)."""
    wanted = _lightness(luminance)
    after = min(max(bisect_left(steps, (wanted, 0.0)), 1), len(steps) - 1)
    (low, much), (high, less) = steps[after - 1], steps[after]
    return min(max(much + (less - much) * (wanted - low) / (high - low), 0), 255)


def _linear(value: float) -> float:
    """IEC 61966-2-1: a value of sRGB -> light."""
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)


def _luminance(lightness: float) -> float:
    """CIE 15: L* from 0 to 100 -> Y from 0 to 1."""
    return float(((lightness + 16) / 116) ** 3 if lightness > 8 else lightness * (3 / 29) ** 3)


def _lightness(luminance: float) -> float:
    """CIE 15: Y from 0 to 1 -> L* from 0 to 100."""
    return float(116 * luminance ** (1 / 3) - 16 if luminance > (6 / 29) ** 3 else luminance * (29 / 3) ** 3)


# ------------------------------------------------------------------------------------------ bytes


def _write_inks(inks: Image.Image, quality: int) -> bytes:
    """Write a CMYK JPEG with no pixel over INK_MOST.

    Where the profile gives more (FOGRA39: 317 % in near black), cyan, magenta and yellow are taken back in their own
    proportion; black stays. The JPEG is looked at again, because packing moves the values by some per cent.
    """
    allowed = _INK_FULL
    while True:
        jpeg = _write_jpeg(_limit(inks, allowed), quality)
        over = _measure_ink(Image.open(io.BytesIO(jpeg))) - _INK_FULL
        if over <= 0:
            return jpeg
        allowed -= over


def _measure_ink(inks: Image.Image) -> int:
    """Return the most ink of any pixel, 255 for each."""

    def add(it: dict[str, Any]) -> Any:
        return it["C"] + it["M"] + it["Y"] + it["K"]

    return max(int(ImageMath.lambda_eval(add, **_split(inks, box)).getextrema()[1]) for box in _list_strips(inks))


def _limit(inks: Image.Image, allowed: int) -> Image.Image:
    """Take cyan, magenta and yellow back where all four are more than `allowed`."""
    limited = inks.copy()
    for box in _list_strips(inks):
        bands = _split(inks, box)
        taken = [_take_back(bands, name, allowed) for name in "CMY"]
        limited.paste(Image.merge("CMYK", (*taken, bands["K"])), box)
    return limited


def _take_back(bands: dict[str, Image.Image], name: str, allowed: int) -> Image.Image:
    def scale(it: dict[str, Any]) -> Any:
        coloured = it["C"] + it["M"] + it["Y"]
        room = it["max"](allowed - it["K"], 0)
        return it["convert"](it[name] * it["min"](room, coloured) / it["max"](coloured, 1), "L")

    taken: Image.Image = ImageMath.lambda_eval(scale, **bands)
    return taken


def _split(inks: Image.Image, box: Box) -> dict[str, Image.Image]:
    return dict(zip("CMYK", inks.crop(box).split(), strict=True))


def _list_strips(image: Image.Image) -> list[Box]:
    """Return the boxes of strips: sums take four bytes a value, and a page at 450 ppi has twenty million."""
    tops = range(0, image.height, STRIP)
    return [(0, top, image.width, min(top + STRIP, image.height)) for top in tops]


def _write_jpeg(image: Image.Image, quality: int) -> bytes:
    image.info = {}  # Pillow would pass on comments
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=0, optimize=True)
    return out.getvalue()
