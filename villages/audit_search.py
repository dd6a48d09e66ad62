"""Looking for entries of the audit trail: the form, what it leaves, and an entry as a page or a file tells it."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from laborreg.codes import under
from laborreg.forms import DateInput
from officers import audit
from officers.details import DETAILS, IMPERSONAL, VALUES, told
from officers.models import Officer
from officers.verbs import GROUPS, KINDS, VERBS
from villages.accounts import labels
from villages.models import Township, Village

# Beyond these a day has no midnight in another time zone.
POSSIBLE = [MinValueValidator(date(1950, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
GROUP = "group:"


class AuditFilter(forms.Form):
    q = forms.CharField(label=_("Words, address or number"), required=False, max_length=50)
    verb = forms.ChoiceField(label=_("What"), required=False)
    who = forms.CharField(label=_("Who (name or account)"), required=False, max_length=50)
    place = forms.ChoiceField(label=_("Where"), required=False)
    from_on = forms.DateField(label=_("From"), required=False, widget=DateInput, validators=POSSIBLE)
    to_on = forms.DateField(label=_("Until"), required=False, widget=DateInput, validators=POSSIBLE)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        groups = [(GROUP + name, label) for name, (label, _verbs) in GROUPS.items()]
        self.fields["verb"].choices = [("", _("Everything")), (_("Several at once"), groups), (_("One"), [*VERBS.items()])]
        self.fields["place"].choices = [("", _("Everywhere")), *_tree(by)]

    def narrowed(self, events):
        """Events that the filter leaves; what was typed wrongly narrows nothing and is told beside its field."""
        wanted = self.cleaned_data
        if verb := wanted.get("verb"):
            verbs = GROUPS[verb.removeprefix(GROUP)][1] if verb.startswith(GROUP) else {verb}
            events = events.filter(verb__in=verbs)
        if who := wanted.get("who"):
            events = events.filter(Q(by__name__icontains=who) | Q(by__username__icontains=who))
        if wanted.get("place"):
            events = events.filter(under("place_code", wanted["place"]))
        if wanted.get("from_on"):
            events = events.filter(at__gte=_midnight(wanted["from_on"]))
        if wanted.get("to_on"):
            events = events.filter(at__lt=_midnight(wanted["to_on"]) + timedelta(days=1))
        return _with_words(events, wanted["q"], self.by) if wanted.get("q") else events

    def as_words(self, about: str, *, found: bool) -> str:
        """What was looked for, for the trail of the file that was taken away. `about`: the row whose own trail it is.

        An account or a row that was `found` is one; what was not may be anything, a person's number as well.
        """
        said = self.cleaned_data | {"about": about}
        for name in ("q",) if found else ("q", "who", "about"):
            said[name] = said.get(name) and audit.HIDDEN
        return " ".join(f"{name}={value}" for name, value in said.items() if value)


def _tree(by) -> list[tuple]:
    """Each township with its villages under it."""
    found = []
    villages = list(Village.objects.visible_to(by))
    for township in Township.objects.visible_to(by):
        found.append((township.code, township.label))
        own = [village for village in villages if village.township_id == township.code]
        found += [(village.code, f"\u3000{village.label}") for village in own]
    return found


def _midnight(day):
    return make_aware(datetime.combine(day, time()))


def _with_words(events, words, by):
    """Words of the verb, the address, the account, the number of what it is about; of the details what the officer may read."""
    verbs = [verb for verb, label in VERBS.items() if words.casefold() in str(label).casefold()]
    found = Q(verb__in=verbs) | Q(address__startswith=words) | Q(by__name__icontains=words) | Q(by__username=words)
    found |= Q(subject_id=words)
    if sees_people(by):
        events = events.annotate(said=Cast("detail", TextField()))
        for text in [words, *_codes_of(words)]:
            found |= Q(said__icontains=text)
    return events.filter(found)


def _codes_of(words) -> list[str]:
    """Codes of details that a page tells in these words, as they stand in the detail."""
    pairs = [pair for values in VALUES.values() for pair in values.items()]
    return sorted({f'"{code}"' for code, label in pairs if words.casefold() in str(label).casefold()})


def sees_people(officer) -> bool:
    """Who does not, an administrator, reads in the trail what was done and by whom, but of nobody in the ledger."""
    return "see people" in officer.powers


def with_words(events, by) -> list:
    """Each entry with what a page or file shows of it: told, about, where, and the address."""
    events = list(events)
    places = labels({event.place_code for event in events})
    accounts = {event.subject_id for event in events if event.subject_kind == "officer"}
    names = {str(pk): name for pk, name in Officer.objects.filter(pk__in=accounts).values_list("pk", "name")}
    for event in events:
        event.what = VERBS.get(event.verb, event.verb)
        event.about = KINDS.get(event.subject_kind, event.subject_kind)
        event.named = names.get(event.subject_id, "") if event.subject_kind == "officer" else ""
        event.where = places.get(event.place_code, event.place_code)
        event.told = _details(event, by)
        event.from_address = event.address or event.detail.get("address", "")
    return events


def _details(event, by) -> list[tuple]:
    everything = sees_people(by)
    shown = [(name, value) for name, value in event.detail.items() if name != "address"]
    return [
        (DETAILS.get(name, name), told(name, value) if everything or name in IMPERSONAL else _("not shown to you"))
        for name, value in shown
    ]
