"""Each check is shown a file that is right and one that is wrong."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from pipeline.document import Expectation
from pipeline.pdf.press import finish_print
from pipeline.preflight import CHECKS, Subject, preflight, preflight_file
from tests.conftest import codes_on
from tests.samples import EXPECTED, PRESS, change, form, icc_space, image, make_pdf, tiling

Edit = Callable[[pikepdf.Pdf], object]

GOOD = b"0 0 0 1 k 0 0 50 50 re f BT /F0 12 Tf (x) Tj ET"


def embedded(pdf: pikepdf.Pdf) -> Dictionary:
    """A font with a font file in it; what the file holds does not matter here."""
    descriptor = Dictionary(Type=Name.FontDescriptor, FontFile2=pikepdf.Stream(pdf, b"font"))
    font = Dictionary(Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Good, FontDescriptor=descriptor)
    return Dictionary(Font=Dictionary(F0=font))


def not_embedded(pdf: pikepdf.Pdf) -> Dictionary:
    return Dictionary(Font=Dictionary(F0=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)))


def messages(pdf: bytes, expects: Expectation = EXPECTED) -> list[str]:
    return [str(finding) for finding in preflight(Subject("x.pdf", pdf, expects))]


def test_a_right_print_file_has_no_findings() -> None:
    assert messages(make_pdf(GOOD, embedded)) == []


BAD: list[tuple[str, bytes, str]] = [
    ("page count", make_pdf(GOOD, embedded, pages=3), "3 pages, expected 1"),
    ("page size", make_pdf(GOOD, embedded, TrimBox=[10, 10, 200, 110]), "67.0 x 35.3 mm, expected 70.6 x 35.3 mm"),
    ("no trim box", make_pdf(GOOD, embedded, TrimBox=None), "page 1: no TrimBox"),
    ("no bleed box", make_pdf(GOOD, embedded, BleedBox=None), "page 1: no BleedBox"),
    ("bleed", make_pdf(GOOD, embedded, BleedBox=[5, 5, 215, 115]), "bleed of 1.8, 1.8, 1.8, 1.8 mm"),
    ("boxes that cross", make_pdf(GOOD, embedded, BleedBox=[-9, 0, 220, 120]), "the boxes do not lie in each other"),
    ("crop box", make_pdf(GOOD, embedded, CropBox=[10, 10, 210, 110]), "CropBox differs from MediaBox"),
    ("rotated", make_pdf(GOOD, embedded, Rotate=90), "the page is rotated by 90"),
    ("font", make_pdf(GOOD, not_embedded), "the font Helvetica is not embedded"),
    ("no text", make_pdf(b"0 0 0 1 k 0 0 5 5 re f"), "the page shows no text"),
    ("RGB", make_pdf(b"1 0 0 rg" + GOOD[9:], embedded), "DeviceRGB in fill, text, expected DeviceCMYK only"),
    ("default black", make_pdf(GOOD[9:], embedded), "DeviceGray in fill, text"),
    ("rich black", make_pdf(b".6 .4 .4 1 k" + GOOD[9:], embedded), "black text in C M Y K 60 40 40 100"),
    (
        "link",
        make_pdf(GOOD, embedded, Annots=Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 1, 1])])),
        "annotations in a print file: Link",
    ),
    ("no PDF", b"<html></html>", "cannot be read as a PDF"),
    ("cut in half", make_pdf(GOOD, embedded)[:300], "cannot be read as a PDF"),
    ("nothing", b"", "cannot be read as a PDF"),
]  # fmt: skip


@pytest.mark.parametrize(("pdf", "message"), [it[1:] for it in BAD], ids=[it[0] for it in BAD])
def test_a_wrong_print_file_is_found_out(pdf: bytes, message: str) -> None:
    assert any(message in found for found in messages(pdf)), messages(pdf)


def test_links_within_a_print_file_are_taken_away_and_others_are_left_to_be_found_out() -> None:
    keys: dict[str, Any] = {"Type": Name.Annot, "Subtype": Name.Link, "Rect": [0, 0, 1, 1]}
    to_page = Dictionary(**keys, Dest=Array([Name.Fit]))
    to_name = Dictionary(**keys, A=Dictionary(S=Name.GoTo, D=pikepdf.String("work")))
    out_of_it = Dictionary(**keys, A=Dictionary(S=Name.URI, URI=pikepdf.String("https://example.org")))
    assert messages(finish_print(make_pdf(GOOD, embedded, Annots=Array([to_page, to_name])), PRESS)) == []
    found = messages(finish_print(make_pdf(GOOD, embedded, Annots=Array([to_page, out_of_it])), PRESS))
    assert [it for it in found if "annotations in a print file: Link" in it] == found != []


def test_a_script_that_runs_by_itself_is_found_out() -> None:
    def script(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.beep()")

    assert any("script runs" in it for it in messages(change(make_pdf(GOOD, embedded), script)))


def test_an_encrypted_file_is_found_out() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(make_pdf(GOOD, embedded))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=""))
    assert any("encrypted" in it for it in messages(out.getvalue()))


def test_the_medium_of_a_foreign_file_is_guessed_by_its_boxes() -> None:
    assert Subject("x", make_pdf(GOOD, embedded)).rules == "print"
    assert Subject("x", make_pdf(GOOD, embedded, TrimBox=None, BleedBox=None)).rules == "screen"
    assert Subject("x", make_pdf(GOOD, embedded), medium="screen").rules == "screen"


def password(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def own_base(pdf: pikepdf.Pdf) -> Dictionary:
    """A pattern space whose base is itself."""
    space = pdf.make_indirect(Array([Name.Pattern]))
    space.append(space)
    return Dictionary(ColorSpace=Dictionary(C=space))


def many_states(pdf: pikepdf.Pdf) -> Dictionary:
    """Four forms, each drawn by the one before in a hundred colours: a hundred million walks."""
    inner = pdf.make_indirect(form(pdf, b"0 0 5 5 re f"))
    for _ in range(3):
        content = b"".join(b"0 0 %.4f 1 k /X Do " % (shade / 1000) for shade in range(100))
        inner = pdf.make_indirect(form(pdf, content, Dictionary(XObject=Dictionary(X=inner))))
    return Dictionary(XObject=Dictionary(X=inner))


HOSTILE: list[tuple[str, bytes, str]] = [
    ("password", password(make_pdf(GOOD, embedded)), "the file is encrypted"),
    ("own base", make_pdf(b"/C cs /P scn 0 0 5 5 re f", own_base), "unknown in fill"),
    ("inflates to 30 MB", make_pdf(b"0 g " * 7_500_000), "a content stream of more than 20 MB"),
    ("too many instructions", make_pdf(b"0 g " * 600_000), "a page of more than 500000 drawing instructions"),
    ("resources of the wrong type", make_pdf(b"/F0 9 Tf", Dictionary(Font=7)), "its structure is broken"),
]


@pytest.mark.parametrize(("pdf", "message"), [it[1:] for it in HOSTILE], ids=[it[0] for it in HOSTILE])
def test_a_hostile_file_gets_a_finding(pdf: bytes, message: str) -> None:
    found = messages(pdf)
    assert any(message in text for text in found), found
    assert not any("BytesIO" in text for text in found)


def test_forms_in_many_states_are_walked_a_bounded_number_of_times() -> None:
    """Unbounded, this would take days."""
    assert any("more than 500000 drawing instructions" in it for it in messages(make_pdf(b"/X Do", many_states)))


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.pdf")
    assert "no ordinary file" in str(preflight_file(tmp_path / "x.pdf")[0])


def test_a_page_of_kilometres_is_not_drawn(default_project: Path) -> None:
    pdf, expects = screen(default_project)
    huge = change(pdf, lambda document: document.pages[0].__setattr__("MediaBox", Array([0, 0, 144_000, 144_000])))
    assert any("50800.0 x 50800.0 mm, expected 210.0 x 148.0 mm" in it for it in messages(huge, expects))


# ------------------------------------------------------------------------------------------ pictures

SMALL, LARGE = b"q .2 0 0 .2 9 9 cm /I Do Q ", b"q 5 0 0 5 9 9 cm /I Do Q "  # one pixel at 360 ppi, and at 14


def pictured(
    drawing: bytes, space: Any = Name.DeviceCMYK, medium: str = "print", state: Any = None, **keys: Any
) -> Subject:
    """A page that is right, with a picture of one pixel on it, drawn with `/I Do`, by `/X Do` or as pattern `/P`."""

    def resources(pdf: pikepdf.Pdf) -> Dictionary:
        made = {key: value(pdf) if callable(value) else value for key, value in keys.items()}
        pixel = pdf.make_indirect(image(pdf, space(pdf) if callable(space) else space, 4, **made))
        own = Dictionary(XObject=Dictionary(I=pixel))
        below = form(pdf, b"q .5 0 0 .5 0 0 cm /I Do Q", own)
        below.Matrix = Array([8, 0, 0, 2, 0, 0])
        tile = tiling(pdf, LARGE)
        tile.Resources = own
        return Dictionary(
            Font=embedded(pdf).Font,
            XObject=Dictionary(I=pixel, X=below),
            Pattern=Dictionary(P=tile),
            ColorSpace=Dictionary(C=Array([Name.Pattern])),
            ExtGState=Dictionary(G=state or Dictionary()),
        )

    expects = replace(EXPECTED, medium=medium)  # type: ignore[arg-type]
    return Subject("x.pdf", make_pdf(drawing + GOOD, resources), expects)


def inner_mask(pdf: pikepdf.Pdf) -> Stream:
    return image(pdf, Name.DeviceGray, 1)


BAD_PICTURES: dict[str, tuple[Subject, str]] = {
    "coarse": (pictured(LARGE), "page 1, 0 x 34 mm: a picture of 1 x 1 pixels at 14 ppi, at least 300"),
    "coarse one way": (pictured(b"q .2 0 0 .3 9 9 cm /I Do Q "), "at 240 ppi"),
    "coarse and turned": (pictured(b"q 0 .3 -.3 0 9 9 cm /I Do Q "), "at 240 ppi"),
    "coarse in a form": (pictured(b"q .1 0 0 .1 0 0 cm /X Do Q "), "at 180 ppi"),
    "coarse in a pattern": (pictured(b"q 99 0 0 99 0 0 cm /C cs /P scn 0 0 5 5 re f Q "), "at 14 ppi"),
    "coarse, inline": (
        pictured(b"q 5 0 0 5 0 0 cm BI /W 1 /H 1 /CS /CMYK /BPC 8 ID abcd EI Q "), "at 14 ppi"
    ),
    "coarse stencil": (
        pictured(b"0 0 0 1 k q 5 0 0 5 0 0 cm BI /W 1 /H 1 /IM true /BPC 1 ID a EI Q "), "at 14 ppi"
    ),
    "soft mask": (pictured(SMALL, SMask=inner_mask), "a picture with a mask or transparency"),
    "mask": (pictured(SMALL, Mask=[0, 1, 0, 1, 0, 1, 0, 1]), "a picture with a mask or transparency"),
    "drawn half": (pictured(b"q /G gs " + SMALL + b"Q ", state=Dictionary(ca=0.5)), "mask or transparency"),
    "multiplied": (pictured(b"q /G gs " + SMALL + b"Q ", state=Dictionary(BM=Name.Multiply)), "mask or transparency"),
    "drawn through a mask": (
        pictured(b"q /G gs " + SMALL + b"Q ", state=Dictionary(SMask=Dictionary(S=Name.Luminosity))),
        "mask or transparency",
    ),
    "RGB": (pictured(SMALL, Name.DeviceRGB), "DeviceRGB in image, expected DeviceCMYK only"),
    "grey": (pictured(SMALL, Name.DeviceGray), "DeviceGray in image, expected DeviceCMYK only"),
    "profile": (pictured(SMALL, lambda pdf: icc_space(pdf, 4)), "ICCBased 4 in image, expected DeviceCMYK only"),
    "CMYK on screen": (pictured(SMALL, medium="screen"), "a picture in DeviceCMYK, expected RGB or grey"),
    "CMYK profile on screen": (
        pictured(SMALL, lambda pdf: icc_space(pdf, 4), "screen"), "a picture in ICCBased 4, expected RGB or grey"
    ),
}  # fmt: skip

GOOD_PICTURES: dict[str, Subject] = {
    "fine": pictured(SMALL),
    "not drawn": pictured(b""),
    "coarse outside q and Q": pictured(b"q 9 0 0 9 0 0 cm Q " + SMALL),
    "plain state": pictured(b"q /G gs " + SMALL + b"Q ", state=Dictionary(ca=1, BM=Name.Normal, SMask=Name("/None"))),
    "after a mask": pictured(b"q /G gs Q " + SMALL, state=Dictionary(ca=0.5)),
}


@pytest.mark.parametrize("case", BAD_PICTURES)
def test_a_wrong_picture_is_found_out(case: str) -> None:
    subject, message = BAD_PICTURES[case]
    found = [str(finding) for finding in preflight(subject)]
    assert any(message in it for it in found), found


@pytest.mark.parametrize("case", GOOD_PICTURES)
def test_a_right_picture_has_no_findings(case: str) -> None:
    assert preflight(GOOD_PICTURES[case]) == []


@pytest.mark.parametrize("space", [Name.DeviceRGB, Name.DeviceGray, lambda pdf: icc_space(pdf, 3)])
def test_a_right_picture_on_screen_has_no_findings(space: Any) -> None:
    assert not any("picture" in str(it) for it in preflight(pictured(LARGE, space, "screen")))


def test_forms_with_pictures_are_walked_a_bounded_number_of_times() -> None:
    """Four forms, each drawn by the one before at a hundred places: unbounded, this would take days."""

    def resources(pdf: pikepdf.Pdf) -> Dictionary:
        inner = pdf.make_indirect(image(pdf, Name.DeviceCMYK, 4))
        for _ in range(4):
            content = b"1 0 0 1 1 1 cm /X Do " * 100
            inner = pdf.make_indirect(form(pdf, content, Dictionary(XObject=Dictionary(X=inner))))
        return Dictionary(XObject=Dictionary(X=inner))

    assert any("more than 500000 drawing instructions" in it for it in messages(make_pdf(b"/X Do", resources)))


# ------------------------------------------------------------------------------------------ real files


def screen(project: Path) -> tuple[bytes, Expectation]:
    from pipeline.manifest import read_manifest

    path = "screen/spiegelkaarten/3-teamleren.pdf"
    return (project / "build" / path).read_bytes(), read_manifest(project / "build").outputs[path].expects


def test_a_right_screen_file_has_no_findings(default_project: Path) -> None:
    assert messages(*screen(default_project)) == []


def remove(name: str) -> Any:
    def edit(pdf: pikepdf.Pdf) -> None:
        del pdf.Root[name]

    return edit


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("/MarkInfo", "not tagged"),
        ("/StructTreeRoot", "not tagged"),
        ("/Lang", "language '', expected nl-NL"),
        ("/ViewerPreferences", "no title in the window bar"),
        ("/Metadata", "does not claim PDF/UA-1"),
    ],
)
def test_a_screen_file_that_lost_something_is_found_out(name: str, message: str, default_project: Path) -> None:
    pdf, expects = screen(default_project)
    assert any(message in found for found in messages(change(pdf, remove(name)), expects))


def test_a_code_that_leads_elsewhere_is_found_out(default_project: Path) -> None:
    pdf, expects = screen(default_project)
    wrong = replace(expects, codes=((0, "HTTPS://ELSEWHERE.EXAMPLE/1"), expects.codes[1]))
    assert len(messages(pdf, wrong)) == 1
    assert "reads as HTTPS://DOI.ORG/10.1016/J.EDUREV.2015.04.002" in messages(pdf, wrong)[0]


def test_a_code_that_is_painted_over_is_found_out(default_project: Path) -> None:
    def paint(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(b"q 1 0 0 1 0 0 cm 0 g 20 20 40 40 re f Q")

    pdf, expects = screen(default_project)
    assert any("page 1: the QR code cannot be read" in it for it in messages(change(pdf, paint), expects))


def test_codes_read_at_lower_resolution_than_the_check_asks(default_project: Path, monkeypatch: Any) -> None:
    """Identity: decoded from pages at 110 dpi; a phone at arm's length sees about that."""
    monkeypatch.setattr("pipeline.preflight.pixels.RASTER_PPI", 100)
    pdf, expects = screen(default_project)
    assert codes_on(pdf, 0) == {expects.codes[0][1]}


