"""A pytest plugin that switches one guard of the sync off; see `mutants`."""

import os

GUARD = os.environ.get("SYNC_GUARD_OFF", "")


def pytest_configure(config):
    if GUARD:
        config.addinivalue_line("markers", f"guard_off: {GUARD}")


def pytest_collection_finish(session):
    switch_off()


def switch_off():
    """Have the guard that `SYNC_GUARD_OFF` names guard nothing in this process."""
    if GUARD:
        PATCHES[GUARD]()


# The rules of comparison --------------------------------------------------------------------------


def with_arguments(name, **changed):
    """Have a rule of `compare` decide as if some of its arguments were others."""
    from portal.sync import compare

    real = getattr(compare, name)

    def decide(**arguments):
        return real(**arguments | {key: other(arguments) for key, other in changed.items()})

    setattr(compare, name, decide)


def find_before_recreate():
    """A create without an answer is repeated at once."""
    from portal.sync import compare

    compare.creation = lambda **arguments: compare.Creation.AGAIN


def two_absences_before_recreate():
    with_arguments("creation", absences=lambda given: given["absences"] + 1)


def two_bases():
    with_arguments("merge", base_theirs=lambda given: given["base_ours"])


def complete_listing_only():
    with_arguments("absence", accepted=lambda given: True)


def two_misses_before_gone():
    with_arguments("absence", misses=lambda given: given["misses"] + 1)


def confirm_by_get():
    with_arguments("absence", can_ask=lambda given: False)


def between_syncs_proves_nothing():
    """What a live run lacks counts as missing."""
    from portal.sync import scope

    real = scope._between_syncs

    def proving(*arguments):
        for place in real(*arguments):
            place.proves = True
            yield place

    scope._between_syncs = proving


def numbers_tell():
    """Who was in a past session is read on its day alone, whatever its numbers say."""
    from portal.sync import readings

    def on_their_day(past, since):
        day = readings.clock.now().toordinal()
        return [link for link in past if since is None or readings.is_its_day(link.pk, day)]

    readings._told_of = on_their_day


def numbers_are_no_proof():
    """Who was in a past session is read again only once its numbers have changed."""
    from portal.sync import readings

    readings.is_its_day = lambda pk, day: False


def absences_apart():
    with_arguments("absence", apart=lambda given: True)
    with_arguments("creation", apart=lambda given: True)


def found_by_likeness():
    """Only what is in every respect what was sent is taken for it."""
    from portal.sync import compare

    real = compare.likeness

    def likeness(*, same, **more):
        return real(same=same, **more) if all(same) else compare.Likeness.NO

    compare.likeness = likeness


def brake():
    from portal.sync import compare

    compare.pulls_brake = lambda *args, **more: False


def observations_age():
    """What was seen at any time in a run may be acted on."""
    from portal.sync import compare

    compare.seen_lately = lambda seconds, *, gettable: True


def back_after_our_delete():
    from portal.sync import compare

    compare.deleted_surely = lambda *, absences: False


def same_written():
    """Whatever a platform shows in another way than before is an edit."""
    from portal.sync import texts

    texts.same_written = lambda mine, shown: False
    texts.resembles = lambda mine, shown: mine == shown


# Plans --------------------------------------------------------------------------------------------


def edit_beats_delete():
    from portal.sync import plan

    plan._is_edited_there = lambda link, record, ours: False


def equal_is_asked():
    from portal.sync import plan

    plan.equal = lambda scope, listing, found: {}


def skip_lists_of_missed():
    from portal.sync import scope

    scope.missed = lambda context, parent: False


def reinstated():
    from portal.sync.scope import Scope

    Scope.reinstates = lambda self, link, row: False


def key_as_shown():
    from portal.sync.scope import Scope

    Scope.our_key = lambda self, fields: self.mirror.key(fields, self.can.natural_key)


def asked_which_it_is():
    """Whatever may be ours is taken up as new, and ours is made again."""
    from portal.sync import plan

    real = plan.search

    def search(scope, listing):
        found = real(scope, listing)
        found.candidates.clear()
        return found

    plan.search = search


def likely_after_the_grace():
    """What is only like it is taken before our own can have landed."""
    from portal.sync import matching

    matching.grace = lambda: matching.timedelta(days=-1)


def marks_stay():
    from portal.sync import matching

    matching._marks_stay = lambda scope, listing: scope.can.marked


def gone_meanwhile():
    from portal.sync import listing

    listing._is_gone_meanwhile = lambda context, scope: False


def unknown_again_after_all():
    from portal.sync import plan

    plan._is_unknown_again = lambda scope, link, record: False


def others_in_their_place():
    from portal.sync import plan

    plan._shows_others = lambda scope, listing, missing: False


# News ---------------------------------------------------------------------------------------------


def keep_conflicts():
    from portal.sync import inbound

    inbound._keep_clash = lambda context, step, clash: None


def lost_answers_are_told():
    from portal.sync import inbound

    inbound._tell_of_lost_answer = lambda *args: None


def back_there_stands_here():
    """Who was removed here and is back there stays removed here."""
    from portal.sync import inbound

    inbound._is_here_again = lambda context, step, link: None


