"""The one entry to the sources: a file of any accepted kind in, a batch out. Reads; never writes."""

from datetime import date
from pathlib import Path

from counterpoise.errors import InputError
from counterpoise.observations.batch import Batch
from counterpoise.observations.corridors import CorridorRegistry, load_corridors
from counterpoise.sources.carded import Given
from counterpoise.sources.columns import parse_columns
from counterpoise.sources.eurostat import is_bulk, parse_answer, parse_bulk
from counterpoise.sources.frontex import parse_workbook
from counterpoise.sources.iom import TABLES as IOM_TABLES
from counterpoise.sources.italy import TABLES as ITALY_TABLES
from counterpoise.sources.mapped import parse_mapped
from counterpoise.sources.mapping import DocumentMapping, parse_mapping
from counterpoise.sources.person_level import require_aggregate
from counterpoise.sources.recognise import DocumentKind, recognise
from counterpoise.sources.tables import GZIP, parse_csv, parse_parquet, unpacked
from counterpoise.sources.unhcr import TABLES as UNHCR_TABLES

__all__ = ["parse_document", "read_document"]

_PUBLISHED = (*IOM_TABLES, *ITALY_TABLES, *UNHCR_TABLES)
_FREE = ("locator", "document", "publisher_term", "period_start", "period_end", "known_on")
"""Our columns that are long, unique or dated by design."""


def read_document(
    path: Path,
    *,
    mapping: Path | None = None,
    registry: CorridorRegistry | None = None,
    published_on: date | None = None,
) -> Batch:
    """Return what a file brings to the archive: observations, what was kept aside, and notes on both.

    Parameters
    ----------
    path
        Frontex's workbook; a bulk file of Eurostat or an answer of its API; a table of UNHCR, IOM or Italy's landings;
        our observation columns as CSV or Parquet; with ``mapping``, any long CSV or Parquet. A CSV may be gzipped. What
        it is, is told by its content; only where datasets of Eurostat look alike does the name of the file count.
    mapping
        A mapping file (YAML) that says what the columns mean.
    registry
        Corridors; default: the bundled ones.
    published_on
        When it was published, for documents of Eurostat, UNHCR and IOM, which do not say so. None: the card's lag after
        the last period is assumed. Two of them with the same last period are two vintages only if their days differ.

    Raises
    ------
    InputError
        If a file cannot be read, is of another kind, holds data about persons, or holds wrong figures: one
        sentence with all faults of the file.
    """
    rules = parse_mapping(_read(mapping), mapping.name) if mapping is not None else None
    return parse_document(
        _read(path),
        path=path,
        mapping=rules,
        registry=load_corridors() if registry is None else registry,
        published_on=published_on,
    )


def parse_document(
    content: bytes,
    *,
    path: Path,
    mapping: DocumentMapping | None,
    registry: CorridorRegistry,
    published_on: date | None = None,
) -> Batch:
    """Return the batch of the bytes of a document; as ``read_document``, without a disk.

    Raises
    ------
    InputError
        As ``read_document``.
    """
    zipped_table = content.startswith(GZIP) and not is_bulk(content)
    data = unpacked(content, path.name) if zipped_table else content
    kind = recognise(data, path.name)
    given = Given(content=content, path=path, registry=registry, published_on=published_on)
    if kind is DocumentKind.WORKBOOK:
        if mapping is not None:
            raise InputError(
                expected="a CSV or Parquet file, which a mapping file describes",
                found="an Excel workbook",
                where=path.name,
                hint="read Frontex's workbook without a mapping; save any other sheet as CSV",
            )
        return parse_workbook(content, path=path, registry=registry)
    if kind is DocumentKind.EUROSTAT:
        return parse_bulk(given)
    if kind is DocumentKind.EUROSTAT_ANSWER:
        return parse_answer(given)
    if kind is DocumentKind.CSV:
        table, notes = parse_csv(data, path.name)
    else:
        table, notes = parse_parquet(data, path.name), ()
    published = next((one for one in _PUBLISHED if one.fits(table)), None) if mapping is None else None
    if published is not None:
        if published.value is not None:
            require_aggregate(table, path.name, value=published.value, free=set(published.heads))
        return published.parse(table, given)
    if mapping is None:
        value, free = "value", set(_FREE)
    else:
        value = mapping.columns["value"].columns[0] if "value" in mapping.columns else ""
        free = {
            column for name in _FREE if name in mapping.columns for column in mapping.columns[name].columns
        }
    require_aggregate(table, path.name, value=value if value in table.columns else None, free=free)
    if mapping is None:
        return parse_columns(table, content, path=path, registry=registry, notes=notes)
    return parse_mapped(table, content, mapping, path=path, registry=registry, notes=notes)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            expected="a file that can be read",
            found=error.strerror or str(error),
            where=str(path),
            hint="check the path",
        ) from error
