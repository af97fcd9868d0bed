"""Writes of the estimating half: plans and runs. No function here sends a message."""

from analysis.actions.boundaries import boundaries_of, keep_boundaries, region_codes
from analysis.actions.codebooks import (
    LEAST_FIRMS,
    ask_for_codebook,
    codebook_mark,
    is_quick,
    make_codebook,
)
from analysis.actions.fingerprints import code_fingerprint, run_fingerprint
from analysis.actions.layouts import forget_layout, keep_layout
from analysis.actions.lease import MOST_ATTEMPTS
from analysis.actions.output_checks import (
    as_check,
    authors_of,
    check_of,
    decide,
    is_released,
    mark_of_check,
    waiting,
    waiting_for,
)
from analysis.actions.output_rules import (
    holdings_of,
    policy_of,
    policy_of_survey,
    read_rule,
    rules_fingerprint,
    rules_of,
    set_output_policy,
)
from analysis.actions.packages import (
    kinds_allowed,
    make_package,
    package_rule,
    set_package_rule,
)
from analysis.actions.pieces import MOST_ATTEMPTS_AT_A_PIECE, free_pieces
from analysis.actions.piecework import work_on_pieces
from analysis.actions.plans import write_plan
from analysis.actions.power import (
    ask_for_power,
    cancel_power,
    carry_on_power,
    worked_out_power,
)
from analysis.actions.power import unheard as unheard_power
from analysis.actions.registration import refuse_late, register
from analysis.actions.requests import note_published, request, withdraw
from analysis.actions.snapshots import (
    current_snapshot,
    make_snapshot,
    snapshot_dataset,
)
from analysis.actions.sweeping import sweep
from analysis.actions.work import carry_out

__all__ = [
    "LEAST_FIRMS",
    "MOST_ATTEMPTS",
    "MOST_ATTEMPTS_AT_A_PIECE",
    "as_check",
    "ask_for_codebook",
    "ask_for_power",
    "authors_of",
    "boundaries_of",
    "cancel_power",
    "carry_on_power",
    "carry_out",
    "check_of",
    "code_fingerprint",
    "codebook_mark",
    "current_snapshot",
    "decide",
    "forget_layout",
    "free_pieces",
    "holdings_of",
    "is_quick",
    "is_released",
    "keep_boundaries",
    "keep_layout",
    "kinds_allowed",
    "make_codebook",
    "make_package",
    "make_snapshot",
    "mark_of_check",
    "note_published",
    "package_rule",
    "policy_of",
    "policy_of_survey",
    "read_rule",
    "refuse_late",
    "region_codes",
    "register",
    "request",
    "rules_fingerprint",
    "rules_of",
    "run_fingerprint",
    "set_output_policy",
    "set_package_rule",
    "snapshot_dataset",
    "sweep",
    "unheard_power",
    "waiting",
    "waiting_for",
    "withdraw",
    "work_on_pieces",
    "worked_out_power",
    "write_plan",
]
