"""Apart: what evidence says of another whole than the one that is chosen at a moment, as `fold.together` has it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from insight_core.catalogue import wholes
from insight_core.pipeline.spoken import Word, words_of

_Said = Mapping[str, Word]  # by part


@dataclass(frozen=True, slots=True)
class Apart:
    """The name of a whole, empty for a field that stands alone, and what each piece of evidence says of its parts."""

    whole: str = ""
    told: Mapping[str, _Said] = field(default_factory=dict)

    def clocks(self) -> set[int]:
        """When something of it begins to count."""
        return {word.since for said in self.told.values() for word in said.values()}

    def at(self, moment: int) -> frozenset[str]:
        """The evidence that is set aside at the moment."""
        counting = {name: said for name, said in self.told.items() if _any(said).counts_at(moment)}
        order = sorted(counting, key=lambda name: _any(counting[name]).strength(moment), reverse=True)
        return frozenset(_set_aside([(name, counting[name]) for name in order]))


def apart_in(rows: Sequence[Mapping[str, Any]]) -> dict[str, Apart]:
    """By field that is part of a whole, what these rows of evidence say of that whole."""
    found: dict[str, Apart] = {}
    for whole, parts in wholes().items():
        told: dict[str, dict[str, Word]] = {}
        for part in parts:
            for word in words_of(part, rows, ()):
                told.setdefault(word.evidence, {})[part.name] = word
        found |= {part.name: Apart(whole, told) for part in parts}
    return found


def _set_aside(told: Sequence[tuple[str, _Said]]) -> Iterator[str]:
    """Those, the strongest first, that contradict the first or a stronger one which does not contradict the first."""
    rivals: list[_Said] = []
    for name, said in told:
        if any(_differ(said, other) for other in rivals):
            yield name
        if not rivals or not _differ(said, rivals[0]):
            rivals.append(said)


def _differ(one: _Said, other: _Said) -> bool:
    return not all(alike(one[part].value, other[part].value) for part in one.keys() & other.keys())


def alike(one: Any, other: Any) -> bool:
    """Whether two values of a part say the same, as `fold.alike` compares them."""
    return bool(_compared(one) == _compared(other))


def _compared(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _any(said: _Said) -> Word:
    """One of the words, for its clocks and its strength: they are the same for all."""
    return next(iter(said.values()))
