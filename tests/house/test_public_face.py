"""The public face is short, and is what it says."""

import inspect

import pytest

import insight_core as ic

ROOMS = {"jobs"}


def test_all_names_what_the_package_shows():
    open_names = {name: value for name, value in vars(ic).items() if not name.startswith("_")}
    shown = [name for name, value in open_names.items() if name in ROOMS or not inspect.ismodule(value)]
    assert sorted(shown) == sorted(ic.__all__)


@pytest.mark.parametrize("name", ic.__all__)
def test_every_name_says_what_it_is(name):
    assert inspect.getdoc(getattr(ic, name))


def test_every_method_of_the_workspace_says_what_it_gives():
    methods = inspect.getmembers(ic.Workspace, inspect.isfunction)
    silent = [name for name, method in methods if not name.startswith("_") and not inspect.getdoc(method)]
    assert silent == []
