"""`make pictures`: the pictures of the READMEs, from the PDFs in build/screen and from the sample of formats."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

from pipeline.build import Options, build
from pipeline.compare.questionnaires import make_questionnaires
from pipeline.content.read import read_toolbox
from pipeline.copies import make_copy
from pipeline.report import make_reports
from pipeline.units import mm

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "assets" / "pictures"
GROUND = (222, 219, 212)
GAP = 14
FORMATS = ROOT / "tests" / "projects" / "formaten"
PIXELS_PER_MM = 2.25
ASKED = "analyseformulier-school"
SCHOOLS = (
    "De Ark", "De Bron", "De Horizon", "De Linde", "De Meander", "De Regenboog", "De Vlieger", "De Wilgen",
    "Het Kompas", "Het Palet",
)  # fmt: skip
SCORES = (2, 1, 2, 3, 1, 2, 0, 2, 1, 3)  # which option of each choice, in turn
WHO = {"organisatie": "Onze stichting", "school": "Onze school", "datum": "24-11-2026"}
ANSWERS = {
    **WHO,
    "rol": "schoolleider en vier leraren",
    "invulwijze": "samen",
    "aantal": "5",
    "D3-S3": "weet-ik-niet",
    "D3-gewenst": "4",
    "D3-waaraan": "In de bouwvergadering bespreken we elke maand het werk van drie leerlingen.\n"
    "De leraren van groep 5 en 6 bereiden sinds de zomer samen hun rekenlessen voor.",
    "D3-tevreden": "Iedereen brengt iets in. De vaste tijd op dinsdag houden we zo.",
    "D3-stap": "We spreken af wie wanneer bij wie in de les kijkt. De bouwcoördinator begint.",
    "keuze-1": "3",
    "keuze-2": "6",
    "keuze-reden": "Daar is het verschil het grootst, en het past bij ons jaarplan.",
    "vervolg": "Spiegelkaart 3, met het hele team, op de studiedag in januari.",
}
SCAN = {
    **WHO,
    "SO3-waaraan": "De schoolopleider en de mentoren spreken elkaar elke zes weken.",
    "SO3-stap": "Samen met de instituutsopleider één beoordeling voorbereiden.",
}
PLAN = {
    **WHO,
    "actie-1-dimensie": "3",
    "actie-1-wat": "Bij elkaar in de les kijken, met een kijkvraag",
    "actie-1-waarom": "We praten veel, maar zelden over lessen",
    "actie-1-wie": "bouwen 5 en 6",
    "actie-1-wanneer": "voor de zomer",
}


def render(path: Path, width: int) -> list[Image.Image]:
    """Return every page of a PDF, with its fields, `width` pixels wide."""
    document = pypdfium2.PdfDocument(path)
    if document.get_formtype():
        document.init_forms()
    pages = [page.render(scale=2 * width / page.get_width()).to_pil().convert("RGB") for page in document]
    document.close()
    return [page.resize((width, round(page.height * width / page.width)), Image.Resampling.LANCZOS) for page in pages]


def lay_out(pages: list[Image.Image], columns: int) -> Image.Image:
    """Return a contact sheet, row by row."""
    width, height = pages[0].size
    rows = -(-len(pages) // columns)
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (height + GAP) + GAP), GROUND)
    for index, page in enumerate(pages):
        row, column = divmod(index, columns)
        sheet.paste(page, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    return sheet


def render_formats() -> list[list[list[Image.Image]]]:
    """Return front and back of a sample card in every format, all at one scale: rows of pairs."""
    rows = (
        ("kaarten-a5-liggend", "kaarten-a5-staand"),
        ("kaarten-vierkant", "kaarten-a6", "kaarten-tarot", "kaarten-poker"),
    )
    with tempfile.TemporaryDirectory() as folder:
        project = Path(shutil.copytree(FORMATS, Path(folder) / "p", ignore=shutil.ignore_patterns("build")))
        build(project, Options(media=("screen",))).require_success()
        # Another card, so another colour, in each format.
        return [
            [_render_pair(project, name, 2 * ((first + place) % 3)) for place, name in enumerate(row)]
            for first, row in zip((0, 2), rows, strict=True)
        ]


def _render_pair(project: Path, name: str, front: int) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(project / "build" / "screen" / f"{name}.pdf")
    pages = []
    for number in (front, front + 1):
        width, height = (round(mm(side) * PIXELS_PER_MM) for side in document[number].get_size())
        large = document[number].render(scale=2 * PIXELS_PER_MM * mm(1)).to_pil().convert("RGB")
        pages.append(large.resize((width, height), Image.Resampling.LANCZOS))
    document.close()
    return pages


def lay_out_rows(rows: list[list[list[Image.Image]]]) -> Image.Image:
    """Return a sheet of rows of pairs; what belongs together stands closer."""
    places: list[tuple[Image.Image, int, int]] = []
    right = y = 0
    for row in rows:
        x, y = GAP, y + GAP
        for pair in row:
            for page in pair:
                places.append((page, x, y))
                x += page.width + GAP
            right = max(right, x)
            x += 2 * GAP
        y += max(page.height for pair in row for page in pair) + GAP
    sheet = Image.new("RGB", (right, y), GROUND)
    for page, x, top in places:
        sheet.paste(page, (x, top))
    return sheet


def fill_in(name: str, values: dict[str, str], width: int) -> list[Image.Image]:
    """Return every page of a form with these answers, and a score for each statement."""
    (definition, *_) = read_toolbox(ROOT).definitions[name]
    choices = (it for it in definition.fields if it.kind == "choice" and it.name not in values)
    scores = {it.name: it.options[SCORES[index % len(SCORES)] % len(it.options)][0] for index, it in enumerate(choices)}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "form.pdf"
        make_copy(ROOT, name, {**scores, **values}, out)
        return render(out, width)


def join(left: Image.Image, right: Image.Image) -> Image.Image:
    """Return two facing pages with the fold between them."""
    spread = Image.new("RGB", (left.width + right.width + 1, left.height), GROUND)
    spread.paste(left, (0, 0))
    spread.paste(right, (left.width + 1, 0))
    return spread


def render_readings(screen: Path) -> list[list[list[Image.Image]]]:
    """Return a page of each kind of reading matter, in two rows of one height each."""
    booklets = [
        (render(screen / f"{name}.pdf", 420)[number - 1])
        for name, number in (
            ("werkwijzer-bestuurder", 1), ("werkwijzer-schoolleider", 1), ("werkwijzer-leraar", 1),
            ("gespreksleidraad", 12),
        )
    ]  # fmt: skip
    sheets = [
        render(screen / "verdieping.pdf", 420)[10],
        *(render(screen / f"{name}.pdf", 420)[number] for name, number in (("instrumenten", 7), ("instrumenten", 13))),
        render(screen / "poster-dimensies.pdf", 420)[0],
    ]
    return [[[page] for page in booklets], [[page] for page in sheets]]


def collect_answers(folder: Path) -> None:
    """Write what collecting writes of schools that do not exist: two forms of each, in each of two rounds."""
    chance = random.Random(3)
    asked = make_questionnaires(read_toolbox(ROOT))[ASKED]
    levels = {school: chance.uniform(1.9, 3.1) for school in SCHOOLS}
    records: list[dict[str, object]] = []
    for date, more in (("2026-04-14", 0.0), ("2026-10-13", 0.3)):
        for school in SCHOOLS:
            for role in ("schoolleider", "leraar"):
                values = {}
                for subject in asked.subjects:
                    level = levels[school] + more + chance.uniform(-0.6, 0.6)
                    for name in subject.items:
                        values[name] = str(min(4, max(1, round(level + chance.uniform(-0.7, 0.7)))))
                    values[subject.wish] = str(min(4, max(2, round(level + chance.uniform(0.2, 1.2)))))
                number = len(records)
                who = {"organisation": "Onze stichting", "school": school, "role": role, "date": date}
                file = {"file": f"{number}.pdf", "sha256": f"{number:064x}", "verdict": "accepted", "counts": True}
                form = {"form": ASKED, "version": asked.version, "fingerprint": "", "respondent": "", "instead": ""}
                people = {"joint": True, "people": chance.randint(5, 9), "values": values, "findings": []}
                records.append({**file, **form, **who, **people})
    (folder / "answers.json").write_text(json.dumps(records), "utf-8")
    (folder / "key.json").write_text(json.dumps({"salt": "ab" * 16}), "utf-8")
    groups = """
