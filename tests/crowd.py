"""A folder of many returned forms, some of them hostile: what real programs saved, saved once more for each school."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import cycle, islice
from pathlib import Path

from pipeline.collect.records import read_records
from pipeline.content.toolbox import Toolbox
from tests import returns
from tests.bad_returns import BAD
from tests.collecting import FILLED, SCAN, load_toolbox, make_blank
from tests.programs import fill_pdfium, fill_pypdf

PROGRAMS = (fill_pypdf, fill_pdfium)
ANSWERS = ("1", "2", "3", "4")
NAMES = ("{}.pdf", "een map/{} met spaties.pdf", "Ü/it's {}.PDF", "{}")  # of good ones
_SCHOOL = "De {:06}"


@dataclass(frozen=True)
class Expected:
    """What has to come out of a file: its verdict, and of a good one its school and an answer."""

    verdict: str
    school: str = ""
    answer: str = ""


def load_forms() -> Toolbox:
    """The default toolbox, which also knows the small form that bad files are made of."""
    toolbox = load_toolbox()
    small = returns.FORM.form
    return replace(toolbox, definitions={**toolbox.definitions, small: (*toolbox.definitions[small], returns.FORM)})


def write_crowd(folder: Path, good: int, hostile: int) -> dict[str, Expected]:
    """Write that many good and hostile files, mixed; return what to expect of each, by name."""
    expected = {}
    for number, (name, raw, answer) in enumerate(islice(make_good(), good)):
        _write(folder / name, raw)
        expected[name] = Expected("accepted", _SCHOOL.format(number), answer)
    kinds = list(HOSTILE.items())
    chosen = kinds[:: max(1, len(kinds) // hostile)] if hostile else []
    for number, (kind, (put, verdict)) in enumerate(islice(cycle(chosen), hostile)):
        name = f"slecht {number % 7}/{number} {kind.replace('/', '-')}.pdf"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        put(folder / name)
        if verdict:
            expected[name] = Expected(verdict)
    return expected


def make_good() -> Iterator[tuple[str, bytes, str]]:
    """Yield (name, bytes, answer to SO1) of forms without end, each of another school."""
    bases = [(*_prepare(program, answer), answer) for answer in ANSWERS for program in range(len(PROGRAMS))]
    for number, (saved, added, answer) in enumerate(cycle(bases)):
        for write in (_write_plain, _write_hex):
            added = added.replace(write(0), write(number))
        yield NAMES[number % len(NAMES)].format(number), saved + added, answer


@cache
def _prepare(program: int, answer: str) -> tuple[bytes, bytes]:
    """Fill in the scan by a program, and save it once more; return both, the second with the school of number 0."""
    with tempfile.TemporaryDirectory() as scratch:
        saved = PROGRAMS[program].fill(make_blank(SCAN), {**FILLED, "SO1": answer}, Path(scratch))
    added = returns.append_save(saved, {"school": _SCHOOL.format(0)})[len(saved) :]
    assert added.count(_write_plain(0)) == added.count(_write_hex(0)) == 1
    return saved, added


def _write_plain(number: int) -> bytes:
    return f"({_SCHOOL.format(number)})".encode()


def _write_hex(number: int) -> bytes:
    return f"<{_SCHOOL.format(number).encode('utf-16-be').hex()}>".encode()


def _write(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)


def _hold(make: Callable[[], bytes]) -> Callable[[Path], None]:
    return lambda path: _write(path, make())


def _put_folder(path: Path) -> None:
    """A folder that is called like a file; what is in it is read."""
    path.mkdir()
    (path / ".verborgen").write_bytes(b"x")


def _put_link_out(path: Path) -> None:
    path.symlink_to(Path(os.devnull))


def _put_link_to_nothing(path: Path) -> None:
    path.symlink_to("er is niets.pdf")


def _put_loop(path: Path) -> None:
    path.symlink_to(path.name)


Put = Callable[[Path], None]
HOSTILE: dict[str, tuple[Put, str]] = {
    "folder": (_put_folder, ""),
    "link out": (_put_link_out, "refused"),
    "link to nothing": (_put_link_to_nothing, "refused"),
    "link to itself": (_put_loop, "refused"),
    "pipe": (os.mkfifo, "refused"),
    **{kind: (_hold(make), verdict) for kind, (make, verdict, _) in BAD.items()},
}


@dataclass(frozen=True)
class Measured:
    """What collecting took: seconds, and bytes of the process that waits, at most; and what came out."""

    seconds: float
    memory: float
    files: int
    counting: int
    differing: tuple[str, ...]


_RUN = """
import sys, time, resource
from pathlib import Path
from pipeline.collect.collection import Work, collect
from pipeline.collect.ledger import Choices
from tests.crowd import load_forms

folder, forms, begun = Path(sys.argv[1]), load_forms(), time.perf_counter()
collect(forms, [folder / "in"], folder / "out", Choices(again=False), Work())
took, status = time.perf_counter() - begun, Path("/proc/self/status")
if status.exists():  # getrusage counts from before the exec, so what the caller held
    most = int(status.read_text().split("VmHWM:")[1].split()[0]) * 1024
else:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(took, most)
"""


def measure_crowd(folder: Path, good: int, hostile: int) -> Measured:
    """Collect that many files, in a process of its own."""
    expected = write_crowd(folder / "in", good, hostile)
    command = [sys.executable, "-c", _RUN, str(folder)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, memory = told.split()
    records = read_records(folder / "out")
    return Measured(
        seconds=float(seconds),
        memory=float(memory),
        files=len(records),
        counting=sum(it.counts for it in records),
        differing=tuple(find_differing(folder / "out", expected)),
    )


def find_differing(out: Path, expected: Mapping[str, Expected]) -> list[str]:
    """Return the files that did not become what they had to, or are missing."""
    found = {it.file: it for it in read_records(out)}

    def is_right(file: str, wanted: Expected) -> bool:
        it = found.get(file)
        if it is None or ((it.school, it.values.get("SO1", "")) != (wanted.school, wanted.answer) and wanted.school):
            return False
        replaced = wanted.verdict == "conflict" and it.verdict == "duplicate"  # the small forms are of one respondent
        return it.verdict == wanted.verdict or replaced

    return [file for file, wanted in expected.items() if not is_right(file, wanted)]
