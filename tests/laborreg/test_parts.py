"""The parts of templates/_parts: what an officer reads in them."""

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory


class Departure(forms.Form):
    name = forms.CharField(label="Name", error_messages={"required": "Enter the name"})
    scope = forms.ChoiceField(
        label="Where to",
        choices=[("province", "In the province"), ("abroad", "Abroad")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where the person went"},
    )
    skills = forms.MultipleChoiceField(
        label="Skills", choices=[("1", "Welder")], widget=forms.CheckboxSelectMultiple, required=False
    )
    no_phone = forms.BooleanField(label="Has no phone", required=False, help_text="Asked again next month")

    def clean(self):
        raise forms.ValidationError("October is closed")


def part(name, /, request=None, **context):
    return render_to_string(f"_parts/{name}.html", context, request=request)


def field(name, *, form=None, **context):
    return part("field", field=(form or Departure())[name], **context)


class TestField:
    def test_label_and_control_belong_together(self):
        html = field("name")
        assert '<label class="label" for="id_name">' in html
        assert 'id="id_name"' in html

    def test_a_hint_is_read_with_the_control(self):
        html = field("name", hint="As on the card")
        assert '<p class="hint" id="id_name_helptext">As on the card</p>' in html
        assert 'aria-describedby="id_name_helptext"' in html

    def test_an_error_stands_between_label_and_control(self):
        html = field("name", form=Departure({}))
        assert html.index("Name") < html.index("Enter the name") < html.index("<input")
        assert 'aria-describedby="id_name_error"' in html
        assert 'aria-invalid="true"' in html
        assert "field-bad" in html

    def test_choices_are_chips_in_a_named_group(self):
        html = field("scope")
        assert '<legend class="label">Where to' in html
        assert html.count('<label class="chip"') == 2

    def test_choices_can_be_one_bar(self):
        html = field("scope", **{"as": "segments"})
        assert 'class="segments"' in html
        assert "chip" not in html

    def test_an_error_of_choices_belongs_to_the_group(self):
        assert 'aria-describedby="id_scope_error"' in field("scope", form=Departure({}))

    def test_several_choices_and_a_single_tick(self):
        assert 'type="checkbox"' in field("skills")
        html = field("no_phone")
        assert 'class="tick"' in html
        assert "Asked again next month" in html

    def test_optional_is_said(self):
        assert '<span class="optional">optional</span>' in field("name", optional=True)
        assert "optional" not in field("name")


class TestErrorSummary:
    def test_it_counts_and_leads_to_each_field(self):
        html = part("error_summary", form=Departure({}))
        assert "There are 3 things to put right" in html
        assert '<a href="#id_name">Enter the name.</a>' in html
        assert '<a href="#id_scope_0">Choose where the person went.</a>' in html
        assert "<li>October is closed.</li>" in html

    def test_it_reads_several_forms_and_formsets(self):
        many = forms.formset_factory(Departure)
        formset = many({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-name": "Li"})
        html = part("error_summary", forms=[Departure({}), formset])
        assert "There are 5 things to put right" in html
        assert '<a href="#id_form-0-scope_0">' in html

    @pytest.mark.parametrize("context", [{}, {"form": Departure()}, {"form": None}])
    def test_without_an_error_there_is_none(self, context):
        assert "summary" not in part("error_summary", **context)


def test_steps_say_where_one_is():
    steps = [{"label": "Who", "state": "done", "url": "/1/"}, {"label": "Where", "state": "now"}]
    html = part("steps", steps=steps)
    assert '<a href="/1/">1 Who</a>' in html
    assert 'class="now" aria-current="step"' in html


def test_the_status_line_names_person_and_day():
    filed = {"label": "Village", "note": "Li · until the 25th", "state": "done"}
    html = part("status_line", steps=[filed, {"label": "Sent back", "state": "bad"}])
    assert "Li · until the 25th" in html
    assert 'class="bad" aria-current="step"' in html


@pytest.mark.parametrize("tone", ["ok", "warn", "bad", "info", "none", ""])
def test_a_state_is_never_color_alone(tone):
    html = part("status_tag", label="Approved", tone=tone)
    assert "<svg" in html
    assert "Approved" in html


def test_a_tile_leads_to_the_names_and_shows_the_change():
    changes = [{"label": "Year on year", "value": "6.4%", "direction": "up"}]
    html = part("tile", label="Away", value="231", unit="people", url="/people/?state=away", changes=changes)
    assert '<a class="card tile" href="/people/?state=away">' in html
    assert '<b class="up">6.4%</b>' in html


def test_the_equation_marks_its_sum():
    terms = [{"value": 226, "label": "opening"}, {"value": 9, "label": "left", "sign": "+", "url": "/left/"}]
    html = part("equation", terms=[*terms, {"value": 235, "label": "away", "sign": "="}])
    assert '<a class="term" href="/left/">' in html
    assert 'class="term sum"' in html


def test_the_pages_of_a_list_keep_its_question():
    request = RequestFactory().get("/people/?q=Li&page=2")
    html = part("pagination", request=request, page_obj=Paginator(range(95), 10).page(2))
    assert 'href="?q=Li&amp;page=3"' in html
    assert '<span class="page" aria-current="page">2</span>' in html
    assert "95 in all" in html


def test_one_page_needs_no_numbers():
    request = RequestFactory().get("/people/")
    assert "href" not in part("pagination", request=request, page_obj=Paginator([1], 10).page(1))


def test_a_check_says_its_result_in_words_too():
    words = {"title": "Men + women = away", "detail": "1 short"}
    html = part("check_item", state="bad", link_url="/x/", link_label="Mend", **words)
    assert 'aria-label="Does not agree"' in html
    assert '<a href="/x/">Mend</a>' in html


def test_progress_carries_real_counts():
    html = part("progress", done=1250, total=4312, label="1,250 of 4,312")
    assert '<progress value="1250" max="4312"' in html


def test_names_are_escaped():
    assert "<i>" not in part("timeline", entries=[{"who": "<i>", "what": "<i>", "when": "<i>"}])
    assert "<i>" not in part("person_line", name="<i>", sub="<i>")


def test_the_bar_offers_the_way_back_and_the_way_on():
    html = part("bar", submit_label="Next", back_label="Back", back_url="/1/", note="Nothing is saved yet")
    assert '<a class="btn" href="/1/">Back</a>' in html
    assert "Nothing is saved yet" in html
    assert "Next" in html


def test_an_empty_list_offers_an_action():
    html = part("empty", title="All done", action_label="Register", action_url="/new/")
    assert '<a class="btn btn-primary" href="/new/">Register</a>' in html


def test_the_page_for_a_broken_server_needs_nothing():
    html = render_to_string("500.html")
    assert "Something went wrong" in html
    assert "csrf" not in html
