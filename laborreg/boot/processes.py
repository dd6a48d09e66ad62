"""Commands that ./run starts: their output is followed line by line, and none outlives it."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress

KEPT_LINES = 15
STOP_SECONDS = 10
PAUSE_SECONDS = 2
PR_SET_PDEATHSIG = 1
# Ctrl-C reaches every process of a terminal; ./run alone decides, so each child has a session of its own.
APART = {"start_new_session": True, "stdin": subprocess.DEVNULL}
READ = {"text": True, "encoding": "utf-8", "errors": "replace"}
_running: list[subprocess.Popen] = []
_ending = threading.Event()
_turn = threading.Lock()


class Failed(Exception):
    """A command that ended badly; `tail` holds the last lines it said."""

    def __init__(self, command, tail):
        super().__init__(" ".join(map(str, command)))
        self.tail = tail


class Ending(Exception):
    """All is being stopped: nothing begins any more, and what breaks off has not failed."""


def follow(command, *, tell=lambda line: None, **how):
    """Run a command to its end, handing on each line that it says; all its lines are returned."""
    child = start(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **READ, **how)
    lines = []
    for line in child.stdout:
        if line := line.rstrip():
            lines.append(line)
            tell(line)
    if _ended(child) != 0:
        if _ending.is_set():
            raise Ending
        raise Failed(command, list(deque(lines, KEPT_LINES)))
    return lines


def relay(stream):
    """Pass on what a running command says to the terminal; its last lines so far."""
    last = deque(maxlen=KEPT_LINES)

    def pass_on():
        for line in stream:
            sys.stderr.write(line)
            last.append(line.rstrip())

    threading.Thread(target=pass_on, daemon=True).start()
    return last


def start(command, **how):
    """Start a command that `stop_all` will end; none is started after that."""
    with _turn:
        if _ending.is_set():
            raise Ending
        child = subprocess.Popen(command, **APART, **how)
        _running.append(child)
    return child


def keep_running(begin):
    """A command that shall always run: begun anew whenever it ended, until all is stopped."""
    threading.Thread(target=_begin_anew, args=[begin], daemon=True).start()


def _begin_anew(begin):
    with suppress(Ending):
        while True:
            _ended(begin())
            time.sleep(PAUSE_SECONDS)


def end_with_parent():
    """Said by a command of itself: where ./run is killed outright, the command ends, too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _ended(child):
    code = child.wait()
    with suppress(ValueError):  # whoever waited for it, too, was quicker
        _running.remove(child)
    return code


def stop_all():
    """End what is still running, with all that it started itself."""
    with _turn:
        _ending.set()
    for child in list(_running):
        _signal(child, signal.SIGTERM)
    for child in list(_running):
        with suppress(subprocess.TimeoutExpired):
            child.wait(STOP_SECONDS)
        _signal(child, signal.SIGKILL)
        _ended(child)


def _signal(child, number):
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)
