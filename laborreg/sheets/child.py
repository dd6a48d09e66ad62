"""A function run in a process of its own, within limits of memory and time: a hostile file kills nobody else.

A fresh interpreter, not a fork: a fork would share the parent's database connection and its threads' locks.
The child opens connections of its own; pages that shall go into the parent's transaction are yielded to it:
a generator function's items arrive at `each` as they are made.
"""

import logging
import os
import pickle
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from multiprocessing.connection import Connection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation

from laborreg.refusals import Refusal
from laborreg.sheets.faults import MEGABYTE, NotTaken

logger = logging.getLogger(__name__)
DONE, ITEM, REFUSED, FAULT = range(4)


class Failed(RuntimeError):
    """The function itself is at fault, not the file; the text is the child's traceback."""


def run(function, *args, seconds, megabytes, each=None, bare=False):
    """The result of a module-level function, called in a child process; all is pickled on its way.

    `each` takes the items of a generator function, one by one. `bare` leaves the models unloaded: a second less.
    Refusals come out as they are; a child that died or took too long is a file that grows too large.
    """
    order = (function.__module__, function.__qualname__, args, translation.get_language(), bare, int(seconds), megabytes)
    from_child, to_parent = os.pipe()
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:
        told.write(pickle.dumps(order))
        told.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-m", "laborreg.sheets.child", str(to_parent)], stdin=told, stdout=said, stderr=said,
            pass_fds=[to_parent], cwd=settings.BASE_DIR, env=_surroundings(),
        )
        os.close(to_parent)
        try:
            with Connection(from_child, writable=False) as answers:
                return _answer(answers, time.monotonic() + seconds, each)
        except EOFError:
            said.seek(0)
            logger.warning("A file was given up: %s", said.read(2000).decode(errors="replace"))
            raise NotTaken("bomb") from None
        finally:
            child.kill()
            child.wait()


def _surroundings():
    # Every way to start sets DJANGO_SETTINGS_MODULE; settings that a test overrides forget it.
    return os.environ | {"RUST_BACKTRACE": "0"}


def _answer(answers, until, each):
    while True:
        if not answers.poll(max(0, until - time.monotonic())):
            raise NotTaken("bomb")
        what, value = answers.recv()
        if what == ITEM:
            each(value)
        elif what == DONE:
            return value
        elif what == REFUSED:
            raise value
        else:
            raise Failed(value)


def _limit(seconds, megabytes):
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, megabytes * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _from_parent(stream):
    return pickle.load(stream)  # nosec B301  # written by the process that started this one


def main(to_parent):
    import traceback

    module, name, args, language, bare, seconds, megabytes = _from_parent(sys.stdin.buffer)
    _limit(seconds, megabytes)
    with Connection(to_parent, readable=False) as answers:
        try:
            answers.send((DONE, _called(module, name, args, language, bare, answers)))
        except MemoryError:
            answers.send((REFUSED, NotTaken("bomb")))
        except (Refusal, ValidationError) as refused:
            answers.send((REFUSED, refused))
        except Exception:
            answers.send((FAULT, traceback.format_exc()))


def _called(module, name, args, language, bare, answers):
    if not bare:
        import django

        django.setup()
        translation.activate(language)
    result = getattr(import_module(module), name)(*args)
    if not hasattr(result, "__next__"):
        return result
    for item in result:
        answers.send((ITEM, item))
    return None


if __name__ == "__main__":
    main(int(sys.argv[1]))