rounds:
  - {name: voorjaar, title: voorjaar 2026, first: 2026-03-01, last: 2026-06-30}
  - {name: najaar, title: najaar 2026, first: 2026-09-01, last: 2026-12-31}
groups:
  ons: {title: Onze stichting, organisation: Onze stichting, show_schools: true}
"""
    (folder / "groepen.yml").write_text(groups, "utf-8")


def render_report(width: int) -> list[Image.Image]:
    """Return two pages of a report on schools: one subject, and what is wished beside what is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        collect_answers(folder)
        make_reports(folder, ROOT)
        path = folder / "reports/screen/ons.pdf"
        document = pypdfium2.PdfDocument(path)
        texts = [page.get_textpage().get_text_range() for page in document]
        document.close()
        wanted = (("3 Teamleren en samenwerken", "spreiding"), ("Gewenst naast nu", "duidelijk?"))
        places = [next(k for k, text in enumerate(texts) if all(it in text for it in said)) for said in wanted]
        pages = render(path, width)
        return [pages[place] for place in places]


def save(picture: Image.Image, name: str) -> None:
    """Write a small PNG: few colours, no dither, so letters stay sharp."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    small = picture.quantize(96, method=Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE)
    small.save(PICTURES / f"{name}.png", optimize=True)


def main() -> None:
    screen = ROOT / "build" / "screen"
    save(lay_out(render(screen / "spiegelkaarten.pdf", 400), 4), "spiegelkaarten")
    save(lay_out_rows(render_formats()), "formaten")
    save(lay_out(render(screen / "spiegelkaarten/3-teamleren.pdf", 840), 2), "kaart-3")
    school = fill_in("analyseformulier-school", ANSWERS, 840)
    save(lay_out([school[0], school[3]], 2), "formulier")
    board = render(ROOT / "build/forms/analyseformulier-bestuur.pdf", 840)
    scan, plan = fill_in("scan-samen-opleiden", SCAN, 840), fill_in("actieplan", PLAN, 840)
    save(lay_out([_shrink(it) for it in (board[5], scan[4], school[9], plan[0])], 4), "formulieren")

    save(lay_out(render_report(840), 2), "rapport")

    leader = render(screen / "werkwijzer-schoolleider.pdf", 840)
    save(lay_out([join(leader[11], leader[12])], 1), "werkwijzer")
    save(lay_out_rows(render_readings(screen)), "leeswerk")

    sheets = ROOT / "build" / "sheets"
    deck, booklet = (render(sheets / f"{it}.pdf", 560) for it in ("spiegelkaarten-sra3", "werkwijzer-leraar-katern"))
    save(lay_out([deck[0], deck[1], booklet[0]], 3), "vellen")


def _shrink(page: Image.Image) -> Image.Image:
    return page.resize((page.width // 2, page.height // 2), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()
