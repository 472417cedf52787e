"""The Faker world: people and companies, the lives they lead, what a company recorded of them, and the truth."""

from insight_core.demo.params import Params
from insight_core.demo.params_file import params_from, params_json, read_params
from insight_core.demo.world import World, Written, make_world, write_world

__all__ = ["Params", "World", "Written", "make_world", "params_from", "params_json", "read_params", "write_world"]
