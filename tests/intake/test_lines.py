"""Lines: whatever a text holds and wherever its blocks are cut, every row keeps its line and none is lost."""

import random

import pytest

from insight_core.intake import limits

# A piece of text, and for each row in it: its offset in lines, its key, and whether it is good.
PIECES = [
    ("{n},name,x\n", [(0, "{n}", True)]),
    ("\n", []),
    ("{n},a\n", [(0, "{n}", False)]),
    ("{n},,\n", [(0, "{n}", True)]),
    ('{n},"a\nb""c\n",\n', [(0, "{n}", True)]),
    ('{n},"stray,3\n{n}y,ok,3\n{n}z,"fi""ne",3\n', [(0, "{n}", False), (1, "{n}y", True), (2, "{n}z", True)]),
]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_row_keeps_its_line(read, monkeypatch, seed, newline):
    monkeypatch.setattr(limits, "MAX_RECORD", 3_000)
    chance, text, line = random.Random(seed), "id,name,x\n", 2
    good: list[tuple[int, str]] = []
    bad: list[tuple[int, str]] = []
    for number in range(800):
        piece, rows = chance.choices(PIECES, weights=(14, 1, 1, 2, 2, 1))[0]
        for offset, key, fine in rows:
            (good if fine else bad).append((line + offset, key.format(n=number)))
        text, line = text + piece.format(n=number), line + piece.count("\n")
    outcome = read(text.replace("\n", newline))
    assert [(row["line"], row["key"]) for row in outcome.rows] == good
    assert [row["line"] for row in outcome.quarantine] == [line for line, _ in bad]
