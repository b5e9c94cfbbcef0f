"""The command `collect`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pipeline.cli.group import jobs_option, main, progress, project_option, say, say_default
from pipeline.errors import UsageError, printable


def _parse_texts(ctx: click.Context, option: click.Parameter, value: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Read FILE:FIELD; a name of a file may hold colons, that of a field none."""
    pairs = []
    for it in value:
        file, colon, field = it.rpartition(":")
        if not (file and colon and field):
            raise click.BadParameter(f"'{it}' is not FILE:FIELD, such as school.pdf:D3-waaraan")
        pairs.append((file, field))
    return tuple(pairs)


@main.command()
@click.argument("paths", nargs=-1, metavar="FILE-OR-FOLDER...", type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), metavar="DIR",
    help="Folder for what was collected; the same each time.",
)  # fmt: skip
@click.option(
    "--texts", multiple=True, metavar="NAME",
    help="Take over the free texts of this field too (repeatable); '*-waaraan' is a pattern.",
    show_default="no free texts",
)  # fmt: skip
@click.option(
    "--forget-text", "forget", multiple=True, metavar="FILE:FIELD", callback=_parse_texts,
    help="Take one text out, now and in later runs (repeatable).",
)  # fmt: skip
@click.option(
    "--drop", multiple=True, metavar="FILE",
    help="Keep nothing of a file that you took away, under the name that intake.html shows (repeatable).",
)  # fmt: skip
@click.option("--colleagues", is_flag=True, help="Forms of one role, school and day are of different people.")
@click.option("--pseudonymous", is_flag=True, help="Write letters instead of organisations, schools and file names.")
@click.option("--no-again", is_flag=True, help="Make no forms to send back.")
@jobs_option
@project_option
def collect(
    paths: tuple[Path, ...], out: Path, texts: tuple[str, ...], forget: Any, drop: tuple[str, ...], colleagues: bool,
    pseudonymous: bool, no_again: bool, jobs: int | None, project: Path,
) -> None:  # fmt: skip
    """Read returned forms: a verdict on every file, tables of the answers, forms to send back.

    What was collected before stays; a second run adds what is new. Exit code 7: something has to be done about a file.

    \b
    Examples:
      drukwerk collect returned/ --out collected
      drukwerk collect mail/*.pdf --out collected --texts '*-waaraan'
    """
    from pipeline.collect.collection import Work
    from pipeline.collect.collection import collect as run
    from pipeline.collect.ledger import Choices
    from pipeline.content.read import read_toolbox

    if not project.is_dir():
        raise UsageError(f"there is no folder '{project}'")
    say_default(project)
    choices = Choices(tuple(dict.fromkeys(texts)), colleagues, pseudonymous, not no_again)
    toolbox = read_toolbox(project)
    collection = run(toolbox, paths, out, choices, Work(jobs or 0, _tell_progress(), forget, drop))
    say(collection.notes)
    if collection.known:
        say([f"{collection.known} files were known and not read again"])
    for verdict, count in collection.counts.items():
        click.echo(f"{verdict}: {count}")
    for name in collection.written:
        click.echo(printable((out / name).as_posix()))
    collection.require_clear()


def _tell_progress() -> Any:
    """Return what is called for each file: a line over itself on a terminal, plain lines elsewhere."""
    if sys.stderr.isatty():
        show = progress()
        return lambda file, verdict, done, total: show(done, total, printable(f"{file}: {verdict}"))
    return lambda file, verdict, done, total: say([printable(f"{done}/{total} {file}: {verdict}")])
