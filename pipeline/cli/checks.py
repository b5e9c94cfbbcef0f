"""The command `preflight`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from pipeline.cli.group import MEDIA, main
from pipeline.errors import Finding


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--medium", "-m", type=click.Choice(MEDIA), help="Rules to hold the file against.", show_default="as it was made"
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def preflight(files: tuple[Path, ...], medium: Any, as_json: bool) -> None:
    """Check finished PDFs, one's own or those of others.

    \b
    Example:
      drukwerk preflight build/print/spiegelkaarten.pdf
    """
    from pipeline.preflight import preflight_file

    findings: dict[str, list[Finding]] = {str(file): preflight_file(file, medium) for file in files}
    if as_json:
        import dataclasses
        import json

        plain = {name: [dataclasses.asdict(finding) for finding in found] for name, found in findings.items()}
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
    for name, found in findings.items():
        if not as_json:
            click.echo("\n".join(map(str, found)) if found else f"{name}: checked, no findings")
    if any(findings.values()):
        from pipeline.errors import PreflightError

        sys.exit(PreflightError.exit_code)