# ------------------------------------------------------------------------------------------ forms


def fillable(project: Path) -> tuple[bytes, Expectation]:
    from pipeline.manifest import read_manifest

    path = "forms/terugblikformulier.pdf"
    return (project / "build" / path).read_bytes(), read_manifest(project / "build").outputs[path].expects


def fields_of(pdf: pikepdf.Pdf) -> dict[str, Any]:
    return {str(it.T): it for it in pdf.Root.AcroForm.Fields}


def drop(name: str) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm.Fields = Array([it for it in pdf.Root.AcroForm.Fields if name != it.T])

    return edit


def add(name: str) -> Edit:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm.Fields.append(pdf.make_indirect(Dictionary(FT=Name.Tx, T=name)))

    return edit


def say(key: str, value: Any) -> Edit:
    return lambda pdf: pdf.Root.AcroForm.__setitem__(key, value)


def forget(key: str, name: str, kid: int | None = None) -> Edit:
    """Take a key away from a field, or from one of its buttons."""

    def edit(pdf: pikepdf.Pdf) -> None:
        field = fields_of(pdf)[name]
        del (field if kid is None else field.Kids[kid])[key]

    return edit


def keep_one_state(pdf: pikepdf.Pdf) -> None:
    del fields_of(pdf)["dimensie"].Kids[2].AP.N.Off


