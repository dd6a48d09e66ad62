"""RE-02: kill -9 of the server in the middle of saves, and a start as after a power failure.

    .venv/bin/python -m tests.faults.kill_master [--quick] [--rounds N]

Eight officers save without a pause; at a random instant the master alone is killed, or every process at once, in turn.
Expected: the server serves again within ten seconds of the next start, every save that was answered with 302 is in the
ledger with its registration and its line in the trail, and of none there is half.
"""

import argparse
import random
import signal
import threading
import time

from bench import server

ROUNDS, QUICK_ROUNDS, OFFICERS = 50, 5, 8
START_GOAL = 10


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--rounds", type=int)
    asked = asked.parse_args()
    rounds = asked.rounds or (QUICK_ROUNDS if asked.quick else ROUNDS)
    with server.copied():
        officers, port, starts, lost, half, saved = server.officers()[:OFFICERS], server.free_port(), [], 0, 0, 0
        running = server.Server(port)
        running.wait()
        for number in range(rounds):
            acknowledged, sent = _saves_until_killed(running, officers, only_master=number % 2)
            running = server.Server(port)
            starts.append(running.wait())
            server.forget_connections()
            lost += len(acknowledged) - len(server.recorded(acknowledged))
            half += len(server.halves(sent))
            saved += len(acknowledged)
        running.end()
        whole = server.is_whole()
    print(f"{saved} saves answered in {rounds} rounds; half-written: {half}; the database is whole: {whole}")
    findings = server.Findings()
    findings.say("RE-02", f"{lost} of {saved} acknowledged saves lost, serves again within {max(starts):.1f} s",
                 saved and not lost and not half and whole and max(starts) <= START_GOAL)
    findings.leave()


def _saves_until_killed(running, officers, only_master):
    """(notes answered with 302, notes sent)."""
    acknowledged, sent, done = [], [], threading.Event()

    def save(session, village):
        while not done.is_set():
            note = server.mark()
            sent.append(note)
            if server.save(running.port, session, village, note, timeout=20).status == 302:
                acknowledged.append(note)

    threads = [threading.Thread(target=save, args=officer) for officer in officers]
    for each in threads:
        each.start()
    time.sleep(random.uniform(0.5, 2.5))
    if only_master:
        running.process.send_signal(signal.SIGKILL)
        running.process.wait()
        time.sleep(random.uniform(0, 1))
    running.kill()
    done.set()
    for each in threads:
        each.join()
    return acknowledged, sent


if __name__ == "__main__":
    main()
