"""Bad input: one clear line or quarantined rows, never another error and nothing half read."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from insight_core.errors import BadInput, UserError
from insight_core.intake import limits
from insight_core.intake.reasons import Reason

HEAD = "id,name\n"


def zipped(*entries: tuple[str, bytes], **options: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", options.get("compression", zipfile.ZIP_DEFLATED)) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return made.getvalue()


PARQUET_CUT = b"PAR1" + b"\x15\x04" * 200
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
GOOD = (HEAD + "1,Ada\n2,Bo\n").encode()

WHOLE_FILES = [
    ("nothing at all", "people.csv", b"", "empty", Reason.EMPTY),
    ("blanks only", "people.csv", b" \r\n \n", "nothing but blanks", Reason.EMPTY),
    ("a header only", "people.csv", HEAD.encode(), "holds a header and no rows", Reason.EMPTY),
    ("a header and blank lines", "people.csv", HEAD.encode() + b"\n\n", "holds", Reason.EMPTY),
    ("a picture", "people.csv", PNG, "is a PNG picture", Reason.WRONG_FORMAT),
    ("a document", "people.csv", b"%PDF-1.7\n1 0 obj", "is a PDF document", Reason.WRONG_FORMAT),
    ("a web page", "people.csv", b"<!DOCTYPE html><html></html>", "XML or HTML", Reason.WRONG_FORMAT),
    ("random bytes", "people.csv", bytes(range(1, 32)) * 400, "binary data", Reason.WRONG_FORMAT),
    ("20,000 columns", "wide.csv", (",".join(f"c{n}" for n in range(20_000)) + "\n1\n").encode(), "20,000 columns", Reason.TOO_LARGE),
    ("a column missing", "people.csv", b"id,nam\n1,Ada\n", "Did you mean 'nam'?", Reason.MISSING_COLUMN),
    ("a header twice", "people.csv", b"id,name,name\n1,Ada,Bo\n", "'name (1)' and 'name (2)'", Reason.MISSING_COLUMN),
    ("a cut gzip", "people.csv.gz", gzip.compress(GOOD * 500)[:60], "truncated or damaged", Reason.DAMAGED_FILE),
    ("no gzip after all", "people.csv.gz", b"\x1f\x8b" + b"junk" * 20, "truncated or damaged", Reason.DAMAGED_FILE),
    ("a cut parquet", "people.parquet", PARQUET_CUT, "damaged Parquet", Reason.DAMAGED_FILE),
    ("a cut workbook", "people.xlsx", zipped(("xl/workbook.xml", b"<x/>"))[:80], "damaged", Reason.DAMAGED_FILE),
    ("a workbook in name only", "people.xlsx", zipped(("xl/workbook.xml", b"<x/>")), "damaged or locked", Reason.DAMAGED_FILE),
    ("an old workbook in name only", "people.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "damaged or locked", Reason.DAMAGED_FILE),
    ("an archive in an archive", "a.zip", zipped(("b.zip", zipped(("people.csv", GOOD)))), "archive within an archive", Reason.WRONG_FORMAT),
    ("gzip in gzip", "a.gz", gzip.compress(gzip.compress(GOOD)), "archive within an archive", Reason.WRONG_FORMAT),
    ("an archive that points outside", "a.zip", zipped(("../people.csv", GOOD)), "points outside", Reason.WRONG_FORMAT),
    ("an archive with a root path", "a.zip", zipped(("/etc/people.csv", GOOD)), "points outside", Reason.WRONG_FORMAT),
    ("an empty archive", "a.zip", zipped(("folder/", b"")), "without files", Reason.EMPTY),
    ("a zip bomb", "a.zip", zipped(("people.csv", bytes(20 << 20))), "more than the limit", Reason.TOO_LARGE),
    ("a gzip bomb", "a.csv.gz", gzip.compress(HEAD.encode() + b"1,A\n" * (8 << 20)), "more than the limit", Reason.TOO_LARGE),
    ("a workbook bomb", "a.xlsx", zipped(("xl/workbook.xml", b"<x/>"), ("xl/s.xml", bytes(20 << 20))), "more than the limit", Reason.TOO_LARGE),
    ("JSON cut short", "people.json", b'[{"id": 1, "name": "Ada"},\n{"id": 2', "not valid JSON from line 2", Reason.DAMAGED_FILE),
    ("JSON without objects", "people.json", b"[1, 2, 3]", "no objects", Reason.EMPTY),
    ("JSON nested without end", "people.json", b"[" * 100_000, "not valid JSON", Reason.DAMAGED_FILE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "said", "code"), [case[1:] for case in WHOLE_FILES], ids=[case[0] for case in WHOLE_FILES]
)
def test_a_file_that_cannot_be_read_gets_one_clear_line(read, tmp_path: Path, name, content, said, code):
    with pytest.raises(UserError) as refused:
        read(content, name=name)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert getattr(refused.value, "code", code) == code
    assert not (tmp_path / "staging" / "rows.parquet").exists()


def test_a_missing_file_is_named(read, tmp_path: Path):
    with pytest.raises(BadInput, match=r"nowhere\.csv does not exist"):
        read([tmp_path / "nowhere.csv"])


ROWS = [
    ("a short row", "id,name,x\n1,Ada,\n2,Bo\n3,Cy,\n", [2, 4], [(3, Reason.RAGGED)]),
    ("a long row", "id,name\n1,Ada\n2,Bo,?\n3,Cy\n", [2, 4], [(3, Reason.RAGGED)]),
    ("blank lines", "id,name\n\n1,Ada\n\n\n2,Bo\n", [3, 6], []),
    ("newlines within a cell", 'id,name\n1,"A\nd\na"\n2,Bo\n3\n4,Cy\n', [2, 5, 7], [(6, Reason.RAGGED)]),
    ("newlines beside unknown cells", 'id,name,x\n1,"A\nda",\n2,,\n3\n', [2, 4], [(5, Reason.RAGGED)]),
    ("a newline within the header", '"id","name","no\nte"\n1,Ada,\n2,Bo,\n', [3, 4], []),
    ("mixed newlines", "id,name\r\n1,Ada\n2,Bo\r3,Cy\r\n", [2, 3, 4], []),
    ("no newline at the end", "id,name\n1,Ada\n2,Bo", [2, 3], []),
    ("a NUL", "id,name\n1,A\0da\n2,Bo\n", [3], [(2, Reason.UNDECODABLE)]),
    ("a key that is missing", "id,name\n,Ada\n2,Bo\n", [3], [(2, Reason.MISSING_REQUIRED)]),
    ("a quote that never closes", 'id,name\n1,Ada\n2,"Bo\n3,Cy\n4,Di\n', [2, 4, 5], [(3, Reason.RAGGED)]),
    ("stray quotes in two rows", 'id,name\n1,"Ada\n2,"Bo\n3,Cy\n', [3, 4], [(2, Reason.RAGGED)]),
    ("a quote within a name", 'id,name\n1,Ad"a\n2,Bo\n', [2, 3], []),
    ("a line that names the delimiter", "sep=;\nid;name\n1;Ada\n", [3], []),
    ("one delimiter too many in every row", "id,name\n1,Ada,\n2,Bo,\n", [2, 3], []),
    ("rows of nothing but delimiters", "id,name\n1,Ada\n,\n2,Bo\n", [2, 4], []),
    ("a cell of ten megabytes", "id,name\n1,Ada\n2," + "x" * 10_000_000 + "\n3,Cy\n", [2, 4], [(3, Reason.TOO_LONG)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "good", "bad"), [case[1:] for case in ROWS], ids=[case[0] for case in ROWS])
def test_bad_rows_are_quarantined_with_their_lines(read, text, good, bad):
    outcome = read(text)
    assert (outcome.lines, outcome.refused) == (good, bad)


def test_a_row_longer_than_the_limit_is_refused_with_its_place(read):
    with pytest.raises(BadInput, match="a quote that never closes"):
        read('id,name\n1,Ada\n2,"' + "x" * (3 * limits.MAX_RECORD) + "\n3,Cy\n")


ENCODINGS = [
    ("utf-8", "Zoë", "Zoë"),
    ("utf-8-sig", "Zoë", "Zoë"),
    ("utf-16", "Zoë", "Zoë"),
    ("utf-16-le", "Zoë", "Zoë"),
    ("utf-16-be", "Zoë", "Zoë"),
    ("cp1252", "Zoë “€”", "Zoë “€”"),
    ("latin-1", "Zo\xeb \x81", "Zo\xeb \x81"),
]


@pytest.mark.parametrize(("encoding", "written", "known"), ENCODINGS)
def test_the_encoding_is_found_out(read, encoding, written, known):
    outcome = read(f"id,name\n007,{written}\n1e5,Bo\n".encode(encoding))
    assert [(row["key"], row["given_name"]) for row in outcome.rows] == [("007", known), ("1e5", "Bo")]


def test_an_encoding_that_shows_late_is_found_out_as_well(read):
    plain = "".join(f"{n},Ada\n" for n in range(200_000))
    outcome = read((HEAD + plain).encode() + "x,Zoë\n".encode("cp1252"))
    assert outcome.rows[-1]["given_name"] == "Zoë"
    assert "cp1252" in outcome.notes


def test_a_few_broken_bytes_in_utf8_cost_their_rows_only(read):
    outcome = read("id,name\n1,Zoë\n2,Chloé\n".encode() + b"3,\xff\xfe\n4,Bo\n")
    assert outcome.lines == [2, 3, 5]
    assert outcome.refused == [(4, Reason.UNDECODABLE)]


@pytest.mark.parametrize(
    "spelling", ["", " ", "NULL", "null", "N/A", "n/a", "NA", "None", "nan", "-", "\\N", "#N/A", "(null)", "?"]
)
def test_nothing_is_unknown_however_it_is_spelt(read, spelling):
    assert read(f"id,name,x\n1,{spelling},1\n").rows[0]["given_name"] is None


def test_a_recipe_may_say_that_na_is_a_value_and_null_is_a_surname(read):
    recipe = 'dataset="parties"\nkey="{id}"\nnulls=[""]\n[columns]\ngender={column="g", map={NA="undisclosed"}}\nfamily_name="f"\n'
    assert read("id,g,f\n1,NA,Null\n", recipe).rows[0]["gender"] == "undisclosed"
    assert read("id,name\n1,Null\n").rows[0]["given_name"] == "Null"


@pytest.mark.parametrize(
    "text",
    [
        "id;name\n1;Ada\n",
        "id\tname\n1\tAda\n",
        "id|name\n1|Ada\n",
        "id||name\n1||Ada\n",
        "id+|name&|\n1+|Ada&|\n",
        "id::name\n1::Ada\n",
    ],
)
def test_the_delimiter_is_found_out(read, text):
    assert read(text).rows[0]["given_name"] == "Ada"


def test_a_row_may_span_lines_where_rows_end_in_their_own_way(read):
    outcome = read("id+|name&|\r\n1+|A\r\nda&|\r\n2+|Bo&|\r\n3&|\r\n4+|Cy&|\r\n")
    assert outcome.lines == [2, 4, 6]
    assert outcome.refused == [(5, Reason.RAGGED)]


CONTENTS = [
    ("JSON lines called CSV", b'{"id": 1, "name": "Ada"}\n\n{"id": 2, "name": null}\n', [1, 3]),
    ("a JSON array", b'[\n{"id": 1, "name": "Ada"},\n{"id": 2}]', [2, 3]),
    ("a JSON object with a list", b'{"meta": {"n": [1]},\n "people": [{"id": 1, "name": "Ada"},\n {"id": 2}]}', [2, 3]),
    ("gzip", gzip.compress(GOOD), [2, 3]),
    ("zip", zipped(("folder/people.csv", GOOD)), [2, 3]),
]


@pytest.mark.parametrize(("content", "lines"), [case[1:] for case in CONTENTS], ids=[case[0] for case in CONTENTS])
def test_the_content_decides_and_not_the_name(read, content, lines):
    outcome = read(content, name="people.csv")
    assert outcome.lines == lines
    assert [row["key"] for row in outcome.rows] == ["1", "2"]


def test_a_line_that_is_no_object_is_quarantined(read):
    lines = [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bo"}, {"id": 3, "name": "x" * 70_000}]
    text = "\n".join(map(json.dumps, lines)) + '\n{"id": 4, "name"\n[5]\n{"id": 6, "deep": {"x": 1}}\n'
    outcome = read(text)
    assert outcome.lines == [1, 2, 6]
    assert outcome.refused == [(3, Reason.TOO_LONG), (4, Reason.BAD_JSON), (5, Reason.BAD_JSON)]


def test_every_file_of_an_archive_is_read(read):
    outcome = read(zipped(("a.csv", GOOD), ("b.tsv", b"id\tname\n3\tCy\n"), ("__MACOSX/a", b"x")), name="a.zip")
    assert [(row["file"], row["key"]) for row in outcome.rows] == [
        ("a.zip/a.csv", "1"),
        ("a.zip/a.csv", "2"),
        ("a.zip/b.tsv", "3"),
    ]


def test_a_file_without_header_is_read_by_the_recipe_s_header(read):
    recipe = 'dataset="parties"\nkey="{id}"\nheader=["id","name"]\n[columns]\ngiven_name="name"\n'
    assert read("1,Ada\n2,Bo\n", recipe).lines == [1, 2]
    assert read("id,name\n1,Ada\n", recipe).lines == [2]
