"""The document, the study and the data file of a codebook."""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from surveys.interchange.ddi.about import About
from surveys.interchange.ddi.elements import branch, leaf
from surveys.interchange.ddi.spoken import Spoken
from surveys.questionnaire.instrument import Instrument

FILE = "F1"
_EVENTS = ("start", "end")


def describe_document(root: Element, said: Sequence[Spoken], about: About) -> None:
    """Of the file itself: its title, who made it and with what."""
    instrument = said[0].instrument
    citation = branch(branch(root, "docDscr"), "citation")
    leaf(branch(citation, "titlStmt"), "titl", _title(said, about), said[0].language)
    production = branch(citation, "prodStmt")
    leaf(production, "producer", about.one("producer"))
    leaf(production, "prodDate", about.one("date"), date=about.one("date"))
    leaf(production, "software", "Milieu")
    leaf(branch(citation, "verStmt"), "version", instrument.version)


def describe_study(root: Element, said: Sequence[Spoken], about: About) -> None:
    study = branch(root, "stdyDscr")
    _cite(study, said, about)
    _describe_scope(study, said, about)
    _describe_method(study, about)
    fingerprint = said[0].instrument.fingerprint
    leaf(study, "notes", fingerprint, subject="fingerprint of the instrument")


def describe_file(root: Element, instrument: Instrument, about: About, columns: int) -> None:
    """The file with a row a firm, which the variables are the columns of."""
    file = branch(branch(root, "fileDscr", ID=FILE), "fileTxt")
    leaf(file, "fileName", about.one("file") or instrument.name)
    leaf(file, "fileCont", "Answers, with a row a firm.", "en")
    branch(file, "fileStrc", type="rectangular")
    leaf(branch(file, "dimensns"), "varQnty", str(columns))
    leaf(
        file, "dataMsng", "A dot and a letter stand for a value that is not there, and say why.",
        "en",
    )  # fmt: skip


def _cite(study: Element, said: Sequence[Spoken], about: About) -> None:
    instrument = said[0].instrument
    citation = branch(study, "citation")
    titles = branch(citation, "titlStmt")
    leaf(titles, "titl", _title(said, about), said[0].language)
    for other in said[1:]:
        leaf(titles, "parTitl", other.instrument.title, other.language)
    leaf(titles, "IDNo", about.one("id") or _identifier(instrument), agency=about.one("agency"))
    if about.all("authors"):
        responsible = branch(citation, "rspStmt")
        for author in about.all("authors"):
            leaf(responsible, "AuthEnty", author)
    _cite_makers(citation, about)
    leaf(branch(citation, "verStmt"), "version", instrument.version)


def _cite_makers(citation: Element, about: About) -> None:
    if any(about.one(key) for key in ("producer", "date", "funder")):
        production = branch(citation, "prodStmt")
        leaf(production, "producer", about.one("producer"))
        leaf(production, "prodDate", about.one("date"), date=about.one("date"))
        leaf(production, "fundAg", about.one("funder"))
    if any(about.one(key) for key in ("distributor", "contact", "email")):
        distribution = branch(citation, "distStmt")
        leaf(distribution, "distrbtr", about.one("distributor"))
        contact = about.one("contact") or about.one("email")
        leaf(distribution, "contact", contact, email=about.one("email"))


def _describe_scope(study: Element, said: Sequence[Spoken], about: About) -> None:
    information = branch(study, "stdyInfo")
    if about.all("keywords"):
        subject = branch(information, "subject")
        for word in about.all("keywords"):
            leaf(subject, "keyword", word)
    for each in said:
        own = each.instrument
        abstract = about.one("abstract") if each is said[0] else ""
        leaf(information, "abstract", abstract or each.told(own.intro) or own.title, own.language)
    scope = branch(information, "sumDscr")
    _date(scope, "timePrd", about.all("period"))
    _date(scope, "collDate", about.all("collected"))
    leaf(scope, "nation", about.one("nation"))
    leaf(scope, "geogCover", about.one("geography"))
    leaf(scope, "anlyUnit", "Enterprise", "en")
    leaf(scope, "universe", about.one("universe"))
    leaf(scope, "dataKind", "survey data", "en")


def _describe_method(study: Element, about: About) -> None:
    method = branch(study, "method")
    collection = branch(method, "dataColl")
    leaf(collection, "sampProc", about.one("sampling"))
    leaf(collection, "collMode", about.one("mode"))
    leaf(collection, "resInstru", "Structured questionnaire", "en")
    leaf(collection, "weight", about.one("weighting"))
    if about.one("response_rate"):
        leaf(branch(method, "anlyInfo"), "respRate", about.one("response_rate"))


def _date(parent: Element, element: str, pair: Sequence[str]) -> None:
    for event, day in zip(_EVENTS, pair, strict=False):
        leaf(parent, element, day, event=event, date=day)


def _title(said: Sequence[Spoken], about: About) -> str:
    return about.one("title") or said[0].instrument.title


def _identifier(instrument: Instrument) -> str:
    """Name and version in the characters that catalogues take as part of a file name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", f"{instrument.name}-{instrument.version}")
