"""Recipe: how one layout of input becomes rows of one dataset."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from insight_core.errors import BadInput
from insight_core.intake.examples import by_example
from insight_core.intake.reasons import Reason, told
from insight_core.intake.recipe_text import recipe_text
from insight_core.intake.values import DEFAULT_NULLS

_SPEC_KEYS = {"column", "template", "format", "number", "map", "flags", "when", "pattern", "value"}


@dataclass(frozen=True, slots=True)
class Spec:
    """Where one target gets its text: a column, a template over columns, or yes/no flags, and how to read it.

    `reason` and `confidence` (0 to 1) are filled for a proposed mapping only.
    """

    column: str | None = None
    template: str | None = None
    format: tuple[str, ...] = ()
    number: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    flags: Mapping[str, str] = field(default_factory=dict)
    when: tuple[str, ...] = ()
    pattern: str | None = None
    value: str | None = None
    reason: str = ""
    confidence: float | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The input columns that it reads, each once, in order."""
        named = [self.column] if self.column else [*template_columns(self.template or ""), *self.flags.values()]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class Recipe:
    """One input layout read as one dataset; see CONTRIBUTING for the file format."""

    name: str
    dataset: str
    title: str = ""
    source: str | None = None
    party_source: str | None = None
    key: str | None = None
    row_key: str | None = None
    counterpart: str | None = None
    area_key: str | None = None
    method: str = "declared"
    rank: int = 50
    basis: str = "contract"
    licence: str | None = None
    observed_at: Spec | None = None
    verified_at: Spec | None = None
    header: tuple[str, ...] = ()
    recognise: tuple[str, ...] = ()
    nulls: tuple[str, ...] = DEFAULT_NULLS
    constants: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Spec] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def templates(self) -> dict[str, str]:
        """The templates that make keys, by what they make."""
        made = {name: getattr(self, name) for name in ("key", "row_key", "counterpart", "area_key")}
        return {name: text for name, text in made.items() if text}

    @property
    def clocks(self) -> dict[str, Spec]:
        """The stated clocks of a party record or reference."""
        made = {"observed_at": self.observed_at, "verified_at": self.verified_at}
        return {name: spec for name, spec in made.items() if spec}

    @property
    def inputs(self) -> tuple[str, ...]:
        """Every input column that is read, each once, in order."""
        named = [name for text in self.templates.values() for name in template_columns(text)]
        for spec in (*self.clocks.values(), *self.columns.values()):
            named.extend(spec.columns)
        return tuple(dict.fromkeys(named))

    @property
    def mapping(self) -> list[dict[str, Any]]:
        """One row per target: field, from, how, reason, confidence."""
        rows = [_mapping_row(name, Spec(template=text)) for name, text in self.templates.items()]
        rows += [_mapping_row(name, spec) for name, spec in (self.clocks | dict(self.columns)).items()]
        return rows + [_mapping_row(name, Spec(value=text)) for name, text in self.constants.items()]

    def text(self) -> str:
        """The recipe as TOML."""
        return recipe_text(self)


def template_columns(template: str) -> list[str]:
    """The columns that a template such as `{number} {street}` names."""
    try:
        return [name for _, name, _, _ in Formatter().parse(template) if name]
    except ValueError:
        raise _bad(f"The template {template!r} has a brace without its partner.") from None


def template_parts(template: str) -> list[tuple[str, str | None]]:
    """Pairs of literal text and the column that follows it (None at the end)."""
    return [(text, name or None) for text, name, _, _ in Formatter().parse(template)]


def parse_recipe(text: str, name: str) -> Recipe:
    """A recipe from TOML; raises BadInput naming the recipe and the entry."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise _bad(f"The recipe {name!r} is not TOML: {told(problem)}.") from None
    known = set(Recipe.__dataclass_fields__) - {"notes"}
    for entry in raw:
        if entry not in known:
            raise _bad(f"The recipe {name!r} has an entry {entry!r}. Known: {', '.join(sorted(known))}.")
    if "dataset" not in raw:
        raise _bad(f'The recipe {name!r} does not say which dataset it fills: dataset = "parties".')
    return _recipe({"name": name} | raw)


def _recipe(raw: dict[str, Any]) -> Recipe:
    for entry in ("header", "recognise", "nulls"):
        if entry in raw:
            raw[entry] = tuple(str(one) for one in raw[entry])
    for entry in ("observed_at", "verified_at"):
        if entry in raw:
            raw[entry] = _spec(entry, raw[entry] if isinstance(raw[entry], dict) else {"value": str(raw[entry])})
    raw["constants"] = {key: _plain(value) for key, value in raw.get("constants", {}).items()}
    raw["columns"] = {key: _spec(key, value) for key, value in raw.get("columns", {}).items()}
    return Recipe(**raw)


def _spec(target: str, raw: Any) -> Spec:
    if isinstance(raw, str):
        return Spec(template=raw) if "{" in raw else Spec(column=raw)
    if not isinstance(raw, dict) or not raw or set(raw) - _SPEC_KEYS:
        raise _bad(f"The entry {target!r} must be a column, a template, or a table of {', '.join(sorted(_SPEC_KEYS))}.")
    made = dict(raw)
    for entry in ("format", "when"):
        if entry in made:
            made[entry] = (made[entry],) if isinstance(made[entry], str) else tuple(made[entry])
    if "map" in made:
        made["map"] = {str(key): _plain(value) for key, value in made["map"].items()}
    return Spec(**made)


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _mapping_row(target: str, spec: Spec) -> dict[str, Any]:
    origin = spec.column or spec.template or (", ".join(spec.flags.values()) if spec.flags else f"always {spec.value}")
    how = [f"dates as {by_example(spec.format)}"] if spec.format else []
    how += [f"numbers as {spec.number}"] if spec.number else []
    how += ["values translated"] if spec.map else []
    how += [f"pattern {spec.pattern}"] if spec.pattern else []
    return {
        "field": target,
        "from": origin,
        "how": "; ".join(how),
        "reason": spec.reason,
        "confidence": spec.confidence,
    }


def _bad(message: str) -> BadInput:
    return BadInput(message, Reason.BAD_RECIPE)
