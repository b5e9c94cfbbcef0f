"""Returned forms: what is read of good ones, and the verdict on bad ones. Nothing is guessed, nothing raises."""

from __future__ import annotations

import io
import json
import random
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from pipeline import apart
from pipeline.collect import process, read_form
from pipeline.collect.answers import Answers
from pipeline.collect.judge import judge
from pipeline.errors import StorageError, UsageError
from pipeline.pdf.ending import check_ending
from pipeline.pdf.found import Reading
from pipeline.pdf.read import EncryptedError, read_returned
from pipeline.pdf.values import Ration, TooMuchError, UnreadableError, inflate, is_deflated, read_text
from tests.conftest import draw
from tests.returns import (
    ANSWERS,
    EMPTY,
    FILLED,
    FORM,
    OLD,
    TOOLBOX,
    WHO,
    Forms,
    append_save,
    change,
    fill,
    find,
    make_form,
    open_pdf,
    save,
)

PACKED = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
MEBIBYTE = 1 << 20


def read(raw: bytes, tmp_path: Path, toolbox: Forms = TOOLBOX) -> Answers:
    """Read a file as `collect` does, within the time that is promised."""
    path = tmp_path / "terug.pdf"
    path.write_bytes(raw)
    start = time.monotonic()
    answers = read_form(path, toolbox)
    assert time.monotonic() - start < 10
    assert all(it.place == "terug.pdf" and it.message for it in answers.findings)
    return answers


def read_here(raw: bytes) -> Answers:
    """Read a file in this process, for tests of many files."""
    try:
        reading = Reading(read_returned(raw))
    except EncryptedError:
        reading = Reading(refusal="encrypted")
    except TooMuchError as error:
        reading = Reading(refusal="size", detail=str(error))
    return judge("terug.pdf", reading, TOOLBOX.definitions)


# ------------------------------------------------------------------------------------------ good ones


def test_a_filled_form_is_accepted_with_its_answers(tmp_path: Path) -> None:
    answers = read(fill(make_form()), tmp_path)
    assert (answers.verdict, answers.values, answers.findings) == ("accepted", ANSWERS, ())
    assert (answers.form, answers.version, answers.fingerprint) == FORM.identity
    assert answers.response == "R-0042"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(lambda: fill(make_form(), **PACKED), id="object streams"),
        pytest.param(lambda: fill(make_form(), linearize=True), id="linearized"),
        pytest.param(lambda: append_save(make_form()), id="incremental"),
        pytest.param(lambda: append_save(append_save(make_form(), {"school": "Eerst"})), id="incremental twice"),
        pytest.param(
            lambda: append_save(change(make_form(), lambda _: None, linearize=True)), id="added to linearized"
        ),
        pytest.param(lambda: b"\xef\xbb\xbf\r\n" + fill(make_form()), id="bytes before the header"),
        pytest.param(lambda: fill(make_form()) + b"\r\n \0" + b"\0" * 40_000, id="padded by a printer"),
    ],
)
def test_ways_of_saving_give_the_same_answers(raw: Callable[[], bytes]) -> None:
    answers = read_here(raw())
    assert (answers.verdict, answers.values) == ("accepted", ANSWERS), answers.findings


def test_a_form_that_nobody_filled_in_is_empty(tmp_path: Path) -> None:
    answers = read(make_form(), tmp_path)
    assert (answers.verdict, answers.values) == ("empty", EMPTY)
    assert [it.severity for it in answers.findings] == ["warning"]


def test_a_value_that_was_there_before_is_no_answer() -> None:
    def prefill(pdf: Any) -> None:
        find(pdf, "school").DV = String("De Regenboog")

    answers = read_here(change(fill(make_form(), {"school": "De Regenboog"}), prefill))
    assert (answers.verdict, answers.values["school"]) == ("empty", "De Regenboog")


def test_required_fields_left_open_are_warnings() -> None:
    answers = read_here(fill(make_form(), {"D3-S2": "1"}))
    assert answers.verdict == "accepted"
    assert [(it.field, it.severity) for it in answers.findings] == [("school", "warning"), ("D3-S1", "warning")]


def test_a_field_that_a_program_added_is_a_warning() -> None:
    def add(pdf: Any) -> None:
        for kind, name in ((Name.Tx, "Tekst1"), (Name.Sig, "Handtekening")):
            pdf.Root.AcroForm.Fields.append(pdf.make_indirect(Dictionary(FT=kind, T=String(name))))

    answers = read_here(change(fill(make_form()), add))
    assert (answers.verdict, answers.values) == ("accepted", ANSWERS)
    assert "Tekst1, Handtekening" in answers.findings[0].message


# ------------------------------------------------------------------------------------------ ways of writing


def put(name: str, make: Callable[[Any], Any]) -> bytes:
    """Return a filled form in which one value is written in another way."""

    def edit(pdf: Any) -> None:
        find(pdf, name).V = make(pdf)

    return change(fill(make_form()), edit)


