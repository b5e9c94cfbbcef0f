"""`make bench`: speed as ratios, each against its base in the same run; size as bytes.

Absolute times are printed for the reader, but only ratios are worth comparing between machines.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typst

from pipeline import typeset as typesetting
from pipeline.build import Options, build
from pipeline.content.read import read_toolbox
from pipeline.document import Document
from pipeline.pdf.press import finish_print
from pipeline.plan import load_typesetter, plan_documents
from pipeline.preflight import RASTER_PPI, Subject, preflight, rasterise
from pipeline.typeset import Typesetter, typeset

ROUNDS = 5
IMPORTS = "import click, pydantic, yaml, fontTools.ttLib, concurrent.futures, importlib.metadata"


def measure(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median duration in seconds."""
    durations = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


def fresh(code: str, *args: str) -> Callable[[], object]:
    """Return work that starts Python anew, so that nothing is remembered."""
    return lambda: subprocess.run([sys.executable, "-c", code, *args], check=True, stdout=subprocess.PIPE)


def report(what: str, took: float, base: float, reach: str) -> None:
    print(f"{what:<62} {took / base:6.2f} x   reach {reach:<8} ({1000 * took:.0f} / {1000 * base:.0f} ms)")  # noqa: T201


def compile_bare(documents: list[Document], typesetter: Typesetter) -> None:
    """Do what Typst alone needs for these documents: no query, no finishing, no check."""
    fonts = typesetting.load_fonts(typesetter.scratch / "fonts")
    for document in documents:
        world: dict[str, Any] = typesetting.gather_files(document.job(), typesetter)
        typst.compile(
            world,
            root=str(typesetter.scratch / "root"),
            font_paths=fonts,
            format="pdf",
            pdf_standards=["ua-1"] if document.medium == "screen" else [],
            pdf_tags=document.medium == "screen",
        )


def make_unchecked(documents: list[Document], typesetter: Typesetter) -> list[bytes]:
    """Typeset and finish, without preflight."""
    made = []
    for document in documents:
        pdf, _ = typeset(document.job(), typesetter)
        made.append(finish_print(pdf) if document.medium == "print" else pdf)
    return made


def measure_in(what: str) -> float:
    """Run one of the in-process measurements in a process of its own, where Typst remembers nothing."""
    out = subprocess.run([sys.executable, __file__, what], check=True, capture_output=True, text=True).stdout
    return float(out)


def run_inside(what: str) -> float:
    with tempfile.TemporaryDirectory() as name:
        toolbox = read_toolbox(Path(name))
        documents = plan_documents(toolbox)
        typesetter = load_typesetter(toolbox).prepare(Path(name) / "scratch")
        work = compile_bare if what == "bare" else make_unchecked
        return measure(lambda: work(documents, typesetter), 1)


def main() -> None:
    bare = statistics.median(measure_in("bare") for _ in range(ROUNDS))
    unchecked = statistics.median(measure_in("unchecked") for _ in range(ROUNDS))
    report("all documents, finished, without preflight / bare Typst", unchecked, bare, "2.0 x")

    with tempfile.TemporaryDirectory() as name:
        project = Path(name)
        full = measure(fresh("from pipeline.cli import main; main()", "build", "-p", name, "--force"), 3)
        report("whole build, processes and preflight / bare Typst", full, bare, "5.0 x")

        nothing = measure(fresh("from pipeline.cli import main; main()", "build", "-p", name))
        report("nothing changed, whole process / Python with the imports", nothing, measure(fresh(IMPORTS)), "2.0 x")

        toolbox = read_toolbox(project)
        document = next(it for it in plan_documents(toolbox) if it.id == "spiegelkaarten" and it.medium == "print")
        pdf = (project / "build" / document.path).read_bytes()
        pages = document.expects.pages
        raster = measure(lambda: [rasterise(pdf, page, RASTER_PPI) for page in range(pages)])
        checked = measure(lambda: preflight(Subject("bench", pdf, document.expects)))
        print(f"{'preflight beyond the raster':<62} {1000 * (checked - raster) / pages:6.1f} ms per page, reach 25")  # noqa: T201

        sizes = sum(path.stat().st_size for path in (project / "build").rglob("*.pdf"))
        print(f"{'size of all PDFs':<62} {sizes / 1000:6.0f} kB")  # noqa: T201

    one_card()
    click = measure(fresh("import click"))
    report(
        "drukwerk --help / import click",
        measure(fresh("from pipeline.cli import main; main()", "--help")),
        click,
        "2.0 x",
    )


def one_card() -> None:
    """One card changed against the full build, both as whole processes."""
    import shutil

    from pipeline.resources import PACKAGED

    with tempfile.TemporaryDirectory() as name:
        shutil.copytree(PACKAGED / "content", Path(name) / "content")
        build(Path(name), Options(jobs=1)).require_success()
        path = Path(name) / "content/dimensions/3-teamleren.yml"
        text = path.read_text("utf-8")
        command = fresh("from pipeline.cli import main; main()", "build", "-p", name)
        full = measure(fresh("from pipeline.cli import main; main()", "build", "-p", name, "--force"), 3)
        durations = []
        for round_ in range(3):
            path.write_text(text.replace("Gezellig of grondig", f"Gezellig of grondig {round_}"), "utf-8")
            durations.append(measure(command, 1))
        report("one card changed / full build", statistics.median(durations), full, "0.25 x")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(run_inside(sys.argv[1]))  # noqa: T201
    else:
        main()
