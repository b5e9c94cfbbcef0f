"""The command `report`."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.group import main, project_option, say, say_default
from pipeline.errors import UsageError, printable


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--organisation", "-o", default="", metavar="NAME", show_default="a report for each group",
    help="Only the report of this organisation or school, for itself.",
)  # fmt: skip
@click.option(
    "--groups", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", show_default="groepen.yml in DIR",
    help="Which schools are put side by side, and in which rounds.",
)  # fmt: skip
@click.option("--pseudonymous", is_flag=True, help="Write letters instead of names of organisations and schools.")
@project_option
def report(folder: Path, organisation: str, groups: Path | None, pseudonymous: bool, project: Path) -> None:
    """Make reports of what was collected: PDFs for the screen and for print, and workbooks, in DIR/reports.

    \b
    Examples:
      drukwerk report collected
      drukwerk report collected --organisation "De Wilgen"
    """
    from pipeline.report import make_reports

    if not project.is_dir():
        raise UsageError(f"there is no folder '{project}'")
    say_default(project)
    made = make_reports(folder, project, organisation, groups, pseudonymous)
    say(made.warnings)
    for name in made.written:
        click.echo(printable((folder / name).as_posix()))
    made.require_success()