TEXT = ANSWERS["D3-waaraan"]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        pytest.param("D3-waaraan", lambda _: String(TEXT.replace("\n", "\r")), id="CR"),
        pytest.param("D3-waaraan", lambda _: String(TEXT.replace("\n", "\r\n")), id="CRLF"),
        pytest.param("D3-waaraan", lambda _: String(b"\xff\xfe" + TEXT.encode("utf-16-le")), id="UTF-16 LE"),
        pytest.param("D3-waaraan", lambda _: String(b"\xfe\xff" + TEXT.encode("utf-16-be")), id="UTF-16 BE"),
        pytest.param("D3-waaraan", lambda _: String(b"\xef\xbb\xbf" + TEXT.encode()), id="UTF-8"),
        pytest.param(
            "D3-waaraan", lambda _: String(b"\xfe\xff" + f"\x1bnl\x1b{TEXT}\0".encode("utf-16-be")), id="language code"
        ),
        pytest.param("D3-waaraan", lambda pdf: Stream(pdf, TEXT.encode("utf-8-sig")), id="stream"),
        pytest.param("D3-waaraan", lambda pdf: pdf.make_indirect(String(TEXT)), id="indirect"),
        pytest.param("school", lambda _: Array([String("De Regenboog")]), id="array"),
        pytest.param("aantal", lambda _: 12, id="number"),
        pytest.param("D3-S1", lambda _: String("/3"), id="radio as /3 in a string"),
        pytest.param("D3-S1", lambda _: String("3"), id="radio as a string"),
        pytest.param("D3-S1", lambda _: Array([Name("/3")]), id="radio as an array"),
        pytest.param("fase", lambda _: Array([String("ring-b")]), id="choice as an array"),
        pytest.param("fase", lambda _: Name("/ring-b"), id="choice as a name"),
        pytest.param("fase", lambda _: String("halverwege"), id="choice in its words"),
        pytest.param("akkoord", lambda _: String("yes"), id="check as a string"),
        pytest.param("datum", lambda _: String("1793660400000"), id="date in ms, midnight in Amsterdam"),
        pytest.param("datum", lambda _: String("1793703600000"), id="date in ms, noon in Amsterdam"),
    ],
)
def test_a_value_reads_the_same_however_it_is_written(name: str, make: Callable[[Any], Any]) -> None:
    raw = put(name, make)
    answers = read_here(raw)
    assert (answers.verdict, answers.values) == ("accepted", ANSWERS), answers.findings
    assert read_here(change(raw, lambda _: None, **PACKED)).values == ANSWERS


def test_a_date_is_given_as_it_was_filled_in() -> None:
    assert read_here(put("datum", lambda _: String("begin mei"))).values["datum"] == "begin mei"
    assert read_here(put("datum", lambda _: String("-62135596800001"))).values["datum"] == "-62135596800001"
    assert read_here(put("datum", lambda _: String("-86400000000"))).values["datum"] == "07-04-1967"


def test_pdf_doc_encoding_and_bytes_that_are_no_text() -> None:
    assert read_text(b"caf\xe9 \xa0 12\x85", Ration()) == "café € 12–"
    for raw in (b"\xfe\xff\x00", b"\xfe\xff\xd8\x00", b"\xef\xbb\xbf\xff", b"a\x9f", b"a\0b"):
        with pytest.raises(UnreadableError):
            read_text(raw, Ration())


def test_values_written_by_pypdf(tmp_path: Path) -> None:
    import pypdf

    for incremental in (False, True):
        writer = pypdf.PdfWriter(io.BytesIO(make_form()), incremental=incremental, full=not incremental)
        buttons = {"D3-S1": "/3", "D3-S2": "/weet-ik-niet", "D3-gewenst": "/4", "akkoord": "/yes"}
        for page in writer.pages:
            writer.update_page_form_field_values(page, {**FILLED, **buttons}, auto_regenerate=False)
        target = io.BytesIO()
        writer.write(target)
        answers = read(target.getvalue(), tmp_path)
        assert (answers.verdict, answers.values) == ("accepted", ANSWERS), answers.findings


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
@pytest.mark.parametrize("how", ["--linearize", "--object-streams=generate", "--qdf"])
def test_files_saved_anew_by_qpdf(tmp_path: Path, how: str) -> None:
    (tmp_path / "vol.pdf").write_bytes(append_save(make_form()))
    subprocess.run(["qpdf", how, "vol.pdf", "anders.pdf"], cwd=tmp_path, check=True, timeout=60)
    assert read_here((tmp_path / "anders.pdf").read_bytes()).values == ANSWERS


