"""The error tree.

InsightError                 anything this package refuses or fails to do
├── Stopped                  somebody asked for it to stop
├── UserError                a mistake the caller can mend: exit status 2
│   ├── NotFound             a name that is not known, with the nearest one that is
│   ├── BadInput             a file or a value that cannot be read
│   ├── Refused              the purpose gate, a limit or a rule says no, and why
│   ├── Conflict             somebody else changed it first
│   ├── Busy                 somebody else is at it; the same again, later, may go through
│   └── NotYet               planned, named in the help, not part of this release
└── Fault                    our side failed: exit status 1
    ├── Full                 no room is left on the disk
    ├── Unreachable          the database does not answer any more
    └── Damaged              the store or the lake is not what it should be
"""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_SHOWN = 8


class InsightError(Exception):
    """Anything that Insight Workbench refuses or fails to do."""


class Stopped(InsightError):
    """Somebody asked for it to stop, and it left nothing half done."""


class UserError(InsightError):
    """A mistake that the caller can mend."""


class NotFound(UserError):
    """A name that is not known; the message offers the nearest one that is, or says where one comes from.

    `likely` is what somebody means by the name though it looks different; `listed` says where all are told.
    """

    def __init__(
        self,
        what: str,
        name: str,
        known: Iterable[str] = (),
        otherwise: str = "",
        likely: str | None = None,
        listed: str = "",
    ) -> None:
        self.what, self.name, self.known = what, name, sorted(known, key=_counted)
        nearest = _nearest(name, self.known, likely) or (otherwise and f" {otherwise}")
        where = f" All {len(self.known)} are in {listed}." if listed else ""
        super().__init__(f"No {what} called {name!r}.{nearest}{where}")


class BadInput(UserError):
    """A file or a value that cannot be read; `code` is one of the quarantine reasons."""

    def __init__(self, message: str, code: str = "unreadable") -> None:
        self.code = code
        super().__init__(message)


class Refused(UserError):
    """A rule says no, and why."""


class NotBuilt(Refused):
    """Somebody asks for profiles before the first build."""

    def __init__(self) -> None:
        super().__init__("There are no profiles yet: load something and run `insight build` first.")


class Conflict(UserError):
    """Somebody else changed it first."""


class Busy(UserError):
    """Somebody else is at it; the same again, later, may go through."""


class NotYet(UserError):
    """A part of the contract that this release does not have."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not part of this release yet.")


class Fault(InsightError):
    """Our side failed."""


class Full(Fault):
    """No room is left on the disk; what was kept before is as it was."""

    def __init__(self, place: object) -> None:
        super().__init__(f"The disk of {place} is full: this was not kept. Make room and do it again.")


class Unreachable(Fault):
    """The database does not answer any more; what it acknowledged is kept."""


class Damaged(Fault):
    """The store, or a file of its lake, is not what it should be."""

    def __init__(self, what: str, how: str, advice: str = "`insight verify --repair` mends what can be mended") -> None:
        self.what, self.how = what, how
        super().__init__(f"{what} {how}. {advice}.")


def _counted(name: str) -> str:
    """Numbers in the order in which they count."""
    return name.zfill(9) if name.isdigit() else name


def _nearest(name: str, known: list[str], likely: str | None) -> str:
    close = [likely] if likely else get_close_matches(name, known, n=1)
    if close:
        return f" Did you mean {close[0]!r}?"
    if len(known) <= _SHOWN:
        return f" Known: {', '.join(known)}." if known else ""
    alike = sorted(known, key=lambda one: -SequenceMatcher(None, name, one).ratio())[:_SHOWN]
    return f" Nearest: {', '.join(alike)}; {len(known) - _SHOWN} others are known."
