"""A disk that is full, a folder that may not be written, links, other names: errors with a name, and nothing lost."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import shutil
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.build import Options, build
from pipeline.content.read import read_toolbox
from pipeline.errors import AssetError, ContentError, StorageError, UsageError
from pipeline.storage import locked, write_file
from tests.conftest import Run, edit, hashes

CARD = "content/karten/04-sprache.yml"
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # linux/prctl.h, linux/capability.h


def call(project: Path, *args: str, before: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, prepared by `before`."""
    command = [sys.executable, "-m", "pipeline", *args, "--project", str(project)]
    return subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=before)


@pytest.fixture
def built(werkstatt: Path) -> Path:
    """The German project, its print files built, and changed since."""
    build(werkstatt, Options(jobs=1, media=("print",))).require_success()
    edit(werkstatt / "content/toolbox.yml", "date: 2026-03-02", "date: 2026-04-02")
    return werkstatt


def test_a_full_disk_is_an_error_with_a_name_and_leaves_every_file(built: Path) -> None:
    before = hashes(built)
    size = min(path.stat().st_size for path in (built / "build").rglob("*.pdf")) // 2

    def fill() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    result = call(built, "build", "--medium", "print", before=fill)
    assert result.returncode == 8
    assert "cannot write: File too large" in result.stderr
    assert "hint: make room on the disk, and run it again" in result.stderr
    assert "Traceback" not in result.stderr
    assert hashes(built) == before
    build(built, Options(jobs=1, media=("print",))).require_success()


def drop_powers() -> None:
    """Let the rights of files count for root too."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="drops the powers of root")
def test_a_build_folder_that_may_not_be_written_is_exit_8(built: Path) -> None:
    before = hashes(built)
    folders = [built / "build", *(path for path in (built / "build").rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        result = call(built, "build", "--medium", "print", before=drop_powers)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert result.returncode == 8, result.stderr
    assert "cannot write: Permission denied" in result.stderr
    assert "hint: check the rights of the folder" in result.stderr
    assert hashes(built) == before


def test_a_file_that_is_open_in_a_viewer_on_windows_is_told_as_such(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There, a file that a program shows cannot be replaced: `os.replace` raises PermissionError (WinError 32)."""
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if Path(target).name == "werkstattkarten.pdf":
            raise PermissionError(13, "The process cannot access the file", str(self), 32, str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    report = build(built, Options(jobs=1, media=("print",)))
    assert len(report.published) == 5
    with pytest.raises(StorageError, match="close the program that has the file open") as caught:
        report.require_success()
    assert caught.value.findings[0].place.endswith("build/print/werkstattkarten.pdf")


# ------------------------------------------------------------------------------------------ links and names


def test_a_build_folder_that_is_a_link_to_a_folder_elsewhere_is_used(werkstatt: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (werkstatt / "build").symlink_to(elsewhere)
    build(werkstatt, Options(jobs=1, media=("print",))).require_success()
    assert (elsewhere / "print/werkstattkarten.pdf").is_file()
    assert (werkstatt / "build").is_symlink()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("nowhere", "is a link to a folder that is not there"),
        ("build", "is a link to a folder that is not there"),
        (".", "is a link to the project itself"),
        ("..", "is a link to the project itself"),
        ("content/karten", "is a link to the project itself"),
    ],
)
def test_a_build_folder_that_is_a_bad_link_is_refused(target: str, message: str, werkstatt: Path) -> None:
    (werkstatt / "build").symlink_to(target)
    before = sorted(path for path in werkstatt.rglob("*"))
    with pytest.raises(StorageError, match=message) as caught:
        build(werkstatt, Options(jobs=1))
    assert caught.value.findings[0].hint == "remove the link, or let it point to a folder of its own"
    assert sorted(path for path in werkstatt.rglob("*")) == before


@pytest.mark.parametrize("name", ["met spatie", "l'été", 'a"b', "Überprüfung ñ €", "-p", "a\nb", "x" * 200])
def test_any_name_of_a_project_works(name: str, werkstatt: Path, run: Run) -> None:
    project = werkstatt.rename(werkstatt.parent / name)
    result = run("build", "--project", str(project), "--jobs", 1, "--medium", "print")
    assert result.exit_code == 0, result.stderr
    assert (project / "build/print/werkstattkarten/04-sprache.pdf").is_file()
    assert run("status", "--project", str(project)).exit_code == 0


def test_two_projects_are_built_at_once(werkstatt: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(werkstatt, tmp_path / "other"))
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "pipeline", "build", "-m", "print", "-p", str(project)], stdout=subprocess.DEVNULL
        )
        for project in (werkstatt, other)
    ]
    assert [process.wait() for process in processes] == [0, 0]
    assert hashes(werkstatt) == hashes(other)


# ------------------------------------------------------------------------------------------ at the same time


def test_a_second_build_says_so_or_waits(werkstatt: Path) -> None:
    with locked(werkstatt / "build"):
        result = call(werkstatt, "build")
        assert result.returncode == 8
        assert "another build is running here\n  hint: wait until it is done" in result.stderr

    def hold() -> None:
        with locked(werkstatt / "build"):
            held.set()
            time.sleep(0.5)

    held = threading.Event()
    holder = threading.Thread(target=hold)
    holder.start()
    held.wait()
    build(werkstatt, Options(jobs=1, media=("print",), wait=10)).require_success()
    holder.join()


