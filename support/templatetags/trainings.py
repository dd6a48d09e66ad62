"""What the page of a person, which knows nothing of this room, shows of it."""

from django import template

from support.models import TrainedWorker

register = template.Library()


@register.inclusion_tag("support/_trainings_of.html", takes_context=True)
def trainings_of(context, person):
    """The person's courses, the newest first."""
    rows = TrainedWorker.objects.visible_to(context["officer"]).valid().of_person(person).select_related("course")
    return {"rows": list(rows.order_by("-course__begins_on", "-pk"))}
