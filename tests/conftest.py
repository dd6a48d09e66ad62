"""Where the tests run: Debian's Chromium for the journeys, and nothing of the surroundings that bends a result."""

import gc
import os
import shutil

import pytest
from django.test import TestCase, TransactionTestCase
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

# Looking for circles of garbage after every 700 objects takes a fifth of the time of a page; memory is not short here.
gc.set_threshold(100_000, 20, 50)
# Playwright runs an event loop, in which Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
os.environ.pop("LABORREG_TODAY", None)

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]
CHROMIUM = next((found for name in BROWSERS if (found := shutil.which(name))), None)
NO_CHROMIUM = "There is no Chromium here (as root: apt install chromium libatomic1 fonts-noto-cjk)."
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--disable-background-networking", "--no-first-run",
]


def pytest_configure(config):
    if CHROMIUM is None and os.environ.get("CI") == "true":
        raise pytest.UsageError(f"CI runs the browser tests. {NO_CHROMIUM}")


def pytest_collection_modifyitems(items):
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


def pytest_terminal_summary(terminalreporter):
    """Loud enough that nobody takes the run for a whole one."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_CHROMIUM in str(report.longrepr)]
    if skipped:
        terminalreporter.section("BROWSER TESTS WERE SKIPPED", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"{len(skipped)} of them. {NO_CHROMIUM}")


def commits(item) -> bool:
    """Whether a test writes for good and ends with an empty database."""
    marker, case = item.get_closest_marker("django_db"), getattr(item, "cls", None)
    is_case = case is not None and issubclass(case, TransactionTestCase) and not issubclass(case, TestCase)
    return is_case or bool(marker and marker.kwargs.get("transaction"))


was_emptied = pytest.StashKey[bool]()


def pytest_runtest_teardown(item):
    item.config.stash[was_emptied] = commits(item)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """The divisions, which a migration filled in, are put back after a test that committed."""
    if item.config.stash.get(was_emptied, False):
        from villages import divisions
        from villages.models import Division

        with item.config.stash[blocking_manager_key].unblock():
            divisions.fill(Division)


@pytest.fixture(autouse=True, scope="session")
def audit_trail_may_be_emptied():
    """The database refuses to delete events; a test that committed is cleaned up behind its back."""
    from tests.tampering import lifted

    empty = TransactionTestCase._fixture_teardown

    def emptied(case):
        with lifted():
            empty(case)

    TransactionTestCase._fixture_teardown = emptied
    yield
    TransactionTestCase._fixture_teardown = empty


@pytest.fixture(autouse=True)
def in_the_usual_language():
    """The language of the last page stays with the thread; the next test begins in the settings' own."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """pytest-playwright's own setting: the machine's Chromium instead of a downloaded one."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}
