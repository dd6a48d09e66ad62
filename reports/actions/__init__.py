"""The steps of the month. One action serves one return or a whole county."""

from reports.actions.approving import approve, held_back, must_be_newest, send_back
from reports.actions.lineage import change_village, rehearse
from reports.actions.locking import close_unchanged, lock, newest_locked_month, open_again, reopen
from reports.actions.opening import open_month, without_draft
from reports.actions.steps import STEPS, return_url
from reports.actions.submitting import AS_IN_THE_LEDGER, NotSubmitted, answer, case_of, stops_submitting, submit

__all__ = [
    "AS_IN_THE_LEDGER",
    "STEPS",
    "NotSubmitted",
    "answer",
    "approve",
    "case_of",
    "change_village",
    "close_unchanged",
    "held_back",
    "lock",
    "must_be_newest",
    "newest_locked_month",
    "open_again",
    "open_month",
    "rehearse",
    "reopen",
    "return_url",
    "send_back",
    "stops_submitting",
    "submit",
    "without_draft",
]
