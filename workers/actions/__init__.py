"""What officers do with the ledger. Each action checks, changes and leaves an audit event, in one transaction."""

from workers.actions.groups import correct_group, end_group, record_group, void_group
from workers.actions.households import join_household, set_status, start_household
from workers.actions.people import add_phone, edit_worker, reveal, void_worker
from workers.actions.registrations import register, register_departure
from workers.actions.residence import move, move_household, record_death, record_leaving_county, take_back_leaving
from workers.actions.transfers import (
    change_job,
    correct_transfer,
    record_departure,
    record_homecoming,
    void_transfer,
)

__all__ = [
    "add_phone", "change_job", "correct_group", "correct_transfer", "edit_worker", "end_group", "join_household",
    "move", "move_household", "record_death", "record_departure", "record_group", "record_homecoming",
    "record_leaving_county", "register", "register_departure", "reveal", "set_status", "start_household",
    "take_back_leaving", "void_group", "void_transfer", "void_worker",
]
