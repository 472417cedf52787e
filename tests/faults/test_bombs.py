"""Files made to harm whoever opens them: refused in one line and with little memory, or read as the text they hold (F17)."""

import gzip
import io
import json
import resource
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from insight_core.errors import BadInput
from insight_core.intake import Parsed, parse
from insight_core.intake.recipe import parse_recipe
from insight_core.records.clock import epoch
from tests.faults.conftest import NOW

RECIPE = 'dataset = "parties"\nkey = "{id}"\n[constants]\nkind = "person"\n[columns]\ngiven_name = "name"\n'
GOOD = b"id,name\n1,Ada\n2,Bo\n"
_MB = 1 << 20


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.create_system, made.external_attr = 3, 0o120777 << 16
    return made


def workbook(**parts: bytes) -> bytes:
    """A workbook of two people, some of its parts replaced or added; `xl__a__b` names xl/a/b.xml."""
    book, made = Workbook(), io.BytesIO()
    for row in (("id", "name"), ("1", "Ada"), ("2", "Bo")):
        book.active.append(row)
    book.save(made)
    with zipfile.ZipFile(made) as archive:
        content = {one: archive.read(one) for one in archive.namelist()}
    content |= {name.replace("__", "/") + ".xml": part for name, part in parts.items()}
    return zipped(*content.items())


def lying(archive: bytes, name: str, size: int) -> bytes:
    """The archive with one part said to be of that size, in both places that say it."""
    made = bytearray(archive)
    for mark, at, length in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        start = archive.index(mark)
        while archive[start + length : start + length + len(name)] != name.encode():
            start = archive.index(mark, start + 1)
        made[start + at : start + at + 4] = struct.pack("<I", size)
    return bytes(made)


def parquet(rows: int, name: str) -> bytes:
    made, repeated = io.BytesIO(), pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()).fill_null(0), [name])
    pq.write_table(pa.table({"id": repeated, "name": repeated}), made, compression="zstd")
    return made.getvalue()


_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">%s]><sst count="1" uniqueCount="1"><si><t>&a30;</t></si></sst>'
    % (b"".join(b'<!ENTITY a%d "&a%d;&a%d;">' % (n, n - 1, n - 1) for n in range(1, 31)))
)
_DEEP = b"<sst>" + b"<si>" * 2_000_000
_BIG = "xl/worksheets/sheet1.xml"


def bombs() -> dict[str, tuple[str, bytes, str]]:
    """What it is: its name, its bytes, and what is said of it."""
    many = zipped(*((f"{n}.csv", b"") for n in range(1_001)))
    huge = b"<worksheet><sheetData>" + bytes(64 * _MB)
    return {
        "a zip of zeros": ("a.zip", zipped(("a.csv", bytes(32 * _MB))), "more than the limit"),
        "a gzip of zeros": ("a.csv.gz", gzip.compress(GOOD + b"1,A\n" * (16 * _MB)), "more than the limit"),
        "a gzip in a zip": ("a.zip", zipped(("a.csv", gzip.compress(GOOD))), "archive within an archive"),
        "a zip in a zip": ("a.zip", zipped(("a.csv", zipped(("b.csv", GOOD)))), "archive within an archive"),
        "a zip of too many files": ("a.zip", many, "1,001 files"),
        "a zip whose sizes lie": ("a.zip", lying(zipped(("a.csv", GOOD * 99)), "a.csv", 9), "damaged"),
        "a path that climbs": ("a.zip", zipped(("../../a.csv", GOOD)), "points outside"),
        "a path of Windows that climbs": ("a.zip", zipped(("x\\..\\..\\a.csv", GOOD)), "points outside"),
        "a path with a drive": ("a.zip", zipped(("C:\\a.csv", GOOD)), "points outside"),
        "a link to elsewhere": ("a.zip", zipped((link("a.csv"), b"/etc/passwd")), "link instead of a file"),
        "a workbook of zeros": ("a.xlsx", workbook(xl__worksheets__sheet1=huge), "more than the limit"),
        "a workbook whose sizes lie": (
            "a.xlsx", lying(workbook(xl__worksheets__sheet1=huge), _BIG, 9_000), "damaged"),
        "a billion laughs": ("a.xlsx", workbook(xl__sharedStrings=_LAUGHS), "damaged"),
        "laughs without a workbook": ("a.xml", _LAUGHS, "XML or HTML"),
        "a workbook nested too deep": ("a.xlsx", workbook(xl__sharedStrings=_DEEP), "damaged"),
        "Parquet of one row repeated": ("a.parquet", parquet(20_000_000, "A" * 60_000), "more than the limit"),
        "Parquet of zeros": ("a.parquet", parquet_of_zeros(), "more than the limit"),
    }  # fmt: skip


