"""Any long CSV or Parquet, read through a mapping file."""

from pathlib import Path

import polars as pl

from counterpoise.errors import InputError
from counterpoise.observations.batch import Batch
from counterpoise.observations.corridors import CorridorRegistry
from counterpoise.schemas import OBSERVATIONS
from counterpoise.sources.assemble import RAW_CORRIDOR, RAW_NATIONALITY, Draft, assemble
from counterpoise.sources.cards import Card, datasets_frame, document_frame, load_cards
from counterpoise.sources.cells import parse_day
from counterpoise.sources.columns import USUAL_UNITS
from counterpoise.sources.corridor_names import SEPARATOR, corridor_of
from counterpoise.sources.faults import listed
from counterpoise.sources.mapping import ColumnRule, DocumentMapping
from counterpoise.sources.tables import ROW

__all__ = ["parse_mapped"]

_REMARKED = "_remarked"
"""Column with the flags that the mapping's remarks put on a row."""


def parse_mapped(
    table: pl.DataFrame,
    content: bytes,
    mapping: DocumentMapping,
    *,
    path: Path,
    registry: CorridorRegistry,
    notes: tuple[str, ...] = (),
) -> Batch:
    """Return the batch of a foreign table.

    A word of the corridor or nationality column that nothing translates is kept aside. Rows that fall on one
    figure only after translation are summed; rows that repeat each other in the file's own words are a fault.
    For a dataset with a card, the card says what the mapping leaves open and may not be contradicted.

    Parameters
    ----------
    table
        Text, with ``ROW``; see ``tables``.
    content
        The bytes the table was read from: they name the document.
    mapping
        What the columns mean.

    Raises
    ------
    InputError
        If the file lacks a column the mapping names, the mapping contradicts a card, or any cell is wrong.
    """
    where = path.name
    card = load_cards().get(mapping.dataset)
    _require_mapped_columns(table, mapping, where)
    _require_agreement(mapping, card)
    marked, remarks = _with_remarks(table, mapping)
    rows, defaults = _draft_rows(marked, mapping, card, registry)
    days = rows.select(parse_day(pl.col("known_on")).unique())["known_on"]
    return assemble(
        Draft(
            rows=rows,
            names={name: rule.columns[0] for name, rule in mapping.columns.items() if len(rule.columns) == 1},
            document=document_frame(
                content,
                path=path,
                publisher=mapping.publisher or (card.publisher if card else "user"),
                title=mapping.title or path.name,
                url=mapping.url,
                licence=mapping.licence or (card.licence if card else "not stated"),
                published_on=days[0] if len(days) == 1 else None,
            ),
            datasets=datasets_frame(
                dataset=mapping.dataset,
                title=card.title if card else mapping.title or mapping.dataset,
                publisher=card.publisher if card else mapping.publisher or "user",
                dense=card.dense if card else bool(mapping.dense),
                lag_days=card.lag_days if card else mapping.lag_days,
            ),
            where=where,
            hint="correct these rows, or the mapping file if it misreads them",
            n_read=table.height,
            notes=(*notes, *defaults, *_unread(table, mapping), *remarks),
        )
    )


def _require_mapped_columns(table: pl.DataFrame, mapping: DocumentMapping, where: str) -> None:
    """Raise if the mapping names columns the file does not have."""
    named = [column for rule in mapping.columns.values() for column in rule.columns]
    named += [column for remark in mapping.remarks for column in remark.where]
    missing = [name for name in dict.fromkeys(named) if name not in table.columns]
    if missing:
        raise InputError(
            expected=f"the columns the mapping names: {listed(dict.fromkeys(named))}",
            found=f"no column {listed(missing)}; columns {listed(c for c in table.columns if c != ROW)}",
            where=where,
            hint="correct the names in the file or in the mapping file",
        )


def _require_agreement(mapping: DocumentMapping, card: Card | None) -> None:
    """Raise if the mapping says otherwise than the dataset's card: one dataset has one description."""
    if card is None:
        return
    said: dict[str, tuple[object, object]] = {
        "dense": (mapping.dense, card.dense),
        "lag_days": (mapping.lag_days, card.lag_days),
    }
    said |= {
        name: (mapping.constants.get(name), getattr(card, name))
        for name in ("measure", "unit", "reporter", "frequency")
    }
    faults = [
        f"{name} {ours} where the card says {its}"
        for name, (ours, its) in said.items()
        if ours is not None and ours != its
    ]
    if faults:
        raise InputError(
            expected=f"a mapping that agrees with the card of {card.dataset}",
            found="; ".join(faults),
            where="mapping file",
            hint="leave these out, or give the dataset an id of your own",
        )


