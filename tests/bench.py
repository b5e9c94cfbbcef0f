"""`make bench`: speed as ratios, each against its base in the same run; size and memory as they are.

Absolute times are printed for the reader, but only ratios are worth comparing between machines.
"""

from __future__ import annotations

import io
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
import typst

from pipeline import typeset as typesetting
from pipeline.collect import read_form
from pipeline.content.read import read_toolbox
from pipeline.copies import make_copy
from pipeline.document import Document
from pipeline.imposition import Card, Imposed, impose_booklet, impose_cards
from pipeline.pdf.forms import make_fillable
from pipeline.pdf.press import finish_print
from pipeline.pdf.sheets import place_pages
from pipeline.plan import load_typesetter, plan_documents
from pipeline.preflight import Subject, open_pages, preflight, rasterise
from pipeline.preflight.pixels import RASTER_PPI
from pipeline.resources import PACKAGED
from pipeline.typeset import Typesetter, typeset
from pipeline.workshop import load_press
from tests.conftest import keep_cards
from tests.crowd import measure_crowd
from tests.sheets import BLEED, CARD, PAGE, SRA3, describe, prepare, set_layout, stock

ROUNDS = 5
CARDS = (8, 100, 1000)
RETURNS = (100, 1000)
COMMAND = "from pipeline.cli import main; main()"
# The modules that an unchanged build has imported in the end, but for the project's own.
LIST_IMPORTS = (
    "import sys; before = set(sys.modules); from pipeline.cli import main\n"
    "try: main()\n"
    "finally: print(*(it for it in sys.modules if it not in before and not it.startswith('pipeline')), sep=chr(10))"
)
IMPORT_ALL = (
    "import sys, importlib, contextlib\n"
    "for it in sys.argv[1:]:\n with contextlib.suppress(ImportError): importlib.import_module(it)"
)
# Words of a suggestion that use the same letters: a glyph that a font of the deck has not used changes all its pages.
WORDS = ("vraag erom in je eigen overleg", "vraag in je eigen overleg erom")


