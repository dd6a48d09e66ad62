"""Commands under ./run are followed, and none outlives it."""

import subprocess
import sys
import threading
import time

import pytest

from laborreg.boot import processes


@pytest.fixture(autouse=True)
def nothing_ends_yet(monkeypatch):
    monkeypatch.setattr(processes, "_ending", threading.Event())


def python(code):
    return [sys.executable, "-c", code]


def test_each_line_is_handed_on_while_the_command_runs():
    told = []
    lines = processes.follow(python("print('one'); print(); print('two')"), tell=told.append)
    assert lines == told == ["one", "two"]


def test_a_failure_keeps_the_last_lines():
    with pytest.raises(processes.Failed) as failed:
        processes.follow(python("import sys; [print(n) for n in range(99)]; sys.exit('no room')"))
    assert len(failed.value.tail) == processes.KEPT_LINES
    assert "no room" in failed.value.tail


def test_stopping_ends_a_command_and_what_it_started():
    code = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).wait()"
    child = processes.start(python(code), stdout=subprocess.PIPE)
    time.sleep(0.3)
    processes.stop_all()
    assert child.returncode is not None
    # Both hold the pipe; it ends with the last of them.
    assert child.stdout.read() == b""
    child.stdout.close()


def test_stopping_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.5)
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    child = processes.start(python(stubborn), stdout=subprocess.PIPE)
    child.stdout.readline()
    processes.stop_all()
    assert child.returncode == -9
    child.stdout.close()


def test_what_shall_always_run_is_begun_anew_until_all_is_stopped(monkeypatch):
    monkeypatch.setattr(processes, "PAUSE_SECONDS", 0.05)
    begun = []

    def begin():
        begun.append(processes.start(python("import time; time.sleep(60)")))
        return begun[-1]

    processes.keep_running(begin)
    until(lambda: len(begun) == 1)
    begun[0].kill()
    until(lambda: len(begun) == 2)
    processes.stop_all()
    time.sleep(0.3)
    assert [child.returncode for child in begun] == [-9, -15]


def test_what_is_broken_off_by_the_stop_has_not_failed_and_nothing_follows_it():
    ended = []

    def looks():
        for _look in range(2):
            try:
                processes.follow(python("import time; print('looks', flush=True); time.sleep(60)"), tell=ended.append)
            except (processes.Ending, processes.Failed) as how:
                ended.append(type(how))

    looking = threading.Thread(target=looks)
    looking.start()
    until(lambda: ended == ["looks"])
    processes.stop_all()
    looking.join(5)
    assert ended == ["looks", processes.Ending, processes.Ending]


def until(holds):
    for _attempt in range(100):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that")
