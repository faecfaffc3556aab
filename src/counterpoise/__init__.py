"""Counterpoise: an open evidence workbench on the instrumentalisation of migration.

The same functions as the commands, for notebooks and scripts::

    import counterpoise as cp

    archive = cp.open_archive()
    cp.detect(archive, corridors=["eastern-borders"], as_of=date(2021, 9, 15)).alarms

Everything is imported at first use, so that ``import counterpoise`` itself costs nothing.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterpoise.attribution import ATTRIBUTE_DEFAULTS as ATTRIBUTE_DEFAULTS
    from counterpoise.attribution import AttributeOptions as AttributeOptions
    from counterpoise.attribution import Attribution as Attribution
    from counterpoise.attribution import Screening as Screening
    from counterpoise.attribution import attribute as attribute
    from counterpoise.attribution import screen as screen
    from counterpoise.cases import list_cases as list_cases
    from counterpoise.cases import load_case as load_case
    from counterpoise.errors import AnalysisError as AnalysisError
    from counterpoise.errors import CounterpoiseError as CounterpoiseError
    from counterpoise.errors import InputError as InputError
    from counterpoise.errors import SourceError as SourceError
    from counterpoise.impact import EVALUATE_DEFAULTS as EVALUATE_DEFAULTS
    from counterpoise.impact import EvaluateOptions as EvaluateOptions
    from counterpoise.impact import Evaluation as Evaluation
    from counterpoise.impact import evaluate as evaluate
    from counterpoise.impact.check import ClaimCheck as ClaimCheck
    from counterpoise.impact.check import check_claim as check_claim
    from counterpoise.impact.compare import Comparison as Comparison
    from counterpoise.impact.compare import compare as compare
    from counterpoise.monitoring import DAILY_DEFAULTS as DAILY_DEFAULTS
    from counterpoise.monitoring import DETECT_DEFAULTS as DETECT_DEFAULTS
    from counterpoise.monitoring import WEEKLY_DEFAULTS as WEEKLY_DEFAULTS
    from counterpoise.monitoring import Detection as Detection
    from counterpoise.monitoring import DetectOptions as DetectOptions
    from counterpoise.monitoring import detect as detect
    from counterpoise.monitoring import detect_daily as detect_daily
    from counterpoise.monitoring import detect_weekly as detect_weekly
    from counterpoise.monitoring import two_clocks as two_clocks
    from counterpoise.monitoring.digest import Digest as Digest
    from counterpoise.monitoring.digest import digest as digest
    from counterpoise.observations.archive import Archive as Archive
    from counterpoise.observations.archive import Known as Known
    from counterpoise.observations.archive import open_archive as open_archive
    from counterpoise.observations.archive import read_series as read_series
    from counterpoise.observations.corridors import load_corridors as load_corridors
    from counterpoise.observations.regimes import load_regimes as load_regimes
    from counterpoise.observations.store import append_batch as append_batch
    from counterpoise.observations.trace import Trace as Trace
    from counterpoise.observations.trace import trace_figure as trace_figure
    from counterpoise.scenarios import EXPLORE_DEFAULTS as EXPLORE_DEFAULTS
    from counterpoise.scenarios import Exploration as Exploration
    from counterpoise.scenarios import ExploreOptions as ExploreOptions
    from counterpoise.scenarios import explore as explore
    from counterpoise.scenarios import load_policies as load_policies
    from counterpoise.scenarios import load_world as load_world
    from counterpoise.sources import read_document as read_document

_WHERE = {
    "ATTRIBUTE_DEFAULTS": "counterpoise.attribution",
    "AttributeOptions": "counterpoise.attribution",
    "Attribution": "counterpoise.attribution",
    "attribute": "counterpoise.attribution",
    "Screening": "counterpoise.attribution",
    "screen": "counterpoise.attribution",
    "AnalysisError": "counterpoise.errors",
    "CounterpoiseError": "counterpoise.errors",
    "InputError": "counterpoise.errors",
    "SourceError": "counterpoise.errors",
    "EVALUATE_DEFAULTS": "counterpoise.impact",
    "EvaluateOptions": "counterpoise.impact",
    "Evaluation": "counterpoise.impact",
    "evaluate": "counterpoise.impact",
    "ClaimCheck": "counterpoise.impact.check",
    "check_claim": "counterpoise.impact.check",
    "Comparison": "counterpoise.impact.compare",
    "compare": "counterpoise.impact.compare",
    "DAILY_DEFAULTS": "counterpoise.monitoring",
    "DETECT_DEFAULTS": "counterpoise.monitoring",
    "Detection": "counterpoise.monitoring",
    "DetectOptions": "counterpoise.monitoring",
    "detect": "counterpoise.monitoring",
    "detect_daily": "counterpoise.monitoring",
    "WEEKLY_DEFAULTS": "counterpoise.monitoring",
    "detect_weekly": "counterpoise.monitoring",
    "two_clocks": "counterpoise.monitoring",
    "Digest": "counterpoise.monitoring.digest",
    "digest": "counterpoise.monitoring.digest",
    "Archive": "counterpoise.observations.archive",
    "Known": "counterpoise.observations.archive",
    "list_cases": "counterpoise.cases",
    "load_case": "counterpoise.cases",
    "load_corridors": "counterpoise.observations.corridors",
    "load_regimes": "counterpoise.observations.regimes",
    "open_archive": "counterpoise.observations.archive",
    "read_series": "counterpoise.observations.archive",
    "append_batch": "counterpoise.observations.store",
    "Trace": "counterpoise.observations.trace",
    "trace_figure": "counterpoise.observations.trace",
    "EXPLORE_DEFAULTS": "counterpoise.scenarios",
    "Exploration": "counterpoise.scenarios",
    "ExploreOptions": "counterpoise.scenarios",
    "explore": "counterpoise.scenarios",
    "load_policies": "counterpoise.scenarios",
    "load_world": "counterpoise.scenarios",
    "read_document": "counterpoise.sources",
}

__all__ = sorted(_WHERE)  # noqa: PLE0605 (a sorted list of the names above)


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'counterpoise' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return list(__all__)


if "IPython" in sys.modules:
    from counterpoise.notebook import register

    register()
