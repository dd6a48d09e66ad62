"""What the script of the pages saves an officer; every page works without it."""

import pytest
from django.conf import settings

pytestmark = pytest.mark.browser
WORDS = 'data-male="male" data-female="female" data-age="{} years" data-wrong="wrong" data-today="2026-11-04"'


@pytest.fixture
def show(page):
    def show(html):
        page.set_content(f"<body>{html}</body>")
        page.add_script_tag(path=settings.BASE_DIR / "static" / "app.js")
        return page

    return show


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("63000019880312004", ""),
        ("630000198803120043", "female · 38 years"),
        ("６３００００ 19880312 0043", "female · 38 years"),
        ("630000198803120041", "wrong"),
        ("630000198802300042", "wrong"),
        ("63000019880312004A", "wrong"),
    ],
)
def test_an_id_number_is_read_while_it_is_typed(show, typed, told):
    page = show(f'<input id="number"><output data-id-for="number" {WORDS}></output>')
    page.fill("#number", typed)
    assert page.inner_text("output") == told


def test_a_part_is_shown_while_its_answer_is_chosen(show):
    page = show(
        '<form><input type="radio" name="city" value="1" checked>'
        '<input type="radio" name="city" value="other">'
        '<p data-shown-if="city=other,abroad">Which?</p></form>'
    )
    assert not page.is_visible("p")
    page.check("[value=other]")
    assert page.is_visible("p")


def test_a_second_click_sends_nothing(show):
    page = show("<form><button>Save</button></form>")
    page.evaluate("""() => {
        window.sent = 0;
        document.addEventListener("submit", event => {
            if (!event.defaultPrevented) window.sent += 1;
            event.preventDefault();
        });
    }""")
    page.click("button")
    page.click("button")
    assert page.evaluate("window.sent") == 1


def test_the_errors_are_read_first_and_lead_to_the_field(show):
    page = show(
        '<div tabindex="-1" data-error-summary><a href="#name">Enter the name</a></div><input id="name">'
    )
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    page.click("a")
    assert page.evaluate("document.activeElement.id") == "name"


def test_slash_goes_to_the_search(show):
    page = show('<input type="search" id="search"><textarea></textarea>')
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.focus("textarea")
    page.keyboard.press("/")
    assert page.input_value("textarea") == "/"


def test_one_box_ticks_the_page(show):
    page = show(
        '<input type="checkbox" data-check-all="who" id="all"><input type="checkbox" name="who" id="one">'
        '<input type="checkbox" name="who"><div class="bulk"><b data-checked-count></b></div>'
    )
    assert not page.is_visible(".bulk")
    page.check("#all")
    assert page.inner_text("b") == "2"
    page.uncheck("#one")
    assert page.inner_text("b") == "1"
    assert not page.is_checked("#all")


def test_a_message_is_copied(show):
    page = show('<p id="words">Three</p><button data-copy="words" data-copied="Copied">Copy</button>')
    page.evaluate("""document.addEventListener("copy", () => {
        window.copied = document.activeElement.value;
    })""")
    page.click("button")
    assert page.evaluate("window.copied") == "Three"
    assert page.inner_text("button") == "Copied"


def test_what_is_typed_is_added_up_under_its_column(page):
    part = "<tr data-part><td><input></td><td><input></td></tr>"
    page.set_content(
        f"<table data-adds-up><tr><td><input value=900></td><td><input></td></tr>{part * 2}"
        "<tr><td data-sum=0></td><td data-sum=1></td></tr></table>"
    )
    page.add_script_tag(path=settings.BASE_DIR / "static" / "sums.js")
    for at, typed in enumerate(("", "0.1", "１,２00人", "0.2", "many"), 1):
        page.fill(f"input >> nth={at}", typed)
    assert page.locator("[data-sum]").all_inner_texts() == ["0.3", "1200"]
