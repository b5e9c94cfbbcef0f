"""Damage at random places (fixed seeds): a finding or a clean result, never anything unforeseen."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest

from pipeline.content.read import read_toolbox
from pipeline.errors import DrukwerkError
from pipeline.preflight import Subject, preflight
from tests.samples import plain

YAML = [
    b":", b": ", b"- ", b"\n", b"  ", b"{", b"}", b"[", b"'", b'"', b"#", b"&a ", b"*a ", b"!!int ", b"~", b"\t",
    b"\xff", b"\x00", b"9" * 30, b"1e999", b"nan", b"|", b">", b"%", b"@", b"`", b"? ", b"<<: ", b"---\n",
    "\u2028".encode(),
]  # fmt: skip
PDF = [
    b"/", b"<<", b">>", b"[", b"0 R", b"99999999", b"-1", b"null", b"(x", b"endobj", b"stream\n", b"q Q", b"BT",
    b"1 0 0 rg ", b"/X Do ", b"/P scn ",
]  # fmt: skip


def damage(data: bytes, seed: int, tokens: list[bytes]) -> bytes:
    """Insert, remove, change or repeat something, one to three times."""
    chance = random.Random(seed)
    damaged = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        place, kind = chance.randrange(len(damaged)), chance.random()
        if kind < 0.4:
            damaged[place:place] = chance.choice(tokens)
        elif kind < 0.7:
            del damaged[place : place + chance.randint(1, 12)]
        elif kind < 0.85:
            damaged[place] = chance.randrange(256)
        else:
            other = chance.randrange(len(damaged))
            damaged[place:place] = damaged[other : other + chance.randint(1, 40)]
    return bytes(damaged)


@pytest.mark.parametrize("name", ["toolbox.yml", "theme.yml", "karten/04-sprache.yml", "../assets/logo.svg"])
def test_damaged_content_is_read_or_refused(name: str, werkstatt: Path) -> None:
    path = werkstatt / "content" / name
    data = path.read_bytes()
    refused = 0
    for seed in range(60):
        path.write_bytes(damage(data, seed, YAML))
        try:
            read_toolbox(werkstatt)
        except DrukwerkError:
            refused += 1
    assert refused > 10, "some damage has to be seen"


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_a_damaged_pdf_gets_findings_or_none(medium: str, german_project: Path) -> None:
    data = plain((german_project / f"build/{medium}/werkstattkarten/04-sprache.pdf").read_bytes())
    found = 0
    for seed in range(60):
        with contextlib.redirect_stderr(None):
            found += bool(preflight(Subject("x.pdf", damage(data, seed, PDF))))
    assert found > 5, "some damage has to be seen"
