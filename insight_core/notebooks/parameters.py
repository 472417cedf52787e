"""The typed parameters of a notebook, read from its parameters cell without running it.

    purpose: str = "analytics"  # Why you look
    limit: int = 20  # How many rows

The annotation gives the kind, of several words it is list[str]; `purpose`, `customer` and `source` are kinds by
their names, and `field`, `facet` and `stage` take the words of the catalogue. What stands after the value is the
question that a form asks.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from insight_core.catalogue import FACETS, PURPOSES, field, fields
from insight_core.errors import BadInput, NotFound

Kind = Literal["text", "whole", "number", "yes_no", "day", "choice", "several", "purpose", "customer", "source"]

_KINDS: dict[str, Kind] = {"str": "text", "int": "whole", "float": "number", "bool": "yes_no", "date": "day"}
_BY_NAME: dict[str, Kind] = {"purpose": "purpose", "customer": "customer", "source": "source"}
_WORDS: dict[str, tuple[str, ...]] = {
    "purpose": tuple(PURPOSES),
    "field": tuple(one.name for one in fields()),
    "facet": tuple(FACETS),
    "stage": field("stage").values,
}
_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its kind, its default, what a form asks, and what may be chosen.

    `optional` says that None is a value too.
    """

    name: str
    kind: Kind
    default: Any
    asks: str
    choices: tuple[str, ...] = ()
    optional: bool = False


def read_parameters(source: str) -> tuple[Parameter, ...]:
    """The parameters of a cell; raises BadInput when one is not a typed data literal on a line of its own."""
    lines = source.splitlines()
    named = _named(source)
    return tuple(_parameter(one, lines[one.lineno - 1], named) for one in _assignments(source))


def checked(parameters: Sequence[Parameter], said: Mapping[str, Any]) -> dict[str, Any]:
    """A value for every parameter: what was said, read as its kind, else the default."""
    names = {one.name for one in parameters}
    for name in said:
        if name not in names:
            raise NotFound("parameter", name, names)
    return {one.name: _read(one, said[one.name]) if one.name in said else one.default for one in parameters}


def spliced(source: str, parameters: Sequence[Parameter], said: Mapping[str, Any]) -> str:
    """The cell with these values in the place of its defaults, each written as a literal by `ast`."""
    values, lines = checked(parameters, said), source.splitlines()
    for one in _assignments(source):
        line, value = lines[one.lineno - 1].encode(), one.value
        if value is None or not isinstance(one.target, ast.Name):
            continue
        literal = _literal(values[one.target.id])
        lines[one.lineno - 1] = (line[: value.col_offset] + literal.encode() + line[value.end_col_offset :]).decode()
    return "\n".join(lines)


def _assignments(source: str) -> list[ast.AnnAssign]:
    try:
        return [one for one in ast.parse(source).body if isinstance(one, ast.AnnAssign)]
    except SyntaxError as fault:
        raise BadInput(f"The parameters cell cannot be read: {fault.msg}.") from None


def _named(source: str) -> dict[str, ast.expr]:
    """The types that the cell names itself, as `Sorted = Literal[...]`, for a choice that is too long for its line."""
    body = ast.parse(source).body if _assignments(source) else []
    return {one.targets[0].id: one.value for one in body
            if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)}  # fmt: skip


def _parameter(one: ast.AnnAssign, line: str, named: Mapping[str, ast.expr]) -> Parameter:
    if not isinstance(one.target, ast.Name) or one.value is None or one.end_lineno != one.lineno:
        raise BadInput("A parameter is `name: type = value` on one line.")
    name, (kind, choices, optional) = one.target.id, _kind(one.annotation, named)
    asks = line.encode()[one.end_col_offset or 0 :].decode().partition("#")[2].strip()
    choices = _WORDS.get(name, choices) if kind == "text" else choices
    kind = _BY_NAME.get(name, "choice" if choices and kind == "text" else kind)
    return Parameter(name, kind, _default(one.value), asks, choices, optional)


