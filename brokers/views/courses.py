"""The pages of courses: the list, one course, who goes there, and who passed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from brokers import training
from brokers.actions import courses as actions
from brokers.forms.courses import CourseForm, ResultsForm
from brokers.models import Attendance, Broker, Course
from laborreg import clock
from laborreg.codes import under_any
from laborreg.forms import row_number
from laborreg.refusals import Refusal
from officers.pages import page
from villages.models import County, Township

A_PAGE = 50


@page("see people")
def courses(request):
    """Courses that brokers of the officer's places can go to, with how many of them do; or certificates that end soon."""
    officer, is_of_certificates = request.user, request.GET.get("view") == "expiring"
    expiring, found = training.expiring(officer), Course.objects.visible_to(officer)
    rows = expiring.select_related("broker__village__township", "course") if is_of_certificates else _counted(found, officer)
    return render(request, "brokers/courses.html", {
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")), "is_of_certificates": is_of_certificates,
        "counts": {"courses": found.count(), "expiring": expiring.count()}, "days": training.SOON,
        "may_hold": officer.may("check brokers"),
    })


def _counted(found, officer):
    theirs = under_any("attendances__broker__village_id", officer.posts)
    return found.annotate(
        expected=Count("attendances", filter=theirs),
        passed=Count("attendances", filter=theirs & Q(attendances__has_passed=True)),
    ).order_by("-from_on", "-pk")


@page("check brokers")
def course_new(request):
    form = CourseForm(request.POST or None, places=holding_places(request.user))
    if form.is_valid():
        place = form.cleaned_data["place_code"]
        if course := form.tries(actions.start_course, by=request.user, place_code=place, **form.facts):
            messages.success(request, _("The course is entered. Now add who goes there."))
            return redirect("course", course.pk)
    return render(request, "brokers/course_edit.html", {"form": form})


def holding_places(officer) -> list:
    """Where the officer holds courses: the county, or the townships of the station."""
    for model in (County, Township):
        if found := list(model.objects.visible_to(officer)):
            return found
    return []


@page("see people")
def course(request, pk):
    """The course with those on its list whom the officer sees; `?which=passed` of them."""
    course, only_passed = _visible_or_404(request, pk), request.GET.get("which") == "passed"
    attendances = _attendances(request.user, course)
    may_hold = request.user.may("check brokers", at=course.place_code)
    return render(request, "brokers/course.html", {
        "course": course, "place": place_of(course), "may_hold": may_hold, "has_results": course.has_results,
        "attendances": [row for row in attendances if row.has_passed] if only_passed else attendances,
        "only_passed": only_passed, "is_over": course.to_on <= clock.today(),
        "may_remove": may_hold and not only_passed and any(row.was_there is None for row in attendances),
    })


def _visible_or_404(request, pk) -> Course:
    return get_object_or_404(Course.objects.visible_to(request.user), pk=pk)


def _held_or_404(request, pk) -> Course:
    """The county's course is not the station's to change."""
    course = _visible_or_404(request, pk)
    if not request.user.may("check brokers", at=course.place_code):
        raise Http404
    return course


def _attendances(officer, course) -> list[Attendance]:
    rows = Attendance.objects.visible_to(officer).filter(course=course)
    return list(rows.select_related("broker__village__township").order_by("broker__village_id", "broker__name"))


def place_of(course):
    return (County if len(course.place_code) == 6 else Township).objects.get(pk=course.place_code)


@page("check brokers")
def course_edit(request, pk):
    course = _held_or_404(request, pk)
    form = CourseForm(request.POST or None, course=course)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        if form.tries(actions.edit_course, course, by=request.user, version=version, **form.facts):
            messages.success(request, _("The course is saved."))
            return redirect("course", course.pk)
    return render(request, "brokers/course_edit.html", {"form": form, "course": course})


@page("check brokers")
def course_people(request, pk):
    """The register of the place without who is on the list; whoever is ticked is added."""
    course = _held_or_404(request, pk)
    found = Broker.objects.visible_to(request.user).valid().under(course.place_code).filter(stopped_on__isnull=True)
    if request.method == "POST":
        return _add(request, course, found)
    on_list = course.attendances.count()
    found = found.exclude(attendances__course=course).select_related("village__township")
    townships = list(Township.objects.visible_to(request.user).under(course.place_code))
    chosen = next((each for each in townships if each.pk == request.GET.get("township")), None)
    found = _named(found.under(chosen.pk) if chosen else found, request.GET.get("q"))
    return render(request, "brokers/course_people.html", {
        "course": course, "page_obj": Paginator(found, A_PAGE).get_page(request.GET.get("page")), "township": chosen,
        "townships": townships if len(townships) > 1 else [], "q": request.GET.get("q") or "", "on_list": on_list,
    })


def _named(found, q):
    q = (q or "").strip()[:50]
    likeness = Q(name__icontains=q) | Q(name_pinyin__startswith=q.lower()) | Q(name_initials=q.lower())
    return found.filter(likeness) if q else found


def _add(request, course, found):
    """Back to the same list, from which those who were added are gone."""
    ticked = [number for text in request.POST.getlist("broker") if (number := row_number(text))]
    try:
        made = actions.add_to_course(course, list(found.filter(pk__in=ticked)), by=request.user)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        sentence = ngettext("%(n)s broker is on the list now.", "%(n)s brokers are on the list now.", len(made))
        messages.success(request, sentence % {"n": len(made)})
    query = request.GET.urlencode()
    return redirect(reverse("course_people", args=[course.pk]) + (f"?{query}" if query else ""))


@page("check brokers")
@require_POST
def course_remove(request, pk):
    course = _held_or_404(request, pk)
    ticked = [number for text in request.POST.getlist("attendance") if (number := row_number(text))]
    rows = Attendance.objects.visible_to(request.user).filter(course=course, pk__in=ticked)
    try:
        removed = actions.remove_from_course(course, list(rows), by=request.user)
        sentence = ngettext("%(n)s broker is off the list.", "%(n)s brokers are off the list.", removed)
        messages.success(request, sentence % {"n": removed})
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("course", course.pk)


@page("check brokers")
def course_results(request, pk):
    """Everybody's result on one form."""
    course = _held_or_404(request, pk)
    rows = _attendances(request.user, course)
    form = ResultsForm(request.POST or None, course=course, rows=rows)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if form.tries(actions.record_results, course, form.results, by=request.user, version=version):
            messages.success(request, _("The results are recorded."))
            return redirect("course", course.pk)
    return render(request, "brokers/course_results.html", {
        "course": course, "form": form, "next_number": actions.next_number(course),
        "is_over": course.to_on <= clock.today(),
    })


@page("see people")
def course_paper(request, pk):
    """The attendance list on A4, with room for signatures."""
    course = _visible_or_404(request, pk)
    return render(request, "brokers/course_paper.html", {
        "course": course, "attendances": _attendances(request.user, course), "place": place_of(course),
        "now": clock.now(),
    })
