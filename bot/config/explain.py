"""What pydantic found wrong, in words: where it is written, what is wrong, what to write instead."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from enum import Enum
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.document import Document, Path, dotted
from bot.config.problem import Problem
from bot.text import Code, Text, text

Schema = Mapping[str, Any]

_TYPES: Mapping[str, str] = {
    "string_type": "config.want_text",
    "int_type": "config.want_number",
    "bool_type": "config.want_bool",
    "model_type": "config.want_mapping",
    "model_attributes_type": "config.want_mapping",
    "dict_type": "config.want_mapping",
    "mapping_type": "config.want_mapping",
    "tuple_type": "config.want_list",
    "list_type": "config.want_list",
    "date_type": "config.want_date",
    "date_parsing": "config.want_date",
    "date_from_datetime_parsing": "config.want_date",
    "date_from_datetime_inexact": "config.want_date",
    "datetime_type": "config.want_datetime",
    "datetime_parsing": "config.want_datetime",
    "datetime_from_date_parsing": "config.want_datetime",
}


def explain(error: ValidationError, document: Document, schema: Schema) -> list[Problem]:
    """Return one problem for each thing that pydantic found, in the order of the file."""
    found = [_problem(details, document, schema) for details in error.errors(include_url=False)]
    return sorted(found, key=lambda problem: problem.line)


def suggestion(wrong: str, known: Sequence[str]) -> Text:
    """Return `unknown, did you mean "mention"?`, or the list of what there is when nothing is near."""
    near = get_close_matches(wrong, known, n=1, cutoff=0.6)
    if near:
        return text("config.did_you_mean", name=near[0])
    return text("config.one_of", names=tuple(known)) if known else text("config.none_defined")


def _problem(details: ErrorDetails, document: Document, schema: Schema) -> Problem:
    path = _written(details, document.data)
    if details["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        path = (*path, _tag(details))
    return Problem(
        document.file,
        _words(details, schema, path),
        document.line(path),
        dotted(path),
        needs_environment=details["type"] == "config.unset_variable",
    )


def _words(details: ErrorDetails, schema: Schema, path: Path) -> Text:
    kind, context, value = details["type"], details.get("ctx", {}), Code(_short(details["input"]))
    if kind.startswith("config."):
        return text(kind, **{key: str(value) for key, value in context.items() if key != "msgid"})
    if kind in _TYPES:
        return text("config.wrong_type", expected=text(_TYPES[kind]), value=value)
    match kind:
        case "extra_forbidden":
            return text("config.unknown_key", suggestion=suggestion(str(path[-1]), _keys(schema, details["loc"][:-1])))
        case "missing" | "union_tag_not_found":
            return text("config.missing_key")
        case "enum" | "literal_error":
            return _not_one_of(value.value, str(context["expected"]))
        case "union_tag_invalid":
            return _not_one_of(str(context["tag"]), str(context["expected_tags"]))
        case "too_short":
            return text("config.too_short", n=context["min_length"])
        case "greater_than_equal" | "less_than_equal":
            return text("config.out_of_range", value=value, limit=next(iter(context.values())))
        case _:
            return text("config.invalid", detail=details["msg"], value=value)


def _tag(details: ErrorDetails) -> str:
    return str(details["ctx"]["discriminator"]).strip("'")


def _not_one_of(value: str, expected: str) -> Text:
    names = re.split(r", | or ", expected.replace("'", ""))
    return text("config.not_one_of", value=Code(value), suggestion=suggestion(value, names))


def _short(value: Any) -> str:
    shown = value.value if isinstance(value, Enum) else value
    return str(shown)[:60]


def _written(details: ErrorDetails, data: Any) -> Path:
    """Return the part of pydantic's location that is in the file: it also names union members and `[key]`."""
    path: list[str | int] = []
    for part in details["loc"]:
        inside = _step(data, part)
        if inside is not _NOWHERE:
            path.append(part)
            data = inside
    return (*path, details["loc"][-1]) if details["type"] == "missing" else tuple(path)


_NOWHERE = object()


def _step(data: Any, part: str | int) -> Any:
    if isinstance(data, Mapping):
        return data.get(part, _NOWHERE)
    if isinstance(data, Sequence) and not isinstance(data, str) and isinstance(part, int) and part < len(data):
        return data[part]
    return _NOWHERE


def _keys(schema: Schema, loc: tuple[str | int, ...]) -> list[str]:
    """Return the keys that may stand at that location, from the JSON Schema."""
    node = _resolved(schema, schema)
    for part in loc:
        node = _resolved(schema, _child(node, part))
    return sorted(node.get("properties", {}))


def _child(node: Schema, part: str | int) -> Schema:
    if isinstance(part, int):
        return _mapping(node.get("items"))
    if part in node.get("properties", {}):
        return _mapping(node["properties"][part])
    if "discriminator" in node:
        return {"$ref": node["discriminator"]["mapping"].get(part, "")}
    if "patternProperties" in node:
        return _mapping(next(iter(node["patternProperties"].values())))
    return _mapping(node.get("additionalProperties"))


def _resolved(schema: Schema, node: Schema) -> Schema:
    """Follow references and optional values to the object that they mean."""
    while True:
        if "$ref" in node:
            node = _mapping(schema.get("$defs", {}).get(node["$ref"].rpartition("/")[2]))
        elif "anyOf" in node:
            node = next((each for each in node["anyOf"] if each.get("type") != "null"), {})
        else:
            return node


def _mapping(value: Any) -> Schema:
    return value if isinstance(value, Mapping) else {}