def name_a_font(pdf: pikepdf.Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.ZapfDingbats)
    pdf.Root.AcroForm.DR.Font.ZaDb = font


BAD_FORMS: dict[str, tuple[Edit, str]] = {
    "no form": (lambda pdf: pdf.Root.__delitem__("/AcroForm"), "no fields to fill in"),
    "no fields": (lambda pdf: pdf.Root.AcroForm.__setitem__("/Fields", Array()), "the field 'dimensie' is missing"),
    "missing": (drop("school"), "the field 'school' is missing"),
    "nameless": (drop("meta_version"), "the field 'meta_version' is missing"),
    "doubled": (add("school"), "two fields are called 'school'"),
    "unplanned": (add("postcode"), "the field 'postcode' was not planned"),
    "NeedAppearances": (say("/NeedAppearances", True), "draw its fields (NeedAppearances)"),
    "XFA": (say("/XFA", Array()), "holds an XFA form"),
    "no tooltip": (forget("/TU", "school"), "the field 'school' has no tooltip"),
    "a button without a tooltip": (forget("/TU", "dimensie", 3), "the field 'dimensie' has no tooltip"),
    "not tagged": (forget("/StructParent", "school"), "the field 'school' is not tagged"),
    "a button that is not tagged": (forget("/StructParent", "dimensie", 3), "the field 'dimensie' is not tagged"),
    "not drawn": (forget("/AP", "school"), "the field 'school' is not drawn in every state"),
    "one state is not drawn": (keep_one_state, "the field 'dimensie' is not drawn in every state"),
    "font": (name_a_font, "the font /ZapfDingbats of the fields is not embedded"),
}


