"""The house keeps its order: imports point down, rooms stay small, documents say what is there."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "pipeline"
MODULES = sorted(PACKAGE.rglob("*.py"))

# From the top down: a module may import from its own storey and from those below it.
STOREYS = [
    ["cli", "__main__"],
    ["report", "watch"],
    ["build", "calibrate", "collect", "copies", "deliver", "examine", "starter"],
    ["single", "status"],
    ["plan", "reasons", "workshop"],
    ["preflight", "manifest", "places"],
    ["typeset", "pdf"],
    ["fit", "pictures"],
    ["kinds"],
    ["compare"],
    ["document"],
    ["content"],
    ["snapshot"],
    ["archive"],
    ["apart", "imposition", "profiles", "qr", "raster", "resources", "shop", "spreadsheet", "storage", "workers"],
    ["units", "errors", "__init__"],
]
FENCED = {
    "typst": ["typeset.py"],
    "pikepdf": ["pdf/"],
    "yaml": ["content/parse.py"],
    "click": ["cli/"],
    "highspy": ["compare/attack.py"],
    "jinja2": ["examine/report.py", "collect/page.py"],
    "xlsxwriter": ["spreadsheet.py"],
    "PIL": ["raster.py", "pictures.py", "profiles.py", "pdf/separations.py", "preflight/pixels.py", "preflight/ink.py"],
}


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def storey(of: str) -> int:
    return next(number for number, rooms in enumerate(STOREYS) if of in rooms)


def imports(path: Path) -> Iterator[str]:
    """Yield every module that a file imports, also inside functions and for types only."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: imports are absolute"
            module = node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names) if module == "pipeline" else (module,)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_point_down(path: Path) -> None:
    for module in imports(path):
        if module.startswith("pipeline."):
            other = module.split(".")[1]
            other = "__init__" if other == "__version__" else other
            assert storey(other) >= storey(room(path)), f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_foreign_libraries_stay_behind_their_fence(path: Path) -> None:
    for module in imports(path):
        allowed = FENCED.get(module.split(".")[0])
        assert allowed is None or name(path).startswith(tuple(allowed)), f"{name(path)} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_rooms_stay_small(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") <= 350
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 80, node.name
            parameters = (
                len(node.args.args)
                + len(node.args.kwonlyargs)
                - (node.args.args[:1] != [] and node.args.args[0].arg == "self")
            )
            assert parameters <= 5 or room(path) == "cli", f"{node.name}: {parameters} parameters"


def test_the_plan_of_the_house_names_every_room() -> None:
    plan = (PACKAGE / "README.md").read_text("utf-8")
    missing = [
        name(path) for path in MODULES if path.name not in ("__init__.py", "__main__.py") and path.name not in plan
    ]
    assert missing == []


def test_every_layout_is_in_its_readme() -> None:
    text = (ROOT / "layouts/README.md").read_text("utf-8")
    assert [path.name for path in (ROOT / "layouts").rglob("*.typ") if path.name not in text] == []


def test_make_targets_have_a_help_line_and_the_readme_names_them() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^([a-z-]+):(.*)$", makefile, re.M)
    assert {"build", "test", "check", "bench", "golden", "clean"} <= {target for target, _ in targets}
    assert all("##" in rest for _, rest in targets)


def test_every_message_an_editor_can_get_is_explained_in_dutch() -> None:
    """Each heading of 'Wat betekent deze melding' quotes a message that the code can print."""
    text = (ROOT / "content/README.md").read_text("utf-8").split("Wat betekent deze melding")[1]
    source = "\n".join(path.read_text("utf-8") for path in MODULES)
    quoted = re.findall(r"^\| `(.+?)` \|", text, re.M)
    assert len(quoted) >= 20
    for message in quoted:
        for piece in re.split(r"…", message):
            assert piece.strip() in source, f"no message says: {piece}"


@pytest.mark.slow
def test_the_first_card_of_the_readme_builds(tmp_path: Path) -> None:
    from pipeline.build import Options, build

    shutil.copytree(ROOT / "content", tmp_path / "content")
    readme = (ROOT / "README.md").read_text("utf-8")
    name = re.search(r"Write `(content/dimensions/.+?)`", readme)
    card = re.search(r"```yaml\n(.*?)```", readme, re.S)
    assert name is not None
    assert card is not None
    (tmp_path / name[1]).write_text(card[1], "utf-8")
    products = ("spiegelkaarten", "verdieping", "poster-dimensies")  # all that a ninth dimension changes most
    report = build(tmp_path, Options(jobs=1, products=products, media=("screen",)))
    report.require_success()
    assert len(report.published) == 12
    assert {it.message.split(":")[0] for it in report.warnings} == {
        "asks more than what was released as version 2026-11",
        "card 9 belongs to no aspect",
    }