@pytest.mark.skipif(shutil.which("pdftk") is None or shutil.which("qpdf") is None, reason="pdftk or qpdf is missing")
@pytest.mark.parametrize(
    "command", ["pdftk vol.pdf output vlak.pdf flatten", "qpdf --flatten-annotations=all vol.pdf vlak.pdf"]
)
def test_forms_flattened_by_programs(tmp_path: Path, command: str) -> None:
    (tmp_path / "vol.pdf").write_bytes(fill(make_form()))
    subprocess.run(command.split(), cwd=tmp_path, check=True, timeout=60)
    answers = read((tmp_path / "vlak.pdf").read_bytes(), tmp_path)
    assert (answers.verdict, answers.form) == ("flattened", FORM.form), answers.findings


# ------------------------------------------------------------------------------------------ bad ones


def edited(edit: Callable[[Any], object], raw: bytes | None = None, **how: Any) -> bytes:
    return change(fill(make_form()) if raw is None else raw, edit, **how)


def rename(name: str, new: str) -> Callable[[Any], None]:
    def edit(pdf: Any) -> None:
        find(pdf, name).T = String(new)

    return edit


def remove(*names: str) -> Callable[[Any], None]:
    def edit(pdf: Any) -> None:
        fields = pdf.Root.AcroForm.Fields
        pdf.Root.AcroForm.Fields = Array([it for it in fields if str(it.T) not in names])

    return edit


def double(name: str, value: str) -> Callable[[Any], None]:
    def edit(pdf: Any) -> None:
        copy = Dictionary(find(pdf, name))
        pdf.Root.AcroForm.Fields.append(pdf.make_indirect(copy))
        copy = pdf.Root.AcroForm.Fields[-1]
        copy.V = String(value)

    return edit


def set_entry(name: str, key: str, value: Any) -> Callable[[Any], None]:
    def edit(pdf: Any) -> None:
        find(pdf, name)[key] = value

    return edit


def set_kid(name: str, number: int, state: str) -> Callable[[Any], None]:
    def edit(pdf: Any) -> None:
        find(pdf, name).Kids[number].AS = Name(f"/{state}")

    return edit


def flatten(keep_form: bool, keep_info: bool) -> Callable[[Any], None]:
    def edit(pdf: Any) -> None:
        for page in pdf.pages:
            page.obj.Annots = Array()
        if keep_form:
            pdf.Root.AcroForm.Fields = Array()
        else:
            del pdf.Root.AcroForm
        if not keep_info:
            del pdf.trailer.Info

    return edit


def scan(ppi: float) -> bytes:
    """Return a form as a scanner makes it: pictures of its pages."""
    pages = [draw(fill(make_form()), number, ppi).convert("L") for number in (0, 1)]
    target = io.BytesIO()
    pages[0].save(target, "PDF", save_all=True, append_images=pages[1:], resolution=ppi)
    return target.getvalue()


def make_cycle(pdf: Any) -> None:
    folder = pdf.make_indirect(Dictionary(T=String("map")))
    folder.Kids = Array([folder, *pdf.Root.AcroForm.Fields])
    pdf.Root.AcroForm.Fields = Array([folder])


def make_depth(pdf: Any) -> None:
    node = find(pdf, "school")
    for _ in range(20_000):
        node = pdf.make_indirect(Dictionary(T=String("a"), Kids=Array([node])))
    pdf.Root.AcroForm.Fields.append(node)


def make_crowd(pdf: Any) -> None:
    pdf.Root.AcroForm.Fields.append(pdf.make_indirect(Dictionary(T=String("a"), Kids=Array([Dictionary()] * 100_000))))


