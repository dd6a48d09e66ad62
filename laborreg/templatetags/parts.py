"""What the form parts need and a template cannot say."""

from django import template
from django.utils.translation import get_language

register = template.Library()


# What ends a sentence, in either language.
_ENDS = (".", "!", "?", "…", "。", "！", "？", ":", "：")


@register.filter
def sentence(text):
    """With a full stop at the end: some errors are written as one, Django's and the short ones are not always."""
    text = str(text)
    if not text or text.endswith(_ENDS):
        return text
    return text + ("。" if (get_language() or "").startswith("zh") else ".")


@register.filter
def control(field, hint=""):
    """The widget of a bound field; a hint that the template gives is read aloud with it."""
    described_by = [f"{field.auto_id}_helptext"] if hint or field.help_text else []
    if field.errors:
        described_by.append(f"{field.auto_id}_error")
    return field.as_widget(attrs={"aria-describedby": " ".join(described_by)} if described_by else None)


@register.simple_tag(takes_context=True)
def wrong_places(context):
    """(link, message) of each error of `forms`, or of `form`, in the order of the page."""
    forms = context.get("forms") or [context.get("form")]
    return [place for form in forms if form is not None for place in _places(form)]


def _places(form):
    if hasattr(form, "management_form"):
        yield from (("", sentence(error)) for error in form.non_form_errors())
        for each in form:
            yield from _places(each)
        return
    yield from (("", sentence(error)) for error in form.non_field_errors())
    for field in form:
        yield from (("#" + first_control(field), sentence(error)) for error in field.errors)


@register.filter
def first_control(field):
    """The id that a link to the field leads to: of a group of choices, its first."""
    return f"{field.auto_id}_0" if field.use_fieldset else field.auto_id


@register.filter
def page_numbers(paginator, current):
    """The numbers to show around the current page; None stands for a gap."""
    elided = paginator.get_elided_page_range(current, on_each_side=2, on_ends=1)
    return [None if number == paginator.ELLIPSIS else number for number in elided]
