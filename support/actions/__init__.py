"""What an officer does about the pay of brokers; a module a matter."""

from support.actions.claims import approve, confirm, drop_drawn, mark_paid, publish, send_back
from support.actions.drawing import Drawing, draw_up
from support.actions.schemes import copy_scheme, delete_scheme, edit_scheme, set_amounts, write_scheme

__all__ = [
    "Drawing", "approve", "confirm", "copy_scheme", "delete_scheme", "draw_up", "drop_drawn", "edit_scheme", "mark_paid",
    "publish", "send_back", "set_amounts", "write_scheme",
]
