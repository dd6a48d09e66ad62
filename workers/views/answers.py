"""What was answered in a form, or is recorded of a transfer, as (label, words) to be read through."""

from django.utils.translation import gettext as _

from workers import changes, places
from workers.models import Transfer


def read_through(place, work) -> dict:
    """The answers given, and the names of those left out."""
    def given(answers):
        return [(label, words) for label, words in answers if words]

    left_out = [label for label, words in place + work if not words]
    return {"place_answers": given(place), "work_answers": given(work), "left_out": left_out}


def place_answers(form) -> list:
    said, facts = form.cleaned_data, form.place() | form.when()
    left = said["left_on"].isoformat() if said["left_on"] else said["left_month"].label
    bearer = facts["broker"] or facts["point"] or facts["agency"]
    found = [
        (_("Where to"), places.label(facts["destination"])),
        (_("Left"), left),
        (_("Plans to come home"), facts["planned_home"].label if facts["planned_home"] else ""),
        (_("How the job was found"), _words("channel", facts["channel"])),
    ]
    return found + ([(_("Through"), str(bearer))] if bearer else [])


def work_answers(form) -> list:
    facts = form.work()
    return [
        (_("Industry"), _words("industry", facts["industry"])),
        (_("Form of work"), _words("form", facts["form"])),
        (_("Job"), _words("job", facts["job"])),
        (_("Employer"), facts["employer"]),
        (_("Monthly pay"), pay_words(facts["pay"], facts["pay_band"])),
        (_("Contract"), _contract(facts)),
        (_("Social insurance"), _words("insurance", facts["insurance"])),
        *([(_("Note"), facts["note"])] if facts["note"] else []),
    ]


def _contract(facts) -> str:
    words = _words("contract", facts["contract"])
    if not facts["contract_until"]:
        return words
    return _("%(answer)s, until %(day)s") % {"answer": words, "day": facts["contract_until"]}


def pay_words(pay, band) -> str:
    if pay is not None:
        return _("%(pay)s yuan") % {"pay": f"{pay:,}"}
    return _words("pay_band", band)


def _words(name, value) -> str:
    words = changes.words(Transfer._meta.get_field(name), value)
    return "" if value in ("", None) else words
