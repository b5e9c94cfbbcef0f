"""The command `drukwerk`: parse, one call, print. Results on stdout, messages on stderr."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from pipeline import __version__
from pipeline.errors import DrukwerkError, Finding

if TYPE_CHECKING:
    from pipeline.build import Options, Report
    from pipeline.shop import Shop
    from pipeline.status import Status
    from pipeline.watch import Outcome

LANGUAGES = ("nl", "en")  # those of assets/starter/; tested equal
MEDIA = ("screen", "forms", "print")  # those of document.py, which would be a heavy import for --help; tested equal


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
            _say(_explain(error))
            ctx.exit(error.exit_code if isinstance(error, DrukwerkError) else DrukwerkError.exit_code)


def _interrupt(number: int, frame: object) -> NoReturn:
    """End on SIGTERM as on Ctrl-C: what was begun is cleared away."""
    raise KeyboardInterrupt


def _explain(error: Exception) -> Iterable[object]:
    """Return what an error says to the one who called."""
    if isinstance(error, DrukwerkError):
        return error.findings or (f"error: {error}",)
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


_project = click.option(
    "--project", "-p", type=click.Path(path_type=Path, file_okay=False), default=Path(), show_default="this folder",
    help="Folder that holds content/ and gets build/.",
)  # fmt: skip
_jobs = click.option(
    "--jobs", "-j", type=click.IntRange(min=1), help="Number of processes.", show_default="number of cores"
)
_media = click.option(
    "--medium", "-m", "media", multiple=True, type=click.Choice(MEDIA), help="Only this medium (repeatable)."
)
_strict = click.option("--strict", is_flag=True, help="Let warnings fail too.")


@main.command()
@click.argument("products", nargs=-1, metavar="[PRODUCT]...")
@_project
@_media
@click.option("--force", is_flag=True, help="Make also what is up to date.")
@_jobs
@_strict
def build(products: tuple[str, ...], project: Path, media: Any, force: bool, jobs: int | None, strict: bool) -> None:
    """Make what is not up to date: all products, or those named.

    \b
    Examples:
      drukwerk build
      drukwerk build spiegelkaarten --medium print
    """
    from pipeline.build import Options

    _build(project, Options(products=products, media=media, force=force, strict=strict), jobs)


@main.command()
@_project
def status(project: Path) -> None:
    """Say what a build would make again, and why, without making anything.

    \b
    Example:
      drukwerk status
    """
    from pipeline.status import read_status

    _say_default(project)
    _print_status(read_status(project))


@main.command()
@click.argument("products", nargs=-1, metavar="[PRODUCT]...")
@_project
@_media
@_jobs
def watch(products: tuple[str, ...], project: Path, media: Any, jobs: int | None) -> None:
    """Build, and build again after each change, until Ctrl-C.

    \b
    Example:
      drukwerk watch spiegelkaarten --medium screen
    """
    from pipeline.build import Options
    from pipeline.watch import watch as run
    from pipeline.workshop import hire_workers

    _say_default(project)
    with hire_workers(jobs or 0) as workers:
        run(project, Options(products=products, media=media), workers, _show)


@main.command()
@_project
@_jobs
@_strict
def check(project: Path, jobs: int | None, strict: bool) -> None:
    """Read all content and set it, without publishing anything; print every finding.

    \b
    Example:
      drukwerk check --strict
    """
    from pipeline.build import Options

    _build(project, Options(force=True, strict=strict, publish=False), jobs)
    click.echo("no errors")


@main.command()
@click.argument("files", nargs=-1, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--medium", "-m", type=click.Choice(MEDIA), help="Rules to hold the files against.",
    show_default="as each was made, or as it looks",
)  # fmt: skip
@click.option("--shop", default="", metavar="NAME", help="What this print shop asks for, one of assets/shops.")
@click.option("--json", "as_json", is_flag=True, help="Print what came out as JSON.")
@click.option("--html", "report", type=click.Path(path_type=Path), help="Write a report with pictures to this file.")
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help="Time for one file.", show_default="30")
@_strict
def preflight(
    files: tuple[Path, ...], medium: str | None, shop: str, as_json: bool, report: Path | None, seconds: float | None,
    strict: bool,
) -> None:  # fmt: skip
    """Check finished PDFs, one's own or those of others.

    \b
    Examples:
      drukwerk preflight build/print/spiegelkaarten.pdf
      drukwerk preflight --medium print --html report.html cover.pdf
    """
    from pipeline.examine import words
    from pipeline.examine.process import draw_findings, examine_files
    from pipeline.examine.values import Asked, check_call

    check_call(files, report)
    asked = Asked(medium or "", find_shop(shop), **({"seconds": seconds} if seconds else {}))
    examination = examine_files(files, asked, _progress() if sys.stderr.isatty() else None)
    if examination.files:
        click.echo(words.write_json(examination, asked) if as_json else words.write_text(examination))
    if report and examination.files:
        from pipeline.examine.report import write_report

        write_report(report, examination, asked, draw_findings(examination.files, asked))
        _say([f"report: {report}"])
    _say([finding for finding, _ in examination.refused])
    sys.exit(examination.exit_code(strict))


def find_shop(name: str) -> Shop:
    """Return what a print shop asks for. The one place where a name becomes a shop."""
    from pipeline.errors import UsageError
    from pipeline.shop import Shop

    if name:
        raise UsageError(f"there is no shop '{name}'")
    return Shop()


@main.command()
@click.argument("name")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Fill in a field beforehand (repeatable).")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@_project
def form(name: str, pairs: tuple[str, ...], out: Path, project: Path) -> None:
    """Make one copy of a form, with fields filled in beforehand.

    \b
    Example:
      drukwerk form analyseformulier-school --set school="De Wilgen" --out wilgen.pdf
    """
    from pipeline.copies import make_copy

    values: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key or key in values:
            wrong = f"'{key}' is set twice" if key in values else f"'{pair}' is not KEY=VALUE, such as school=Noord"
            raise click.BadParameter(wrong, param_hint="--set")
        values[key] = value
    _say_default(project)
    make_copy(project, name, values, out)
    click.echo(out.as_posix())


@main.command()
@click.argument("names", nargs=-1, metavar="[FORM]...")
@_project
def release(names: tuple[str, ...], project: Path) -> None:
    """Keep what the forms ask now, before they are sent out: returns are read with it, also after later editions.

    \b
    Example:
      drukwerk release analyseformulier-school
    """
    from pipeline.copies import release_forms

    for path, is_new in release_forms(project, names).items():
        if is_new:
            click.echo(path.as_posix())
        else:
            _say([f"{path.as_posix()} is there already"])


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--language", "-l", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True, help="Its language."
)
def new(folder: Path, language: str) -> None:
    """Begin a project of one's own: three cards, with comments that teach. It builds at once.

    \b
    Example:
      drukwerk new mijn-kaarten
    """
    from shlex import quote

    from pipeline.starter import make_project

    for path in make_project(folder, language):
        click.echo(path.as_posix())
    _say(["made; now type:", f"  cd {quote(str(folder))}", "  drukwerk build"])


@main.command()
@_project
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the schemas.",
    show_default="content/schema/ of the project",
)  # fmt: skip
def schema(project: Path, out: Path | None) -> None:
    """Write JSON Schemas for the content files: with them an editor completes and checks while one types.

    \b
    Example:
      drukwerk schema
    """
    from pipeline.content.schema import list_missing_lines, write_schemas

    for path in write_schemas(project, out):
        click.echo(path.as_posix())
    _say(list_missing_lines(project) if out is None else ())


def _build(project: Path, options: Options, jobs: int | None) -> None:
    """Build with progress, print what was done, fail where a document failed."""
    from pipeline.build import build as run
    from pipeline.workshop import hire_workers

    _say_default(project)
    with hire_workers(jobs or 0) as workers:
        report = run(project, options, _progress() if sys.stderr.isatty() else None, workers)
    _report(project, report)
    report.require_success()


def _say_default(project: Path) -> None:
    """Say where the content comes from, where it is not the project's own."""
    from pipeline.resources import find_content

    if project.is_dir() and find_content(project) != project / "content":
        _say([f"no content/ in {project.resolve()}: using the default toolbox"])


