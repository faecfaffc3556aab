"""Whole notes in six languages, in sentences of our own, and what is read from them."""

import time
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterpoise.sources.bulletins import read_bulletin
from counterpoise.sources.bulletins.grammar import LANGUAGES
from counterpoise.vocabulary import MEASURES

NOTES = [
    (
        "lt",
        "2025-10-19",
        "VSAT: pasienyje su Baltarusija apgręžta 18 neteisėtų migrantų\nPasieniečiai pastarąją parą apgręžė 18 žmonių, "
        "sekmadienį pranešė tarnyba. Latvijos pareigūnai šeštadienį apgręžė 34 migrantus, o Lenkijos pareigūnai "
        "penktadienį – 100 užsieniečių. Šiemet į Lietuvą neįleisti 1336 žmonės, pernai – 1002, 2022-aisiais – 11 211. "
        "Nuo 2021 metų rugpjūčio į šalį neįleista 24,2 tūkst. žmonių. Siena su Baltarusija driekiasi 679 km.",
        {
            "2025-10-18 BY-LT prevented day 18",
            "2025-10-18 BY-LV prevented day 34",
            "2025-10-17 BY-PL prevented day 100",
            "2025-10-18 BY-LT prevented year_to_date 1336",
            "2024-12-31 BY-LT prevented year 1002",
            "2022-12-31 BY-LT prevented year 11211",
            "2025-10-18 BY-LT prevented since_start 24200",
        },
    ),
    (
        "lt",
        "2025-11-28",
        "VSAT praėjusią parą nefiksavo bandymų neteisėtai kirsti sieną. Latvijos pasieniečiai ketvirtadienį apgręžė "
        "14 migrantų. Lenkijos pasienyje apgręžta 12 užsieniečių.",
        {
            "2025-11-27 BY-LT prevented day 0",
            "2025-11-27 BY-LV prevented day 14",
            "2025-11-26 BY-PL prevented day 12",  # Poland's number is of two days before
        },
    ),
    (
        "pl",
        "2024-10-13",
        "Wczoraj, tj. 12.10, próbę nielegalnego przedostania się do Polski podjęło 345 osób. Zatrzymano 3 kurierów. "
        "Na granicy służy 6000 żołnierzy. Od początku roku odnotowano ponad 26,7 tys. prób.",
        {"2024-10-12 BY-PL attempts day 345", "2024-10-12 BY-PL attempts year_to_date 26700"},
    ),
    (
        "lv",
        "2021-11-04",
        "Trešdien, 3. novembrī, robežsargi novērsuši 21 cilvēka mēģinājumu nelikumīgi šķērsot robežu. Kopš 10. augusta "
        "kopumā atturēti 2074 cilvēki, savukārt humānu apsvērumu dēļ nav liegta robežas šķērsošana 59 cilvēkiem. "
        "Aizvadītajā diennaktī aizturēti četri cilvēki, šogad kopumā aizturēti 411.",
        {
            "2021-11-03 BY-LV prevented day 21",
            "2021-11-03 BY-LV prevented since_start 2074",
            "2021-11-03 BY-LV admitted_humanitarian since_start 59",
            "2021-11-03 BY-LV detained day 4",
            "2021-11-03 BY-LV detained year_to_date 411",
        },
    ),
    (
        "en",
        "2021-12-10",
        "Poland's Border Guard said there were 121 attempts to cross the border illegally on Thursday. In November "
        "8,900 attempts were recorded. Some 15,000 soldiers guard the border. Around 2,000 migrants are waiting in "
        "Belarus. The service has registered 39,000 attempts since the beginning of the year.",
        {
            "2021-12-09 BY-PL attempts day 121",
            "2021-11-30 BY-PL attempts month 8900",
            "2021-12-09 BY-PL attempts year_to_date 39000",
        },
    ),
    (
        "ru",
        "2025-02-03",
        "Литовские пограничники за минувшие сутки развернули восемь мигрантов на границе с Беларусью, сообщила служба "
        "в понедельник. В этом году развернули 24 человека. Латвийские пограничники в воскресенье развернули семь "
        "мигрантов, в субботу польские пограничники не пропустили 12 мигрантов. Граница тянется на 679 км.",
        {
            "2025-02-02 BY-LT prevented day 8",
            "2025-02-02 BY-LT prevented year_to_date 24",
            "2025-02-02 BY-LV prevented day 7",
            "2025-02-01 BY-PL prevented day 12",
        },
    ),
    (
        "fi",
        "2023-11-18",
        "Eilen Vaalimaan rajanylityspaikalle saapui 67 turvapaikanhakijaa. Elokuun alusta lähtien "
        "turvapaikanhakijoita on tullut noin 500.",
        {
            "2023-11-17 RU-FI asylum_applications day 67",
            "2023-11-17 RU-FI asylum_applications since_start 500",
        },
    ),
    (
        "en",
        "2024-07-01",
        "Over the weekend Lithuanian border guards turned back 25 people. In July 2023, 2,366 migrants were detained "
        "in Lithuania, up from 473 in June.",
        {
            "2024-06-30 BY-LT prevented multi_day 25",
            "2023-07-31 BY-LT detained month 2366",
            "2024-06-30 BY-LT detained month 473",
        },
    ),
]


