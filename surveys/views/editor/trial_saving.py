"""What a trial does in the place of the actions of a firm: the same, with the session alone."""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from surveys.actions.prior import flags_of
from surveys.actions.prior_entries import flag_of_step
from surveys.actions.responses import Decision
from surveys.actions.roster_lists import full_if_over
from surveys.queries.prior import prior_of
from surveys.queries.prior_entries import Carried, carried_of, flag_key
from surveys.queries.responses import changed_key, entry_key, roster_of, summary_key
from surveys.questionnaire.dependent_entries import entry_flag
from surveys.questionnaire.editing.trials import made_entry, made_page
from surveys.questionnaire.instrument import Page
from surveys.questionnaire.items import Roster
from surveys.questionnaire.offering import takes_answer
from surveys.questionnaire.playback import pages_to_confirm_again
from surveys.views.editor.trial_state import Trial
from surveys.views.roster_places import Place, entries_of

Entry = dict[str, Any]

_ALL = "all"  # in the key under which all entries of a list were written at once


def save_page(
    trial: Trial,
    page: Page,
    written: Mapping[str, Any],
    *,
    still_right: Collection[str] = (),
    decisions: Sequence[Decision] = (),
) -> None:
    """Keep the answers of a page, and what became of last wave's answers to it."""
    prior = prior_of(trial.firm.case)
    last = prior.answers if prior else {}
    flags = flags_of(page.items, last=last, answers=written, still_right=still_right)
    _write(trial, page, page.name, dict(written), flags, decisions)


def see_summary(trial: Trial, section: str) -> None:
    """Keep that the summary of a section was seen as its answers are now."""
    kept = trial.kept
    seen = kept.page_revisions | {summary_key(section): kept.revision}
    trial.change(replace(kept, page_revisions=seen))


def save_entry(trial: Trial, place: Place, written: Mapping[str, Any]) -> None:
    """Keep one step of one entry; the first step makes it. Raises RosterFull."""
    roster, carried = place.roster, place.carried
    local = {name.removeprefix(f"{roster.name}."): value for name, value in written.items()}
    changed = {"entry": place.entry, **place.saved, **local}
    entries = entries_of(trial.firm, roster)
    at = next((n for n, each in enumerate(entries) if each["entry"] == place.entry), len(entries))
    listed = [*entries[:at], changed, *entries[at + 1 :]]
    key = entry_key(place.page.name, place.entry, place.step)
    saved = {*trial.kept.page_revisions, key}
    steps = replace(place, firm=_with_entries(trial, roster, listed)).steps
    flags = flag_of_step(carried, changed, steps=steps, page=place.page.name, saved=saved)
    _write_list(trial, place.page, roster, key, listed, flags)


def remove_entry(trial: Trial, page: Page, roster: Roster, key: str) -> None:
    """Take an entry out; one of the wave before no longer applies."""
    carried = _carried(trial, roster)
    left = [each for each in entries_of(trial.firm, roster) if each["entry"] != key]
    flags = {key: "gone"} if carried.of(key) is not None else {}
    _write_list(trial, page, roster, entry_key(page.name, key, 0), left, flags)


def confirm_entry(trial: Trial, page: Page, roster: Roster, key: str) -> None:
    """Say that an entry of the wave before is still right. Raises RosterFull."""
    carried = _carried(trial, roster)
    last = carried.of(key)
    if last is None:
        return
    entries = entries_of(trial.firm, roster)
    if all(each["entry"] != key for each in entries):
        entries = [*entries, last.as_entry]
    said = next(each for each in entries if each["entry"] == key)
    flags = {key: entry_flag(roster.dependent, last, said, is_settled=True)}
    _write_list(trial, page, roster, entry_key(page.name, key, 0), entries, flags)


def take_back(trial: Trial, page: Page, roster: Roster, key: str) -> None:
    """Let an entry that no longer applied wait again; one that was filled in is back on the list.

    Raises RosterFull.
    """
    flags = {name: flag for name, flag in trial.kept.flags.items() if name != flag_key(roster, key)}
    trial.change(replace(trial.kept, flags=flags))
    if roster.dependent == "prefilled":
        confirm_entry(trial, page, roster, key)


