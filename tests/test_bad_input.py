"""Bad input: a clear finding with its place, the right exit code, and nothing lost.

Each case breaks a copy of the German project in one way and reads what an editor would be told.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.resources import PACKAGED
from tests.conftest import WERKSTATT, Run, codes_on, edit
from tests.tagged_text import read_tagged

CARD = "content/karten/04-sprache.yml"
TOOLBOX = "content/toolbox.yml"
THEME = "content/theme.yml"

Break = Callable[[Path], object]


def replacing(name: str, old: str, new: str) -> Break:
    return lambda project: edit(project / name, old, new)


def writing(name: str, data: bytes | str) -> Break:
    raw = data.encode() if isinstance(data, str) else data
    return lambda project: (project / name).write_bytes(raw)


def linking(name: str, target: str) -> Break:
    def link(project: Path) -> None:
        (project / name).unlink(missing_ok=True)
        (project / name).symlink_to(target)

    return link


LONG = "Ein Satz, der viel zu lang ist für seinen Platz auf der Karte und deshalb nicht hineinpasst. " * 2

CASES: list[tuple[str, Break, int, list[str]]] = [
    ("unknown key", replacing(CARD, "core:", "cor:"), 3, [f"{CARD}:5: cor: unknown key", "did you mean 'core'?", "core: missing"]),
    ("unknown side", replacing(CARD, "team:", "teem:"), 3, ["teem: unknown key", "did you mean 'team'?", "team: missing"]),
    ("unknown key deep", replacing(TOOLBOX, "          turn:", "          trun:"), 3, ["products[1].sides.leitung.labels.trun", "did you mean 'turn'?"]),
    ("unknown key in place of a needed one", replacing(CARD, "  question:", "  qestion:"), 3, ["team.qestion: unknown key", "did you mean 'question'?", "team: expected either a question or a quotation"]),
    ("unknown ink", replacing(THEME, "{c: 20, m: 95, y: 10, k: 35}", "{b: 100}"), 3, ["colours.beere.print.b: unknown key", "colours.beere.print: contrast with white is about 1.0"]),
    ("missing key", replacing(CARD, "short: Verständigung\n", ""), 3, [f"{CARD}:1: short: missing"]),
    ("duplicate key", replacing(CARD, "short:", "title: Zwei\nshort:"), 3, [f"{CARD}:3: title: the key stands twice, first in line 2"]),
    ("tab indentation", replacing(CARD, "  suggestions:", "\tsuggestions:"), 3, ["indented with a tab", "indent with spaces"]),
    ("yes is no flag", replacing(TOOLBOX, "circle: false", "circle: no"), 3, [f"{TOOLBOX}:15: products[1].circle: expected true or false, found 'no'"]),
    ("3.10 is no number of a card", replacing(CARD, "number: 4", "number: 3.10"), 3, [f"{CARD}:1: number: expected a whole number, found '3.10'"]),
    ("a date is a date", replacing(TOOLBOX, "2026-03-02", "2 maart"), 3, ["expected a date such as 2026-11-23, found '2 maart'"]),
    ("keys for a text", replacing(CARD, "core: '", "core: {a: b}\n#"), 3, ["core: expected a text, found keys with values"]),
    ("a text for a list", replacing(CARD, "description:\n", "description: x\nd2:\n"), 3, ["description: expected a list, found 'x'"]),
    ("an empty text", replacing(CARD, "title: Verständigung über Fachgrenzen", "title:"), 3, [f"{CARD}:2: title: expected a text, found nothing"]),
    ("a text over the limit", replacing(CARD, "Sag zuerst, was du selbst nicht weißt.", LONG), 3, ["leitung.suggestions[1]: 185 characters, at most 160 fit", "shorten it"]),
    ("unknown source", replacing(CARD, "leitung:", "literature: [niemand-2020]\nleitung:"), 3, ["literature[1]: no work 'niemand-2020'"]),
    ("unknown colour", replacing(CARD, "colour: beere", "colour: beer"), 3, [f"{CARD}:4: colour: no colour 'beer'", "did you mean 'beere'?"]),
    ("two cards with one number", replacing(CARD, "number: 4", "number: 3"), 3, [f"{CARD}:1: number: number 3 is also that of content/karten/03-sicherheit.yml"]),
    ("one code twice", replacing(CARD, "W4-U1", "W3-U1"), 3, ["the code W3-U1 is also at content/karten/03-sicherheit.yml:"]),
    ("a code that no field can have", replacing(CARD, "W4-U1", "w4.u1"), 3, ["'w4.u1' is not a code such as D3-S2"]),
    ("question and quotation", replacing(CARD, "  quotation:", "  question: Warum?\n  quotation:"), 3, ["leitung: expected either a question or a quotation"]),
    ("a quotation without source", replacing(CARD, ", source: Sprichwort", ""), 3, ["leitung.quotation.source: missing"]),
    ("a quotation without label", replacing(TOOLBOX, "          quotation: Eine Stimme\n", ""), 3, ["leitung.quotation: the deck 'werkstattkarten' has no label 'quotation'"]),
    ("a character that no font has", replacing(CARD, "Fangt mit", "Fangt 漢 mit"), 3, ["team.suggestions[1]: no glyph for '漢' (U+6F22"]),
    ("an invisible character", replacing(CARD, "Fangt mit", "Fangt\u2064 mit"), 3, ["U+2064"]),
    ("missing logo", replacing(THEME, "logo.svg", "logo2.svg"), 6, [f"{THEME}:8: logo: the file 'assets/logo2.svg' is missing", "logo.svg"]),
    ("a logo that is a picture", writing("assets/logo.svg", b"\x89PNG\r\n\x1a\n"), 6, ["logo: 'assets/logo.svg': no SVG file"]),
    ("a logo with text", writing("assets/logo.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>x</text></svg>'), 6, ["holds <text>"]),
    ("a logo with entities", writing("assets/logo.svg", '<!DOCTYPE x [<!ENTITY a "b">]><svg viewBox="0 0 9 9"/>'), 6, ["document type declaration"]),
    ("a logo of nothing", writing("assets/logo.svg", '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'), 6, ["holds no outlines"]),
    ("missing font", replacing(THEME, "voice: Source Sans 3", "voice: Comic Sans"), 6, [f"{THEME}:6: fonts.voice: no file in assets/fonts holds the family 'Comic Sans'", "Source Serif 4"]),
    ("path outside the project", replacing(THEME, "assets/logo.svg", "../../etc/passwd"), 3, ["logo: '../../etc/passwd' lies outside the project"]),
    ("absolute path", replacing(THEME, "assets/logo.svg", "/etc/passwd"), 3, ["lies outside the project"]),
    ("a link to outside as logo", linking("assets/logo.svg", "/etc/passwd"), 3, ["lies outside the project"]),
    ("a link to outside as content", linking(CARD, "/etc/passwd"), 3, [f"{CARD}: a link that leads out of the project"]),
    ("alias bomb", writing(CARD, "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"), 3, [f"{CARD}:1: a: anchors and aliases"]),
    ("100,000 levels deep", writing(CARD, "a: " + "[" * 100_000), 3, [f"{CARD}:1: nested more than 32 levels deep"]),
    ("a Python tag", writing(CARD, "title: !!python/object/apply:os.system ['true']\n"), 3, ["is not allowed"]),
    ("not UTF-8", writing(CARD, "number: 4\ntitle: Verst\xe4ndigung\n".encode("latin-1")), 3, [f"{CARD}:2: the file is not UTF-8", "save the file as UTF-8"]),
    ("UTF-16", writing(CARD, "number: 4\n".encode("utf-16")), 3, [f"{CARD}:1: the file is not UTF-8"]),
    ("empty file", writing(CARD, b""), 3, [f"{CARD}: the file is empty"]),
    ("a file of many megabytes", writing(CARD, b"a: b\n" * 500_000), 3, ["larger than 1000 kB"]),
    ("a name with another ending", lambda project: (project / CARD).rename((project / CARD).with_suffix(".yaml")), 3, ["content/karten/04-sprache.yaml: this file is not read", "has to end in .yml"]),
    ("a name that Windows hides", lambda project: (project / CARD).rename(project / f"{CARD}.txt"), 3, [f"{CARD}.txt: this file is not read"]),
    ("a name that no PDF can have", lambda project: (project / CARD).rename(project / "content/karten/4 Sprache.yml"), 3, ["content/karten/4 Sprache.yml: the file's name becomes that of a PDF"]),
    ("a folder as a file", lambda project: (project / "content/karten/99-x.yml").mkdir(), 3, ["content/karten/99-x.yml: no ordinary file"]),
    ("a pipe as a file", lambda project: os.mkfifo(project / "content/karten/99-x.yml"), 3, ["content/karten/99-x.yml: no ordinary file"]),
    ("a link in a circle", linking(CARD, "04-sprache.yml"), 3, [f"{CARD}: "]),
    ("a font that is none", lambda project: _font(project, "broken.ttf", b"no font"), 6, ["assets/fonts/broken.ttf: no font"]),
    ("a damaged font", lambda project: _damaged_font(project), 6, ["assets/fonts/damaged.ttf: no font: bad checksum"]),
    ("a font without its weights", lambda project: _one_weight(project), 6, [f"{THEME}:6: fonts.voice: the family 'Lone Sans' lacks the weight 600", f"{THEME}:7: fonts.tool: the family 'Lone Sans' lacks the weights 600, 700"]),
    ("an address too long for its code", replacing(TOOLBOX, "base: lernen.example", "base: lernen.example/" + "sehr-lang-" * 9 + "x"), 3, [f"{TOOLBOX}:9: links.base: the modules of the QR code are 0.3", "a shorter address makes a smaller symbol"]),
    ("ink that nobody can read", replacing(THEME, "{c: 20, m: 95, y: 10, k: 35}", "{y: 20}"), 3, [f"{THEME}:3: colours.beere.print: contrast with white is about 1."]),
    ("no ink at all", replacing(THEME, "{c: 20, m: 95, y: 10, k: 35}", "{}"), 3, ["contrast with white is about 1.0 on paper"]),
    ("a share over a hundred", replacing(THEME, "c: 20", "c: 120"), 3, ["colours.beere.print.c: expected at most 100, found '120'"]),
    ("a share that is no number", replacing(THEME, "c: 20", "c: nan"), 3, ["colours.beere.print.c: expected a number"]),
    ("a number too large for the circle", lambda project: _number_in_circle(project, 400), 3, [f"{CARD}:1: number: a number over 99 does not fit the circle"]),
    ("one address for two cards", lambda project: _second_deck(project), 3, ["products[2].path: card 4 of 'zweite' gets the same address as another card: .../w/4"]),
    ("a path without its slash", replacing(TOOLBOX, "path: w/", "path: /w"), 3, ["products[1].path: '/w' is no part of an address"]),
    ("a DOI with its address", lambda project: _literature(project, "https://doi.org/10.1000/182"), 3, ["content/literature.yml:6: werk.serial-number.doi: 'https://doi.org/10.1000/182' is no DOI"]),
    ("a DOI to be filled in", lambda project: _literature(project, "volgt nog"), 3, ["'volgt nog' is no DOI such as 10.1000/182"]),
    ("a work of the wrong shape", writing("content/literature.yml", "werk: [a]\n"), 3, ["content/literature.yml:1: werk: expected keys with values, found a list"]),
    ("a key that the reader uses itself", replacing(CARD, "short:", "sides: {}\nshort:"), 3, ["sides: unknown key"]),
    ("a side named as a key", replacing(TOOLBOX, "      leitung:", "      title:"), 3, ["'title' is a key of every card"]),
    ("a title of no letters", replacing(CARD, "title: Verständigung über Fachgrenzen", 'title: "\\u00AD"'), 3, ["title: no letter or digit in"]),
    ("a clump of signs", replacing(CARD, "Fangt mit", "Fa" + "\u0301" * 9 + "ngt mit"), 3, ["team.suggestions[1]: the character U+0301 cannot be printed here"]),
    ("a language from the right", replacing(TOOLBOX, "language: de", "language: he"), 3, ["language: 'he' is written from the right"]),
    ("a time for a date", replacing(TOOLBOX, "2026-03-02", "20260302"), 3, ["expected a date such as 2026-11-23, found '20260302'"]),
    ("a name that no file can have", replacing(THEME, "assets/logo.svg", '"assets/\\0.svg"'), 6, ["logo: 'assets/\\x00.svg' is no file that can be opened"]),
    ("cards in a folder below", lambda project: _move_down(project), 3, ["content/karten/alt: files in a folder below this one are not read"]),
    ("no theme", lambda project: (project / THEME).unlink(), 3, [f"{THEME}: the file is missing"]),
    ("no cards", lambda project: shutil.rmtree(project / "content/karten"), 3, ["the folder content/karten holds no .yml files"]),
    ("a colour that white cannot be read on", replacing(THEME, "#8a1c5b", "#e8a0c5"), 3, [f"{THEME}:3: colours.beere.screen: contrast with white is 2.0"]),
    ("too much ink", replacing(THEME, "{c: 20, m: 95, y: 10, k: 35}", "{c: 90, m: 95, y: 90, k: 35}"), 3, ["colours.beere.print: 310 % ink, at most 300 % dries"]),
    ("black of four inks", replacing(THEME, "{k: 100}", "{c: 60, m: 40, y: 40, k: 100}"), 3, ["'black' has to be 100 % K alone"]),
    ("an unquoted colour is a comment", replacing(THEME, "'#8a1c5b'", "#8a1c5b"), 3, [f"{THEME}:"]),
    ("a place that cannot be filled in", replacing(TOOLBOX, "card: Karte {number}", "card: Karte {nummer}"), 3, ["labels.card: '{nummer}' cannot be filled in here; known: {number}, {total}"]),
    ("a circle too large to read", lambda project: _many_cards(project, 25), 3, ["a circle of 30 cards cannot be read, at most 24"]),
    ("an address with https", replacing(TOOLBOX, "base: lernen.example", "base: https://lernen.example"), 3, ["links.base: 'https://lernen.example' is no short address"]),
    ("two products with one name", lambda project: _twice(project), 3, ["another product is called 'werkstattkarten' too"]),
    ("an unknown kind", replacing(TOOLBOX, "kind: cards", "kind: card"), 3, ["no kind 'card'", "did you mean 'cards'?"]),
    ("a name that climbs out", replacing(TOOLBOX, "name: werkstattkarten", "name: ../../x"), 3, ["'../../x' becomes part of a file name"]),
    ("a folder that climbs out", replacing(TOOLBOX, "folder: karten", "folder: ../karten"), 3, ["'../karten' becomes part of a file name"]),
]  # fmt: skip


def _font(project: Path, name: str, data: bytes) -> None:
    (project / "assets/fonts").mkdir()
    (project / "assets/fonts" / name).write_bytes(data)


def _damaged_font(project: Path) -> None:
    data = bytearray((PACKAGED / "assets/fonts/SourceSans3_400Regular.ttf").read_bytes())
    for place in range(100_000, 200_000, 250):
        data[place] ^= 0x55
    _font(project, "damaged.ttf", bytes(data))


def _one_weight(project: Path) -> None:
    from fontTools.ttLib import TTFont

    (project / "assets/fonts").mkdir()
    with TTFont(PACKAGED / "assets/fonts/SourceSans3_400Regular.ttf") as font:
        for record in font["name"].names:
            if record.nameID in (1, 16):
                record.string = "Lone Sans"
        font.save(project / "assets/fonts/lone.ttf")
    theme = (project / THEME).read_text("utf-8").replace("Source Sans 3", "Lone Sans")
    (project / THEME).write_text(theme, "utf-8")


def _second_deck(project: Path) -> None:
    shutil.copytree(project / "content/karten", project / "content/andere")
    for path in (project / "content/andere").iterdir():
        path.write_text(path.read_text("utf-8").replace("code: W", "code: X"), "utf-8")
    text = (project / TOOLBOX).read_text("utf-8")
    product = (
        text[text.index("  - name:") :]
        .replace("name: werkstattkarten", "name: zweite")
        .replace("folder: karten", "folder: andere")
    )
    (project / TOOLBOX).write_text(text + product, "utf-8")


def _number_in_circle(project: Path, number: int) -> None:
    edit(project / TOOLBOX, "circle: false", "circle: true")
    edit(project / CARD, "number: 4", f"number: {number}")


def _literature(project: Path, doi: str) -> None:
    text = f"werk:\n  type: article\n  title: X\n  verified: doi-and-title\n  serial-number:\n    doi: '{doi}'\n"
    (project / "content/literature.yml").write_text(text, "utf-8")


def _move_down(project: Path) -> None:
    (project / "content/karten/alt").mkdir()
    (project / CARD).rename(project / "content/karten/alt/04-sprache.yml")


def _many_cards(project: Path, count: int) -> None:
    edit(project / TOOLBOX, "circle: false", "circle: true")
    text = (project / CARD).read_text("utf-8")
    for number in range(100, 100 + count):
        card = text.replace("number: 4", f"number: {number}").replace("W4-U1", f"W{number}-U1")
        (project / f"content/karten/{number}-x.yml").write_text(card, "utf-8")


def _twice(project: Path) -> None:
    text = (project / TOOLBOX).read_text("utf-8")
    product = text[text.index("  - name:") :]
    (project / TOOLBOX).write_text(text + product, "utf-8")


@pytest.mark.parametrize(("breaks", "code", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_bad_content_gets_a_finding_and_an_exit_code(
    breaks: Break, code: int, expected: list[str], werkstatt: Path, run: Run
) -> None:
    breaks(werkstatt)
    result = run("check", "--project", werkstatt, "--jobs", 1)
    for text in expected:
        assert text in result.stderr
    assert result.exit_code == code
    assert "Traceback" not in result.stderr
    assert not (werkstatt / "build").exists(), "a check publishes nothing"


def test_all_findings_of_all_files_come_at_once(werkstatt: Path, run: Run) -> None:
    edit(werkstatt / CARD, "core:", "cor:")
    edit(werkstatt / TOOLBOX, "circle: false", "circle: maybe")
    edit(werkstatt / THEME, "#8a1c5b", "#zzz")
    stderr = run("build", "--project", werkstatt).stderr
    for name in (CARD, TOOLBOX, THEME):
        assert name in stderr


def test_an_unknown_key_does_not_hide_what_else_is_wrong(werkstatt: Path, run: Run) -> None:
    edit(werkstatt / CARD, "colour: beere", "colour: beer\ncolor: beere")
    edit(werkstatt / CARD, "W4-U1", "W3-U1")
    stderr = run("check", "-p", werkstatt, "-j", 1).stderr
    assert "color: unknown key" in stderr
    assert "no colour 'beer'" in stderr
    assert "the code W3-U1 is also at" in stderr


def test_text_within_the_limit_that_does_not_fit_names_card_side_field_and_millimetres(
    werkstatt: Path, run: Run
) -> None:
    suggestion = "Ein langer Vorschlag, der erlaubt ist, weil er unter der Grenze bleibt, aber nicht allein auf der Karte steht.\n    - "
    edit(werkstatt / CARD, "Fangt mit", suggestion * 6 + "Fangt mit")
    result = run("check", "-p", werkstatt, "-j", 1)
    assert result.exit_code == 3
    assert f"{CARD}:24: team.suggestions: the text is " in result.stderr
    assert "mm too high for its zone (card 04-sprache, side team)" in result.stderr
    assert "shorten it by about" in result.stderr
    assert result.stderr.count("too high") == 1, "the deck and the card say it once"


def test_a_word_too_wide_for_its_column_is_a_finding_on_both_sides(werkstatt: Path, run: Run) -> None:
    edit(werkstatt / CARD, "Verständigung über Fachgrenzen", "Verständigungsschwierigkeitenverzeichnis")
    result = run("check", "-p", werkstatt, "-j", 1)
    assert result.exit_code == 3
    assert f"{CARD}:2: title: 'Verständigungsschwierigkeitenverzeichnis' is " in result.stderr
    assert "mm too wide for its column (card 04-sprache, side leitung and team)" in result.stderr


WIDE = [
    (TOOLBOX, "description: Worum es geht", "description: " + "Worum" * 15, "description"),
    (TOOLBOX, "suggestions: Was das Team tun kann", "suggestions: " + "Waswas" * 12, "team.suggestions"),
    (TOOLBOX, "turn: 'Umdrehen: das Team'", "turn: " + "Umdrehen" * 6, "products[1].sides.leitung.labels.turn"),
    (TOOLBOX, "card: Karte {number}", "card: " + "Kartenwerk" * 5, "links.base"),
    (TOOLBOX, "name: Leitung", "name: Leitungspersonalversammlung", "products[1].sides.leitung.name"),
    (CARD, "title: Verständigung über Fachgrenzen", 'title: "Verständigung\\_über\\_Fachgrenzen"', "title"),
    (CARD, "title: Verständigung über", 'title: "Ve\\u00ADrständigungsschwierigkeitver" # ', "title"),
    (CARD, "Fangt mit der kleinsten", "0123456-" * 8, "team.suggestions"),
    (CARD, "Fangt mit der kleinsten", "x" * 44, "team.suggestions"),
    (CARD, "title: Zu viel auf einmal", "title: " + "M" * 44, "challenges"),
]


@pytest.mark.parametrize(("name", "old", "new", "field"), WIDE, ids=[f"{case[3]}-{case[2][-9:]}" for case in WIDE])
def test_whatever_sticks_out_of_its_column_is_found(
    name: str, old: str, new: str, field: str, werkstatt: Path, run: Run
) -> None:
    edit(werkstatt / name, old, new)
    result = run("check", "-p", werkstatt, "-j", 1)
    assert result.exit_code == 3, "it would have been printed"
    assert f": {field}: '" in result.stderr, result.stderr
    assert "mm too wide for its column" in result.stderr


def test_an_unbreakable_string_in_a_body_text_is_too_wide(werkstatt: Path, run: Run) -> None:
    edit(werkstatt / CARD, "Zeigt einander", "x" * 70 + " Zeigt einander")
    result = run("check", "-p", werkstatt, "-j", 1)
    assert result.exit_code == 3
    assert "team.suggestions" in result.stderr
    assert "too wide for its column" in result.stderr


SIGNS = [*"#$*_@<>\\`\"'~^&%{}[]|=+-/", "//", "/*", "*/", "#set", "$x^2$", "@key", "<label>", "--", "---", "..."]


@pytest.mark.parametrize("share", range(0, len(SIGNS), 6))
def test_signs_of_typst_are_printed_as_they_are(share: int, werkstatt: Path, run: Run) -> None:
    """Six at a time, each in a suggestion of its own: as many as a side has room for."""
    texts = [f"vor {sign} nach" for sign in SIGNS[share : share + 6]]
    written = ["    - '{}'".format(text.replace("'", "''")) for text in texts]
    card = werkstatt / CARD
    head, _, rest = card.read_text("utf-8").rpartition("  suggestions:\n")
    tail = rest[rest.index("  question:") :]
    card.write_text("\n".join([f"{head}  suggestions:", *written, tail]), "utf-8")
    result = run("build", "-p", werkstatt, "-j", 1, "-m", "screen")
    assert result.exit_code == 0, result.stderr
    pdf = (werkstatt / "build/screen/werkstattkarten/04-sprache.pdf").read_bytes()
    shown = [text for kind, text in read_tagged(pdf) if kind == "LI"]
    assert [f"{number} {text}" for number, text in enumerate(texts, 1)] == shown[-len(texts) :]


def test_straight_quotes_in_dutch_are_a_warning_and_strict_makes_it_an_error(werkstatt: Path, run: Run) -> None:
    edit(werkstatt / TOOLBOX, "language: de", "language: nl")
    result = run("check", "-p", werkstatt, "-j", 1)
    assert result.exit_code == 0
    assert f"warning: {CARD}:9: description[2]: a straight quotation mark" in result.stderr
    assert run("check", "-p", werkstatt, "-j", 1, "--strict").exit_code == 3


def test_a_card_without_anything_to_link_to_is_a_warning(werkstatt: Path, run: Run) -> None:
    edit(werkstatt / TOOLBOX, "links:\n  base: lernen.example\n", "")
    result = run("check", "-p", werkstatt, "-j", 1)
    assert result.exit_code == 0, result.stderr
    assert "warning: content/karten/04-sprache.yml:1: literature: no work with a verified DOI" in result.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs another user's rights")
def test_no_write_permission(run: Run) -> None:
    """As somebody who may read the project, but not write in it; root would be allowed to."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(shutil.copytree(WERKSTATT, Path(folder) / "p", ignore=shutil.ignore_patterns("build")))
        for path in (Path(folder), project):
            path.chmod(0o755 if path != project else 0o555)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:  # reading fails before anything heavy is loaded, so a fork is safe here
            if os.geteuid() == 0:
                os.setuid(65534)
            result = run("build", "-p", project, "-j", 1)
            os.write(writing, f"{result.exit_code} {result.stderr}".encode())
            os._exit(0)
        os.close(writing)
        os.waitpid(child, 0)
        said = os.read(reading, 10_000).decode()
        os.close(reading)
        project.chmod(0o755)
    assert said.startswith("8 "), said
    assert "cannot write: Permission denied" in said
    assert "check the rights of the folder" in said


