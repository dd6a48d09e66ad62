"""Uploads that are too large, many at once, or broken off, against a real server:

    .venv/bin/python -m tests.faults.uploads [--quick]

It works on a copy of the demo that is configured, with gunicorn as docs/deploy.md has it. A body of two gigabytes is only
announced, and a few megabytes of it sent: the answer must come before the rest. Afterwards no temporary file may be left.
"""

import argparse
import os
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from bench import server

MEGABYTE = 1 << 20
ANNOUNCED = 2 << 30
SENT_AT_MOST = 8 * MEGABYTE


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="three of each instead of ten")
    times = 3 if parser.parse_args().quick else 10
    with server.copied() as folder:
        scratch = folder / "scratch"
        scratch.mkdir()
        # Where Django puts what is larger than the memory it allows itself.
        os.environ["TMPDIR"] = str(scratch)
        failed = _run(scratch, times)
    sys.exit(failed)


def _run(scratch, times) -> bool:
    session = server.officers()[0][0]
    with server.serving() as running:
        port = running.port
        idle = _left(scratch)
        with ThreadPoolExecutor(times) as pool:
            refused = list(pool.map(lambda _n: _announce(port, session), range(times)))
            answers = list(pool.map(lambda _n: _upload(port, session, 30 * MEGABYTE), range(times)))
            peak = max(pool.map(lambda _n: _break_off(port, session, scratch), range(times)))
        left = _settles(scratch, idle)
        alive = server.ask(port, "/healthz").status
    early = sum(status == 413 and sent <= SENT_AT_MOST for status, sent, _seconds in refused)
    most = max(sent for _status, sent, _seconds in refused) / MEGABYTE
    slowest = max(seconds for _status, _sent, seconds in refused)
    lines = [
        ("RE-07", f"{early} of {times} bodies of 2 GB got 413 after {most:.1f} MB, {slowest:.1f} s at most", early == times),
        ("RE-07", f"{times} uploads of 30 MB at once answered {sorted(set(answers))}", not any(code >= 500 for code in answers)),
        ("RE-07", f"{left} of {peak} bytes left of {times} uploads broken off", left == 0 < peak),
        ("RE-07", f"afterwards the server answers {alive}", alive == 200),
    ]
    for goal, figure, ok in lines:
        print(f"{goal}  {figure}  {'pass' if ok else 'FAIL'}")
    return not all(ok for _goal, _figure, ok in lines)


def _head(session, length) -> bytes:
    return (
        f"POST /people/sheets/new/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={session}; csrftoken={server.TOKEN}\r\n"
        f"Content-Type: multipart/form-data; boundary=part\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def _beginning() -> bytes:
    return (
        f'--part\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{server.TOKEN}\r\n'
        '--part\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()


def _announce(port, session) -> tuple[int, int, float]:
    """(status, bytes sent until the answer came, seconds)."""
    begun, sent = time.monotonic(), 0
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(_head(session, ANNOUNCED) + _beginning())
        line.setblocking(False)
        while sent < 64 * MEGABYTE:
            try:
                if answer := line.recv(4096):
                    return int(answer.split()[1]), sent, time.monotonic() - begun
                break
            except BlockingIOError:
                pass
            try:
                sent += line.send(b"x" * 65536)
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                break
    return 0, sent, time.monotonic() - begun


def _upload(port, session, length) -> int:
    end = b"\r\n--part--\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=120) as line:
        line.sendall(_head(session, len(_beginning()) + length + len(end)) + _beginning())
        for _megabyte in range(length // MEGABYTE):
            line.sendall(b"x" * MEGABYTE)
        line.sendall(end)
        return int(line.recv(4096).split()[1])


def _break_off(port, session, scratch) -> int:
    """Bytes that lay in temporary files before the line was cut."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(_head(session, 30 * MEGABYTE) + _beginning())
        for _megabyte in range(5):
            line.sendall(b"x" * MEGABYTE)
        time.sleep(1)
        return _left(scratch)


def _left(scratch) -> int:
    return sum(file.stat().st_size for file in scratch.rglob("*.upload*") if file.is_file())


def _settles(scratch, idle) -> int:
    """Bytes left ten seconds later at the most."""
    for _try in range(50):
        if _left(scratch) <= idle:
            break
        time.sleep(0.2)
    return _left(scratch) - idle


if __name__ == "__main__":
    main()
