"""Tables of UNHCR, of IOM and of Italy's landings: what is taken, what is left out, and why."""

import gzip
from datetime import date

import polars as pl
import pytest

from counterpoise.errors import InputError
from counterpoise.observations.archive import Archive, open_archive
from counterpoise.observations.ledger import KEPT, LEFT_OUT, READ, ledger_lines
from counterpoise.observations.store import append_batch
from counterpoise.sources import read_document
from counterpoise.sources.cards import load_cards
from tests.sources.builders import columns_csv, parquet, parse, workbook

DAILY = (
    "Data,Valore,Note,Fonte,Data_Report\n"
    "2024-03-14,120,*fino alle ore 8:00,Fonte: Dipartimento,2024-03-15\n"
    "2024-03-15,10,*fino alle ore 8:00,Fonte: Dipartimento,2024-03-15\n"
    "2024-03-16,0,*fino alle ore 8:00,Fonte: Dipartimento,2024-03-15\n"
    "2024-03-14,125,*fino alle ore 8:00,Fonte: Dipartimento,2024-03-31\n"
    "2024-03-15,300,*fino alle ore 8:00,Fonte: Dipartimento,2024-03-31\n"
    "2024-03-16,,*fino alle ore 8:00,Fonte: Dipartimento,2024-03-31\n"
)
RUNNING = (
    "Data_Report,Nazione,ISO_3166-1,Valore\n"
    "2024-03-15,Tunisia,TN,70\n2024-03-15,altre,,55\n2024-03-31,Tunisia,TN,90\n2024-03-31,Atlantide,,1\n"
)
APPLICATIONS = pl.DataFrame(
    [
        (2023, "IRQ", "FIN", "G", "N", "FI", "P", 40),
        (2023, "IRQ", "FIN", "U", "N", "FI", "P", 2),
        (2023, "IRQ", "FIN", "G", "A", "AR", "P", 9),
        (2023, "IRQ", "LTU", "G", "N", "FI", "C", 7),
        (2023, "TIB", "FIN", "G", "N", "FI", "P", 5),
    ],
    schema=[
        "year",
        "origin",
        "asylum_country",
        "procedure_type",
        "app_type",
        "dec_level",
        "app_pc",
        "applied",
    ],
    orient="row",
)
INCIDENTS = (
    "Main ID,Incident ID,Incident Year,Month,Number of Dead,Minimum Estimated Number of Missing,"
    "Total Number of Dead and Missing,Country of Incident,Migration Route,Location of Incident,Coordinates,Cause\n"
    "1,1,2023,March,2,10,12,Libya,Central Mediterranean,Off Zuwara,\"32.9, 12.1\",Drowning\n"
    "2,2,2023,March,1,,1,Tunisia,Central Mediterranean,Off Sfax,\"34.7, 10.9\",Drowning\n"
    "3,3,2023,March,1,0,1,Poland,Belarus-EU border,Forest near Hajnówka,\"52.7, 23.6\",Cold\n"
    "4,4,2023,April,3,0,3,Mexico,US-Mexico border crossing,Desert,\"31.9, -112.1\",Heat\n"
    "5,5,2023,Unknown,1,0,1,Libya,Central Mediterranean,Coast,\"32.9, 12.1\",Drowning\n"
)  # fmt: skip


def figures(batch, *columns):
    return set(batch.observations.select(columns).rows())


def outcome(batch):
    """Return ``read, kept, {reason: figures}`` of the one reading of a batch."""
    n = dict(batch.ledger.filter(pl.col("outcome") != LEFT_OUT).select("outcome", "figures").iter_rows())
    reasons = batch.ledger.filter(pl.col("outcome") == LEFT_OUT).select("reason", "figures").iter_rows()
    return n[READ], n[KEPT], dict(reasons)


def test_landings_keep_every_bulletin_as_a_vintage():
    batch = parse(gzip.compress(DAILY.encode()))

    assert figures(batch, "corridor", "period_start", "value", "known_on", "flag") == {
        ("IT", date(2024, 3, 14), 120.0, date(2024, 3, 15), ""),
        ("IT", date(2024, 3, 15), 10.0, date(2024, 3, 15), "provisional"),
        ("IT", date(2024, 3, 14), 125.0, date(2024, 3, 31), ""),
        ("IT", date(2024, 3, 15), 300.0, date(2024, 3, 31), ""),
    }
    assert outcome(batch) == (5, 4, {"a day after the bulletin's own, filled with zeros": 1})
    then = Archive.from_batch(batch).as_of(date(2024, 3, 20)).observations
    assert dict(then.select("period_start", "value").iter_rows())[date(2024, 3, 15)] == 10


def test_running_totals_are_spans_and_the_others_are_unknown():
    batch = parse(RUNNING.encode())

    assert figures(batch, "nationality", "period_start", "period_end", "frequency", "value") == {
        ("TUN", date(2024, 1, 1), date(2024, 3, 15), "S", 70.0),
        ("UNK", date(2024, 1, 1), date(2024, 3, 15), "S", 55.0),
        ("TUN", date(2024, 1, 1), date(2024, 3, 31), "S", 90.0),
    }
    assert outcome(batch) == (4, 3, {"kept aside: unknown nationality": 1})


