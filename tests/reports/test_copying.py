"""The copy for the person is read by the person: no field of the database under the name of its column."""

import re

from django.test import SimpleTestCase
from django.utils import translation

from reports import copying
from reports import copying_words as words
from reports.models import FiledEvent, FiledLine, SpotCheckPerson
from support.models import ClaimLine, TrainedWorker
from workers.models import (
    Doubt,
    Household,
    HouseholdStatus,
    MoveRequest,
    Notice,
    Phone,
    Registration,
    Transfer,
    Verification,
    Worker,
)

COPIED = [
    Worker, Phone, Household, HouseholdStatus, Registration, Transfer, Verification, Notice, MoveRequest, Doubt,
    TrainedWorker, ClaimLine, FiledLine, FiledEvent, SpotCheckPerson,
]


class Words(SimpleTestCase):
    def test_every_field_has_words_of_its_own_in_chinese(self):
        with translation.override("zh-hans"):
            bare = {
                f"{model.__name__}.{field.name}": words.label(field)
                for model in COPIED for field in model._meta.concrete_fields
                if field.name not in copying.SILENT and re.search("[a-z]", words.label(field))
            }
        self.assertEqual(bare, {})

    def test_codes_that_a_return_keeps_bare_are_told(self):
        fields = {field.name: field for field in FiledLine._meta.concrete_fields}
        bare = {"state": "home", "age_band": "26_40", "name": "马"}
        said = {name: words.coded(fields[name], code) for name, code in bare.items()}
        self.assertEqual(said, {"state": "At home", "age_band": "26–40", "name": "马"})

    def test_what_is_the_same_throughout_is_told_once(self):
        things = [[("Month", "2026-09"), ("Sex", "Male")], [("Month", "2026-10"), ("Sex", "Male"), ("Age", "33")]]
        section = copying.Section("In monthly returns", things)
        self.assertEqual(section.throughout, [("Sex", "Male")])
        self.assertEqual((section.headings, section.rows), (["Month", "Age"], [["2026-09", ""], ["2026-10", "33"]]))
