"""Currencies: the codes of ISO 4217, and modules put into one of them.

A module names no currency: an item of kind ``money`` says none, and an amount in a condition
is written ``EUR 5000000``. Composing puts both into the currency of the study.
"""

import copy
import re
from collections.abc import Mapping
from typing import Any

EURO = "EUR"

# By how many units are roughly worth a euro, to the nearest power of ten. No rates: they only
# decide from which amounts on a soft edit asks.
_BY_MAGNITUDE = {
    1: """
        ANG AUD AWG AZN BAM BBD BGN BHD BMD BND BSD BZD CAD CHF EUR FJD FKP GBP GEL GIP JOD KWD
        KYD NZD OMR PAB SGD SHP TOP USD WST XCD XCG
    """,
    10: """
        AED BOB BRL BWP BYN CNY CUP CZK DKK ERN GHS GTQ HKD HNL ILS LSL LYD MAD MDL MOP MVR MXN
        MYR NAD NOK PEN PGK PLN QAR RON SAR SBD SCR SEK SLE STN SZL TJS TMT TND TTD ZAR ZMW ZWG
    """,
    100: """
        AFN ALL BDT BTN CVE DJF DOP DZD EGP ETB GMD GYD HTG INR ISK JMD JPY KES KGS LRD MKD MRU
        MUR MZN NIO NPR PHP RSD RUB SRD THB TRY TWD UAH UYU VES VUV XPF YER
    """,
    1000: """
        AMD AOA ARS CDF CLP CRC HUF IQD KMF KPW KRW KZT LKR MMK MWK NGN PKR RWF SDG SOS TZS XAF
        XOF
    """,
    10000: "BIF COP GNF IDR KHR LAK MGA MNT PYG SSP SYP UGX UZS VND",
    100000: "IRR LBP",
}
_MAGNITUDES = {code: size for size, codes in _BY_MAGNITUDE.items() for code in codes.split()}
_AMOUNT = re.compile(rf"\b{EURO} (\d+)\b")


def is_currency(code: str) -> bool:
    """Whether it is the code of a currency in use, such as ``NOK``."""
    return code in _MAGNITUDES


def in_currency(module: Mapping[str, Any], code: str) -> dict[str, Any]:
    """The module with its money and the amounts in its conditions in that currency.

    Items that name a currency keep theirs. Raises KeyError if there is no such currency.
    """
    changed = copy.deepcopy(dict(module))
    _put(changed, code, _MAGNITUDES[code])
    return changed


def _put(value: Any, code: str, magnitude: int) -> None:
    if isinstance(value, list):
        for each in value:
            _put(each, code, magnitude)
    if not isinstance(value, dict):
        return
    if value.get("kind") == "money":
        value.setdefault("currency", code)
    if isinstance(when := value.get("when"), str):
        value["when"] = _AMOUNT.sub(lambda found: str(int(found[1]) * magnitude), when)
    for each in value.values():
        _put(each, code, magnitude)
