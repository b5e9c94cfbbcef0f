"""Files that were made to break a program: each gets a finding, soon, and takes no more memory than others."""

from __future__ import annotations

import base64
import io
import re
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from pipeline.pdf.lexer import BrokenStreamError, decode_string, read_instructions
from pipeline.pdf.unpack import TooLargeError, read_stream
from pipeline.preflight import Subject, preflight
from tests.samples import form, make_pdf, tiling

SECONDS = 8.0  # each takes one or two; without bounds, hours
MEMORY = 400_000  # kilobytes that the process grows by


def bomb(packed_more: int = 0) -> bytes:
    """A gigabyte, packed; the same block over and over, so that making it takes no time."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"0 g " * 262_144) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"0 g " * 262_144) + packer.flush(zlib.Z_FULL_FLUSH)
    data = head + block * 1023
    for _ in range(packed_more):
        data = zlib.compress(data)
    return data


def packed(data: bytes, filters: Any) -> Callable[[pikepdf.Pdf], object]:
    """Put bytes in the place of the content of the first page, as they are."""

    def edit(pdf: pikepdf.Pdf) -> None:
        made = Stream(pdf, b"")
        made.write(data, filter=filters, decode_parms=None)
        pdf.pages[0].obj.Contents = pdf.make_indirect(made)

    return edit


def change(edit: Callable[[pikepdf.Pdf], object], content: bytes = b"", resources: Any = None) -> bytes:
    """Return a changed file, its streams untouched: to pack them anew would unpack the bombs."""
    with pikepdf.open(io.BytesIO(make_pdf(content, resources))) as pdf:
        edit(pdf)
        out = io.BytesIO()
        pdf.save(
            out, fix_metadata_version=False, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none
        )
    return out.getvalue()


def in_circle(pdf: pikepdf.Pdf) -> Dictionary:
    """Forms that draw each other, a pattern that is painted with itself, a soft mask in its own mask."""
    first, second = (
        pdf.make_indirect(form(pdf, b"/Y Do /Y Do 1 0 0 rg 30 30 9 9 re f")),
        pdf.make_indirect(form(pdf, b"/X Do /X Do")),
    )
    pattern = pdf.make_indirect(tiling(pdf, b"/Pattern cs /P scn 0 0 9 9 re f"))
    masked = pdf.make_indirect(form(pdf, b"/G gs /X Do"))
    own = Dictionary(
        XObject=Dictionary(X=first, Y=second),
        Pattern=Dictionary(P=pattern),
        ExtGState=Dictionary(G=Dictionary(SMask=Dictionary(S=Name.Luminosity, G=masked))),
    )
    for it in (first, second, pattern, masked):
        it.Resources = own
    return own


def metadata(pdf: pikepdf.Pdf) -> None:
    made = Stream(pdf, b"")
    made.write(bomb(), filter=Name.FlateDecode, decode_parms=None)
    pdf.Root.Metadata = pdf.make_indirect(made)


def picture(pdf: pikepdf.Pdf) -> Dictionary:
    made = Stream(pdf, b"", Type=Name.XObject, Subtype=Name.Image, Width=9, Height=9)
    made.BitsPerComponent, made.ColorSpace = 8, Name.DeviceCMYK
    made.write(bomb(), filter=Name.FlateDecode, decode_parms=None)
    return Dictionary(XObject=Dictionary(I=pdf.make_indirect(made)))


def tree_in_circle() -> bytes:
    """A page tree whose node is its own kid."""
    whole = make_pdf(b"0 0 0 1 k 0 0 50 50 re f")
    tree = re.search(rb"(\d+) 0 obj\n<< /Count 1 /Kids \[ (\d+) 0 R", whole)
    assert tree is not None
    return whole.replace(tree[0], tree[0].replace(tree[2] + b" 0 R", tree[1] + b" 0 R"))


def deep(content: bytes) -> bytes:
    return b"[" * 100_000 + content


MILLION = b"1 0 0 1 0 0 cm " * 1_000_000
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "circles": (lambda: make_pdf(b"/X Do /P scn /G gs /Pattern cs /P scn 30 30 9 9 re f", in_circle), "not checked: something that draws itself"),
    "50 metres": (lambda: make_pdf(b"1 0 0 rg 30 30 9 9 re f", MediaBox=[0, 0, 141_732, 300], BleedBox=None), "too large to be drawn"),
    "50 metres in large units": (lambda: make_pdf(b"1 0 0 rg 30 30 9 9 re f", UserUnit=1000), "too large to be drawn"),
    "cut off": (lambda: make_pdf(MILLION[:100_000])[:-200], "the file is damaged"),
    "a gigabyte": (lambda: change(packed(bomb(), Name.FlateDecode)), "a content stream of more than 20 MB"),
    "a gigabyte, packed thrice": (
        lambda: change(packed(bomb(2), Array([Name.FlateDecode] * 3))), "a content stream of more than 20 MB"
    ),
    "a gigabyte in hexadecimal": (
        lambda: change(packed(bomb(2).hex().encode() + b">", Array([Name.ASCIIHexDecode, *[Name.FlateDecode] * 3]))), "more than 20 MB"
    ),
    "packed a hundred times": (lambda: change(packed(b"", Array([Name.FlateDecode] * 100))), "a stream packed 100 times"),
    "filters in filters": (lambda: make_pdf(MILLION[:900]).replace(b"/FlateDecode", b"[ [ [ /FlateDecode ] ] ]"), "its structure is broken"),
    "a gigabyte of metadata": (lambda: change(metadata), "more than 20 MB"),
    "a gigabyte in a picture": (lambda: make_pdf_raw(b"q 60 0 0 60 30 30 cm /I Do Q", picture), "an image packed by FlateDecode"),
    "a tree in a circle": (tree_in_circle, "cannot be read as a PDF"),
    "a million instructions": (lambda: make_pdf(MILLION), "more than 500000 drawing instructions"),
    "a million saved states": (lambda: make_pdf(b"q " * 1_000_000), "saves more than 512 states in each other"),
    "a million operands": (lambda: make_pdf(b"1 " * 1_000_000), "an instruction of more than 100000 operands"),
    "a million brackets": (lambda: make_pdf(deep(b"1")), "brackets nested too deep"),
    "a million strings in a string": (lambda: make_pdf(b"(" * 1_000_000), "a string that is not closed"),
    "a million colours": (
        lambda: make_pdf(b"".join(b"0 0 0 %.6f k 30 30 9 9 re f " % (it / 1e6) for it in range(30_000))), "painted in more than 20000 ways"
    ),
    "an image that does not end": (lambda: make_pdf(b"BI /W 9 /H 9 ID " + b"x" * 1_000_000), "an inline image that does not end"),
}  # fmt: skip


def make_pdf_raw(content: bytes, resources: Any) -> bytes:
    """As `make_pdf`, streams untouched."""

    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Resources = resources(pdf)

    return change(edit, content)


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_gets_a_finding_soon_and_takes_little_memory(case: str) -> None:
    make, message = HOSTILE[case]
    pdf = make()
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    found = [str(it) for it in preflight(Subject("x.pdf", pdf, medium="print"))]
    took = time.perf_counter() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert any(message in it for it in found), found
    assert took < SECONDS
    assert most < MEMORY


# ------------------------------------------------------------------------------------------ packing, tokens


def lzw(codes: list[int]) -> bytes:
    """Codes of 9 bits; 256 clears the table, 257 ends."""
    bits = "".join(f"{code:09b}" for code in codes)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


PACKED: dict[str, tuple[bytes, Any, bytes]] = {
    "plain": (b"0 g", None, b"0 g"),
    "flate": (zlib.compress(b"0 g"), Name.FlateDecode, b"0 g"),
    "flate, cut off": (zlib.compress(b"0 g " * 99)[:-4], Name.FlateDecode, b"0 g " * 99),
    "hexadecimal": (b"30 20 67>", Name.ASCIIHexDecode, b"0 g"),
    "hexadecimal of odd length": (b"30205>", Name.ASCIIHexDecode, b"0 P"),
    "base 85": (base64.a85encode(b"0 g") + b"~>", Name.ASCII85Decode, b"0 g"),
    "runs": (b"\x020 g\xfeA\x80", Name.RunLengthDecode, b"0 gAAA"),
    "LZW": (lzw([256, 97, 98, 99, 258, 260, 259, 257]), Name.LZWDecode, b"abcabcabc"),
    "two filters": (zlib.compress(b"0 g").hex().encode() + b">", Array([Name.ASCIIHexDecode, Name.FlateDecode]), b"0 g"),
}  # fmt: skip


@pytest.mark.parametrize("case", PACKED)
def test_a_packed_stream_is_read_as_qpdf_reads_it(case: str) -> None:
    data, filters, expected = PACKED[case]
    pdf = pikepdf.new()
    stream = Stream(pdf, b"")
    stream.write(data, filter=filters, decode_parms=None)
    assert read_stream(stream) == expected
    if case != "flate, cut off":
        assert stream.read_bytes(pikepdf.StreamDecodeLevel.specialized) == expected


@pytest.mark.parametrize(
    ("data", "filters"),
    [
        (b"\x81A" * 5_000, Name.RunLengthDecode),
        (b"z" * 300_000, Name.ASCII85Decode),
        (lzw([256, 97, *range(258, 264)]) * 20_000, Name.LZWDecode),
    ],
    ids=["runs", "base 85", "LZW"],
)
def test_what_unpacks_to_too_much_is_refused(data: bytes, filters: Name) -> None:
    pdf = pikepdf.new()
    stream = Stream(pdf, b"")
    stream.write(data, filter=filters, decode_parms=None)
    with pytest.raises(TooLargeError):
        read_stream(stream, 500_000)


def tokens(data: bytes) -> Iterator[tuple[str, list[Any]]]:
    for operator, operands, _, _ in read_instructions(data):
        yield operator.decode(), [decode_string(it) if isinstance(it, bytes) else it for it in operands]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"1 -.5 +2. 0 0 0 cm", [("cm", [1, -0.5, 2, 0, 0, 0])]),
        (b"0 Tr/F0 9 Tf", [("Tr", [0]), ("Tf", ["/F0", 9])]),
        (b"% 1 0 0 rg\n0 g%end", [("g", [0])]),
        (b"(a\\(b\\)\\101\\n) Tj", [("Tj", [b"a(b)A\n"])]),
        (b"(a(b(c))d)Tj", [("Tj", [b"a(b(c))d"])]),
        (b"<4 1 4>Tj", [("Tj", [b"A@"])]),
        (b"/P <</MCID 0 /L [1 (x)]>> BDC", [("BDC", ["/P", {"/MCID": 0, "/L": [1, b"(x)"]}])]),
        (b"/A#20B gs", [("gs", ["/A B"])]),
        (b"true false null x", [("x", [True, False, None])]),
        (b"q\0Q\fq\r\nQ", [("q", []), ("Q", []), ("q", []), ("Q", [])]),
        (b"[]0 d", [("d", [[], 0])]),
        (b"", []),
        (b"1 2 3", []),
    ],
)
def test_a_stream_is_read_as_tokens(data: bytes, expected: list[tuple[str, list[Any]]]) -> None:
    assert list(tokens(data)) == expected


def test_a_show_of_text_has_its_strings_and_the_gaps_between_them() -> None:
    ((operator, ((first, gap, second),), start, end),) = read_instructions(b" [(A\\)) -12.5<42>] TJ ")
    assert (operator, decode_string(first), gap, decode_string(second)) == (b"TJ", b"A)", -12.5, b"B")
    assert (start, end) == (0, 21)


def test_an_inline_image_ends_where_its_samples_end_also_when_they_look_like_an_end() -> None:
    data = b"q BI /W 4 /H 1 /BPC 8 /CS /G ID a EI \xff EI Q"
    found = list(read_instructions(data))
    assert [it[0] for it in found] == [b"q", b"BI", b"Q"]
    keys, begin, end = found[1][1]
    assert keys["/W"] == 4
    assert data[begin:end] == b"a EI \xff"


@pytest.mark.parametrize("data", [b"] Tj", b"[1 Tj", b"<< /A (x Tj", b"(x"])
def test_a_stream_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(BrokenStreamError):
        list(read_instructions(data))
