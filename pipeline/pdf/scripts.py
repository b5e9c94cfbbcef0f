"""The few lines of JavaScript in a form, for programs that run it. A service: nothing depends on them.

Whoever reads a returned form computes again and checks again. They use what Acrobat, pdf.js and PDFium all have.
"""

from __future__ import annotations

import json

from pipeline.content.definition import Field, FieldWords

# Only what is a number counts: not 'weet-ik-niet', not 'Off', not nothing. parseFloat alone takes '4-jaar' for 4,
# isNaN alone takes '' for 0. With `gap`, the first of the names is held against the mean of the others.
_CALCULATION = """
var names = {names}, gap = {gap}, first = NaN, total = 0, count = 0;
for (var i = 0; i < names.length; i++) {{
  var field = this.getField(names[i]), text = field ? String(field.value) : "", number = parseFloat(text);
  if (isNaN(number) || isNaN(text)) continue;
  if (gap && i === 0) first = number;
  else {{ total += number; count++; }}
}}
var result = gap ? first - total / count : total / count;
if (count < {least} || isNaN(result)) event.value = "–";
else {{
  var shown = Math.round(Math.abs(result) * 10) / 10;
  var sign = shown === 0 ? "" : result < 0 ? "−" : gap ? "+" : "";
  event.value = sign + shown.toFixed(1).replace(".", {decimal});
}}
""".strip()


def write_calculation(field: Field, words: FieldWords) -> str:
    """Return the script of a calculated field: its value becomes a number with one decimal, or a dash."""
    gap = field.kind == "gap"
    return _CALCULATION.format(
        names=json.dumps(list(field.of)),
        gap=json.dumps(gap),
        least=max(min(field.least, len(field.of) - 1) if gap else field.least, 1),
        decimal=json.dumps(words.decimal),
    )


def write_clearing(name: str) -> str:
    """Return the script that takes an answer back where the scripts of a program still hold it after a reset.

    Those of pdf.js do, and would count it: they know no value that is none but null.
    """
    find = f"var field = this.getField({json.dumps(name)});"
    return f'{find} if (field && field.value && field.value !== "Off") field.value = null;'


def write_keystroke(field: Field, words: FieldWords) -> str:
    """Return the script that refuses what is no date; empty for other fields.

    A number has none: pdf.js asks a script about every key and loses what is typed meanwhile ("123456" became "6"). Who
    reads the form says what is no number.
    """
    return f"AFDate_KeystrokeEx({json.dumps(words.date_format)});" if field.kind == "date" else ""


def write_format(field: Field, words: FieldWords) -> str:
    """Return the script that writes a date in full; empty for other fields."""
    return f"AFDate_FormatEx({json.dumps(words.date_format)});" if field.kind == "date" else ""
