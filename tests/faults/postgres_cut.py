"""RE-05: PostgreSQL is away for ten seconds, resets its connections, or answers late, during 1,000 requests.

    DATABASE_URL=postgres://… .venv/bin/python -m tests.faults.postgres_cut [--quick]

A small proxy stands between the server and the database. Expected: every answer is a page, a recorded save, or 503 with a
sentence and no inside of the program; the first good answer comes within ten seconds after the database is back, nobody
starts anything anew, and later answers are all good; every save that was answered with 302 is in the ledger, of none
there is half.
"""

import argparse
import asyncio
import os
import threading
import time
from collections import Counter
from contextlib import suppress
from urllib.parse import urlsplit

from bench import server

REQUESTS, QUICK_REQUESTS, AT_ONCE = 1_000, 300, 8
AWAY, RESETS, LATE = 10, 5, 0.2
PAUSE = 0.25
RECOVER_GOAL = 10
# In these phases every answer is good.
ANSWERED = ("nothing", "after resets", "late", "over")


class Proxy:
    """Between a port of its own and the database's, in a thread of its own; each fault is one attribute or call."""

    def __init__(self, host, port):
        self.target, self.port = (host, port), server.free_port()
        self.delay, self.is_down, self._writers = 0.0, False, set()
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        threading.Thread(target=self._run, args=[started], daemon=True).start()
        started.wait()

    def _run(self, started):
        self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port))
        started.set()
        self._loop.run_forever()

    async def _serve(self, reader, writer):
        if self.is_down:
            return writer.transport.abort()
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.target)
        except OSError:
            return writer.transport.abort()
        pair = {writer, far_writer}
        self._writers |= pair
        with suppress(OSError):
            await asyncio.gather(self._pass_on(reader, far_writer), self._pass_on(far_reader, writer))
        self._writers -= pair

    async def _pass_on(self, reader, writer):
        with suppress(OSError):
            while piece := await reader.read(2**16):
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(piece)
                await writer.drain()
        writer.transport.abort()

    def reset(self):
        """Every connection ends at once, without a word."""
        self._loop.call_soon_threadsafe(lambda: [writer.transport.abort() for writer in list(self._writers)])


class Trial:
    def __init__(self, officers, wanted):
        self.officers, self.wanted = officers, wanted
        self.turn, self.asked, self.fault = threading.Lock(), 0, "nothing"
        self.sent, self.acknowledged, self.answers, self.not_in_words = [], [], Counter(), Counter()
        self.good_at, self.refused = [], Counter()
        self.pages = [page for page in server.pages("village", officers[0][1]) if page != "/"]

    def go_on(self, port):
        while (number := self._next()) is not None:
            begun = time.monotonic()
            answer, expected = self._save(port, number) if number % 2 else self._look(port, number)
            self._judge(answer, expected, begun)
            time.sleep(PAUSE)

    def _next(self):
        with self.turn:
            self.asked += 1
            return self.asked if self.asked <= self.wanted or self.fault != "over" else None

    def _save(self, port, number):
        note = server.mark()
        self.sent.append(note)
        answer = server.save(port, *self.officers[number % AT_ONCE], note)
        if answer.status == 302:
            self.acknowledged.append(note)
        return answer, 302

    def _look(self, port, number):
        return server.look(port, self.officers[0][0], self.pages[number // 2 % len(self.pages)]), 200

    def _judge(self, answer, expected, begun):
        self.answers[self.fault, answer.status] += 1
        if answer.status == expected:
            return self.good_at.append(begun)
        self.refused[self.fault] += 1
        text = answer.body.decode(errors="replace")
        if not (answer.status == 503 and "</main>" in text and "psycopg" not in text):
            self.not_in_words[self.fault, answer.status] += 1


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true")
    asked = asked.parse_args()
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        raise SystemExit("Name a PostgreSQL in DATABASE_URL.")
    with server.copied():
        trial = Trial(server.officers(), QUICK_REQUESTS if asked.quick else REQUESTS)
        address = urlsplit(os.environ["DATABASE_URL"])
        proxy = Proxy(address.hostname, address.port or 5432)
        through = address._replace(netloc=f"{address.username}:{address.password or ''}@127.0.0.1:{proxy.port}").geturl()
        with server.serving(DATABASE_URL=through) as running:
            back = _suffer(trial, proxy, running.port)
        recorded, halves = server.recorded(trial.acknowledged), server.halves(trial.sent)
    recovered = min(good for good in trial.good_at if good >= back) - back
    late = sum(trial.refused[fault] for fault in ANSWERED)
    for (fault, status), times in sorted(trial.answers.items()):
        print(f"{fault}: {times} × {status}")
    print(f"{len(trial.acknowledged)} saves answered, {len(recorded)} in the ledger, half-written: {len(halves)}")
    findings = server.Findings()
    findings.say(
        "RE-05", f"good answers {recovered:.1f} s after it was back, {trial.refused.total()} refused of "
        f"{trial.answers.total()}, {late} of them while the database answered, "
        f"{trial.not_in_words.total()} not in words {dict(trial.not_in_words) or ''}",
        recovered <= RECOVER_GOAL and not late and not trial.not_in_words and not halves
        and len(recorded) == len(trial.acknowledged),
    )
    findings.leave()


def _suffer(trial, proxy, port) -> float:
    """The moment at which the database was back from having been away."""
    threads = [threading.Thread(target=trial.go_on, args=[port]) for _officer in range(AT_ONCE)]
    for each in threads:
        each.start()
    time.sleep(3)
    trial.fault, proxy.is_down = "away", True
    proxy.reset()
    time.sleep(AWAY)
    trial.fault, proxy.is_down, back = "back", False, time.monotonic()
    time.sleep(RECOVER_GOAL)
    trial.fault = "resets"
    for _time in range(RESETS):
        proxy.reset()
        time.sleep(0.7)
    trial.fault = "after resets"
    time.sleep(2)
    trial.fault, proxy.delay = "late", LATE
    time.sleep(5)
    trial.fault, proxy.delay = "over", 0
    for each in threads:
        each.join()
    return back


if __name__ == "__main__":
    main()
