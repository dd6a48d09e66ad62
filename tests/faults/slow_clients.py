"""RE-06: twenty who send half of a form and then nothing more, and others who want a page meanwhile.

    .venv/bin/python -m tests.faults.slow_clients [--clients N]

Expected: four probes are answered, each within five seconds, while all twenty hang. This is gunicorn alone; nginx, as
docs/deploy.md has it, takes a form in whole before it hands it on.
"""

import argparse
import socket
import time
from contextlib import ExitStack

from bench import server

CLIENTS, PROBES, PATIENCE = 20, 4, 5


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true", help="the same: it takes seconds")
    asked.add_argument("--clients", type=int, default=CLIENTS)
    asked = asked.parse_args()
    with server.copied():
        session, village = server.officers()[0]
        with server.serving() as running, ExitStack() as hanging:
            for _client in range(asked.clients):
                hanging.enter_context(_half_sent(running.port, session))
            time.sleep(1)
            answers = [
                server.look(running.port, session, page, timeout=PATIENCE) for page in server.pages("village", village)[:PROBES]
            ]
    answered = sum(answer.status == 200 for answer in answers)
    findings = server.Findings()
    slowest = max(answer.seconds for answer in answers)
    findings.say("RE-06", f"{answered} of {PROBES} probes answered beside {asked.clients} half-sent forms, the slowest "
                 f"in {slowest:.2f} s", answered == PROBES)
    findings.leave()


def _half_sent(port, session) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port))
    client.sendall(
        f"POST /groups/new/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={session}; csrftoken={server.TOKEN}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 400\r\n\r\ncsrfmiddlewaretoken=".encode()
    )
    return client


if __name__ == "__main__":
    main()
