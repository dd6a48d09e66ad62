"""The page that stands on the port while the registry is made, in both languages."""

import urllib.error
import urllib.request

import pytest

from laborreg.boot import page, words

STEPS = ["environment", "packages", "demo"]


@pytest.fixture
def progress():
    return page.Progress([*STEPS])


@pytest.fixture
def address(progress):
    listener = page.listen(0)
    server = page.show(progress, listener)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.shutdown()
    listener.close()


def ask(address, **how):
    request = urllib.request.Request(address, **how)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def test_the_first_page_tells_the_step_under_way(address, progress):
    progress.begin("packages")
    progress.tell("Collecting Django==5.2")
    status, _headers, text = ask(f"{address}/")
    assert status == 200
    assert 'http-equiv="refresh"' in text
    assert 'class="done"><b title="done">✓</b>Python environment' in text
    assert "Packages<small>Collecting Django==5.2</small>" in text


def test_it_speaks_chinese_to_a_chinese_browser(address, progress):
    progress.begin("demo")
    progress.tell("seed: month 12 of 25, 2025-10: 240 departures")
    _status, _headers, text = ask(f"{address}/", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    assert '<html lang="zh-Hans">' in text
    assert "系统正在准备中" in text
    assert "<small>12 / 25</small>" in text


@pytest.mark.parametrize(("path", "method"), [("/people/", "GET"), ("/", "POST"), ("/", "HEAD"), ("/x", "DELETE")])
def test_anything_else_is_asked_to_come_again(address, path, method):
    status, headers, _text = ask(address + path, method=method)
    assert status == 503
    assert headers["Retry-After"] == "2"


def test_a_failed_step_tells_its_last_lines_and_what_to_do(address, progress):
    progress.begin("packages")
    progress.fail("bring wheels", ["Could not find <Django>"])
    status, _headers, text = ask(f"{address}/")
    assert status == 503
    assert 'http-equiv="refresh"' not in text
    assert "pip download -r requirements.txt -d wheels" in text
    assert "Could not find &lt;Django&gt;" in text


@pytest.mark.parametrize(
    ("at", "line", "percent"),
    [("environment", "", 0), ("packages", "", 33), ("demo", "seed: month 5 of 10", 83), ("demo", "12/25", 83)],
)
def test_the_bar_counts_steps_and_the_part_of_the_last_one(progress, at, line, percent):
    progress.begin(at)
    progress.tell(line)
    assert progress.percent == pytest.approx(percent, abs=1)


def test_steps_that_turn_out_to_be_needed_come_next(progress):
    progress.begin("packages")
    progress.insert(["places", "first account"])
    assert progress.titles == ["environment", "packages", "places", "first account", "demo"]


def test_the_port_is_not_shared(address):
    with pytest.raises(OSError, match="in use"):
        page.listen(int(address.rsplit(":", 1)[1]))


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "en"), ("de-DE", "en"), ("en-US,zh;q=0.5", "en"), ("zh-CN", "zh"), ("fr, zh-TW;q=0.8", "zh")],
)
def test_the_browser_names_the_language(header, language):
    assert words.of_browser(header) == language


@pytest.mark.parametrize(("value", "language"), [("zh_CN.UTF-8", "zh"), ("C.UTF-8", "en"), ("", "en")])
def test_the_terminal_names_the_language(monkeypatch, value, language):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", value)
    assert words.of_terminal() == language


@pytest.mark.parametrize("name", words.SENTENCES)
def test_each_sentence_names_the_same_values_in_both_languages(name):
    english, chinese = words.SENTENCES[name]
    values = {"address", "seconds", "port", "other", "data", "file", "keys"}
    assert english and chinese
    assert {v for v in values if f"{{{v}}}" in english} == {v for v in values if f"{{{v}}}" in chinese}
