"""Who may do what in a survey: every rule of access, as a predicate.

The operator (a superuser) may do everything. A person without a membership of the survey
may not even learn that it exists: views answer 404 (`may_view_survey`). A member whose role
does not cover an action is told so (403).

================= ===== ============= ================= =========== ======= ======
may               owner methodologist fieldwork manager interviewer analyst viewer
================= ===== ============= ================= =========== ======= ======
view_survey       yes   yes           yes               yes         yes     yes
view_tables       yes   yes           no                no          yes     yes
see_frame         yes   yes           no                no          no      no
see_firms         yes   no            yes               no          no      no
record_calls      yes   no            yes               yes         no      no
manage_fieldwork  yes   no            yes               no          no      no
review_answers    yes   no            no                no          no      no
design            yes   yes           no                no          no      no
publish           yes   yes           no                no          no      no
import            yes   yes           no                no          no      no
analyse           yes   no            no                no          yes     no
plan_waves        yes   yes           no                no          no      no
set_output_rules  yes   no            no                no          no      no
decide_outputs    yes   no            no                no          yes     no
describe_survey   yes   no            no                no          no      no
manage_people     yes   no            no                no          no      no
================= ===== ============= ================= =========== ======= ======

No role but the owner's sees both the names of firms and their answers. From this follow:

- The methodologist loads frames and so reads the names on them, therefore downloads no
  answers; weights are made of dispositions and of what the frame says of firms. Micro-data
  that a methodologist imports were theirs to read before.
- The analyst has answers under pseudonyms, therefore sees no frame and no case.
- The fieldwork manager knows every firm by name, therefore neither reads, accepts nor edits
  answers. Whoever judges an answer must read it beside the firm's earlier ones, which is the
  owner's to do, with a reason that is kept.
- The interviewer sees the firms on the phone list and no others (`may_see_case`).
- Whoever fills in for a firm at the telephone reads the answers of that one, until they are
  handed in or the field closes (`may_fill_in`): the firm is telling them at that moment. That
  visit is kept in the history of the case. It is the one exception to the rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from surveys.models import Case, ContactAttempt, ContactStep, Membership, Survey, User

Person = User | AnonymousUser

_Role = Membership.Role


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be done, in plain words for the page, and the roles that may."""

    words: str
    roles: frozenset[str]


def _rule(words: str, *roles: str) -> Rule:
    return Rule(words, frozenset(roles))


RULES: Mapping[str, Rule] = {
    "view_survey": _rule(
        "See the waves, their questionnaires and the response rates", *_Role.values
    ),
    "view_tables": _rule(
        "Read finished tables", _Role.OWNER, _Role.METHODOLOGIST, _Role.ANALYST, _Role.VIEWER
    ),
    "see_frame": _rule(
        "Look at the list from which firms are drawn, with their names",
        _Role.OWNER, _Role.METHODOLOGIST,
    ),
    "see_firms": _rule(
        "See the names and contacts of all firms in the sample",
        _Role.OWNER, _Role.FIELDWORK_MANAGER,
    ),
    "record_calls": _rule(
        "Call the firms of the phone list, note the outcome, correct the contact, fill in",
        _Role.OWNER, _Role.FIELDWORK_MANAGER, _Role.INTERVIEWER,
    ),
    "manage_fieldwork": _rule(
        "Run the fieldwork: open and close, access codes, letters and e-mails, outcomes",
        _Role.OWNER, _Role.FIELDWORK_MANAGER,
    ),
    "review_answers": _rule(
        "Read a named firm’s answers; accept, return or correct them, with a reason", _Role.OWNER
    ),
    "design": _rule(
        "Load the list of firms, plan and draw the sample, make the weights",
        _Role.OWNER, _Role.METHODOLOGIST,
    ),
    "publish": _rule(
        "Write and publish questionnaires and code lists", _Role.OWNER, _Role.METHODOLOGIST
    ),
    "import": _rule(
        "Import the data of a survey that was made elsewhere", _Role.OWNER, _Role.METHODOLOGIST
    ),
    "analyse": _rule(
        "Analyse and download answers, with a pseudonym in place of the firm",
        _Role.OWNER, _Role.ANALYST,
    ),
    "plan_waves": _rule(
        "Make waves, set which years they ask about and when firms answer",
        _Role.OWNER, _Role.METHODOLOGIST,
    ),
    "set_output_rules": _rule(
        "Set the rules by which results are withheld that could tell of a single firm",
        _Role.OWNER,
    ),
    "decide_outputs": _rule(
        "Approve or reject results of others before they go out", _Role.OWNER, _Role.ANALYST
    ),
    "describe_survey": _rule(
        "Change what firms read of the survey: its title, contact and promise", _Role.OWNER
    ),
    "manage_people": _rule("Add and remove people, change their roles", _Role.OWNER),
}  # fmt: skip
"""Every rule by the name of its predicate, `may_` left out."""


