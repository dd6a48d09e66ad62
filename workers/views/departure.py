"""Registering a departure in four short steps; what was typed is kept in a draft of the officer's own."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from laborreg import clock
from laborreg.forms import row_number
from laborreg.identity import id_facts
from laborreg.refusals import Refusal
from officers.pages import page
from workers import actions, codes, drafts, forms, places, search, standing
from workers.actions import looking
from workers.actions.checks import WORKING_AGE
from workers.actions.person import elsewhere, holder
from workers.models import Draft, Transfer, Worker
from workers.regions import TOWNSHIP, region_of
from workers.views import namesakes
from workers.views.answers import place_answers, read_through, work_answers
from workers.views.rows import (
    chosen_village,
    is_hidden,
    open_transfer_of,
    own_group_or_404,
    own_person_or_404,
    own_transfer_or_404,
    village_form,
    with_standing,
)

KIND = "departure"
STEPS = PERSON, PLACE, WORK, CHECK = 1, 2, 3, 4
FOUND = 20


@page("enter records")
def departure_new(request):
    """The first step before anything is kept: a draft begins with the first answer."""
    answers = {"village": "", "worker": None, "group": None, "person": {}, "place": {}, "work": {}}
    if number := request.GET.get("group"):
        answers |= _of_group(own_group_or_404(request, row_number(number)))
    return person_step(request, Trip(request, None, answers))


def _of_group(group) -> dict:
    """Naming one of an unnamed group: what is known of all is filled in."""
    left = {"left_month": group.started_on.strftime("%Y-%m")}
    # A group that is known by its month stands on the first of it; the day of its persons is no better known.
    if group.started_on.day > 1:
        left["left_on"] = group.started_on.isoformat()
    place = {"destination": group.destination, "channel": group.channel or forms.UNKNOWN[0]} | left
    work = {name: str(value or "") for name, value in forms.work_as_typed(group).items()}
    return {"village": group.village_id, "group": group.pk, "place": place, "work": work}


@page("enter records")
def departure_step(request, pk, step):
    draft = get_object_or_404(Draft, pk=pk, officer=request.user, kind=KIND)
    if step not in STEPS:
        raise Http404
    if draft.became:
        return redirect("departure_done", pk=draft.pk)
    trip = Trip(request, draft, drafts.answers_of(draft))
    if step > trip.first_open_step:
        return redirect(trip.url(trip.first_open_step))
    return {PERSON: person_step, PLACE: place_step, WORK: work_step, CHECK: check_step}[step](request, trip)


class Trip:
    """A departure on its way through the steps: the draft and what it holds."""

    def __init__(self, request, draft, answers):
        self.request, self.draft, self.answers = request, draft, answers
        self.worker = self._worker()
        self.group = own_group_or_404(request, answers["group"]) if answers["group"] else None
        if self.group:
            self.group.place = places.label(self.group.destination)
        self.village = self.worker.village if self.worker else chosen_village(request, answers["village"])

    def _worker(self):
        return own_person_or_404(self.request, self.answers["worker"]) if self.answers["worker"] else None

    def form(self, name):
        """A step's form: with what is posted now, or else filled in with what the draft holds, unjudged."""
        if self.request.method == "POST":
            return self._form(name, data=self.request.POST)
        return self._form(name, initial=self.answers[name])

    def answered(self, name):
        """A step's form with the draft's answers, to be judged."""
        return self._form(name, data=self.answers[name])

    def _form(self, name, **what):
        if name == "work":
            return forms.WorkForm(**what)
        return {"person": forms.PersonForm, "place": forms.PlaceForm}[name](village=self.village, **what)

    @property
    def first_open_step(self) -> int:
        """The first step whose answers do not hold; the last where all do."""
        if not self.village:
            return PERSON
        if not self.worker and not self.answered("person").is_valid():
            return PERSON
        if not self.answered("place").is_valid():
            return PLACE
        return CHECK if self.answered("work").is_valid() else WORK

    def keep(self, **answers):
        """Into the draft, begun now if need be."""
        self.answers |= {"village": self.village.pk} | answers
        if self.draft:
            drafts.keep(self.draft, self.answers)
        else:
            self.draft = drafts.start(self.request.user, KIND, self.answers)

    def url(self, step) -> str:
        return reverse("departure_step", args=[self.draft.pk, step]) if self.draft else reverse("departure_new")

    def go_on(self, step):
        """To the next step, back to the check where that is where the officer came from, or away for now."""
        if "later" in self.request.POST:
            messages.info(self.request, _("Saved. You will find it under “Register a departure”."))
            return redirect("home")
        return redirect(self.url(CHECK if "check" in self.request.GET else step + 1))

    @property
    def person_url(self):
        return self.url(PERSON)

    @property
    def place_url(self):
        return self.url(PLACE) + "?check=1" * (self.first_open_step == CHECK)

    @property
    def work_url(self):
        return self.url(WORK) + "?check=1"

    @property
    def name(self) -> str:
        """Of somebody new, as typed."""
        return self.answers["person"].get("name", "")

    @property
    def aside(self) -> str:
        """Sex and age of somebody new, where the ID number tells."""
        form = self.answered("person")
        if not form.is_valid() or not form.cleaned_data["id_number"]:
            return ""
        sex, born_on = id_facts(form.cleaned_data["id_number"])
        return f"{dict(codes.SEXES)[sex]} · {Worker(birth_date=born_on).age}"

    def steps(self, now) -> list:
        labels = [_("Who"), _("Where to"), _("Work"), _("Check")]
        return [
            {
                "label": label, "state": "done" if step < now else "now" if step == now else "todo",
                "url": self.url(step) if step < now else "",
            }
            for step, label in enumerate(labels, start=PERSON)
        ]

    def show(self, step, template, **context):
        if self.worker:
            with_standing([self.worker], clock.today())
        context |= {
            "trip": self, "steps": self.steps(step), "today": clock.today(), "village": self.village,
            "previous": self.url(step - 1) if step > PERSON else "", "from_check": "check" in self.request.GET,
        }
        return render(self.request, template, context)


