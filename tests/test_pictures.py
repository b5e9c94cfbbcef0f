"""Photographs: bad files are refused with a reason, good ones reach the press in its own inks."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageCms, ImageMath

from pipeline import plan
from pipeline.content.parse import read_source
from pipeline.content.pictures import Picture, PlacedPicture, read_pictures
from pipeline.content.read import read_toolbox
from pipeline.content.reader import Reader
from pipeline.content.source import FieldPath
from pipeline.document import Expectation, Job, Medium
from pipeline.errors import AssetError, Finding
from pipeline.pdf.colours import read_space
from pipeline.pdf.inspect import inspect_pdf
from pipeline.pdf.press import finish_print
from pipeline.pictures import INK_MOST, convert_picture, load_picture
from pipeline.preflight import Subject, preflight
from pipeline.raster import UnusablePictureError, measure_picture
from pipeline.resources import FONT_SUFFIXES, PACKAGED, overlay_files
from pipeline.snapshot import take_snapshot
from pipeline.typeset import Typesetter, typeset
from pipeline.units import Size, points
from tests.samples import PRESS
from tests.validators import failures

PROFILE = "assets/icc/FOGRA39L_coated.icc"
FOGRA = PACKAGED / PROFILE
BOX = Size(72, 96)  # 300 x 400 pixels at 300 ppi
NAME = "assets/pictures/x.jpg"
BLACK, RED, WHITE = (0, 0, 0), (200, 20, 30), (255, 255, 255)
PLACE: FieldPath = ("portrait", "picture")


def encode(image: Image.Image, format_: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def plain(mode: str = "RGB", size: tuple[int, int] = (300, 400), colour: Any = 0) -> Image.Image:
    return Image.new(mode, size, colour)


def noise(size: tuple[int, int] = (300, 400), most: int = 255) -> Image.Image:
    """Every pixel is another one, so that no format packs it to nothing; the same in every run."""
    seed, raw = b"drukwerk", b""
    while len(raw) < 3 * size[0] * size[1]:
        seed = hashlib.sha512(seed).digest()
        raw += seed
    return Image.frombytes("RGB", size, raw[: 3 * size[0] * size[1]]).point(lambda value: value * most // 255)


def portrait() -> Image.Image:
    """A white picture with a black square at the top and a red one at the bottom."""
    image = plain(size=(600, 800), colour=WHITE)
    image.paste(BLACK, (0, 0, 200, 200))
    image.paste(RED, (400, 600, 600, 800))
    return image


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it has this many pixels, and holds none."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def deep() -> bytes:
    """An RGB PNG of 16 bits, which Pillow reads but does not write."""
    rows = b"".join(b"\0" + bytes(6 * 300) for _ in range(400))
    head = struct.pack(">IIBBBBB", 300, 400, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def flip(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 0xFF]) + raw[at + 1 :]


def lab_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


# ------------------------------------------------------------------------------------------ reading


def read(project: Path, raw: bytes | None, path: str = NAME, *sizes: Size) -> tuple[dict[str, Picture], Reader]:
    """Read one picture that a YAML file names on its second line."""
    (project / "content").mkdir(exist_ok=True)
    file = project / "content/verdieping.yml"
    file.write_text("portrait:\n  picture: x\n", "utf-8")
    if raw is not None:
        (project / NAME).parent.mkdir(parents=True, exist_ok=True)
        (project / NAME).write_bytes(raw)
    source = read_source(file, "content/verdieping.yml")
    reader = Reader(project, project / "content")
    return read_pictures(reader, [(source, PLACE, path, size) for size in sizes or (BOX,)]), reader


GOOD: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: encode(plain(), "JPEG"),
    "grey JPEG": lambda: encode(plain("L"), "JPEG"),
    "progressive JPEG": lambda: encode(noise(), "JPEG", progressive=True),
    "PNG": lambda: encode(plain()),
    "grey PNG": lambda: encode(plain("L")),
    "one bit": lambda: encode(plain("1")),
    "palette": lambda: encode(plain("P")),
    "own profile": lambda: encode(plain(), "JPEG", icc_profile=srgb_profile()),
    "grey with an RGB profile": lambda: encode(plain("L"), "JPEG", icc_profile=srgb_profile()),
    "second picture for depth": lambda: encode(plain(), "MPO", save_all=True, append_images=[plain(size=(30, 40))]),
}


@pytest.mark.parametrize("case", GOOD)
def test_a_good_picture_is_read(case: str, tmp_path: Path) -> None:
    raw = GOOD[case]()
    pictures, reader = read(tmp_path, raw)
    sha256 = hashlib.sha256(raw).hexdigest()
    assert reader.findings == []
    assert pictures == {NAME: Picture(NAME, tmp_path / NAME, sha256, (300, 400))}
    assert reader.extra == {NAME: sha256}
    assert PlacedPicture(pictures[NAME], BOX).name == f"pictures/{sha256[:12]}-7200x9600.svg"
    for medium, mode in (("screen", "RGB"), ("print", "CMYK")):
        made = Image.open(io.BytesIO(convert_picture(raw, medium, BOX, FOGRA)))  # type: ignore[arg-type]
        assert made.mode in (mode, "L" if medium == "screen" else "CMYK")


BAD: dict[str, tuple[Callable[[], bytes | None], str, str]] = {
    "missing": (lambda: None, "the file 'assets/pictures/x.jpg' is missing", "put the file there"),
    "empty": (lambda: b"", "is no JPEG or PNG", "save it as JPEG or PNG"),
    "text": (lambda: b"a portrait", "is no JPEG or PNG", "save it as JPEG or PNG"),
    "SVG": (lambda: b"<?xml version='1.0'?><svg/>", "is an SVG drawing, expected JPEG or PNG", "save it as"),
    "GIF": (lambda: encode(plain("P"), "GIF"), "is a GIF, expected JPEG or PNG", "save it as JPEG or PNG"),
    "animated GIF": (
        lambda: encode(plain("P"), "GIF", save_all=True, append_images=[plain("P", colour=1)]), "is a GIF", "save it as"
    ),
    "TIFF": (lambda: encode(plain(), "TIFF"), "is a TIFF, expected JPEG or PNG", "save it as JPEG or PNG"),
    "Lab": (lambda: encode(plain("LAB"), "TIFF"), "is a TIFF, expected JPEG or PNG", "in RGB or grey"),
    "WebP": (lambda: encode(plain(), "WEBP"), "is a WebP, expected JPEG or PNG", "save it as JPEG or PNG"),
    "BMP": (lambda: encode(plain(), "BMP"), "is a BMP, expected JPEG or PNG", "save it as JPEG or PNG"),
    "head only": (lambda: encode(plain(), "JPEG")[:20], "is broken or cut off", "from the original"),
    "cut JPEG": (lambda: encode(noise(), "JPEG")[:-2000], "is broken or cut off", "from the original"),
    "cut progressive": (
        lambda: encode(noise(), "JPEG", progressive=True)[:-2000], "is broken or cut off", "from the original"
    ),
    "cut PNG": (lambda: encode(noise())[:-2000], "is broken or cut off", "from the original"),
    "PNG without its end": (lambda: encode(noise())[:-12], "is broken or cut off", "from the original"),
    "wrong byte in a PNG": (lambda: flip(encode(noise()), 20_000), "is broken or cut off", "from the original"),
    "100 million pixels": (lambda: bomb(10_000, 10_000), "10000 x 10000 pixels, at most 64 million", "scale it down"),
    "10 milliard pixels": (lambda: bomb(100_000, 100_000), "far more than the 64 million pixels", "scale it down"),
    "too small": (
        lambda: encode(plain(size=(299, 2000)), "JPEG"),
        "299 x 2000 pixels, at least 300 x 400 are needed for 25 x 34 mm (300 ppi)",
        "as the camera made it",
    ),
    "too small when cut": (lambda: encode(plain(size=(500, 399))), "500 x 399 pixels", "as the camera made it"),
    "alpha": (lambda: encode(plain("RGBA")), "is transparent", "without transparency"),
    "grey with alpha": (lambda: encode(plain("LA")), "is transparent", "without transparency"),
    "transparent palette": (lambda: encode(plain("P"), transparency=0), "is transparent", "without transparency"),
    "transparent colour": (lambda: encode(plain(), transparency=BLACK), "is transparent", "without transparency"),
    "CMYK": (lambda: encode(plain("CMYK"), "JPEG"), "is in CMYK, expected RGB or grey", "save it as RGB (sRGB)"),
    "16 bits": (lambda: encode(plain("I;16")), "has 16 bits a channel, expected 8", "8 bits a channel"),
    "16 bits in RGB": (deep, "has 16 bits a channel, expected 8", "8 bits a channel"),
    "animated PNG": (
        lambda: encode(plain(), save_all=True, append_images=[plain(colour=RED)]), "is animated", "the one picture"
    ),
    "profile of a press": (
        lambda: encode(plain(), "JPEG", icc_profile=FOGRA.read_bytes()), "its colour profile is for CMYK", "sRGB"
    ),
    "Lab profile": (lambda: encode(plain(), icc_profile=lab_profile()), "its colour profile is for Lab", "sRGB"),
    "broken profile": (lambda: encode(plain(), icc_profile=b"x" * 200), "has a broken colour profile", "sRGB"),
    "cut profile": (
        lambda: encode(plain(), icc_profile=srgb_profile()[:300]), "has a broken colour profile", "sRGB"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_picture_is_a_finding_at_its_line(case: str, tmp_path: Path) -> None:
    make, message, hint = BAD[case]
    pictures, reader = read(tmp_path, make())
    (finding,) = reader.findings
    assert pictures == {}
    assert (finding.place, finding.field) == ("content/verdieping.yml:2", "portrait.picture")
    assert message in finding.message
    assert NAME in finding.message
    assert hint in finding.hint
    assert "\n" not in finding.message
    assert "0x" not in finding.message
    assert finding.missing_asset


def link(project: Path, outside: Path) -> None:
    (project / NAME).parent.mkdir(parents=True)
    (project / NAME).symlink_to(outside)


@pytest.mark.parametrize("path", ["../x.jpg", "{outside}/x.jpg", NAME])
def test_a_picture_outside_the_project_is_not_read(path: str, tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "x.jpg"
    project.mkdir()
    outside.write_bytes(encode(plain(), "JPEG"))
    link(project, outside)
    pictures, reader = read(project, None, path.format(outside=tmp_path))
    (finding,) = reader.findings
    assert (pictures, reader.extra) == ({}, {})
    assert "lies outside the project" in finding.message
    assert not finding.missing_asset


def test_a_folder_and_a_pipe_are_no_pictures(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir(parents=True)
    assert "is no ordinary file" in read(tmp_path, None)[1].findings[0].message
    (tmp_path / NAME).rmdir()
    os.mkfifo(tmp_path / NAME)
    assert "is no ordinary file" in read(tmp_path, None)[1].findings[0].message


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / NAME).parent.mkdir(parents=True)
    with (tmp_path / NAME).open("wb") as file:
        file.truncate(200_000_000)
    (finding,) = read(tmp_path, None)[1].findings
    assert "larger than 100 MB" in finding.message


def test_a_picture_is_held_against_each_size_it_is_placed_at(tmp_path: Path) -> None:
    raw = encode(plain(), "JPEG")
    assert read(tmp_path, raw, NAME, BOX, Size(36, 36))[1].findings == []
    pictures, reader = read(tmp_path, raw, NAME, BOX, Size(73, 96), Size(36, 36))
    assert pictures == {}
    assert len(reader.findings) == 1
    assert "at least 305 x 400" in reader.findings[0].message


def test_a_picture_lying_on_its_side_is_measured_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    pictures, _ = read(tmp_path, encode(plain(size=(400, 300)), "JPEG", exif=exif))
    assert pictures[NAME].pixels == (300, 400)


def test_damage_at_any_place_never_stops_the_reading() -> None:
    small = noise((40, 40))
    for raw in (encode(small), encode(small, "JPEG", exif=located()), encode(small, icc_profile=srgb_profile())):
        for at in range(2, len(raw), 7):
            for spoilt in (flip(raw, at), raw[:at]):
                with contextlib.suppress(UnusablePictureError):
                    assert min(measure_picture(spoilt)) > 0


# ------------------------------------------------------------------------------------------ converting


def located() -> Image.Exif:
    """Metadata of a phone: where the picture was taken, by whom, which side is up."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = "Somebody"
    exif[0x8825] = {1: "N", 2: (52.0, 22.0, 0.0), 3: "E", 4: (4.0, 53.0, 0.0)}
    return exif


