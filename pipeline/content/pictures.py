"""Pictures that content names -> what is known of their files; each is held against the size it is printed at."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.content.reader import Reader
from pipeline.content.source import FieldPath, Source
from pipeline.resources import check_path
from pipeline.storage import hash_file
from pipeline.units import Size, inches, mm

PPI_LEAST = 300  # pixels per inch of a photograph on paper; half as many look soft
PIXEL_SLACK = 0.01  # of a pixel, for sizes that were computed


@dataclass(frozen=True)
class Picture:
    """A photograph that content names, and that was checked.

    Attributes:
        path: as written, relative to the project.
        file: where it is.
        sha256: of the file.
        pixels: width and height, upright.
    """

    path: str
    file: Path
    sha256: str
    pixels: tuple[int, int]


@dataclass(frozen=True)
class PlacedPicture:
    """A picture in the box that it fills.

    Attributes:
        picture: the file.
        size: of the box, in points; what sticks out in the proportion of the picture is cut off on both sides.
    """

    picture: Picture
    size: Size

    @property
    def name(self) -> str:
        """Name of the file that a layout reads it from; another picture or another size is another name."""
        width, height = (round(100 * length) for length in self.size)
        return f"pictures/{self.picture.sha256[:12]}-{width}x{height}.svg"


def read_pictures(reader: Reader, wanted: Iterable[tuple[Source, FieldPath, str, Size]]) -> dict[str, Picture]:
    """Check every picture at every size it is wanted at.

    Args:
        reader: takes the findings, and the hashes of the files that were read.
        wanted: (file, place in it, path of the picture as written there, size in points).

    Returns:
        Path as written -> picture; those with findings are left out.
    """
    pictures: dict[str, Picture] = {}
    refused = set()
    for source, place, path, size in wanted:
        picture = pictures.get(path) or _read_picture(reader, source, place, path)
        if picture is None or not _check_size(reader, source, place, picture, size):
            refused.add(path)
        else:
            pictures[path] = picture
    return {path: picture for path, picture in pictures.items() if path not in refused}


def _read_picture(reader: Reader, source: Source, place: FieldPath, path: str) -> Picture | None:
    from pipeline.raster import MAX_BYTES, UnusablePictureError

    file, problem = check_path(reader.project, path)
    if problem is not None:
        reader.findings.append(
            source.finding(place, problem.message, problem.hint, missing_asset=problem.missing_asset)
        )
        return None
    try:
        if file.stat().st_size > MAX_BYTES:
            raise UnusablePictureError(f"larger than {MAX_BYTES // 1_000_000} MB", "save it as a JPEG")
        sha256 = hash_file(file)
        if sha256 is None:
            raise UnusablePictureError("cannot be read", "check the permissions of the file")
        reader.extra[path] = sha256
        return Picture(path, file, sha256, _measure(file, sha256))
    except UnusablePictureError as error:
        reader.findings.append(source.finding(place, f"'{path}': {error}", error.hint, missing_asset=True))
        return None


@lru_cache(maxsize=512)  # a project that is watched is read again after each save
def _measure(file: Path, sha256: str) -> tuple[int, int]:
    """Check the file with this hash, and return its pixels."""
    from pipeline.raster import UnusablePictureError, measure_picture

    raw = file.read_bytes()
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise UnusablePictureError("was changed while it was read", "run it again")
    return measure_picture(raw)


def _check_size(reader: Reader, source: Source, place: FieldPath, picture: Picture, size: Size) -> bool:
    """Say whether there are pixels enough to fill the box; a finding where there are not."""
    needed = tuple(math.ceil(inches(length) * PPI_LEAST - PIXEL_SLACK) for length in size)
    if all(found >= least for found, least in zip(picture.pixels, needed, strict=True)):
        return True
    message = (
        f"'{picture.path}': {picture.pixels[0]} x {picture.pixels[1]} pixels, at least {needed[0]} x {needed[1]} "
        f"are needed for {mm(size.width):.0f} x {mm(size.height):.0f} mm ({PPI_LEAST} ppi)"
    )
    hint = "take the picture as the camera made it; enlarging this one does not make it sharper"
    reader.findings.append(source.finding(place, message, hint, missing_asset=True))
    return False
