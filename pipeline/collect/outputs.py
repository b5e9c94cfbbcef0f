"""Records -> the files that hold them, in their places.

Every one is written beside, down to the disk, and moved in place when all of them are there: a disk that fills up
leaves the earlier ones whole. A run that is killed while it moves them leaves each whole, old or new, and a ledger from
which the next run finds what is to be made anew and what is to be removed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from pipeline.collect.again import Made
from pipeline.collect.ledger import LEDGER, Ledger, dump_ledger
from pipeline.collect.page import render_page
from pipeline.collect.records import ANSWERS, Record, dump_records
from pipeline.collect.tables import HEAD, LONG, list_long, list_sheets, list_wide, plan_wide, write_csv
from pipeline.content.toolbox import Toolbox
from pipeline.spreadsheet import write_workbook
from pipeline.storage import hash_file, named_errors, publish_file, remove_file, replace_file

TABLE, WORKBOOK, PAGE = "answers.csv", "answers.xlsx", "intake.html"
WIDE = "answers-{}.csv"

Folders = tuple[Path, Path]  # of the answers, and beside it that in which all is made


def write_outputs(toolbox: Toolbox, records: Sequence[Record], again: Made, folders: Folders) -> tuple[str, ...]:
    """Write all outputs beside; return their names.

    Args:
        toolbox: whose forms they are.
        records: what was collected.
        again: the forms to send back.
        folders: where they go, and where they are made.

    Raises:
        StorageError: the disk refuses.
    """
    definitions = toolbox.definitions
    wide = plan_wide(records, definitions)
    with _staged(ANSWERS, folders) as file:
        file.write(dump_records(records))
    with _staged(PAGE, folders) as file:
        file.write(render_page(toolbox, records, again.files, again.lost).encode())
    with _staged(TABLE, folders) as file:
        write_csv(file, (row for rows in ([LONG], list_long(records, definitions)) for row in rows))
    for it in wide:
        heads = (*HEAD, *(name for name, _ in it.fields))
        with _staged(WIDE.format(it.form), folders) as file:
            write_csv(file, (row for rows in ([heads], list_wide(it, definitions)) for row in rows))
    with _staged(WORKBOOK, folders) as file:
        write_workbook(file, list_sheets(records, definitions), toolbox.settings.date, scratch=folders[1])
    return (ANSWERS, TABLE, *(WIDE.format(it.form) for it in wide), WORKBOOK, PAGE)


def publish_outputs(folders: Folders, before: Ledger, now: Ledger, again: Sequence[str]) -> None:
    """Move what changed in place, and remove what an earlier run wrote and this one did not.

    Args:
        folders: where they go, and where they were made.
        before: what the earlier run wrote.
        now: what this one did.
        again: the forms to send back that were made now.

    Raises:
        StorageError: the disk refuses.
    """
    out, staging = folders
    gone = [it for it in (*before.outputs, *before.made) if it not in (*now.outputs, *now.made)]
    # Until all is in its place, the ledger names what is to be removed, and trusts no form that is being moved.
    outputs = (*now.outputs, *(it for it in before.outputs if it in gone))
    made = {**now.made, **dict.fromkeys((*again, *(it for it in before.made if it in gone)), "")}
    _publish_ledger(out, replace(now, outputs=outputs, made=made))
    for name in again:
        publish_file(staging / name, out / name)
    for name in now.outputs:
        if hash_file(staging / name) != hash_file(out / name):
            publish_file(staging / name, out / name)
    for name in gone:
        remove_file(out / name, out)
    _publish_ledger(out, now)


def _publish_ledger(out: Path, ledger: Ledger) -> None:
    raw = dump_ledger(ledger)
    if not (out / LEDGER).is_file() or (out / LEDGER).read_bytes() != raw:
        replace_file(out / LEDGER, raw)


@contextmanager
def _staged(name: str, folders: Folders) -> Iterator[BinaryIO]:
    """A file that is written down to the disk before it is moved to its place; errors name that place."""
    out, staging = folders
    with named_errors(out / name), (staging / name).open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
