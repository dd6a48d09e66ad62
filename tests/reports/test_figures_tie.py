"""Tiles, table, drill, townships, villages and the names behind them say the same number, for every figure."""

from reports import layout, totals
from reports.drilling import drill
from reports.models import ReturnVersion
from reports.overview import Overview
from tests.cast import COUNTY, FAR, HOME, NEXT_DOOR
from tests.reports.busy import TOWNSHIPS, Busy
from tests.reports.test_actions import OCTOBER, SEPTEMBER
from villages.models import Township
from workers.ledger import BY_KEY, KEYS


class Ties(Busy):
    def lines(self, area, month):
        """{key: line} of the page's table."""
        page = self.get(self.zhao, "figures", area, month)
        self.assertEqual(page.status_code, 200)
        return page, {line.key: line for card in page.context["cards"] for line in card["lines"] if line.key}

    def test_the_table_has_every_figure_once_and_is_the_total(self):
        for area in (COUNTY, *TOWNSHIPS, HOME, FAR):
            for month in (SEPTEMBER, OCTOBER):
                page, _lines = self.lines(area, month)
                keys = [line.key for card in page.context["cards"] for line in card["lines"] if line.key]
                self.assertCountEqual(keys, KEYS)
                figures = totals.totals(area, month).figures
                for card in page.context["cards"]:
                    for line in card["lines"]:
                        if line.key:
                            self.assertEqual(line.now, figures[line.key], (area, month, line.key))

    def test_villages_make_townships_and_townships_the_county(self):
        for month in (SEPTEMBER, OCTOBER):
            county = totals.totals(COUNTY, month).figures
            townships = {code: totals.totals(code, month).figures for code in TOWNSHIPS}
            villages = {code: totals.totals(code, month).figures for codes in TOWNSHIPS.values() for code in codes}
            for key in KEYS:
                self.assertEqual(county[key], sum(figures[key] for figures in townships.values()), key)
                for township, codes in TOWNSHIPS.items():
                    self.assertEqual(townships[township][key], sum(villages[code][key] for code in codes), key)

    def test_something_of_most_kinds_happened(self):
        figures = totals.totals(COUNTY, OCTOBER).figures
        for key in ("left", "came_home", "late", "away.abroad", "unnamed", "home.farming", "trips.organized", "local",
                    "transferred.own_business", "income_month", "late.left", "came_home.reason_season_over"):
            self.assertTrue(figures[key], key)

    def test_tiles_are_the_table(self):
        for area in (COUNTY, *TOWNSHIPS):
            page, lines = self.lines(area, OCTOBER)
            tiles = self.get(self.zhao, "totals", area, OCTOBER).context["tiles"]
            shown = {tile.key: tile.value for tile in tiles if tile.key}
            self.assertEqual(shown, {key: lines[key].now for key in ("away", "away.other_province", "came_home")})
            transferred, organized, named, income = (tile.value for tile in tiles if not tile.key)
            self.assertEqual(transferred, lines["transferred.in_force"].now / lines["labor_force"].now)
            self.assertEqual(organized, lines["trips.organized"].now / lines["trips"].now)
            self.assertEqual(named, 1 - lines["unnamed"].now / lines["away"].now)
            self.assertEqual(income, round(lines["income"].now / lines["transferred"].now))
            self.assertEqual(page.context["equation"][-1]["value"], f"{lines['away'].now:,}")

    def test_the_rows_of_the_parts_sum_to_the_tiles(self):
        for area in (COUNTY, "630121100"):
            page, lines = self.lines(area, OCTOBER)
            for key in ("away", "left", "came_home", "transferred"):
                self.assertEqual(sum(getattr(part, key) for part in page.context["parts"]), lines[key].now, key)

    def test_every_drill_sums_to_its_total(self):
        for area in (self.county, Township.objects.get(pk="630121100")):
            overview, before = Overview(area, OCTOBER, self.zhao), totals.totals(area.code, SEPTEMBER).figures
            for key in KEYS:
                rows = drill(overview, key)
                self.assertEqual(sum(row.now for row in rows), overview.total.figures[key], (area, key))
                self.assertEqual(sum(row.before for row in rows), before[key], (area, key))

    def test_the_page_of_a_drill_shows_its_rows_and_their_sum(self):
        for key in ("away", "came_home", "income"):
            page = self.get(self.zhao, "drill", COUNTY, OCTOBER, key)
            self.assertEqual(sum(row.now for row in page.context["rows"]), page.context["whole"])
            self.assertEqual(page.context["whole"], totals.totals(COUNTY, OCTOBER).figures[key])

    def test_behind_a_villages_figure_stand_as_many_as_it_says(self):
        for village in (HOME, NEXT_DOOR, FAR):
            version = ReturnVersion.objects.get(village=village, month=OCTOBER)
            shares = [
                row.shares for rows in (version.filedlines, version.filedevents) for row in rows.all()
            ]
            for key in set(KEYS) - {"opening"}:
                self.assertEqual(sum(share.get(key, 0) for share in shares), version.figures[key], (village, key))

    def test_the_drill_leads_to_the_township_and_then_to_the_names(self):
        page = self.get(self.zhao, "drill", COUNTY, OCTOBER, "away")
        self.assertEqual(page.context["rows"][0].url, f"/totals/630121100/{OCTOBER}/figures/away/")
        page = self.get(self.zhao, "drill", "630121100", OCTOBER, "away")
        cell = self.get(self.zhao, "cell", HOME, OCTOBER, "away")
        self.assertEqual(page.context["rows"][0].url, cell.wsgi_request.path)
        self.assertContains(cell, "王0")

    def test_changes_and_the_year_are_what_the_months_say(self):
        _page, lines = self.lines(COUNTY, OCTOBER)
        september, october = (totals.totals(COUNTY, month).figures for month in (SEPTEMBER, OCTOBER))
        for key in KEYS:
            line, figure = lines[key], BY_KEY[key]
            self.assertEqual(line.before, september[key], key)
            self.assertEqual(line.change.amount, october[key] - september[key], key)
            self.assertIsNone(line.a_year_before)
            if figure.adds_over_months:
                self.assertEqual(line.this_year, september[key] + october[key], key)
            else:
                self.assertEqual(line.this_year, october[key] if figure.kind == "year" else None, key)

    def test_destinations_sum_to_those_away(self):
        for area in (COUNTY, "630121100"):
            page, lines = self.get(self.zhao, "totals", area, OCTOBER), self.lines(area, OCTOBER)[1]
            self.assertEqual(sum(p.persons for p in page.context["destinations"]["places"]), lines["away"].now)

    def test_the_labels_of_the_page_are_those_of_the_return(self):
        _page, lines = self.lines(HOME, OCTOBER)
        for card in layout.CARDS:
            for row in layout.rows(card):
                if row.key:
                    self.assertEqual(lines[row.key].label, row.label)
