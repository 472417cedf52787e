"""Values: SQL that turns the text of a cell into a typed value, or NULL when it cannot."""

import re
from collections.abc import Iterable, Mapping

from insight_core.errors import BadInput
from insight_core.intake.reasons import Reason

DEFAULT_NULLS = (
    # "Null" is a surname: only the spellings that programs write are taken for nothing.
    "", "NULL", "null", "(null)", "<null>", "None", "none", "NONE", "nil", "NIL", "N/A", "n/a", "#N/A", "NA", "na",
    "NaN", "nan", "-", "--", "\\N", "?", "undefined", "unknown", "Unknown", "UNKNOWN",
)  # fmt: skip
YES = ("yes", "y", "true", "t", "1", "ja", "j", "oui", "o", "si", "sí", "s", "sim", "x", "on", "wahr", "vrai")
NO = ("no", "n", "false", "f", "0", "nein", "non", "não", "nao", "off", "falsch", "faux", "falso")
BLANKS = " \t\r\n\u00a0\ufeff"
_CURRENCY = "[$€£¥₹\\s\u00a0\u202f'\u2019]|USD|EUR|GBP|CHF|Fr\\."


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A name as an SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def among(expression: str, values: Iterable[str]) -> str:
    """Whether the expression is one of the values."""
    return f"{expression} IN ({', '.join(quoted(one) for one in values)})"


def bare(cell: str) -> str:
    """The cell without blanks around it."""
    return f"trim({cell}, {quoted(BLANKS)})"


def known(text: str, nulls: tuple[str, ...]) -> str:
    """The text, or NULL when it is empty or one of the null spellings."""
    spellings = sorted({"", *(one.strip() for one in nulls)})
    longest = max(len(one.encode()) for one in spellings)
    # Long cells cannot be a spelling of nothing: the list is not looked at for them.
    return f"CASE WHEN strlen({text}) > {longest} THEN {text} WHEN {among(text, spellings)} THEN NULL ELSE {text} END"


def translated(text: str, values: Mapping[str, str]) -> str:
    """The text by the map, NULL where that says nothing; a text that is not in it stays."""
    if not values:
        return text
    exact = " ".join(f"WHEN {quoted(one)} THEN {_or_null(to)}" for one, to in values.items())
    lower = " ".join(f"WHEN {quoted(one.lower())} THEN {_or_null(to)}" for one, to in list(values.items())[::-1])
    return f"CASE {text} {exact} ELSE CASE lower({text}) {lower} ELSE {text} END END"


def _or_null(text: str) -> str:
    return quoted(text) if text else "NULL"


def choice(text: str, values: tuple[str, ...]) -> str:
    """The one of the values that the text spells, whatever its case, blanks and hyphens."""
    plain = f"CASE WHEN {among(text, values)} THEN {text} ELSE "
    folded = f"replace(replace(lower({text}), ' ', '_'), '-', '_')"
    return f"{plain}CASE WHEN {among(folded, values)} THEN {folded} END END"


def boolean(text: str) -> str:
    """TRUE or FALSE from the usual words of five languages."""
    return f"CASE WHEN {among(f'lower({text})', YES)} THEN true WHEN {among(f'lower({text})', NO)} THEN false END"


def decimal(text: str, style: str | None) -> str:
    """A DECIMAL(18, 6) from plain digits, or from digits in the style of an example such as 1.234,56."""
    if style is None:
        # The cast alone would take 1_000 for a number.
        return f"TRY_CAST(CASE WHEN NOT contains({text}, '_') THEN {text} END AS DECIMAL(18, 6))"
    thousands, mark = number_marks(style)
    digits = f"regexp_replace({text}, {quoted(_CURRENCY)}, '', 'g')"
    # Accountants write minus as brackets, some ledgers write it behind.
    signed = f"regexp_replace({digits}, '^(?:\\((.*)\\)|([^-]+)-)$', '-\\1\\2')"
    grouped = f"\\d{{1,3}}(?:{re.escape(thousands)}\\d{{3}})+|\\d*" if thousands else "\\d*"
    shape = f"[-+]?(?:{grouped})(?:{re.escape(mark)}\\d*)?"
    plain = f"replace({signed}, {quoted(thousands)}, '')" if thousands else signed
    plain = plain if mark == "." else f"replace({plain}, {quoted(mark)}, '.')"
    return f"CASE WHEN regexp_full_match({signed}, {quoted(shape)}) THEN TRY_CAST({plain} AS DECIMAL(18, 6)) END"


