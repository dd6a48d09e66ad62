"""What an officer does about labor brokers; a module a matter."""

from brokers.actions.complaints import record_complaint, settle_complaint
from brokers.actions.filing import (
    file_all,
    file_broker,
    file_earlier,
    must_be_days_of_a_list,
    publish_brokers,
    recommend_broker,
    restore_broker,
    revoke_broker,
    set_back_broker,
    suspend_broker,
    trained,
    withdraw_list,
)
from brokers.actions.register import (
    account_of,
    edit_broker,
    id_number_of,
    register_broker,
    resume_broker,
    reveal_broker,
    same_account,
    stop_broker,
)

__all__ = [
    "account_of", "edit_broker", "file_all", "file_broker", "file_earlier", "id_number_of",
    "must_be_days_of_a_list", "publish_brokers", "recommend_broker",
    "record_complaint", "register_broker", "restore_broker", "resume_broker", "reveal_broker", "revoke_broker",
    "same_account", "set_back_broker", "settle_complaint", "stop_broker", "suspend_broker", "trained", "withdraw_list",
]
