"""`python -m tests.soak`: run, settle, judge; 1 where something that must hold did not."""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.soak.stand import Stand

EDIT, BEAT, SYNC, STAFF, KILL = 1.0, 2.0, 6.0, 5.0, 30.0  # seconds from one to the next
SETTLE = 300.0  # seconds within which everything must be at rest


def main() -> int:
    words = _words()
    chance = random.Random(words.seed)
    folder = Path(tempfile.mkdtemp(prefix="lectern-soak-"))
    with Stand(folder, words.platforms, words.workers, words.faults, words.guard_off) as stand:
        # Django's models can be imported only now, when the stand has set the environment.
        from tests.soak.hands import Hands
        from tests.soak.verdict import Verdict

        say(f"{stand.database}, {stand.broker}, {words.workers} workers, {', '.join(stand.slugs)}")
        say(f"seed {words.seed}, files in {folder}")
        hands = Hands(stand, chance, folder / "journal.jsonl")
        hands.begin()
        _run(stand, hands, chance, words.minutes * 60)
        say("The faults have stopped; everything settles.")
        settled = stand.settle(SETTLE, hands.answer)
        say("It is at rest." if settled is not None else "It does NOT come to rest.")
        verdict = Verdict(stand, hands, settled)
        for line in verdict.figures():
            say(line)
        broken = verdict.broken()
        for line in broken:
            say(f"VIOLATION {line}")
        say("I1 to I7 hold." if not broken else f"{len(broken)} violations. Seed {words.seed}.")
        return 1 if broken else 0


def _run(stand, hands, chance, seconds) -> None:
    """Do everything in its own rhythm until the time is over."""
    rhythm = {
        hands.edit: EDIT,
        stand.beat: BEAT,
        stand.ask_for_syncs: SYNC,
        hands.answer: STAFF,
        lambda: stand.kill_one(chance): KILL,
    }
    start = time.monotonic()
    due = {act: start + pause for act, pause in rhythm.items()}
    told = start
    while (now := time.monotonic()) < start + seconds:
        for act, pause in rhythm.items():
            if due[act] <= now:
                act()
                due[act] = now + pause * chance.uniform(0.5, 1.5)
        stand.kill_a_creator()
        stand.keep_workers()
        if now - told > 60:
            told = now
            edits, kills = len(hands.journal), len(stand.kills)
            say(f"{(now - start) / 60:.0f} min: {edits} edits, {kills} kills")
        time.sleep(0.1)


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--faults", type=float, default=0.1, help="share of the requests")
    parser.add_argument(
        "--guard-off", default="", help="a guard of tests/property/mutants.py: is it missed?"
    )
    parser.add_argument("--platforms", nargs="*", help="slugs; without: all that are registered")
    return parser.parse_args()


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - what it says is the result


if __name__ == "__main__":
    sys.exit(main())
