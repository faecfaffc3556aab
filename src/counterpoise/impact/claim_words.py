"""The words of claims: counts, places, kinds of response, changes and numbers, as English sentences have them."""

import calendar
import re

__all__ = [
    "CAUSES",
    "CAUSE_WORD",
    "COUNT_WORD",
    "FELL",
    "MONTHS",
    "MOVES",
    "NEIGHBOURS",
    "NUMBER",
    "NUMBERS",
    "OUTCOMES_SAID",
    "PARTS",
    "PLACES",
    "ROSE",
    "SMALL_WORDS",
    "STATED_CAUSE",
    "TIMED_CAUSE",
    "WHEN",
]

MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
WHEN = re.compile(rf"\b(?:({_MONTH})\.?\s+)?(20\d\d)\b|\b({_MONTH})\b", re.IGNORECASE)

FELL = re.compile(
    r"\b(fell|fall(?:en|s|ing)?|drop\w*|decreas\w*|declin\w*|reduc\w*|cuts?|cutting|down|fewer|less|halv\w+|"
    r"lower(?:ed|s|ing)?|slash\w*|shr[aiu]nk|collaps\w*|plung\w*|plummet\w*|tumbl\w*|stopp?(?:ed|s|ing)?|end(?:ed|s|ing)?)\b",
    re.IGNORECASE,
)
ROSE = re.compile(
    r"\b(rose|ris(?:e|es|en|ing)|increas\w*|grew|grow\w*|up|more|doubl\w+|tripl\w+|trebl\w+|quadrupl\w+|surg\w*|"
    r"raised?|raises|jumped|climbed|soared|spiked|exploded)\b",
    re.IGNORECASE,
)
MOVES = re.compile(
    r"\b(?:(?:has|have|had)\s+)?(cuts?|reduce[ds]?|stop(?:s|ped)?|halve[ds]?|doubled?|tripled?|trebled?|lower(?:ed|s)|"
    r"raise[ds]?|increase[ds]?|decrease[ds]?|slashe[ds]|slashed|end(?:ed|s)|led\s+to|leads\s+to|(?:brought|brings)\s+"
    r"(?:down|up|about)|(?:drove|drives|pushe[ds]|forced)\s+(?:down|up)|cause[ds]?(?!\s+by)|result(?:ed|s)\s+in|"
    r"made|makes|meant|means)\b",
    re.IGNORECASE,
)
"""Verbs whose subject is said to do something to what stands after them."""

NUMBERS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "fifty": 50,
    "hundred": 100,
}
NUMBER = rf"(?:\d+(?:[.,]\d+)?|{'|'.join(NUMBERS)})"
PARTS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "fifth": 1 / 5, "tenth": 1 / 10}

OUTCOMES_SAID = (
    (r"deaths?|died|dead|missing", "deaths_missing"),
    (r"onward|in germany|reach\w* germany|german police", "onward_detections"),
    (r"attempt\w*", "attempts"),
    (r"turned back|pushed back|push-?\s?backs?|prevented|stopped|returned", "prevented"),
    (r"asylum|applica\w*", "asylum_applications"),
    (r"refus\w*", "refusals"),
    (r"detained|detentions?", "detained"),
    (
        r"crossings?|cross(?:ed)?|detections?|detected|arrivals?|entries|people|persons?|migrants?|refugees|flows?|"
        r"migration|numbers?\s+of|inflow",
        "detections",
    ),
)
"""In order: a word for something counted tells more than one for people."""
COUNT_WORD = re.compile(
    rf"\b(?:{'|'.join(pattern for pattern, _ in OUTCOMES_SAID).replace('|stopped|returned', '')})\b", re.I
)
PLACES = (
    (r"poland|polish", "POL"),
    (r"lithuanian?", "LTU"),
    (r"latvian?", "LVA"),
    (r"finland|finnish", "FIN"),
    (r"norway|norwegian", "NOR"),
    (r"estonian?", "EST"),
)
NEIGHBOURS = ((r"belarus(?:ian)?", "BLR"), (r"russian?", "RUS"))
CAUSES = (
    (r"fenc\w+|barriers?|walls?", "fence"),
    (r"clos(?:ed|ing|ures?|es)", "border_closure"),
    (
        r"turn\w* back|push-?\s?backs?|pushing|asylum (?:ban|suspension|law)|suspen\w*|restrict\w*",
        "turn_back_law",
    ),
    (r"emergenc\w*|zone|access ban", "emergency_law"),
    (r"soldiers?|troops?|army|military", "troops"),
    (r"sanction\w*|listings?", "sanctions"),
    (r"readmission|repatriations?|return flights?|returns", "readmission"),
    (r"flights?|airlines?|boarding|hubs?", "airline_pressure"),
    (r"campaigns?|posters?", "information_campaign"),
    (r"talks?|calls?|diploma\w*|rail", "diplomacy"),
    (r"laws?|act|measures?|polic(?:y|ies)|pressure|deals?|agreements?|responses?|crackdown|regime|war", ""),
)
"""Kinds of response, as cases name them; words that name no kind come last."""
CAUSE_WORD = re.compile(rf"\b(?:{'|'.join(pattern for pattern, _ in CAUSES)})\b", re.IGNORECASE)

STATED_CAUSE = re.compile(
    r"\b(?:because(?:\s+of)?|due\s+to|thanks\s+to|caused\s+by|driven\s+by|as\s+a\s+(?:result|consequence)\s+of|"
    r"owing\s+to|by\s+means\s+of|attributed\s+to|on\s+account\s+of)\b",
    re.IGNORECASE,
)
_TIME_WORDS = r"after|following|since|once|when|as\s+soon\s+as|with|through|under|by"
TIMED_CAUSE = re.compile(
    rf"\b(?:{_TIME_WORDS})\b(?:\s+(?!(?:{_TIME_WORDS})\b)[\w'’-]+){{0,5}}?\s+(?:{CAUSE_WORD.pattern})",
    re.IGNORECASE,
)
"""'After the fence', 'with the closure': a time that is said to be a cause."""

_SMALL = """
    a an the of in on at to from by for with and was were is are be been being has have had did its it their this that
    these those there which who whom between during over since until as per year years month months number numbers
    count counts figure figures total totals rate level illegal irregular unauthorised unauthorized clandestine border
    borders frontier route routes eastern land green eu europe european external outer union migrants migrant refugees
    refugee people persons person nationals citizens came come arrived trying tried seekers seeker applying about around
    nearly almost roughly some approximately early beginning start previous preceding same then also say says
    said claim claims claimed found recorded registered reported published compared into across along were made new
    built completed finished erected introduced begun began came force place percent stood
    led leads brought brings drove drives pushed pushes forced caused causes resulted results makes meant means
    sharply strongly clearly significantly dramatically massively steeply drastically considerably
"""
SMALL_WORDS = frozenset(_SMALL.split())
"""Words that change nothing in what is claimed; any other that is not understood is said to be so."""
