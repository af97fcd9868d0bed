"""The codebook of an instrument as DDI-Codebook 2.5 (XML). docs/reference/ddi.md."""

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element, indent, register_namespace, tostring

from surveys.interchange.ddi.about import STUDY_KEYS, About, StudyRefused
from surveys.interchange.ddi.elements import LANG, NAMESPACE, branch, tag
from surveys.interchange.ddi.groups import group
from surveys.interchange.ddi.spoken import spoken
from surveys.interchange.ddi.study import describe_document, describe_file, describe_study
from surveys.interchange.ddi.variables import describe_pseudonym, describe_variables
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.speech import Speech, in_english

__all__ = ["LOCATION", "NAMESPACE", "STUDY_KEYS", "StudyRefused", "write"]

LOCATION = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def write(
    instrument: Instrument,
    study: Mapping[str, Any],
    *,
    speech_of: Callable[[str], Speech] = in_english,
) -> bytes:
    """The codebook of the file with a row a firm, in the languages of the instrument.

    `study` says what the instrument cannot, each key of `STUDY_KEYS` being optional. `speech_of`
    gives, for a language, the words of what the author leaves to the platform.

    Raises
    ------
    StudyRefused
        If `study` has another key, or a value that does not fit its key.
    """
    about = About(study)
    said = spoken(instrument, about.all("languages"), speech_of)
    register_namespace("", NAMESPACE)
    register_namespace("xsi", _XSI)
    root = Element(tag("codeBook"), {"version": "2.5", LANG: said[0].language})
    root.set(f"{{{_XSI}}}schemaLocation", f"{NAMESPACE} {LOCATION}")
    identifiers = {name: f"V{place}" for place, name in enumerate(said[0].columns, start=2)}
    describe_document(root, said, about)
    describe_study(root, said, about)
    describe_file(root, instrument, about, len(identifiers) + 1)
    data = branch(root, "dataDscr")
    group(data, said, identifiers)
    describe_pseudonym(data, "V1")
    describe_variables(data, said, identifiers)
    indent(root, space=" ")
    xml: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return xml
