"""Clicks: a button inside an HTML block comes back to the page as words, so that a long table needs no widgets."""

from collections.abc import Callable, Sequence

import streamlit as st

from app import text

# Trusted code, the same for every page: it only hands on what the pressed button carries.
_LISTEN = """
export default function ({ setTriggerValue }) {
  const heard = (event) => {
    const button = event.target.closest && event.target.closest("button[data-act]");
    if (button) setTriggerValue("act", button.dataset.act);
  };
  if (document.iwHeard) document.removeEventListener("click", document.iwHeard);
  document.iwHeard = heard;
  document.addEventListener("click", heard);
  return () => document.removeEventListener("click", heard);
}
"""
_ears = st.components.v2.component("iw_clicks", js=_LISTEN)
_KEY = "clicks"


def button(title: str, act: Sequence[str], label: str = "") -> str:
    """HTML of a small button; `act` are the words that come back, `label` what it says to those who do not see."""
    said = f' aria-label="{text.attribute(label)}"' if label else ""
    carried = text.attribute(" ".join(act))
    return f'<button type="button" class="iw-act" data-act="{carried}"{said}>{text.html(title)}</button>'


def listen(heard: Callable[[list[str]], None]) -> None:
    """Call `heard` with the words of the button that was pressed, before the page is drawn anew."""

    def on_act_change() -> None:
        pressed = st.session_state[_KEY].act
        if pressed:
            heard(str(pressed).split())

    _ears(key=_KEY, on_act_change=on_act_change, height=1)
