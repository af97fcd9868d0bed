"""Codebooks to look at, and the schema that they are held to."""

from collections import Counter
from functools import cache
from pathlib import Path

from lxml import etree

HERE = Path(__file__).parent
DDI = "{ddi:codebook:2_5}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
STUDY = {
    "title": "Knowledge sourcing 2024",
    "id": "KS-2024",
    "agency": "Institute",
    "authors": ["Researcher, A.", "Researcher, B."],
    "producer": "Institute",
    "date": "2025-03-01",
    "funder": "Council",
    "distributor": "Archive",
    "contact": "Researcher, A.",
    "email": "a@example.org",
    "abstract": "Where firms find knowledge.",
    "keywords": ["innovation", "networks"],
    "period": [2022, 2024],
    "collected": ["2025-01-10", "2025-02-20"],
    "nation": "Norway",
    "geography": "Rogaland",
    "universe": "Firms with ten persons employed or more",
    "sampling": "Stratified by size and industry",
    "mode": "Self-administered questionnaire: web",
    "response_rate": "41 %",
    "weighting": "Inverse of the probability of inclusion, calibrated",
    "file": "answers.csv",
}


@cache
def schema():
    return etree.XMLSchema(etree.parse(HERE / "ddi_codebook_2_5_subset.xsd"))


def problems(tree):
    """What the schema objects to, identifiers given twice, and references to none.

    The validator leaves the last two out, although they are part of the standard.
    """
    checked = schema()
    checked.validate(tree)
    identifiers = tree.xpath("//@ID")
    twice = [name for name, times in Counter(identifiers).items() if times > 1]
    references = tree.xpath(
        "//@files | //@fileid | //*[local-name() = 'var']/@qstn"
        " | //*[local-name() = 'varGrp']/@var | //*[local-name() = 'varGrp']/@varGrp"
    )
    named = {name for each in references for name in each.split()}
    objections = [error.message for error in checked.error_log]
    return objections + twice + sorted(named - set(identifiers))


def parsed(xml):
    return etree.fromstring(xml).getroottree()
