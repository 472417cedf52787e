"""A figure of the evaluation: ours beside a simple rule and the best rule that knows the true rates."""

Figure = dict[str, float | None]


def figure(ours: float | None, naive: float | None, oracle: float | None) -> Figure:
    """The three, rounded to four places; None where there was nothing to judge."""
    named = {"ours": ours, "naive": naive, "oracle": oracle}
    return {name: None if value is None else round(float(value), 4) for name, value in named.items()}
