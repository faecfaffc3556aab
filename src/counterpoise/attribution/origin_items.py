"""Items of the ledger that are read from annual figures of origins, or the one that says why there are none yet."""

from collections.abc import Iterable

import numpy as np

from counterpoise.attribution.evidence import OF_WORLDS, Item, of_families
from counterpoise.attribution.indicators.origin_push import ORIGIN_STATISTICS, origin_shares
from counterpoise.attribution.likelihoods import Likelihoods, class_of
from counterpoise.attribution.reference import read_origins
from counterpoise.attribution.subject import Selected
from counterpoise.observations.archive import Known
from counterpoise.observations.origins import ORIGINS_DATASET, OriginFigures, load_origins, published_on
from counterpoise.vocabulary import ANSWERS

__all__ = ["origin_items"]


def origin_items(known: Known, selected: Selected, likelihoods: Likelihoods, rerun: str) -> Iterable[Item]:
    """Return the items of the annual figures of origins, or the one that says why they cannot be read yet."""
    year = selected.subject.month.year
    near = known.corridors.corridors[selected.subject.corridor].to_states
    figures = load_origins(known.day, near)
    shares = origin_shares(selected.cube, selected.corridor, selected.nationality, selected.month)
    told = False
    for name, reading in read_origins(figures, shares, year).items():
        families = likelihoods.log_lr("driver", name, class_of(reading.tail_probability))
        if families is None:
            continue
        statistic = ORIGIN_STATISTICS[name]
        higher = 1 - reading.tail_probability
        word, share = ("more", higher) if higher >= 0.5 else ("less", reading.tail_probability)
        lower, upper = of_families(families)
        yield Item(
            indicator=name,
            statement=(
                f"{statistic.said(reading.value)}, in {year}; {word} than in {share:.0%} of {reading.n_reference} "
                "origin-years. As revised since: earlier vintages are not at hand."
            ),
            question="driver",
            nature="statistic",
            lower=lower,
            upper=upper,
            families=families,
            reliability=OF_WORLDS,
            group="origin",
            known_on=published_on(year),
            figures={
                "value": round(reading.value, 4),
                "tail_probability": round(reading.tail_probability, 4),
                "n_reference": reading.n_reference,
            },
            sources=(ORIGINS_DATASET,),
            rerun=rerun,
        )
        told = True
    if not told:
        yield _no_origin_push(known, year, figures, rerun)


def _no_origin_push(known: Known, year: int, figures: OriginFigures, rerun: str) -> Item:
    n = len(ANSWERS["driver"])
    why = (
        f"their figures of {year} come out by {published_on(year)}"
        if published_on(year) > known.day
        else f"there are none of {year}"
        if year not in figures.years
        else f"too few of those who came have figures of {year}"
    )
    return Item(
        indicator="origin_push",
        statement=(
            "Applications of the same nationalities in other states, recognition rates and displacement: not at hand "
            f"as of {known.day}; {why}. By month nothing is at hand after 2015."
        ),
        question="driver",
        nature="unavailable",
        lower=np.zeros((n, n)),
        upper=np.zeros((n, n)),
        reliability="unavailable",
        group="origin_push",
        known_on=None,
        rerun=rerun,
    )
