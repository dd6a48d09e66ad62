"""One text in place of every text that officers typed, in every table of the world."""

from django.apps import apps
from django.db.models import CharField, TextField

from officers.models import AuditEvent, AuditHead
from workers.models import Draft

ROOMS = {"officers", "villages", "brokers", "jobs", "workers", "support", "reports"}
# Codes, links, keys and months stay.
NOT_TYPED = {"password", "id_index", "id_last4_index", "hash", "language", "figure", "rule", "key", "pattern"}


def overwrite(text: str, keep=()):
    """Each row gets the text with a number of its own; what was left empty stays so, and so do the trail and the drafts."""
    for model in apps.get_models():
        is_history = model.__name__.startswith("Historical")
        if model._meta.app_label in ROOMS and model not in {AuditEvent, AuditHead, Draft, *keep} and not is_history:
            _overwrite(model, text)


def _overwrite(model, text):
    names = {
        f.name for f in model._meta.concrete_fields
        if type(f) in (CharField, TextField) and not f.choices and not f.unique and f.max_length
        and f.max_length >= 30 and f.name not in NOT_TYPED
    }
    for number, row in enumerate(model._base_manager.all()):
        longest = {name: model._meta.get_field(name).max_length - len(str(number)) for name in names}
        told = {name: f"{text[:most]}{number}" for name, most in longest.items() if getattr(row, name)}
        if told:
            model._base_manager.filter(pk=row.pk).update(**told)
