"""A reader's own thread is only a few blocks ahead of whoever takes the rows, and never waits for nothing."""

import io
from threading import Thread

import pytest

from insight_core.intake import tape
from insight_core.intake.tape import Tape

BLOCK = 8


class Reading(Thread):
    """Reads a tape of twenty blocks to its end, as fast as it is let."""

    def __init__(self, tape: Tape) -> None:
        super().__init__(daemon=True)
        self.tape, self.taken = tape, 0

    def run(self) -> None:
        while self.tape.read(BLOCK):
            self.taken += 1


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Reading:
    monkeypatch.setattr(tape, "_MOMENT", 0.01)
    return Reading(Tape(io.BytesIO(b"a line\n\n" * 20), 1))


def test_a_reader_waits_while_the_rows_are_worked_on(reading):
    reading.tape.busy = True
    reading.start()
    reading.join(0.5)
    assert (reading.is_alive(), reading.taken) == (True, tape._AHEAD + 1)
    reading.tape.forget(21)
    reading.join(0.5)
    assert reading.is_alive()
    assert tape._AHEAD + 1 < reading.taken < 20
    reading.tape.busy = False
    reading.join(30)
    assert reading.taken == 20


def test_a_reader_goes_on_where_somebody_waits_for_rows_that_take_many_blocks(reading):
    reading.start()
    reading.join(30)
    assert reading.taken == 20
