"""What officers do with the ledger. Each action checks, changes and leaves an audit event, in one transaction."""

from workers.actions.doubts import set_aside, take_up
from workers.actions.groups import correct_group, end_group, record_group, void_group
from workers.actions.household_changes import (
    change_head,
    edit_household,
    end_status,
    merge_households,
    split_household,
)
from workers.actions.households import join_household, leave_household, set_status, start_household
from workers.actions.lineage import merge_villages, recode_village, rename_village, split_village
from workers.actions.merging import merge_workers
from workers.actions.moves import ask_to_let_go, ask_to_take_in, confirm_move, refuse_move, withdraw_move
from workers.actions.notices import tell
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
from workers.actions.visits import (
    call,
    record_follow_up,
    record_visit,
    take_back_visit,
    visit_came_home,
    visit_new_place,
)

__all__ = [
    "add_phone", "ask_to_let_go", "ask_to_take_in", "call", "change_head", "change_job", "confirm_move",
    "correct_group", "correct_transfer", "edit_household", "edit_worker", "end_group", "end_status", "join_household",
    "leave_household", "merge_households", "merge_villages", "merge_workers", "move", "move_household",
    "recode_village", "record_death", "record_departure", "record_follow_up", "record_group", "record_homecoming",
    "record_leaving_county", "record_visit", "refuse_move", "register", "register_departure", "rename_village",
    "reveal", "set_aside", "set_status", "split_household", "split_village", "start_household", "take_back_leaving",
    "take_back_visit", "take_up", "tell", "visit_came_home", "visit_new_place", "void_group", "void_transfer", "void_worker",
    "withdraw_move",
]
