"""Reasons: why a row went to quarantine or a file was refused, each with its meaning."""

from enum import StrEnum


class Reason(StrEnum):
    """A stable code; `meaning` says it in one line."""

    MISSING_REQUIRED = "missing_required"
    BAD_DATE = "bad_date"
    AMBIGUOUS_DATE = "ambiguous_date"
    BAD_NUMBER = "bad_number"
    BAD_BOOLEAN = "bad_boolean"
    UNKNOWN_VALUE = "unknown_value"
    RAGGED = "ragged"
    TOO_LONG = "too_long"
    UNDECODABLE = "undecodable"
    BAD_JSON = "bad_json"
    SPECIAL_WITHOUT_CONSENT = "special_without_consent"
    EMPTY = "empty"
    BAD_HEADER = "bad_header"
    MISSING_COLUMN = "missing_column"
    WRONG_FORMAT = "wrong_format"
    DAMAGED_FILE = "damaged_file"
    TOO_LARGE = "too_large"
    BAD_RECIPE = "bad_recipe"

    @property
    def meaning(self) -> str:
        """One plain line."""
        return _MEANINGS[self]


_MEANINGS: dict[Reason, str] = {
    Reason.MISSING_REQUIRED: "a value without which the row means nothing is missing",
    Reason.BAD_DATE: "not a date in the stated format, not between 1850 and 2200, or of the past and yet to come",
    Reason.AMBIGUOUS_DATE: "day and month cannot be told apart and the recipe states no format",
    Reason.BAD_NUMBER: "not a number in the stated style, or too large",
    Reason.BAD_BOOLEAN: "neither yes nor no",
    Reason.UNKNOWN_VALUE: "not one of the values that the field may hold, nor in the recipe's map",
    Reason.RAGGED: "the row has more or fewer cells than the header",
    Reason.TOO_LONG: "a cell is longer than 65,536 bytes",
    Reason.UNDECODABLE: "bytes that are no text in the file's encoding, or a NUL",
    Reason.BAD_JSON: "the line is not a JSON object",
    Reason.SPECIAL_WITHOUT_CONSENT: "a special-category value without the basis explicit_consent",
    Reason.EMPTY: "the file holds no rows",
    Reason.BAD_HEADER: "the header cannot be used",
    Reason.MISSING_COLUMN: "the file lacks a column that the recipe names",
    Reason.WRONG_FORMAT: "the file is none of the formats that can be read",
    Reason.DAMAGED_FILE: "the file is truncated or damaged",
    Reason.TOO_LARGE: "the file passes a limit that protects the machine",
    Reason.BAD_RECIPE: "the recipe contradicts itself or the catalogue",
}


def told(problem: Exception) -> str:
    """The first line of a library's error, ready to be put into a sentence."""
    lines = str(problem).strip().splitlines()
    return lines[0].strip().rstrip(".")[:200] if lines else type(problem).__name__
