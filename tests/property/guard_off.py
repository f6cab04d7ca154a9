"""A pytest plugin that switches one guard of the sync off; see `mutants`."""

import os
from dataclasses import replace

GUARD = os.environ.get("SYNC_GUARD_OFF", "")


def pytest_configure(config):
    if GUARD:
        config.addinivalue_line("markers", f"guard_off: {GUARD}")


def pytest_collection_finish(session):
    switch_off()


def switch_off():
    """Have the guard that `SYNC_GUARD_OFF` names guard nothing in this process."""
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


def meets_link():
    from portal.sync.post import Post

    Post._meet_link = lambda self, scope, row: None


def marks_stay():
    from portal.sync import finding

    finding._marks_stay = lambda scope, sweep: scope.can.marked


def unsent_is_no_wish():
    from portal.sync import apply

    apply._made_by_others = lambda work, step: False


def same_written():
    """Whatever a platform shows in another way than before is an edit."""
    from portal.sync import texts

    texts.same_written = lambda mine, shown: False
    texts.resembles = lambda mine, shown: mine == shown


def others_in_their_place():
    from portal.sync import plan

    plan._shows_others = lambda scope, sweep, missing: False


def told_where_they_stand():
    from portal.conferences.people.services import people

    people._standing_on = lambda account, ids: ids


# What keeps workers apart -------------------------------------------------------------------------


def fence_after_budget():
    """The age of the lease is looked at before the wait for the budget, and not after it."""
    from portal.platforms.lease import Lease

    Lease.renew = lambda self, now=False: None


def fence_settles():
    """What is settled is written whoever has the lease."""
    from contextlib import contextmanager

    from django.db import transaction

    from portal.platforms.lease import Lease

    @contextmanager
    def commit(self):
        with transaction.atomic():
            yield

    Lease.commit = commit


def fenced_claims():
    from portal.platforms.lease import Lease
    from portal.platforms.models import PlatformAccount

    Lease.row = lambda self: PlatformAccount.objects.all()


def settled_once():
    from portal.outbox import services
    from portal.outbox.models import OutboxEntry

    def settle(entry, state, **values):
        return OutboxEntry.objects.filter(pk=entry.pk).update(state=state, **values)

    services._settle = settle


def pause_is_theirs():
    """Our own budget is written down as a pause that the platform asked for."""
    from portal.platforms import budget

    take = budget.take

    def taken(*args, **kwargs):
        try:
            take(*args, **kwargs)
        except budget.NotNow as error:
            raise budget.RateLimited(error.message, retry_after=error.retry_after) from None

    budget.take = taken


def breaker_before_push():
    from portal.platforms import breaker

    breaker.is_open = lambda account: False


def between_listings():
    from portal.sync import deliver

    deliver.BETWEEN_LISTINGS = -1.0


def read_again():
    """What was read of many listings at once counts, whatever was sent since."""
    from portal.sync import scopes

    scopes.again = lambda work, scope: scope


def urgent_first():
    from portal.outbox import services

    services._most_urgent_first = lambda rows: rows.order_by("id")


def due_sync_first():
    """Deliveries follow deliveries, whatever waits for a listing."""
    from portal.outbox import services
    from portal.sync import tasks

    tasks._go_on = lambda account_id: services.poke(account_id)


def one_clock():
    from portal.common import clock

    clock._ask = lambda cursor: None


def absurd_bucket():
    from portal.platforms import budget

    budget.SLACK = 1e9


def notes_held():
    """An edit relies on a note that waits, without holding it."""
    from django.db.models import QuerySet

    QuerySet.select_for_update = lambda self, *args, **kwargs: self.all()


def synced_by_base():
    from portal.sync.queries import states

    states._differs = lambda *args: False


def whole_messages():
    from kombu.transport import filesystem

    from portal.common import broker

    def write(file, text):
        with file.open("w") as stream:
            broker.Path.write_text(file, text, encoding="utf-8")
            stream.write(text)

    broker._write = write
    broker.Channel._get = filesystem.Channel._get


# After a restore ----------------------------------------------------------------------------------


def restore_noticed():
    from portal.platforms import generation

    generation.tick = lambda: True


def restored_mails():
    from portal.sync import restoring

    restoring._mails = lambda: 0


def restored_creates():
    """Neither put in doubt nor asked about; as both are the same in the end, both are off."""
    from portal.sync import compare, restoring

    restoring._creates = lambda: 0
    compare.GUARDS = replace(compare.GUARDS, equal_is_asked=False)


def restored_asks():
    from portal.platforms.models import PlatformAccount
    from portal.sync import restoring

    restoring._say_why = lambda: PlatformAccount.objects.update(paused_why=restoring.PAUSED)


def restored_left_late():
    from portal.sync import finding

    finding._sent_at_any_time = lambda scope, link: False


def restored_actions():
    from portal.sync import restoring

    restoring._actions = lambda: 0


def looked_for_after_long():
    from datetime import timedelta

    from portal.sync import post

    post.WAITED_LONG = timedelta(days=9999)


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
        meets_link,
        marks_stay,
        unsent_is_no_wish,
        same_written,
        others_in_their_place,
        told_where_they_stand,
        fence_after_budget,
        fence_settles,
        fenced_claims,
        settled_once,
        pause_is_theirs,
        breaker_before_push,
        between_listings,
        read_again,
        urgent_first,
        due_sync_first,
        one_clock,
        absurd_bucket,
        notes_held,
        synced_by_base,
        whole_messages,
        restore_noticed,
        restored_mails,
        restored_creates,
        restored_asks,
        restored_left_late,
        restored_actions,
        looked_for_after_long,
    )
}
