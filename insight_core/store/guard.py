"""Guard: triggers that keep rows from being changed or deleted, in the words of each database."""

from collections.abc import Iterator

_ACTS = ("UPDATE", "DELETE")


def never_changed(table: str, dialect: str) -> Iterator[str]:
    """The statements of a migration after which rows of the table stay as they are."""
    if dialect == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION never_changed() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' rows are never changed'; END $$"
        )
    for act in _ACTS:
        does = f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
        if dialect == "postgresql":
            does = "FOR EACH ROW EXECUTE FUNCTION never_changed()"
        yield f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {does}"
