"""The figures of a brief: which series are drawn for a case, in which part of the page."""

import polars as pl

from counterpoise.brief.facts import Facts, SeriesKey
from counterpoise.brief.figures_monitored import band_figure, panels_figure
from counterpoise.brief.figures_published import (
    border_days_figure,
    map_figure,
    measures_figure,
    mix_figure,
    other_days_figure,
)
from counterpoise.brief.model import Figure
from counterpoise.brief.setting import Setting, main_series
from counterpoise.vocabulary import ALL_NATIONALITIES

__all__ = ["build_figures"]


def build_figures(setting: Setting) -> dict[str, tuple[Figure, ...]]:
    """Return the figures by part of the page: ``corridors``, ``measures``, ``nationalities``, ``map``."""
    monitored = main_series(setting.case, setting.facts)
    corridors: list[Figure] = []
    days_shown: list[SeriesKey] = []
    for corridor in setting.case.case.corridors:
        mine = [key for key in monitored if key.corridor == corridor]
        for key in mine:
            corridors.append(band_figure(setting, key, len(corridors) + 1))
        if not mine and (days := border_days_figure(setting, corridor, f"corridor-{len(corridors) + 1}")):
            corridors.append(days[0])
            days_shown.append(days[1])
    by_nationality = [key for key in monitored if _has_nationalities(setting.facts, key)][:1]
    return {
        "corridors": tuple(corridors),
        "measures": _present([measures_figure(setting), other_days_figure(setting, days_shown)]),
        "nationalities": _present(
            [make(setting, key) for key in by_nationality for make in (panels_figure, mix_figure)]
        ),
        "map": _present([map_figure(setting)]),
    }


def _present(figures: list[Figure | None]) -> tuple[Figure, ...]:
    return tuple(figure for figure in figures if figure is not None)


def _has_nationalities(facts: Facts, key: SeriesKey) -> bool:
    rows = facts.detection.series.filter(
        pl.col("corridor") == key.corridor,
        pl.col("dataset") == key.dataset,
        ~pl.col("nationality").str.starts_with(ALL_NATIONALITIES),
    )
    return not rows.is_empty()
