"""RE-08: what the server's memory grows by over 24,000 mixed requests.

    .venv/bin/python -m tests.faults.memory [--quick] [--requests N]

Pages of village and county, saves, and forms that are refused, by four officers at once. The first tenth, at least a
thousand, is the warm-up, in which caches fill. Memory is what all processes of the server hold of their own with their
share of what they hold in common (PSS), in megabytes.
"""

import argparse
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from bench import server

REQUESTS, QUICK_REQUESTS, AT_ONCE = 24_000, 2_000, 4
MEGABYTES = 100
SAVE_EVERY = 10


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--requests", type=int)
    asked = asked.parse_args()
    requests = asked.requests or (QUICK_REQUESTS if asked.quick else REQUESTS)
    warm_up = max(1_000, requests // 10)
    with server.copied():
        mixed = Mixed(server.officers())
        with server.serving() as running:
            held = [running.megabytes()]
            for first, last in ((0, warm_up), (warm_up, (warm_up + requests) // 2), ((warm_up + requests) // 2, requests)):
                mixed.ask(running.port, range(first, last))
                held.append(running.megabytes())
    print("MB at the start, warm, half-way, at the end: " + ", ".join(f"{each:.0f}" for each in held))
    print(f"answers: {dict(mixed.answers)}")
    findings = server.Findings()
    findings.say("RE-08", f"{held[-1] - held[1]:+.0f} MB over {requests - warm_up} requests after the warm-up",
                 held[-1] - held[1] <= MEGABYTES and set(mixed.answers) <= {200, 302})
    findings.leave()


class Mixed:
    def __init__(self, officers):
        self.officers, self.county, self.answers = officers, server.county_session(), Counter()
        village = officers[0][1]
        structure = f"/analysis/{village[:6]}/{server.newest_month(village)}/structure/"
        self.county_pages = [*server.pages("county", village), structure]
        self.village_pages = ["/", "/people/", "/people/visits/", "/groups/", "/returns/", "/groups/new/"]

    def ask(self, port, numbers):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            self.answers.update(pool.map(lambda number: self._one(port, number), numbers))

    def _one(self, port, number) -> int:
        session, village = self.officers[number % len(self.officers)]
        if number % SAVE_EVERY == 0:
            return server.save(port, session, village).status
        if number % SAVE_EVERY == 1:  # persons are missing: the form comes back
            return server.post(port, session, "/groups/new/", {"village": village}).status
        if number % SAVE_EVERY == 2:
            return server.look(port, self.county, self.county_pages[number // SAVE_EVERY % len(self.county_pages)]).status
        return server.look(port, session, self.village_pages[number % len(self.village_pages)]).status


if __name__ == "__main__":
    main()
