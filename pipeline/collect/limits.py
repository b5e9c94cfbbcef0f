"""How much of time, memory and bytes the reading of one file may take.

Both sides know them: the process that reads keeps itself to them, and the one that waits sees to it.
"""

from __future__ import annotations

FILE_MOST = 50_000_000  # bytes; a filled form has some hundred thousand, one with pictures in it a few million
MEMORY_MOST = 350_000_000  # bytes of one process; a form takes 30 MB, with its pages as pixels 60 MB
SECONDS_MOST = 8.0  # of the whole; a form takes a quarter of a second, and 10 s is what is promised
REPLY_MOST = 20_000_000  # bytes; twice what all texts that are read take as JSON at worst
