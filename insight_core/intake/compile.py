"""Compile: a recipe over a table's columns becomes one SELECT of typed values and faults."""

from collections.abc import Mapping
from typing import NamedTuple

from insight_core.intake import values as v
from insight_core.intake.ahead import Fault, ahead
from insight_core.intake.examples import by_example
from insight_core.intake.reasons import Reason
from insight_core.intake.recipe import Recipe, Spec, template_parts
from insight_core.intake.targets import Target, targets
from insight_core.records.datasets import ABOUT_A_PARTY, payload

_CODES = {
    "date": Reason.BAD_DATE,
    "instant": Reason.BAD_DATE,
    "integer": Reason.BAD_NUMBER,
    "money": Reason.BAD_NUMBER,
    "ratio": Reason.BAD_NUMBER,
    "boolean": Reason.BAD_BOOLEAN,
    "choice": Reason.UNKNOWN_VALUE,
    "list": Reason.BAD_JSON,
}


class Layout(NamedTuple):
    """A table as the compiler sees it: cells by column, the row as JSON for quarantine and the cells that it needs.

    `clean` says that cells come without blanks around them and with NULL for what spells nothing.
    """

    relation: str
    cells: Mapping[str, str]
    raw: str
    raw_cells: list[str]
    native: bool
    clean: bool


def select(recipe: Recipe, source: str, file: str, table: Layout, now: int) -> str:
    """One SELECT: file, line, every column of the dataset, and for a faulty row `faults` and `raw`.

    `now`, in epoch seconds, is the clock that no date of the past may lie ahead of.
    """
    wanted = targets(recipe)
    inputs = [name for name in recipe.inputs if name in table.cells]
    short = {name: f"x{number}" for number, name in enumerate(inputs)}
    keep = ", ".join(["__line", "__fault", "__text", *table.raw_cells])
    bare = "".join(
        f", {table.cells[name] if table.clean else v.bare(table.cells[name])} AS {short[name]}" for name in inputs
    )
    cells = "".join(f", {one if table.clean else v.known(one, recipe.nulls)} AS {one}" for one in short.values())
    texts = "".join(f", {text_of(one, short)} AS {v.name('s_' + one.name)}" for one in wanted)
    kept = "".join(f", {v.name('s_' + one.name)}" for one in wanted)
    halves = "".join(f", {_half(one, table.native)} AS {v.name('h_' + one.name)}" for one in wanted)
    typed = "".join(f", {_final(one)} AS {v.name('v_' + one.name)}" for one in wanted)
    made = "".join(f", {v.name('v_' + one.name)}" for one in wanted)
    faults = [(one, *fault) for one in wanted for fault in [*_faults(one), *ahead(recipe.dataset, one, wanted, now)]]
    faulty = " OR ".join(["__fault IS NOT NULL", *(condition for _, condition, _, _ in faults)])
    return f"""
    WITH bare AS (SELECT {keep}{bare} FROM {table.relation}),
    cells AS (SELECT {keep}{cells} FROM bare),
    texts AS (SELECT {keep}{texts} FROM cells),
    halves AS (SELECT {keep}{kept}{halves} FROM texts),
    typed AS (SELECT {keep}{kept}{typed} FROM halves),
    judged AS (SELECT {keep}{kept}{made}, {faulty} AS __bad FROM typed)
    SELECT __line AS line, {v.quoted(file)} AS file, {_outcome(recipe, source, wanted)},
      CASE WHEN __bad THEN {_fault_list(faults)} END AS faults,
      CASE WHEN __bad THEN {table.raw} END AS raw
    FROM judged"""


def text_of(target: Target, cells: Mapping[str, str]) -> str:
    """The text that a target reads, before it is typed; NULL when nothing is known."""
    spec = target.spec
    if spec.value is not None:
        return v.quoted(spec.value)
    if spec.flags:
        return _flags(spec, cells)
    text = cells[spec.column] if spec.column else _filled(spec.template or "", cells, target.strict)
    if spec.pattern:
        text = f"nullif(regexp_extract({text}, {v.quoted(spec.pattern)}, 1), '')"
    return v.translated(text, spec.map)


def _filled(template: str, cells: Mapping[str, str], strict: bool) -> str:
    parts = template_parts(template)
    named = [cells[column] for _, column in parts if column]
    if strict and len(parts) == 1 and not parts[0][0]:
        return named[0]
    pieces = [piece for text, column in parts for piece in _pieces(text, cells[column] if column else None, strict)]
    joined = " || ".join(pieces)
    if strict or not named:
        return f"({joined})"
    return (
        f"CASE WHEN coalesce({', '.join(named)}) IS NOT NULL THEN trim(regexp_replace({joined}, '\\s+', ' ', 'g')) END"
    )


def _pieces(text: str, cell: str | None, strict: bool) -> list[str]:
    made = [v.quoted(text)] if text else []
    if cell:
        made.append(cell if strict else f"coalesce({cell}, '')")
    return made


