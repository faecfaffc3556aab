"""How often data about persons are told, and how often tables of counts are taken for them.

    python benchmarks/skill/person_level.py

*False alarms:* every table of ``../shared`` (counts and facts that really are in circulation), read as ``ingest`` reads
a table of unknown kind. *Told:* tables made up here with a row per person: seven kinds of columns, in eleven languages,
under a head that says nothing (``x``), beside a column that counts one in every row, or that counts something else.
Twenty rows each. Writes ``person_level.csv``; the lists of names here are not those the detector has.
"""

import itertools
from pathlib import Path

import numpy as np
import polars as pl

from counterpoise.errors import InputError
from counterpoise.sources.person_level import require_aggregate
from counterpoise.sources.tables import ROW, parse_csv, parse_parquet, unpacked

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared"
SEED, N_ROWS = 20260101, 20
COUNTS = (
    "value",
    "detections",
    "n",
    "applicants",
    "arrivals",
    "applied",
    "refugees",
    "dead_or_missing",
    "count",
)
FAMILY = {
    "en": "Smith Jones Taylor Brown Wilson Evans",
    "lt": "Petraitis Kazlauskas Jankauskienė Stankevičius Žukauskas Butkus",
    "lv": "Bērziņš Kalniņš Ozoliņa Jansons Liepiņš Krūmiņa",
    "pl": "Nowak Kowalski Wiśniewska Wójcik Kamiński Zielińska",
    "ru": "Иванов Смирнова Кузнецов Попова Соколов Лебедев",
    "fi": "Korhonen Virtanen Mäkinen Nieminen Mäkelä Heikkinen",
    "de": "Müller Schmidt Schneider Fischer Weber Wagner",
    "uk": "Шевченко Коваленко Бондаренко Ткаченко Кравченко",
    "ar": "الحسن العلي الخطيب حداد النجار",
    "ar-latin": "al-Hassan Haddad Khatib al-Najjar Darwish Saleh",
    "fa-latin": "Hosseini Karimi Moradi Ahmadi Rahimi",
}
GIVEN = {
    "en": "Oliver Harry George Emily Sophie Lucy John Mary Paul Anna Kevin",
    "lt": "Lukas Matas Saulius Jonas Vida Kristina Rasa Paulius Tomas Asta",
    "lv": "Roberts Jānis Uldis Ilze Anna Baiba Andris Inga Juris Sanita",
    "pl": "Adam Jakub Piotr Anna Katarzyna Tomasz Dorota Jan Beata Marek",
    "ru": "Павел Иван Ольга Анна Роман Сергей Вера Ирина Дмитрий Галина",
    "fi": "Ville Eero Matti Anna Sari Jukka Tiina Mikko Maria Juha",
    "de": "Lukas Paul Anna Sabine Jürgen Felix Ute Thomas Martina Jan",
    "uk": "Назар Іван Оксана Дарина Андрій Тарас Галина Олена Роман",
    "ar": "محمد سامي أحمد ليلى هدى علي رنا عمر نادر فاطمة",
    "ar-latin": "Mohammed Sami Ahmad Layla Huda Ali Rana Omar Nader Fatima",
    "fa-latin": "Ali Reza Sara Navid Zahra Babak Mina Hossein Maryam Kaveh",
}
STORY = {
    "en": "They beat me and took my phone, then we walked back through the forest to {} at night.",
    "lt": "Jie mane sumušė ir atėmė mano telefoną, tada mes grįžome per mišką į {} naktį.",
    "lv": "Viņi mani sita un atņēma man telefonu, tad mēs gājām atpakaļ caur mežu uz {} naktī.",
    "pl": "Bili mnie i zabrali mi telefon, a potem nas wywieźli przez las do miejscowości {} w nocy.",
    "ru": "Они били меня и забрали мой телефон, потом мы шли обратно через лес до {} ночью.",
    "fi": "He löivät minua ja veivät minun puhelimeni, sitten me kävelimme metsän läpi takaisin paikkaan {}.",
    "de": "Sie schlugen mich und nahmen mir mein Telefon, dann gingen wir durch den Wald zurück nach {}.",
    "uk": "Вони били мене і забрали мій телефон, потім ми йшли назад через ліс до {} вночі.",
    "ar": "ضربوني وأخذوا هاتفي ثم قال لي الحارس أن أعود وكنت وحدي في الغابة قرب {} ليلا",
    "ar-latin": "I was alone and he told me to go back, so we slept in the forest near {} for three nights.",
    "fa-latin": "My brother and I were pushed back, he lost his shoes and we had no food near {} for days.",
}
PAPER = ("AB{:07d}", "LB{:06d}", "P{:08d}", "№ {:07d}", "{:09d}")
PHONE = {
    "lt": "+370 6{:07d}",
    "lv": "+371 2{:07d}",
    "pl": "+48 5{:08d}",
    "ru": "8 (912) {:07d}",
    "fi": "040{:07d}",
}
NUMBER = {
    "lt": "39{y:02d}0{m}1{r:04d}",
    "lv": "1{m}0{m}{y:02d}-{r:05d}",
    "pl": "{y:02d}0{m}1{m}{r:05d}",
    "fi": "1{m}0{m}{y:02d}-{r3:03d}X",
}


