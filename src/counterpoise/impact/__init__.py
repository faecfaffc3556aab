"""Impact: what the responses did, where that can be known."""

from counterpoise.impact.evaluate import evaluate
from counterpoise.impact.options import EVALUATE_DEFAULTS, EvaluateOptions
from counterpoise.impact.results import Effect, Evaluation

__all__ = ["EVALUATE_DEFAULTS", "Effect", "EvaluateOptions", "Evaluation", "evaluate"]
