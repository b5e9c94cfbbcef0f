"""Commands for paper: `calibrate`, `deliver`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pipeline.cli.group import jobs_option, main, progress, project_option, say, say_default, shop_option


@main.command()
@click.option("--sheet", default="a4", show_default=True, metavar="NAME", help="For this sheet, one of assets/sheets.")
@click.option("--flip", type=click.Choice(("long", "short")), help="The edge that the printer flips it on.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE.pdf", help="The file to write.",
    show_default="build/calibration-NAME.pdf",
)  # fmt: skip
@project_option
def calibrate(sheet: str, flip: Any, out: Path | None, project: Path) -> None:
    """Make a sheet with a front and a back, on which one reads how far one's printer is off.

    \b
    Example:
      drukwerk calibrate
    """
    from pipeline.calibrate import make_calibration

    say_default(project)
    path = make_calibration(project, sheet, flip, out)
    click.echo((out or project / path.relative_to(project.resolve())).as_posix())


@main.command()
@click.argument("product")
@shop_option
@click.option("--copies", type=click.IntRange(1, 10**7), metavar="N", help="How many are ordered, for the job ticket.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE.zip", help="The zip to write.",
    show_default="build/shops/NAME/PRODUCT.zip",
)  # fmt: skip
@project_option
@jobs_option
def deliver(product: str, shop: str, copies: int | None, out: Path | None, project: Path, jobs: int | None) -> None:
    """Make one zip for the print shop: print files, report, previews, job ticket, checksums.

    \b
    Example:
      drukwerk deliver spiegelkaarten --shop standaard --copies 500
    """
    from pipeline.deliver import Order
    from pipeline.deliver import deliver as run

    say_default(project)
    delivery = run(project, Order(product, shop, copies, out), jobs or 0, progress() if sys.stderr.isatty() else None)
    say(delivery.warnings)
    click.echo((out or project / delivery.path.relative_to(project.resolve())).as_posix())
