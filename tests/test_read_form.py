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
from pathlib import Path
from typing import Any

import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from pipeline import apart
from pipeline.collect import process, read_form
from pipeline.collect.answers import Answers
from pipeline.collect.judge import judge
from pipeline.errors import StorageError, UsageError
from pipeline.pdf.ending import check_ending
from pipeline.pdf.found import Reading
from pipeline.pdf.read import EncryptedError, read_returned
from pipeline.pdf.values import Ration, TooMuchError, UnreadableError, inflate, is_deflated, read_text
from tests.bad_returns import (
    BAD,
    PACKED,
    edited,
    flatten,
    remove,
    scan,
)
from tests.returns import (
    ANSWERS,
    EMPTY,
    FILLED,
    FORM,
    OLD,
    TOOLBOX,
    Forms,
    append_save,
    change,
    fill,
    find,
    make_form,
)


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
