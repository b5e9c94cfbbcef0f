"""The group of all commands: options they share, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from pipeline import __version__
from pipeline.errors import DrukwerkError, Finding, printable

MEDIA = (
    "screen",
    "forms",
    "print",
    "sheets",
)  # those of document.py, which would be a heavy import for --help; tested equal


class _Commands(click.Group):
    """The one place where errors become messages and exit codes."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; end with the exit code of the error it raises."""
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except KeyboardInterrupt:
            ctx.exit(130)
        except Exception as error:
            if ctx.params.get("debug"):
                traceback.print_exception(error)
            say(explain(error))
            ctx.exit(error.exit_code if isinstance(error, DrukwerkError) else DrukwerkError.exit_code)


def _interrupt(number: int, frame: object) -> NoReturn:
    """End on SIGTERM as on Ctrl-C: what was begun is cleared away."""
    raise KeyboardInterrupt


def explain(error: Exception) -> Iterable[object]:
    """Return what an error says to the one who called."""
    if isinstance(error, DrukwerkError):
        return error.findings or (f"error: {printable(str(error))}",)
    return (Finding("", "", f"unexpected {type(error).__name__}: {error}", _UNEXPECTED_HINT),)


_UNEXPECTED_HINT = "run it again as 'drukwerk --debug ...' and report what it shows"


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, prog_name="drukwerk")
def main(debug: bool) -> None:
    """Turn a folder of YAML into finished print materials.

    \b
    Example:
      drukwerk build
    """


project_option = click.option(
    "--project", "-p", type=click.Path(path_type=Path, file_okay=False), default=Path(), show_default="this folder",
    help="Folder that holds content/ and gets build/.",
)  # fmt: skip
jobs_option = click.option(
    "--jobs", "-j", type=click.IntRange(min=1), help="Number of processes.", show_default="number of cores"
)
media_option = click.option(
    "--medium", "-m", "media", multiple=True, type=click.Choice(MEDIA), help="Only this medium (repeatable)."
)
strict_option = click.option("--strict", is_flag=True, help="Let warnings fail too.")
shop_option = click.option("--shop", default="", metavar="NAME", help="For this print shop, one of assets/shops.")


def say_default(project: Path) -> None:
    """Say where the content comes from, where it is not the project's own."""
    from pipeline.resources import find_content

    if project.is_dir() and find_content(project) != project / "content":
        say([f"no content/ in {project.resolve()}: using the default toolbox"])


def say(lines: Iterable[object]) -> None:
    """Print messages."""
    for line in lines:
        click.echo(str(line), err=True)


def progress() -> Any:
    """Return a progress line for a terminal: written over itself, gone at the end."""

    def show(done: int, total: int, path: str) -> None:
        line = f"{done}/{total} {path}" if done < total else ""
        click.echo(f"\r\x1b[K{line}", nl=False, err=True)

    return show
