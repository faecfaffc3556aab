r"""Surge-free series of every class, with parameters measured on the real series up to the last training month.

Counts are negative binomial around an intensity, :math:`y_t \sim \mathrm{NB}(\mu_t, \alpha)` with variance
:math:`\mu_t + \alpha \mu_t^2`, where per class

- ``busy``, ``medium``, ``sparse``: :math:`\mu` is constant, log-uniform between the quartiles of the class;
- ``seasonal``: :math:`\log\mu_t` has an annual wave of the median amplitude of that class;
- ``wandering``: :math:`\log\mu_t` is a random walk, reflected between one person in ten months and ten times the
  busiest start, with the step that moves the yearly mean as much as in the lower quartile of all series with 5 people
  a month or more: slowly, for what moves faster holds real surges;
- ``new``: structural zeros; nobody, but for strays: in a share of months, a few people.

:math:`\alpha` is the median over busy and medium series of a moment estimate within years: the median year of each, so
that a year with a surge does not count, but with what season there is.
"""

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from counterpoise.errors import AnalysisError
from counterpoise.monitoring.backtest.classes import classify, season_share, yearly_movement
from counterpoise.monitoring.detectors.base import Array

__all__ = ["N_SIMULATED_MONTHS", "Parameters", "estimate_parameters", "simulate_class", "simulate_ramps"]

N_SIMULATED_MONTHS = 120
"""Months of a simulated series in which alarms count, after the months that only teach."""

_LOWEST_LOG_MEAN = np.log(0.1)
_HIGHEST_FACTOR = 10.0
_RAMP_MEAN = 50.0
_RAMP_FACTOR = 10.0
_FALLBACK = {"busy": (60.0, 200.0), "medium": (7.0, 25.0), "sparse": (0.3, 2.0)}
"""Levels of a class that the data have no series of; about those of the real series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the simulations share with the real series.

    Parameters
    ----------
    levels
        Lower and upper quartile of the monthly mean, per class.
    dispersion
        Alpha.
    amplitude
        Of the annual wave, on the log scale.
    monthly_step
        Standard deviation of a month's step of the random walk, on the log scale.
    stray_share, stray_size
        Share of months with anybody after two years of nobody, and the median count then.
    """

    levels: dict[str, tuple[float, float]]
    dispersion: float
    amplitude: float
    monthly_step: float
    stray_share: float
    stray_size: float

    def to_dict(self) -> dict[str, object]:
        """Return the parameters as plain values."""
        return asdict(self)


def estimate_parameters(values: Array) -> Parameters:
    """Return the parameters of counts, series x months; only the five years at the end and what follows silence.

    Raises
    ------
    AnalysisError
        If there are fewer than 61 months.
    """
    if values.shape[1] <= 60:
        raise AnalysisError(
            expected="more than 60 months up to the last month of training",
            found=str(values.shape[1]),
            where="the series",
            hint="choose a later --train-to",
        )
    classes = classify(values)
    counts = np.nan_to_num(values)
    now = classes[:, -1]
    windows = counts[:, -60:]
    steady = np.isin(now, ["busy", "medium"])
    waving = windows[now == "seasonal"]
    moving = windows[np.isin(now, ["busy", "medium", "seasonal", "wandering"])]
    silent = classes[:, 24:] == "new"
    after_silence = counts[:, 24:][silent]
    strays = after_silence[after_silence > 0]
    return Parameters(
        levels={name: _quartiles(windows[now == name, -12:], name) for name in _FALLBACK},
        dispersion=_median(_dispersion(windows[steady]), 0.3),
        amplitude=_median(_amplitude(waving), 0.8),
        monthly_step=float(np.quantile(_step(moving), 0.25)) if len(moving) else 0.25,
        stray_share=float((after_silence > 0).mean()) if len(after_silence) else 0.02,
        stray_size=float(np.median(strays)) if len(strays) else 1.0,
    )


