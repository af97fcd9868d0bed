"""The UK Innovation Survey in the field with one firm, and what an innovator says to it."""

import json
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from surveys.models import Case
from surveys.models import Instrument as Published
from surveys.queries.responses import standing
from surveys.questionnaire.instrument import Instrument
from surveys.questionnaire.playing import Played, play
from tests.journeys.walking import in_the_field

_ANSWERS = Path(__file__).parents[1] / "surveys" / "interchange" / "ukis_innovator.json"


@dataclass(frozen=True)
class Script:
    """A case and what it is to say: `played` has the pages in order and what is stored."""

    case: Case
    instrument: Instrument
    played: Played


def innovator(file: Path) -> Script:
    """Import and publish the survey, open a wave of it, and play the innovator's answers."""
    call_command("import_instrument", file, stdout=StringIO())
    case = in_the_field(Published.objects.get(), "ukis", "Acme Ltd")
    firm = standing(case)
    written = json.loads(_ANSWERS.read_text(encoding="utf-8"))
    return Script(case, firm.instrument, play(firm.instrument, written, {}, firm.context))


def sections_on_the_hub(script: Script) -> list[str]:
    """Titles of the sections that the hub lists once those that open it are completed."""
    return [each.title for each in script.instrument.sections if each.on_hub]