def measure(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median duration in seconds."""
    durations = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


def fresh(code: str, *args: str) -> Callable[[], str]:
    """Return work that starts Python anew, so that nothing is remembered; it returns what is printed."""
    command = [sys.executable, "-c", code, *args]
    return lambda: subprocess.run(command, check=True, capture_output=True, text=True).stdout


def say(what: str, figure: str) -> None:
    print(f"{what:<66} {figure}", flush=True)  # noqa: T201


def report(what: str, took: float, base: float, reach: str) -> None:
    say(what, f"{took / base:6.2f} x   reach {reach:<7} ({1000 * took:.0f} / {1000 * base:.0f} ms)")


# ------------------------------------------------------------------------------------------ typesetting


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
            pdf_standards=[] if document.medium == "print" else ["ua-1"],
            pdf_tags=document.medium != "print",
        )


def make_unchecked(documents: list[Document], typesetter: Typesetter) -> list[bytes]:
    """Typeset and finish, without preflight."""
    made = []
    for document in documents:
        pdf, _ = typeset(document.job(), typesetter)
        if document.medium == "print":
            pdf = finish_print(pdf, load_press(typesetter))
        elif document.fillable:
            pdf = make_fillable(pdf, document.fillable.definition, document.fillable.words)
        made.append(pdf)
    return made


def typeset_only(documents: list[Document], typesetter: Typesetter) -> None:
    """Typeset, and ask for the zones."""
    for document in documents:
        typeset(document.job(), typesetter)


WORK: dict[str, Callable[[list[Document], Typesetter], object]] = {
    "bare": compile_bare,
    "typeset": typeset_only,
    "unchecked": make_unchecked,
}


def run_inside(what: str, medium: str = "") -> float:
    """Do one of the above in this process, which remembers nothing yet, with the documents of one medium or all."""
    with tempfile.TemporaryDirectory() as name:
        toolbox = read_toolbox(Path(name))
        documents = [it for it in plan_documents(toolbox) if medium in ("", it.medium)]
        typesetter = load_typesetter(toolbox).prepare(Path(name) / "scratch")
        return measure(lambda: WORK[what](documents, typesetter), 1)


def measure_inside(what: str, medium: str = "") -> float:
    code = f"import tests.bench; print(tests.bench.run_inside({what!r}, {medium!r}))"
    return statistics.median(float(fresh(code)()) for _ in range(ROUNDS))


def bench_forms() -> None:
    """The forms of the default toolbox that are filled in, one after the other in one process."""
    bare, typeset, filled = (measure_inside(what, "forms") for what in WORK)
    report("forms typeset, with their zones / bare Typst", typeset, bare, "2.0 x")
    report("forms typeset and made fillable / bare Typst", filled, bare, "2.0 x")
    count = sum(it.medium == "forms" for it in plan_documents(read_toolbox(PACKAGED)))
    say("forms typeset and made fillable, one process", f"{count / filled:6.1f} a second (of 1 to 11 pages)")
    with tempfile.TemporaryDirectory() as name:
        toolbox, out = read_toolbox(PACKAGED), Path(name) / "copy.pdf"
        make_copy(PACKAGED, "analyseformulier-school", {"school": "De Wilgen", "D3-S2": "3"}, out)
        read = measure(lambda: read_form(out, toolbox))
    say("reading back a form of ten pages, a process each", f"{1 / read:6.1f} a second")


# ------------------------------------------------------------------------------------------ collecting


def bench_collecting() -> None:
    """Forms of eleven pages, each read in a process of its own, a tenth of them hostile; and what memory does."""
    measured = {}
    for count in RETURNS:
        with tempfile.TemporaryDirectory() as name:
            it = measured[count] = measure_crowd(Path(name), count - count // 10, count // 10)
        assert not it.differing, f"lost or misjudged: {it.differing}"
        figure = f"{count / it.seconds:6.1f} a second ({it.seconds:.0f} s), {it.memory / 1e6:.0f} MB"
        say(f"collecting {count} files, {count // 10} of them hostile; memory of the process that waits", figure)
    few, many = (measured[count] for count in RETURNS)
    grows = (many.memory - few.memory) / (RETURNS[1] - RETURNS[0])
    say("memory for one more file", f"{grows / 1e3:6.1f} kB, reach 20")


# ------------------------------------------------------------------------------------------ sheets


def copy_pages(pdf: bytes) -> bytes:
    """Copy all pages to a new file, which is the least that placing them can be."""
    with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as target:
        target.pages.extend(source.pages)
        out = io.BytesIO()
        target.save(out, deterministic_id=True)
    return out.getvalue()


def bench_imposing() -> None:
    """The deck four to a sheet, and a booklet twice to a sheet, against a copy of the same pages."""
    with tempfile.TemporaryDirectory() as name:
        typesetter = prepare(Path(name))
        documents = {it.path: it for it in plan_documents(read_toolbox(PACKAGED))}
        for what, impose in (("spiegelkaarten", impose_deck), ("werkwijzer-leraar", impose_leaves)):
            pdf, _ = typeset(documents[f"print/{what}.pdf"].job(), typesetter)
            imposed = impose(pdf)
            around = set_layout("sheet.typ", describe(imposed, what), imposed.size, typesetter)
            copied = measure(partial(copy_pages, pdf), 20)
            placed = measure(partial(place_pages, around, pdf, imposed, BLEED), 20)
            report(f"{what} placed on SRA3 / its pages copied", placed, copied, "2.5 x")


def impose_deck(pdf: bytes) -> Imposed:
    return impose_cards([Card(it, it + 1) for it in range(0, count_pages(pdf), 2)], CARD, BLEED, stock(SRA3))


def impose_leaves(pdf: bytes) -> Imposed:
    return impose_booklet(range(count_pages(pdf)), PAGE, BLEED, stock(SRA3))


def count_pages(pdf: bytes) -> int:
    with open_pages(pdf) as document:
        return len(document)


# ------------------------------------------------------------------------------------------ builds


def copy_content(project: Path) -> Path:
    """Give a project the default content; return the card that is changed."""
    shutil.copytree(PACKAGED / "content", project / "content")
    return project / "content/dimensions/3-teamleren.yml"


def alternate(card: Path) -> Iterator[None]:
    """Change one word of a card, and change it back, and so on."""
    while True:
        text = card.read_text("utf-8")
        old, new = WORDS if WORDS[0] in text else WORDS[::-1]
        card.write_text(text.replace(old, new), "utf-8")
        yield


def bench_build(project: Path, bare: float) -> None:
    """Whole processes: everything, nothing, one card."""
    changes = alternate(copy_content(project))
    folder = str(project)
    full = measure(fresh(COMMAND, "build", "-p", folder, "--force"))
    report("whole build, processes and preflight / bare Typst", full, bare, "5.0 x")
    one = []
    for _ in range(ROUNDS):
        next(changes)
        one.append(measure(fresh(COMMAND, "build", "-p", folder), 1))
    report("one card changed, whole process / the full build", statistics.median(one), full, "0.25 x")
    imports = fresh(LIST_IMPORTS, "build", "-p", folder)().split()
    base = measure(fresh(IMPORT_ALL, *imports))
    nothing = measure(fresh(COMMAND, "build", "-p", folder))
    report("nothing changed, whole process / Python with the same imports", nothing, base, "2.0 x")
    bench_preflight(project)
    sizes = sum(path.stat().st_size for path in (project / "build").rglob("*.pdf"))
    say("size of all PDFs", f"{sizes / 1000:6.0f} kB")


def bench_preflight(project: Path) -> None:
    document = next(it for it in plan_documents(read_toolbox(project)) if it.path == "print/spiegelkaarten.pdf")
    pdf = (project / "build" / document.path).read_bytes()
    pages = document.expects.pages

    def draw() -> None:
        with open_pages(pdf) as opened:
            for page in range(pages):
                rasterise(opened, page, RASTER_PPI)

    raster = measure(draw)
    checked = measure(lambda: preflight(Subject("bench", pdf, document.expects)))
    say("preflight beyond the raster", f"{1000 * (checked - raster) / pages:6.1f} ms a page, reach 25")


def bench_watch(project: Path) -> None:
    """From the save of one card to the last of its four PDFs, as seen from outside."""
    card = copy_content(project)
    changes = alternate(card)
    command = [sys.executable, "-u", "-c", COMMAND, "watch", "-p", str(project)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        process.stderr.readline()
        took = []
        for _ in range(ROUNDS + 1):
            time.sleep(1.5)
            begun = time.perf_counter()
            next(changes)
            process.stderr.readline()
            took.append(time.perf_counter() - begun)
        process.terminate()
    say("watch: save of one card to its last PDF", f"{statistics.median(took[1:]):6.2f} s, reach 0.5")


# ------------------------------------------------------------------------------------------ many cards


def write_cards(project: Path, count: int) -> None:
    """Make a project of many cards out of those of the default content."""
    cards = [path.read_text("utf-8") for path in sorted((PACKAGED / "content/dimensions").glob("*.yml"))]
    folder = copy_content(project).parent
    keep_cards(project)
    settings = project / "content/toolbox.yml"
    text = settings.read_text("utf-8").replace("circle: true", "circle: false")
    settings.write_text(re.sub(r"  - name: [a-z-]+\n    kind: form\n", "", text), "utf-8")  # a page for each card
    shutil.rmtree(project / "content/forms")
    shutil.rmtree(folder)
    folder.mkdir()
    for number in range(1, count + 1):
        card = re.sub(r"^number: \d+", f"number: {number}", cards[number % len(cards)], flags=re.M)
        card = re.sub(r"\bD\d-([UBS]\d)", rf"N{number}-\1", card)
        (folder / f"{number:04}-kaart.yml").write_text(card, "utf-8")


def build_many(count: int) -> tuple[float, float]:
    """Return seconds and bytes of the largest process, for a build of that many cards in a process of its own."""
    code = (
        "import sys, resource, subprocess, time; begun = time.perf_counter();"
        "subprocess.run([sys.executable, '-c', sys.argv[1], 'build', '-p', sys.argv[2]], check=True,"
        " stdout=subprocess.DEVNULL);"
        "print(time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    with tempfile.TemporaryDirectory() as name:
        write_cards(Path(name), count)
        seconds, memory = fresh(code, COMMAND, name)().split()
    return float(seconds), float(memory) * (1 if sys.platform == "darwin" else 1024)


def bench_many() -> None:
    """Time and memory for each card, of builds of more and more cards; what a build of one card needs is taken off."""
    base_time, base_memory = build_many(1)
    for count in CARDS:
        seconds, memory = build_many(count)
        per_card = (seconds - base_time) / (count - 1), (memory - base_memory) / (count - 1)
        figure = f"{1000 * per_card[0]:6.0f} ms and {per_card[1] / 1e6:.1f} MB a card"
        say(f"{count} cards", f"{figure} ({seconds:.1f} s, {memory / 1e6:.0f} MB in the largest process)")


def main() -> None:
    bare, unchecked = measure_inside("bare"), measure_inside("unchecked")
    report("all documents, finished, without preflight / bare Typst", unchecked, bare, "2.0 x")
    bench_forms()
    bench_collecting()
    bench_imposing()
    for work in (lambda project: bench_build(project, bare), bench_watch):
        with tempfile.TemporaryDirectory() as name:
            work(Path(name))
    click = measure(fresh("import click"))
    report("drukwerk --help / import click", measure(fresh(COMMAND, "--help")), click, "2.0 x")
    bench_many()


if __name__ == "__main__":
    main()
