"""Recipe text: a recipe written out as TOML, ready to be confirmed and saved."""

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from insight_core.intake.values import DEFAULT_NULLS

if TYPE_CHECKING:
    from insight_core.intake.recipe import Recipe, Spec

_PLAIN = ("title", "dataset", "source", "party_source", "key", "row_key", "counterpart", "area_key", "method", "rank",
          "basis", "licence")  # fmt: skip


def recipe_text(recipe: "Recipe") -> str:
    """The TOML of a recipe; reading it gives the same recipe back."""
    lines = [f"# {note}" for note in recipe.notes]
    lines += [f"name = {_value(recipe.name)}"]
    lines += [f"{name} = {_value(value)}" for name in _PLAIN if (value := getattr(recipe, name)) not in (None, "")]
    lines += [f"{name} = {_clock(spec)}" for name, spec in recipe.clocks.items()]
    lines += [f"{name} = {_value(value)}" for name in ("header", "recognise") if (value := getattr(recipe, name))]
    if recipe.nulls != DEFAULT_NULLS:
        lines.append(f"nulls = {_value(recipe.nulls)}")
    if recipe.constants:
        lines += ["", "[constants]", *(f"{_key(name)} = {_value(text)}" for name, text in recipe.constants.items())]
    lines += ["", "[columns]", *(_entry(name, spec) for name, spec in recipe.columns.items())]
    return "\n".join(lines) + "\n"


def _entry(name: str, spec: "Spec") -> str:
    line = f"{_key(name)} = {_spec(spec)}"
    if not spec.reason:
        return line
    return (
        f"{line}  # {spec.reason}; confidence {spec.confidence:.2f}" if spec.confidence else f"{line}  # {spec.reason}"
    )


def _clock(spec: "Spec") -> str:
    return _value(spec.value) if spec.value else _table(spec)


def _spec(spec: "Spec") -> str:
    extra = spec.format or spec.number or spec.map or spec.flags or spec.pattern or spec.value
    if spec.column and not extra and "{" not in spec.column:
        return _value(spec.column)
    return _value(spec.template) if spec.template and not extra else _table(spec)


def _table(spec: "Spec") -> str:
    entries = ("column", "template", "format", "number", "map", "flags", "when", "pattern", "value")
    made = {name: value for name in entries if (value := getattr(spec, name))}
    return _value(made)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    # TOML's basic strings escape as JSON's do, but for DEL, which must be escaped as well.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)