def role_in(user: Person, survey: Survey) -> str | None:
    """The person's role in the survey; None for who is not a member."""
    if not isinstance(user, User):
        return None
    return (
        Membership.objects.filter(user=user, survey=survey).values_list("role", flat=True).first()
    )


def _may(name: str, user: Person, survey: Survey) -> bool:
    if not user.is_active:
        return False
    return user.is_superuser or role_in(user, survey) in RULES[name].roles


def may_view_survey(user: Person, survey: Survey) -> bool:
    """Waves, questionnaires, outcome rates: what tells of no single firm."""
    return _may("view_survey", user, survey)


def may_view_tables(user: Person, survey: Survey) -> bool:
    """Tables of estimates, which tell of no single firm either."""
    return _may("view_tables", user, survey)


def may_see_frame(user: Person, survey: Survey) -> bool:
    """Units of the frame, enterprises and their burden, by name."""
    return _may("see_frame", user, survey)


def may_see_firms(user: Person, survey: Survey) -> bool:
    """Names and access codes of all firms of the sample: for who must reach them."""
    return _may("see_firms", user, survey)


def may_record_calls(user: Person, survey: Survey) -> bool:
    """The phone list: outcomes of calls, wrong contacts, filling in on behalf of a firm."""
    return _may("record_calls", user, survey)


def may_see_case(user: Person, case: Case) -> bool:
    """One firm by name: any for who sees all, one of the phone list for the interviewer."""
    survey = case.wave.survey
    if may_see_firms(user, survey):
        return True
    return may_record_calls(user, survey) and is_on_phone_list(case)


def is_on_phone_list(case: Case) -> bool:
    """Whether a step put the case on the list and it was not taken off again."""
    listed = ContactAttempt.objects.filter(case=case, channel=ContactStep.Channel.PHONE)
    return listed.exclude(state=ContactAttempt.State.SKIPPED).exists()


def may_fill_in(user: Person, case: Case) -> bool:
    """Fill in for the firm what it says at the telephone: while the field is open."""
    if not case.wave.is_open:
        return False
    return may_record_calls(user, case.wave.survey) and may_see_case(user, case)


def may_list_cases(user: Person, survey: Survey) -> bool:
    """Cases one by one: by name for who sees firms, by pseudonym for who works with these."""
    return may_see_firms(user, survey) or may_design(user, survey) or may_analyse(user, survey)


def may_manage_fieldwork(user: Person, survey: Survey) -> bool:
    """Open and close the field, issue codes, record dispositions, reopen responses."""
    return _may("manage_fieldwork", user, survey)


def may_review_answers(user: Person, survey: Survey) -> bool:
    """Read answers beside the firm's name; accept, return and edit them with a reason."""
    return _may("review_answers", user, survey)


def may_design(user: Person, survey: Survey) -> bool:
    """Frames, samples and weights."""
    return _may("design", user, survey)


def may_publish(user: Person, survey: Survey) -> bool:
    """Instruments, their drafts and code lists."""
    return _may("publish", user, survey)


def may_import(user: Person, survey: Survey) -> bool:
    """Micro-data as a wave."""
    return _may("import", user, survey)


def may_analyse(user: Person, survey: Survey) -> bool:
    """Write and run plans, and download pseudonymous answers."""
    return _may("analyse", user, survey)


def may_make_surveys(user: Person) -> bool:
    """New surveys: for the operator, owners of a survey, and who was given `surveys.add_survey`."""
    if not isinstance(user, User) or not user.is_active:
        return False
    owned = Membership.objects.filter(user=user, role=_Role.OWNER)
    return user.has_perm("surveys.add_survey") or owned.exists()


def may_plan_waves(user: Person, survey: Survey) -> bool:
    """Make waves, and change the periods of drafts."""
    return _may("plan_waves", user, survey)


def may_set_output_rules(user: Person, survey: Survey) -> bool:
    """The rules of disclosure control of the survey and its waves."""
    return _may("set_output_rules", user, survey)


def may_decide_outputs(user: Person, survey: Survey) -> bool:
    """Release results that somebody else made, or hold them back. Needs to see them first."""
    return _may("decide_outputs", user, survey)


def may_describe_survey(user: Person, survey: Survey) -> bool:
    """What the survey says of itself to firms."""
    return _may("describe_survey", user, survey)


def may_manage_people(user: Person, survey: Survey) -> bool:
    """Memberships of the survey."""
    return _may("manage_people", user, survey)
