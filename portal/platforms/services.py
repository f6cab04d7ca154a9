"""Connect an account, test it, pause it. Only an administrator does these."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import User
from django.db import IntegrityError, router, transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations import registry
from integrations.base.adapter import AccountCheck, Authorization, Room
from integrations.base.errors import CredentialsRejected, PlatformError, RateLimited
from portal.common import clock
from portal.common.errors import NotPossible
from portal.common.fields import is_unreadable
from portal.common.texts import Text, own_words, shown, stored
from portal.identity import roles
from portal.platforms import breaker, budget, pace, sentences, validation
from portal.platforms.connections import connection, open_adapter
from portal.platforms.models import AccountRuntime, PlatformAccount

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tested:
    """What a test of the connection found, in a sentence for staff."""

    ok: bool
    sentence: str


def connect(
    *,
    platform: str,
    label: str,
    base_url: str = "",
    credentials: Mapping[str, str],
    options: Mapping[str, str] | None = None,
    by: User | None,
    account: PlatformAccount | None = None,
    **settings: Any,
) -> PlatformAccount:
    """Create an account, or change `account`; answers the saved row.

    A credential or option that is not given, and a secret left blank, keep what is stored; so do
    `settings` (ca_bundle, interval_minutes, requests_per_minute, concurrent_rooms, changes_there,
    sender_name, sender_address, reply_to, language). New credentials
    or a new address close the breaker and make a sync due. Raises NotAllowed, and NotPossible with
    field_errors: label, base_url, credential_<name>, option_<name>, or the name of a setting.
    """
    roles.require(by, roles.ADMINISTRATOR)
    try:
        with transaction.atomic():
            row = _newest(account) if account else _new(platform)
            changed, errors = _changed_settings(
                row, platform, base_url, credentials, options or {}, label=label, **settings
            )
            if errors:
                raise NotPossible(_("The account was not saved."), errors)
            _save(row, changed, by)
    except IntegrityError:
        sentence = _("Another account has this label.")
        raise NotPossible(sentence, {"label": [sentence]}) from None
    return row


def problems(
    *,
    platform: str,
    account: PlatformAccount | None,
    base_url: str = "",
    credentials: Mapping[str, str],
    options: Mapping[str, str],
    **settings: Any,
) -> validation.Errors:
    """All that `connect` would refuse, by form field. What is not given is as it stands now."""
    row = PlatformAccount.objects.get(pk=account.pk) if account else _new(platform)
    return _changed_settings(row, platform, base_url, credentials, options, **settings)[1]


def _changed_settings(
    row: PlatformAccount,
    platform: str,
    base_url: str,
    credentials: Mapping[str, str],
    options: Mapping[str, str],
    **settings: Any,
) -> tuple[list[str], validation.Errors]:
    """Change the unsaved row; the names of what has changed, and what is wrong."""
    room = _room(platform, row)
    wanted, errors = validation.wanted(row, room, base_url, credentials, options)
    wanted |= settings
    for name in ("label", "sender_name"):
        if name in settings:
            wanted[name] = " ".join(settings[name].split())
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    return changed, errors | validation.row_errors(row)


def test_connection(account: PlatformAccount, by: User | None) -> Tested:
    """Ask the platform the cheapest question that proves the credentials, and keep the answer."""
    roles.require(by, roles.ADMINISTRATOR)
    try:
        adapter = open_adapter(account)
        try:
            found = adapter.check()
        finally:
            adapter.close()
    except PlatformError as error:
        return _not_reached(account, error)
    return _reached(account, found)


def logs_in_by_consent(account: PlatformAccount) -> bool:
    """Whether an administrator logs in to the platform in the browser, once, for this account."""
    flow = account.room.authorization
    if flow is None or is_unreadable(account.credentials, account.runtime.tokens):
        return False
    return flow.wanted(connection(account))


def consent_address(
    account: PlatformAccount, redirect_uri: str, state: str, by: User | None
) -> str:
    """Where to send the administrator's browser. Raises NotAllowed, NotPossible."""
    roles.require(by, roles.ADMINISTRATOR)
    return _flow(account).address(connection(account), redirect_uri, state)


def accept_consent(
    account: PlatformAccount, code: str, redirect_uri: str, by: User | None
) -> Tested:
    """Trade the code that the browser brought back for tokens, then test the connection."""
    roles.require(by, roles.ADMINISTRATOR)
    try:
        _flow(account).accept(connection(account), code, redirect_uri)
    except PlatformError as error:
        return _not_reached(account, error)
    _log(account, CHANGE, sentences.LOGGED_IN, by)
    return test_connection(account, by)


def _flow(account: PlatformAccount) -> Authorization:
    flow = account.room.authorization
    if flow is None or not logs_in_by_consent(account):
        said = _("%(account)s does not log in by consent.")
        raise NotPossible(said % {"account": account.label})
    return flow


def pause(account: PlatformAccount, by: User | None) -> None:
    """No sync and no push until it is resumed; what waits is kept."""
    _set(account, by, sentences.PAUSED, paused=True, paused_why="")


def resume(account: PlatformAccount, by: User | None) -> None:
    """Go on, with a sync at once."""
    with transaction.atomic():
        _set(account, by, sentences.RESUMED, paused=False, paused_why="")
        _now(account, next_sync_at=clock.now())