def test_applications_take_people_who_apply_anew():
    for heads in ({}, {"origin": "coo_iso", "asylum_country": "coa_iso"}):
        batch = parse(parquet(APPLICATIONS.rename(heads)))

        assert figures(batch, "corridor", "reporter", "nationality", "measure", "value") == {
            ("FI", "FIN", "IRQ", "asylum_applications", 42.0)
        }
        assert outcome(batch) == (
            5,
            1,
            {
                "counted in cases, not people": 1,
                "repeated, appealed, or several kinds not told apart": 1,
                "kept aside: unknown nationality": 1,
                "summed into the figure of another row": 1,
            },
        )


def test_populations_are_stocks_with_measures_of_their_own():
    table = pl.DataFrame(
        {
            "year": [2024],
            "origin": ["UKR"],
            "asylum_country": ["POL"],
            "refugees": [90],
            "asylum_seekers": [None],
        },
        schema_overrides={"asylum_seekers": pl.Int64},
    )

    assert figures(parse(parquet(table)), "measure", "period_end", "value") == {
        ("refugees_present", date(2024, 12, 31), 90.0)
    }


def test_incidents_become_sums_and_nothing_else_of_them_is_stored():
    batch = parse(INCIDENTS.encode())

    march = date(2023, 3, 1)
    assert figures(batch, "dataset", "corridor", "period_start", "value", "locator") == {
        ("iom.missing_migrants.route", "central-mediterranean", march, 13.0, "sum of 2 rows"),
        ("iom.missing_migrants.route.dead", "central-mediterranean", march, 3.0, "sum of 2 rows"),
        ("iom.missing_migrants.route.missing", "central-mediterranean", march, 10.0, "sum of 1 rows"),
        ("iom.missing_migrants.route", "eastern-borders", march, 1.0, "sum of 1 rows"),
        ("iom.missing_migrants.route.dead", "eastern-borders", march, 1.0, "sum of 1 rows"),
        ("iom.missing_migrants.route.missing", "eastern-borders", march, 0.0, "sum of 1 rows"),
        ("iom.missing_migrants", "BY-PL", march, 1.0, "sum of 1 rows"),
    }
    stored = " ".join(
        str(frame.rows()) for frame in (batch.observations, batch.documents, batch.set_aside, batch.ledger)
    ) + " ".join(batch.notes)
    for word in ("Hajnówka", "Zuwara", "52.7", "Drowning", "Cold"):
        assert word not in stored


def test_incidents_without_their_months_are_refused():
    with pytest.raises(InputError) as caught:
        parse(INCIDENTS.replace(",Month,", ",When,").encode())

    assert "Month or Reported Month" in caught.value.found


@pytest.mark.parametrize(
    "content", [columns_csv(), workbook(), DAILY.encode()], ids=["ours", "workbook", "Italy"]
)
def test_the_ledger_of_a_reading_is_stored_with_it_once(content, tmp_path):
    path = tmp_path / "archive"
    batch = parse(content)
    n_read, n_kept, reasons = outcome(batch)
    assert n_read == n_kept + sum(reasons.values())
    assert n_kept == batch.observations.height

    append_batch(path, batch)
    again = append_batch(path, batch)

    assert not again.changed
    assert ledger_lines(open_archive(path).ledger) == ledger_lines(batch.ledger)


def test_a_zero_of_a_dense_dataset_is_in_the_ledger():
    n_read, n_kept, reasons = outcome(parse(workbook()))

    assert (n_read, n_kept) == (12, 6)
    assert reasons == {
        "zero, and a missing cell means 0": 5,
        "summed into the figure of another row": 1,
    }


def test_new_sources_have_cards_that_say_what_they_do_not_count():
    for name, card in load_cards().items():
        assert card.counts_not != card.counts, name
        assert card.expected_range[0] < card.expected_range[1], name


def test_the_collected_tables_are_read_whole(shared):
    data = shared / "data"
    landings = read_document(data / "italy/sea_arrivals_daily_by_report.csv.gz")
    assert outcome(landings) == (3257, 3257, {})
    known = Archive.from_batch(landings).as_of(date(2025, 9, 15)).observations
    by_year = known.group_by(pl.col("period_start").dt.year().alias("year")).agg(pl.col("value").sum())
    assert dict(by_year.rows())[2023] == 155_515

    deaths = read_document(data / "iom/missing_migrants_eastern_border_monthly.csv")
    by_corridor = dict(deaths.observations.group_by("corridor").agg(pl.col("value").sum()).rows())
    assert by_corridor == {"BY-PL": 35, "BY-LV": 1, "BY-LT": 7, "BY-inland": 68, "RU-FI": 4}

    applications = read_document(data / "unhcr/unhcr_asylum_applications.parquet")
    n_read, n_kept, reasons = outcome(applications)
    assert (n_read, n_kept) == (106_740, 57_797)
    assert sum(reasons.values()) == n_read - n_kept