SUNDAY = date(2025, 10, 19)


def lines(text, **options):
    return {f"{r.date} {r.corridor} {r.measure} {r.period} {r.value}" for r in read_bulletin(text, **options)}


@pytest.mark.parametrize(("lang", "day", "text", "figures"), NOTES, ids=[f"{n[0]}-{n[1]}" for n in NOTES])
def test_every_figure_of_a_note_and_nothing_else_is_read(lang, day, text, figures):
    assert lines(text, lang=lang, published=date.fromisoformat(day)) == figures


@pytest.mark.parametrize(("lang", "day", "text", "figures"), NOTES, ids=[f"{n[0]}-{n[1]}" for n in NOTES])
def test_the_language_is_found_when_it_is_not_given(lang, day, text, figures):
    assert lines(text, published=date.fromisoformat(day)) == figures


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("lt", "Sulaikyti trys vežėjai iš Ukrainos, vežę 12 migrantų grupę prie Ukrainos sienos."),
        ("lt", "Pasienio ruože budi 1200 karių, tvora ilga 502 km ir kainavo 152 mln. eurų."),
        ("pl", "Zatrzymano 2 pomocników, obywateli Ukrainy, w wieku 24 i 31 lat. Granicy strzeże 6000 żołnierzy."),
        ("pl", "Na przejściach granicznych odmówiono wjazdu 120 osobom."),
        ("lv", "Aizturēti trīs pārvadātāji. Uz robežas strādā 300 karavīru, žogs ir 145 kilometrus garš."),
        ("en", "About 2,000 people are currently in Belarus. Drivers were fined 500 euros; 3 smugglers were held."),
        ("ru", "Задержаны два перевозчика. Длина границы 679 км, на охрану выделено 10 процентов бюджета."),
        ("fi", "Rajalla partioi 50 rajavartijaa, aita on 200 kilometriä pitkä ja maksoi 380 miljoonaa euroa."),
    ],
)  # fmt: skip
def test_numbers_of_other_things_are_never_taken(lang, text):
    assert lines(text, lang=lang, published=date(2024, 5, 10)) == set()


def test_without_a_day_of_publication_only_named_days_have_a_date():
    text = (
        "Lithuania turned back 12 migrants in the past 24 hours. On 4 May 2024, Latvia turned back 7 people."
    )
    assert lines(text, lang="en") == {"None BY-LT prevented day 12", "2024-05-04 BY-LV prevented day 7"}


