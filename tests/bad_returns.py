"""Bad files, each with its verdict: cut, spoiled, locked, flattened, of others, bombs, two answers at once."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from tests.conftest import draw
from tests.returns import FILLED, FORM, OLD, WHO, append_save, change, fill, find, make_form, open_pdf, save

PACKED = {"object_stream_mode": pikepdf.ObjectStreamMode.generate}
MEBIBYTE = 1 << 20


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
