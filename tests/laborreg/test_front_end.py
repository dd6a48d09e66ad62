"""What every page weighs and must never carry: read from the files themselves."""

import gzip
import re

import lucide
import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
STATIC = settings.BASE_DIR / "static"
STYLE, FIGURES = STATIC / "app.css", STATIC / "figures.css"
# Every page loads the first two; pages with charts, dashboards, briefs and blanks the others as well.
MOST = {STYLE: 11 * 1024, STATIC / "app.js": 3 * 1024, FIGURES: 4 * 1024, STATIC / "charts.js": 1024, STATIC / "sums.js": 1024}


@pytest.mark.parametrize("path", MOST, ids=lambda path: path.name)
def test_style_and_script_stay_small(path):
    assert len(gzip.compress(path.read_bytes(), 9)) <= MOST[path]


@pytest.mark.parametrize(
    "newer", ["\\binset:", ":has\\(", "@container", "color-mix\\(", "\\ddvh", ":is\\(", ":where\\(", "^\\s*&"]
)
def test_the_style_is_read_by_old_browsers(newer):
    for path in (STYLE, FIGURES):
        assert not re.search(newer, path.read_text(), re.MULTILINE), path.name


def test_the_focus_is_always_seen():
    text = STYLE.read_text()
    assert "outline: 3px solid var(--focus)" in text
    assert "prefers-reduced-motion" in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
class TestTemplate:
    def test_it_keeps_the_content_policy(self, path):
        text = path.read_text()
        assert not re.search(r'\sstyle="', text)
        assert not re.search(r'\son\w+="', text)
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
        assert "<style" not in text
        assert not re.search(r'(src|href)="(https?:)?//', text)

    def test_its_icons_exist(self, path):
        for name in re.findall(r'(?:lucide |icon=|firstof \w+ )"([a-z0-9-]+)"', path.read_text()):
            lucide._render_icon(name, 20)

    def test_it_says_what_it_needs(self, path):
        opening = path.read_text()[:300]
        assert "{#" in opening or "{% comment %}" in opening


@pytest.mark.browser
def test_on_paper_a_wide_table_loses_no_column_and_its_total_stands_last(page):
    heads = "".join(f'<th class="num">内蒙古自治区{n}</th>' for n in range(25))
    cells = '<td class="num">1,234</td>' * 25
    page.set_content(
        '<body class="print-wide"><main><div class="table-wrap scrolls"><table class="table table-tight table-grid '
        f'first-stays any-table is-dense wrap-heads"><thead><tr><th>村</th>{heads}</tr></thead><tbody><tr><th>大煤洞村</th>'
        f"{cells}</tr></tbody><tfoot><tr><th>合计</th>{cells}</tr></tfoot></table></div></main>"
    )
    for style in (STYLE, FIGURES):
        page.add_style_tag(path=style)
    page.emulate_media(media="print")
    # A4 on its side without the margins, at 96 to the inch.
    page.set_viewport_size({"width": 1032, "height": 700})
    assert page.evaluate("document.querySelector('table').getBoundingClientRect().width") <= 1032
    assert page.evaluate("getComputedStyle(document.querySelector('tfoot')).display") == "table-row-group"