def test_a_total_without_a_time_is_what_the_service_then_counted():
    text = "Kopumā atturēti 4711 cilvēki."
    assert lines(text, lang="lv", published=date(2022, 1, 16)) == {
        "2022-01-15 BY-LV prevented since_start 4711"
    }
    assert lines(text, lang="lv", published=date(2023, 6, 2)) == {
        "2023-06-01 BY-LV prevented year_to_date 4711"
    }


def test_what_a_fragment_leaves_unsaid_is_the_headline_figure_and_never_sure():
    (reading,) = read_bulletin("šiemet – 1 258", lang="lt", published=date(2025, 9, 21))
    assert (reading.corridor, reading.measure, reading.period, reading.value) == (
        "BY-LT", "prevented", "year_to_date", 1258,
    )  # fmt: skip
    assert reading.confidence != "high"


def test_numbers_before_their_borders_and_after_them():
    after = "In total 180 people entered in Poland and 200 in Latvia illegally in July 2021."
    assert lines(after, lang="en") == {
        "2021-07-31 BY-PL detections month 180",
        "2021-07-31 BY-LV detections month 200",
    }
    before = "In July 2021 Poland stopped 180 people, Latvia stopped 200."
    assert lines(before, lang="en") == {
        "2021-07-31 BY-PL prevented month 180",
        "2021-07-31 BY-LV prevented month 200",
    }


