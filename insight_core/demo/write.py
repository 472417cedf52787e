"""Writing: each extract in its own format; the same world gives the same bytes."""

import gzip
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

# The first moment that a zip file can hold.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def csv_bytes(frame: pd.DataFrame, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A table as CSV with a header; empty where nothing is known."""
    sink = io.BytesIO()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    options = pa.csv.WriteOptions(delimiter=delimiter, quoting_style="needed", quoting_header="none")
    pa.csv.write_csv(table, sink, options)
    made = sink.getvalue()
    return made if encoding == "utf-8" else made.decode("utf-8").encode(encoding)


def gz_bytes(content: bytes) -> bytes:
    """Content compressed without a name and a time in it."""
    sink = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=sink, compresslevel=3, mtime=0) as packed:
        packed.write(content)
    return sink.getvalue()


def json_lines_bytes(frame: pd.DataFrame) -> bytes:
    """A table as JSON lines."""
    return frame.to_json(None, orient="records", lines=True, force_ascii=False).encode("utf-8")


def parquet_bytes(frame: pd.DataFrame) -> bytes:
    """A table as Parquet."""
    sink = io.BytesIO()
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pa.parquet.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def xlsx_bytes(frame: pd.DataFrame, sheet: str) -> bytes:
    """A table as a workbook with one sheet."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(sheet)
    page.append(list(frame.columns))
    for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
        page.append([one.to_pydatetime() if isinstance(one, pd.Timestamp) else one for one in row])
    sink = io.BytesIO()
    book.save(sink)
    return _without_times(sink.getvalue())


def zip_bytes(files: dict[str, bytes]) -> bytes:
    """Files as a zip without times in it."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as packed:
        for name, content in files.items():
            packed.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), content, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def _without_times(workbook: bytes) -> bytes:
    """The workbook with fixed times inside and outside its parts."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    properties = openpyxl.packaging.core.DocumentProperties(creator="Sales")
    properties.created = properties.modified = datetime(*ZIP_EPOCH, tzinfo=UTC).replace(tzinfo=None)
    files["docProps/core.xml"] = openpyxl.xml.functions.tostring(properties.to_tree())
    return zip_bytes(files)


FORMATS: dict[str, tuple[str, Any]] = {
    "crm": ("crm_customers.csv", csv_bytes),
    "billing": ("billing_accounts.csv", lambda frame: csv_bytes(frame, ";", "cp1252")),
    "webshop": ("webshop_accounts.jsonl", json_lines_bytes),
    "sales": ("sales_accounts.xlsx", lambda frame: xlsx_bytes(frame, "Accounts")),
    "products": ("products.csv", csv_bytes),
    "orders": ("orders.csv.gz", lambda frame: gz_bytes(csv_bytes(frame, "\t"))),
    "contact_log": ("contact_log.parquet", parquet_bytes),
    "app_log": ("app_log.jsonl.gz", lambda frame: gz_bytes(json_lines_bytes(frame))),
    "call_records": ("call_records.csv.gz", lambda frame: gz_bytes(csv_bytes(frame))),
    "consents": ("consents.csv", csv_bytes),
    "areas": ("areas.csv", csv_bytes),
    "industries": ("industries.csv", csv_bytes),
}
# The source that each extract speaks for; what orders say of products must come from the same source.
SOURCES: dict[str, str] = {
    "crm": "crm", "billing": "billing", "webshop": "webshop", "sales": "sales", "products": "orders",
    "orders": "orders", "contact_log": "contact_centre", "app_log": "app", "call_records": "network",
    "consents": "consent_desk", "areas": "statistics", "industries": "statistics",
}  # fmt: skip


def write_extracts(frames: dict[str, pd.DataFrame], out: Path) -> list[dict[str, str]]:
    """Write every extract; gives path, source and recipe of each, in the order in which to load them."""
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for name, frame in frames.items():
        file_name, made = FORMATS[name]
        (out / file_name).write_bytes(made(frame))
        recipe = f"demo-{name.replace('_', '-')}"
        files.append({"path": str(out / file_name), "source": SOURCES[name], "recipe": recipe})
    return files