def test_a_file_where_the_build_folder_should_be(werkstatt: Path, run: Run) -> None:
    (werkstatt / "build").write_text("mine")
    result = run("build", "-p", werkstatt, "-j", 1)
    assert result.exit_code == 8
    assert "cannot write" in result.stderr
    assert "a file stands where a folder is needed" in result.stderr
    assert (werkstatt / "build").read_text() == "mine"


@pytest.mark.parametrize(
    "args",
    [("build", "nosuch"), ("build", "--project", "/no/such/folder"), ("build", "--medium", "paper"), ("nosuch",)],
)
def test_a_wrong_call_is_exit_2(args: tuple[str, ...], run: Run) -> None:
    assert run(*args).exit_code == 2


def test_hidden_files_of_editors_are_overlooked(werkstatt: Path, run: Run) -> None:
    for name in ("._04-sprache.yml", ".yml", ".DS_Store"):
        (werkstatt / "content/karten" / name).write_bytes(b"\x00\x05")
    (werkstatt / "content/karten/.#04-sprache.yml").symlink_to("nobody@nowhere:1")
    result = run("check", "-p", werkstatt, "-j", 1)
    assert (result.exit_code, result.stderr) == (0, "")


def test_line_ends_of_any_system_and_odd_spaces_are_folded(werkstatt: Path, run: Run) -> None:
    path = werkstatt / CARD
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    edit(path, "Fangt mit der kleinsten", "'Fangt\u2028mit\u1680der \t kleinsten")
    edit(path, "Aufgabe an.", "Aufgabe an.'")
    assert run("build", "-p", werkstatt, "-j", 1, "-m", "screen").exit_code == 0
    pdf = (werkstatt / "build/screen/werkstattkarten/04-sprache.pdf").read_bytes()
    assert ("LI", "1 Fangt mit der kleinsten Aufgabe an.") in read_tagged(pdf)


