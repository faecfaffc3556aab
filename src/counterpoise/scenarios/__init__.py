"""Scenarios: which mix of responses holds up, whatever the future, without breaking rights."""

from counterpoise.scenarios.explore import explore
from counterpoise.scenarios.options import EXPLORE_DEFAULTS, ExploreOptions
from counterpoise.scenarios.policies import load_policies
from counterpoise.scenarios.results import Exploration
from counterpoise.scenarios.worlds import load_world

__all__ = ["EXPLORE_DEFAULTS", "Exploration", "ExploreOptions", "explore", "load_policies", "load_world"]