def whole(number: str) -> str:
    """A DECIMAL as BIGINT; 3.0 is one, 3.7 is not."""
    return f"CASE WHEN {number} = trunc({number}) THEN CAST({number} AS BIGINT) END"


def micro(number: str) -> str:
    """A DECIMAL as an integer of 1e-6."""
    return f"CAST(CAST({number} AS DECIMAL(38, 6)) * 1000000 AS BIGINT)"


def number_marks(style: str) -> tuple[str, str]:
    """The thousands mark ('' if none) and the decimal mark of an example such as 1.234,56; raises BadInput."""
    marks = re.sub(r"[^.,]", "", style)
    blank = "" if not re.search(r"\d['\u2019\s]\d{3}", style) else " "
    if not re.search(r"\d", style) or len(set(marks)) != len(marks):
        message = f"The number example {style!r} must show each mark once, such as 1,234.56, 1.234,56 or 1234,56."
        raise BadInput(message, Reason.BAD_RECIPE)
    if len(marks) == 2:
        return marks[0], marks[1]
    if blank or not marks:
        return "", marks or "."
    after = re.split(r"[.,]", style)[1]
    whole = len(re.sub(r"\D", "", after)) == 3
    return (marks, "," if marks == "." else ".") if whole else ("", marks)


def moment(text: str, formats: tuple[str, ...], native: bool, zoned: bool) -> str:
    """A TIMESTAMP in UTC; without formats ISO 8601 is read.

    `native` says that the file itself holds dates, which arrive in ISO spelling whatever the recipe's format;
    `zoned` that an offset counts: a birthday is the same day everywhere, an instant is not.
    """
    # By way of the epoch, for the cast from one kind of timestamp to the other takes longer than reading the text.
    instant = f"make_timestamp(epoch_us(TRY_CAST({text} AS TIMESTAMPTZ)))"
    cast = instant if zoned else f"TRY_CAST({text} AS TIMESTAMP)"
    # The cast knows words such as epoch and infinity: a date begins with a digit.
    spelled = f"CASE WHEN {text} >= '0' AND {text} < ':' THEN {cast} END"
    compact = f"CASE WHEN strlen({text}) = 8 THEN try_strptime({text}, '%Y%m%d') END"
    iso = f"coalesce({spelled}, {compact})"
    if not formats:
        return iso
    return f"coalesce({_by_format(text, formats)}, {iso})" if native else _by_format(text, formats)


def sane(timestamp: str, then: str) -> str:
    """`then` for a moment between 1850 and 2200, else NULL."""
    return f"CASE WHEN {timestamp} BETWEEN TIMESTAMP '1850-01-01' AND TIMESTAMP '2200-12-31 23:59:59' THEN {then} END"


def _by_format(text: str, formats: tuple[str, ...]) -> str:
    counted = {"epoch": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
    made = [f"make_timestamp(TRY_CAST({text} AS BIGINT) * {counted[one]})" for one in formats if one in counted]
    spelled = [one for one in formats if one not in counted]
    if spelled:
        made.append(f"CAST(try_strptime({text}, [{', '.join(quoted(one) for one in spelled)}]) AS TIMESTAMP)")
    return made[0] if len(made) == 1 else f"coalesce({', '.join(made)})"


def listed(text: str) -> str:
    """A JSON array of texts, from JSON or from a list parted by semicolons, bars or commas."""
    split = f"CAST(to_json(string_split_regex({text}, '\\s*[;|,]\\s*')) AS VARCHAR)"
    array = f"{text} LIKE '[%'"
    valid = f"CASE WHEN json_valid({text}) THEN CAST(CAST({text} AS JSON) AS VARCHAR) END"
    return f"CASE WHEN {array} THEN {valid} ELSE {split} END"
