"""Which column is probably which field: by its name in four languages, then by its values."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import BinaryIO

from surveys.frames.mapping import FOUND_OUT, FrameMapping
from surveys.frames.opening import Table, open_table
from surveys.microdata.mapping import FileOptions
from surveys.microdata.problems import ProblemList

LOOKED_AT = 200

_NAMES: dict[str, str] = {
    "register_id": "register id|registerid|register identifier|id|identifier|orgnr|org nr|"
    "organisasjonsnummer|organisation number|enterprise id|firm id|company number|vat|"
    "vat number|unit id|unternehmensnummer|unternehmens id|firmennummer|handelsregisternummer|"
    "kennung|codice fiscale|partita iva|codice impresa|numero rea|foretaksnummer|bedriftsnummer",
    "name": "name|firm|firm name|company|company name|enterprise name|legal name|navn|firmanavn|"
    "foretaksnavn|firma|firmenname|unternehmen|unternehmensname|ragione sociale|nome|impresa|"
    "denominazione|nome impresa",
    "nace": "nace|nace code|nace rev 2|nace rev 21|naeringskode|naering|naceko|wz|wz code|wz 2008|"
    "wirtschaftszweig|ateco|codice ateco|sic",
    "industry": "industry|sector|branch|bransje|sektor|branche|wirtschaftsbereich|settore|"
    "attivita economica",
    "region": "region|nuts|nuts code|nuts2|nuts3|county|fylke|kommune|landsdel|bundesland|regione|"
    "provincia|kreis",
    "size_class": "size class|sizeclass|size|storrelsesgruppe|storrelse|groessenklasse|"
    "grossenklasse|beschaeftigtengroessenklasse|classe dimensionale|classe di addetti",
    "employees": "employees|number of employees|staff|persons employed|headcount|ansatte|"
    "antall ansatte|sysselsatte|beschaeftigte|beschaftigte|mitarbeiter|anzahl mitarbeiter|addetti|"
    "dipendenti|numero addetti",
    "size_measure": "size measure|turnover|revenue|sales|omsetning|umsatz|fatturato|ricavi",
    "group_id": "group|group id|enterprise group|konsern|konsernnummer|konsern id|konzern|"
    "konzern id|unternehmensgruppe|gruppo|gruppo id|id gruppo",
    "contact_name": "contact|contact name|contact person|kontakt|kontaktperson|ansprechpartner|"
    "kontaktname|referente|persona di contatto",
    "email": "email|e mail|mail|email address|epost|e post|epostadresse|e mail adresse|"
    "posta elettronica|indirizzo email",
    "phone": "phone|telephone|phone number|tel|telefon|telefonnummer|mobil|telefono|"
    "numero di telefono",
    "address": "address|postal address|street|adresse|postadresse|anschrift|strasse|indirizzo",
    "language": "language|lang|sprak|malform|sprache|lingua",
}
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names.split("|")}
_PATTERNS: dict[str, re.Pattern[str]] = {
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE),
    "nace": re.compile(r"[A-U]?\d\d\.\d{1,3}"),
    "size_class": re.compile(r"\d+\s*[-–]\s*\d+|\d+\+|[<>]=?\s*\d+"),
    "region": re.compile(r"[A-Z]{2}[0-9A-Z]{1,3}"),
    "language": re.compile(r"en|nb|nn|no|de|it|fr|sv|da|fi", re.IGNORECASE),
    "phone": re.compile(r"(\+|00)\d[\d ()/-]{5,}"),
}
_LETTERS = (("ø", "o"), ("æ", "ae"), ("å", "a"), ("ß", "ss"))
_ENOUGH = 0.8


def first_rows(file: BinaryIO, options: FileOptions = FOUND_OUT) -> tuple[Table, list[list[str]]]:
    """The table and its first rows. Raises MicrodataRefused if it cannot be read."""
    table = open_table(file, options, ProblemList(), whole=False)
    rows: list[list[str]] = []
    for _, cells in table.rows:
        rows.append(cells)
        if len(rows) == LOOKED_AT:
            break
    return table, rows


def suggest(header: Sequence[str], rows: Sequence[Sequence[str]]) -> FrameMapping:
    """A mapping to begin with: what names tell first, then what values tell; no attributes."""
    found: dict[str, str] = {}
    named = [name for name in header if name and header.count(name) == 1]
    for name in named:
        field = _FIELD_OF.get(plain(name))
        if field:
            found.setdefault(field, name)
    left = [name for name in named if name not in found.values()]
    for name in left:
        place = header.index(name)
        values = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        field = _by_values(values)
        if field:
            found.setdefault(field, name)
    return FrameMapping(found)


def plain(name: str) -> str:
    """A name without accents, capitals and marks: “E-post” is “e post”."""
    letters = name.lower()
    for letter, written in _LETTERS:
        letters = letters.replace(letter, written)
    spread = unicodedata.normalize("NFKD", letters)
    kept = "".join(each for each in spread if not unicodedata.combining(each))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", kept).split())


def _by_values(values: Sequence[str]) -> str:
    if not values:
        return ""
    for field, pattern in _PATTERNS.items():
        fits: Callable[[str], object] = pattern.fullmatch
        if sum(1 for value in values if fits(value)) >= _ENOUGH * len(values):
            return field
    is_identifier = len(values) > 1 and len(set(values)) == len(values)
    if is_identifier and all(value.isdigit() and len(value) >= 6 for value in values):
        return "register_id"
    return ""
