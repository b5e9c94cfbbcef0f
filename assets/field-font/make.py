"""Make the font that form fields are filled in with: `python assets/field-font/make.py`, from anywhere.

Source Sans 3 becomes a small font of its own: the letters of Windows code page 1252, and some for names of people, in
the codes that are free there. Renamed, as the licence asks ('Source' is a Reserved Font Name). Beside the font lies a
table, so that filling in needs no fontTools. The same source gives the same bytes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
SOURCE = HERE.parent / "fonts" / "SourceSans3_400Regular.ttf"
FAMILY = "Drukwerk Field Sans"
NAME = "DrukwerkFieldSans-Regular"

# Codes without a letter in code page 1252. Not 0, tab, line feed and return: programs give those a meaning.
FREE = (*range(0x0E, 0x20), 0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D, *range(0x01, 0x09), 0x0B, 0x0C)
# Names of the Adobe Glyph List, which PDF/UA asks for (ISO 14289-1 7.21.6): so no Romanian t with a comma.
MORE = {
    "Scedilla": "Ş", "scedilla": "ş", "Gbreve": "Ğ", "gbreve": "ğ", "Idotaccent": "İ", "dotlessi": "ı",
    "Lslash": "Ł", "lslash": "ł", "aogonek": "ą", "Aogonek": "Ą", "cacute": "ć", "Cacute": "Ć",
    "eogonek": "ę", "Eogonek": "Ę", "nacute": "ń", "Nacute": "Ń", "sacute": "ś", "Sacute": "Ś",
    "zdotaccent": "ż", "Zdotaccent": "Ż", "zacute": "ź", "Zacute": "Ź", "ccaron": "č", "Ccaron": "Č",
    "minus": "−", "dcroat": "đ", "Dcroat": "Đ", "rcaron": "ř", "Rcaron": "Ř", "ecaron": "ě", "uring": "ů",
    "ohungarumlaut": "ő", "uhungarumlaut": "ű", "abreve": "ă",
}  # fmt: skip
SOFT_HYPHEN = 0xAD  # its glyph is a hyphen, in the middle of a word

# Of a thousand characters of running Dutch, counted in the 26,000 of the eight mirror cards.
RUNNING = {
    "e": 170, " ": 158, "n": 81, "a": 59, "r": 55, "i": 49, "t": 48, "o": 42, "l": 39, "s": 36, "d": 32, "g": 27,
    "k": 25, "v": 19, "m": 16, "h": 16, "w": 14, "b": 14, "p": 13, "c": 12, "u": 12, "j": 11, ".": 10, "z": 8, ",": 7,
    "f": 6, "W": 2, ":": 2, "é": 1, "S": 1, "?": 1, "’": 1, "L": 1, "B": 1, "V": 1, "I": 1, ";": 1, "E": 1, "G": 1,
}  # fmt: skip


def main() -> None:
    """Write the font and its table."""
    encoding = plan_encoding()
    font = cut_font(encoding)
    font.save(HERE / "FieldSans.ttf")
    table = describe_font(TTFont(HERE / "FieldSans.ttf"), encoding)
    lines = ",\n".join(f' "{key}": {json.dumps(value, ensure_ascii=False)}' for key, value in table.items())
    (HERE / "FieldSans.json").write_text(f"{{\n{lines}\n}}\n", "utf-8", newline="\n")


def plan_encoding() -> dict[int, str]:
    """Return code -> letter, in the order of the codes."""
    windows = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x20, 0x100)}
    encoding = {code: letter for code, letter in windows.items() if code not in (*FREE, SOFT_HYPHEN)}
    return dict(sorted({**encoding, **dict(zip(FREE, MORE.values(), strict=True))}.items()))


def cut_font(encoding: dict[int, str]) -> TTFont:
    """Return the source with these letters only, under its own name, without hints and features."""
    options = subset.Options(hinting=False, layout_features=[], glyph_names=True, notdef_outline=True)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "gasp"]
    font = TTFont(SOURCE, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(letter) for letter in encoding.values()])
    subsetter.subset(font)
    font["cmap"].tables = [table for table in font["cmap"].tables if (table.platformID, table.platEncID) == (3, 1)]
    names = {1: FAMILY, 2: "Regular", 3: f"1.0;{NAME}", 4: f"{FAMILY} Regular", 6: NAME}
    kept = {record.nameID: str(record) for record in font["name"].names if record.nameID in (0, 5, 9, 13, 14)}
    font["name"].names = []
    for number, text in sorted({**kept, **names}.items()):
        font["name"].setName(text, number, 3, 1, 0x409)
    return font


def describe_font(font: TTFont, encoding: dict[int, str]) -> dict[str, Any]:
    """Return what a PDF has to say of the font; lengths in thousandths of the type size."""
    scale = 1000 / font["head"].unitsPerEm
    glyphs = font.getBestCmap()
    widths = {letter: round(font["hmtx"][glyphs[ord(letter)]][0] * scale) for letter in encoding.values()}
    head, outlines = font["head"], font["glyf"]
    total = sum(RUNNING.values())
    mean = sum(widths[letter] * share for letter, share in RUNNING.items()) / total
    square = sum((widths[letter] - mean) ** 2 * share for letter, share in RUNNING.items()) / total
    return {
        "name": NAME,
        "encoding": {str(code): letter for code, letter in encoding.items()},
        "differences": {str(code): name for code, name in sorted(zip(FREE, MORE, strict=True))},
        "widths": {str(code): widths[letter] for code, letter in encoding.items()},
        "bbox": [round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)],
        # of unaccented letters (ISO 32000-2 table 120); programs that set text in a field space its lines by them
        "ascent": round(outlines[glyphs[ord("d")]].yMax * scale),
        "descent": round(outlines[glyphs[ord("p")]].yMin * scale),
        "cap_height": round(font["OS/2"].sCapHeight * scale),
        "stem": round((outlines[glyphs[ord("I")]].xMax - outlines[glyphs[ord("I")]].xMin) * scale),
        "mean_width": round(mean),
        "spread": round(square**0.5),
    }


if __name__ == "__main__":
    main()
