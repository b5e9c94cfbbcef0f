"""A shading -> the same shading of one ink alone, in DeviceGray (ISO 32000-2 8.7.4.5, 7.10).

Interpolation works on each component by itself, so the functions of one component are those of all, cut down to it:
exact for axial and radial shadings. What is computed in another way (PostScript functions, meshes) is not followed.
"""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pipeline.pdf.colours import MAX_DEPTH, PROCESS, read_inks, read_space
from pipeline.pdf.unpack import read_stream

MAX_SAMPLES = 1_000_000  # bytes of a sampled function


class UnmeasuredError(Exception):
    """Something whose ink cannot be told from the file; says what it is."""


def separate_shading(document: pikepdf.Pdf, shading: Any, resources: Any, plate: str) -> Any:
    """Return a shading as it is on the plate of one ink.

    Raises:
        UnmeasuredError: that cannot be told.
    """
    kind = int(shading.get("/ShadingType", 0))
    space = read_space(shading.get("/ColorSpace"), resources)
    if kind not in (2, 3) or isinstance(shading, Stream):
        raise UnmeasuredError(f"a shading of type {kind}")
    if space.name in ("DeviceCMYK", "ICCBased 4"):
        index, count = PROCESS.index(plate), 4
    elif read_inks(space.name, (0.0,), ()) is not None:  # gray: black ink, and none of the others
        index, count = 0, 1
    else:
        raise UnmeasuredError(f"{space.name} in a shading")
    made = Dictionary(shading)
    made.ColorSpace = Name.DeviceGray
    if "/Background" in made:
        made.Background = Array([_tell(count, plate, float(made.Background[index]))])
    if count == 1 and plate != "Black":
        made.Function = Dictionary(FunctionType=2, Domain=[0, 1], C0=[1], C1=[1], N=1)
    elif count == 4:
        made.Function = _cut(document, shading.get("/Function"), index, 0)
    return made


def _tell(count: int, plate: str, value: float) -> float:
    if count == 4:
        return 1 - value
    return value if plate == "Black" else 1.0


def _cut(document: pikepdf.Pdf, function: Any, index: int, depth: int) -> Any:
    """Return a function of one component, turned from ink to light."""
    if depth > MAX_DEPTH:
        raise UnmeasuredError("functions in functions")
    if isinstance(function, Array):  # a function for each component
        return _cut(document, function[index], 0, depth + 1)
    kind = int(function.get("/FunctionType", -1))
    if kind == 2:
        made = Dictionary(function)
        first, last = function.get("/C0", [0]), function.get("/C1", [1])
        made.C0, made.C1 = Array([1 - float(first[index])]), Array([1 - float(last[index])])
        if "/Range" in made:
            made.Range = Array([0, 1])
        return made
    if kind == 3:
        made = Dictionary(function)
        made.Functions = Array([_cut(document, it, index, depth + 1) for it in function.Functions])
        if "/Range" in made:
            made.Range = Array([0, 1])
        return made
    if kind == 0:
        return _cut_samples(document, function, index)
    raise UnmeasuredError("a shading by a PostScript function")


def _cut_samples(document: pikepdf.Pdf, function: Any, index: int) -> Any:
    """Return a sampled function of one input with the samples of one component (7.10.2)."""
    width = int(function.get("/BitsPerSample", 0)) // 8
    count = len(function.Range) // 2
    if width not in (1, 2) or len(function.Size) != 1:
        raise UnmeasuredError("a shading by samples of an unusual kind")
    data = read_stream(function, MAX_SAMPLES)
    step = width * count
    cut = b"".join(data[at : at + width] for at in range(index * width, int(function.Size[0]) * step, step))
    low, high = function.get("/Decode", function.Range)[2 * index : 2 * index + 2]
    return Stream(
        document,
        cut,
        FunctionType=0,
        Domain=function.Domain,
        Range=[0, 1],
        Size=function.Size,
        BitsPerSample=8 * width,
        Decode=[1 - float(low), 1 - float(high)],
    )
