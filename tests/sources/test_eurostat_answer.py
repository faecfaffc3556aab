"""Answers of Eurostat's API: the same figures as its bulk file, with the day on which they were updated."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from counterpoise.errors import InputError
from counterpoise.observations.archive import Archive
from counterpoise.observations.batch import join_batches
from counterpoise.observations.corridors import load_corridors
from counterpoise.sources.read import parse_document
from tests.sources.test_eurostat import HEAD, ROWS
from tests.sources.test_eurostat import content as bulk


def cube(rows=ROWS, head=HEAD, *, named="MIGR_ASYAPPCTZM", updated="2025-05-20T23:00:00+0200"):
    """Return the rows of a bulk file as an answer: cells numbered, the last dimension fastest."""
    names, *periods = head.split("\t")
    names = names.split("\\")[0].split(",")
    series = {tuple(row.split("\t")[0].split(",")): row.split("\t")[1:] for row in rows}
    codes = {name: sorted({key[i] for key in series}) for i, name in enumerate(names)}
    codes["time"] = [period.strip() for period in periods]
    values, flags = {}, {}
    for key, cells in series.items():
        for period, cell in zip(codes["time"], cells, strict=True):
            number = 0
            for name, code in zip(codes, (*key, period), strict=True):
                number = number * len(codes[name]) + codes[name].index(code)
            value, _, flag = cell.partition(" ")
            if value != ":":
                values[str(number)] = int(value)
            if flag:
                flags[str(number)] = flag
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "Asylum applicants",
        "source": "ESTAT",
        "updated": updated,
        "value": values,
        "status": flags,
        "id": list(codes),
        "size": [len(found) for found in codes.values()],
        "dimension": {
            name: {"label": name, "category": {"index": {code: i for i, code in enumerate(found)}}}
            for name, found in codes.items()
        },
        "extension": {"id": named, "agencyId": "ESTAT"},
    }


def parsed(content, name="answer.json", **given):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return parse_document(data, path=Path(name), mapping=None, registry=load_corridors(), **given)


def figures(batch):
    columns = ("dataset", "corridor", "reporter", "nationality", "period_start", "value", "flag")
    return sorted(batch.observations.select(columns).rows())


def ledger(batch):
    return sorted(batch.ledger.select("outcome", "reason", "figures").rows())


def test_an_answer_gives_what_the_bulk_file_gives_and_says_when_it_was_updated():
    answer, file = parsed(cube()), parsed(bulk(), "migr.tsv")

    assert figures(answer) == figures(file)
    assert ledger(answer) == ledger(file)
    assert answer.observations["known_on"].unique().to_list() == [date(2025, 5, 20)]
    assert answer.documents["published_on"].to_list() == [date(2025, 5, 20)]
    assert answer.observations["locator"].str.contains(r"^value \d+$").all()
    assert figures(parsed(gzip.compress(json.dumps(cube()).encode()))) == figures(answer)


def test_lists_and_dense_values_are_read_too():
    answer = cube()
    n_cells = 1
    for size in answer["size"]:
        n_cells *= size
    answer["value"] = [answer["value"].get(str(i)) for i in range(n_cells)]
    for dimension in answer["dimension"].values():
        dimension["category"]["index"] = list(dimension["category"]["index"])

    assert figures(parsed(answer)) == figures(parsed(cube()))


def test_a_later_answer_is_a_vintage_of_its_own():
    revised = [ROWS[0].replace("10 p", "15 r"), *ROWS[1:]]
    later = parsed(cube(revised, updated="2025-06-20"))
    archive = Archive.from_batch(join_batches([parsed(cube()), later]))

    def february(day):
        known = archive.as_of(day).observations
        cell = known.filter(
            (known["nationality"] == "IRQ")
            & (known["dataset"] == "eurostat.migr_asyappctzm")
            & (known["period_start"] == date(2025, 2, 1))
        )
        return cell.select("value", "flag").row(0)

    assert february(date(2025, 6, 1)) == (10.0, "provisional rounded")
    assert february(date(2025, 6, 30)) == (15.0, "revised rounded")


def test_a_bulk_file_takes_the_day_it_is_given_and_else_the_usual_lag():
    given = parsed(bulk(), "m.tsv", published_on=date(2025, 8, 1))
    assert given.observations["known_on"].unique().to_list() == [date(2025, 8, 1)]
    assert parsed(bulk(), "m.tsv").observations["known_on"].unique().to_list() != [date(2025, 8, 1)]


RESETTLED = ["A,SY,T,TOTAL,PER,FI\t150 \t: "]
RESETTLED_HEAD = "freq,citizen,sex,age,unit,geo\\TIME_PERIOD\t2023 \t2024 "


def test_dimensions_that_several_datasets_have_need_a_name():
    answer = parsed(cube(RESETTLED, RESETTLED_HEAD, named="MIGR_ASYRESA"))
    assert answer.observations.select("dataset", "measure", "corridor", "value").rows() == [
        ("eurostat.migr_asyresa", "resettled", "FI", 150.0)
    ]
    file = bulk(RESETTLED, RESETTLED_HEAD)
    assert figures(parsed(file, "estat_migr_asyresa.tsv")) == figures(answer)
    for wrong in (
        lambda: parsed(file, "data.tsv"),
        lambda: parsed(file, "estat_migr_pop1ctz.tsv"),
        lambda: parsed(cube(RESETTLED, RESETTLED_HEAD, named="MIGR_ASYPENCTZM")),
        lambda: parsed(cube(named="MIGR_ASYDCFSTA")),
    ):
        with pytest.raises(InputError, match="migr_asyresa"):
            wrong()


def changed(**fields):
    return {**cube(), **fields}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (json.dumps(cube()).encode()[:-30], "delimiter|Expecting|Unterminated"),
        ({"error": [{"status": 413, "label": "Too many cells"}]}, "Too many cells"),
        ({"warning": {"status": 413, "label": "ASYNCHRONOUS"}}, "ASYNCHRONOUS"),
        (changed(size=[1, 2]), "fit together"),
        (changed(size=[10**6] * 8), "one of 1e"),
        (changed(id=["freq", "geo"], size=[1, 1]), "fit together"),
        (changed(dimension={}), "0 in order"),
        (changed(value={"99999999": 5}), "others"),
        (changed(value={"x": 5}), "others"),
        (changed(value=dict.fromkeys(cube()["value"], "many")), "many"),
        (changed(updated="yesterday"), "yesterday"),
        (b'{"class":"dataset","value":{"0":NaN}}', "NaN"),
        (b'{"class":"dataset",' + b'"a":[' * 100_000, "recursion|Expecting"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused(answer, found):
    with pytest.raises(InputError) as caught:
        parsed(answer)
    assert any(words in caught.value.found for words in found.split("|")), caught.value
