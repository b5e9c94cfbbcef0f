"""The command `preflight`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.group import MEDIA, main, progress, project_option, say, shop_option, strict_option
from pipeline.errors import Finding

_DAY = 86_400


def _parse_seconds(ctx: click.Context, option: click.Parameter, value: float | None) -> float | None:
    """Refuse what no clock counts to; `nan` passes every range."""
    if value is not None and not 0 < value <= _DAY:
        raise click.BadParameter(f"{value:g} is not between 0 and {_DAY}")
    return value


@main.command()
@click.argument("files", nargs=-1, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--medium", "-m", type=click.Choice(MEDIA), help="Rules to hold the files against.",
    show_default="as each was made, or as it looks",
)  # fmt: skip
@shop_option
@click.option("--json", "as_json", is_flag=True, help="Print what came out as JSON.")
@click.option("--html", "report", type=click.Path(path_type=Path), help="Write a report with pictures to this file.")
@click.option("--seconds", type=float, callback=_parse_seconds, help="Time for one file.", show_default="30")
@strict_option
@project_option
def preflight(
    files: tuple[Path, ...], medium: str | None, shop: str, as_json: bool, report: Path | None, seconds: float | None,
    strict: bool, project: Path,
) -> None:  # fmt: skip
    """Check finished PDFs, one's own or those of others.

    \b
    Examples:
      drukwerk preflight build/print/spiegelkaarten.pdf
      drukwerk preflight --medium print --html report.html cover.pdf
    """
    from pipeline.content.read_press import read_shop
    from pipeline.examine import words
    from pipeline.examine.process import draw_findings, examine_files
    from pipeline.examine.values import Asked, check_call, find_shop_name
    from pipeline.status import find_project

    check_call(files, report)
    asked = Asked(
        medium or "",
        read_shop(find_project(project), shop or find_shop_name(files)),
        **({"seconds": seconds} if seconds else {}),
    )
    examination = examine_files(files, asked, progress() if sys.stderr.isatty() else None)
    if examination.files or as_json:
        click.echo(words.write_json(examination, asked) if as_json else words.write_text(examination))
    if report and examination.files:
        from pipeline.examine.report import write_report

        write_report(report, examination, asked, draw_findings(examination.files, asked))
        say([Finding(str(report), "", "report written")])
    say([finding for finding, _ in examination.refused])
    sys.exit(examination.exit_code(strict))
