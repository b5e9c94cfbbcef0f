"""Shops, sheets and paper: what is read, and what is said of a file that is not right."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import ImageCms

from pipeline.content.press import SHEETS, Paper, SheetFile
from pipeline.content.read import read_toolbox
from pipeline.content.read_press import read_press, read_shop
from pipeline.errors import AssetError, ContentError, DrukwerkError, UsageError
from pipeline.resources import PACKAGED
from pipeline.shop import Shop
from pipeline.units import mm, points

SHOP = """title: Ours
bleed: 5mm
profile: own.icc
condition: FOGRA51
ink_limit: 280
"""
SHEET = """title: Ours
kind: cards
paper: A4
margin: 5mm
"""


def write(project: Path, name: str, text: str | bytes) -> Path:
    path = project / "assets" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return project


@pytest.fixture
def fogra() -> bytes:
    return (PACKAGED / "assets/icc/FOGRA39L_coated.icc").read_bytes()


def test_the_default_shop_is_what_the_code_takes_without_one(tmp_path: Path) -> None:
    assert read_shop(tmp_path) == Shop()


def test_a_shop_of_a_project_is_read_with_its_lengths_in_points(tmp_path: Path, fogra: bytes) -> None:
    write(tmp_path, "icc/own.icc", fogra)
    write(tmp_path, "shops/ours.yml", SHOP + "minimum: {text: 7pt, line: 0.1mm, image_ppi: 250}\nspots: [Gold]\n")
    shop = read_shop(tmp_path, "ours")
    assert (shop.name, shop.bleed, shop.profile, shop.condition) == ("ours", points(5), "own.icc", "FOGRA51")
    assert (shop.minimum.text, shop.minimum.coloured_text, shop.minimum.image_ppi) == (7, 8, 250)
    assert mm(shop.minimum.line) == pytest.approx(0.1)
    assert shop.spots == ("Gold",)


def test_every_shop_and_sheet_that_comes_along_is_right(tmp_path: Path) -> None:
    press = read_press(tmp_path)
    assert set(press.sheets) >= {"a4", "a3", "sra3", "katern", "katern-a4"}
    assert set(press.words) == {"nl", "en", "de"}
    assert press.speak("nl").back == "achterkant"
    assert press.speak("fy") is press.words["en"]
    for name in ("standaard", "ongestreken", "kantoor"):
        assert read_shop(tmp_path, name).name == name
    assert read_shop(tmp_path, "kantoor").bleed == 0


def test_an_unknown_shop_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no shop 'standard'; did you mean 'standaard'"):
        read_shop(tmp_path, "standard")
    for name in ("../../etc", "standaard.yml"):
        with pytest.raises(UsageError):
            read_shop(tmp_path, name)


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), "RGB"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "web page"),
        (b"", ""),
        (None, "is not in assets/icc"),
    ],
    ids=["rgb", "html", "empty", "missing"],
)
def test_a_profile_that_no_press_has_is_a_finding_at_its_line(
    tmp_path: Path, profile: bytes | None, message: str
) -> None:
    write(tmp_path, "shops/ours.yml", SHOP)
    if profile is not None:
        write(tmp_path, "icc/own.icc", profile)
    with pytest.raises(AssetError) as caught:
        read_shop(tmp_path, "ours")
    (finding,) = caught.value.findings
    assert (finding.place, finding.field) == ("assets/shops/ours.yml:3", "profile")
    assert message in finding.message
    assert finding.hint


def test_a_profile_that_is_cut_off_or_of_a_monitor_class_is_refused(tmp_path: Path, fogra: bytes) -> None:
    write(tmp_path, "shops/ours.yml", SHOP)
    for raw in (fogra[:5000], fogra[:12] + b"mntr" + fogra[16:]):
        write(tmp_path, "icc/own.icc", raw)
        with pytest.raises(AssetError):
            read_shop(tmp_path, "ours")


@pytest.mark.parametrize(
    ("name", "text", "place", "said"),
    [
        ("shops/ours.yml", SHOP.replace("5mm", "5"), "assets/shops/ours.yml:2: bleed", "the unit is missing"),
        ("shops/ours.yml", SHOP.replace("5mm", "-1mm"), "assets/shops/ours.yml:2: bleed", "nothing or more"),
        ("shops/ours.yml", SHOP.replace("280", "900"), "assets/shops/ours.yml:5: ink_limit", "at most 400"),
        ("shops/ours.yml", SHOP + "marks: true\n", "assets/shops/ours.yml:6", "marks"),
        ("shops/ours.yml", SHOP.replace("own.icc", "../own.icc"), "assets/shops/ours.yml:3: profile", "is no name"),
        ("sheets/a4.yml", SHEET.replace("A4", "A44"), "assets/sheets/a4.yml:3: paper", "no paper is called 'A44'"),
        ("sheets/a4.yml", SHEET.replace("A4", "0mm x 0mm"), "assets/sheets/a4.yml:3: paper", "no size of a sheet"),
        ("sheets/a4.yml", SHEET.replace("A4", "210 x 297 mm"), "assets/sheets/a4.yml:3: paper", "write one of A5, A4"),
        ("sheets/a4.yml", SHEET.replace("A4", "a 4"), "assets/sheets/a4.yml:3: paper", "did you mean 'A4'?"),
        ("sheets/a4.yml", SHEET + "landscape:\n", "assets/sheets/a4.yml:5: landscape", "found nothing"),
        ("sheets/a4.yaml", SHEET, "assets/sheets/a4.yaml: ", "this file is not read"),
        ("sheets/A 4.yml", SHEET, "assets/sheets/A 4.yml: ", "use small letters"),
        ("sheets/own/a4.yml", SHEET, "assets/sheets/own: ", "not read"),
        ("sheets", SHEET, "assets/sheets: ", "no folder"),
        ("shops/ours.yml", SHOP.replace("5mm", "51mm"), "assets/shops/ours.yml:2: bleed", "between 0mm and 50mm"),
        ("shops/ours.yml", SHOP.replace("5mm", "٣mm"), "assets/shops/ours.yml:2: bleed", "not a length"),
        ("shops/ours.yml", SHOP.replace("own", "o" * 300), "assets/shops/ours.yml:3: profile", "is no name"),
        ("shops/ours/print.yml", SHOP, "assets/shops/ours: ", "not read"),
        ("sheets/a4.yml", SHEET.replace("5mm", "200mm"), "assets/sheets/a4.yml:4: margin", "nothing to print on"),
        ("sheets/a4.yml", SHEET + "gutter: wide\n", "assets/sheets/a4.yml:5: gutter", "not a length"),
        ("sheets/a4.yml", SHEET + "gutter: -2mm\n", "assets/sheets/a4.yml:5: gutter", "not less than nothing"),
        ("sheets/a4.yml", SHEET + "flip: left\n", "assets/sheets/a4.yml:5: flip", "is not one of"),
        ("sheets/a4.yml", SHEET + "marks: [cuts]\n", "assets/sheets/a4.yml:5: marks[1]", "is not one of"),
        ("words/nl.yml", "slug: '{title}'\n", "assets/words/nl.yml", "missing"),
    ],
)
def test_what_is_wrong_in_a_file_of_production_is_told_at_its_line(
    tmp_path: Path, name: str, text: str, place: str, said: str
) -> None:
    write(tmp_path, name, text)
    with pytest.raises(ContentError) as caught:
        read_press(tmp_path, "ours" if name.startswith("shops") else "")
    told = [f"{it.place}: {it.field}: {it.message}; {it.hint}" for it in caught.value.findings]
    assert any(line.startswith(place) and said in line for line in told), told


def test_sheets_have_the_sizes_of_their_names_and_lie_as_they_say() -> None:
    def size(**keys: object) -> tuple[int, int]:
        sheet = SheetFile.model_validate({"title": "x", "kind": "cards", "margin": "5mm", **keys})
        found = sheet.try_size()
        assert found is not None
        return round(mm(found.width)), round(mm(found.height))

    assert size(paper="SRA3") == (320, 450) == SHEETS["SRA3"]
    assert size(paper="A4", landscape="true") == (297, 210)
    assert size(paper="500mm x 35cm") == (500, 350)


def test_paper_is_as_thick_as_its_weight_and_volume_say() -> None:
    paper = Paper.model_validate({"weight": "120", "finish": "offset", "volume": "1.25"})
    assert mm(paper.thickness) == pytest.approx(0.15)
    with pytest.raises(ValueError, match="40"):
        Paper.model_validate({"weight": "3", "finish": "offset"})


@pytest.mark.parametrize("target", ["nowhere.yml", "a4.yml", "../.."])
def test_a_link_that_leads_to_no_file_is_not_passed_over(tmp_path: Path, target: str) -> None:
    for folder in ("shops", "sheets", "words"):
        link = tmp_path / folder / "assets" / folder / "a4.yml"
        link.parent.mkdir(parents=True)
        link.symlink_to(target)
        with pytest.raises(ContentError, match=f"assets/{folder}/a4.yml: no ordinary file"):
            read_press(tmp_path / folder)


def test_what_editors_leave_beside_a_file_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "sheets/._a4.yml", b"\0")
    (tmp_path / "assets/sheets/.#a4.yml").symlink_to("nobody@nowhere")
    assert set(read_press(tmp_path).sheets) == {"a4", "a3", "sra3", "katern", "katern-a4"}


def test_a_huge_profile_is_not_read_to_its_end(tmp_path: Path) -> None:
    write(tmp_path, "shops/ours.yml", SHOP)
    write(tmp_path, "icc/own.icc", b"")
    os.truncate(tmp_path / "assets/icc/own.icc", 3_000_000_000)
    with pytest.raises(AssetError, match="more than 20 MB"):
        read_shop(tmp_path, "ours")


def test_a_link_out_of_the_project_is_no_shop(tmp_path: Path) -> None:
    outside = write(tmp_path / "elsewhere", "shops/ours.yml", SHOP) / "assets/shops/ours.yml"
    project = tmp_path / "project"
    (project / "assets/shops").mkdir(parents=True)
    (project / "assets/shops/ours.yml").symlink_to(outside)
    with pytest.raises(DrukwerkError, match="leads out of the project"):
        read_shop(project, "ours")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("words/de.yml", "front: Vor", "front: 汉"), ("shops/standaard.yml", "title: Off", "title: 汉"),
     ("sheets/a4.yml", "title: A4", "title: A4 汉")],
)  # fmt: skip
def test_what_is_printed_on_sheets_and_tickets_has_its_glyphs(werkstatt: Path, name: str, old: str, new: str) -> None:
    text = (PACKAGED / "assets" / name).read_text("utf-8")
    assert old in text
    write(werkstatt, name, text.replace(old, new))
    with pytest.raises(ContentError, match=f"assets/{name}:[0-9]+: .*no glyph for '汉'"):
        read_toolbox(werkstatt)
