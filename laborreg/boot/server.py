"""Settings of the web server under ./run."""

import ctypes
import os
import signal
import sys
from contextlib import suppress

worker_class = "gthread"
workers = 2
threads = 16
loglevel = "warning"
graceful_timeout = 5
control_socket_disable = True
PR_SET_PDEATHSIG = 1


def on_starting(server):
    """Where ./run is killed outright, the server must not keep the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def post_worker_init(worker):
    """Tell ./run that pages are answered from now on."""
    with suppress(BrokenPipeError):  # nobody waits for a worker that was started anew
        os.write(int(os.environ["LABORREG_READY"]), b"1")
