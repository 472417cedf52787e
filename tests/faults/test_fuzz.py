"""Parquet and Arrow files mutated at random: read, or refused in one line; never another error, never the end of the process (F18).

25,000 mutations and more can be asked for with FAULT_MUTATIONS; they run in a process of their own, so that a
mutation that kills the parser fails this test and not the run.
"""

import io
import os
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq

from insight_core.errors import BadInput
from insight_core.intake import parse
from insight_core.intake.recipe import parse_recipe
from insight_core.records.clock import epoch
from tests.faults.conftest import NOW
from tests.processes import SERVER

COUNT = int(os.environ.get("FAULT_MUTATIONS", "200"))
RECIPE = 'dataset = "parties"\nkey = "{id}"\n[constants]\nkind = "person"\n[columns]\ngiven_name = "name"\n'
_KINDS: list[dict[str, Any]] = [
    {},
    {"compression": "zstd"},
    {"compression": "none", "use_dictionary": False},
    {"data_page_version": "2.0", "row_group_size": 50},
    {"compression": "gzip", "write_page_index": True},
]


def _files() -> list[bytes]:
    table = pa.table({
        "id": [str(n) for n in range(300)],
        "name": [f"Ann {n % 7}" for n in range(300)],
        "x": [n % 5 for n in range(300)],
        "deep": [{"a": n} for n in range(300)],
    })  # fmt: skip
    made = []
    for kind in _KINDS:
        sink = io.BytesIO()
        pq.write_table(table, sink, **kind)
        made.append(sink.getvalue())
    sink = io.BytesIO()
    with pyarrow.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return [*made, sink.getvalue()]


def _mutated(content: bytes, dice: random.Random) -> bytes:
    """The file with some bytes changed, taken out or put in, half of them in the footer; its ends stay."""
    made = bytearray(content)
    footer = min(int.from_bytes(made[-8:-4], "little"), len(made) - 20)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at = dice.randrange(len(made) - 8 - footer if dice.random() < 0.5 else 4, len(made) - 4)
        match dice.randrange(5):
            case 0:
                made[at] = dice.randrange(256)
            case 1:
                made[at] ^= 1 << dice.randrange(8)
            case 2:
                del made[at : min(at + dice.randrange(1, 30), len(made) - 8)]
            case 3:
                made[at:at] = dice.randbytes(dice.randrange(1, 30))
            case 4:
                made[at : at + 4] = dice.choice((b"\xff\xff\xff\x7f", b"\xff" * 4, bytes(4), b"\x80" * 4))
        footer = min(footer, len(made) - 20)
    return bytes(made)


def _read_all(folder: Path, seed: str, told: Any) -> None:
    files, recipe = _files(), parse_recipe(RECIPE, "test")
    for number in range(COUNT):
        told.send((number, "was begun"))
        path = folder / "mutated.parquet"
        path.write_bytes(_mutated(files[number % len(files)], random.Random(f"{seed} {number}")))
        try:
            parse([path], recipe, "test", folder / "staging", epoch(NOW))
        except BadInput as refused:
            told.send((number, "refused" if "\n" not in str(refused) else f"said in several lines: {refused}"))
        except BaseException as other:  # noqa: BLE001 the parent tells what came
            told.send((number, f"{type(other).__name__}: {other}"))
        else:
            told.send((number, "read"))
    told.close()


def test_a_mutated_file_is_read_or_refused_and_the_process_lives(dice, tmp_path):
    seed = str(dice.random())
    ours, theirs = SERVER.Pipe(duplex=False)
    child = SERVER.Process(target=_read_all, args=(tmp_path, seed, theirs))
    child.start()
    theirs.close()
    said: dict[int, str] = {}
    while ours.poll(120):
        try:
            number, what = ours.recv()
        except EOFError:
            break
        said[number] = what
    child.join(10)
    odd = {number: what for number, what in said.items() if what not in ("read", "refused")}
    assert (odd, child.exitcode) == ({}, 0), f"seed {seed}"
    assert len(said) == COUNT
    assert COUNT < 100 or {"read", "refused"} <= set(said.values())