def _with_remarks(table: pl.DataFrame, mapping: DocumentMapping) -> tuple[pl.DataFrame, list[str]]:
    """Add the flags of the mapping's remarks, and return the remarks that met rows, as sentences."""
    flags: list[pl.Expr] = []
    notes: list[str] = []
    for remark in mapping.remarks:
        meant = pl.all_horizontal(pl.col(column) == word for column, word in remark.where.items())
        n_rows = table.select(meant.fill_null(False).sum()).item()
        if n_rows:
            marked = f" and marked {remark.flag}" if remark.flag else ""
            notes.append(f"{remark.text} ({n_rows:,} rows, left as they are{marked}.)")
            flags.append(pl.when(meant).then(pl.lit(remark.flag)).otherwise(pl.lit("")))
    return table.with_columns(pl.concat_str(flags or [pl.lit("")], separator=" ").alias(_REMARKED)), notes


def _draft_rows(
    table: pl.DataFrame, mapping: DocumentMapping, card: Card | None, registry: CorridorRegistry
) -> tuple[pl.DataFrame, list[str]]:
    """Return the rows of a draft, and a sentence for every default."""
    given = {name: pl.lit(word) for name, word in mapping.constants.items()}
    given |= {name: _translated(rule) for name, rule in mapping.columns.items()}
    raw = {
        name: _joined(mapping.columns[name]) if name in mapping.columns else given[name]
        for name in ("corridor", "nationality")
    }
    defaults = {
        name: default
        for name, default in _defaults(mapping, card, given["measure"]).items()
        if name not in given
    }
    given |= {name: expression for name, (expression, _) in defaults.items()}
    coded = table.with_columns(raw["corridor"].alias(RAW_CORRIDOR), raw["nationality"].alias(RAW_NATIONALITY))
    flag = pl.concat_str(given["flag"].fill_null(""), pl.lit(" "), pl.col(_REMARKED))
    given |= {
        "dataset": pl.lit(mapping.dataset),
        "corridor": _corridor(coded, mapping, registry),
        "flag": flag.str.split(" ").list.unique().list.sort().list.join(" ").str.strip_chars(),
    }
    rows = coded.select(
        ROW,
        RAW_CORRIDOR,
        RAW_NATIONALITY,
        *(given[name].alias(name) for name in OBSERVATIONS if name != "document"),
    )
    return rows, [f"Not in the mapping, {name}: {words}." for name, (_, words) in defaults.items() if words]


def _joined(rule: ColumnRule) -> pl.Expr:
    """Return the file's own words; of several columns joined, and null if one of them is empty."""
    return pl.concat_str((pl.col(column).str.strip_chars() for column in rule.columns), separator=SEPARATOR)


def _translated(rule: ColumnRule) -> pl.Expr:
    """Return the words with the rule's table applied; a word that is not in the table stays."""
    return _joined(rule).replace(dict(rule.values)) if rule.values else _joined(rule)


def _corridor(table: pl.DataFrame, mapping: DocumentMapping, registry: CorridorRegistry) -> pl.Expr:
    """Return the corridor of each row, null where neither the mapping nor the registry knows the words."""
    rule = mapping.columns.get("corridor")
    values = dict(rule.values) if rule else {}
    publisher = rule.publisher if rule else ""
    strange = sorted({*values.values()} - set(registry.corridors))
    if strange:
        raise InputError(
            expected="corridor ids of the registry",
            found=listed(strange),
            where="mapping file, columns.corridor.values",
            hint="'counterpoise corridors' lists them all",
        )
    found = {
        words: corridor_of(words.split(SEPARATOR), publisher=publisher, registry=registry, values=values)
        for words in table[RAW_CORRIDOR].drop_nulls().unique()
    }
    return pl.col(RAW_CORRIDOR).replace_strict(found, default=None, return_dtype=pl.String)


def _defaults(
    mapping: DocumentMapping, card: Card | None, measure: pl.Expr
) -> dict[str, tuple[pl.Expr, str]]:
    """Return what fills the columns the mapping leaves open, each with the words that say so."""
    fixed: dict[str, tuple[pl.Expr, str]] = {
        "period_end": (pl.lit(None, pl.String), ""),
        "locator": (pl.concat_str(pl.lit("row "), pl.col(ROW).cast(pl.String)), ""),
        "flag": (pl.lit(""), ""),
    }
    if card is not None:
        return fixed | {
            "reporter": (pl.lit(card.reporter), f"{card.reporter}, from the card"),
            "unit": (pl.lit(card.unit), f"{card.unit}, from the card"),
            "publisher_term": (pl.lit(card.publisher_term), f"{card.publisher_term!r}, from the card"),
            "place": (pl.lit("border"), "border"),
        }
    return fixed | {
        "reporter": (pl.lit("EU"), "EU"),
        "unit": (
            measure.replace_strict(USUAL_UNITS, default="events", return_dtype=pl.String),
            "the usual one of each measure",
        ),
        "publisher_term": (measure, "the measure's own word"),
        "place": (pl.lit("any"), "any"),
    }


def _unread(table: pl.DataFrame, mapping: DocumentMapping) -> list[str]:
    read = {column for rule in mapping.columns.values() for column in rule.columns}
    read |= {column for remark in mapping.remarks for column in remark.where}
    unread = [name for name in table.columns if name != ROW and name not in read]
    return [f"Columns the mapping does not name were left out: {listed(unread)}."] if unread else []