def test_five_builds_at_once_in_one_project_do_not_mix(werkstatt: Path, tmp_path: Path) -> None:
    undisturbed = Path(shutil.copytree(werkstatt, tmp_path / "undisturbed"))
    build(undisturbed, Options(jobs=1, media=("print",))).require_success()
    command = [sys.executable, "-m", "pipeline", "build", "-m", "print", "-p", str(werkstatt)]
    quiet = subprocess.DEVNULL
    processes = [subprocess.Popen(command, stdout=quiet, stderr=quiet) for _ in range(5)]
    codes = [process.wait() for process in processes]
    assert set(codes) <= {0, 8}
    assert 0 in codes
    assert hashes(werkstatt) == hashes(undisturbed)


@pytest.mark.slow
def test_content_that_is_renamed_while_it_is_read_is_a_finding_or_is_read_whole(werkstatt: Path) -> None:
    """Other programs move folders when they like: never a stack trace, and never half a deck."""
    content, away = werkstatt / "content", werkstatt / "content.away"
    stop = threading.Event()
    quiet = 0.005  # seconds between two moves: longer while no reading ends whole, since a busy machine reads slowly

    def move() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):
                content.rename(away)
                time.sleep(0.002)
                away.rename(content)
            time.sleep(quiet)

    whole = len(read_toolbox(werkstatt).folders["karten"])
    mover = threading.Thread(target=move)
    mover.start()
    read, refused = 0, 0
    try:
        for _ in range(60):
            try:
                toolbox = read_toolbox(werkstatt)
            except (UsageError, ContentError, AssetError):
                refused += 1
                quiet *= 1.2
            else:
                quiet = 0.005
                if "karten" in toolbox.folders:  # else the default toolbox, when content/ was away at the start
                    assert len(toolbox.folders["karten"]) == whole
                read += 1
    finally:
        stop.set()
        mover.join()
    assert read + refused == 60
    assert read > 0


def test_content_that_is_renamed_during_a_build_does_not_touch_what_is_made(werkstatt: Path) -> None:
    from pipeline import workshop

    made: list[object] = []
    real = workshop.make_document

    def rename_first(*args: object) -> workshop.Made:
        if not made:
            (werkstatt / "content").rename(werkstatt / "content.away")
        made.append(args)
        return real(*args)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "make_document", rename_first)
        report = build(werkstatt, Options(jobs=1, media=("print",)))
    report.require_success()
    assert len(report.published) == 6


# ------------------------------------------------------------------------------------------ sizes


def make_png(side: int) -> bytes:
    """Return a white square of one bit a pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = (b"\0" + b"\xff" * (side // 8)) * side
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def test_a_huge_picture_as_a_logo_is_refused_before_it_is_read(werkstatt: Path) -> None:
    (werkstatt / "assets/logo.png").write_bytes(make_png(20_000))
    edit(werkstatt / "content/theme.yml", "assets/logo.svg", "assets/logo.png")
    with pytest.raises(AssetError, match=r"theme.yml:\d+: logo: 'assets/logo.png': no SVG file"):
        read_toolbox(werkstatt)
    with (werkstatt / "assets/logo.png").open("r+b") as file:
        file.truncate(3_000_000_000)  # sparse: takes no room on the disk, and would take three GB of memory
    begun = time.perf_counter()
    with pytest.raises(AssetError, match="larger than 200 kB"):
        read_toolbox(werkstatt)
    assert time.perf_counter() - begun < 1, "it was not read"


def test_ten_thousand_cards_are_refused_at_once(werkstatt: Path) -> None:
    card = (werkstatt / "content/karten/07-zeit.yml").read_text("utf-8")
    for number in range(10_000):
        (werkstatt / f"content/karten/k{number}.yml").write_text(card, "utf-8")
    begun = time.perf_counter()
    with pytest.raises(ContentError, match="10005 cards in content/karten, at most 2000"):
        read_toolbox(werkstatt)
    assert time.perf_counter() - begun < 10, "they were counted, not read"


def test_folders_where_leftovers_would_be_are_cleared_away(werkstatt: Path) -> None:
    (werkstatt / "build/.manifest.json.new/x").mkdir(parents=True)
    (werkstatt / "build/.x.new").mkdir()
    build(werkstatt, Options(jobs=1, media=("print",))).require_success()
    assert not list((werkstatt / "build").glob(".*.new"))


def test_a_build_folder_that_is_taken_away_while_it_is_used_is_told_as_such(werkstatt: Path) -> None:
    from pipeline import workshop

    real = workshop.make_document

    def take_away(*args: object) -> workshop.Made:
        shutil.rmtree(werkstatt / "build", ignore_errors=True)
        return real(*args)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workshop, "make_document", take_away)
        with pytest.raises(StorageError, match="was the folder taken away"):
            build(werkstatt, Options(jobs=1, media=("print",))).require_success()


def test_write_file_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    with pytest.raises(StorageError, match="a file stands where a folder is needed"):
        write_file(tmp_path / "x" / "y.pdf", b"")
