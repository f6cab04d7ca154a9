"""A pytest plugin that switches one guard of the sync off; see `mutants`."""

import os
from dataclasses import replace

GUARD = os.environ.get("SYNC_GUARD_OFF", "")


def pytest_configure(config):
    if GUARD:
        config.addinivalue_line("markers", f"guard_off: {GUARD}")


def pytest_collection_finish(session):
    if GUARD in PATCHES:
        PATCHES[GUARD]()
    elif GUARD:
        from portal.sync import compare

        compare.GUARDS = replace(compare.GUARDS, **{GUARD: False})


def fence():
    from portal.platforms.lease import Lease

    Lease._extend = lambda self: None


def put_back():
    from portal.sync.scope import Scope

    Scope.put_back = lambda self, link, row: False


def key_as_shown():
    from portal.sync.scope import Scope

    Scope.our_key = lambda self, fields: self.mirror.key(fields, self.can.natural_key)


def back_is_no_wish():
    from portal.sync import apply

    apply._here_again = lambda work, step: None


def met_anew():
    from portal.sync import apply

    apply.meets = lambda link, record: link is None


def doubt():
    from portal.sync import apply

    apply.doubt = lambda work, link, record: None


def asked_which_it_is():
    """Whatever may be ours is taken up as new, and ours is made again."""
    from portal.sync import plan

    real = plan.search

    def search(scope, sweep):
        found = real(scope, sweep)
        found.candidates.clear()
        return found

    plan.search = search


def likely_after_the_grace():
    """What is only like it is taken before our own can have landed."""
    from portal.sync import finding

    finding.grace = lambda: finding.timedelta(days=-1)


def gone_meanwhile():
    from portal.sync import listing

    listing._gone_meanwhile = lambda work, scope: False


def met_anew_after_all():
    from portal.sync import plan

    plan._met_anew = lambda scope, link, record: False


def bring_along_own_words():
    """What else a create said is not remembered for a person without a link."""
    from portal.sync import push

    push.bring_along = lambda work, mirror, row, sent: None


def told_where_they_stand():
    from portal.conferences.services import people

    people._standing_on = lambda account, ids: ids


# Rules that are no choice of `compare`: what stands in their place when they are off.
PATCHES = {
    rule.__name__: rule
    for rule in (
        fence,
        put_back,
        key_as_shown,
        back_is_no_wish,
        met_anew,
        doubt,
        asked_which_it_is,
        likely_after_the_grace,
        gone_meanwhile,
        met_anew_after_all,
        bring_along_own_words,
        told_where_they_stand,
    )
}
