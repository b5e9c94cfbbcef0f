"""A form with some fields filled in -> a file to send; and what a form asks -> a definition that is kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pipeline.content.definition import write_definition
from pipeline.content.products import FormProduct
from pipeline.content.read import read_toolbox
from pipeline.content.read_forms import FOLDER, RELEASED, name_released
from pipeline.content.toolbox import Toolbox
from pipeline.errors import ContentError, Finding, UsageError, nearest
from pipeline.kinds.forms import plan_form
from pipeline.resources import find_content, is_inside
from pipeline.single import make_single
from pipeline.storage import replace_file


def make_copy(project: Path, name: str, values: Mapping[str, str], out: Path) -> None:
    """Write one copy of a form, with fields filled in beforehand.

    Args:
        project: the folder that holds `content/`.
        name: of the form, as in toolbox.yml.
        values: name of a field -> what is filled in. `response` is no field: it says who the copy is for.
        out: the file, never one in `build/`: what stands there is the same for everybody.

    Raises:
        UsageError: no such form, or no place for a copy.
        ContentError: the content is wrong, or a value cannot be filled in.
        PreflightError: the finished copy is not what it has to be.
    """
    if out.suffix.lower() != ".pdf" or os.path.isdir(out):  # noqa: PTH112 - Path.is_dir raises for a long name
        raise UsageError(f"'{out}' is no name of a PDF; expected a file such as copies/school.pdf")
    if is_inside(project / "build", out):
        raise UsageError(f"'{out}' lies in build/, which is made anew; put the copy elsewhere")
    if wrong := [key for key, text in values.items() if not _is_text(key + text)]:
        hint = "type it again; the terminal has to send UTF-8"
        raise ContentError(
            findings=[
                Finding("--set", key, "bytes that are no text", hint) for key in (ascii(it)[1:-1] for it in wrong)
            ]
        )
    toolbox = read_toolbox(project)
    document = plan_form(toolbox, _find_form(toolbox, name), "forms", values)
    replace_file(out, make_single(toolbox, document, frozenset(values), "--set"))


def _is_text(text: str) -> bool:
    """Say whether a text can be written; bytes of a call that are no UTF-8 come as halves of surrogates."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def release_forms(project: Path, names: tuple[str, ...] = ()) -> dict[Path, bool]:
    """Keep what the forms ask now, so that returns can be read after later editions.

    Args:
        project: the folder that holds `content/`.
        names: of forms; empty: all.

    Returns:
        File -> whether it was written; one that is there already is the same.

    Raises:
        UsageError: no such form, or the project has no content of its own.
        ContentError: the content is wrong; also where something else was released as this version.
    """
    toolbox = read_toolbox(project)
    content = find_content(project)
    if content != project / "content":
        raise UsageError(f"there is no content/ in '{project}'; begin one with 'drukwerk new'")
    forms = [it.name for it in toolbox.settings.products if it.kind == "form"]
    wanted = [_find_form(toolbox, name).name for name in dict.fromkeys(names or forms)]
    if findings := [it for it in (_refuse_release(toolbox, name, wanted) for name in wanted) if it]:
        raise ContentError(findings=findings)
    written = {}
    for name in wanted:
        definition = toolbox.definitions[name][0]
        path = content / FOLDER / RELEASED / name_released(definition)
        raw = write_definition(definition)
        written[path] = not path.is_file() or path.read_bytes() != raw
        if written[path]:
            replace_file(path, raw)
    return written


def _refuse_release(toolbox: Toolbox, name: str, wanted: list[str]) -> Finding | None:
    """Return why a form cannot be released as this version: its file keeps, or would keep, something else."""
    definition = toolbox.definitions[name][0]
    others = [it for known in toolbox.released.values() for it in known]
    others += [toolbox.definitions[it][0] for it in wanted if it != name]
    for other in others:
        if name_released(other) == name_released(definition) and other.identity != definition.identity:
            message = (
                f"version {other.version} of '{other.form}' is kept as {name_released(other)}, and asks other things"
            )
            hint = "give the form a new version: what was released is never replaced"
            return toolbox.forms[name].source.finding(("version",), message, hint)
    return None


def _find_form(toolbox: Toolbox, name: str) -> FormProduct:
    forms = {it.name: it for it in toolbox.settings.products if isinstance(it, FormProduct)}
    if name not in forms:
        raise UsageError(f"there is no form '{name}'; {nearest(name, forms)}")
    return forms[name]
