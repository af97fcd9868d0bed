"""Writes of the estimating half: plans and runs. No function here sends a message."""

from analysis.actions.fingerprints import code_fingerprint, run_fingerprint
from analysis.actions.layouts import forget_layout, keep_layout
from analysis.actions.lease import MOST_ATTEMPTS
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
from analysis.actions.requests import note_published, request, withdraw
from analysis.actions.sweeping import sweep
from analysis.actions.work import carry_out

__all__ = [
    "MOST_ATTEMPTS",
    "MOST_ATTEMPTS_AT_A_PIECE",
    "ask_for_power",
    "cancel_power",
    "carry_on_power",
    "carry_out",
    "code_fingerprint",
    "forget_layout",
    "free_pieces",
    "keep_layout",
    "note_published",
    "request",
    "run_fingerprint",
    "sweep",
    "unheard_power",
    "withdraw",
    "work_on_pieces",
    "worked_out_power",
    "write_plan",
]
