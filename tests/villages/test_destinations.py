"""Destinations: what is accepted, how it is named, and the lists that lead to it."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import TestCase
from django.utils import translation

from tests.cast import county
from villages import destinations, divisions
from villages.forms import ChoosesInSteps, DestinationField
from villages.models import Division

COUNTY = "630121"


class Divisions(TestCase):
    def test_every_database_has_them(self):
        self.assertEqual(Division.objects.filter(is_country=True).count(), 245)
        self.assertEqual(Division.objects.filter(code__in=["71", "81", "82", "630121", "11"]).count(), 5)
        self.assertFalse(Division.objects.filter(code__in=["CHN", "TWN", "HKG", "MAC"]).exists())

    def test_filling_again_changes_nothing(self):
        Division.objects.filter(code="6301").update(name="renamed")
        before = Division.objects.count()
        divisions.fill(Division)
        self.assertEqual(Division.objects.count(), before)
        self.assertEqual(Division.objects.get(code="6301").name, "renamed")

    def test_the_ways_to_write_a_country(self):
        for text in ("KOR", "kor", "KR", "410", "韩国", "South Korea", " kor "):
            self.assertEqual(divisions.country_code(text), "KOR", text)
        for text in ("", None, "CHN", "CN", "156", "TWN", "HK", "63", "QQ"):
            self.assertIsNone(divisions.country_code(text), text)


class Cleaning(TestCase):
    @classmethod
    def setUpTestData(cls):
        county()

    def test_near_home_more_is_asked(self):
        for code in ("630121100", "630102", "44", "4403", "440306", "71", "81"):
            self.assertEqual(destinations.clean(code, county=COUNTY), code)
        self.assertEqual(destinations.clean(" ４４０３ ", county=COUNTY), "4403")
        self.assertEqual(destinations.clean("kr", county=COUNTY), "KOR")

    def test_what_is_no_destination(self):
        for code, words in [
            ("", "Choose where"), (None, "Choose where"), ("63", "county too"), ("6301", "county too"),
            (COUNTY, "township too"), ("630121999", "known place"), ("630102001", "known place"), ("99", "known place"),
            ("4", "known place"), ("abroad", "known place"), ("CHN", "known place"), ("630121100200", "known place"),
        ]:
            with self.assertRaisesMessage(ValidationError, words):
                destinations.clean(code, county=COUNTY)

    def test_labels_of_a_list_cost_one_query(self):
        with self.assertNumQueries(1):
            labels = destinations.labels(["630121100", "630121101", "4403", "KOR", "630121100"])
        self.assertEqual(labels["4403"], "Guangdong Shenzhen 广东 深圳")
        self.assertEqual(labels["KOR"], "South Korea")
        self.assertEqual(labels["630121100"], "桥头镇")


class Naming(TestCase):
    def test_names_as_they_are_said(self):
        said = {
            "44": "广东", "4403": "广东 深圳", "440306": "广东 深圳 宝安区", "110105": "北京 朝阳区",
            "500101": "重庆 万州区", "441900": "广东 东莞", "469001": "海南 五指山", "81": "香港", "15": "内蒙古",
            "KOR": "韩国", "99": "99",
            "65": "新疆", "630121": "青海 西宁 大通回族土族自治县",
        }
        with translation.override("zh-hans"):
            self.assertEqual({code: destinations.label(code) for code in said}, said)


class PlaceForm(ChoosesInSteps, forms.Form):
    name = forms.CharField()
    destination = DestinationField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["destination"].county = COUNTY


def posted(text) -> PlaceForm:
    return PlaceForm(QueryDict(text))


class Picking(TestCase):
    @classmethod
    def setUpTestData(cls):
        county()

    def lists(self, form):
        widget = form.fields["destination"].widget
        found = widget.get_context("destination", form["destination"].value(), {"id": "id_destination"})["lists"]
        return {each["name"].removeprefix("destination_"): each["chosen"] for each in found}

    def test_the_lists_open_one_after_the_other(self):
        for data, lists in [
            ("", {"province": ""}),
            ("destination_province=44", {"province": "44", "prefecture": ""}),
            ("destination_province=44&destination_prefecture=4403",
             {"province": "44", "prefecture": "4403", "county": ""}),
            ("destination_province=11", {"province": "11", "county": ""}),
            ("destination_province=71", {"province": "71"}),
            ("destination_province=44&destination_prefecture=4419", {"province": "44", "prefecture": "4419"}),
            ("destination_province=abroad", {"province": "abroad", "country": ""}),
            ("destination_province=63&destination_prefecture=6301&destination_county=630121",
             {"province": "63", "prefecture": "6301", "county": "630121", "township": ""}),
        ]:
            self.assertEqual(self.lists(posted(f"name=x&choose=1&{data}")), lists, data)

    def test_choosing_judges_nothing_and_keeps_what_was_typed(self):
        form = posted("choose=1&destination_province=63")
        self.assertFalse(form.is_valid())
        self.assertFalse(form.errors)
        self.assertIn('<option value="63" selected>', str(form["destination"]))

    def test_the_deepest_choice_is_the_answer(self):
        for data, code in [
            ("destination_province=44", "44"),
            ("destination_province=44&destination_prefecture=4403&destination_county=440306", "440306"),
            ("destination_province=11&destination_county=110105", "110105"),
            ("destination_province=abroad&destination_country=KOR", "KOR"),
            ("destination_province=63&destination_prefecture=6301&destination_county=630121"
             "&destination_township=630121100", "630121100"),
            ("destination=4403", "4403"),
            ("destination=4403&destination_province=11", "4403"),
            ("destination=&destination_province=11", "11"),
        ]:
            form = posted(f"name=x&{data}")
            self.assertTrue(form.is_valid(), form.errors)
            self.assertEqual(form.cleaned_data["destination"], code)

    def test_a_list_left_over_from_another_province_does_not_count(self):
        form = posted("name=x&destination_province=11&destination_prefecture=4403&destination_county=440306")
        self.assertTrue(form.is_valid())
        self.assertEqual(form.cleaned_data["destination"], "11")

    def test_refusals_stand_on_the_field(self):
        for data, words in [
            ("", "Choose where"), ("destination_province=abroad", "Choose the country"),
            ("destination_province=63&destination_prefecture=6301", "choose the county too"),
            ("destination_province=zz", "known place"), ("destination_province=999", "known place"),
        ]:
            form = posted(f"name=x&{data}")
            self.assertFalse(form.is_valid())
            self.assertIn(words, form.errors["destination"][0])
            str(form["destination"])

    def test_every_list_has_a_label_and_works_without_javascript(self):
        html = str(posted("name=x&choose=1&destination_province=44")["destination"])
        self.assertIn('<label class="label small" for="id_destination_prefecture">', html)
        self.assertIn('name="choose" value="1" formnovalidate', html)
