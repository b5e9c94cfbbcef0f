"""What a build promises: the same bytes, only what is needed, nothing lost."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from pipeline.build import Options, Report, build
from pipeline.errors import ContentError, LayoutError, PreflightError, UsageError
from tests.conftest import edit

CARD = "content/karten/04-sprache.yml"


def make(project: Path, **options: object) -> Report:
    """Build in this process."""
    return build(project, Options(jobs=1, **options))  # type: ignore[arg-type]


def hashes(project: Path) -> dict[str, str]:
    """Path -> SHA-256 of everything in build/."""
    folder = project / "build"
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


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


def test_a_changed_layout_makes_everything(werkstatt: Path) -> None:
    make(werkstatt)
    (werkstatt / "layouts/lib").mkdir(parents=True)
    (werkstatt / "layouts/lib/own.typ").write_text("// a project's own")
    assert len(make(werkstatt).published) == 12


def test_a_file_that_somebody_changed_or_removed_is_made_again(werkstatt: Path) -> None:
    make(werkstatt)
    before = hashes(werkstatt)
    (werkstatt / "build/print/werkstattkarten.pdf").write_bytes(b"scribble")
    (werkstatt / "build/screen/werkstattkarten.pdf").unlink()
    assert make(werkstatt).published == ["print/werkstattkarten.pdf", "screen/werkstattkarten.pdf"]
    assert hashes(werkstatt) == before


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 999, "outputs": {}}', '{"version": 1, "outputs": {"x": 1}}']
)
def test_a_manifest_that_cannot_be_read_means_everything_is_made(text: str, werkstatt: Path) -> None:
    make(werkstatt)
    before = hashes(werkstatt)
    (werkstatt / "build/manifest.json").write_text(text)
    assert len(make(werkstatt).published) == 12
    assert hashes(werkstatt) == before


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
    assert changed == {*report.published, "manifest.json"}
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


def test_a_layout_that_paints_in_rgb_is_stopped_before_the_shop_sees_it(werkstatt: Path) -> None:
    layout = werkstatt / "layouts/lib/signs.typ"
    layout.parent.mkdir(parents=True)
    layout.write_text(
        "#let layer-sign(..args) = pdf.artifact(circle(radius: 3mm, fill: red))\n#let logo-sign(..args) = none\n"
    )
    report = make(werkstatt)
    with pytest.raises(PreflightError, match=r"build/print/.*page 2: ICCBased 3 in fill"):
        report.require_success()
    assert all(path.startswith("screen/") for path in report.published)


def test_nothing_is_left_behind(werkstatt: Path) -> None:
    edit(werkstatt / CARD, "Fangt mit", "x" * 90 + " ")
    make(werkstatt)
    assert [path.name for path in (werkstatt / "build").iterdir() if path.name.startswith(".")] == []


def test_the_manifest_says_what_was_built_from_what(werkstatt: Path) -> None:
    make(werkstatt)
    manifest = json.loads((werkstatt / "build/manifest.json").read_text("utf-8"))
    output = manifest["outputs"]["print/werkstattkarten.pdf"]
    assert output["sha256"] == hashes(werkstatt)["print/werkstattkarten.pdf"]
    assert output["product"] == "werkstattkarten"
    assert output["expects"]["codes"][0] == [0, "HTTPS://LERNEN.EXAMPLE/W/1"]
    assert str(werkstatt) not in json.dumps(manifest), "a manifest names no folder of this machine"
