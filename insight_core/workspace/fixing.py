"""Fixing: the worklist, drafts, changes, undo and redo, and consents."""

from collections.abc import Mapping, Sequence
from typing import Any

from insight_core.pipeline import consents, customers, drafts, fixes, kept, undoing
from insight_core.records.clock import epoch
from insight_core.records.results import Change, WorkItem
from insight_core.workspace.desk import Desk


class Fixing(Desk):
    """What a steward says."""

    def stale(
        self,
        purpose: str = "customer_care",
        limit: int = 50,
        states: Sequence[str] = (),
        facet: str | None = None,
        field: str | None = None,
        source: str | None = None,
    ) -> list[WorkItem]:
        """Fields worth fixing, most valuable first; `states` narrows to missing, invalid, conflicting or stale ones.

        `facet` and `field` narrow to their fields, `source` to values that come from it: in the whole base.
        """
        cells = kept.best(self._store, purpose, self.now, limit, kept.Wanted(states, facet, field, source))
        return customers.worklist(self._gate, cells, purpose)

    def fix(self, changes: Sequence[Mapping[str, Any]], dry_run: bool = False) -> list[Change]:
        """Confirm, correct or choose, as one set; `expects` is what was seen. With `dry_run` only the preview."""
        scored = None if dry_run else fixes.SCORED
        weighed = fixes.all_of(fixes.weigh(self._store, self._gate, self._con().con, changes, self.now, scored))
        if dry_run:
            return [one.told for one in weighed if one.told]
        return self._fixed(fixes.record(self._store, weighed, epoch(self.now)))

    def weigh(self, changes: Sequence[Mapping[str, Any]], scored: int | None = None) -> list[dict[str, Any]]:
        """What each change would do, to the scores too for the first `scored`, or why it is refused."""
        return drafts.told(fixes.weigh(self._store, self._gate, self._con().con, changes, self.now, scored))

    def draft(self, changes: Sequence[Mapping[str, Any]]) -> int:
        """Keep changes that are not to be applied yet; each takes the place of a draft of the same field."""
        return drafts.keep(self._store, self._gate, self._con().con, changes, self.now)

    def drafts(self) -> list[dict[str, Any]]:
        """The changes that wait, oldest first, each with the value that it was made against."""
        return drafts.seen(self._store, self._gate)

    def drop_draft(self, *places: tuple[str, str]) -> int:
        """Let go of the drafts of these (customer, field), or of all when none is named."""
        return drafts.drop(self._store, places or None)

    def apply(self, *places: tuple[str, str]) -> list[Change]:
        """Make one change set of these drafts, or of all; one that cannot be stays a draft."""
        return self._fixed(drafts.apply(self._store, self._gate, self._con().con, places or None, self.now))

    def undo(self, change: str) -> list[Change]:
        """Take a change back, or what stands of a whole change set."""
        return self._turned(undoing.undo(self._store, change, epoch(self.now)), "undo")

    def redo(self, change: str) -> list[Change]:
        """Make a change again that was undone, or what was undone of a whole change set."""
        return self._turned(undoing.redo(self._store, change, epoch(self.now)), "redo")

    def history(
        self, customer: str | None = None, limit: int | None = 100, purpose: str = "customer_care", **query: Any
    ) -> list[dict[str, Any]]:
        """Changes, newest first: see `pipeline.undoing.history` for name (of the field), since and until."""
        found = self._gate.resolve(customer, purpose) if customer else None
        return undoing.history(self._store, self._gate, purpose, found, limit, **query)

    def script(self) -> list[dict[str, Any]]:
        """The changes that stand as a change set that `fix` replays, without those whose values may not be seen."""
        return list(self.standing_fixes()["changes"])

    def standing_fixes(self) -> dict[str, Any]:
        """The same as `changes`, and in `withheld` how many are left out because their values may not be seen."""
        return undoing.script(self._store, self._gate)

    def consent(
        self, customer: str, purpose: str, state: str, channel: str = "*", evidence: str = ""
    ) -> dict[str, Any]:
        """Record that a customer gave or withdrew consent, or objects; raises Refused for a no that changes nothing."""
        found = self._gate.resolve(customer)
        consents.check_no(purpose, channel, state, self._gate.consents(found))
        records = [one.record_id for one in self._gate.records(found)]
        event = (purpose, channel, state, epoch(self.now), evidence)
        self._store.reserve.spend_on(lambda: consents.record(self._store, records, *event))
        self._store.reserve.spend_on(lambda: self._refresh([found]))
        return {"customer": found, "purpose": purpose, "channel": channel, "state": state}

    def consents(self, customer: str, purpose: str = "customer_care") -> list[dict[str, Any]]:
        """What a customer allows, each with who brought the word that counts, and what was said."""
        found = self._gate.resolve(customer, purpose)
        said, words = self._gate.consent_words(self._con().con, found, purpose)
        here = consents.events(self._store, found, None)
        return consents.told(said, epoch(self.now), consents.spoken(words, here))

    def consent_events(
        self, customer: str | None = None, limit: int | None = 100, purpose: str = "customer_care", **query: Any
    ) -> list[dict[str, Any]]:
        """Consents given and withdrawn here, newest first: see `pipeline.consents.events` for since and until."""
        found = self._gate.resolve(customer, purpose) if customer else None
        told = consents.events(self._store, found, limit, **query)
        self._gate.judge(sorted({one["customer"] for one in told if one["customer"]}), purpose, "consents")
        return told

    def _fixed(self, done: list[Change]) -> list[Change]:
        self._refresh([one.customer for one in done])
        return done

    def _turned(self, rows: Sequence[Any], action: str) -> list[Change]:
        self._refresh(list(undoing.holders(self._store, rows).values()))
        return undoing.told(self._store, self._gate, rows, action, epoch(self.now))