def simulate_class(
    name: str, parameters: Parameters, *, n_series: int, warm_up: int, generator: np.random.Generator
) -> Array:
    """Return surge-free counts of a class, series x (``warm_up`` + 120 months)."""
    shape = (n_series, warm_up + N_SIMULATED_MONTHS)
    if name == "new":
        anybody = generator.random(shape) < parameters.stray_share
        people = 1 + generator.poisson(max(parameters.stray_size - 1.0, 0.0), size=shape)
        return np.where(anybody, people, 0).astype(np.float64)
    lower, upper = parameters.levels[name if name in parameters.levels else "medium"]
    if name not in parameters.levels:
        upper = parameters.levels["busy"][1]
    log_mean = np.repeat(
        generator.uniform(np.log(lower), np.log(upper), size=(n_series, 1)), shape[1], axis=1
    )
    if name == "seasonal":
        angle = 2 * np.pi * np.arange(shape[1]) / 12
        phase = generator.uniform(0, 2 * np.pi, size=(n_series, 1))
        log_mean = log_mean + parameters.amplitude * np.cos(angle + phase)
    if name == "wandering":
        steps = generator.normal(0.0, parameters.monthly_step, size=shape)
        log_mean = _reflected(log_mean + np.cumsum(steps, axis=1), np.log(_HIGHEST_FACTOR * upper))
    return _negative_binomial(np.exp(log_mean), parameters.dispersion, generator)


def simulate_ramps(
    parameters: Parameters, *, n_series: int, warm_up: int, generator: np.random.Generator
) -> Array:
    """Return counts of mean 50 whose last three months ramp to ten times that, series x (``warm_up`` + 3)."""
    counts = _negative_binomial(
        np.full((n_series, warm_up + 3), _RAMP_MEAN), parameters.dispersion, generator
    )
    profile = (_RAMP_FACTOR - 1.0) * _RAMP_MEAN * np.array([1 / 3, 2 / 3, 1.0])
    counts[:, -3:] += generator.poisson(np.tile(profile, (n_series, 1)))
    return counts


def _negative_binomial(mean: Array, dispersion: float, generator: np.random.Generator) -> Array:
    intensity = mean * generator.gamma(1.0 / dispersion, dispersion, size=mean.shape)
    return generator.poisson(intensity).astype(np.float64)


def _reflected(log_mean: Array, highest: float) -> Array:
    """Return the walk folded back into its bounds."""
    width = highest - _LOWEST_LOG_MEAN
    folded = np.mod(log_mean - _LOWEST_LOG_MEAN, 2 * width)
    reflected: Array = _LOWEST_LOG_MEAN + np.where(folded > width, 2 * width - folded, folded)
    return reflected


def _quartiles(last_year: Array, name: str) -> tuple[float, float]:
    means = last_year.mean(axis=1)
    means = means[means > 0]
    if not len(means):
        return _FALLBACK[name]
    lower, upper = np.quantile(means, [0.25, 0.75])
    return float(lower), float(upper)


def _median(values: npt.NDArray[np.float64], otherwise: float) -> float:
    return float(np.median(values)) if len(values) else otherwise


def _dispersion(windows: Array) -> Array:
    """Return the median over years of (variance - mean) / mean squared, per series; at least 0.01."""
    years = windows.reshape(-1, 5, 12)
    mean = np.maximum(years.mean(axis=2), 1e-9)
    per_year = np.clip((years.var(axis=2, ddof=1) - mean) / mean**2, 0.0, 10.0)
    dispersion: Array = np.maximum(np.median(per_year, axis=1), 0.01)
    return dispersion


def _amplitude(windows: Array) -> Array:
    """Return the amplitude of the annual wave of log(1 + count) that ``season_share`` says is there."""
    years = np.log1p(windows).reshape(-1, 5, 12)
    total = ((years - years.mean(axis=2, keepdims=True)) ** 2).mean(axis=(1, 2))
    amplitude: Array = np.sqrt(2.0 * season_share(windows) * total)
    return amplitude


def _step(windows: Array) -> Array:
    """Return the monthly step of a random walk whose yearly mean moves as much as the series'.

    The yearly mean of a walk with step s changes by a normal with variance 12 s^2 x 2/3 (nearly); a normal's mean
    absolute value is 0.8 standard deviations.
    """
    step: Array = yearly_movement(windows) / np.sqrt(2 / np.pi) / np.sqrt(8.0)
    return step
