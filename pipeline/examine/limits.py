"""How much of time, memory and bytes looking at one file may take. Both sides know them."""

from __future__ import annotations

FILE_MOST = 500_000_000  # bytes; a print file of a thousand pages with pictures stays below
MEMORY_MOST = 1_500_000_000  # bytes of one process; a deck of a hundred cards takes 150 MB
SECONDS = 30.0  # of one file, and one more for each of its pages
PAGES_TIMED = 1000  # that are given time; a file may say that it has any number
REPLY_MOST = 100_000_000  # bytes on one question; sixty pictures of pages are some 20 MB
FINDINGS_MOST = 2000  # of one file; who made it needs no more to begin
PICTURES_MOST = 60  # of one report
PROCESSES_MOST = 4  # at once


def allow_seconds(seconds: float, pages: int) -> float:
    """Return the time for a file of that many pages, given that for one without."""
    return seconds + seconds / SECONDS * min(pages, PAGES_TIMED)