def test_a_doi_with_special_signs_is_written_as_an_address(werkstatt: Path, run: Run) -> None:

    edit(werkstatt / TOOLBOX, "links:\n  base: lernen.example\n", "")
    _literature(werkstatt, "10.1002/(sici)1#x<y>")
    edit(werkstatt / CARD, "leitung:", "literature: [werk]\nleitung:")
    result = run("build", "-p", werkstatt, "-j", 1, "-m", "print")
    assert result.exit_code == 0, result.stderr
    pdf = (werkstatt / "build/print/werkstattkarten/04-sprache.pdf").read_bytes()
    assert codes_on(pdf, 0) == {"https://doi.org/10.1002/(sici)1%23x%3Cy%3E"}


def test_a_message_cannot_steer_the_terminal(werkstatt: Path, run: Run) -> None:
    edit(werkstatt / CARD, "colour: beere", 'colour: "\\e[2Jred"')
    stderr = run("check", "-p", werkstatt, "-j", 1).stderr
    assert "\x1b" not in stderr
    assert "\\x1b[2Jred" in stderr


@pytest.mark.parametrize("name", ["Content", "toolbox.yml"])
def test_a_misplaced_project_is_not_taken_for_an_empty_folder(name: str, tmp_path: Path, run: Run) -> None:
    (tmp_path / name).mkdir()
    result = run("build", "-p", tmp_path)
    assert result.exit_code == 2
    assert "stands where a folder 'content' with toolbox.yml in it is expected" in result.stderr
