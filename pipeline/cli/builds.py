"""Commands that build: `build`, `status`, `watch`, `check`, and what they say."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.group import (
    MEDIA,
    explain,
    jobs_option,
    main,
    media_option,
    progress,
    project_option,
    say,
    say_default,
    shop_option,
    strict_option,
)

if TYPE_CHECKING:
    from pipeline.build import Options, Report
    from pipeline.status import Status
    from pipeline.watch import Outcome


def _parse_shift(ctx: click.Context, option: click.Parameter, value: str | None) -> tuple[float, float] | None:
    """Read two numbers of millimetres, `X,Y`, as points."""
    from pipeline.units import points

    if value is None:
        return None
    try:
        x, y = (float(number.removesuffix("mm")) for number in value.split(","))
        if not math.isfinite(x + y) or not value.isascii() or "_" in value:  # which float reads too
            raise ValueError
    except ValueError:
        raise click.BadParameter(f"'{value}' is not two numbers of millimetres such as 0.5,-1.0") from None
    return points(x), points(y)


@main.command()
@click.argument("products", nargs=-1, metavar="[PRODUCT]...")
@project_option
@media_option
@click.option("--force", is_flag=True, help="Make also what is up to date.")
@jobs_option
@strict_option
@shop_option
@click.option("--flip", type=click.Choice(("long", "short")), help="The edge that sheets are flipped on.")
@click.option(
    "--back-shift", "shift", metavar="X,Y", callback=_parse_shift,
    help="Move the backs of sheets, in millimetres to the right and down; see 'drukwerk calibrate'.",
)  # fmt: skip
def build(
    products: tuple[str, ...], project: Path, jobs: int | None, flip: str | None, shift: Any, **rest: Any
) -> None:
    """Make what is not up to date: all products, or those named.

    \b
    Examples:
      drukwerk build
      drukwerk build spiegelkaarten --medium print
      drukwerk build --shop ongestreken
    """
    from pipeline.build import Options

    turning = None
    if flip or shift:
        from pipeline.kinds.sheets import Turning

        turning = Turning(flip or "", shift)  # type: ignore[arg-type]
    _build(project, Options(products=products, turning=turning, **rest), jobs)


@main.command()
@project_option
@shop_option
def status(project: Path, shop: str) -> None:
    """Say what a build would make again, and why, without making anything.

    \b
    Example:
      drukwerk status
    """
    from pipeline.shop import name_folder
    from pipeline.status import read_status

    say_default(project)
    _print_status(read_status(project, shop), name_folder(shop))


@main.command()
@click.argument("products", nargs=-1, metavar="[PRODUCT]...")
@project_option
@media_option
@jobs_option
def watch(products: tuple[str, ...], project: Path, media: Any, jobs: int | None) -> None:
    """Build, and build again after each change, until Ctrl-C; sheets only where they are asked for.

    \b
    Example:
      drukwerk watch spiegelkaarten --medium screen
    """
    from pipeline.build import Options
    from pipeline.watch import watch as run
    from pipeline.workshop import hire_workers

    say_default(project)
    with hire_workers(jobs or 0) as workers:
        run(project, Options(products=products, media=media or MEDIA[:-1]), workers, _show)  # type: ignore[arg-type]


@main.command()
@project_option
@jobs_option
@strict_option
def check(project: Path, jobs: int | None, strict: bool) -> None:
    """Read all content and set it, without publishing anything; print every finding.

    \b
    Example:
      drukwerk check --strict
    """
    from pipeline.build import Options

    _build(project, Options(force=True, strict=strict, publish=False), jobs)
    click.echo("no errors")


def _build(project: Path, options: Options, jobs: int | None) -> None:
    """Build with progress, print what was done, fail where a document failed."""
    from pipeline.build import build as run
    from pipeline.workshop import hire_workers

    say_default(project)
    with hire_workers(jobs or 0) as workers:
        report = run(project, options, progress() if sys.stderr.isatty() else None, workers)
    _report(project, report)
    report.require_success()
    if options.publish and not (report.published or report.removed or report.unchanged):
        say(["nothing was asked that this content, or this shop, has"])


def _write_added(path: str, added: tuple[int, ...]) -> str:
    """Say which pages of a booklet nobody wrote."""
    numbers = " and ".join(str(number + 1) for number in added)
    pages, carry = ("page", "carries") if len(added) == 1 else ("pages", "carry")
    return f"{path}: {pages} {numbers} {carry} lines for notes, to make the number of pages a multiple of four"


def _report(project: Path, report: Report) -> None:
    say(report.warnings)
    for path in report.published:
        click.echo((project / report.folder / path).as_posix())
    say([_write_added(f"{report.folder}/{it}", report.added[it]) for it in report.published if it in report.added])
    say([f"removed {report.folder}/{path}" for path in report.removed])
    if not (report.published or report.errors or report.removed) and report.unchanged:
        say([f"{len(report.unchanged)} files up to date"])


def _print_status(status: Status, folder: str) -> None:
    """Print every file that would be made or removed, each with its reasons below it."""
    say(status.warnings)
    for path, reasons in status.stale.items():
        click.echo("\n".join([f"{folder}/{path}", *(f"  {reason}" for reason in reasons)]))
    for path in status.removed:
        click.echo(f"{folder}/{path}\n  no longer in the content: it would be removed")
    if status.current:
        say([f"{len(status.current)} files up to date"])


def _show(outcome: Outcome) -> None:
    """Print what one build of `watch` did."""
    report, error = outcome.report, outcome.error
    for path in report.published if report else ():
        click.echo(f"build/{path}")
    say(report.warnings if report else ())
    say([f"removed build/{path}" for path in (report.removed if report else ())])
    if error is not None:
        say(explain(error))
    count = len(report.published) if report else 0
    say([f"{count} files made in {outcome.seconds:.2f} s; waiting for a change (Ctrl-C ends)"])