def make_bomb(mebibytes: int) -> bytes:
    """Return a zlib stream of zeros, a thousandth of its size; its checksum is wrong, which qpdf does not see."""
    packer = zlib.compressobj(9)
    first, second = (packer.compress(bytes(MEBIBYTE)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + second * (mebibytes - 1) + b"\3\0" + bytes(4)


def put_bomb(mebibytes: int) -> Callable[[Any], None]:
    def edit(pdf: Any) -> None:
        bomb = Stream(pdf, b"")
        bomb.write(make_bomb(mebibytes), filter=Name.FlateDecode)
        find(pdf, "D3-waaraan").V = pdf.make_indirect(bomb)

    return edit


def write_file(*objects: bytes, kind: bytes = b"XRef") -> bytes:
    """Write a PDF by hand: objects from 1, the last of which is its cross-reference stream and a bomb."""
    out = bytearray(b"%PDF-1.5\n")
    for number, it in enumerate(objects, 1):
        start = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, it)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def bomb_in_xref() -> bytes:
    bomb = make_bomb(3000)
    entries = b"/Type/XRef/Filter/FlateDecode/Length %d/W[1 4 2]/Size 400000000/Root 1 0 R" % len(bomb)
    return write_file(b"<</Type/Catalog>>", b"<<%s>>stream\n%s\nendstream" % (entries, bomb))


def bomb_in_objects() -> bytes:
    bomb = make_bomb(3000)
    entries = b"/Type/ObjStm/Filter/FlateDecode/Length %d/N 9/First 99" % len(bomb)
    table = bytes([0, 0, 0, 255, 2, 0, 2, 0, 1, 0, 9, 0])
    ends = b"/Type/XRef/Length 12/W[1 2 1]/Size 3/Root 1 0 R"
    packed = b"<<%s>>stream\n%s\nendstream" % (entries, bomb)
    return write_file(b"<</Type/Catalog>>", packed, b"<<%s>>stream\n%s\nendstream" % (ends, table))


def bomb_that_hides() -> bytes:
    """Write the type of a stream in a way that only a parser reads."""
    return bomb_in_xref().replace(b"/Type/XRef", b"/Type/XR#65f")


def put_nested_bomb() -> bytes:
    """Pack the value twice, so that only qpdf unpacks it."""
    with open_pdf(fill(make_form())) as pdf:
        bomb = Stream(pdf, b"")
        bomb.write(zlib.compress(make_bomb(3000)), filter=Array([Name.FlateDecode, Name.FlateDecode]))
        find(pdf, "D3-waaraan").V = pdf.make_indirect(bomb)
        return save(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)


def bomb_on_page() -> bytes:
    """A file of others whose page unpacks to gigabytes, so that looking at it ends the process."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    content = Stream(pdf, b"")
    content.write(make_bomb(3000), filter=Name.FlateDecode)
    page.obj.Contents = pdf.make_indirect(content)
    return save(pdf)


def cut_added(share: float) -> bytes:
    raw = append_save(make_form())
    return raw[: len(make_form()) + int(share * (len(raw) - len(make_form())))]


def break_table(raw: bytes) -> bytes:
    start = raw.rindex(b"xref\n", 0, raw.rindex(b"trailer")) + 5
    return raw[:start] + raw[start:].replace(b"00000 n", b"00001 n", 1)


def forget_object(raw: bytes) -> bytes:
    """Let the last table give the place of its first object to no object."""
    start = raw.rindex(b"xref\n", 0, raw.rindex(b"trailer")) + 5
    number = raw[start : raw.index(b" ", start)]
    return raw[:start] + b"0".zfill(len(number)) + raw[start + len(number) :]


def break_checksum(raw: bytes) -> bytes:
    """Change the last byte of the first packed objects: qpdf unpacks them all the same."""
    place = raw.index(b"endstream", raw.index(b"/ObjStm")) - 2
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


def shift_table(raw: bytes) -> bytes:
    return raw.replace(b"%PDF-1", b"%PDF-1.7\n%%%\n%PDF-1", 1)


def others(**entries: Any) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    if entries:
        field = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("naam"), V=String("x")))
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    return save(pdf)


def png() -> bytes:
    target = io.BytesIO()
    Image.new("L", (9, 9)).save(target, "PNG")
    return target.getvalue()


def as_kind(name: str, kind: Any, flags: int = 0) -> Callable[[Any], None]:
    def edit(pdf: Any) -> None:
        find(pdf, name).FT = kind
        find(pdf, name).Ff = flags

    return edit


def without_button(pdf: Any) -> None:
    del find(pdf, "D3-S2").Kids[0]


def without_option(pdf: Any) -> None:
    del find(pdf, "fase").Opt[0]


def show_state(name: str, state: str) -> Callable[[Any], None]:
    """Choose a state that the form does not have, as a program does that renames on-states."""

    def edit(pdf: Any) -> None:
        field = find(pdf, name)
        kid = field.get("/Kids", [field])[0]
        kid.AP.N[f"/{state}"] = kid.AP.N.Off
        field.V = kid.AS = Name(f"/{state}")

    return edit


def lose_value(pdf: Any) -> None:
    del find(pdf, "school").V


def split_value(pdf: Any) -> None:
    """Give a widget another value than its field."""
    field = find(pdf, "school")
    kid = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, Parent=field, V=String("De Zonnebloem")))
    field.Kids = Array([kid])


def set_info(pdf: Any) -> None:
    pdf.docinfo["/Form_version"] = String("2019-01")


def show_copies(pdf: Any) -> None:
    """Put copies of the fields on the page, with another answer, as programs do that copy pages."""
    page = pdf.pages[0].obj
    copies = [pdf.make_indirect(Dictionary({key: it[key] for key in it.keys()})) for it in page.Annots]  # noqa: SIM118
    for it in copies:
        if it.get("/T") == "school":
            it.V = String("De Zonnebloem")
    page.Annots = Array(copies)


def add_kid_twice(pdf: Any) -> None:
    find(pdf, "D3-S1").Kids.append(find(pdf, "D3-S1").Kids[0])


HUGE = "lang " * 60_000

BAD: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "no bytes": (lambda: b"", "damaged", "the file is empty"),
    "NULs of a copy that failed": (lambda: bytes(5000), "damaged", "the file is empty"),
    "one byte": (lambda: b"%", "foreign", "no PDF but 1 bytes"),
    "PNG": (png, "foreign", "a PNG picture"),
    "Word": (lambda: b"PK\3\4" + bytes(99), "foreign", "ZIP archive"),
    "FDF": (lambda: b"%FDF-1.2\n", "foreign", "form data without the form"),
    "PDF of others": (others, "foreign", "none of these forms"),
    "form of others": (lambda: others(fields=True), "foreign", "none of these forms"),
    "other toolbox": (lambda: make_form(replace(FORM, form="scan-samen")), "foreign", "'scan-samen', which this"),
    "only a header": (lambda: b"%PDF-1.7\n", "damaged", "without repair"),
    "cut in half": (lambda: fill(make_form())[:9000], "damaged", "no end (%%EOF)"),
    "cut at the end": (lambda: fill(make_form())[:-4], "damaged", "no end (%%EOF)"),
    "packed and cut": (lambda: fill(make_form(), **PACKED)[:-900], "damaged", "no end (%%EOF)"),
    "linearized and cut": (lambda: fill(make_form(), linearize=True)[:9000], "damaged", "follow its end"),
    "addition cut at its start": (lambda: cut_added(0.01), "damaged", "follow its end"),
    "addition cut in half": (lambda: cut_added(0.5), "damaged", "follow its end"),
    "addition cut at its end": (lambda: cut_added(0.999), "damaged", "follow its end"),
    "something behind": (lambda: fill(make_form()) + b"<html>blocked</html>", "damaged", "20 bytes follow its end"),
    "table with a wrong number": (lambda: break_table(fill(make_form())), "damaged", "without repair"),
    "table that is shifted": (lambda: shift_table(fill(make_form())), "damaged", "without repair"),
    "added table with a wrong number": (lambda: break_table(append_save(make_form())), "damaged", "obj"),
    "object of an earlier save": (
        lambda: forget_object(append_save(make_form())),
        "damaged",
        "is taken as it was before the last save",
    ),
    "packed objects with a wrong checksum": (lambda: break_checksum(fill(make_form(), **PACKED)), "damaged", "checksum"),
    "locked": (
        lambda: fill(make_form(), deterministic_id=False, encryption=pikepdf.Encryption(owner="x", user="y")),
        "refused",
        "is locked",
    ),
    "locked against changes": (
        lambda: fill(make_form(), deterministic_id=False, encryption=pikepdf.Encryption(owner="x", user="")),
        "refused",
        "is locked",
    ),
    "flattened": (lambda: edited(flatten(keep_form=False, keep_info=True)), "flattened", "without its fields"),
    "flattened, with an empty form": (lambda: edited(flatten(True, True)), "flattened", "without its fields"),
    "flattened, but for what has no widget": (
        lambda: edited(remove(*(it.name for it in FORM.fields), "meta_clear_D3-S1", "meta_clear_D3-S2", "meta_clear_D3-gewenst")),
        "flattened",
        "without its fields",
    ),
    "printed to PDF as text": (lambda: edited(flatten(False, False)), "flattened", "without its fields"),
    "scanned at 150 ppi": (lambda: scan(150), "flattened", "without its fields"),
    "scanned at 200 ppi": (lambda: scan(200), "flattened", "without its fields"),
    "field removed": (lambda: edited(remove("D3-S2")), "damaged", "1 of its 11 fields are missing: D3-S2"),
    "field renamed": (lambda: edited(rename("school", "Tekst1")), "damaged", "missing: school; instead there are Tekst1"),
    "calculated field removed": (lambda: edited(remove("D3-gemiddeld")), "damaged", "missing: D3-gemiddeld"),
    "fields in a folder": (lambda: edited(rename("school", "map.school")), "damaged", "missing: school"),
    "identity removed": (lambda: edited(remove("meta_version")), "damaged", "does not say in one way what it is"),
    "identity removed everywhere": (
        lambda: edited(lambda pdf: (remove("meta_form")(pdf), pdf.trailer.__delitem__("/Info"))),
        "damaged",
        "does not say in one way what it is: meta_form",
    ),
    "two identities": (lambda: edited(set_info), "damaged", "its properties say"),
    "doubled, two values": (lambda: edited(double("school", "x")), "conflict", "'De Regenboog' and 'x'"),
    "doubled, one value": (lambda: edited(double("school", "De Regenboog")), "damaged", "stands 2 times"),
    "other fields on the page": (lambda: edited(show_copies), "damaged", "fields that are not those of its list: organisatie, "),
    "button twice": (lambda: edited(add_kid_twice), "damaged", "holds a field twice"),
    "other type": (lambda: edited(as_kind("school", Name.Ch)), "damaged", "is a drop-down, expected a text field"),
    "push button": (lambda: edited(as_kind("D3-S1", Name.Btn, 1 << 16)), "damaged", "is a push button, expected radio"),
    "button missing": (lambda: edited(without_button), "damaged", "not one button for 1"),
    "option missing": (lambda: edited(without_option), "damaged", "lacks the option start"),
    "value that is no text": (lambda: edited(set_entry("school", "/V", True)), "damaged", "its value is no text"),
    "tree in a circle": (lambda: edited(make_cycle), "damaged", "runs in a circle"),
    "tree 20,000 deep": (lambda: edited(make_depth), "damaged", "more than 32 deep"),
    "fields that are a number": (lambda: edited(lambda pdf: pdf.Root.AcroForm.__setitem__("/Fields", 7)), "damaged", ""),
    "100,000 widgets": (lambda: edited(make_crowd), "refused", "more than 20000 fields"),
    "huge text": (lambda: edited(set_entry("school", "/V", String(HUGE))), "refused", "a text of 300000 characters"),
    "bomb of 60 MB": (lambda: edited(put_bomb(60)), "refused", "a stream of more than 50 MB"),
    "bomb of 3 GB": (lambda: edited(put_bomb(3000)), "refused", "a stream of more than 50 MB"),
    "bomb in the table": (bomb_in_xref, "refused", "a stream of more than 50 MB"),
    "bomb in a stream of objects": (bomb_in_objects, "refused", "a stream of more than 50 MB"),
    "bomb that hides": (bomb_that_hides, "damaged", "without repair"),
    "bomb in a bomb": (put_nested_bomb, "refused", "memory"),
    "bomb on a page": (bomb_on_page, "refused", "do not say what it is"),
    "value against state": (lambda: edited(set_entry("D3-S1", "/V", Name("/2"))), "conflict", "holds '2', the page shows '3'"),
    "value without state": (lambda: edited(set_kid("D3-S1", 2, "Off")), "conflict", "holds '3', the page shows nothing"),
    "state without value": (
        lambda: edited(set_entry("D3-S1", "/V", Name.Off)),
        "conflict",
        "holds nothing, the page shows '3'",
    ),
    "two states": (lambda: edited(set_kid("D3-S1", 0, "1")), "conflict", "shows '1' and '3' at once"),
    "state of another button": (
        lambda: edited(lambda pdf: (set_kid("D3-S1", 2, "Off")(pdf), set_kid("D3-S1", 0, "3")(pdf))),
        "conflict",
        "shows '3' on the button of '1'",
    ),
    "wrong on-state": (lambda: edited(show_state("D3-S1", "9")), "conflict", "'9', which is none of its options"),
    "wrong on-state of a box": (lambda: edited(show_state("akkoord", "On")), "conflict", "'On', which is none"),
    "option that is none": (lambda: edited(set_entry("fase", "/V", String("x"))), "conflict", "'x', which is none"),
    "two options": (
        lambda: edited(set_entry("fase", "/V", Array([String("start"), String("klaar")]))),
        "conflict",
        "holds 'start' and 'klaar'",
    ),
    "two values": (lambda: edited(split_value), "conflict", "holds 'De Regenboog' and 'De Zonnebloem'"),
    "fixed value changed": (
        lambda: fill(make_form(), {**FILLED, "organisatie": "Een ander"}),
        "conflict",
        f"was filled in beforehand with '{WHO}', now it holds 'Een ander'",
    ),
    "value lost": (lambda: edited(lose_value), "conflict", "the page shows a text, the file holds none"),
    "other version": (lambda: fill(make_form(OLD)), "unknown-version", "version 2025-03"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_its_verdict(case: str, tmp_path: Path) -> None:
    make, verdict, message = BAD[case]
    answers = read(make(), tmp_path)
    assert answers.verdict == verdict, answers.findings
    errors = [it for it in answers.findings if it.severity == "error"]
    assert any(message in it.message for it in errors), answers.findings
    assert all(it.hint for it in errors)
    if verdict not in ("conflict", "unknown-version"):
        assert answers.values == {}


@pytest.mark.parametrize("case", [name for name, (_, verdict, _) in BAD.items() if verdict == "conflict"])
def test_of_a_conflict_no_value_is_chosen_and_the_rest_is_given(case: str) -> None:
    answers = read_here(BAD[case][0]())
    errors = {it.field for it in answers.findings if it.severity == "error"}
    assert len(errors) == 1
    assert answers.values == ANSWERS | dict.fromkeys(errors, "")


def test_every_bad_file_has_a_text_of_its_own() -> None:
    assert len({message for _, _, message in BAD.values()}) >= 40


def test_an_unknown_version_gives_what_is_the_same(tmp_path: Path) -> None:
    answers = read(fill(make_form(OLD)), tmp_path)
    assert answers.verdict == "unknown-version"
    assert answers.values == {name: value for name, value in ANSWERS.items() if name != "D3-S2"}
    assert "10 of its 11 fields are the same in version 2026-11" in answers.findings[1].message
    assert answers.findings[2].message.endswith("not the same: D3-S2")
    known = Forms({FORM.form: (FORM, OLD)})
    released = read(fill(make_form(OLD)), tmp_path, known)
    assert (released.verdict, released.version, released.values) == ("accepted", "2025-03", ANSWERS)


def test_an_unknown_version_with_a_field_missing_is_damaged() -> None:
    answers = read_here(edited(remove("school"), fill(make_form(OLD))))
    assert (answers.verdict, answers.values) == ("damaged", {})


def test_hashes_that_do_not_fit_the_version_are_damage() -> None:
    def lie(pdf: Any) -> None:
        find(pdf, "meta_hashes").V = String(f"school:{'0' * 8}")

    answers = read_here(edited(lie))
    assert (answers.verdict, answers.findings[0].message) == (
        "damaged",
        "it names other hashes than its version has, of school",
    )


def test_what_lost_its_fields_is_named_by_what_is_left(tmp_path: Path) -> None:
    for raw in (edited(flatten(False, True)), edited(flatten(False, False)), scan(150)):
        answers = read(raw, tmp_path)
        assert (answers.form, answers.version, answers.fingerprint) == FORM.identity
    broken = read(fill(make_form())[:-4], tmp_path)
    assert (broken.verdict, broken.form) == ("damaged", FORM.form)


# ------------------------------------------------------------------------------------------ limits

MEASURE = """
import json, resource, sys, time
from pipeline.collect import read_form
from tests.returns import TOOLBOX
start = time.monotonic()
answers = read_form(sys.argv[1], TOOLBOX)
took = time.monotonic() - start
own = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])  # getrusage counts from before the exec
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([answers.verdict, took, own * 1024, child * 1024]))
"""


def measure(raw: bytes, tmp_path: Path) -> tuple[str, float, int, int]:
    """Return verdict, seconds, and the most bytes held by the process that waits and by the one that reads."""
    path = tmp_path / "terug.pdf"
    path.write_bytes(raw)
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", MEASURE, str(path)]
    told = subprocess.run(command, cwd=root, check=True, capture_output=True, timeout=60)
    verdict, took, own, child = json.loads(told.stdout)
    return verdict, took, own, child


@pytest.mark.skipif(sys.platform != "linux", reason="measured as Linux counts")
@pytest.mark.parametrize(
    "case",
    [
        "bomb of 60 MB",
        "bomb of 3 GB",
        "bomb in the table",
        "bomb in a stream of objects",
        "bomb that hides",
        "bomb in a bomb",
        "bomb on a page",
        "100,000 widgets",
        "huge text",
        "tree 20,000 deep",
        "scanned at 200 ppi",
    ],
)
def test_time_and_memory_stay_below_what_is_promised(case: str, tmp_path: Path) -> None:
    verdict, took, own, child = measure(BAD[case][0](), tmp_path)
    assert verdict == BAD[case][1]
    assert took < 10
    assert own + child < 500_000_000


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "groot.pdf"
    with path.open("wb") as file:
        file.write(make_form())
        file.truncate(50_000_001)
    answers = read_form(path, TOOLBOX)
    assert (answers.verdict, answers.findings[0].message) == (
        "refused",
        "holds more than a form can: at most 50 MB are read (more than 50 MB)",
    )


def test_a_process_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS_MOST", 0.0)
    answers = read(make_form(), tmp_path)
    assert (answers.verdict, "seconds" in answers.findings[0].message) == ("refused", True)


def test_a_process_that_takes_too_much_is_ended_where_no_system_does_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "LIMITS_ITSELF", False)
    monkeypatch.setattr(apart, "LOOK_EVERY", 0.005)
    monkeypatch.setattr(process, "MEMORY_MOST", 1_000_000)
    answers = read(make_form(), tmp_path)
    assert (answers.verdict, "memory" in answers.findings[0].message) == ("refused", True)


def test_a_process_that_says_too_much_or_nothing_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "REPLY_MOST", 100)
    assert read(make_form(), tmp_path).verdict == "refused"
    monkeypatch.undo()
    monkeypatch.setattr(sys, "executable", shutil.which("true") or "true")
    answers = read(make_form(), tmp_path)
    assert (answers.verdict, "ended the program" in answers.findings[0].message) == ("refused", True)


def test_reading_works_from_any_folder_and_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pikepdf.py").write_text("raise SystemExit", "ascii")  # what lies there is not imported
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vol.pdf").write_bytes(fill(make_form()))
    assert read_form("vol.pdf", TOOLBOX).verdict == "accepted"


def test_a_file_that_is_not_there_raises(tmp_path: Path) -> None:
    for path in (tmp_path / "weg.pdf", tmp_path, "nul\0.pdf"):
        with pytest.raises(UsageError):
            read_form(path, TOOLBOX)
    locked = tmp_path / "dicht.pdf"
    locked.write_bytes(make_form())
    locked.chmod(0)
    try:
        locked.read_bytes()
    except PermissionError:
        with pytest.raises(StorageError):
            read_form(locked, TOOLBOX)


# ------------------------------------------------------------------------------------------ accidents


def spans(raw: bytes) -> list[tuple[int, int]]:
    """Return where the file holds the text of an answer as it is: what changes there nobody can tell.

    Those of earlier states of the file do not count, but they are not told apart.
    """
    found = []
    start = raw.find(b"/V ")
    while start >= 0:
        for opening, closing in ((b"(", b") "), (b"<", b">")):
            if raw[start + 3 : start + 4] == opening:
                found.append((start + 3, raw.index(closing, start)))
        start = raw.find(b"/V ", start + 3)
    return found


def spoil(raw: bytes, dice: random.Random) -> tuple[bytes, int, int]:
    """Return the file with one accident, and the place of it."""
    start = dice.randrange(len(raw))
    match dice.choice(("flip", "flip", "byte", "cut", "drop", "zero")):
        case "flip":
            return raw[:start] + bytes([raw[start] ^ 1 << dice.randrange(8)]) + raw[start + 1 :], start, start + 1
        case "byte":
            return raw[:start] + dice.randbytes(1) + raw[start + 1 :], start, start + 1
        case "cut":
            return raw[:start], start, len(raw)
        case "drop":
            end = min(len(raw), start + dice.randrange(1, 300))
            return raw[:start] + raw[end:], start, end
    end = min(len(raw), start + dice.randrange(1, 300))
    return raw[:start] + bytes(end - start) + raw[end:], start, end


WAYS: dict[str, Callable[[], bytes]] = {
    "plain": lambda: fill(make_form()),
    "packed": lambda: fill(make_form(), **PACKED),
    "added": lambda: append_save(make_form()),
    "added twice": lambda: append_save(append_save(make_form(), {"school": "Eerst", "D3-S1": "1"})),
    "linearized": lambda: fill(make_form(), linearize=True),
}


def spoil_often(way: str, seeds: range) -> None:
    """Spoil a file; what is accepted then has the answers of before, or the accident hit the letters of one."""
    raw = WAYS[way]()
    written = spans(raw)
    for seed in seeds:
        spoilt, start, end = spoil(raw, random.Random(seed))
        answers = read_here(spoilt)
        if answers.verdict in ("accepted", "empty") and answers.values != ANSWERS:
            assert any(first <= start and end <= last for first, last in written), (seed, start, answers)
            assert way != "packed", (seed, start, answers)


@pytest.mark.parametrize("way", WAYS)
def test_an_accident_never_makes_other_answers(way: str) -> None:
    spoil_often(way, range(250))


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("share", range(2))
def test_many_accidents_never_make_other_answers(way: str, share: int) -> None:
    spoil_often(way, range(1000 * (share + 1), 1000 * (share + 1) + 800))


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_accidents_do_not_raise_or_take_long(way: str, tmp_path: Path) -> None:
    for seed in range(30):
        read(spoil(WAYS[way](), random.Random(seed))[0], tmp_path)


def find_tables(raw: bytes) -> range:
    """Return where the table of the last save stands, and what comes after it."""
    return range(raw.rindex(b"\nxref\n"), len(raw))


@pytest.mark.parametrize("way", ["added", "added twice"])
def test_no_wrong_byte_in_the_table_of_an_added_save_brings_back_an_older_answer(way: str) -> None:
    raw = WAYS[way]()
    dice = random.Random(1)
    for place in find_tables(raw):
        answers = read_here(raw[:place] + bytes([raw[place] ^ 1 << dice.randrange(8)]) + raw[place + 1 :])
        assert answers.verdict not in ("accepted", "empty") or answers.values == ANSWERS, place


@pytest.mark.slow
@pytest.mark.parametrize("way", ["added", "added twice"])
@pytest.mark.parametrize("bit", range(8))
def test_no_bit_does(way: str, bit: int) -> None:
    raw = WAYS[way]()
    for place in find_tables(raw):
        answers = read_here(raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :])
        assert answers.verdict not in ("accepted", "empty") or answers.values == ANSWERS, place


@pytest.mark.parametrize("way", ["added", "added twice"])
def test_a_cut_anywhere_is_told(way: str) -> None:
    """But for a cut right behind an earlier end: that is the file as it was then, whole."""
    raw = WAYS[way]()
    for place in range(len(make_form()) + 1, len(raw) - 1):
        if raw[place - 1 : place].strip():
            assert check_ending(raw[:place]) or raw[:place].endswith(b"%%EOF"), place


def test_a_stream_with_a_wrong_checksum_is_told() -> None:
    packed = zlib.compress(b"letters " * 50)
    assert inflate(packed) == b"letters " * 50
    with pytest.raises(zlib.error):
        inflate(packed[:-1] + b"?")
    with pytest.raises(UnreadableError):
        inflate(packed[:-5])
    assert not is_deflated(Dictionary(Filter=Array([Name.FlateDecode, Name.FlateDecode])))