def person_step(request, trip):
    """Somebody of the ledger is picked, or somebody new is typed."""
    if request.method == "POST" and "worker" in request.POST:
        return _pick(request, trip)
    form = trip.form("person") if trip.village else None
    others = []
    if request.method == "POST" and form and ("later" in request.POST or _is_new(form, trip, request.user)):
        others = namesakes.unasked(request, trip.village, form)
        if not others:
            trip.keep(worker=None, person=typed(form))
            return trip.go_on(PERSON)
        if form.cleaned_data["id_number"]:
            # Nothing is kept of it yet, and it is told that the number is new.
            looking.looked_in_vain(request.user)
    return trip.show(PERSON, "workers/departure_person.html", form=form, namesakes=others, **_choices(request, trip))


def _pick(request, trip):
    number = request.POST["worker"]
    person = own_person_or_404(request, row_number(number))
    if trip.group and person.village_id != trip.village.pk:
        raise Refusal(_("The unnamed group is of another village."))
    if open_transfer_of(person):
        return redirect("already_out", pk=person.pk)
    trip.village = person.village
    trip.keep(worker=person.pk, person={})
    return trip.go_on(PERSON)


def _is_new(form, trip, officer) -> bool:
    """Whether the county has nobody of this ID number; else the form says so, and whom to open where one may."""
    if not form.is_valid():
        return False
    number = form.cleaned_data["id_number"]
    if not form.tries(drafts.must_not_guess, trip.draft, number):
        return False
    found = holder(trip.village.county_code, number) if number else None
    if not found or not standing.registered(Worker.objects.filter(pk=found.pk), clock.today()).exists():
        return True
    refusal = elsewhere(found, officer)
    form.add_error("id_number", refusal.message)
    trip.refusal = refusal
    return False


def _choices(request, trip) -> dict:
    """Villages to choose from, people found by the search box, and departures not finished."""
    q = request.GET.get("q", "").strip()[:60]
    people = Worker.objects.valid().visible_to(request.user).select_related("village")
    if trip.village:
        people = people.filter(village=trip.village)
    day = clock.today()
    fits = search.matching(standing.registered(people, day), q, by=request.user) if q else people.none()
    found = fits.order_by("name_pinyin", "pk")[:FOUND]
    refusal = getattr(trip, "refusal", None)
    known = getattr(refusal, "worker", None)
    return {
        "q": q, "found": with_standing(found, day), "known": with_standing([known], day)[0] if known else None,
        "village_form": village_form(request.user, trip.village, _("Choose")), "may_ask": is_hidden(refusal),
        "unfinished": [] if trip.draft else _unfinished(request.user),
    }


def _unfinished(officer) -> list:
    """The officer's departures that wait to be finished, each with the name typed in it."""
    found = list(drafts.unfinished(officer, KIND)[:drafts.WAITING])
    for draft in found:
        answers = drafts.answers_of(draft)
        picked = answers["worker"] and Worker.objects.visible_to(officer).filter(pk=answers["worker"]).first()
        draft.name = picked.name if picked else answers["person"].get("name", "")
    return found


