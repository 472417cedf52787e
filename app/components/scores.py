"""Scores: four labelled bars, each with its reason in text."""

from collections.abc import Mapping
from typing import Any

from app import text, words
from app.components import page
from insight_core.records.results import Score


def draw(scores: Mapping[str, Any], reasons: int = 2) -> None:
    """The four scores side by side; `reasons` is how many reasons each shows."""
    bars = "".join(_bar(name, scores[name], reasons) for name in words.SCORES)
    page.block(f'<div class="iw-scores">{bars}</div>')


def means(scores: Mapping[str, float | None]) -> None:
    """The four mean scores of a base, each with the question it answers."""
    told = {name: Score(scores[name], (question,)) for name, (_, question) in words.SCORES.items()}
    draw(told, 1)


def _bar(name: str, score: Score, reasons: int) -> str:
    title, question = words.SCORES[name]
    told = "withheld" if score.withheld else text.percent(score.value)
    because = "".join(f"<li>{text.html(_readable(one))}</li>" for one in score.because[:reasons])
    return f"""<div class="iw-score" title="{text.attribute(question + ". " + words.because(score.because))}">
        <div class="top"><span class="name">{title}</span><span class="value">{told}</span></div>
        <div class="track" role="img" aria-label="{title}: {told}">{fill(score.value or 0)}</div>
        <ul>{because}</ul></div>"""


def fill(share: float) -> str:
    """The filled part of a bar, for a share between 0 and 1."""
    return f'<div class="fill" style="width:{share:.0%}"></div>'


def _readable(reason: str) -> str:
    told = words.brief(reason)
    return told[:1].upper() + told[1:]
