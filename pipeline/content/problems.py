"""What pydantic says of a value -> a finding in an editor's words, at the line of that value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError

from pipeline.content.source import FieldPath, Source
from pipeline.errors import Finding, nearest

_QUOTES_HINT = "put a text that holds ': ' between single quotes"


def list_problems(
    error: ValidationError,
    model: type[BaseModel],
    source: Source,
    lifted: tuple[str, Sequence[str]] = ("", ()),
    below: FieldPath = (),
) -> list[Finding]:
    """Return one finding per problem.

    Args:
        error: what validating the file against `model` raised.
        model: its keys are the valid names when a key is unknown.
        source: the file.
        lifted: a key of the model that is not written in the file, and the keys that stand at the top instead
            (`sides`, with the audiences).
        below: path in the file of what was validated, when that is a part of it.
    """
    name, instead = lifted
    findings = []
    problems = error.errors(include_url=False)
    for problem in problems:
        if problem["type"] == "too_short" and any(_is_below(other["loc"], problem["loc"]) for other in problems):
            continue  # its items are there, but wrong, and reported each by itself
        location = tuple(step for step in problem["loc"] if not is_branch(step))
        if problem["type"] == "extra_forbidden":
            keys = [*_keys_at(model, problem["loc"][:-1]), *(instead if len(location) == 1 else ())]
            message, hint = "unknown key", nearest(str(location[-1]).strip(), (key for key in keys if key != name))
        else:
            writer = _WRITERS.get(problem["type"])
            message, hint = writer(problem) if writer else (problem["msg"], "")
        path = location[1:] if location[:1] == (name,) else location
        path = tuple(step.strip() if isinstance(step, str) else step for step in (*below, *path))
        findings.append(source.finding(path, message, hint))
    return findings


def _is_below(location: FieldPath, top: FieldPath) -> bool:
    return len(location) > len(top) and location[: len(top)] == top


def is_branch(step: str | int) -> bool:
    """Say whether a step is one that pydantic adds: a key itself, a branch of a union."""
    return isinstance(step, str) and step.startswith("[") and step.endswith("]")


def _keys_at(model: Any, location: FieldPath) -> list[str]:
    """Return the keys that are valid at a place of the model."""
    for step in location:
        if is_branch(step):
            model = _branch(model, step)
            continue
        model = _plain(model)
        if get_origin(model) is dict:
            model = get_args(model)[1]
        elif get_origin(model) is tuple:
            model = get_args(model)[0]
        elif isinstance(model, type) and issubclass(model, BaseModel) and step in model.model_fields:
            model = model.model_fields[str(step)].annotation
    model = _plain(model)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def _branch(annotation: Any, tag: str | int) -> Any:
    """Return the branch of a union that has this tag; without one, all of it."""
    union = annotation
    while get_origin(union) is Annotated:
        union = get_args(union)[0]
    for branch in get_args(union):
        if any(isinstance(mark, Tag) and mark.tag == tag for mark in get_args(branch)[1:]):
            return branch
    return annotation


def _plain(annotation: Any) -> Any:
    """Take the type out of `X | None` and `Annotated[X, ...]`; of several, the one with keys."""
    while get_origin(annotation) in (Union, UnionType, Annotated):
        kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
        if get_origin(annotation) is not Annotated:
            kinds.sort(key=lambda kind: not isinstance(_plain(kind), type) or not issubclass(_plain(kind), BaseModel))
        annotation = kinds[0]
    return annotation


def _found(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "keys with values"
    return "a list" if isinstance(value, list) else f"'{value}'"


def _text_expected(problem: Mapping[str, Any]) -> tuple[str, str]:
    found = _found(problem["input"])
    return f"expected a text, found {found}", _QUOTES_HINT if found == "keys with values" else ""


def _too_long(problem: Mapping[str, Any]) -> tuple[str, str]:
    found, most = problem["input"], problem["ctx"]["max_length"]
    if isinstance(found, str):
        return f"{len(found)} characters, at most {most} fit", "shorten it, or split it in two"
    return f"expected at most {most}, found {len(found)}", "take some out"


def _too_short(problem: Mapping[str, Any]) -> tuple[str, str]:
    found, least = problem["input"], problem["ctx"]["min_length"]
    if isinstance(found, str):
        return "the text is empty", "write it, or take the line out"
    return f"expected at least {least}, found {len(found)}", ""


def _one_of(problem: Mapping[str, Any]) -> tuple[str, str]:
    valid = str(problem["ctx"]["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
    return f"{_found(problem['input'])} is not one of {', '.join(valid)}", nearest(str(problem["input"]), valid)


def _list_expected(problem: Mapping[str, Any]) -> tuple[str, str]:
    return f"expected a list, found {_found(problem['input'])}", "begin each item on a line of its own with '- '"


def _keys_expected(problem: Mapping[str, Any]) -> tuple[str, str]:
    return f"expected keys with values, found {_found(problem['input'])}", ""


def _kind_expected(problem: Mapping[str, Any]) -> tuple[str, str]:
    valid = re.findall(r"\[(\S+?)\]", problem["ctx"]["expected_tags"])
    found = problem["input"].get("kind") if isinstance(problem["input"], dict) else None
    if found is None:
        return "'kind' is missing", f"it is one of {', '.join(valid)}"
    return f"no kind {_found(found)}", nearest(str(found), valid)


def _constant(message: str, hint: str = "") -> Callable[[Mapping[str, Any]], tuple[str, str]]:
    return lambda problem: (message, hint)


def _number_expected(problem: Mapping[str, Any]) -> tuple[str, str]:
    return f"expected a number, found {_found(problem['input'])}", ""


def _date_expected(problem: Mapping[str, Any]) -> tuple[str, str]:
    return f"expected a date such as 2026-11-23, found {_found(problem['input'])}", ""


def _bad_length(problem: Mapping[str, Any]) -> tuple[str, str]:
    message, _, hint = str(problem["ctx"]["problem"]).partition("; ")
    return message, hint


_WRITERS: dict[str, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    "missing": _constant("missing", "add this key"),
    "string_type": _text_expected,
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "too_short": _too_short,
    "too_long": _too_long,
    "literal_error": _one_of,
    "tuple_type": _list_expected,
    "list_type": _list_expected,
    "dict_type": _keys_expected,
    "model_type": _keys_expected,
    "model_attributes_type": _keys_expected,
    "int_parsing": _number_expected,
    "int_type": _number_expected,
    "float_parsing": _number_expected,
    "float_type": _number_expected,
    "date_from_datetime_parsing": _date_expected,
    "date_parsing": _date_expected,
    "date_type": _date_expected,
    "greater_than_equal": lambda it: (f"expected at least {it['ctx']['ge']:g}, found {_found(it['input'])}", ""),
    "less_than_equal": lambda it: (f"expected at most {it['ctx']['le']:g}, found {_found(it['input'])}", ""),
    "finite_number": _number_expected,
    "union_tag_invalid": _kind_expected,
    "length": _bad_length,
    "flag": lambda it: (f"expected true or false, found {_found(it['input'])}", ""),
    "checked": lambda it: (it["msg"], "add 'address', or take 'checked' out"),
    "one_day": lambda it: (it["msg"], "check the minutes, or take 'start' out"),
    "doubled": lambda it: (it["msg"], "keep one of the two"),
    "once": lambda it: (it["msg"], "put what they say together in one"),
    "minutes": lambda it: (it["msg"], "change 'minutes' at the top, or those of a step"),
}
