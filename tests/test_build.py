"""What a build promises: the same bytes, only what is needed, nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.build import Options, Report, build
from pipeline.errors import AssetError, ContentError, LayoutError, PreflightError, StorageError, UsageError
from pipeline.resources import PACKAGED
from pipeline.snapshot import fingerprint
from pipeline.storage import locked
from tests.conftest import edit, hashes

CARD = "content/karten/04-sprache.yml"


def make(project: Path, **options: object) -> Report:
    """Build in this process."""
    return build(project, Options(jobs=1, **options))  # type: ignore[arg-type]


def test_two_builds_give_equal_bytes_whatever_the_folder_and_the_processes(werkstatt: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(werkstatt, tmp_path / "somewhere else, é"))
    make(werkstatt).require_success()
    build(other, Options(jobs=2)).require_success()
    assert hashes(werkstatt) == hashes(other)
    make(werkstatt, force=True).require_success()
    assert hashes(werkstatt) == hashes(other)


def test_the_date_comes_from_the_toolbox_or_from_source_date_epoch(
    werkstatt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = werkstatt / "build/print/werkstattkarten.pdf"
    make(werkstatt, media=("print",)).require_success()
    assert b"D:20260302000000" in pdf.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    make(werkstatt, media=("print",)).require_success()
    assert b"D:19700102000000" in pdf.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH is 'yesterday'"):
        make(werkstatt)


def test_what_is_up_to_date_is_not_made_again(werkstatt: Path) -> None:
    assert len(make(werkstatt).published) == 12
    again = make(werkstatt)
    assert (again.published, len(again.unchanged)) == ([], 12)
    assert len(make(werkstatt, force=True).published) == 12


def test_one_changed_card_makes_itself_and_the_deck(werkstatt: Path) -> None:
    make(werkstatt)
    edit(werkstatt / CARD, "Fangt mit der kleinsten", "Fangt mit einer kleinen")
    assert make(werkstatt).published == [
        "print/werkstattkarten.pdf",
        "print/werkstattkarten/04-sprache.pdf",
        "screen/werkstattkarten.pdf",
        "screen/werkstattkarten/04-sprache.pdf",
    ]


def test_a_changed_layout_makes_everything_and_one_that_nobody_names_nothing(werkstatt: Path) -> None:
    make(werkstatt)
    (werkstatt / "layouts/lib").mkdir(parents=True)
    (werkstatt / "layouts/lib/own.typ").write_text("// a project's own")
    assert make(werkstatt).published == []
    ink = (PACKAGED / "layouts/lib/ink.typ").read_text("utf-8")
    (werkstatt / "layouts/lib/ink.typ").write_text(ink + "// changed", "utf-8")
    assert len(make(werkstatt).published) == 12


def test_a_file_that_somebody_changed_or_removed_is_made_again(werkstatt: Path) -> None:
    make(werkstatt)
    before = hashes(werkstatt)
    (werkstatt / "build/print/werkstattkarten.pdf").write_bytes(b"scribble")
    (werkstatt / "build/screen/werkstattkarten.pdf").unlink()
    assert make(werkstatt).published == ["print/werkstattkarten.pdf", "screen/werkstattkarten.pdf"]
    assert hashes(werkstatt) == before


def test_a_build_that_is_killed_half_way_need_not_begin_anew(werkstatt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.build.SAVE_EVERY", 4)

    class KilledError(BaseException):
        """Ends a build without a chance to write anything."""

    def progress(done: int, total: int, path: str) -> None:
        if done == 6:
            monkeypatch.setattr("pipeline.build._Build._save", lambda self, complete: None)
            raise KilledError

    with pytest.raises(KilledError):
        build(werkstatt, Options(jobs=1), progress)
    monkeypatch.undo()
    assert len(make(werkstatt).published) == 12 - 4
    assert make(werkstatt).published == []


def _sealed(raw: dict[str, Any]) -> str:
    """Write a manifest with a right hash."""
    rest = {key: value for key, value in raw.items() if key != "hash"}
    return json.dumps({**rest, "hash": fingerprint([json.dumps(rest, ensure_ascii=False)])}, ensure_ascii=False)


def _edit_by_hand(raw: dict[str, Any]) -> str:
    raw["outputs"]["print/werkstattkarten.pdf"]["pages"] = []
    return json.dumps(raw)


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: "",
        lambda raw: "{",
        lambda raw: "[]",
        lambda raw: "[" * 100_000,
        lambda raw: json.dumps(raw)[: len(json.dumps(raw)) // 2],
        lambda raw: json.dumps(raw).replace(" ", "\0"),
        _edit_by_hand,
        lambda raw: _sealed({**raw, "version": raw["version"] + 1}),
        lambda raw: _sealed({**raw, "version": 1}),
        lambda raw: _sealed({**raw, "outputs": {"x": 1}}),
        lambda raw: _sealed({**raw, "outputs": 7}),
        lambda raw: _sealed({**raw, "shared": {}}),
        lambda raw: _sealed({**raw, "complete": {"snapshot": "x"}}),
    ],
    ids=[
        "empty", "torn", "a list", "deep", "half", "zeros", "edited by hand", "newer", "older", "no output", "a number",
        "no recipes", "half a seal",
    ],
)  # fmt: skip
def test_a_manifest_that_cannot_be_trusted_means_everything_is_made(
    damage: Callable[[dict[str, Any]], str], german_project: Path, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(german_project, tmp_path / "built"))
    before = hashes(project)
    path = project / "build/manifest.json"
    path.write_text(damage(json.loads(path.read_text("utf-8"))), "utf-8")
    assert len(make(project).published) == 12
    assert hashes(project) == before


def test_a_manifest_that_is_sealed_by_hand_is_read(werkstatt: Path) -> None:
    """The bad samples above fail for what is wrong with them, not for how they are written."""
    make(werkstatt, media=("print",))
    path = werkstatt / "build/manifest.json"
    path.write_text(_sealed(json.loads(path.read_text("utf-8"))), "utf-8")
    assert make(werkstatt, media=("print",)).published == []


def test_a_removed_card_takes_its_files_along(werkstatt: Path) -> None:
    make(werkstatt)
    (werkstatt / CARD).unlink()
    report = make(werkstatt, media=("print",))
    assert report.removed == ["print/werkstattkarten/04-sprache.pdf", "screen/werkstattkarten/04-sprache.pdf"]
    assert not (werkstatt / "build/print/werkstattkarten/04-sprache.pdf").exists()


def test_files_that_are_not_ours_are_left_alone(werkstatt: Path) -> None:
    make(werkstatt)
    note = werkstatt / "build/print/note.txt"
    note.write_text("mine")
    make(werkstatt, force=True)
    assert note.read_text() == "mine"


def test_only_what_is_asked_for_is_made(werkstatt: Path) -> None:
    report = make(werkstatt, media=("screen",))
    assert {path.split("/")[0] for path in report.published} == {"screen"}
    assert len(make(werkstatt, products=("werkstattkarten",)).published) == 6, "the screen files are up to date"
    with pytest.raises(UsageError, match="did you mean 'werkstattkarten'"):
        make(werkstatt, products=("werkstatkarten",))


def test_wrong_content_leaves_every_file_as_it_was(werkstatt: Path) -> None:
    make(werkstatt)
    before = hashes(werkstatt)
    edit(werkstatt / CARD, "core:", "cor:")
    with pytest.raises(ContentError):
        make(werkstatt)
    assert hashes(werkstatt) == before


def test_a_document_that_fails_keeps_its_file_and_the_others_are_published(werkstatt: Path) -> None:
    make(werkstatt)
    before = hashes(werkstatt)
    edit(werkstatt / CARD, "Fangt mit", "x" * 90 + " ")
    edit(werkstatt / "content/karten/07-zeit.yml", "Fangt mit", "Beginnt mit")
    report = make(werkstatt)
    assert report.published == ["print/werkstattkarten/07-zeit.pdf", "screen/werkstattkarten/07-zeit.pdf"]
    with pytest.raises(ContentError):
        report.require_success()
    after = hashes(werkstatt)
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {*report.published, "manifest.json", ".texts.json"}
    failed = make(werkstatt)
    assert failed.errors, "a failed document stays to be made"
    assert failed.published == []


def test_a_layout_that_is_wrong_is_exit_4_and_says_where(werkstatt: Path) -> None:
    layout = werkstatt / "layouts/lib/signs.typ"
    layout.parent.mkdir(parents=True)
    layout.write_text('#let layer-sign(..args) = none\n#let logo-sign(..args) = 1 + "a"\n')
    with pytest.raises(LayoutError, match=r"layouts/lib/signs.typ:2:\d+: cannot add integer and string"):
        make(werkstatt).require_success()


def test_a_warning_of_typst_fails_the_build(werkstatt: Path) -> None:
    layout = werkstatt / "layouts/lib/signs.typ"
    layout.parent.mkdir(parents=True)
    layout.write_text('#let layer-sign(..args) = text(font: "No Such Font")[x]\n#let logo-sign(..args) = none\n')
    with pytest.raises(LayoutError, match="unknown font family: no such font"):
        make(werkstatt).require_success()


def test_a_layout_cannot_read_files(werkstatt: Path) -> None:
    layout = werkstatt / "layouts/lib/signs.typ"
    layout.parent.mkdir(parents=True)
    layout.write_text(
        '#let layer-sign(..args) = read("/../../../../../../etc/passwd")\n#let logo-sign(..args) = none\n'
    )
    with pytest.raises(LayoutError):
        make(werkstatt).require_success()


def test_a_layout_or_font_that_is_a_link_to_outside_is_refused_not_skipped(werkstatt: Path, tmp_path: Path) -> None:
    (tmp_path / "card.typ").write_text("outside")
    (werkstatt / "layouts").mkdir()
    (werkstatt / "layouts/card.typ").symlink_to(tmp_path / "card.typ")
    with pytest.raises(AssetError, match=r"layouts/card.typ: a link that leads out of the project"):
        make(werkstatt)


def test_a_layout_that_paints_in_rgb_is_stopped_before_the_shop_sees_it(werkstatt: Path) -> None:
    layout = werkstatt / "layouts/lib/signs.typ"
    layout.parent.mkdir(parents=True)
    layout.write_text(
        "#let layer-sign(..args) = pdf.artifact(circle(radius: 3mm, fill: red))\n#let logo-sign(..args) = none\n"
    )
    report = make(werkstatt)
    with pytest.raises(PreflightError, match=r"build/print/.*page 2, .* mm: ICCBased 3 in fill"):
        report.require_success()
    assert all(path.startswith("screen/") for path in report.published)


def test_nothing_is_left_behind(werkstatt: Path) -> None:
    edit(werkstatt / CARD, "Fangt mit", "x" * 90 + " ")
    make(werkstatt)
    hidden = sorted(path.name for path in (werkstatt / "build").iterdir() if path.name.startswith("."))
    assert hidden == [".lock", ".places.json", ".texts.json"]


def test_the_manifest_says_what_was_built_from_what(werkstatt: Path) -> None:
    make(werkstatt)
    manifest = json.loads((werkstatt / "build/manifest.json").read_text("utf-8"))
    output = manifest["outputs"]["print/werkstattkarten.pdf"]
    assert output["sha256"] == hashes(werkstatt)["print/werkstattkarten.pdf"]
    assert output["product"] == "werkstattkarten"
    assert output["expects"]["codes"][0] == [0, "HTTPS://LERNEN.EXAMPLE/W/1"]
    assert str(werkstatt) not in json.dumps(manifest), "a manifest names no folder of this machine"


def test_a_manifest_cannot_make_the_build_touch_other_files(werkstatt: Path) -> None:
    make(werkstatt)
    name = werkstatt / "build/manifest.json"
    manifest = json.loads(name.read_text("utf-8"))
    for path in ("../content/theme.yml", "/etc/hostname", "print/../../x.pdf", "print/x.txt", "other/x.pdf"):
        forged = {**manifest["outputs"], path: manifest["outputs"]["print/werkstattkarten.pdf"]}
        name.write_text(_sealed({**manifest, "outputs": forged}), "utf-8")
        target = werkstatt / "build" / path
        there = target.exists()
        make(werkstatt, media=("print",)).require_success()
        assert target.exists() == there, path


def test_a_file_that_somebody_put_in_place_of_a_removed_card_is_left(werkstatt: Path) -> None:
    make(werkstatt)
    (werkstatt / CARD).unlink()
    mine = werkstatt / "build/print/werkstattkarten/04-sprache.pdf"
    mine.write_bytes(b"mine")
    assert make(werkstatt).removed == ["screen/werkstattkarten/04-sprache.pdf"]
    assert mine.read_bytes() == b"mine"


def test_two_builds_at_once_do_not_mix(werkstatt: Path) -> None:
    with locked(werkstatt / "build"), pytest.raises(StorageError, match="another build is running here"):
        make(werkstatt)
    assert len(make(werkstatt).published) == 12


def test_what_a_killed_build_left_is_cleared_away(werkstatt: Path) -> None:
    leftover = werkstatt / "build/.staging-x1"
    leftover.mkdir(parents=True)
    (leftover / "half.pdf").write_bytes(b"half")
    make(werkstatt)
    assert not leftover.exists()


def test_a_folder_in_the_way_of_one_file_does_not_stop_the_others(werkstatt: Path) -> None:
    (werkstatt / "build/print/werkstattkarten.pdf/x").mkdir(parents=True)
    report = make(werkstatt)
    assert len(report.published) == 11
    with pytest.raises(StorageError, match="a folder stands where the file is to be"):
        report.require_success()


def test_fonts_of_one_name_in_two_folders_are_both_used(werkstatt: Path) -> None:
    for folder, name in (("a", "SourceSans3_400Regular"), ("b", "SourceSerif4_400Regular")):
        (werkstatt / "assets/fonts" / folder).mkdir(parents=True)
        shutil.copyfile(PACKAGED / f"assets/fonts/{name}.ttf", werkstatt / f"assets/fonts/{folder}/400.Ttf")
    make(werkstatt, media=("print",)).require_success()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("seconds", [0.0, 0.9])
def test_an_interrupted_build_leaves_nothing_behind(number: int, seconds: float, tmp_path: Path) -> None:
    temp = tmp_path / "temp"
    temp.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "build", "-p", str(tmp_path), "--jobs", "2"],
        env={**os.environ, "TMPDIR": str(temp)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    _wait_for_staging(tmp_path / "build")
    time.sleep(seconds)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode in (130, 0), stderr
    assert "Traceback" not in stderr
    build_folder = tmp_path / "build"
    left = [path.name for path in build_folder.iterdir() if path.name.startswith(".s")] if build_folder.exists() else []
    assert left == []
    assert [path.name for path in temp.iterdir() if path.name.startswith("drukwerk")] == []


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads the process table")
def test_the_processes_of_a_killed_build_end_too(tmp_path: Path) -> None:
    marked = {**os.environ, "DRUKWERK_TEST": tmp_path.name}
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "build", "-p", str(tmp_path), "--jobs", "2"],
        env=marked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _wait_for_staging(tmp_path / "build")
    time.sleep(1)
    process.kill()
    process.wait()
    for _ in range(100):
        left = [path for path in Path("/proc").glob("[0-9]*/environ") if _holds(path, f"DRUKWERK_TEST={tmp_path.name}")]
        if not left:
            break
        time.sleep(0.1)
    assert left == []
    build(tmp_path, Options(jobs=1, products=("spiegelkaarten",), media=("print",))).require_success()


def _wait_for_staging(build_folder: Path) -> None:
    """Wait until a build has begun to make documents."""
    for _ in range(600):
        if list(build_folder.glob(".staging-*")):
            return
        time.sleep(0.05)
    raise AssertionError("the build did not begin")


def _holds(path: Path, text: str) -> bool:
    try:
        return text.encode() in path.read_bytes()
    except OSError:
        return False
