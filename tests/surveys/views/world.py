"""An open wave with one case, for the tests of research pages."""

from datetime import timedelta

from surveys.actions import invitations
from surveys.actions.instruments import publish
from surveys.models import Case, Invitation, Survey, Wave
from tests.factories import NOON, make_case, make_stratum, make_wave

INSTRUMENT = """
instrument: small
version: "1"
title: Small
sections:
  - name: firm
    title: Your firm
    pages:
      - name: size
        title: The size of your firm
        items:
          - name: employment_last
            kind: number
            label: Persons employed
            minimum: 0
            bind: {construct: control.employment}
          - {name: comment, kind: text, label: Anything else}
"""


def open_wave(survey: Survey, slug: str = "2025") -> Wave:
    instrument = publish(text=INSTRUMENT, by=None, at=NOON)
    return make_wave(survey, slug, state="open", instrument=instrument)


def case_with_code(wave: Wave, pseudonym: str = "F0001", **fields) -> tuple[Case, Invitation]:
    stratum = wave.strata.first() or make_stratum(wave)
    case = make_case(wave, stratum, pseudonym, **fields)
    invitation, _ = invitations.issue(case=case, at=NOON, expires_at=NOON + timedelta(days=60))
    return case, invitation