def unknown_again():
    from portal.sync import inbound

    inbound.meets = lambda link, record: link is None


def doubted():
    from portal.sync import inbound

    inbound.doubt_what_was_sent = lambda scope, link, record: None


def unsent_stays():
    """What was withdrawn here before it was sent counts as what stands there."""
    from portal.sync import inbound

    inbound._made_by_others = lambda step: False


# What is sent -------------------------------------------------------------------------------------


def intent_before_create():
    """A create leaves without a trace."""
    from portal.sync.sending import Create

    Create._write_down = lambda self, context, link: None


def changed_fields_only():
    from portal.sync.sending import Update

    def to_send(self, context, ours):
        return [n for n in ours if n in self.scope.can.sendable(on_update=True)]

    Update._to_send = to_send


def bring_along_own_words():
    """What else a create said is not remembered for a person without a link."""
    from portal.sync.sending import SentChange

    SentChange.remember_brought = lambda self, context, made: None


def observe_before_act():
    """What both last agreed on is taken for what stands there now."""
    from integrations.base.records import Record
    from portal.sync import outbound

    def record(self, scope, link):
        return Record(scope.kind, link.external_id or "", link.base_theirs, scope.parent_id)

    outbound._finds_before_create = lambda scope: False
    outbound.Deliveries._record = record


def notes_wait():
    from portal.sync import outbound

    outbound._is_awaited = lambda link: False


def meets_link():
    from portal.sync.context import SyncContext

    SyncContext.remember = lambda self, link: None


def told_where_they_stand():
    from portal.conferences.people.services import people

    people._standing_on = lambda account, ids: ids


# What keeps workers apart -------------------------------------------------------------------------


def fence():
    from portal.platforms.lease import Lease

    Lease._extend = lambda self: None


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
    """What is due is claimed whoever has the lease."""
    from django.db import transaction

    from portal.outbox import services

    real = services.claim

    def claim(lease, *given, **more):
        lease.commit = transaction.atomic
        try:
            return real(lease, *given, **more)
        finally:
            del lease.commit

    services.claim = claim


def gives_way():
    """A batch leaves whole, whatever comes in meanwhile."""
    from portal.outbox import services

    services.overtaken = lambda entries: False


def fair_share():
    from portal.outbox import services

    services.others_wait = lambda account: False


def listing_undisturbed():
    """What belongs into a listing leaves while its pages are read."""
    from portal.sync import outbound

    outbound._entries_of = lambda scope: outbound.Q()


def withdrawn_meanwhile():
    """What a batch has read of a row counts until its turn comes."""
    from portal.sync import outbound

    outbound._is_removed_meanwhile = lambda row: False


def only_the_registered():
    """A platform hears of whoever is on the list."""
    from portal.conferences.models import Registration
    from portal.sync.mirrors.conferences import RegistrationMirror

    def rows(self, account, parents):
        found = Registration.objects.filter(conference__in=parents)
        return found.select_related("attendee")

    RegistrationMirror.rows = rows


def people_of_the_registered():
    """Whoever was only invited stands on an account as a person."""
    from portal.conferences.models import Attendee
    from portal.sync.mirrors.people import AttendeeMirror

    def rows(self, account, parents):
        return Attendee.objects.filter(registrations__conference__account=account).distinct()

    AttendeeMirror.rows = rows


def registered_there():
    """Whoever registers on the platform stays as they were here."""
    from portal.conferences.models import Registration

    Registration.is_registered = property(lambda self: True)


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
            return take(*args, **kwargs)
        except budget.NotNow as error:
            raise budget.RateLimited(error.message, retry_after=error.retry_after) from None

    budget.take = taken


def breaker_before_push():
    from portal.platforms import breaker

    breaker.is_open = lambda account: False


def between_listings():
    from portal.sync import outbound

    outbound.BETWEEN_LISTINGS = -1.0


def read_again():
    """What was read of many listings at once counts, whatever was sent since."""
    from portal.sync import scope

    scope.reload = lambda context, place: place


def urgent_first():
    from portal.outbox import services

    services._most_urgent_first = lambda rows: rows.order_by("id")


def due_sync_first():
    """Deliveries follow deliveries, whatever waits for a listing."""
    from portal.outbox import services
    from portal.sync import tasks

    tasks._enqueue_next = lambda account_id: services.enqueue(account_id)


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
    from portal.sync import restoring

    restoring._creates = lambda: 0
    equal_is_asked()


def restored_asks():
    from portal.platforms.models import PlatformAccount
    from portal.sync import restoring

    restoring._say_why = lambda: PlatformAccount.objects.update(paused_why=restoring.PAUSED)


def restored_left_late():
    from portal.sync import matching

    matching._sent_at_any_time = lambda scope, link: False


def restored_actions():
    from portal.sync import restoring

    restoring._actions = lambda: 0


def looked_for_after_long():
    from datetime import timedelta

    from portal.sync import outbound

    outbound.WAITED_LONG = timedelta(days=9999)


def row_agrees():
    """What is as it was there passes, whatever was changed here."""
    from portal.sync.known import Known

    def compare(self, link, ours):
        self.agreed[link.pk] = frozenset()
        self.same[link.row_digest] = link

    Known._compare = compare