def convert(image: Image.Image, medium: Medium, size: Size = BOX, **options: Any) -> Image.Image:
    raw = encode(image, "JPEG" if "quality" in options else "PNG", **options)
    return Image.open(io.BytesIO(convert_picture(raw, medium, size, FOGRA)))


def press(colour: tuple[int, int, int]) -> tuple[int, ...]:
    """What the profile says, by another road through Pillow."""
    made = ImageCms.profileToProfile(
        plain(size=(1, 1), colour=colour), ImageCms.createProfile("sRGB"), str(FOGRA),
        ImageCms.Intent.RELATIVE_COLORIMETRIC, "CMYK", flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )  # fmt: skip
    assert made is not None
    return pixel(made, 0, 0)


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    found = image.getpixel((x, y))
    assert isinstance(found, tuple)
    return tuple(int(value) for value in found)


def alike(found: tuple[int, ...], expected: tuple[int, ...], slack: int = 2) -> bool:
    return max(abs(a - b) for a, b in zip(found, expected, strict=True)) <= slack


def most_ink(image: Image.Image) -> float:
    bands: dict[str, Any] = dict(zip("CMYK", image.split(), strict=True))
    total = ImageMath.lambda_eval(lambda it: it["C"] + it["M"] + it["Y"] + it["K"], **bands)
    return float(total.getextrema()[1]) / 2.55