def _kind(annotation: ast.expr, named: Mapping[str, ast.expr]) -> tuple[Kind, tuple[str, ...], bool]:
    match annotation:
        case ast.Name(id=name) if name in named:
            return _kind(named[name], named)
        case ast.Name(id=name) if name in _KINDS:
            return _KINDS[name], (), False
        case ast.BinOp(left=left, op=ast.BitOr(), right=ast.Constant(value=None)):
            kind, choices, _ = _kind(left, named)
            return kind, choices, True
        case ast.Subscript(value=ast.Name(id="list"), slice=ast.Name(id="str")):
            return "several", (), False
        case ast.Subscript(value=ast.Name(id="list"), slice=ast.Subscript() as inside):
            return "several", _kind(inside, named)[1], False
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inside):
            told = ast.literal_eval(inside)
            return "choice", told if isinstance(told, tuple) else (told,), False
    known = f"{', '.join(_KINDS)}, Literal[...] or list[str]"
    raise BadInput(f"A parameter is one of {known}, not {ast.unparse(annotation)}.")


def _default(value: ast.expr) -> Any:
    match value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="date"), attr="fromisoformat"), args=[ast.Constant(day)]):
            return date.fromisoformat(str(day))
    try:
        return ast.literal_eval(value)
    except ValueError:
        raise BadInput(f"A parameter's value is a data literal, not {ast.unparse(value)}.") from None


def _literal(value: Any) -> str:
    constant: ast.expr = ast.Constant(value.isoformat() if isinstance(value, date) else value)
    if isinstance(value, list):
        constant = ast.List([ast.Constant(one) for one in value])
    if isinstance(value, date):
        constant = ast.Call(ast.Attribute(ast.Name("date"), "fromisoformat"), [constant], [])
    return ast.unparse(constant)


def _read(one: Parameter, said: Any) -> Any:
    if said is None or (said == "" and one.optional):
        if not one.optional:
            raise BadInput(f"{one.name} needs a value.")
        return None
    try:
        return _as_kind(one, said)
    except (TypeError, ValueError):
        raise BadInput(f"{one.name} is {_WANTED[one.kind]}, not {said!r}.") from None


_WANTED: dict[Kind, str] = {
    "text": f"a text of at most {_LONGEST} letters", "whole": "a whole number", "number": "a number",
    "yes_no": "yes or no", "day": "a day such as 2026-01-31", "choice": "a choice", "purpose": "a purpose",
    "customer": "a customer's id", "source": "a source's name", "several": "a list, parted by commas",
}  # fmt: skip


def _as_kind(one: Parameter, said: Any) -> Any:
    match one.kind:
        case "whole":
            return int(str(said))
        case "number":
            return _finite(float(str(said)))
        case "yes_no":
            return _yes(str(said).lower())
        case "several":
            return _several(one, said if isinstance(said, list) else str(said).split(","))
        case "choice" | "purpose":
            return _one_of(one, str(said))
    return date.fromisoformat(str(said)) if one.kind == "day" else _short(str(said))


def _several(one: Parameter, parts: Sequence[Any]) -> list[str]:
    return [_one_of(one, _short(str(part))) for part in parts if str(part).strip()]


def _one_of(one: Parameter, said: str) -> str:
    """The word, where only some may be said one of those; raises NotFound."""
    if one.choices and said not in one.choices:
        raise NotFound(one.name, said, one.choices)
    return said


def _finite(said: float) -> float:
    if said in (float("inf"), float("-inf")) or said != said:  # noqa: PLR0124 not a number is not itself
        raise ValueError(said)
    return said


def _yes(said: str) -> bool:
    if said not in (*_YES, *_NO):
        raise ValueError(said)
    return said in _YES


def _short(said: str) -> str:
    if len(said) > _LONGEST or "\0" in said:
        raise ValueError(said)
    # What ends a line, or half a letter, has no place in a name.
    return " ".join(said.encode("utf-8", "ignore").decode().split())
