"""A run as one HTML page that needs nothing else: figures alive, text escaped, no request to anywhere."""

import json
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any

from markdown_it import MarkdownIt

from insight_core.notebooks.results import RunShown
from insight_core.notebooks.run import line_of
from insight_core.notebooks.shown import FIGURE, TABLE, TEXT, table_html

_OWN = files("insight_core.notebooks")


def html(run: RunShown) -> str:
    """The page. Its policy allows these very scripts by their hash, and nothing from outside."""
    body = "\n".join(_cell(cell, number) for number, cell in enumerate(run.cells))
    alive = FIGURE in {name for cell in run.cells for one in cell["outputs"] for name in one}
    scripts = [_plotly(), _own("draw.js")] if alive else []
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">',
            f"<title>{escape(run.title)}</title>",
            f"<style>{_own('page.css')}</style></head><body><main>",
            body,
            f"<footer>{_colophon(run)}</footer></main>",
            *(f"<script>{one}</script>" for one in scripts),
            "</body></html>\n",
        )
    )


def markdown(source: str) -> str:
    """Markdown as HTML: what looks like HTML in it is text, and a link leads to no script."""
    return _markdown().render(source)


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def _cell(cell: Mapping[str, Any], number: int) -> str:
    if cell["kind"] == "markdown":
        return f"<section>{markdown(cell['source'])}</section>"
    code = f"<details><summary>Code of cell {number + 1}</summary><pre>{escape(cell['source'])}</pre></details>"
    return f"<section>{''.join(_output(one, number) for one in cell['outputs'])}{code}</section>"


def _output(one: Mapping[str, Any], number: int) -> str:
    if "error" in one:
        return f'<p class="error" role="alert">{escape(line_of(number, one["error"]))}</p>'
    if FIGURE in one:
        # A closing tag inside the data would end the element early.
        data = json.dumps(one[FIGURE]).replace("<", "\\u003c").replace("&", "\\u0026")
        return f'<div class="figure"><script type="application/json">{data}</script></div>'
    if TABLE in one:
        return f'<div class="table" tabindex="0" role="region" aria-label="A table">{table_html(one[TABLE])}</div>'
    return f'<p class="told">{escape(one[TEXT])}</p>'


def _colophon(run: RunShown) -> str:
    values = ", ".join(f"{name} = {value!r}" for name, value in run.parameters.items())
    told = (
        f"Run {run.run} of the notebook {run.notebook}, {run.state}. Data as of {run.now[:10]}; "
        f"run on {run.began_at[:10]} in {run.seconds:.0f} s with {values or 'no parameters'}. Text {run.sha256[:12]}."
    )
    return escape(told)


def _policy(scripts: list[str]) -> str:
    allowed = " ".join(f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in scripts) or "'none'"
    kept = "img-src data: blob:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; script-src {allowed}; {kept}"


def _own(name: str) -> str:
    return (_OWN / name).read_text(encoding="utf-8")


@cache
def _plotly() -> str:
    # From the file of the installed package: the core draws nothing itself.
    told = (files("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    # Inside a page the script must not seem to end early.
    return told.replace("</script", "<\\/script").replace("<!--", "<\\!--")
