"""One zip for the print shop: what is in it, the same bytes each time, and what stands in the way."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import shutil
import stat
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from pipeline import archive, deliver
from pipeline.archive import Member, read_member, write_zip
from pipeline.build import build
from pipeline.deliver import Order
from pipeline.errors import Finding, PreflightError, Severity, StorageError, UsageError
from pipeline.examine.values import Examination, Examined
from pipeline.preflight import previews
from pipeline.preflight.previews import draw_previews
from pipeline.storage import locked
from tests.conftest import WERKSTATT, Run, edit
from tests.validators import failures

NAME = "werkstattkarten"
DECK = f"print/{NAME}.pdf"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The German project with a card that lies in the deck twice, delivered once."""
    project = tmp_path_factory.mktemp("deliver") / "werkstatt"
    shutil.copytree(WERKSTATT, project, ignore=shutil.ignore_patterns("build"))
    edit(project / "content/karten/07-zeit.yml", "number: 7\n", "number: 7\ncopies: 2\n")
    deliver.deliver(project, Order(NAME, copies=500), jobs=1)
    return project


@pytest.fixture(scope="module")
def zipped(built: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(built / f"build/shops/standaard/{NAME}.zip") as archive:
        yield archive


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return Path(shutil.copytree(built, tmp_path / "werkstatt"))


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what takes time, and is not what is tested: the second look at the files, and pictures of them."""
    monkeypatch.setattr(deliver, "draw_previews", lambda pdf: iter(()))
    monkeypatch.setattr(deliver, "draw_findings", lambda *_: {})
    monkeypatch.setattr(
        deliver, "examine_files", lambda paths, _: Examination(tuple(Examined(str(it), pages=10) for it in paths))
    )


def default_zip(project: Path) -> Path:
    return project / f"build/shops/standaard/{NAME}.zip"


# ------------------------------------------------------------------------------------------ what is in it


def test_it_holds_the_deck_its_report_previews_ticket_and_sums_and_no_single_cards(zipped: zipfile.ZipFile) -> None:
    pictures = [f"previews/{NAME}-{number:02}.png" for number in range(1, 11)]
    assert zipped.namelist() == [
        "SHA256SUMS", "job-ticket.pdf", "job-ticket.txt", "preflight.html", *pictures, DECK,
    ]  # fmt: skip
    assert zipped.testzip() is None


def test_its_members_have_one_date_the_same_rights_and_no_second_packing(zipped: zipfile.ZipFile) -> None:
    for info in zipped.infolist():
        assert info.date_time == (2026, 3, 2, 0, 0, 0)  # the toolbox's own
        assert info.external_attr >> 16 == stat.S_IFREG | 0o644
        assert (info.compress_type == zipfile.ZIP_STORED) == info.filename.endswith((".pdf", ".png"))


def test_the_sums_are_those_of_all_other_members(zipped: zipfile.ZipFile) -> None:
    lines = [line.split("  ") for line in zipped.read("SHA256SUMS").decode().splitlines()]
    assert {name: digest for digest, name in lines} == {
        name: hashlib.sha256(zipped.read(name)).hexdigest() for name in zipped.namelist() if name != "SHA256SUMS"
    }


def test_the_print_file_is_the_published_one(zipped: zipfile.ZipFile, built: Path) -> None:
    assert zipped.read(DECK) == (built / "build" / DECK).read_bytes()


def test_previews_show_each_page_within_its_trim(zipped: zipfile.ZipFile) -> None:
    for number in range(1, 11):
        with Image.open(io.BytesIO(zipped.read(f"previews/{NAME}-{number:02}.png"))) as picture:
            assert picture.mode == "RGB"
            assert picture.size == (497, 350)  # A5 at 60 ppi, and what is left of a pixel
            assert len(picture.getcolors(1 << 20) or ()) > 50, "nothing is drawn"
            # Fronts are solid out to the cut: with the bleed cut off, the corner has the colour of the panel, no white.
            if number % 2:
                assert picture.getpixel((0, 0)) == picture.getpixel((9, picture.height - 10)) != (255, 255, 255)


def test_the_ticket_says_the_same_on_paper_and_as_text(zipped: zipfile.ZipFile, tmp_path: Path) -> None:
    text, pdf = zipped.read("job-ticket.txt").decode(), zipped.read("job-ticket.pdf")
    lines = text.splitlines()
    deck = zipped.getinfo(DECK)
    for line in (
        "Auftragszettel für die Druckerei", "Werkstattkarten für Leitung und Team",
        "Auflage                    500", "Ausgabe                    Erste Ausgabe (02.03.2026)",
        "Endformat                  210 × 148 mm, Querformat", "Papier                     noch zu wählen, gern mit Ihrem Rat",
        "Umfang                     10 Seiten: 5 Karten, jeweils Vorder- und dann Rückseite",
        "Karten je Spiel            Karte 7: 2-mal", "                           jede andere Karte einmal",
        "Beschnitt                  3 mm umlaufend, Seiten in der Datei 216 × 154 mm",
        "Prüfung                    mit Drukwerk geprüft, ohne Befund (preflight.html)",
        f"{DECK}  {deck.file_size:,}  {hashlib.sha256(zipped.read(DECK)).hexdigest()[:12]}".replace(",", " "),
    ):  # fmt: skip
        assert line in lines
    assert text.endswith("\n")
    assert "\r" not in text
    assert "\u00a0" not in text
    on_page = " ".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())
    for line in lines:
        for piece in filter(None, line.split("  ")):
            assert " ".join(piece.split()) in on_page
    assert failures(pdf, tmp_path) == []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 1
        assert document.Root.Lang == "de-DE"
        assert (
            document.docinfo["/Title"]
            == "Auftragszettel für die Druckerei: Werkstattkarten für Leitung und Team – Werkstattkarten"
        )


class _Html(HTMLParser):
    """Collects the words of a page, and holds the tags against one another."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in ("meta", "img", "br", "wbr", "hr", "link", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_report_is_a_page_on_these_files_by_their_names_in_the_zip(zipped: zipfile.ZipFile, built: Path) -> None:
    html = zipped.read("preflight.html").decode()
    page = _Html()
    page.feed(html)
    assert page.open == []
    assert DECK in page.words
    assert "checked, no findings" in page.words
    assert str(built.parent) not in html


def test_the_same_content_gives_the_same_zip(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "new/folder/cards.zip"
    assert deliver.deliver(project, Order(NAME, "standaard", 500, other), jobs=1).path == other
    assert other.read_bytes() == default_zip(project).read_bytes()


@pytest.mark.usefixtures("hasty")
def test_another_number_of_copies_is_another_ticket_and_nothing_else(project: Path, tmp_path: Path) -> None:
    for name, copies in (("one", 500), ("two", None)):
        deliver.deliver(project, Order(NAME, "", copies, tmp_path / f"{name}.zip"), jobs=1)
    with zipfile.ZipFile(tmp_path / "one.zip") as one, zipfile.ZipFile(tmp_path / "two.zip") as two:
        changed = {it.filename for it in one.infolist() if it.CRC != two.getinfo(it.filename).CRC}
        assert changed == {"SHA256SUMS", "job-ticket.pdf", "job-ticket.txt"}
        assert "bitte eintragen" in two.read("job-ticket.txt").decode()
    assert not list(project.rglob(".*.new"))
    assert not list(project.rglob(".staging-*"))


def test_a_shop_that_takes_sheets_gets_them_too(project: Path, run: Run) -> None:
    edit(project / "content/toolbox.yml", "    sheets: []\n", "")
    result = run("deliver", NAME, "-p", project, "--shop", "kantoor", "-j", "1")
    assert result.exit_code == 0, result.stderr
    path = project / f"build/shops/kantoor/{NAME}.zip"
    assert result.stdout == f"{path.as_posix()}\n"
    assert f"warning: assets/sheets/a4.yml:4: margin: {NAME} runs to the edge of A4" in result.stderr
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert {f"sheets/{NAME}-a4.pdf", f"sheets/{NAME}-sra3.pdf", DECK, f"previews/{NAME}-a4-01.png"} <= set(names)
        text = archive.read("job-ticket.txt").decode()
    assert "3 × A4 (210 × 297 mm), wenden über die lange Kante" in text  # six cards, two on a sheet
    assert f"sheets/{NAME}-sra3.pdf" in text


# ------------------------------------------------------------------------------------------ what stands in the way


@pytest.mark.parametrize(
    ("call", "code", "said"),
    [
        (("werkstattkarte",), 2, "there is no product 'werkstattkarte'; did you mean 'werkstattkarten'?"),
        ((NAME, "--shop", "standard"), 2, "there is no shop 'standard'; did you mean 'standaard'?"),
        ((NAME, "--copies", "0"), 2, "0 is not in the range"),
        ((NAME, "--out", "cards.pdf"), 2, "'cards.pdf' is no name of a zip; expected a file such as"),
        ((NAME, "--out", "."), 2, "'.' is no name of a zip"),
    ],
)
def test_calls_that_cannot_be_carried_out(project: Path, run: Run, call: tuple[str, ...], code: int, said: str) -> None:
    before = default_zip(project).read_bytes()
    result = run("deliver", *call, "-p", project, "-j", "1")
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert default_zip(project).read_bytes() == before


def test_a_folder_with_the_name_of_the_zip(project: Path) -> None:
    default_zip(project).unlink()
    default_zip(project).mkdir()
    with pytest.raises(UsageError, match="is no name of a zip"):
        deliver.deliver(project, Order(NAME), jobs=1)


def test_a_product_without_anything_to_print_says_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.plan.KINDS", {"cards": lambda *_: []})
    with pytest.raises(UsageError, match=f"there is nothing to print of '{NAME}'"):
        deliver.deliver(project, Order(NAME), jobs=1)


def test_a_print_file_that_cannot_be_made_leaves_the_zip_as_it_was(project: Path, run: Run) -> None:
    before = default_zip(project).read_bytes()
    edit(project / "content/karten/07-zeit.yml", "number: 7\n", "number: x\n")
    assert run("deliver", NAME, "-p", project, "-j", "1").exit_code == 3
    assert default_zip(project).read_bytes() == before


@pytest.mark.usefixtures("hasty")
def test_a_file_that_preflight_refuses_is_not_packed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = default_zip(project).read_bytes()
    monkeypatch.setattr(deliver, "examine_files", lambda paths, _: find_something(paths, "error"))
    with pytest.raises(PreflightError, match=f"^{DECK}, page 1: nothing is right"):
        deliver.deliver(project, Order(NAME), jobs=1)
    assert default_zip(project).read_bytes() == before


@pytest.mark.usefixtures("hasty")
def test_warnings_are_told_and_counted_on_the_ticket(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "examine_files", lambda paths, _: find_something(paths, "warning"))
    delivery = deliver.deliver(project, Order(NAME), jobs=1)
    assert [str(it) for it in delivery.warnings] == [f"warning: {DECK}, page 1: nothing is right"]
    with zipfile.ZipFile(delivery.path) as archive:
        assert "mit Warnungen (1); siehe preflight.html" in archive.read("job-ticket.txt").decode()
        assert "nothing is right" in archive.read("preflight.html").decode()


def find_something(paths: list[Path], severity: Severity) -> Examination:
    """Look at files, and find something on the first page of each."""
    found = (
        Examined(str(it), pages=10, findings=(Finding(f"{it}, page 1", "", "nothing is right", severity=severity),))
        for it in paths
    )
    return Examination(tuple(found))


def test_content_that_changed_after_the_build_is_not_packed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build_and_change(*args: Any) -> Any:
        report = build(*args)
        edit(project / "content/karten/07-zeit.yml", "title: ", "title: Un")
        return report

    monkeypatch.setattr(deliver, "build", build_and_change)
    with pytest.raises(StorageError, match="is not what the content says now"):
        deliver.deliver(project, Order(NAME), jobs=1)


@pytest.mark.usefixtures("hasty")
def test_a_full_disk_leaves_the_zip_as_it_was(project: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    before = default_zip(project).read_bytes()

    def write_half(self: zipfile.ZipFile, *args: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(zipfile.ZipFile, "_write_end_record", write_half)
    result = run("deliver", NAME, "-p", project, "-j", "1")
    assert result.exit_code == 8
    assert "No space left on device\n  hint: make room on the disk" in result.stderr
    assert default_zip(project).read_bytes() == before
    assert not list(project.rglob(".*.new"))


@pytest.mark.usefixtures("hasty")
def test_a_place_where_nothing_can_be_written(project: Path, run: Run) -> None:
    (project / "file").write_text("")
    result = run("deliver", NAME, "-p", project, "-j", "1", "--out", project / "file/cards.zip")
    assert result.exit_code == 8
    assert "a file stands where a folder is needed" in result.stderr


def test_two_deliveries_at_once_do_not_mix(project: Path, run: Run) -> None:
    with locked(project / "build"):
        result = run("deliver", NAME, "-p", project, "-j", "1")
    assert result.exit_code == 8
    assert "another build is running here" in result.stderr


# ------------------------------------------------------------------------------------------ zip and previews alone


def test_a_file_that_changes_while_it_is_packed_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"one")
    member = read_member("a.pdf", tmp_path / "a.pdf")
    (tmp_path / "a.pdf").write_bytes(b"two")
    with pytest.raises(StorageError, match=r"a\.pdf: changed while it was packed"):
        write_zip(tmp_path / "x.zip", [member], 0)
    assert not (tmp_path / "x.zip").exists()


def test_names_are_sorted_and_dates_are_those_a_zip_can_say(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    members = [read_member(name, tmp_path / "file") for name in ("b.txt", "a/c.txt", "A.txt")]
    for timestamp, year in ((0, 1980), (253402300799, 2107)):
        write_zip(tmp_path / "x.zip", members, timestamp)
        with zipfile.ZipFile(tmp_path / "x.zip") as written:
            assert written.namelist() == ["A.txt", "a/c.txt", "b.txt"]
            assert {it.date_time[0] for it in written.infolist()} == {year}


def test_sums_are_written_as_the_tool_reads_them() -> None:
    members = [Member("b.txt", Path(), 1, "2" * 64), Member("a.txt", Path(), 1, "1" * 64)]
    assert archive.write_sums(members) == f"{'1' * 64}  a.txt\n{'2' * 64}  b.txt\n"


def make_pages(count: int, side: float, trim: tuple[float, ...] | None = None) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(count):
            document.add_blank_page(page_size=(side, side))
            if trim:
                document.pages[-1].trimbox = pikepdf.Array(trim)
        document.save(out)
    return out.getvalue()


def test_previews_of_many_pages_are_half_as_fine_and_of_very_many_not_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [size_of(it) for it in draw_previews(make_pages(48, 144))] == [(120, 120)] * 48
    assert [size_of(it) for it in draw_previews(make_pages(49, 144))] == [(60, 60)] * 49
    monkeypatch.setattr(previews, "PAGES_MOST", 3)
    assert len(list(draw_previews(make_pages(5, 144)))) == 3


def test_a_huge_page_is_drawn_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "MAX_SIDE", 144)
    assert [size_of(it) for it in draw_previews(make_pages(1, 1440, (0, 720, 1440, 1440)))] == [(121, 61)]


def size_of(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as picture:
        return picture.size
