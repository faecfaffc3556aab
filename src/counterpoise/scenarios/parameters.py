"""Names of the model's uncertainties, levers, outcomes and series, in the order of their rows; one line each.

Order is a contract between the plain model, the compiled one and stored results: new names go to the end.
"""

from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

__all__ = [
    "BORDERS",
    "COPIES",
    "HUBS",
    "INDICATORS",
    "LEVERS",
    "LEVER_ROWS",
    "N_LEVER_ROWS",
    "ORIGINS",
    "OUTCOMES",
    "PARAMETERS",
    "SERIES",
    "Lever",
    "Outcome",
]

ORIGINS, HUBS, BORDERS = 4, 3, 3
"""Sizes of the world; a case with fewer gives the others no weight."""

PARAMETERS: dict[str, str] = {
    # origins
    "potential_people": "people who would consider this channel in the years simulated, all origins together",
    "origin_weight_1": "weight of the first origin among them",
    "origin_weight_2": "weight of the second origin",
    "origin_weight_3": "weight of the third origin",
    "origin_weight_4": "weight of the fourth origin",
    "willingness": "share of them who would leave in a week at full belief in success and the usual price",
    "price_elasticity": "how fast willingness falls with the price index",
    "diffusion": "how much those who got through raise the willingness of others",
    "initial_success": "chance of getting through that people believe in before anybody tried, 0 to 1",
    "success_learning": "share of the gap between belief and what happened that closes in a week",
    "rumour": "share of the remaining disbelief that promises of the coercer remove at full effort",
    "information_effect": "largest share of belief that attributed information takes away",
    "information_decay": "share of what information built up that is forgotten in a week",
    "pathway_substitution": "share who would rather take a legal pathway at full offer",
    "incentive_effect": "share who stay at full incentives for origin states",
    # hubs and carriers
    "seats": "people a week all hubs can carry at full effort of the coercer",
    "hub_weight_1": "weight of the first hub",
    "hub_weight_2": "weight of the second hub",
    "hub_weight_3": "weight of the third hub",
    "reroute_weeks": "weeks until travel has moved to hubs that are open",
    "closure_compliance": "share of a hub's seats that a full closure takes away",
    # coercer
    "onset_week": "week in which the effort begins",
    "effort_limit": "largest effort, 0 to 1",
    "effort_growth": "largest change of effort in a week",
    "strategy": "class of strategy: 0 open, 1 pulse, 2 switch border, 3 stop and restart, 4 proxies",
    "adaptation": "0 fixed effort, 1 learns from gain less cost, 2 best response to their sign",
    "pulse_weeks": "length of a pulse, and of a rest",
    "resolve": "gain that does not depend on how it goes",
    "fee_gain": "weight of fees from travel in the gain",
    "unity_gain": "weight of lost unity among the target's allies",
    "attention_gain": "weight of public attention",
    "rights_gain": "weight of rights violations that serve propaganda",
    "deal_gain": "weight of concessions in a deal made through the coercer",
    "deal_honour": "share of the effort that a deal in force suspends",
    "sanction_cost": "weight of sanctions in the cost",
    "partner_cost": "weight of lost carriers and partners",
    "stranded_cost": "weight of people stranded on the coercer's own ground",
    # borders
    "border_weight_1": "weight of the first border",
    "border_weight_2": "weight of the second border",
    "border_weight_3": "weight of the third border",
    "switching": "speed at which movement goes over to the easier border, share a week",
    "staging_share": "share of those who arrived that goes on to a border in a week",
    "attempts_per_week": "attempts of one person at a border in a week",
    "cold_damping": "share of attempts that deep winter stops",
    "base_prevention": "share of attempts stopped at the line without fence or troops",
    "fence_effect": "share of the remaining that a full fence stops",
    "troops_effect": "share of the remaining that full troops stop",
    "base_interception": "share of those who crossed who are found near the border",
    "troops_interception": "share of the others whom full troops find",
    "turn_back_reach": "share of those found who are turned back at full level",
    "crossing_share": "share of movement that goes to official crossing points, 0 to 1",
    "recorded_share": "share of attempts that the border service counts",
    # people
    "death_rate": "deaths a week among 1,000 people at the border in deep winter, without help",
    "injury_ratio": "people injured for each death",
    "aid_effect": "share of deaths that full access of help prevents",
    "aid_base": "access of help before any response, 0 to 1",
    "home_return": "share of those at the border who go home in a week",
    "return_programme_effect": "share more who go home at a full programme of voluntary return",
    "claim_share": "share of people found who ask for protection",
    "recognition_share": "share of decisions that recognise a need for protection",
    "decisions": "decisions on applications a week",
    "beds": "places of reception",
    "rejected_return": "share of people without recognition who return",
    "onward_share": "share of those waiting who move on in a week",
    "onward_found": "share of those who moved on who are counted in another state",
    # societies and alliance
    "salience_memory": "share of attention that lasts to the next week",
    "salience_scale": "people counted a week at which attention reaches half",
    "polarisation_switch": "0: polarisation does not follow the debate (null model), 1: it does",
    "polarisation_gain": "rise of polarisation a week at full attention",
    "trust_gain": "loss of trust a week at full overload of reception",
    "cohesion_strain": "loss of cohesion a week at full pressure on one member state",
    "cohesion_recovery": "share of lost cohesion that comes back in a week",
    "tone_effect": "share of polarisation that prebunking and tone prevent",
    "dialogue_effect": "share of lost trust and cohesion that dialogue prevents",
    # noise and money
    "weekly_noise": "spread of week-to-week chance, standard deviation on the log scale",
    "cost_factor": "how far unit costs are off, as a factor",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One response the target side can make.

    Parameters
    ----------
    scope
        Whether it is set once, or for each hub or border.
    cost_million_per_year
        Public cost at full level, million euro a year, for one hub or border where the scope is such. An
        assumption of order of magnitude, scaled by ``cost_factor``.
    """

    title: str
    scope: Literal["all", "hubs", "borders"] = "all"
    cost_million_per_year: float = 0.0


LEVERS: dict[str, Lever] = {
    "hub_closure": Lever(
        title="carriers and hub states stop carrying", scope="hubs", cost_million_per_year=5.0
    ),
    "origin_incentives": Lever(title="incentives for origin states", cost_million_per_year=40.0),
    "information": Lever(title="attributed information in origin countries", cost_million_per_year=3.0),
    "legal_pathways": Lever(title="legal pathways offered to people", cost_million_per_year=60.0),
    "negotiated_deal": Lever(title="a deal made through the coercer", cost_million_per_year=150.0),
    "tone": Lever(title="prebunking and a calm tone", cost_million_per_year=4.0),
    "aid_access": Lever(title="access of help to the border", cost_million_per_year=6.0),
    "media_access": Lever(title="access of media to the border", cost_million_per_year=0.5),
    "dialogue": Lever(title="dialogue of those concerned", cost_million_per_year=2.0),
    "sanctions": Lever(title="sanctions on the coercer", cost_million_per_year=100.0),
    "emergency_law": Lever(title="emergency law in the border zone", cost_million_per_year=20.0),
    "return_programme": Lever(title="readmission and voluntary return", cost_million_per_year=25.0),
    "relocation": Lever(title="solidarity relocation", cost_million_per_year=30.0),
    "reception": Lever(title="more places and decisions", cost_million_per_year=80.0),
    "fence": Lever(title="fence", scope="borders", cost_million_per_year=100.0),
    "troops": Lever(title="troops at the border", scope="borders", cost_million_per_year=120.0),
    "crossing_closure": Lever(title="crossing points closed", scope="borders", cost_million_per_year=60.0),
    "turn_back": Lever(
        title="turn-back without individual assessment", scope="borders", cost_million_per_year=10.0
    ),
    "border_procedure": Lever(
        title="return after individual assessment", scope="borders", cost_million_per_year=30.0
    ),
}

COPIES = {"all": 1, "hubs": HUBS, "borders": BORDERS}
"""Rows of a lever, by its scope."""
_ENDS = list(accumulate(COPIES[lever.scope] for lever in LEVERS.values()))
LEVER_ROWS: dict[str, int] = dict(zip(LEVERS, [0, *_ENDS], strict=False))
"""First row of each lever; one with a scope has a row for each hub or border."""
N_LEVER_ROWS = _ENDS[-1]

INDICATORS: dict[str, str] = {
    "always": "no trigger",
    "counted_attempts": "attempts counted in the week before, all borders",
    "people_at_border": "people held up at the borders",
    "deaths_month": "deaths in about four weeks",
    "reception_load": "people waiting over places of reception",
    "salience": "public attention, 0 to 1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is read off an experiment, and which way is better for the people and states concerned."""

    title: str
    unit: str
    better: Literal["lower", "higher"] = "lower"
    kind: Literal["flow", "harm", "right", "society", "coercer", "money"]


OUTCOMES: dict[str, Outcome] = {
    "attempts": Outcome(title="attempts to cross", unit="events", kind="flow"),
    "entries": Outcome(title="people who got through or were let in", unit="people", kind="flow"),
    "onward_detections": Outcome(title="people counted in another state", unit="people", kind="flow"),
    "deaths": Outcome(title="deaths at the border", unit="people", kind="harm"),
    "injuries": Outcome(title="people injured", unit="people", kind="harm"),
    "stranded_weeks": Outcome(
        title="weeks people are held up at the border", unit="person-weeks", kind="harm"
    ),
    "turned_back_unassessed": Outcome(
        title="turn-backs without individual assessment", unit="events", kind="right"
    ),
    "legal_exposure": Outcome(title="conduct courts may be asked about", unit="index", kind="right"),
    "unmet_claims": Outcome(
        title="attempts by people who would ask for protection and could not", unit="events", kind="right"
    ),
    "reception_overload": Outcome(title="weeks with more people than places", unit="weeks", kind="society"),
    "polarisation": Outcome(title="polarisation at the end", unit="index 0 to 1", kind="society"),
    "trust": Outcome(title="trust at the end", unit="index 0 to 1", better="higher", kind="society"),
    "cohesion": Outcome(title="lowest cohesion", unit="index 0 to 1", better="higher", kind="society"),
    "coercer_gain": Outcome(title="gain of the coercer", unit="index-weeks", kind="coercer"),
    "episode_weeks": Outcome(title="weeks with effort", unit="weeks", kind="coercer"),
    "future_leverage": Outcome(title="leverage a deal leaves behind", unit="index-weeks", kind="coercer"),
    "cost": Outcome(title="public cost", unit="million euro", kind="money"),
    "pathway_arrivals": Outcome(
        title="people who came by legal pathways", unit="people", better="higher", kind="right"
    ),
}

SERIES: dict[str, str] = {
    **{f"attempts_{b + 1}": f"attempts counted at border {b + 1}" for b in range(BORDERS)},
    **{f"prevented_{b + 1}": f"stopped or turned back, counted at border {b + 1}" for b in range(BORDERS)},
    **{f"detections_{b + 1}": f"found after crossing and registered, border {b + 1}" for b in range(BORDERS)},
    **{f"departures_{o + 1}": f"people who left origin {o + 1}" for o in range(ORIGINS)},
    "onward_detections": "people counted in another state",
    "people_at_border": "people held up at the borders",
    "deaths": "deaths at the borders",
    "effort": "effort of the coercer, 0 to 1",
    "salience": "public attention, 0 to 1",
    "backlog": "people who wait for a decision",
    "registered": "people registered, all borders",
}