def parquet_of_zeros() -> bytes:
    made, zeros = io.BytesIO(), pa.array([bytes(32 * _MB)])
    pq.write_table(pa.table({"id": ["1"], "name": zeros}), made, compression="zstd", use_dictionary=False)
    return made.getvalue()


def _opened(paths: list[Path], folder: Path) -> list[tuple[str, int, int]]:
    """What is said of each file, by how many MB the process grew, and how many bytes it left."""
    found = []
    for path in paths:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        try:
            parse([path], parse_recipe(RECIPE, "test"), "test", folder / "staging", epoch(NOW))
            said = "was read"
        except Exception as fault:  # noqa: BLE001 the parent tells which it should have been
            said = f"{type(fault).__name__}: {fault}"
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        left = sum(one.stat().st_size for one in (folder / "staging").rglob("*"))
        found.append((said, grown >> 10, left))
    return found


@pytest.mark.long  # one in many runs stands still in the reader: it waits for itself
def test_a_bomb_is_refused_in_one_line_before_it_costs_anything(tmp_path):
    """The opening is done by a fresh process, so that what it takes can be told."""
    made, paths = bombs(), []
    for number, (name, content, _) in enumerate(made.values()):
        paths.append(tmp_path / str(number) / name)
        paths[-1].parent.mkdir()
        paths[-1].write_bytes(content)
    words = [sys.executable, "-m", "tests.faults.test_bombs", str(tmp_path), *map(str, paths)]
    ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode == 0, ended.stderr
    for (what, (_, _, words_of_it)), (said, grown, left) in zip(made.items(), json.loads(ended.stdout), strict=True):
        assert said.startswith("BadInput: "), f"{what}: {said}"
        assert words_of_it in said, f"{what}: {said}"
        assert "\n" not in said, f"{what}: {said}"
        assert grown < 200, f"{what} took {grown} MB"
        assert left < _MB, f"{what} left {left} bytes"


def _read(path: Path, content: bytes) -> Parsed:
    path.write_bytes(content)
    return parse([path], parse_recipe(RECIPE, "test"), "test", path.parent / "staging", epoch(NOW))


def _names(parsed: Parsed) -> list[str | None]:
    return [row[0] for row in parsed.engine.execute(f"SELECT given_name FROM {parsed.rows} ORDER BY line").fetchall()]


_EXTERNAL = (
    b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook/></externalLink>'
)
_MACRO = b'Sub Auto_Open() : Shell "touch ran" : End Sub'


@pytest.mark.parametrize("parts", [{"xl__externalLinks__externalLink1": _EXTERNAL}, {"xl__vbaProject": _MACRO}])
def test_of_a_workbook_that_reaches_out_or_would_run_only_the_cells_are_read(tmp_path, parts):
    """Nothing follows a link, computes a formula or runs a macro: a cell is what was last saved in it."""
    parsed = _read(tmp_path / "a.xlsm", workbook(**parts))
    assert _names(parsed) == ["Ada", "Bo"]
    assert not list(tmp_path.rglob("ran"))


def test_a_formula_that_calls_out_is_no_value(tmp_path):
    book, made = Workbook(), io.BytesIO()
    for row in (("id", "name"), ("1", '=WEBSERVICE("http://example.com")'), ("2", "Bo")):
        book.active.append(row)
    book.save(made)
    assert _names(_read(tmp_path / "a.xlsx", made.getvalue())) == [None, "Bo"]


def test_an_archive_is_refused_as_a_whole_when_one_of_its_files_is_bad(tmp_path):
    with pytest.raises(BadInput, match="points outside"):
        _read(tmp_path / "a.zip", zipped(("good.csv", GOOD), ("../bad.csv", GOOD)))


if __name__ == "__main__":
    print(json.dumps(_opened([Path(one) for one in sys.argv[2:]], Path(sys.argv[1]))))  # noqa: T201 read by the test
