"""`drukwerk collect`: every file gets a verdict, none is lost, and a second run adds."""

from __future__ import annotations

import csv
import ctypes
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from pipeline.collect import read_form
from pipeline.collect.collection import Work, collect
from pipeline.collect.ledger import Choices
from pipeline.collect.records import Record, read_records
from pipeline.errors import UsageError
from pipeline.storage import locked
from tests import returns
from tests.collecting import FILLED, SCAN, WHO, contradict, fill, load_toolbox, lock, make_blank, put
from tests.conftest import Run
from tests.region import BOARDS, ROUNDS, SMALL, fill_region, make_region

EVERYTHING = (
    "answers.json", "answers.csv", f"answers-{SCAN}.csv", "answers.xlsx", "intake.html", "key.json", "collected.json",
)  # fmt: skip


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return put(tmp_path / "inbox", {"wilg.pdf": fill(), "eik.pdf": fill({"school": "De Eik"})})


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def records(out: Path) -> dict[str, Record]:
    return {it.file: it for it in read_records(out)}


def verdicts(out: Path) -> dict[str, str]:
    return {it.file: it.verdict for it in read_records(out)}


def state(out: Path) -> dict[str, str]:
    files = (path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def gather(out: Path, *paths: Path, **choices: Any) -> None:
    collect(load_toolbox(), paths, out, Choices(**choices), Work())


# ------------------------------------------------------------------------------------------ what comes out


def test_the_answers_of_each_file_are_written(inbox: Path, out: Path, run: Run) -> None:
    result = run("collect", inbox, "--out", out)
    assert result.exit_code == 0, result.stderr
    assert set(EVERYTHING) <= set(state(out))
    lines = result.stdout.splitlines()
    assert lines[0] == "accepted: 2"
    assert [Path(it).name for it in lines[1:]] == list(EVERYTHING[:5])
    assert "1/2 eik.pdf: accepted" in result.stderr
    raw = json.loads((out / "answers.json").read_text("utf-8"))
    assert [it["file"] for it in raw] == ["eik.pdf", "wilg.pdf"]
    wilg = raw[1]
    kept = {name: FILLED.get(name, "") for name in wilg["values"]}
    assert wilg["values"] == kept
    assert {"SO1", "SO2", "SO8-gewenst", *WHO} <= set(kept)
    expected = {
        "sha256": hashlib.sha256((inbox / "wilg.pdf").read_bytes()).hexdigest(),
        "verdict": "accepted", "form": SCAN, "version": "2026-11", "organisation": "Stichting De Boomgaard",
        "school": "De Wilg", "role": "leraar", "date": "2026-04-03", "joint": True, "people": 7, "respondent": "",
        "counts": True, "instead": "", "findings": [],
    }  # fmt: skip
    assert {key: wilg[key] for key in expected} == expected
    rows = list(csv.DictReader(io.StringIO((out / "answers.csv").read_text("utf-8-sig"), newline="")))
    (row,) = (it for it in rows if it["file"] == "wilg.pdf" and it["field"] == "SO2")
    field = load_toolbox().definitions[SCAN][0].get("SO2")
    assert field is not None
    assert (row["answer"], row["words"]) == ("2", dict(field.options)["2"])
    assert row["question"] == field.label


@pytest.mark.slow
def test_every_verdict_gets_its_reason_and_exit_code_7(inbox: Path, out: Path, run: Run) -> None:
    whole = fill()
    put(
        inbox,
        {
            "a conflict.pdf": contradict(fill({"school": "De Beuk"})),
            "a copy.pdf": (inbox / "eik.pdf").read_bytes(),
            "empty.pdf": make_blank(),
            "foreign.pdf": b"%PDF-1.4\nnothing of the kind",
            "half.pdf": whole[: len(whole) // 2],
            "locked.pdf": lock(whole),
            "nothing.pdf": b"",
            "note.txt": b"hello",
            "sub/flat.pdf": returns.change(whole, lambda pdf: pdf.Root.__delitem__("/AcroForm")),
        },
    )
    result = run("collect", inbox, "--out", out)
    assert result.exit_code == 7
    assert verdicts(out) == {
        "a conflict.pdf": "conflict",
        "a copy.pdf": "accepted",
        "eik.pdf": "duplicate",
        "empty.pdf": "empty",
        "foreign.pdf": "damaged",
        "half.pdf": "damaged",
        "locked.pdf": "refused",
        "note.txt": "foreign",
        "nothing.pdf": "damaged",
        "sub/flat.pdf": "flattened",
        "wilg.pdf": "accepted",
    }
    clear = ("accepted", "duplicate", "empty")
    told = {line.split(": ")[0] for line in result.stderr.splitlines() if not line.startswith("  hint")}
    assert told >= {file for file, verdict in verdicts(out).items() if verdict not in clear}
    assert all(it.findings for it in read_records(out) if it.verdict != "accepted")
    assert records(out)["eik.pdf"].instead == "a copy.pdf"
    page = (out / "intake.html").read_text("utf-8")
    assert all(name in page for name in verdicts(out))
    assert "Traceback" not in result.stderr


def test_an_answer_by_answer_reading_gives_the_same(inbox: Path, out: Path) -> None:
    gather(out, inbox, texts=("*",))
    for name in ("wilg.pdf", "eik.pdf"):
        assert records(out)[name].values == read_form(inbox / name, load_toolbox()).values


# ------------------------------------------------------------------------------------------ again, and more


def test_the_same_files_change_nothing_and_are_not_read_again(inbox: Path, out: Path, run: Run) -> None:
    put(inbox, {"conflict.pdf": contradict(fill({"school": "De Beuk"})), "x.txt": b"x"})
    run("collect", inbox, "--out", out)
    before, times = state(out), {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.name != ".lock"}
    result = run("collect", inbox, "--out", out)
    assert result.exit_code == 7
    assert "4 files were known and not read again" in result.stderr
    assert state(out) == before
    files = {path: time for path, time in times.items() if path.is_file()}
    assert {path: path.stat().st_mtime_ns for path in files} == files


@pytest.mark.slow
def test_more_files_are_added_in_any_order(inbox: Path, out: Path, tmp_path: Path) -> None:
    put(inbox, {"later/wilg.pdf": fill({"SO1": "2"}), "beuk.pdf": contradict(fill({"school": "De Beuk"}))})
    gather(out, inbox)
    other = tmp_path / "other"
    shutil.copytree(inbox, tmp_path / "moved", dirs_exist_ok=True)
    one_by_one = sorted((path.relative_to(inbox) for path in inbox.rglob("*.pdf")), reverse=True)
    box = tmp_path / "box"
    for name in one_by_one:
        (box / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(inbox / name, box / name)
        gather(other, box)
    assert (other / "answers.json").read_bytes() == (out / "answers.json").read_bytes()
    assert (other / "answers.xlsx").read_bytes() == (out / "answers.xlsx").read_bytes()
    assert (other / "intake.html").read_bytes() == (out / "intake.html").read_bytes()


def test_what_was_collected_earlier_stays(inbox: Path, out: Path) -> None:
    gather(out, inbox / "wilg.pdf")
    gather(out, inbox / "eik.pdf")
    assert verdicts(out) == {"eik.pdf": "accepted", "wilg.pdf": "accepted"}


def test_a_file_is_read_again_where_other_texts_are_asked(inbox: Path, out: Path, run: Run) -> None:
    assert run("collect", inbox, "--out", out).exit_code == 0
    assert "SO1-waaraan" not in records(out)["wilg.pdf"].values
    result = run("collect", inbox, "--out", out, "--texts", "*-waaraan")
    assert "known" not in result.stderr
    assert records(out)["wilg.pdf"].values["SO1-waaraan"] == "In het team."
    assert "SO1-stap" not in records(out)["wilg.pdf"].values
    result = run("collect", inbox / "eik.pdf", "--out", out)
    assert "texts that were taken over earlier were taken out" in result.stderr
    assert not any("In het team" in path.read_text("utf-8", "replace") for path in out.glob("*.*s*"))
    assert "1 file was collected earlier with other forms or choices, and not named now" in result.stderr


@pytest.mark.slow
def test_a_forgotten_text_does_not_go_back_either(out: Path, tmp_path: Path, run: Run) -> None:
    inbox = put(tmp_path / "inbox", {"a.pdf": fill({"aantal": "", "SO2-waaraan": "Blijft."})})
    assert run("collect", inbox, "--out", out, "--texts", "*").exit_code == 0
    assert read_form(out / "again/a.pdf", load_toolbox()).values["SO1-waaraan"] == "In het team."
    assert run("collect", inbox, "--out", out, "--texts", "*", "--forget-text", "a.pdf:SO1-waaraan").exit_code == 0
    values = read_form(out / "again/a.pdf", load_toolbox()).values
    assert (values["SO1-waaraan"], values["SO2-waaraan"]) == ("", "Blijft.")


def test_of_a_file_that_was_taken_away_nothing_is_kept_where_it_is_asked(inbox: Path, out: Path, run: Run) -> None:
    put(inbox, {"brief.docx": b"PK\3\4" + bytes(99)})
    assert run("collect", inbox, "--out", out).exit_code == 7
    result = run("collect", inbox, "--out", out, "--drop", "brief.docx")
    assert result.exit_code == 2
    assert "'brief.docx' is still there; take it away first" in result.stderr
    (inbox / "brief.docx").unlink()
    assert run("collect", inbox, "--out", out).exit_code == 7
    result = run("collect", inbox, "--out", out, "--drop", "brif.docx")
    assert (result.exit_code, "did you mean 'brief.docx'?" in result.stderr) == (2, True)
    assert run("collect", inbox, "--out", out, "--drop", "brief.docx").exit_code == 0
    assert verdicts(out) == {"eik.pdf": "accepted", "wilg.pdf": "accepted"}


def test_a_form_that_took_too_long_on_a_busy_machine_is_read_again(
    inbox: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as busy:
        busy.setattr("pipeline.collect.process.SECONDS_MOST", 0.001)
        gather(out, inbox)
    assert set(verdicts(out).values()) == {"refused"}
    assert "run it again" in records(out)["wilg.pdf"].findings[0].hint
    gather(out, inbox)
    assert set(verdicts(out).values()) == {"accepted"}


def test_a_file_too_large_to_be_a_form_is_refused_at_once(inbox: Path, out: Path) -> None:
    with (inbox / "film.pdf").open("wb") as file:
        file.truncate(200_000_000_000)  # of zeros; takes no room
    gather(out, inbox)
    assert verdicts(out) == {"eik.pdf": "accepted", "film.pdf": "refused", "wilg.pdf": "accepted"}
    assert "at most 50 MB are read" in records(out)["film.pdf"].findings[0].message


def test_a_text_is_forgotten_for_good(inbox: Path, out: Path, run: Run) -> None:
    assert run("collect", inbox, "--out", out, "--texts", "*").exit_code == 0
    result = run("collect", "--out", out, "--texts", "*", "--forget-text", "wilg.pdf:SO1-waaraan")
    assert result.exit_code == 0, result.stderr
    for _ in range(2):
        assert "SO1-waaraan" not in records(out)["wilg.pdf"].values
        assert records(out)["eik.pdf"].values["SO1-waaraan"] == "In het team."
        shutil.copy(inbox / "wilg.pdf", inbox / "nogmaals.pdf")
        run("collect", inbox, "--out", out, "--texts", "*", "--texts", "SO1-waaraan")
        assert "SO1-waaraan" not in records(out)["nogmaals.pdf"].values


@pytest.mark.parametrize(
    ("call", "message", "hint"),
    [
        (["--forget-text", "wil.pdf:SO1-waaraan"], "no file 'wil.pdf' was collected", "did you mean 'wilg.pdf'?"),
        (["--forget-text", "wilg.pdf:SO1-waran"], "'SO1-waran' is no free text", "did you mean 'SO1-waaraan'?"),
        (["--forget-text", "wilg.pdf:SO1"], "'SO1' is no free text", ""),
        (["--forget-text", "wilg.pdf"], "is not FILE:FIELD", ""),
        (["--texts", "SO1-waran"], "no field for free text is called 'SO1-waran'", "did you mean 'SO1-waaraan'?"),
        (["nowhere"], "nowhere: there is no such file or folder", ""),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(
    call: list[str], message: str, hint: str, inbox: Path, out: Path, run: Run
) -> None:
    gather(out, inbox)
    before = state(out)
    result = run("collect", *call, "--out", out)
    assert result.exit_code == 2
    assert message in result.stderr
    assert hint in result.stderr
    assert state(out) == before


def test_nothing_at_all_is_told(out: Path, run: Run) -> None:
    result = run("collect", "--out", out)
    assert result.exit_code == 2
    assert "nothing to collect" in result.stderr


def test_an_empty_folder_is_told(out: Path, tmp_path: Path, run: Run) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    result = run("collect", empty, "--out", out)
    assert result.exit_code == 2
    assert f"there is no file in '{empty}'" in result.stderr
    assert not (out / "answers.json").exists()


@pytest.mark.parametrize("name", ["collected.json", "key.json"])
def test_a_folder_whose_books_are_not_right_is_left_alone(name: str, inbox: Path, out: Path, run: Run) -> None:
    gather(out, inbox)
    (out / name).write_text("[]")
    before = state(out)
    result = run("collect", inbox, "--out", out)
    assert result.exit_code == 2
    assert f"{out / name}: " in result.stderr
    assert state(out) == before
    (out / "collected.json").unlink()
    assert run("collect", inbox, "--out", out).exit_code == 2


# ------------------------------------------------------------------------------------------ names and folders

ODD = ["a b.pdf", 'it\'s "q".pdf', "new\nline.pdf", "=1+1.pdf", "-x.pdf", "é\u202e.pdf", "🙂.pdf", f"{'l' * 251}.pdf"]


@pytest.mark.slow
def test_files_of_any_name_are_read(out: Path, tmp_path: Path, run: Run) -> None:
    inbox = tmp_path / "in box"
    put(inbox, {name: fill({"school": f"De {number}"}) for number, name in enumerate(ODD)})
    Path(os.fsdecode(os.fsencode(inbox) + b"/\xff\xfe.pdf")).write_bytes(fill({"school": "De Bytes"}))
    conflict = contradict(fill({"school": "De Laatste"}))
    put(inbox, {f"{'m' * 251}.pdf": conflict, "n\no<>:.pdf": contradict(fill({"school": "De Allerlaatste"}))})
    result = run("collect", inbox, "--out", out)
    assert result.exit_code == 7
    expected = dict.fromkeys([*ODD, "\\xff\\xfe.pdf"], "accepted")
    assert verdicts(out) == expected | {f"{'m' * 251}.pdf": "conflict", "n\no<>:.pdf": "conflict"}
    assert "\n".join(result.stderr.splitlines()) == result.stderr.rstrip("\n")
    assert "new\\x0aline.pdf: accepted" in result.stderr
    assert len(list((out / "again").glob("*.pdf"))) == 2


def test_the_same_name_in_two_folders_is_two_files(out: Path, tmp_path: Path) -> None:
    one = put(tmp_path / "1", {"x.pdf": fill(), "y.pdf": fill({"school": "De Eik"})})
    two = put(tmp_path / "2", {"x.pdf": fill({"school": "De Beuk"}), "y.pdf": fill({"school": "De Eik"})})
    gather(out, one, two)
    assert len(verdicts(out)) == 4
    assert Counter(verdicts(out).values()) == {"accepted": 3, "duplicate": 1}
    schools = {it.school for it in read_records(out) if it.counts}
    assert schools == {"De Wilg", "De Beuk", "De Eik"}
    before = state(out)
    gather(out, two, one)
    assert state(out) == before


def test_a_file_that_is_named_twice_is_there_once(inbox: Path, out: Path) -> None:
    gather(out, inbox, inbox / "wilg.pdf", inbox)
    assert set(verdicts(out)) == {"eik.pdf", "wilg.pdf"}


def test_hidden_files_links_and_what_was_written_are_left_out(inbox: Path, tmp_path: Path) -> None:
    put(inbox, {".DS_Store": b"x", ".hidden/y.pdf": b"x", "sub/z.pdf": fill({"school": "De Beuk"})})
    put(tmp_path / "outside", {"secret.pdf": fill({"school": "De Es"})})
    (inbox / "folder").symlink_to(tmp_path / "outside")
    (inbox / "link.pdf").symlink_to(tmp_path / "outside/secret.pdf")
    (inbox / "inner.pdf").symlink_to(inbox / "wilg.pdf")
    (inbox / "loop.pdf").symlink_to(inbox / "loop.pdf")
    for out in (inbox / "out", inbox):
        gather(out, inbox)
        gather(out, inbox)
        found = verdicts(out)
        good, bad = ("eik.pdf", "sub/z.pdf", "wilg.pdf"), ("folder", "link.pdf", "loop.pdf")
        assert found == dict.fromkeys(good, "accepted") | dict.fromkeys(bad, "refused")


def test_each_of_two_links_to_one_place_is_told(out: Path, tmp_path: Path) -> None:
    inbox = put(tmp_path / "inbox", {"a.pdf": fill()})
    for name in ("b.pdf", "c.pdf"):
        (inbox / name).symlink_to(tmp_path / "nothing")
    gather(out, inbox)
    assert verdicts(out) == {"a.pdf": "accepted", "b.pdf": "refused", "c.pdf": "refused"}


def test_a_pipe_is_no_file_to_wait_for(inbox: Path, out: Path) -> None:
    os.mkfifo(inbox / "pipe.pdf")
    gather(out, inbox, Path("/dev/null"))
    assert verdicts(out)["pipe.pdf"] == verdicts(out)["null"] == "refused"


def drop_powers() -> None:
    """Let the rights of files count for root too (linux/prctl.h, linux/capability.h)."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        for power in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            libc.prctl(24, power, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.skipif(sys.platform != "linux", reason="drops the powers of root")
def test_a_file_that_may_not_be_opened_is_refused_until_it_may(inbox: Path, out: Path) -> None:
    put(inbox, {"closed/x.pdf": fill({"school": "De Es"}), "shut.pdf": fill({"school": "De Beuk"})})
    (inbox / "shut.pdf").chmod(0)
    (inbox / "closed").chmod(0)
    command = [sys.executable, "-m", "pipeline", "collect", str(inbox), "--out", str(out)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=drop_powers)
    (inbox / "closed").chmod(0o755)
    assert result.returncode == 7, result.stderr
    assert verdicts(out) == {"closed": "refused", "eik.pdf": "accepted", "shut.pdf": "refused", "wilg.pdf": "accepted"}
    assert "shut.pdf: refused: cannot be read: Permission denied" in result.stderr
    (inbox / "shut.pdf").chmod(0o644)
    gather(out, inbox)
    assert verdicts(out)["shut.pdf"] == "accepted"


# ------------------------------------------------------------------------------------------ what they say


@pytest.mark.parametrize(
    ("changes", "expected", "message"),
    [
        ({"datum": "31-02-2026"}, {"date": ""}, "'31-02-2026' is no date"),
        ({"datum": "2026-04-03"}, {"date": "2026-04-03"}, ""),
        ({"datum": "3/4/2026"}, {"date": "2026-04-03"}, ""),
        ({"datum": "3-4-26"}, {"date": ""}, "'3-4-26' is no date"),
        ({"aantal": "0"}, {"people": None}, "'0' is no number of people"),
        ({"aantal": "veel"}, {"people": None}, "expected a whole number, found 'veel'"),
        ({"invulwijze": "alleen"}, {"joint": False, "people": 7}, "says 'alleen' in 'invulwijze', and 7 people"),
        ({"invulwijze": ""}, {"joint": None}, "has to be answered"),
        ({"school": " De  Wilg "}, {"school": "De Wilg"}, ""),
        ({"school": "De\u202e Wilg"}, {"school": "De Wilg"}, ""),
    ],
)
def test_who_answers_is_read_and_nothing_is_guessed(
    changes: dict[str, str], expected: dict[str, object], message: str, out: Path, tmp_path: Path
) -> None:
    gather(out, put(tmp_path / "inbox", {"a.pdf": fill(changes)}))
    record = records(out)["a.pdf"]
    assert {key: getattr(record, key) for key in expected} == expected
    assert any(message in it.message for it in record.findings) if message else not record.findings
    assert record.counts


NASTY = {
    "SO1-waaraan": '=HYPERLINK("http://x.example";"klik")',
    "SO2-waaraan": "+1\r\n=2",
    "SO3-waaraan": "@SUM(A1:A9)",
    "SO4-waaraan": "x" * 90_000,
    "SO5-waaraan": "- punt\n- punt",
    "SO6-waaraan": "\u202emnl \u200f مرحبا",
    "SO7-waaraan": "🙂 <script>alert(1)</script> & {{ x }}",
}


def test_any_text_goes_into_every_output(out: Path, tmp_path: Path, run: Run) -> None:
    inbox = put(tmp_path / "inbox", {"a.pdf": fill({**NASTY, "school": "=1+1<b>", "rol": "-1"})})
    result = run("collect", inbox, "--out", out, "--texts", "*")
    assert result.exit_code == 0, result.stderr
    values = records(out)["a.pdf"].values
    for name, text in NASTY.items():
        assert values[name].replace("\r\n", "\n").replace("\r", "\n") == text.replace("\r\n", "\n")
    rows = list(csv.reader(io.StringIO((out / "answers.csv").read_text("utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if re.match(r"\s*[=+\-@]", cell)]
    assert any(len(cell) == 90_000 for cell in cells)
    assert "a.pdf: SO4-waaraan: too long for a cell of a spreadsheet" in result.stderr
    page = (out / "intake.html").read_text("utf-8")
    assert "<script" not in page
    assert "=1+1&lt;b&gt;" in page


@pytest.mark.parametrize(
    ("text", "verdict", "message"),
    [
        ("x" * 200_000, "refused", "a text of 200000 characters, at most 100000 are read"),
        ("a\x00b\x07\x1b[31m", "damaged", "its text holds characters that nobody can type"),
    ],
)
def test_a_text_that_nobody_can_have_typed_is_no_answer(
    text: str, verdict: str, message: str, out: Path, tmp_path: Path, run: Run
) -> None:
    result = run("collect", put(tmp_path / "in", {"a.pdf": fill({"SO1-waaraan": text}), "b.pdf": fill()}), "--out", out)
    assert result.exit_code == 7
    assert verdicts(out) == {"a.pdf": verdict, "b.pdf": "accepted"}
    assert message in result.stderr


def test_two_spellings_of_a_school_are_two_schools(out: Path, tmp_path: Path) -> None:
    gather(out, put(tmp_path / "inbox", {"a.pdf": fill(), "b.pdf": fill({"school": "de wilg"})}))
    assert {it.school for it in read_records(out) if it.counts} == {"De Wilg", "de wilg"}


def test_texts_that_were_not_asked_for_stand_nowhere(out: Path, tmp_path: Path) -> None:
    secret = "Juf Geheim"

    def differ(pdf: Any) -> None:
        field = returns.find(pdf, "SO1-stap")
        field.V = pikepdf.String("")
        field.AP.N = returns.picture(pdf, returns.write_text(secret))

    conflict = contradict(fill({"school": "De Beuk", "SO2-waaraan": secret}))
    inbox = put(tmp_path / "inbox", {"a.pdf": fill({"SO1-waaraan": secret}), "b.pdf": returns.change(conflict, differ)})
    gather(out, inbox, again=False)
    for path in out.glob("*.*"):
        assert secret.encode() not in path.read_bytes(), path.name


# ------------------------------------------------------------------------------------------ letters


def test_with_pseudonyms_no_name_stands_in_any_output(inbox: Path, out: Path, run: Run) -> None:
    put(inbox, {"conflict boomgaard.pdf": contradict(fill({"school": "De Beuk"})), "half wilg.pdf": fill()[:9000]})
    result = run("collect", inbox, "--out", out, "--pseudonymous")
    assert result.exit_code == 7
    assert not (out / "again").exists()
    found = [it for it in read_records(out) if it.form]
    assert {it.organisation for it in found} == {"A"}
    assert sorted(it.school for it in found) == ["A", "B", "C"]
    assert all(re.fullmatch(r"[0-9a-f]{12}\.pdf", it.file) for it in found)
    for path in out.iterdir():
        raw = path.read_bytes().lower()
        assert not [name for name in (b"boomgaard", b"de wilg", b"de eik", b"wilg.pdf") if name in raw], path.name
    before = state(out)
    run("collect", inbox, "--out", out, "--pseudonymous")
    assert state(out) == before


@pytest.mark.slow
def test_letters_do_not_tell_the_order_of_names_and_are_the_same_whenever_files_come(
    inbox: Path, out: Path, tmp_path: Path
) -> None:
    schools = ["De Appel", "De Beuk", "De Ceder", "De Den", "De Eik", "De Fijnspar"]
    put(inbox, {f"{number}.pdf": fill({"school": school}) for number, school in enumerate(schools)})
    gather(out, inbox)
    (out / "key.json").write_text('{"salt": "00112233445566778899aabbccddeeff"}\n')
    gather(out, pseudonymous=True)
    one = {it.sha256: it.school for it in read_records(out)}
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(out / "key.json", other / "key.json")
    for path in sorted(inbox.iterdir(), reverse=True):
        gather(other, path, pseudonymous=True)
    assert {it.sha256: it.school for it in read_records(other)} == one
    in_order = [one[hashlib.sha256((inbox / f"{it}.pdf").read_bytes()).hexdigest()] for it in range(len(schools))]
    assert sorted(in_order) != in_order


def test_names_come_back_for_files_that_are_named_again(inbox: Path, out: Path) -> None:
    gather(out, inbox, pseudonymous=True)
    gather(out, inbox / "wilg.pdf")
    found = records(out)
    assert found["wilg.pdf"].school == "De Wilg"
    assert len(found) == 2
    assert {len(it.school) for name, it in found.items() if name != "wilg.pdf"} == {1}


# ------------------------------------------------------------------------------------------ again


def test_a_form_with_two_answers_goes_back_with_what_was_clear(inbox: Path, out: Path, tmp_path: Path) -> None:
    text = "Dit zie je."
    conflict = contradict(fill({"SO1-waaraan": text}, response="W-7"))
    gather(out, put(tmp_path / "a", {"map/x y.pdf": conflict}))
    path = out / "again/map - x y.pdf"
    assert "again/map - x y.pdf" in (out / "intake.html").read_text("utf-8")
    answers = read_form(path, load_toolbox())
    assert answers.response == "W-7"
    assert answers.values == {**dict.fromkeys(answers.values, ""), **FILLED, "SO1-waaraan": text, "SO1": ""}
    gather(out, put(tmp_path / "b", {"untouched.pdf": path.read_bytes()}))
    assert verdicts(out) == {"map/x y.pdf": "conflict", "untouched.pdf": "empty"}
    returned = tmp_path / "back.pdf"
    returned.write_bytes(returns.fill(path.read_bytes(), {"SO1": "2"}))
    gather(out, returned)
    assert verdicts(out) == {"back.pdf": "accepted", "map/x y.pdf": "duplicate", "untouched.pdf": "empty"}
    assert records(out)["map/x y.pdf"].instead == "back.pdf"
    assert not path.exists()


def test_a_form_with_a_gap_counts_and_goes_back(out: Path, tmp_path: Path, run: Run) -> None:
    inbox = put(tmp_path / "inbox", {"a.pdf": fill({"aantal": ""}), "b.pdf": fill({"school": "De Eik"})})
    result = run("collect", inbox, "--out", out)
    assert result.exit_code == 0
    assert records(out)["a.pdf"].counts
    assert [path.name for path in (out / "again").iterdir()] == ["a.pdf"]
    assert run("collect", inbox, "--out", out, "--no-again").exit_code == 0
    assert not (out / "again").exists()


def test_a_value_that_goes_into_no_form_is_left_out_and_told(out: Path, tmp_path: Path, run: Run) -> None:
    odd = {"SO1-waaraan": "x " * 5000, "SO2-waaraan": "🙂", "datum": "31-02-2026", "aantal": ""}
    inbox = put(tmp_path / "inbox", {"a.pdf": fill(odd)})
    result = run("collect", inbox, "--out", out)
    assert result.exit_code == 0
    values = read_form(out / "again/a.pdf", load_toolbox()).values
    assert {name: values[name] for name in odd} == dict.fromkeys(odd, "")
    assert (values["school"], values["SO1"]) == ("De Wilg", "3")
    for name in ("SO1-waaraan", "SO2-waaraan", "datum"):
        assert f"a.pdf: {name}: left out of the form to send back" in result.stderr
    page = (out / "intake.html").read_text("utf-8")
    assert "Niet overgenomen, want het past daar niet: <b>datum, SO1-waaraan, SO2-waaraan</b>" in page
    before = state(out)
    gather(out, inbox)
    assert state(out) == before


# ------------------------------------------------------------------------------------------ disk, lock, many


def test_two_runs_in_one_folder_do_not_mix(inbox: Path, out: Path, run: Run) -> None:
    gather(out, inbox)
    with locked(out):
        result = run("collect", inbox, "--out", out)
    assert result.exit_code == 8
    assert "another collect is running here" in result.stderr


def test_a_toolbox_without_forms_is_told(inbox: Path, out: Path, run: Run, werkstatt: Path) -> None:
    result = run("collect", inbox, "--out", out, "--project", werkstatt)
    assert result.exit_code == 2
    assert "this toolbox has no forms" in result.stderr


def test_other_names_of_fields_are_settings(out: Path, tmp_path: Path) -> None:
    toolbox = load_toolbox()
    context = toolbox.settings.context.model_copy(update={"school": "rol", "joint": "alleen"})
    other = replace(toolbox, settings=toolbox.settings.model_copy(update={"context": context}))
    collect(other, [put(tmp_path / "inbox", {"a.pdf": fill()})], out, Choices(), Work())
    record = records(out)["a.pdf"]
    assert (record.school, record.joint) == ("leraar", False)


def test_interrupted_while_reading_it_ends_soon_and_writes_nothing(inbox: Path, out: Path) -> None:
    asked = threading.Event()

    def stop(*_: object) -> None:
        asked.set()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        collect(load_toolbox(), [inbox], out, Choices(), Work(progress=stop))
    assert asked.is_set()
    assert not (out / "answers.json").exists()


def test_a_region_has_what_the_reports_need() -> None:
    region = make_region(load_toolbox())
    assert region == make_region(load_toolbox())
    assert (len(BOARDS), sum(map(len, BOARDS.values())), len(ROUNDS)) == (3, 24, 2)
    assert {it.school for it in region if it.school} == {f"De {name}" for names in BOARDS.values() for name in names}
    assert len({it.file for it in region}) == len(region)
    small = Counter((it.round, it.form, it.school) for it in region for _ in range(it.people) if it.school in SMALL)
    assert max(small.values()) < 5
    answers = Counter(text for it in region for name, text in it.values.items() if name.startswith(("D", "SO")))
    assert min(answers[it] for it in ("1", "2", "3", "4", "weet-ik-niet")) > 50


@pytest.mark.slow
def test_a_region_is_collected_as_it_was_filled_in(out: Path, tmp_path: Path) -> None:
    region = make_region(load_toolbox())[:40]
    filled = fill_region({it.form: make_blank(it.form) for it in region}, region, tmp_path / "region")
    gather(out, tmp_path / "region", texts=("*",))
    found = records(out)
    assert set(found) == set(filled)
    for file, it in filled.items():
        record = found[file]
        assert record.counts
        assert {name: text for name, text in record.values.items() if text} == it.values
        said = (record.organisation, record.school, record.role, record.people, record.joint)
        assert said == (it.organisation, it.school, it.role, it.people, it.joint)


def test_a_path_with_a_nul_is_told(out: Path) -> None:
    with pytest.raises(UsageError, match="there is no such file or folder"):
        gather(out, Path("a\0b"))
