"""The pages of workers' training: the courses, one course, who goes there, who passed, and who was trained in a year."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brokers.views.courses import holding_places, place_of
from laborreg import clock
from laborreg.codes import under
from laborreg.forms import row_number
from laborreg.refusals import Refusal
from officers.pages import page
from officers.roles import VILLAGE
from support import trained
from support.actions import training as actions
from support.codes import PASSED
from support.columns import FIRST_YEAR, LAST_YEAR
from support.forms.training import OutcomesForm, TrainingForm
from support.models import TrainedWorker, TrainingCourse
from support.sheets.training import export_training, listed
from support.views.lists import hand_out
from villages.areas import area_at
from villages.models import County, Village
from workers import search, standing
from workers.forms import VoidForm
from workers.forms.parts import by_township
from workers.models import Worker
from workers.views.rows import posted

A_PAGE = 50


@page("see people")
def trainings(request):
    """Courses that workers of the officer's places can go to, with how many of them do and passed."""
    officer = request.user
    found = TrainingCourse.objects.visible_to(officer).valid()
    if officer.role == VILLAGE:
        # Of the township's and the county's courses those to which somebody of the village goes.
        found = found.filter(pk__in=TrainedWorker.objects.visible_to(officer).valid().order_by().values("course"))
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "support/trainings.html", {
        "page_obj": shown, "rows": _counted(shown, officer), "may_record": officer.may("record training"),
        "area": officer.place, "month": _month_now(officer),
    })


def _month_now(officer):
    county = County.objects.filter(code=officer.county_code).first()
    return county and county.month_of(clock.today())


def _counted(courses, officer) -> list[tuple]:
    """(course, on its list, passed), of the officer's places."""
    rows = TrainedWorker.objects.visible_to(officer).valid().filter(course__in=list(courses)).order_by()
    rows = rows.values_list("course").annotate(Count("pk"), passed=Count("pk", filter=Q(result=PASSED)))
    counts = {course: numbers for course, *numbers in rows}
    return [(course, *counts.get(course.pk, (0, 0))) for course in courses]


@page("record training")
def training_new(request):
    form = TrainingForm(posted(request), places=holding_places(request.user))
    if form.is_valid():
        place = form.cleaned_data["place_code"]
        if course := form.tries(actions.start_training, by=request.user, place_code=place, **form.facts):
            messages.success(request, _("The course is entered. Now add who goes there."))
            return redirect("training_course", course.pk)
    return render(request, "support/training_edit.html", {"form": form})


@page("see people")
def training_course(request, pk):
    """The course with those on its list whom the officer sees; `?which=passed` of them."""
    course, only_passed = _visible_or_404(request, pk), request.GET.get("which") == "passed"
    rows = _rows(request.user, course)
    may_record = request.user.may("record training", at=course.place_code)
    return render(request, "support/training_course.html", {
        "course": course, "place": place_of(course), "may_record": may_record, "has_results": any(row.result for row in rows),
        "rows": [row for row in rows if row.result == PASSED] if only_passed else rows, "only_passed": only_passed,
        "is_over": course.is_over, "may_remove": may_record and rows and not only_passed,
    })


def _visible_or_404(request, pk) -> TrainingCourse:
    return get_object_or_404(TrainingCourse.objects.visible_to(request.user).valid(), pk=pk)


def _held_or_404(request, pk) -> TrainingCourse:
    """The county's course is not the station's to change."""
    course = _visible_or_404(request, pk)
    if not request.user.may("record training", at=course.place_code):
        raise Http404
    return course


def _rows(officer, course) -> list[TrainedWorker]:
    rows = TrainedWorker.objects.visible_to(officer).valid().filter(course=course)
    return list(rows.select_related("worker__village__township").order_by("home", "worker__name_pinyin", "pk"))


@page("record training")
def training_edit(request, pk):
    course = _held_or_404(request, pk)
    form = TrainingForm(posted(request), course=course)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        if form.tries(actions.edit_training, course, by=request.user, version=version, **form.facts):
            messages.success(request, _("The course is saved."))
            return redirect("training_course", course.pk)
    return render(request, "support/training_edit.html", {"form": form, "course": course})


@page("record training")
def training_people(request, pk):
    """The people of the place who are not on the list, found by name; whoever is ticked is added."""
    course = _held_or_404(request, pk)
    people = Worker.objects.visible_to(request.user).valid().under(course.place_code)
    people = standing.registered(people, clock.today())
    if request.method == "POST":
        return _add(request, course, people)
    on_list = course.trained.valid()
    found = people.exclude(pk__in=on_list.values("worker")).select_related("village__township")
    villages = list(Village.objects.visible_to(request.user).under(course.place_code).select_related("township"))
    chosen = next((each for each in villages if each.pk == request.GET.get("village")), None)
    found = search.matching(found.under(chosen.pk) if chosen else found, request.GET.get("q") or "", by=request.user)
    return render(request, "support/training_people.html", {
        "course": course, "page_obj": Paginator(found, A_PAGE).get_page(request.GET.get("page")), "village": chosen,
        "villages": _choices(villages), "q": (request.GET.get("q") or "")[:60], "on_list": on_list.count(),
    })


