"""The brake: where too much is missing at once, nothing is changed until a person has looked."""

from portal.common import clock
from portal.platforms.models import PlatformAccount
from portal.sync.models import Hold
from portal.sync.scope import Scope
from portal.sync.steps import Step
from portal.sync.work import Work

Place = tuple[str, int | None]


def pulled(account: PlatformAccount) -> set[Place]:
    """Where the brake is on, by kind and parent."""
    rows = Hold.objects.filter(account=account, ended_at=None, ours=False)
    return set(rows.values_list("kind", "parent_id"))


def pull(work: Work, scope: Scope, step: Step, *, ours: bool = False) -> None:
    """Keep the list of what is missing (`ours`: of what we would delete), once."""
    work.note(step)
    if not ours:
        work.holds.add(_place(scope))
    if work.dry_run:
        return
    reason = step.shown(work.platform)["sentence"]
    with work.lease.commit():
        there = Hold.objects.filter(
            account=work.account, kind=step.kind, parent=scope.parent, ended_at=None, ours=ours
        )
        if not there.update(missing=step.missing, reason=reason):
            Hold.objects.create(
                account=work.account,
                kind=step.kind,
                parent=scope.parent,
                ours=ours,
                reason=reason,
                missing=step.missing,
                since=clock.now(),
            )


def let_go(work: Work, scope: Scope) -> None:
    """A complete listing that misses nothing ends the hold by itself: nothing had been changed."""
    if work.dry_run or _place(scope) not in work.holds:
        return
    mine = Hold.objects.filter(account=work.account, kind=scope.kind, parent=scope.parent)
    with work.lease.commit():
        mine.filter(ended_at=None, ours=False).update(ended_at=clock.now())
    work.holds.remove(_place(scope))


def _place(scope: Scope) -> Place:
    return scope.kind, scope.parent.pk if scope.parent else None