def _flags(spec: Spec, cells: Mapping[str, str]) -> str:
    words = [one.lower() for one in spec.when] or list(v.YES)
    named = [cells[column] for column in spec.flags.values()]
    held = [f"CASE WHEN {v.among(f'lower({cells[column]})', words)} THEN {v.quoted(item)} END"
            for item, column in spec.flags.items()]  # fmt: skip
    items = f"list_filter([{', '.join(held)}], lambda item: item IS NOT NULL)"
    return f"CASE WHEN coalesce({', '.join(named)}) IS NOT NULL THEN CAST(to_json({items}) AS VARCHAR) END"


def _half(target: Target, native: bool) -> str:
    text, style = v.name("s_" + target.name), target.spec.number
    match target.type:
        case "date" | "instant":
            return v.moment(text, target.spec.format, native, zoned=target.type == "instant")
        case "integer" | "money" | "ratio":
            return v.decimal(text, style)
        case "boolean":
            return v.boolean(text)
        case "choice":
            return v.choice(text, target.values)
        case "list":
            return v.listed(text)
    return text


def _final(target: Target) -> str:
    half = v.name("h_" + target.name)
    match target.type:
        case "date":
            return v.sane(half, f"CAST({half} AS DATE)")
        case "instant":
            return v.sane(half, f"CAST(floor(epoch({half})) AS BIGINT)")
        case "integer":
            return v.whole(half)
        case "money" | "ratio":
            return v.micro(half)
    return half


def _faults(target: Target) -> list[Fault]:
    """Condition, reason and message of everything that can be wrong with one target."""
    text, value = v.name("s_" + target.name), v.name("v_" + target.name)
    made = []
    if target.type in _CODES:
        made.append((f"({text} IS NOT NULL AND {value} IS NULL)", _CODES[target.type], _message(target)))
    if target.required:
        message = f"{target.name} is missing, and the row means nothing without it."
        made.append((f"{text} IS NULL", Reason.MISSING_REQUIRED, message))
    if target.special:
        consent = f"coalesce({v.name('v_basis')}, '') = 'explicit_consent'"
        message = f"{target.name} is a special category: the row's basis must be explicit_consent."
        made.append((f"({value} IS NOT NULL AND NOT {consent})", Reason.SPECIAL_WITHOUT_CONSENT, message))
    return made


def _message(target: Target) -> str:
    spec = target.spec
    match target.type:
        case "date" | "instant":
            style = by_example(spec.format) or "ISO 8601 (2026-01-31)"
            return f"{target.name} is not a date between 1850 and 2200 written as {style}."
        case "integer" | "money" | "ratio":
            whole = "whole number" if target.type == "integer" else "number"
            return f"{target.name} is not a {whole} written as {spec.number or '1234.56'}."
        case "boolean":
            return f"{target.name} is neither yes nor no."
        case "choice":
            return f"{target.name} must be one of {', '.join(target.values)}; the recipe's map can translate others."
    return f"{target.name} is not a JSON array."


def _fault_list(faults: list[tuple[Target, str, Reason, str]]) -> str:
    told = " ".join(f"WHEN {v.quoted(one)} THEN {v.quoted(f'The row is refused: {one.meaning}.')}" for one in Reason)
    row_fault = (
        f"CASE WHEN __fault IS NOT NULL THEN {{'column': '', 'value': left(__text, 200), 'code': __fault, "
        f"'message': CASE __fault {told} END}} END"
    )
    cell_faults = [
        # A row that could not be taken apart has no cells to complain about.
        (f"__fault IS NULL AND {condition}", code, message, _origin(one.spec), v.name("s_" + one.name))
        for one, condition, code, message in faults
    ]
    entries = [
        f"CASE WHEN {condition} THEN {{'column': {v.quoted(column)}, 'value': left({value}, 200), "
        f"'code': {v.quoted(code)}, 'message': {v.quoted(message)}}} END"
        for condition, code, message, column, value in cell_faults
    ]
    return f"list_filter([{', '.join([row_fault, *entries])}], lambda fault: fault IS NOT NULL)"


def _origin(spec: Spec) -> str:
    return ", ".join(spec.columns)


def _outcome(recipe: Recipe, source: str, wanted: list[Target]) -> str:
    """Every column of the dataset with its type; what the recipe does not fill is NULL."""
    made = {one.name: v.name("v_" + one.name) for one in wanted}
    about = recipe.dataset in ABOUT_A_PARTY
    party = made.get("party_key", "NULL") if about else made["key"] if recipe.dataset == "parties" else "NULL"
    head = {
        "party_source": v.quoted(recipe.party_source or source) if about or recipe.dataset == "parties" else "NULL",
        "party_key": party,
        "row_key": made.get("row_key", "NULL"),
        "counterpart_key": made.get("counterpart_key", "NULL"),
    }
    types = dict.fromkeys(head, "VARCHAR")
    for column, kind in payload(recipe.dataset).items():
        if column != "counterpart_id":
            head[column], types[column] = made.get(column, _given(recipe, column)), kind
    return ", ".join(f"CAST({value} AS {types[column]}) AS {v.name(column)}" for column, value in head.items())


def _given(recipe: Recipe, column: str) -> str:
    """What the recipe says for all its rows: how the records are known and on what terms."""
    if recipe.dataset == "parties" and column in ("method", "basis"):
        return v.quoted(getattr(recipe, column))
    if recipe.dataset == "parties" and column == "rank":
        return str(int(recipe.rank))
    return v.quoted(recipe.licence) if column == "licence" and recipe.licence else "NULL"
