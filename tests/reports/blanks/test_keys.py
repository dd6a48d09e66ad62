"""What may be written in a cell, and what is said of the rest."""

from django.test import SimpleTestCase

from reports.blanks import keys
from workers.ledger import KEYS


class Reading(SimpleTestCase):
    def asks(self, text):
        return [ask.written for ask in keys.read(text).asks]

    def test_what_can_be_written(self):
        for text, asks in {
            "{{away}}": ["away"], "{{ Away @ last_month }}": ["away@last_month"], "｛｛away｝｝": ["away"],
            "{{income|10000|2}}": ["income|10000|2"], "{{share_transferred|0.01|1}}": ["share_transferred|0.01|1"],
            "{{year}}年{{month}}月": ["year", "month"], "无": [], "{one}": [],
            "{{persons state=away,local form=public_post}}": ["persons state=away,local form=public_post"],
            "{{away province=jpn @ a_year_before}}": ["away province=JPN@a_year_before"],
            "{{target.transfers}}": ["target.transfers"],
        }.items():
            self.assertEqual(self.asks(text), asks, text)

    def test_the_mark_of_a_row_is_no_figure(self):
        said = keys.read("{{each township}}{{part.name}}")
        self.assertEqual((said.repeats, said.alone.written), ("township", "part.name"))
        self.assertEqual(keys.read("{{每个村}}").repeats, "village")

    def test_what_is_said_of_the_rest(self):
        for text, sentence in {
            "{{name}}": "Did you mean {{part.name}}",
            "{{awai}}": "Did you mean {{away}}", "{{away@lastmonth}}": "{{away@last_month}}", "{{away": "not closed",
            "{{away}} {{away}}": "twice", "{{away@this_year}}": "has no “@this_year”", "{{year|10}}": "divide by",
            "{{away|0}}": "divide by", "{{away|10|9}}": "decimals", "{{}}": "is no key",
            "{{opening form=employed}}": "of some people",
            "{{away form=publicpost}}": "form=public_post", "{{away shoe=1}}": "There is no key “shoe”",
            "{{" + "a" * 200 + "}}": "is no key",
        }.items():
            with self.assertRaises(keys.Unread) as refused:
                keys.read(text)
            self.assertIn(sentence, str(refused.exception.message), text)

    def test_every_figure_has_a_key_with_words_of_its_own(self):
        self.assertLessEqual(set(KEYS), set(keys.keys()))
        labels = [keys.label_of(key) for key in keys.keys().values() if key.name in KEYS]
        self.assertEqual(len(labels), len(set(labels)))