def people(rng: np.random.Generator) -> list[tuple[str, str, list[str]]]:
    """Return kind, language and cells of every made-up column."""
    columns: list[tuple[str, str, list[str]]] = []
    births = [
        f"{rng.integers(1955, 2007)}-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d}"
        for _ in range(N_ROWS)
    ]
    columns.append(("births", "any", births))
    columns.append(("births", "day first", [f"{d[8:]}.{d[5:7]}.{d[:4]}" for d in births]))
    for form in PAPER:
        n_digits = int(form[-3])
        numbers = rng.integers(10 ** (n_digits - 1), 10**n_digits, N_ROWS)
        columns.append(("papers", form, [form.format(int(n)) for n in numbers]))
    for language, form in PHONE.items():
        columns.append(
            ("telephones", language, [form.format(int(n)) for n in rng.integers(10**6, 10**7, N_ROWS)])
        )
    for language, form in NUMBER.items():
        cells = [
            form.format(y=int(rng.integers(50, 99)), m=int(rng.integers(1, 9)), r=int(r), r3=int(r) % 1000)
            for r in rng.integers(1000, 9999, N_ROWS)
        ]
        columns.append(("personal numbers", language, cells))
    for language, families in FAMILY.items():
        given, family = GIVEN[language].split(), families.split()
        pairs = rng.permutation(list(itertools.product(given, family)))[:N_ROWS]
        columns.append(("full names", language, [f"{g} {f}" for g, f in pairs]))
        columns.append(("family name first", language, [f"{f.upper()}, {g}" for g, f in pairs]))
        columns.append(("given names", language, [str(g) for g, _ in pairs]))
        columns.append(("testimony", language, [STORY[language].format(f) for _, f in pairs]))
    return columns


def is_refused(table: pl.DataFrame, value: str | None) -> bool:
    """Return whether a table is taken for data about persons."""
    try:
        require_aggregate(table, "table", value=value)
    except InputError:
        return True
    return False


def told() -> list[dict[str, object]]:
    """Return for each kind and way of counting how many of the made-up columns are told."""
    found: list[dict[str, object]] = []
    columns = people(np.random.default_rng(SEED))
    for counting, values in (
        ("one in every row", ["1"] * N_ROWS),
        ("something else", [str(18 + i) for i in range(N_ROWS)]),
    ):
        for kind in dict.fromkeys(kind for kind, _, _ in columns):
            results = {
                language: is_refused(
                    pl.DataFrame({ROW: range(N_ROWS), "x": cells, "month": "2024-01", "value": values}),
                    "value",
                )
                for k, language, cells in columns
                if k == kind
            }
            missed = ", ".join(language for language, refused in results.items() if not refused)
            found.append(
                {
                    "what": kind,
                    "counting": counting,
                    "tables": len(results),
                    "refused": sum(results.values()),
                    "others": missed,
                }
            )
    return found


def false_alarms() -> list[dict[str, object]]:
    """Return how many tables of counts and of facts are refused, and which."""
    found: list[dict[str, object]] = []
    for folder in ("data", "facts"):
        refused, n = [], 0
        for path in sorted((SHARED / folder).rglob("*")):
            if not path.name.endswith((".csv", ".csv.gz", ".parquet")):
                continue
            content = unpacked(path.read_bytes(), path.name)
            table = (
                parse_parquet(content, path.name)
                if path.suffix == ".parquet"
                else parse_csv(content, path.name)[0]
            )
            n += 1
            if is_refused(table, next((name for name in COUNTS if name in table.columns), None)):
                refused.append(path.name)
        found.append(
            {
                "what": f"real tables, {folder}",
                "counting": "",
                "tables": n,
                "refused": len(refused),
                "others": ", ".join(refused),
            }
        )
    return found


def main() -> None:
    """Measure both, and write the table."""
    table = pl.DataFrame([*told(), *(false_alarms() if SHARED.exists() else [])])
    table.write_csv(HERE / "person_level.csv")
    with pl.Config(tbl_rows=-1, fmt_str_lengths=120, tbl_width_chars=200):
        print(table)


if __name__ == "__main__":
    main()