def close_roster(
    trial: Trial, page: Page, roster: Roster, decisions: Sequence[Decision] = ()
) -> None:
    """Say that the list is complete; entries that were filled in and not spoken of stay on it.

    Raises RosterFull.
    """
    carried, entries = _carried(trial, roster), entries_of(trial.firm, roster)
    flags: dict[str, str] = {}
    if roster.dependent == "prefilled":
        entries = carried.with_waiting(entries)
        flags = {each.key: "prefilled" for each in carried.waiting}
    elif roster.dependent == "shown":
        flags = {each.key: "left_out" for each in carried.waiting}
    _write_list(trial, page, roster, page.name, entries, flags, decisions)


def fill_in(trial: Trial, chance: random.Random) -> None:
    """Give made answers to every page that was not gone through."""
    while (page := trial.firm.first_open_page) is not None:
        roster = roster_of(page)
        if roster is None:
            save_page(trial, page, made_answers(trial, page, chance))
        else:
            fill_in_list(trial, page, roster, chance)
            close_roster(trial, page, roster)


def made_answers(trial: Trial, page: Page, chance: random.Random) -> dict[str, Any]:
    """A valid answer to every question of the page that takes one."""
    firm = trial.firm
    made = made_page(trial.instrument, page, firm.answers, chance, firm.known)
    return {item.name: made.get(item.name) for item in page.items if takes_answer(item)}


def fill_in_list(trial: Trial, page: Page, roster: Roster, chance: random.Random) -> None:
    """Finish the entries of a list, also those of the wave before; make some if it has none."""
    firm, carried = trial.firm, _carried(trial, roster)
    scope = {**firm.known, **firm.route.answers}
    entries = carried.with_waiting(entries_of(firm, roster))
    if not entries:
        made = made_page(trial.instrument, page, firm.answers, chance, firm.known)
        entries = made.get(roster.name) or []
    filled = [{**made_entry(roster, chance, scope), **each} for each in entries]
    flags = {
        last.key: entry_flag(roster.dependent, last, each, is_settled=True)
        for each in filled
        if (last := carried.of(each["entry"])) is not None
    }
    key = entry_key(page.name, _ALL, 0)
    _write_list(trial, page, roster, key, filled[: roster.most], flags)


def _carried(trial: Trial, roster: Roster) -> Carried:
    return carried_of(trial.firm.case, roster, trial.firm.response)


def _with_entries(trial: Trial, roster: Roster, entries: list[Entry]) -> Any:
    """Where the firm stands with the list as it is going to be."""
    changed = replace(trial.kept, answers={**trial.kept.answers, roster.name: entries})
    return Trial(trial.survey, trial.instrument, changed, trial.language).firm


def _write_list(
    trial: Trial,
    page: Page,
    roster: Roster,
    key: str,
    entries: list[Entry],
    flags: Mapping[str, str],
    decisions: Sequence[Decision] = (),
) -> None:
    """Keep the list. Raises RosterFull."""
    full_if_over(roster, entries)
    of_entries = {flag_key(roster, each): flag for each, flag in flags.items()}
    if roster.dependent != "hidden":
        had_list = _carried(trial, roster).given_at is not None
        of_entries[roster.name] = "shown" if had_list else "not_shown"
    _write(trial, page, key, {roster.name: entries}, of_entries, decisions)


def _write(
    trial: Trial,
    page: Page,
    key: str,
    written: dict[str, Any],
    flags: Mapping[str, str],
    decisions: Sequence[Decision],
) -> None:
    """Keep what was said, let numbers that rest on it be confirmed again, and summaries be read."""
    kept, before = trial.kept, trial.firm.route
    revision = kept.revision + 1
    seen = {name: each for name, each in kept.page_revisions.items() if name != changed_key(key)}
    said = {each.edit: _plain(each) for each in decisions}
    changed = replace(
        kept,
        answers={**kept.answers, **written},
        revision=revision,
        page_revisions={**seen, key: revision},
        flags={**kept.flags, **flags},
        decisions={**kept.decisions, **said},
    )
    trial.change(changed)
    lapsed = pages_to_confirm_again(trial.instrument, before, trial.firm.route)
    to_confirm = {changed_key(each): revision for each in lapsed}
    sections = (trial.instrument.section_of(each).name for each in (page.name, *lapsed))
    unseen = {summary_key(section) for section in sections}
    revisions = {**changed.page_revisions, **to_confirm}
    still = {name: each for name, each in revisions.items() if name not in unseen}
    trial.change(replace(changed, page_revisions=still))


def _plain(decision: Decision) -> dict[str, Any]:
    return {"message": decision.message, "kept": decision.kept, "reason": decision.reason}
