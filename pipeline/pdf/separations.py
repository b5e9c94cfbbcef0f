"""An image -> the same image of one ink alone, in DeviceGray, from its device values: nothing converts a colour here.

Samples are taken as the file has them (ISO 32000-2 8.9.5), CMYK with a profile too: the press gets the same numbers.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

import pikepdf
from pikepdf import Array, Name, Stream
from PIL import Image, UnidentifiedImageError

from pipeline.pdf.colours import PROCESS, Space, read_inks, read_space
from pipeline.pdf.shadings import UnmeasuredError
from pipeline.pdf.unpack import TooLargeError, read_stream

MAX_PIXELS = 89_000_000  # of one image, as in Pillow; an A1 at 300 ppi has 70 million
SIDE = 1500  # pixels that are enough of one side: ink is averaged over 15 mm
_CMYK = ("DeviceCMYK", "ICCBased 4")
_GRAY = ("DeviceGray", "CalGray", "ICCBased 1")


class ImageSeparations:
    """The images of one file; each is decoded once for its four plates."""

    def __init__(self) -> None:
        self._decoded: dict[tuple[int, int], tuple[Image.Image, ...]] = {}

    def separate(self, document: pikepdf.Pdf, image: Any, resources: Any, plate: str) -> Any:
        """Return an image as it is on the plate of one ink, with the masks that it has.

        Raises:
            UnmeasuredError: that cannot be told.
        """
        if isinstance(image.get("/Mask"), Array):
            raise UnmeasuredError("an image masked by its colours")
        space = read_space(image.get("/ColorSpace"), resources)
        raw = image.get("/ColorSpace")
        if isinstance(raw, Array) and str(raw[0]) in ("/Indexed", "/I"):
            return _replace(document, image, _recolour_table(raw, space, plate))
        if space.name in _CMYK:
            return self._split(document, image, plate)
        if space.name in _GRAY:
            return _replace(document, image, Name.DeviceGray) if plate == "Black" else _blank(document, image)
        if len(space.colorants) == 1 and space.colorants[0] in (*PROCESS, "All"):
            if space.colorants[0] not in (plate, "All"):
                return _blank(document, image)
            low, high = image.get("/Decode", [0, 1])
            return _replace(document, image, Name.DeviceGray, Decode=[float(high), float(low)])
        raise UnmeasuredError(f"{space.name} in an image")

    def _split(self, document: pikepdf.Pdf, image: Any, plate: str) -> Any:
        key = image.objgen
        if key not in self._decoded:
            self._decoded[key] = _decode(image)
        part = self._decoded[key][PROCESS.index(plate)]
        width, height = part.size
        made = Stream(
            document, part.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height,
            BitsPerComponent=8, ColorSpace=Name.DeviceGray,
        )  # fmt: skip
        return _keep_masks(image, made)


def _decode(image: Any) -> tuple[Image.Image, ...]:
    """Return the four inks of a CMYK image as light: 255 is none."""
    width, height = int(image.Width), int(image.Height)
    if width * height > MAX_PIXELS:
        raise UnmeasuredError(f"an image of {width} x {height} pixels")
    filters = image.get("/Filter")
    filters = [filters] if isinstance(filters, Name) else list(filters or [])
    if filters == [Name.DCTDecode]:
        whole = _decode_jpeg(bytes(image.read_raw_bytes()), (width, height))
    elif int(image.get("/BitsPerComponent", 8)) == 8:
        try:
            data = read_stream(image, 4 * width * height + 1024)
            whole = Image.frombytes("CMYK", (width, height), data[: 4 * width * height])
        except (TooLargeError, ValueError):
            raise UnmeasuredError(f"an image packed by {' and '.join(str(it)[1:] for it in filters)}") from None
    else:
        raise UnmeasuredError(f"a CMYK image of {int(image.BitsPerComponent)} bits")
    whole = whole.reduce(max(1, min(whole.size) // SIDE))
    decode = [float(it) for it in image.get("/Decode", [0, 1] * 4)]
    return tuple(
        part.point([round(255 * (1 - low - (high - low) * value / 255)) for value in range(256)])
        for part, low, high in zip(whole.split(), decode[::2], decode[1::2], strict=True)
    )


def _decode_jpeg(data: bytes, size: tuple[int, int]) -> Image.Image:
    """Decode a CMYK JPEG; Pillow takes all of them for turned from ink to light, as Adobe does, so they turn back."""
    try:
        with warnings.catch_warnings(action="error"), Image.open(io.BytesIO(data), formats=["JPEG"]) as opened:
            if opened.mode != "CMYK" or opened.size != size:
                raise UnmeasuredError("a JPEG of another kind than its image says")
            opened.draft("CMYK", (SIDE, SIDE))
            opened.load()
            return opened.point([255 - value for value in range(256)] * 4)
    except (UnidentifiedImageError, OSError, SyntaxError, Warning, Image.DecompressionBombError):
        raise UnmeasuredError("an image that cannot be decoded") from None


def _recolour_table(raw: Any, space: Space, plate: str) -> Array:
    """Return an Indexed space of one ink: only its table changes, its samples stay."""
    table = raw[3]
    data = read_stream(table, 1 << 16) if isinstance(table, Stream) else bytes(table)
    size = len(space.colorants) or {True: 4, False: 1}[space.name in _CMYK]
    shades = bytearray()
    for at in range(0, size * (int(raw[2]) + 1), size):
        values = tuple(byte / 255 for byte in data[at : at + size])
        inks = read_inks(space.name, values, space.colorants)
        if inks is None or set(inks) - {*PROCESS, "All"}:
            raise UnmeasuredError(f"{space.name} in an image")
        shades.append(round(255 * (1 - inks.get(plate, inks.get("All", 0.0)))))
    return Array([Name.Indexed, Name.DeviceGray, len(shades) - 1, pikepdf.String(bytes(shades))])


def _replace(document: pikepdf.Pdf, image: Any, space: Any, **keys: Any) -> Any:
    """Return an image with the same samples in another space."""
    made = Stream(document, bytes(image.read_raw_bytes()))
    for key in ("/Type", "/Subtype", "/Width", "/Height", "/BitsPerComponent", "/Filter", "/DecodeParms", "/Decode"):
        if key in image:
            made[key] = image[key]
    made.ColorSpace = space
    for key, value in keys.items():
        made[f"/{key}"] = Array(value)
    return _keep_masks(image, made)


def _blank(document: pikepdf.Pdf, image: Any) -> Any:
    """Return what knocks out: the image without ink."""
    made = Stream(
        document, b"\xff", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8,
        ColorSpace=Name.DeviceGray,
    )  # fmt: skip
    return _keep_masks(image, made)


def _keep_masks(image: Any, made: Any) -> Any:
    for key in ("/SMask", "/Mask"):
        if key in image:
            made[key] = image[key]
    return made
