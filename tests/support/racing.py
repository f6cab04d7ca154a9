"""Several acts at the same moment, each on a connection of its own as from another browser."""

import threading

from django.db import close_old_connections, connection

from portal.common.errors import NotPossible

MEET, END = 20, 90  # seconds for all to be ready, and to be done


def at_once(*acts):
    """Run them together; answers what each answered, or raised."""
    ready, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        try:
            ready.wait(MEET)
            found[number] = act()
        except Exception as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(END)
    assert not any(thread.is_alive() for thread in threads)
    close_old_connections()
    return found


def errors_at_once(*acts):
    """The same; answers what was raised."""
    return [one for one in at_once(*acts) if isinstance(one, Exception)]


def refused_at_once(*acts):
    """The same; answers what was refused, in words, and all other trouble as it is."""
    return [
        str(error.sentence) if isinstance(error, NotPossible) else repr(error)
        for error in errors_at_once(*acts)
    ]
