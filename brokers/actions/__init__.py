"""What an officer does about labor brokers; a module a matter."""

from brokers.actions.register import account_of, edit_broker, id_number_of, register_broker, resume_broker, stop_broker

__all__ = ["account_of", "edit_broker", "id_number_of", "register_broker", "resume_broker", "stop_broker"]
