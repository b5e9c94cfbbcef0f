"""Commands for forms and projects: `form`, `release`, `new`, `schema`."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.group import main, project_option, say, say_default

LANGUAGES = ("nl", "en")  # those of assets/starter/; tested equal


@main.command()
@click.argument("name")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE", help="Fill in a field beforehand (repeatable).")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@project_option
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
    say_default(project)
    make_copy(project, name, values, out)
    click.echo(out.as_posix())


@main.command()
@click.argument("names", nargs=-1, metavar="[FORM]...")
@project_option
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
            say([f"{path.as_posix()} is there already"])


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
    say(["made; now type:", f"  cd {quote(str(folder))}", "  drukwerk build"])


@main.command()
@project_option
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
    say(list_missing_lines(project) if out is None else ())
