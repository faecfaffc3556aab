"""The legal tests with their evidence as one answer, also where counts cannot show the case."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise.attribution.ledger import coded_items
from counterpoise.attribution.legal import LegalEvidence, LegalTable, legal_annex, pages_of
from counterpoise.attribution.results import NO_PERSONS, Attribution
from counterpoise.cases.known import known_case
from counterpoise.provenance import Provenance

if TYPE_CHECKING:
    from counterpoise.cases import Case

__all__ = ["LegalReading", "legal_frame", "read_facts", "reading_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalReading:
    """The legal tables of a case or series as known on a day.

    Parameters
    ----------
    about
        The case, or corridor and month.
    cannot_show
        Why counts take no part; empty where they do.
    """

    about: str
    cannot_show: str
    tables: tuple[LegalTable, ...]
    provenance: Provenance

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer where there is no attribution beside it."""
        return {
            **self.provenance.header(),
            "about": self.about,
            "counts_cannot_show": self.cannot_show,
            "legal_annex": [table.to_dict() for table in self.tables],
            "says_nothing_about_persons": True,
            "text": NO_PERSONS,
            "checks": [],
            "provenance": self.provenance.to_dict(),
        }


def reading_of(result: Attribution) -> LegalReading:
    """Return the legal tables of an attribution."""
    s = result.subject
    about = f"{s.case or s.corridor}, {s.nationality} at {s.corridor}, {s.window_start:%Y-%m} to {s.window_end:%Y-%m}"
    return LegalReading(about=about, cannot_show="", tables=result.legal, provenance=result.provenance)


def read_facts(case: "Case", day: date, why: str, *, seed: int = 0) -> LegalReading:
    """Return the legal tables with the coded facts of a case alone, all that were known on ``day``.

    Parameters
    ----------
    why
        Why counts cannot show the case.
    """
    known = known_case(case, day)
    rerun = f"counterpoise attribute {case.id} --legal --as-of {day}"
    items = coded_items([e for e in known.events if e.facts], known.evidence, rerun)
    return LegalReading(
        about=case.id,
        cannot_show=why,
        tables=legal_annex(items, {}, day=day, pages=pages_of(case)),
        provenance=Provenance(
            stage="legal", as_of=day, seed=seed, options={"case": case.model_dump(mode="json")}, inputs=()
        ),
    )


def legal_frame(reading: LegalReading) -> pl.DataFrame:
    """Return one row per part, side, piece of evidence and source; a part without evidence is one row."""
    rows = []
    for table in reading.tables:
        for part in table.parts:
            sides: list[tuple[str, LegalEvidence | None]] = [
                *(("for", e) for e in part.in_favour),
                *(("against", e) for e in part.against),
            ]
            for side, one in sides or [("", None)]:
                for source, title, url in one.sources if one else (("", "", ""),):
                    rows.append(
                        {
                            "test": table.title,
                            "element": part.id,
                            "part": part.text,
                            "standing": part.status.replace("_", " "),
                            "side": side,
                            "evidence": one.text if one else "",
                            "claimed_by": one.claimed_by if one else None,
                            "known_on": one.known_on if one else None,
                            "source": source,
                            "source_title": title,
                            "url": url,
                            "law": table.legal_status,
                            "checked": table.checked_on,
                            "as_of": reading.provenance.as_of,
                            "result_id": reading.provenance.result_id,
                        }
                    )
    return pl.DataFrame(rows, infer_schema_length=None)