@pytest.mark.parametrize(
    ("medium", "pixels", "size", "expected"),
    [
        ("print", (300, 400), BOX, (300, 400)),  # as it is
        ("print", (450, 600), BOX, (450, 600)),
        ("print", (4500, 6000), BOX, (450, 600)),  # scaled down to 450 ppi
        ("screen", (4500, 6000), BOX, (220, 293)),
        ("forms", (4500, 6000), BOX, (220, 293)),
        ("screen", (100, 100), BOX, (75, 100)),  # never enlarged
        ("print", (2000, 400), BOX, (300, 400)),  # cut to the proportion
        ("print", (300, 2000), BOX, (300, 400)),
        ("print", (709, 945), Size(points(60), points(80)), (709, 945)),
    ],
)
def test_a_picture_is_as_fine_as_its_medium_shows(
    medium: Medium, pixels: tuple[int, int], size: Size, expected: tuple[int, int]
) -> None:
    assert convert(plain("L", pixels), medium, size).size == expected


def test_the_middle_of_a_picture_stays() -> None:
    image = plain(size=(900, 400), colour=WHITE)
    image.paste(RED, (300, 0, 600, 400))
    for scale in (1, 3):  # cut, and cut and scaled
        made = convert(image.resize((900 * scale, 400 * scale)), "screen", Size(72, 96))
        assert all(alike(pixel(made, x, 100), RED, 6) for x in (5, made.width // 2, made.width - 6))


def test_colours_are_those_of_the_profile_and_no_pixel_has_too_much_ink() -> None:
    made = convert(portrait(), "print", Size(144, 192))
    assert made.mode == "CMYK"
    assert pixel(made, 300, 400) == (0, 0, 0, 0)
    assert alike(pixel(made, 550, 750), press(RED))
    assert sum(press(BLACK)) > INK_MOST * 2.55, "the profile gives more than is allowed: so it is taken back"
    *colours, black = pixel(made, 100, 100)
    assert black >= press(BLACK)[3] - 2
    assert [a / sum(colours) for a in colours] == pytest.approx(
        [a / sum(press(BLACK)[:3]) for a in press(BLACK)[:3]], abs=0.01
    )
    assert INK_MOST - 5 < most_ink(made) <= INK_MOST


def test_noise_in_near_black_has_not_too_much_ink_once_it_is_packed() -> None:
    assert INK_MOST - 10 < most_ink(convert(noise(most=40), "print")) <= INK_MOST


@pytest.mark.parametrize("options", [{}, {"icc_profile": srgb_profile()}], ids=["bare", "profile"])
def test_grey_is_black_ink_alone_from_paper_to_full(options: dict[str, Any]) -> None:
    image = Image.linear_gradient("L").resize((300, 400))
    made = convert(image, "print", **options)
    cyan, magenta, yellow, black = made.split()
    assert [band.getextrema() for band in (cyan, magenta, yellow)] == [(0, 0)] * 3
    assert black.getextrema() == (0, 255)
    column = [black.getpixel((150, y)) for y in range(0, 400, 20)]
    assert column == sorted(column, reverse=True)  # type: ignore[type-var]
    assert convert(image, "screen", **options).mode == "L"


def test_middle_grey_is_printed_as_light_as_it_looks() -> None:
    """By the profile, with paper for white and full black ink for black."""
    black = pixel(convert(plain("L", colour=128), "print"), 9, 9)[3]
    lab = ImageCms.createProfile("LAB")
    to_lab = ImageCms.buildTransform(str(FOGRA), lab, "CMYK", "LAB", ImageCms.Intent.RELATIVE_COLORIMETRIC)
    made = ImageCms.applyTransform(plain("CMYK", (1, 1), (0, 0, 0, black)), to_lab)
    assert made is not None
    assert 100 * pixel(made, 0, 0)[0] / 255 == pytest.approx(55.4, abs=0.8)  # L* of 128, on black of L* 17


def test_another_rgb_profile_is_converted() -> None:
    """A profile whose red and blue change places; then what was written as blue is red."""
    srgb = srgb_profile()
    at = {srgb[i : i + 4]: i for i in range(132, 132 + 12 * 20, 12)}
    red, blue = (srgb[at[tag] + 4 : at[tag] + 8] for tag in (b"rXYZ", b"bXYZ"))
    swapped = bytearray(srgb)
    swapped[at[b"rXYZ"] + 4 : at[b"rXYZ"] + 8], swapped[at[b"bXYZ"] + 4 : at[b"bXYZ"] + 8] = blue, red
    image = plain(colour=RED[::-1])
    assert alike(pixel(convert(image, "screen", icc_profile=bytes(swapped)), 9, 9), RED, 3)
    assert alike(pixel(convert(image, "print", icc_profile=bytes(swapped)), 9, 9), press(RED), 4)


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_a_picture_is_set_upright_and_its_metadata_are_gone(medium: Medium) -> None:
    lying = portrait().transpose(Image.Transpose.ROTATE_90)
    raw = encode(lying, "JPEG", exif=located(), comment=b"Somebody", dpi=(300, 300), icc_profile=srgb_profile())
    assert Image.open(io.BytesIO(raw)).getexif().get_ifd(0x8825)[1] == "N"
    packed = convert_picture(raw, medium, Size(144, 192), FOGRA)
    made, upright = Image.open(io.BytesIO(packed)), convert(portrait(), medium, Size(144, 192))
    places = [(x, y) for x in (10, made.width - 10) for y in (10, made.height - 10)]
    assert all(alike(pixel(made, *place), pixel(upright, *place), 8) for place in places)
    assert len({pixel(made, *place) for place in places}) == 3
    assert [word for word in (b"Exif", b"Somebody", b"ICC_PROFILE", b"ns.adobe") if word in packed] == []
    assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "adobe", "adobe_transform"}


def test_a_picture_that_was_changed_since_it_was_checked_is_not_used(tmp_path: Path) -> None:
    placed = PlacedPicture(read(tmp_path, encode(plain(), "JPEG"))[0][NAME], BOX)
    (tmp_path / NAME).write_bytes(encode(plain(colour=RED), "JPEG"))
    with pytest.raises(AssetError, match="was changed while it was used"):
        load_picture(placed, "print", FOGRA)


def test_a_profile_that_is_none_is_named(tmp_path: Path) -> None:
    for number, raw in enumerate((b"", b"x" * 500, srgb_profile())):
        profile = tmp_path / f"{number}.icc"
        profile.write_bytes(raw)
        with pytest.raises(AssetError, match="is no ICC profile for CMYK"):
            convert_picture(encode(plain()), "print", BOX, profile)


# ------------------------------------------------------------------------------------------ on the page

LAYOUT = """
#let data = json("/data.json")
#let press = data.medium == "print"
#set document(title: "x")
#set page(width: 200pt, height: 100pt, margin: 0pt, bleed: if press { 10pt } else { 0pt })
#set text(font: "Source Sans 3", fill: if press { cmyk(0%, 0%, 0%, 100%) } else { black }, lang: "nl", region: "NL")
Tekst
#for picture in data.pictures { place(top + left, dx: 100pt, image("/" + picture, alt: "portret")) }
"""


@pytest.fixture
def setter(tmp_path: Path) -> Typesetter:
    fonts = overlay_files(tmp_path, "assets/fonts", FONT_SUFFIXES)
    return Typesetter({"page.typ": LAYOUT.encode()}, fonts, 0, profile=FOGRA).prepare(tmp_path / "scratch")


def compile_page(setter: Typesetter, medium: Medium, *pictures: PlacedPicture) -> tuple[bytes, list[Finding]]:
    bleed = 10.0 if medium == "print" else 0.0
    expects = Expectation(medium, Size(200, 100), bleed, 1, "nl-NL")
    names = ", ".join(f'"{it.name}"' for it in pictures)
    data = f'{{"medium": "{medium}", "pictures": [{names}]}}'.encode()
    pdf, _ = typeset(Job("x.pdf", "page.typ", data, expects, pictures=pictures), setter)
    pdf = finish_print(pdf, PRESS) if medium == "print" else pdf
    return pdf, preflight(Subject("x.pdf", pdf, expects))


def images(pdf: bytes) -> Iterator[tuple[str, Image.Image]]:
    """Yield the colour space and the pixels of each image in a file, all of them JPEGs."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for found in document.objects:
            if isinstance(found, pikepdf.Stream) and found.get("/Subtype") == "/Image":
                assert found.Filter == "/DCTDecode"
                yield read_space(found.ColorSpace).name, pikepdf.PdfImage(found).as_pil_image()


def place(project: Path, raw: bytes, size: Size = BOX) -> PlacedPicture:
    pictures, reader = read(project, raw, NAME, size)
    assert reader.findings == []
    return PlacedPicture(pictures[NAME], size)


def test_a_picture_reaches_the_press_in_its_inks(setter: Typesetter, tmp_path: Path) -> None:
    placed = place(tmp_path, encode(portrait(), "JPEG", exif=located(), quality=97), Size(96, 72))
    pdf, findings = compile_page(setter, "print", placed)
    assert findings == []
    assert b"ICCBased" not in pdf
    ((space, image),) = images(pdf)
    assert space == "DeviceCMYK"
    assert image.size == (600, 450)  # 800 x 600 upright, at 450 ppi
    assert alike(pixel(image, 300, 225), (0, 0, 0, 0), 3)
    assert alike(pixel(image, 20, 430), press(RED), 8)
    assert most_ink(image) <= INK_MOST
    assert compile_page(setter, "print", placed)[0] == pdf


def test_a_grey_picture_reaches_the_press_in_black(setter: Typesetter, tmp_path: Path) -> None:
    pdf, findings = compile_page(setter, "print", place(tmp_path, encode(portrait().convert("L"))))
    ((space, image),) = images(pdf)
    assert findings == []
    assert space == "DeviceCMYK"
    assert pixel(image, 50, 50) == (0, 0, 0, 255)
    assert pixel(image, 200, 300) == (0, 0, 0, 0)


@pytest.mark.parametrize(("mode", "space"), [("RGB", "ICCBased 3"), ("L", "ICCBased 1")])
def test_a_picture_on_screen(mode: str, space: str, setter: Typesetter, tmp_path: Path) -> None:
    placed = place(tmp_path, encode(portrait().convert(mode), "JPEG", exif=Image.Exif(), quality=97))
    pdf, findings = compile_page(setter, "screen", placed)
    ((found, image),) = images(pdf)
    assert findings == []
    assert found == space
    assert image.size == (220, 293)
    expected = portrait().convert(mode)
    assert alike(pixel(image.convert("RGB"), 190, 270), pixel(expected.convert("RGB"), 550, 750), 6)
    assert compile_page(setter, "screen", placed)[0] == pdf
    assert failures(pdf, tmp_path) == []


def test_a_picture_fills_its_box_without_a_size_in_the_layout(setter: Typesetter, tmp_path: Path) -> None:
    pdf, _ = compile_page(setter, "print", place(tmp_path, encode(noise()), BOX))
    ((found,),) = [page.images for page in inspect_pdf(pdf).pages]
    assert (found.pixels, found.space, found.see_through) == ((300, 400), "DeviceCMYK", False)
    assert found.ppi == pytest.approx(300, abs=0.01)


def test_one_picture_at_two_sizes_is_two_files(setter: Typesetter, tmp_path: Path) -> None:
    raw = encode(portrait())
    pictures = [place(tmp_path, raw, size) for size in (Size(72, 96), Size(60, 30))]
    pdf, findings = compile_page(setter, "print", *pictures)
    assert findings == []
    assert sorted(image.size for _, image in images(pdf)) == [(375, 187), (450, 600)]


# ------------------------------------------------------------------------------------------ what is stale


def test_another_profile_makes_all_that_goes_to_the_press_anew_and_nothing_else(
    werkstatt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of those files carries it, and pictures are converted to it."""
    toolbox = read_toolbox(werkstatt)
    placed = PlacedPicture(Picture(NAME, werkstatt / NAME, "0" * 64, (300, 400)), BOX)
    plain_ones = plan.plan_documents(toolbox)
    pictured = [replace(it, id=f"{it.id}-met-foto", pictures=(placed,)) for it in plain_ones]
    monkeypatch.setattr(plan, "plan_documents", lambda _: [*plain_ones, *pictured])
    before, snapshot = plan.make_plan(toolbox).recipes, take_snapshot(werkstatt)
    (werkstatt / PROFILE).parent.mkdir(parents=True)
    (werkstatt / PROFILE).write_bytes(FOGRA.read_bytes() + b" ")
    after = plan.make_plan(toolbox).recipes
    changed = {path for path, recipe in after.items() if recipe != before[path]}
    assert changed == {path for path in after if path.startswith(("print/", "sheets/"))}
    assert {it.path for it in pictured if it.medium == "print"} <= changed
    assert take_snapshot(werkstatt) != snapshot


def test_a_job_carries_the_pictures_of_its_document(werkstatt: Path) -> None:
    placed = PlacedPicture(Picture(NAME, werkstatt / NAME, "0" * 64, (300, 400)), BOX)
    document = replace(plan.plan_documents(read_toolbox(werkstatt))[0], pictures=(placed,))
    assert pickle.loads(pickle.dumps(document.job())).pictures == (placed,)


def test_pillow_is_not_imported_where_no_picture_is_named() -> None:
    code = "import sys, pipeline.content.read, pipeline.plan, pipeline.typeset; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