def facts_agree():
    """A record passes whatever it tells beside its fields."""
    from portal.sync import compare

    real = compare.as_agreed

    def as_agreed(record, ours, theirs, facts):
        return real(record, ours, theirs, record.facts)

    compare.as_agreed = as_agreed


def save_ends_a_digest():
    """A link is known by the row that was seen, whatever was written to it since."""
    from django.db.models import Model

    from portal.sync.models import PlatformLink

    def save(self, **options):
        self.row_digest, self._shown = self._shown or self.row_digest, ""
        Model.save(self, **options)

    PlatformLink.save = save


def shown_as_agreed():
    """A link is known by any row that it was saved with."""
    from portal.sync import digests

    digests.of = lambda record, *rest: digests.code() + record.digest


def digests_are_exchanged():
    """A digest is written whatever the link holds by now."""
    from portal.common import bulk
    from portal.sync.models import PlatformLink

    def exchange(model, column, values):
        for pk, _, after in values:
            PlatformLink.objects.filter(pk=pk).update(**{column: after})

    bulk.exchange = exchange


def open_links_are_seen():
    """What is counted or asked about a link is looked at only where its record is shown."""
    from portal.sync.known import Known

    add = Known.add

    def added(self, link, row):
        add(self, link, row)
        self.open.clear()

    Known.add = added


def careful_places():
    """A place in which a row waits to be created is read like any other."""
    from portal.sync import known

    place = known._place

    def careless(links, rows, sendable):
        found = place(links, rows, sendable)
        found.careful = False
        return found

    known._place = careless


def met_rows():
    """What no link knows is new, whoever we have."""
    from portal.sync.sieve import Sieve

    Sieve._row_of = lambda self, record: None


def brake_before_new():
    """What is new is taken up at once, whatever a listing may lack in the end."""
    from portal.sync import imports
    from portal.sync.sieve import Sieve

    def page_ends(self):
        imports.gather(self.context, self.steps())
        self.new = []

    Sieve.page_ends = page_ends


def batches_are_whole():
    """What hinders one record of a batch keeps out all of it."""
    from portal.sync import imports

    imports.keep = lambda context, step: None


def rests_before_sending():
    """What was read before something is sent counts after it as well."""
    from portal.sync.ahead import ReadAhead

    ReadAhead.rest = lambda self: None


def careful_at_their_turn():
    """A list of which all of our side is read first is asked for before that."""
    from portal.sync.scope import Scope

    real = Scope.as_asked.fget
    Scope.as_asked = property(lambda self: real(self)._replace(waits=False))


def parents_stand():
    """The lists of a later batch belong to what stood there when the sync began."""
    from portal.sync import scope

    scope._standing = lambda parents: parents


def pause_stops_all_lines():
    """A pause that one line is asked for is no matter of the others."""
    from portal.sync.ahead import ReadAhead

    ReadAhead._do_what_was_left = lambda self: None


def trouble_stops_what_follows():
    """Whatever has happened to one list, all that follow are asked for."""
    from portal.sync.ahead import ReadAhead

    ReadAhead._stop_in_trouble = lambda self: None


def tokens_by_one_thread():
    """Each thread reads and renews the account's tokens by itself."""
    from portal.sync.ahead import _SharedTokens

    _SharedTokens.do = lambda self, act: act()


# Guard -> what stands in its place when it is off.
PATCHES = {
    guard.__name__: guard
    for guard in (
        find_before_recreate,
        two_absences_before_recreate,
        two_bases,
        complete_listing_only,
        between_syncs_proves_nothing,
        numbers_tell,
        numbers_are_no_proof,
        two_misses_before_gone,
        confirm_by_get,
        absences_apart,
        found_by_likeness,
        brake,
        observations_age,
        back_after_our_delete,
        same_written,
        edit_beats_delete,
        equal_is_asked,
        skip_lists_of_missed,
        reinstated,
        key_as_shown,
        asked_which_it_is,
        likely_after_the_grace,
        marks_stay,
        gone_meanwhile,
        unknown_again_after_all,
        others_in_their_place,
        keep_conflicts,
        lost_answers_are_told,
        back_there_stands_here,
        unknown_again,
        doubted,
        unsent_stays,
        intent_before_create,
        changed_fields_only,
        bring_along_own_words,
        observe_before_act,
        notes_wait,
        meets_link,
        told_where_they_stand,
        fence,
        fence_after_budget,
        fence_settles,
        fenced_claims,
        gives_way,
        fair_share,
        listing_undisturbed,
        withdrawn_meanwhile,
        only_the_registered,
        people_of_the_registered,
        registered_there,
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
        row_agrees,
        facts_agree,
        save_ends_a_digest,
        shown_as_agreed,
        digests_are_exchanged,
        open_links_are_seen,
        careful_places,
        met_rows,
        brake_before_new,
        batches_are_whole,
        rests_before_sending,
        careful_at_their_turn,
        parents_stand,
        pause_stops_all_lines,
        trouble_stops_what_follows,
        tokens_by_one_thread,
    )
}