def _write_added(path: str, added: tuple[int, ...]) -> str:
    """Say which pages of a booklet nobody wrote."""
    numbers = " and ".join(str(number + 1) for number in added)
    pages, carry = ("page", "carries") if len(added) == 1 else ("pages", "carry")
    return f"build/{path}: {pages} {numbers} {carry} lines for notes, to make the number of pages a multiple of four"


def _report(project: Path, report: Report) -> None:
    _say(report.warnings)
    for path in report.published:
        click.echo((project / "build" / path).as_posix())
    _say([_write_added(path, report.added[path]) for path in report.published if path in report.added])
    _say([f"removed build/{path}" for path in report.removed])
    if not (report.published or report.errors or report.removed) and report.unchanged:
        _say([f"{len(report.unchanged)} files up to date"])


def _print_status(status: Status) -> None:
    """Print every file that would be made or removed, each with its reasons below it."""
    _say(status.warnings)
    for path, reasons in status.stale.items():
        click.echo("\n".join([f"build/{path}", *(f"  {reason}" for reason in reasons)]))
    for path in status.removed:
        click.echo(f"build/{path}\n  no longer in the content: it would be removed")
    if status.current:
        _say([f"{len(status.current)} files up to date"])


def _show(outcome: Outcome) -> None:
    """Print what one build of `watch` did."""
    report, error = outcome.report, outcome.error
    for path in report.published if report else ():
        click.echo(f"build/{path}")
    _say(report.warnings if report else ())
    _say([f"removed build/{path}" for path in (report.removed if report else ())])
    if error is not None:
        _say(_explain(error))
    count = len(report.published) if report else 0
    _say([f"{count} files made in {outcome.seconds:.2f} s; waiting for a change (Ctrl-C ends)"])


def _progress() -> Any:
    """Return a progress line for a terminal: written over itself, gone at the end."""

    def show(done: int, total: int, path: str) -> None:
        line = f"{done}/{total} {path}" if done < total else ""
        click.echo(f"\r\x1b[K{line}", nl=False, err=True)

    return show


def _say(lines: Iterable[object]) -> None:
    for line in lines:
        click.echo(str(line), err=True)
