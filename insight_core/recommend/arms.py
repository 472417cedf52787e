"""Arms: every value that a learnt dimension (channel, window, tone) can take, numbered."""

from insight_core.recommend.conditions import quoted
from insight_core.recommend.engine import Step
from insight_core.recommend.parameters import TONES, WINDOWS
from insight_core.recommend.rules import channels

# The number is also the order that breaks ties.
ARMS: tuple[tuple[str, str], ...] = (
    *(("channel", one.name) for one in channels()),
    *(("window", one) for one in WINDOWS),
    *(("tone", one) for one in TONES),
)


def arms_step() -> Step:
    """`arms`: arm_id, dimension, arm."""
    listed = ", ".join(f"({i}::TINYINT, {quoted(kind)}, {quoted(arm)})" for i, (kind, arm) in enumerate(ARMS))
    return "arms", f"SELECT * FROM (VALUES {listed}) AS t(arm_id, dimension, arm)"


def arm_macros() -> list[Step]:
    """The macros `arm_name(arm_id)` and, per dimension, `channel_arm(text)`, `window_arm(text)`, `tone_arm(text)`."""
    names = ", ".join(quoted(arm) for _, arm in ARMS)
    return (
        [("arm_name(arm_id)", f"([{names}])[arm_id + 1]")]
        + [
            (f"{dimension}_arm(arm)", f"CASE arm {_numbered(dimension)} END")
            for dimension in ("channel", "window", "tone")
        ]
        + [("hour_arm(hour)", f"CASE {_hours()} END")]
    )


def _numbered(dimension: str) -> str:
    return " ".join(f"WHEN {quoted(arm)} THEN {i}::TINYINT" for i, (kind, arm) in enumerate(ARMS) if kind == dimension)


def _hours() -> str:
    return " ".join(
        f"WHEN hour >= {int(arm[:2])} AND hour < {int(arm[3:])} THEN {i}::TINYINT"
        for i, (kind, arm) in enumerate(ARMS)
        if kind == "window"
    )