def set_interval(account: PlatformAccount, minutes: int, by: User | None) -> None:
    """Minutes between two syncs, 1 to 1440. Raises NotPossible."""
    if not validation.SHORTEST <= minutes <= validation.LONGEST:
        said = validation.interval_problem()
        raise NotPossible(said, {"interval_minutes": [said]})
    with transaction.atomic():
        _set(account, by, sentences.INTERVAL(count=minutes), interval_minutes=minutes)
        _now(account, next_sync_at=clock.now() + timedelta(minutes=minutes))


def remove(account: PlatformAccount, by: User | None) -> None:
    """Forget an account and what Lectern knew of its records; nothing is deleted on the platform.

    Raises NotPossible while webinars stand on it.
    """
    roles.require(by, roles.ADMINISTRATOR)
    try:
        with transaction.atomic():
            _log(account, DELETION, sentences.REMOVED, by)
            account.delete()
    except ProtectedError as error:
        raise NotPossible(_stands(account, error)) from None


def reason_to_keep(account: PlatformAccount) -> str:
    """Why an account cannot be forgotten; empty where it can."""
    collector = Collector(using=router.db_for_write(PlatformAccount), origin=account)
    try:
        collector.collect([account])
    except ProtectedError as error:
        return _stands(account, error)
    return ""


def _stands(account: PlatformAccount, error: ProtectedError) -> str:
    count = len(error.protected_objects)
    said = ngettext(
        "%(count)d webinar stands on %(account)s (cancelled ones and date polls count too). "
        "Pause the account instead: the platform is then asked for nothing.",
        "%(count)d webinars stand on %(account)s (cancelled ones and date polls count too). "
        "Pause the account instead: the platform is then asked for nothing.",
        count,
    )
    return said % {"count": count, "account": account.label}


def _new(platform: str) -> PlatformAccount:
    return PlatformAccount(platform=platform, credentials={}, options={})


def _room(platform: str, row: PlatformAccount) -> Room:
    if row.platform != platform:
        raise NotPossible(_("An account stays on its platform. Connect another account instead."))
    if platform not in registry.ROOMS:
        known = ", ".join(registry.slugs())
        said = _("There is no platform “%(platform)s”. Lectern knows: %(known)s.")
        raise NotPossible(said % {"platform": platform, "known": known})
    return registry.room(platform)


def _save(row: PlatformAccount, changed: list[str], by: User | None) -> None:
    new = row.pk is None
    # Names only: a log must not know what a credential was.
    said = sentences.changed(changed) if changed else sentences.CHANGED_NOTHING
    access = bool({"credentials", "base_url"} & set(changed))
    if access:
        row.state = PlatformAccount.State.CONNECTED
    row.save()
    if access:
        breaker.close(row)
        # The tokens were of the old access.
        _now(row, tokens={}, next_sync_at=clock.now())
    _log(row, ADDITION if new else CHANGE, sentences.CONNECTED if new else said, by)


def _newest(account: PlatformAccount) -> PlatformAccount:
    """The account as it stands now; nobody else changes it until the transaction ends, so that
    its whole row can be saved."""
    return PlatformAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)


def _now(account: PlatformAccount, **values: Any) -> None:
    """Write some of what goes on with an account, and nothing of what a worker writes meanwhile."""
    AccountRuntime.objects.filter(pk=account.pk).update(**values)
    for name, value in values.items():
        setattr(account.runtime, name, value)


def _reached(account: PlatformAccount, found: AccountCheck) -> Tested:
    if account.identity and found.identity and account.identity != found.identity:
        problem = sentences.ANOTHER_ACCOUNT(found=found.identity, known=account.identity)
        _now(account, checked_at=clock.now(), problem=problem)
        return Tested(False, str(problem))
    with transaction.atomic():
        row = _newest(account)
        row.identity = (found.identity or row.identity)[:200]
        row.state = PlatformAccount.State.CONNECTED
        row.learned = {**row.learned, **found.learned}
        row.save()
    account.identity, account.state, account.learned = row.identity, row.state, row.learned
    _now(account, checked_at=clock.now())
    breaker.worked(account)
    return Tested(True, shown(found.sentence))


def _not_reached(account: PlatformAccount, error: PlatformError) -> Tested:
    if isinstance(error, RateLimited):
        pace.learn(account, error)
        if error.status:  # the platform's own word, not our budget's
            budget.block(account, error.retry_after)
        said = _("Not tested: %(why)s Try again in a little while.")
        return Tested(False, said % {"why": shown(error.message)})
    _now(account, checked_at=clock.now(), problem=own_words(error.message))
    if isinstance(error, CredentialsRejected):
        breaker.rejected(account, error.message)
    return Tested(False, shown(error.message))


def _set(account: PlatformAccount, by: User | None, sentence: Text, **values: Any) -> None:
    roles.require(by, roles.ADMINISTRATOR)
    with transaction.atomic():
        row = _newest(account)
        for name, value in values.items():
            setattr(row, name, value)
            setattr(account, name, value)
        row.save()
        _log(account, CHANGE, sentence, by)


def _log(account: PlatformAccount, flag: int, sentence: Text, by: User | None) -> None:
    """Who did it, in Django's own log, which every layer and the admin can read."""
    if by is None:
        logger.info("account %s, from the command line: %s", account.label, sentence)
        return
    LogEntry.objects.log_actions(by.pk, [account], flag, stored(sentence), single_object=True)
