"""The soak: real workers, a real database, real HTTP, and no mercy.

    python -m tests.soak --minutes 5 --workers 3

Several worker processes sync the sandbox's platforms while people edit on both sides about
once a second, one request in ten goes wrong, and a worker is killed every half minute. Then the
faults stop, everything settles, and what must hold is judged from the journal of what was done.
"""
