"""PDF/X-4: every print file has what it takes, and a file that lacks a piece of it is found out."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
import typst
from pikepdf import Array, Dictionary, Name, Stream
from PIL import ImageCms

from pipeline.pdf.press import REGISTRY, finish_print
from pipeline.pdf.standard import read_press_facts
from pipeline.preflight import Subject, preflight
from pipeline.preflight.pixels import open_pages, rasterise
from pipeline.shop import Shop
from tests.samples import EXPECTED, PRESS, change, form, make_pdf

GOOD = b"0 0 0 1 k 0 0 50 50 re f"
PRINTS = ["spiegelkaarten", "poster-dimensies", "analyseformulier-school", "werkwijzer-leraar"]


@pytest.mark.parametrize("name", PRINTS)
def test_print_files_are_pdf_x_4(default_project: Path, name: str) -> None:
    raw = (default_project / f"build/print/{name}.pdf").read_bytes()
    assert raw.startswith(b"%PDF-1.6")
    with pikepdf.open(io.BytesIO(raw)) as document:
        assert document.check_pdf_syntax() == []
        assert not document.is_encrypted
        root: Any = document.Root
        assert len(document.trailer.ID) == 2
        (intent,) = root.OutputIntents
        assert (intent.S, intent.OutputConditionIdentifier) == (Name.GTS_PDFX, "FOGRA39")
        assert intent.RegistryName == REGISTRY
        assert intent.DestOutputProfile.N == 4
        assert intent.DestOutputProfile.read_bytes() == PRESS.profile
        xmp = document.open_metadata()
        assert xmp["pdfxid:GTS_PDFXVersion"] == "PDF/X-4"
        assert xmp["dc:title"] == document.docinfo.Title
        assert xmp["pdf:Trapped"] == "False"
        assert str(xmp["xmp:CreateDate"]).startswith("2026-11-23T00:00:00")
        assert all(xmp[f"xmpMM:{key}"] for key in ("DocumentID", "VersionID", "RenditionClass"))
        assert document.docinfo.Trapped == Name("/False")
        assert document.docinfo.CreationDate == "D:20261123000000Z"
        assert {"/OpenAction", "/AA", "/AcroForm", "/Outlines", "/Names"}.isdisjoint(root.keys())
        for page in document.pages:
            assert page.BleedBox == page.mediabox
            assert "/CropBox" not in page.obj
            assert "/Annots" not in page.obj


def test_the_title_and_the_first_page_are_read_by_another_program(default_project: Path) -> None:
    reader = pypdf.PdfReader(default_project / "build/print/spiegelkaarten.pdf")
    assert reader.metadata is not None
    assert reader.metadata.title == "Spiegelkaarten lerende organisatie"
    assert "bestuur" in reader.pages[0].extract_text()


def test_the_same_input_gives_the_same_bytes() -> None:
    pdf = make_pdf(GOOD)
    assert finish_print(pdf, PRESS) == finish_print(pdf, PRESS)


def test_a_sample_made_for_the_press_has_no_findings() -> None:
    assert [
        it.message for it in preflight(Subject("a.pdf", make_pdf(GOOD), EXPECTED)) if "black" not in it.message
    ] == ["the page shows no text"]


def _without(key: str) -> Callable[[pikepdf.Pdf], None]:
    def edit(document: pikepdf.Pdf) -> None:
        del document.Root[key]

    return edit


def _xmp(old: bytes, new: bytes) -> Callable[[pikepdf.Pdf], None]:
    def edit(document: pikepdf.Pdf) -> None:
        packet = document.Root.Metadata.read_bytes()
        assert old in packet
        document.Root.Metadata.write(packet.replace(old, new))

    return edit


def _intent(**keys: Any) -> Callable[[pikepdf.Pdf], None]:
    def edit(document: pikepdf.Pdf) -> None:
        for key, value in keys.items():
            made = value(document) if callable(value) else value
            document.Root.OutputIntents[0][f"/{key}"] = made

    return edit


def _info(key: str, value: Any) -> Callable[[pikepdf.Pdf], None]:
    def edit(document: pikepdf.Pdf) -> None:
        document.docinfo[f"/{key}"] = value

    return edit


def _profile(raw: bytes, components: int = 4) -> Callable[[pikepdf.Pdf], Stream]:
    return lambda document: Stream(document, raw, N=components)


def _double(document: pikepdf.Pdf) -> None:
    document.Root.OutputIntents.append(document.Root.OutputIntents[0])


def _empty(document: pikepdf.Pdf) -> None:
    del document.Root.OutputIntents[0]["/DestOutputProfile"]


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
WRONG: dict[str, tuple[Callable[[pikepdf.Pdf], None], str]] = {
    "no intent": (_without("/OutputIntents"), "no output intent"),
    "two intents": (_double, "2 output intents"),
    "an intent of PDF/A": (_intent(S=Name.GTS_PDFA1), "no output intent"),
    "another condition": (_intent(OutputConditionIdentifier="FOGRA51"), "FOGRA51, the shop prints FOGRA39"),
    "no condition": (_intent(OutputConditionIdentifier=""), "names no printing condition"),
    "no profile": (_empty, "holds no profile"),
    "a profile of a monitor": (_intent(DestOutputProfile=_profile(SRGB, 3)), "is for RGB, not for CMYK"),
    "a profile that is none": (_intent(DestOutputProfile=_profile(b"<!DOCTYPE html>")), "is a web page"),
    "no metadata": (_without("/Metadata"), "no metadata (XMP)"),
    "metadata with entities": (_xmp(b"<x:xmpmeta", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x:xmpmeta"), "no metadata (XMP)"),
    "another version": (_xmp(b"PDF/X-4<", b"PDF/X-1a:2001<"), "but PDF/X-1a:2001"),
    "another title": (_xmp(b"A sample", b"Another"), "the title in Info and in XMP"),
    "another day": (
        _xmp(b"2026-11-23T00:00:00Z</xmp:CreateDate>", b"2025-01-01T00:00:00Z</xmp:CreateDate>"),
        "CreateD",
    ),
    "no identity": (_xmp(b"xmpMM:DocumentID", b"xmpMM:Nothing"), "xmpMM:DocumentID is missing"),
    "trapped or not": (_info("Trapped", Name.Unknown), "Trapped"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_lacks_what_pdf_x_4_asks_is_found_out(name: str) -> None:
    edit, said = WRONG[name]
    pdf = change(make_pdf(GOOD), edit)
    found = preflight(Subject("a.pdf", pdf, EXPECTED))
    assert any(said in it.message and it.severity == "error" for it in found), [it.message for it in found]
    others = preflight(Subject("a.pdf", pdf, medium="print"))
    assert any(said in it.message and it.severity == "warning" for it in others)


def test_a_file_without_identifier_or_of_a_later_version_is_found_out() -> None:
    with pikepdf.open(io.BytesIO(make_pdf(GOOD))) as document:
        out = io.BytesIO()
        document.save(out, force_version="1.7")
    assert any("PDF 1.7" in it.message for it in preflight(Subject("a.pdf", out.getvalue(), EXPECTED)))
    plain = make_pdf(GOOD).replace(b"/ID [", b"/Id [").replace(b"/ID[", b"/Id[")
    assert any("no identifier" in it.message for it in preflight(Subject("a.pdf", plain, EXPECTED)))


def test_a_file_for_other_paper_is_told_from_the_shop(default_project: Path) -> None:
    raw = (default_project / "build/print/poster-dimensies.pdf").read_bytes()
    found = preflight(Subject("a.pdf", raw, medium="print", shop=Shop(condition="FOGRA47")))
    assert ["FOGRA39, the shop prints FOGRA47" in it.message for it in found] == [True]


def test_transparency_is_computed_in_the_inks_of_the_press() -> None:
    def resources(pdf: pikepdf.Pdf) -> Dictionary:
        inner = form(pdf, b"1 0 0 0 k 0 0 9 9 re f")
        inner.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
        return Dictionary(XObject=Dictionary(X=inner))

    with pikepdf.open(io.BytesIO(finish_print(make_pdf(b"/X Do", resources), PRESS))) as document:
        page = document.pages[0].obj
        assert Name.DeviceCMYK == page.Group.CS
        assert Name.DeviceCMYK == page.Resources.XObject.X.Group.CS
    with pikepdf.open(io.BytesIO(finish_print(make_pdf(GOOD), PRESS))) as document:
        assert "/Group" not in document.pages[0].obj


def test_what_happens_on_a_screen_is_taken_out() -> None:
    def edit(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
        document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([])))
        document.Root.AcroForm = Dictionary(Fields=Array([]))
        document.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS="app.alert(1)"))

    live = change(make_pdf(GOOD), edit)
    told = [it.message for it in preflight(Subject("a.pdf", live, EXPECTED)) if "runs by itself" in it.message]
    assert told == ["an action or script runs by itself (OpenAction, AA of a page, JavaScript)"]
    with pikepdf.open(io.BytesIO(finish_print(live, PRESS))) as document:
        assert {"/OpenAction", "/Names", "/AcroForm"}.isdisjoint(document.Root.keys())
        assert "/AA" not in document.pages[0].obj


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="50" height="50"><g opacity="0.5"><rect width="30" height="30"/>'
    '<circle r="9"/></g><mask id="m"><rect width="9" height="9" fill="white"/></mask><g mask="url(#m)"><circle r="9"/>'
    "</g></svg>"
)


@pytest.mark.parametrize(
    ("body", "grouped"),
    [
        ("#rect(fill: rgb(255, 0, 0, 50%))", True),
        (f'#image(bytes({json.dumps(SVG)}), format: "svg")', True),
        ("#rect(fill: gradient.linear(cmyk(99%, 0%, 0%, 0%), cmyk(0%, 9%, 0%, 0%), space: cmyk))", False),
        ("#rect(fill: tiling(size: (9pt, 9pt), circle(radius: 3pt, fill: cmyk(0%, 9%, 0%, 0%))))", False),
    ],
)
def test_only_pages_with_transparency_get_a_group_and_it_is_in_the_inks_of_the_press(body: str, grouped: bool) -> None:
    pdf = typst.compile(f"#set page(width: 99pt, height: 99pt, bleed: 9pt)\n{body}".encode(), pdf_tags=False)
    with pikepdf.open(io.BytesIO(finish_print(pdf, PRESS))) as document:
        page = document.pages[0].obj
        assert ("/Group" in page) is grouped
        assert not grouped or Name.DeviceCMYK == page.Group.CS
        streams = [it for it in document.objects if isinstance(it, Stream)]
        masks = [it.SMask.G for it in document.objects if isinstance(it, Dictionary) and "/SMask" in it]
        assert len(masks) == ("mask" in body)
        spaces = [it.Group.CS for it in streams if "/Group" in it and it not in masks]
        assert all(space == Name.DeviceCMYK for space in spaces)
        assert all(Name.DeviceCMYK != mask.Group.CS for mask in masks)


def test_metadata_hold_any_title_and_stay_readable_without_a_program() -> None:
    title = "‘Samen’ leren & <werken> \u0007 \U0001f600"

    def edit(document: pikepdf.Pdf) -> None:
        document.docinfo.Title = title
        document.docinfo.CreationDate = "D:20261123120000+01'00'"

    raw = finish_print(change(make_pdf(GOOD), edit), PRESS)
    assert b"<xmp:CreateDate>2026-11-23T12:00:00+01:00<" in raw
    with pikepdf.open(io.BytesIO(raw)) as document:
        facts = read_press_facts(document)
    assert facts.xmp is not None
    assert facts.xmp["dc:title"] == title.replace("\u0007", "")
    assert "dc:language" not in facts.xmp
    assert facts.version == "1.6"
    assert facts.live == ()


def test_identifiers_follow_from_what_is_in_the_file() -> None:
    def ids(content: bytes) -> tuple[str, str]:
        with pikepdf.open(io.BytesIO(finish_print(make_pdf(content), PRESS))) as document:
            xmp = read_press_facts(document).xmp or {}
        return xmp["xmpMM:DocumentID"], xmp["xmpMM:InstanceID"]

    assert ids(GOOD) == ids(GOOD)
    assert ids(GOOD)[0] == ids(GOOD + b" ")[0], "the same document"
    assert ids(GOOD)[1] != ids(GOOD + b" 0 0 9 9 re f")[1], "another making of it"


def test_pages_look_as_before_they_were_finished() -> None:
    pdf = typst.compile(
        b"#set page(width: 99pt, height: 99pt, bleed: 9pt, fill: cmyk(0%, 40%, 90%, 0%))\n"
        b"#set text(fill: cmyk(0%, 0%, 0%, 100%), size: 9pt)\nAap #rect(fill: cmyk(0%, 0%, 0%, 0%), stroke: 1pt)[noot]",
        pdf_tags=False,
    )
    with open_pages(pdf) as one, open_pages(finish_print(pdf, PRESS)) as other:
        assert rasterise(one, 0, 150).tobytes() == rasterise(other, 0, 150).tobytes()