@pytest.mark.parametrize(
    ("lang", "text", "figures"),
    [
        # a correction: only the corrected number
        ("lt", "VSAT patikslino: sekmadienį apgręžta ne 11, o 13 migrantų.", {"2025-10-19 BY-LT prevented day 13"}),
        # one number for each border, in order
        (
            "en",
            "Lithuania, Latvia and Poland turned back 4, 11 and 23 migrants respectively on Sunday.",
            {
                "2025-10-19 BY-LT prevented day 4",
                "2025-10-19 BY-LV prevented day 11",
                "2025-10-19 BY-PL prevented day 23",
            },
        ),
        # a sum over days is never a day
        ("lv", "Pēdējo četru dienu laikā atturēti 147 cilvēki.", {"2025-10-19 BY-LV prevented multi_day 147"}),
        ("pl", "W sobotę i niedzielę łącznie odnotowano 96 prób.", {"2025-10-19 BY-PL attempts multi_day 96"}),
        ("lv", "No 16. līdz 18. oktobrim novērsti 34 mēģinājumi.", {"2025-10-18 BY-LV prevented multi_day 34"}),
        # numbers in words
        ("lt", "Vakar apgręžti keturiasdešimt trys migrantai.", {"2025-10-19 BY-LT prevented day 43"}),
        ("pl", "Wczoraj odnotowano sto trzynaście prób.", {"2025-10-19 BY-PL attempts day 113"}),
        ("en", "On Sunday Latvia stopped forty-one people.", {"2025-10-19 BY-LV prevented day 41"}),
        # months of other years
        (
            "pl",
            "W sierpniu ub.r. odnotowano 8,9 tys. prób, we wrześniu tego roku – 1 648.",
            {"2024-08-31 BY-PL attempts month 8900", "2025-09-30 BY-PL attempts month 1648"},
        ),
        # a total of a named span
        (
            "ru",
            "С 1 января по 7 октября литовские пограничники развернули 1 274 мигранта.",
            {"2025-10-07 BY-LT prevented year_to_date 1274"},
        ),
        # what has no period of ours, is of some of them, an average, or a record without a day
        ("lt", "Nuo spalio pradžios apgręžti 63 migrantai.", set()),
        ("ru", "В среднем литовские пограничники разворачивают 30 мигрантов.", set()),
        ("en", "The record number in Lithuania is 281 migrants turned back.", set()),
        ("ru", "В Литве за сутки задержаны 64 мигранта, среди них 27 иракцев.", {"2025-10-19 BY-LT detained day 64"}),
        # parts of a number, and what some of those counted did
        (
            "lv",
            "Svētdien aizturēti 29 cilvēki: 24 Irākas pilsoņi un pieci Sīrijas pilsoņi.",
            {"2025-10-19 BY-LV detained day 29"},
        ),
        (
            "en",
            "This year Poland recorded 40,000 attempts, around 8,900 of them in September and 17,400 in August.",
            {
                "2025-10-19 BY-PL attempts year_to_date 40000",
                "2025-09-30 BY-PL attempts month 8900",
                "2025-08-31 BY-PL attempts month 17400",
            },
        ),
        # one number of two borders is of neither; the same number in each of two months is of both
        ("ru", "За сутки в Литву и Польшу пытались попасть 89 мигрантов.", set()),
        (
            "pl",
            "W marcu i kwietniu było po ok. 2,5 tys. prób.",
            {"2025-03-31 BY-PL attempts month 2500", "2025-04-30 BY-PL attempts month 2500"},
        ),
        # a remark on a record, what is compared, and a total after 'to'
        (
            "en",
            "Lithuania detained 171 people on Sunday, the largest number in a single day in 2025 and bringing the "
            "total number of migrants detained this year to 3,027.",
            {"2025-10-19 BY-LT detained day 171", "2025-10-19 BY-LT detained year_to_date 3027"},
        ),
        (
            "en",
            "Since the beginning of the year Lithuania detained 4,112 migrants, 50 times more than in 2020.",
            {"2025-10-19 BY-LT detained year_to_date 4112"},
        ),
        # since a weekday is a sum of some days
        ("en", "Since Friday, 520 people have tried to get to Poland.", {"2025-10-19 BY-PL attempts multi_day 520"}),
        # outside a checkpoint is not at one
        ("en", "On Sunday Poland registered 33 attempts to cross outside the checkpoints.", {
            "2025-10-19 BY-PL attempts day 33",
        }),
        # a zero is of the border it is said of
        (
            "lt",
            "Latvijos pasieniečiai sekmadienį neapgręžė nė vieno migranto, o Lenkijos pareigūnai šeštadienį apgręžė 7.",
            {"2025-10-19 BY-LV prevented day 0", "2025-10-18 BY-PL prevented day 7"},
        ),
        # Poland's number of the morning note is of two days before, also if it is none
        (
            "lt",
            "VSAT: apgręžti du migrantai. Latvijos ir Lenkijos pasieniečiai neapgręžė nė vieno.",
            {
                "2025-10-19 BY-LT prevented day 2",
                "2025-10-19 BY-LV prevented day 0",
                "2025-10-18 BY-PL prevented day 0",
            },
        ),
        # a total without a word of its own goes on from the attempts, not from the arrests told beside them
        (
            "ru",
            "Польские пограничники за сутки зафиксировали 553 попытки. Задержано 8 мигрантов. С начала года – 15 800.",
            {
                "2025-10-19 BY-PL attempts day 553",
                "2025-10-19 BY-PL detained day 8",
                "2025-10-19 BY-PL attempts year_to_date 15800",
            },
        ),
        # a border without figures in between is not that of the next figure, if one state guards both
        (
            "ru",
            "Латвийские пограничники в воскресенье развернули 8 человек. Граница Латвии с Россией открыта. "
            "В прошлом году было предотвращено 5388 попыток.",
            {"2025-10-19 BY-LV prevented day 8", "2024-12-31 BY-LV prevented year 5388"},
        ),
        # 'may' is no month
        ("en", "Some 90 people may have crossed into Poland illegally Sunday.", {"2025-10-19 BY-PL detections day 90"}),
        ("lv", "Svētdien neviens nav atturēts, humānu apsvērumu dēļ uzņemti divi cilvēki.", {
            "2025-10-19 BY-LV prevented day 0",
            "2025-10-19 BY-LV admitted_humanitarian day 2",
        }),
    ],
)  # fmt: skip
def test_turns_of_phrase(lang, text, figures):
    assert lines(text, lang=lang, published=date(2025, 10, 20)) == figures