def test_a_right_form_has_no_findings(default_project: Path) -> None:
    assert messages(*fillable(default_project)) == []


@pytest.mark.parametrize("case", BAD_FORMS)
def test_a_wrong_form_is_found_out(case: str, default_project: Path) -> None:
    edit, message = BAD_FORMS[case]
    pdf, expects = fillable(default_project)
    found = messages(change(pdf, edit), expects)
    assert any(message in it for it in found), found


def test_a_form_of_others_may_have_other_fields_but_no_two_of_one_name(default_project: Path) -> None:
    pdf, _ = fillable(default_project)
    assert Subject("x.pdf", pdf).rules == "forms"
    assert preflight(Subject("x.pdf", change(pdf, drop("school")))) == []
    (found,) = preflight(Subject("x.pdf", change(pdf, add("school"))))
    assert "two fields are called 'school'" in found.message


def test_every_check_of_forms_is_shown_a_bad_sample(default_project: Path) -> None:
    pdf, expects = fillable(default_project)
    bad = [Subject(case, change(pdf, edit), expects) for case, (edit, _) in BAD_FORMS.items()]
    checks = [check for media, check in CHECKS if media == ("forms",)]
    assert len(checks) == 4
    assert [check for check in checks if not any(map(check, bad))] == []


def test_every_check_has_a_docstring_that_says_its_rule() -> None:
    assert all(check.__doc__ for _, check in CHECKS)