def place_step(request, trip):
    form = trip.form("place")
    if request.method == "POST" and not form.is_choosing:
        trip.keep(place=typed(form))
        if "later" in request.POST or form.is_valid():
            return trip.go_on(PLACE)
    return trip.show(PLACE, "workers/departure_place.html", form=form)


def work_step(request, trip):
    form = trip.form("work")
    if request.method == "POST":
        trip.keep(work=typed(form))
        if "later" in request.POST or form.is_valid():
            return trip.go_on(WORK)
    return trip.show(WORK, "workers/departure_work.html", form=form, employers=employers_of(trip.village))


def check_step(request, trip):
    if request.method == "GET" and trip.first_open_step < CHECK:
        return redirect(trip.url(trip.first_open_step))
    person, place, work = trip.answered("person"), trip.answered("place"), trip.answered("work")
    everything = [each for each in (None if trip.worker else person, place, work) if each]
    if not all(each.is_valid() for each in everything):
        return redirect(trip.url(trip.first_open_step))
    refusal = None
    if request.method == "POST":
        try:
            return _save(request, trip, person, place.place() | place.when() | work.work() | {"group": trip.group})
        except Refusal as refused:
            refusal = refused
    context = {
        "refusal": refusal, "known": getattr(refusal, "worker", None), "person": person,
        "may_ask": is_hidden(refusal),
        **read_through(place_answers(place), work_answers(work)),
        "warnings": [
            *_under_age(trip.worker or Worker(birth_date=person.born), place.when()["started_on"]),
            *(warning for each in everything for warning in getattr(each, "warnings", [])),
        ],
        "effect": effect(trip, place.place()["destination"]),
    }
    return trip.show(CHECK, "workers/departure_check.html", **context)


def _under_age(worker, day) -> list[str]:
    """It is recorded all the same: what happened is not undone by leaving it out."""
    age = worker.age_on(day)
    if age is None or age >= WORKING_AGE:
        return []
    words = _("%(age)s years old when leaving: nobody under 16 may be sent to work. Look at the birth date and the day again.")
    return [words % {"age": age}]


def _save(request, trip, person, transfer):
    """One record out of one draft, however often the button is pressed."""

    def record():
        if trip.worker:
            return actions.record_departure(trip.worker, by=request.user, **transfer)
        who = person.facts()
        return actions.register_departure(by=request.user, village=trip.village, person=who, transfer=transfer)

    number = drafts.turn_into(trip.draft, record)
    if "another" in request.POST:
        name = Transfer.objects.visible_to(request.user).get(pk=number).worker.name
        messages.success(request, _("The departure of %(name)s is recorded.") % {"name": name})
        return redirect(f"{reverse('departure_new')}?village={trip.village.pk}")
    return redirect("departure_done", pk=trip.draft.pk)


def effect(trip: Trip, destination: str) -> dict:
    """What saving changes: one more is away; none where the work lies in the own township, or a group shrinks."""
    before = standing.away_count(trip.village.pk, clock.today())
    is_local = region_of(trip.village.pk, destination) == TOWNSHIP
    return {"before": before, "after": before + (not is_local and not trip.group), "is_local": is_local}


@page("enter records")
def departure_done(request, pk):
    draft = get_object_or_404(Draft, pk=pk, officer=request.user, kind=KIND)
    if not draft.became:
        return redirect("departure_step", pk=draft.pk, step=CHECK)
    transfer = own_transfer_or_404(request, draft.became, or_voided=True)
    with_standing([transfer.worker], clock.today())
    context = {
        "transfer": transfer, "person": transfer.worker, "place": places.label(transfer.destination),
        "away": standing.away_count(transfer.village_id, clock.today()), "village": transfer.village,
    }
    return render(request, "workers/departure_done.html", context)


@page("enter records", scoped=False)
@require_POST
def departure_drop(request, pk):
    """Throw away what was typed."""
    drafts.throw_away(get_object_or_404(Draft, pk=pk, officer=request.user, kind=KIND, became=""))
    messages.info(request, _("The draft was thrown away."))
    return redirect("departure_new")


def typed(form) -> dict:
    """What the officer typed, field by field, as a draft keeps it."""
    return {name: form[name].data or "" for name in form.fields}


def employers_of(village) -> list[str]:
    """Employers that people of the village named lately, to be offered while typing."""
    named = Transfer.objects.filter(village=village, voided_at__isnull=True).exclude(employer="")
    return sorted(set(named.order_by("-pk").values_list("employer", flat=True)[:200]))
