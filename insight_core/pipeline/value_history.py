"""Value history: for every field who spoke and why one won, and what the value was as of past moments.

The moments are the evidence's own clocks (when it was observed, or else learnt) and those of the stewards' changes:
made, undone, lapsed. A step begins where another value, or a steward's word, takes over. What is part of a whole
counts only with what is chosen of that whole.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from insight_core.catalogue import Field, asserted
from insight_core.pipeline.apart import Apart, apart_in
from insight_core.pipeline.spoken import Word, why, words_of
from insight_core.pipeline.steward import STEWARD
from insight_core.records.clock import iso
from insight_core.records.results import ValueHistory
from insight_core.store import Store
from insight_core.store.desk_tables import FixEvent
from insight_core.store.tables import Correction


def fixes_of(store: Store, records: Sequence[str]) -> list[Correction]:
    """What stewards changed about the customer who has these records, undone changes too, in the order of making."""
    # A customer's id is one of its records' ids, so a change stays with the customer through a merge.
    mine = col(Correction.customer_id).in_(records)
    made: Any = FixEvent
    query: Any = select(Correction).join(made, (made.change == Correction.change) & (made.what == "made"))
    with store.read() as session:
        return list(session.exec(query.where(mine).order_by(made.id)).all())


def histories(rows: Sequence[Mapping[str, Any]], fixes: Sequence[Correction], now: int) -> dict[str, ValueHistory]:
    """The history of every field that somebody speaks of, from what was learnt by now.

    `rows` are the evidence that the gate let out: of a field that they do not carry nothing is told.
    """
    known = [row for row in rows if row["recorded_at"] <= now]
    made = [one for one in fixes if one.verified_at <= now]
    carried, apart = set().union(*rows), apart_in(known)
    told = {
        one.name: history(one, words_of(one, known, made), now, apart.get(one.name, _ALONE))
        for one in asserted()
        if one.name in carried
    }
    return {name: one for name, one in told.items() if one.spoke}


_ALONE = Apart()


def history(field: Field, words: Sequence[Word], now: int, apart: Apart = _ALONE) -> ValueHistory:
    """One field's history out of all that was said about it, and about the whole that it is a part of."""
    winner = _winner(words, now, apart)
    ordered = sorted(words, key=lambda one: (one.counts_at(now), one.strength(now)), reverse=True)
    spoke = tuple(_spoke(one, winner, words, now, apart.whole) for one in ordered)
    return ValueHistory(field.name, spoke, tuple(_steps(words, now, apart)))


def _winner(words: Sequence[Word], moment: int, apart: Apart) -> Word | None:
    aside = apart.at(moment)
    counting = [one for one in words if one.counts_at(moment) and one.evidence not in aside]
    return max(counting, key=lambda one: one.strength(moment), default=None)


def _spoke(one: Word, winner: Word | None, words: Sequence[Word], now: int, whole: str) -> dict[str, Any]:
    ahead = one.until > now and not one.counts_at(now)
    return {
        "evidence": one.evidence, "source": one.source, "key": one.key, "value": one.value,
        "method": one.method_at(now), "rank": one.rank, "observed_at": iso(one.observed),
        "verified_at": iso(one.verified), "recorded_at": iso(one.recorded), "won": one is winner,
        "why": "speaks of a day still to come" if ahead else why(one, winner, words, now, whole),
    }  # fmt: skip


def _steps(words: Sequence[Word], now: int, apart: Apart) -> list[dict[str, Any]]:
    """The steps, newest first: from, until, value, source, method, learnt, how."""
    steps: list[dict[str, Any]] = []
    before: Word | None = None
    for moment in _moments(words, now, apart):
        winner = _winner(words, moment, apart)
        if winner is not before and _tells(winner, before):
            if steps:
                steps[-1]["until"] = iso(moment)
            elsewhere = winner is None and any(one.counts_at(moment) for one in words)
            steps.append(_step(moment, winner, before, apart.whole if elsewhere else ""))
        before = winner
    return steps[::-1]


def _moments(words: Sequence[Word], now: int, apart: Apart) -> list[int]:
    clocks = {clock for one in words for clock in (one.since, one.until, one.lapses)} | apart.clocks()
    return sorted(clock for clock in clocks if clock <= now)


def _tells(winner: Word | None, before: Word | None) -> bool:
    """Whether the change of winner is worth a step: another value, or a steward's word."""
    if winner is None or before is None:
        return True
    return winner.value != before.value or winner.source == STEWARD


def _step(moment: int, winner: Word | None, before: Word | None, elsewhere: str) -> dict[str, Any]:
    return {
        "from": iso(moment), "until": None, "value": winner.value if winner else None,
        "source": winner.source if winner else None, "method": winner.method_at(moment) if winner else None,
        "learnt": iso(winner.recorded) if winner else None, "how": _how(moment, winner, before, elsewhere),
    }  # fmt: skip


_ACTS = {"confirm": "a steward confirmed it", "correct": "a steward corrected it", "choose": "a steward chose it"}


def _how(moment: int, winner: Word | None, before: Word | None, elsewhere: str) -> str:
    undone = before is not None and before.until == moment
    if undone:
        return "the steward's change was undone"
    if elsewhere:
        return f"told only of another {elsewhere}"
    if winner is None:
        return "nothing is said any more"
    if winner.source == STEWARD and winner.recorded == moment:
        return _ACTS.get(winner.action, "a steward changed it")
    if before is not None and before.lapses == moment:
        return "the steward's word lapsed"
    return f"{winner.source} said so"
