"""Settings of the web server under ./run."""

import os
from contextlib import suppress

from laborreg.boot import processes

worker_class = "gthread"
workers = 2
threads = 16
loglevel = "warning"
graceful_timeout = 5
control_socket_disable = True


def on_starting(server):
    """Where ./run is killed outright, the server must not keep the port."""
    processes.end_with_parent()


def post_worker_init(worker):
    """Tell ./run that pages are answered from now on."""
    with suppress(BrokenPipeError):  # nobody waits for a worker that was started anew
        os.write(int(os.environ["LABORREG_READY"]), b"1")