@pytest.mark.parametrize(
    ("lang", "text", "confidence"),
    [
        ("en", "Lithuania turned back 12 migrants on Sunday.", "high"),
        ("en", "Lithuania turned back 12 rehearsing migrants on Sunday.", "medium"),
        ("pl", "W niedzielę na granicy polsko-białoruskiej odnotowano 47 prób.", "high"),
        ("pl", "W niedzielę na granicy polsko-białoruskiej ćwiczono 47 prób.", "medium"),
    ],
)
def test_a_word_that_the_grammar_does_not_know_leaves_a_figure_unsure(lang, text, confidence):
    (reading,) = read_bulletin(text, lang=lang, published=date(2025, 10, 20))
    assert reading.confidence == confidence
    assert ("unknown" in reading.doubts) == (confidence != "high")


def test_another_services_number_in_a_note_of_ones_own_is_a_relay():
    readings = read_bulletin(NOTES[0][2], lang="lt", published=date(2025, 10, 19))
    assert {r.corridor: r.relay for r in readings} == {"BY-LT": False, "BY-LV": True, "BY-PL": True}


def test_each_figure_points_at_its_sentence():
    text = NOTES[4][2]
    for reading in read_bulletin(text, lang="en", published=date(2021, 12, 10)):
        sentence = text[reading.start : reading.end]
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert f"{reading.value:,}" in sentence


def test_a_rounded_number_gives_way_to_the_exact_one():
    text = "Lithuania turned back about 100 migrants on Thursday. On Thursday Lithuania turned back 103 migrants."
    (reading,) = read_bulletin(text, lang="en", published=date(2024, 5, 10))
    assert (reading.value, reading.flag) == (103, "")


def test_a_language_without_a_grammar_gives_nothing():
    assert read_bulletin("Anholdt 171 personer tirsdag", lang="da", published=date(2021, 7, 28)) == []


@pytest.mark.parametrize(
    "text",
    ["12 " * 30_000, "1" * 100_000, "g. " * 30_000, "prób " * 30_000, "Latvia stopped 12 people, " * 3000],
    ids=["numbers", "one number", "abbreviations", "words", "parts"],
)
def test_no_text_holds_the_reader_up(text):
    start = time.process_time()
    read_bulletin(text, lang="en", published=SUNDAY)
    assert time.process_time() - start < 2


PIECES = """18 1 336 24,2 tūkst. tys. Latvija Lenkijos Poland Litwa on . , ; – ( ) Thursday wczoraj vakar 12.10 2023 m.
turned back people migrants prób apgręžė nobody nefiksavo since until May від 10 -ną 00 % km total iš viso сутки
развернули человек ei yhtään eilen šogad kopumā atturēti ٣ ² ½ 99999999999"""
WORDS = st.sampled_from([*PIECES.split(), "\n", "\u202f", "\x00", "\ufeff"])


@settings(deadline=2000, max_examples=300)
@given(
    text=st.one_of(st.lists(WORDS, max_size=60).map(" ".join), st.text(max_size=200)),
    lang=st.sampled_from([None, *LANGUAGES]),
    day=st.none() | st.dates(min_value=date(2015, 1, 2), max_value=date(2035, 1, 1)),
)
def test_whatever_the_text_the_figures_are_well_formed(text, lang, day):
    for reading in read_bulletin(text, lang=lang, published=day):
        assert 0 <= reading.start < reading.end <= len(text)
        assert reading.measure in MEASURES
        assert reading.period in {"day", "week", "month", "year", "year_to_date", "since_start", "multi_day"}
        assert reading.value >= 0
        assert reading.confidence in {"high", "medium", "low"}
        if day is not None and reading.date is not None and reading.period == "day":
            assert reading.date <= day + timedelta(days=365)
