"""A URL -> the modules of a QR code (ISO/IEC 18004). Drawn as vector by the layout, never a bitmap."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

# Characters of the alphanumeric mode: 5.5 bits each instead of 8, so an address in capitals makes a smaller symbol.
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")


@lru_cache(maxsize=64)  # a deck and its single cards ask for the same few codes one after the other
def plan_code(url: str) -> list[str]:
    """Return the rows of the symbol, one string of `0` (light) and `1` (dark) per row, without quiet zone.

    The smallest symbol with error correction M; Q instead where that costs no module.
    """
    from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q

    # The library's automatic choice of level is for bitmaps of one size; here the size decides first.
    medium, better = (_begin(url, level) for level in (ERROR_CORRECT_M, ERROR_CORRECT_Q))
    best = better if better.best_fit() == medium.best_fit() else medium
    best.make(fit=True)
    return ["".join("1" if dark else "0" for dark in row) for row in best.get_matrix()]


def _begin(url: str, level: int) -> Any:
    """Return a code that is not drawn yet: choosing its mask is what takes time."""
    import qrcode

    code = qrcode.QRCode(error_correction=level, border=0)
    code.add_data(url, optimize=0)
    return code


def shorten_address(url: str) -> str:
    """Return the address as the code holds it: in capitals where that makes the symbol smaller and means the same.

    Scheme and host are the same in capitals; so is a DOI (ISO 26324: case-insensitive). For other paths the caller
    vouches.
    """
    capitals = url.upper()
    return capitals if _ALPHANUMERIC.fullmatch(capitals) else url


def split_address(address: str) -> list[str]:
    """Split an address where a line may end: after each slash."""
    return [part for part in re.split(r"(?<=/)", address) if part]