def _choices(villages) -> list:
    """(township, its villages) of several; of one township its villages alone."""
    found = by_township(villages)
    return found if found and isinstance(found[0][1], list) else [("", found)]


def _ticked(request, name) -> list[int]:
    return [number for text in request.POST.getlist(name) if (number := row_number(text))]


def _add(request, course, people):
    """Back to the same list, from which those who were added are gone."""
    try:
        made = actions.add_to_training(course, list(people.filter(pk__in=_ticked(request, "worker"))), by=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        sentence = ngettext("%(n)s worker is on the list now.", "%(n)s workers are on the list now.", len(made))
        messages.success(request, sentence % {"n": len(made)})
    query = request.GET.urlencode()
    return redirect(reverse("training_people", args=[course.pk]) + (f"?{query}" if query else ""))


@page("record training")
def training_results(request, pk):
    """Everybody's result on one form."""
    course = _held_or_404(request, pk)
    rows, sent = _rows(request.user, course), posted(request)
    fills = bool(sent and "rest" in sent)
    form = OutcomesForm(_rest_passed(sent, rows) if fills else sent, course=course, trained=rows)
    if not fills and form.is_valid():
        version = form.cleaned_data["version"]
        if form.tries(actions.record_training, course, form.outcomes, by=request.user, version=version):
            messages.success(request, _told(form.outcomes))
            return redirect("training_course", course.pk)
    return render(request, "support/training_results.html", {
        "course": course, "form": form, "is_over": course.is_over,
    })


def _rest_passed(sent, rows):
    """What was typed, with everybody of whom nothing is said as passed."""
    filled = sent.copy()
    filled.update({f"result-{row.pk}": PASSED for row in rows if not sent.get(f"result-{row.pk}")})
    return filled


def _told(outcomes) -> str:
    said = {"n": sum(bool(outcome.result) for outcome in outcomes.values()), "all": len(outcomes)}
    if said["n"] == said["all"]:
        return _("The results are recorded.")
    return _("Saved: the results of %(n)s of %(all)s are known.") % said


@page("record training")
@require_POST
def training_remove(request, pk):
    """Those ticked, off the list with the reason."""
    course = _held_or_404(request, pk)
    rows = TrainedWorker.objects.visible_to(request.user).valid().filter(course=course, pk__in=_ticked(request, "trained"))
    try:
        removed = actions.void_trained(rows.select_related("course"), request.POST.get("reason"), by=request.user)
        sentence = ngettext("%(n)s worker is off the list.", "%(n)s workers are off the list.", removed)
        messages.success(request, sentence % {"n": removed})
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("training_course", course.pk)


@page("record training")
def training_void(request, pk):
    """A course that was entered by mistake."""
    course = _held_or_404(request, pk)
    form = VoidForm(posted(request))
    if form.done(request, actions.void_training, course):
        messages.success(request, _("The course was voided; nobody counts as trained by it."))
        return redirect("trainings")
    return render(request, "support/training_void.html", {
        "course": course, "form": form, "on_list": course.trained.valid().count(),
    })


@page("see people")
def training_paper(request, pk):
    """The attendance list on A4, with room for signatures."""
    course = _visible_or_404(request, pk)
    return render(request, "support/training_paper.html", {
        "course": course, "rows": _rows(request.user, course), "place": place_of(course), "now": clock.now(),
    })


@page("export rosters")
@require_POST
def training_export(request, pk):
    """The list as a workbook."""
    course = _visible_or_404(request, pk)
    rows = _rows(request.user, course)
    return hand_out(
        request, listed(course), len(rows), lambda: export_training(course, rows, by=request.user),
        name=f"{course.subject}.xlsx", back=reverse("training_course", args=[course.pk]),
    )


@page("see people")
def trained_people(request, area, month):
    """Behind the figure: who of an area passed a course in the year up to a month, each person once."""
    place = area_at(area) if len(area) in (6, 9, 12) and request.user.is_posted_over(area) else None
    if place is None or not FIRST_YEAR <= month.year <= LAST_YEAR:
        raise Http404
    county = County.objects.get(pk=area[:6])
    figure = request.GET.get("figure") if request.GET.get("figure") in trained.FIGURES else "training"
    seen = TrainedWorker.objects.visible_to(request.user)
    passes = trained.passed_up_to(county, month, trained.FIGURES[figure]).filter(under("counted_in", area))
    counts = {name: trained.persons(area, month, at=len(area), figure=name).get(area, 0) for name in trained.FIGURES}
    passes = passes.filter(pk__in=seen.values("pk"))
    rows = passes.select_related("worker__village__township", "course").order_by("home", "worker__name_pinyin", "person", "pk")
    return render(request, "support/trained_people.html", {
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")), "area": place, "month": month, "figure": figure,
        "figures": [(name, label, counts[name]) for name, label in _labels()],
        # Who moved away since is somebody else's to see.
        "elsewhere": counts[figure] - passes.order_by().values("person").distinct().count(),
        "last_day": county.last_day(month),
    })


def _labels() -> list[tuple[str, str]]:
    return [("training", _("Persons trained")), ("training.skills", _("Skills")),
            ("training.start_up", _("Starting a business"))]
