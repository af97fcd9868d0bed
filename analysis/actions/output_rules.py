"""The rules of disclosure control that hold for a wave, and setting them."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction

from analysis import extracts
from analysis.dataset import Dataset
from analysis.disclosure.rules import DisclosurePolicy
from analysis.estimation.design import Labels
from analysis.extracts import Survey, User, Wave
from analysis.models import OutputPolicy
from analysis.refusals import Refusal


def policy_of_survey(survey: Survey) -> DisclosurePolicy:
    """What the survey asks of all its output: Milieu's rules, as the survey changed them."""
    return DisclosurePolicy.from_document(_newest(survey, None))


def policy_of(wave: Wave) -> DisclosurePolicy:
    """What holds for the wave: the survey's rules, with those of the wave that are stricter."""
    return policy_of_survey(wave.survey).stricter(_newest(wave.survey, wave))


def rules_of(wave: Wave) -> dict[str, Any]:
    """All beside plan, data and code that a run's numbers rest on, as plain data.

    The policy, and a digest of which firms of the wave are of one enterprise group.
    """
    groups = sorted(extracts.groups_of_firms(wave).items())
    digest = hashlib.sha256(json.dumps(groups).encode()).hexdigest() if groups else ""
    return {"policy": policy_of(wave).to_document(), "groups": digest}


def rules_fingerprint(rules: Mapping[str, Any]) -> str:
    """SHA-256 of what `rules_of` gives."""
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()


def holdings_of(wave: Wave, dataset: Dataset) -> Labels | None:
    """(n,) labels of what each row is of: in a panel the firm, elsewhere its enterprise group.

    None where every row is a firm by itself.
    """
    if "unit" in dataset.design.columns:
        units: Labels = dataset.design["unit"].to_numpy(dtype=object)
        return units
    groups = extracts.groups_of_firms(wave)
    labels = np.array([groups.get(str(name)) for name in dataset.frame.index], dtype=object)
    return labels if any(label is not None for label in labels) else None


@transaction.atomic
def set_output_policy(
    *,
    survey: Survey,
    wave: Wave | None = None,
    rules: Mapping[str, Any],
    by: User | None,
    at: datetime,
) -> OutputPolicy:
    """Change rules of the survey, or make those of one of its waves stricter; the rest stays.

    Runs that were asked for before keep the rules that held then; asked for again, they are
    other runs. Raises: Refusal of a rule that is unknown or unusable, ``policy_loosened`` of a
    wave's that protects less than the survey's.
    """
    # Two owners at once change one after the other, so that neither's change is lost.
    Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    before = _newest(survey, wave)
    after = before | dict(rules)
    if wave is None:
        DisclosurePolicy.from_document(after)
    else:
        of_survey = policy_of_survey(survey)
        # Read by themselves first: a value that means nothing is told as such.
        read = DisclosurePolicy.from_document(of_survey.to_document() | after)
        # Of what was set before, the survey's hold where they have become stricter since.
        of_survey.tightened(**{name: getattr(read, name) for name in rules})
    kept = OutputPolicy.objects.create(
        survey=survey, wave=wave, before=before, rules=after, set_by=by, set_at=at
    )
    told = {"wave": "" if wave is None else wave.slug, "from": before, "to": after}
    extracts.note(by=by, survey=survey, action="set_output_policy", at=at, detail=told)
    return kept


def read_rule(name: str, text: str) -> Any:
    """A rule's value from what a person typed. Raises: Refusal ``policy_unusable``."""
    plain = text.strip().lower()
    if name in ("second_person", "zeros_are_safe"):
        if plain in ("yes", "true", "on", "1"):
            return True
        if plain in ("no", "false", "off", "0", ""):
            return False
        raise _unreadable(name, text, "yes or no")
    if name == "judged_on":
        return [each.strip() for each in plain.split(",") if each.strip()]
    try:
        if name == "dominance":
            pairs = [each.split(":") for each in plain.split(",") if each.strip()]
            return [[int(n), float(k)] for n, k in pairs]
        if name == "p_percent":
            return None if plain in ("", "none") else float(plain)
        return _share(plain) if name in ("most_fit", "most_leverage") else int(plain)
    except ValueError:
        raise _unreadable(name, text, _EXPECTED.get(name, "a whole number")) from None


def _share(text: str) -> float:
    """Raises: ValueError of what is none, such as one that no number lies above."""
    share = float(text)
    if not 0 <= share <= 1:
        raise ValueError
    return share


_EXPECTED = {
    "dominance": "pairs such as 2:85",
    "p_percent": "a percentage, or none",
    "most_fit": "a number between 0 and 1",
    "most_leverage": "a number between 0 and 1",
}


def _unreadable(name: str, text: str, expected: str) -> Refusal:
    return Refusal(
        "policy_unusable", f"“{name}” is “{text[:40]}”; it must be {expected}.", "Correct the rule."
    )


def _newest(survey: Survey, wave: Wave | None) -> dict[str, Any]:
    found = OutputPolicy.objects.filter(survey=survey, wave=wave).first()
    return {} if found is None else dict(found.rules)
