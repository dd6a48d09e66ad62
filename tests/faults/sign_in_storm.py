"""Twenty sign-ins a second for a minute, against a real server: .venv/bin/python -m tests.faults.sign_in_storm [--quick]

AU-04: meanwhile other pages answer within two seconds, at the 95th of a hundred, and nothing fails. Half of the sign-ins
have the right password and half a wrong one; each comes from one of the 250 addresses of the loopback network, so that
the limits of an address do not spare the server. AU-05: the answer for an account that exists and one that does not
takes as long, at the median of 200 each, and says the same.

Works on a copy of the demo that is configured and throws it away. `--quick` storms for ten seconds and times 40 each.
"""

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from statistics import median
from urllib.parse import urlencode

from bench import server

A_SECOND = 20
PAGES = ["/me/", "/people/", "/messages/"]
SLOWEST = 2.0
APART = 0.10


def main():
    quick = "--quick" in sys.argv
    with server.copied():
        officers = _officers()
        session = server.session_of(officers[0])
        with server.serving() as running:
            apart = _timed(running.port, officers[-1].username, 40 if quick else 200)
            usernames = [officer.username for officer in officers[:-1]]
            stormed = _storm(running.port, usernames, session, 10 if quick else 60)
    sys.exit(not all([_tell_apart(*apart), _tell_storm(*stormed)]))


def _officers():
    from django.contrib.auth.hashers import make_password

    from officers import demo
    from officers.models import Officer

    demo.begin()
    # A demo may be older than the measure of the hash (officers.passwords.Argon2).
    Officer.objects.update(password=make_password("demo-2026"))
    return list(Officer.objects.filter(is_active=True, role="village").order_by("pk"))


def _address(number):
    return f"127.0.{number // 250 % 4}.{number % 250 + 2}"


def _sign_in(port, username, password, number):
    """(status, seconds, text without what differs at each answer)."""
    body = urlencode({"username": username, "password": password, "csrfmiddlewaretoken": server.TOKEN})
    headers = {"Cookie": f"csrftoken={server.TOKEN}", "Content-Type": "application/x-www-form-urlencoded"}
    status, seconds, text = _ask(port, "POST", "/sign-in/", body, headers, _address(number))
    told = re.sub(r'(?<=name="csrfmiddlewaretoken" value=")\w+', "", text).replace(username, "…")
    return status, seconds, told


def _ask(port, method, path, body, headers, address):
    began = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=60, source_address=(address, 0))
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        return answer.status, time.perf_counter() - began, text
    except OSError as error:
        return 599, time.perf_counter() - began, str(error)
    finally:
        connection.close()


# AU-05.


def _timed(port, existing, times):
    """The answers for one account that exists and for absent ones, in turn; never five within a lock."""
    known, absent = [], []
    for number in range(times):
        _forget_failures()
        known.append(_sign_in(port, existing, "wrong-1", number))
        absent.append(_sign_in(port, f"absent{number:04}", "wrong-1", number))
    return known, absent


def _forget_failures():
    from officers.models import FailedSignIn

    FailedSignIn.objects.all().delete()


def _tell_apart(known, absent) -> bool:
    texts, statuses = {text for _s, _t, text in known + absent}, {status for status, _t, _text in known + absent}
    first, second = (median(seconds for _s, seconds, _text in answers) for answers in (known, absent))
    apart = abs(first - second) / min(first, second)
    holds = apart <= APART and len(texts) == 1 and statuses == {200}
    figure = f"{first * 1000:.1f} ms and {second * 1000:.1f} ms, {apart:.1%} apart, {len(texts)} text(s), n={len(known)}"
    print(f"AU-05  {figure}  {'pass' if holds else 'FAIL'}")
    return holds


# AU-04.


def _storm(port, usernames, session, seconds):
    """(answers of the sign-ins, answers of other pages)."""
    began = time.perf_counter()
    with ThreadPoolExecutor(A_SECOND * 8) as crowd, ThreadPoolExecutor(3) as readers:
        reading = [readers.submit(_read, port, session, page, began + seconds) for page in PAGES]
        tries = []
        for number in range(A_SECOND * seconds):
            time.sleep(max(0, began + number / A_SECOND - time.perf_counter()))
            password = "demo-2026" if number % 2 else "wrong-1"
            tries.append(crowd.submit(_sign_in, port, usernames[number % len(usernames)], password, number))
        return [each.result() for each in tries], [answer for each in reading for answer in each.result()]


def _read(port, session, page, until):
    answers = []
    while time.perf_counter() < until:
        answers.append(_ask(port, "GET", page, None, {"Cookie": f"sessionid={session}"}, "127.0.0.1"))
        time.sleep(0.2)
    return answers


def _tell_storm(tries, pages) -> bool:
    times = sorted(seconds for _status, seconds, _text in pages)
    slow, waited = (each[int(len(each) * 0.95)] for each in (times, sorted(seconds for _s, seconds, _t in tries)))
    failed = sum(status >= 500 for status, _t, _text in tries + pages)
    entered = sum(status == 302 for status, _t, _text in tries)
    strangers = sum(status != 200 for status, _t, _text in pages)
    holds = slow <= SLOWEST and failed == strangers == 0 and entered == len(tries) // 2
    figure = (
        f"{len(tries)} sign-ins, {entered} in, 95th waits {waited:.2f} s; {len(pages)} other pages, median "
        f"{times[len(times) // 2]:.2f} s, 95th {slow:.2f} s; {failed} failures"
    )
    print(f"AU-04  {figure}  {'pass' if holds else 'FAIL'}")
    return holds


if __name__ == "__main__":
    main()
