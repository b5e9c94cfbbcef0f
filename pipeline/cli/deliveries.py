"""The command `deliver`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.group import jobs_option, main, progress, project_option, say, say_default, shop_option


@main.command()
@click.argument("product")
@shop_option
@click.option("--copies", type=click.IntRange(min=1), metavar="N", help="How many are ordered, for the job ticket.")
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
