"""`drukwerk preflight`: files of others, however hostile, and what is said of them as text, JSON and HTML."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import json
import re
import threading
import time
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from pipeline import apart
from pipeline.errors import Finding, Spot, write_ranges
from pipeline.examine import process
from pipeline.examine.limits import PICTURES_MOST
from pipeline.examine.process import draw_findings, examine_files
from pipeline.examine.report import AIR, MARKS_MOST, render_report
from pipeline.examine.values import (
    Asked,
    Examination,
    Examined,
    Frame,
    Question,
    dump_examined,
    find_shop_name,
    load_examined,
)
from pipeline.manifest import Manifest, Output, Recipe, write_manifest
from pipeline.places import TextPlace, write_places
from pipeline.preflight import CHECKS
from pipeline.units import Rect, Size, mm
from tests.bad_returns import bomb_in_objects, bomb_on_page
from tests.conftest import Run
from tests.samples import BLEED, EXPECTED, TRIM, make_pdf

GREY = b"0 0 0 .5 k 40 30 20 10 re f"
LINE = GREY + b" 0 0 0 1 K .1 w 30 60 m 130 60 l S"  # too thin; y counts from the foot of the MediaBox
CRASH = "ends the program that looks at it: it is damaged, or takes too much memory"
LINK = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 1, 1])])


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write(tmp_path / "good.pdf", make_pdf(GREY))


def write(path: Path, pdf: bytes) -> Path:
    path.write_bytes(pdf)
    return path


# ------------------------------------------------------------------------------------------ the command


def test_a_good_file_is_checked_and_said_to_be(good: Path, run: Run) -> None:
    result = run("preflight", good)
    assert (result.exit_code, result.stdout, result.stderr) == (0, f"{good}: checked, no findings\n", "")


def test_findings_stand_under_their_file_with_a_summary_at_the_end(good: Path, tmp_path: Path, run: Run) -> None:
    bad = write(tmp_path / "bad.pdf", make_pdf(GREY, pages=2, BleedBox=None, Annots=LINK))
    result = run("preflight", bad, good, good)
    assert result.exit_code == 5
    lines = result.stdout.splitlines()
    assert lines[0] == f"{bad}: 4 findings"
    assert f"{bad}, page 2: no BleedBox" in lines
    assert lines[-2:] == [f"{good}: checked, no findings", "2 files: 1 checked without findings, 1 with 4 findings"]
    assert "certified" not in result.stdout
    assert run("preflight", bad).stdout.endswith("1 file: 4 findings\n")


def test_what_is_no_file_is_told_and_the_rest_is_checked(good: Path, tmp_path: Path, run: Run) -> None:
    result = run("preflight", tmp_path, tmp_path / "weg.pdf", good)
    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        f"{good}: checked, no findings",
        "3 files: 1 checked without findings, 2 not looked at",
    ]
    assert result.stderr.splitlines() == [
        f"{tmp_path}: is a folder",
        f"  hint: name the PDFs in it, such as {tmp_path}/*.pdf",
        f"{tmp_path / 'weg.pdf'}: there is no such file",
        "  hint: check its name; finished PDFs of a project are below build/",
    ]


def test_a_call_that_cannot_be_carried_out(good: Path, tmp_path: Path, run: Run) -> None:
    nothing = run("preflight")
    assert (nothing.exit_code, nothing.stderr.splitlines()[0]) == (2, "no files")
    before = good.read_bytes()
    swapped = run("preflight", "--html", good, tmp_path / "other.pdf")
    assert (swapped.exit_code, good.read_bytes()) == (2, before)
    assert swapped.stderr.startswith(f"{good}: is no name for a report")
    shop = run("preflight", "--shop", "nergens", good)
    assert (shop.exit_code, "there is no shop 'nergens'" in shop.stderr) == (2, True)
    unwritable = run("preflight", "--html", good / "report.html", good)
    assert unwritable.exit_code == 8


def test_a_finding_on_a_file_of_a_build_names_the_text_it_is_on(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "print/x.pdf"
    path.parent.mkdir()
    pdf = make_pdf(LINE)
    text = TextPlace(0, Rect(0, 0, *TRIM), "content/cards/a.yml:7", "card a, side school, title")
    write_places(tmp_path, {"print/x.pdf": [text]})
    output = Output(hashlib.sha256(pdf).hexdigest(), "cards", Recipe({}, {}), replace(EXPECTED, trim=Size(*TRIM)))
    write_manifest(tmp_path, Manifest({"print/x.pdf": output}))
    result = run("preflight", write(path, pdf))
    assert re.search(r"page 1, 7 x 18 mm: card a, side school, title: a line of 0\.10 pt", result.stdout)
    assert "the text is in content/cards/a.yml:7" in result.stdout
    changed = run("preflight", write(path, make_pdf(LINE + b" ", pages=2))).stdout
    assert "2 pages, expected 1" in changed
    assert "side school" not in changed, "of another file than was made nobody knows the texts"


def test_the_shop_is_that_of_the_folder_where_all_files_lie_in_one() -> None:
    ours, other = Path("build/shops/ours/print/a.pdf"), Path("build/print/a.pdf")
    assert find_shop_name([ours, Path("/x") / ours]) == "ours"
    assert find_shop_name([ours, other]) == find_shop_name([other]) == find_shop_name([]) == ""


def test_json_is_json_whatever_was_named(tmp_path: Path, run: Run) -> None:
    result = run("preflight", "--json", tmp_path / "weg.pdf")
    assert (result.exit_code, json.loads(result.stdout)["files"]) == (2, [])


def test_warnings_fail_only_where_they_are_to(monkeypatch: pytest.MonkeyPatch, good: Path, run: Run) -> None:
    def warn(*args: object) -> Examination:
        return Examination((Examined("x.pdf", findings=(Finding("x.pdf", "", "odd", severity="warning"),)),))

    monkeypatch.setattr("pipeline.examine.process.examine_files", warn)
    result = run("preflight", good)
    assert (result.exit_code, result.stdout) == (0, "x.pdf: 1 warning\nwarning: x.pdf: odd\n1 file: 1 warning\n")
    assert run("preflight", "--strict", good).exit_code == 5


# ------------------------------------------------------------------------------------------ hostile files


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(make_pdf(GREY))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


HOSTILE: dict[str, tuple[Any, str]] = {
    "no PDF": (lambda: b"<html></html>", "cannot be read as a PDF: it is a web page or XML"),
    "empty": (lambda: b"", "cannot be read as a PDF: it is empty"),
    "encrypted": (encrypted, "the file is encrypted"),
    "truncated": (lambda: make_pdf(GREY)[:-20], "it was cut off"),
    "cyclic page tree": (lambda: hold_itself(make_pdf(GREY)), "Loop detected in /Pages"),
    "3 GB unpacked on a page": (bomb_on_page, "a content stream of more than"),
    "3 GB unpacked in a stream of objects": (bomb_in_objects, "takes too much memory"),
    "50 m wide": (lambda: make_pdf(GREY, MediaBox=[0, 0, 141_732, 120], Annots=LINK), "annotations in a print file"),
    "millions of instructions": (lambda: make_pdf(b"0 g " * 4_900_000), "drawing instructions"),
}


def hold_itself(pdf: bytes) -> bytes:
    """Let the page tree hold itself; qpdf would refuse to save it so."""
    number = re.search(rb"/Pages (\d+) 0 R", pdf)
    assert number is not None
    tree = b"%s 0 R" % number[1]
    kids = re.search(rb"/Kids \[ (\d+ 0 R) \]", pdf)
    assert kids is not None
    return pdf.replace(kids[0], b"/Kids [ %s ]" % tree)


@pytest.mark.slow
def test_hostile_files_get_a_finding_and_never_stop_the_rest(good: Path, tmp_path: Path, run: Run) -> None:
    files = {case: write(tmp_path / f"{number}.pdf", raw()) for number, (case, (raw, _)) in enumerate(HOSTILE.items())}
    report = tmp_path / "report.html"
    start = time.monotonic()
    result = run("preflight", "--json", "--html", report, *files.values(), good)
    assert time.monotonic() - start < 60
    assert result.exit_code == 5
    said = {it["file"]: it for it in json.loads(result.stdout)["files"]}
    assert said[str(good)]["findings"] == []
    for case, file in files.items():
        found = said[str(file)]["findings"]
        assert found, case
        assert all(it["hint"] for it in found), case
        assert "BytesIO" not in str(found), case
        assert HOSTILE[case][1] in found[0]["message"] + found[-1]["message"], (case, found)
    assert read_html(report.read_text("utf-8")).figures, "the page of 50 m is shown"
    assert not [thread for thread in threading.enumerate() if "ThreadPool" in thread.name]


def test_a_file_that_takes_too_long_or_too_much_is_ended(good: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds in ("nan", "inf", "0", "1e300"):
        assert run("preflight", "--seconds", seconds, good).exit_code == 2
    result = run("preflight", "--seconds", "0.01", good)
    assert result.exit_code == 5
    assert "takes more than 0.01 s to look at" in result.stdout
    assert "--seconds gives it more time" in result.stdout
    monkeypatch.setattr(apart, "LIMITS_ITSELF", False)
    monkeypatch.setattr(apart, "LOOK_EVERY", 0.005)
    monkeypatch.setattr(process, "MEMORY_MOST", 1_000_000)
    assert "takes more than 1 MB of memory to look at" in run("preflight", good).stdout


def test_a_file_that_breaks_a_process_is_looked_at_again_in_a_new_one(
    good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def converse(child: object, question: Question) -> process.Answer:
        asked.append(question.path.name)
        return [], "crash" if len(asked) in (2, 3) else ""

    monkeypatch.setattr(process, "PROCESSES_MOST", 1)
    monkeypatch.setattr(process, "_converse", converse)
    files = [good, write(good.with_name("b.pdf"), b""), write(good.with_name("c.pdf"), b"")]
    examination = examine_files(files, Asked())
    assert asked == ["good.pdf", "b.pdf", "b.pdf", "c.pdf"]
    assert [[finding.message for finding in it.findings] for it in examination.files] == [[CRASH]] * 3


@pytest.mark.parametrize("reply", ["[]", '{"examined": 7}', '{"pages": "x"}', "{", '{"examined": {"file": []}}'])
def test_a_process_that_was_taken_over_is_not_believed(
    reply: str, good: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = [reply.encode(), b'{"done": true}']
    monkeypatch.setattr(apart.Apart, "read_line", lambda *_: lines.pop(0) if lines else b"")
    (it,) = examine_files([good], Asked()).files
    assert [finding.message for finding in it.findings] == [CRASH]


# ------------------------------------------------------------------------------------------ JSON


def test_json_has_the_shape_that_the_readme_says(good: Path, tmp_path: Path, run: Run) -> None:
    bad = write(tmp_path / "bad.pdf", make_pdf(LINE, Annots=LINK))
    result = run("preflight", "--json", bad, good)
    told = json.loads(result.stdout)
    assert list(told) == ["drukwerk", "shop", "files"]
    assert {"name", "title", "bleed", "ink_limit", "minimum"} <= set(told["shop"])
    first, second = told["files"]
    readme = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
    assert all(f"`{key}`" in readme for key in (*first, *first["findings"][0]))
    assert first["sha256"] == hashlib.sha256(bad.read_bytes()).hexdigest()
    assert (first["medium"], first["planned"], first["pages"]) == ("print", False, 1)
    assert first["size_mm"] == [round(mm(TRIM.width), 2), round(mm(TRIM.height), 2)]
    assert first["bleed_mm"] == [round(mm(BLEED), 2)] * 4
    link, line = (next(it for it in first["findings"] if word in it["message"]) for word in ("annotations", "line"))
    assert (link["page"], link["box_mm"], link["severity"]) == (1, None, "error")
    assert line["place"].startswith(f"{bad}, page 1, ")
    assert line["box_mm"] == pytest.approx([mm(20), mm(50), mm(120), mm(50)], abs=0.1)
    assert (second["findings"], "page count" in second["checked"], "tags" in second["not_checked"]) == ([], True, True)
    assert len(second["checked"]) + len(second["not_checked"]) == len(CHECKS) + 1


def test_names_cannot_steer_the_terminal(tmp_path: Path, run: Run) -> None:
    evil = "\x1b]0;x\x07\x9b31m\u202e"

    def name_font(pdf: pikepdf.Pdf) -> Dictionary:
        base = Name("/" + evil)
        return Dictionary(Font=Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=base)))

    bad = write(tmp_path / f"{evil}.pdf", make_pdf(GREY + b" BT /F 9 Tf (x) Tj ET", name_font))
    for options in ((), ("--json",)):
        told = run("preflight", *options, bad).stdout
        assert "is not embedded" in told
        assert all(c.isprintable() or c == "\n" for c in told)
    assert run("preflight", "--json", bad).exit_code == 5
    assert json.loads(told)["files"][0]["file"] == str(bad)


def test_what_came_out_survives_the_way_between_processes() -> None:
    finding = Finding("x.pdf, page 2", "f", "m", "h", "warning", spot=Spot(1, 0, 1, 2, 3))
    it = Examined(
        "x.pdf", "ab", "print", True, 3, (1.0, 2.0), (0.0, 1.0, 2.0, 3.0), (finding, Finding("x.pdf", "", "m")), 4,
        ("a",), ("b",), {1: Frame(9.0, 8.0, (0.0, 0.0, 9.0, 8.0))},
    )  # fmt: skip
    assert load_examined(json.loads(json.dumps(dump_examined(it)))) == it
    assert [it.page_of(one) for one in it.findings] == [1, None]
    assert Examined("a, page 3.pdf").page_of(Finding("a, page 3.pdf", "", "m")) is None


# ------------------------------------------------------------------------------------------ HTML


class Seen(HTMLParser):
    """What stands in a page; every tag that is opened is closed."""

    VOID = ("meta", "img", "rect")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in ("meta", "img", "wbr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, tag: str, kind: str = "") -> list[dict[str, str]]:
        return [attrs for name, attrs in self.tags if name == tag and kind in attrs.get("class", "")]

    @property
    def figures(self) -> list[dict[str, str]]:
        return self.all("figure")


def read_html(html: str) -> Seen:
    """Parse a report, and hold it against what holds for each."""
    seen = Seen()
    seen.feed(html)
    seen.close()
    assert seen.open == []
    assert seen.all("html") == [{"lang": "en"}]
    ids = [attrs["id"] for _, attrs in seen.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"] for _, attrs in seen.tags if "href" in attrs} <= {f"#{it}" for it in ids}
    levels = [int(tag[1]) for tag, _ in seen.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert len(seen.all("caption")) == len(seen.all("table"))
    assert all(image["alt"] and image["src"].startswith("data:image/") for image in seen.all("img"))
    assert not {"script", "iframe", "link", "object"} & {tag for tag, _ in seen.tags}
    assert not [attrs for _, attrs in seen.tags for key in attrs if key.startswith("on")]
    return seen


def test_the_report_shows_each_finding_on_its_page(good: Path, tmp_path: Path, run: Run) -> None:
    bad = write(tmp_path / "bad.pdf", make_pdf(LINE, pages=2, Annots=LINK))
    report = tmp_path / "report.html"
    result = run("preflight", "--html", report, bad, good)
    assert (result.exit_code, result.stderr) == (5, f"{report}: report written\n")
    seen = read_html(report.read_text("utf-8"))
    for words in (
        "2 files: 1 checked without findings", "70.6 × 35.3 mm", "3.5 mm", "checked, no findings",
        "pages 1–2: 7 × 18 mm", "Pages without findings: 1.", "Rules: whole, ",
        "It is not certified",
    ):  # fmt: skip
        assert words in seen.text, words
    assert [figure["id"] for figure in seen.figures] == ["p1-1", "p1-2"]
    lines = [{key: float(line[key]) for key in ("x", "y", "width", "height")} for line in seen.all("rect", "line")]
    wanted = {"x": mm(30) - AIR, "y": mm(60) - AIR, "width": mm(100) + 2 * AIR, "height": 2 * AIR}
    assert lines[0] == pytest.approx(wanted, abs=0.1)
    (x0, y0, width, height) = (float(seen.all("rect", "cut")[0][key]) for key in ("x", "y", "width", "height"))
    assert (x0, y0, width, height) == pytest.approx((mm(10), mm(10), mm(200), mm(100)), abs=0.01)


def test_the_line_lies_on_the_pixels_that_are_meant(tmp_path: Path) -> None:
    """On a turned page, with a MediaBox that does not begin at nought, of which a CropBox hides a part."""
    keys = {"MediaBox": [100, 50, 320, 170], "TrimBox": [110, 60, 310, 160], "BleedBox": [100, 50, 320, 170]}
    content = b"0 0 0 1 k 150 70 40 20 re f"
    pdf = make_pdf(content, Rotate=90, CropBox=[140, 50, 320, 170], **keys)  # type: ignore[arg-type]
    examination = examine_files([write(tmp_path / "x.pdf", pdf)], Asked())
    (it,) = examination.files
    spot = Spot(0, mm(40), mm(70), mm(80), mm(90))  # of the black rectangle, from the top-left of the trim
    it = replace(it, findings=(*it.findings, Finding("x", "", "here", spot=spot)))
    pictures = draw_findings([it], Asked())
    seen = read_html(render_report(Examination((it,)), Asked(), pictures))
    (line,) = seen.all("rect", "line")
    picture = Image.open(io.BytesIO(base64.b64decode(seen.all("img")[0]["src"].partition(",")[2]))).convert("L")
    frame = it.frames[0]
    scale = picture.width / frame.width
    assert picture.height / frame.height == pytest.approx(scale, rel=0.02)
    x, y, width, height = (scale * float(line[key]) for key in ("x", "y", "width", "height"))
    dark = picture.point(lambda value: 255 if value < 128 else 0).getbbox()
    air = scale * AIR
    assert dark == pytest.approx((x + air, y + air, x + width - air, y + height - air), abs=1.5)


def test_nothing_in_a_file_becomes_markup(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=a>\x1b[31m\u202e{{ 7 * 7 }}"
    finding = Finding("x.pdf, page 1", evil, evil, evil, spot=Spot(0, 0, 0, 9, 9))
    frames = {0: Frame(50.0, 40.0, (0.0, 0.0, 50.0, 40.0))}
    it = Examined(evil, evil, "print", False, 1, (50.0, 40.0), None, (finding,), 0, (evil,), (evil,), frames)
    html = render_report(Examination((it,)), Asked(), {(evil, 0): evil})
    seen = read_html(html)
    assert "alert(1)" in seen.text
    assert "{{ 7 * 7 }}" in seen.text
    assert all(c.isprintable() or c == "\n" for c in html)


def test_pictures_are_shared_out_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    first, second = (
        Examined(str(tmp_path / name), medium="print", pages=pages, findings=findings(tmp_path / name, pages),
                 checked=("x",), frames={page: Frame(9, 9, (0, 0, 9, 9)) for page in range(pages)})
        for name, pages in (("long.pdf", 100), ("short.pdf", 2))
    )  # fmt: skip
    write(Path(first.file), make_pdf(GREY, pages=100))
    write(Path(second.file), make_pdf(GREY, pages=2))
    pictures = draw_findings([first, second], Asked())
    assert len(pictures) == PICTURES_MOST
    assert {(second.file, 0), (second.file, 1)} <= set(pictures)
    seen = read_html(render_report(Examination((first, second)), Asked(), pictures))
    assert len(seen.figures) == PICTURES_MOST
    assert "Without a picture: pages 59–100." in seen.text


def findings(path: Path, pages: int) -> tuple[Finding, ...]:
    return tuple(Finding(f"{path}, page {page + 1}", "", "wrong") for page in range(pages))


def test_a_page_with_many_places_is_bounded_and_its_numbers_lie_apart() -> None:
    spots = [Spot(0, column * 5, row * 5, column * 5 + 2, row * 5 + 2) for column in range(10) for row in range(20)]
    found = [Finding("x", "", f"wrong in {number}", spot=spot) for number, spot in enumerate(spots)]
    it = Examined("x", medium="print", pages=1, findings=tuple(found), frames={0: Frame(60, 110, (0, 0, 60, 110))})
    html = render_report(Examination((it,)), Asked(), {("x", 0): ""})
    assert "and 160 more places" not in html, "there is no picture"
    seen = read_html(render_report(Examination((it,)), Asked(), {("x", 0): "AAAA"}))
    assert len(seen.all("rect", "line")) == MARKS_MOST
    assert f"and {len(spots) - MARKS_MOST} more places on this page" in seen.text


def test_page_numbers_are_written_short() -> None:
    assert write_ranges([1, 2, 3, 5, 7, 8]) == "1–3, 5, 7–8"
    assert write_ranges([]) == ""
