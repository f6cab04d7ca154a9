"""Long work, in each state in which its page looks otherwise."""

from datetime import timedelta

from portal.common import clock
from portal.conferences import sentences
from portal.conferences.models import Job

STATES = {
    "job that waits": (Job.What.INVITE, Job.State.WAITING),
    "job that ended": (Job.What.IMPORT, Job.State.DONE),
    "job that was cancelled": (Job.What.INVITE, Job.State.CANCELLED),
    "job that was stopped": (Job.What.IMPORT, Job.State.FAILED),
}


def jobs(conference_id, by, names):
    """Name of a row -> what its address takes. `names` are people who were left out."""
    moment, made = clock.now(), {}
    for name, (what, state) in STATES.items():
        ended = {"ended_at": moment, "ended_by": by} if state != Job.State.WAITING else {}
        made[name] = Job.objects.create(
            what=what,
            token=name,
            asked_by=by,
            conference_id=conference_id,
            arguments={"mail": True, "again": False, "group": None},
            total=3000,
            done=1200,
            counts={"registered": 1198, "created": 40, "mails": 1198, "failed": 3},
            problems=[[one, sentences.JOB_NOT_SAVED] for one in names],
            state=state,
            problem=sentences.JOB_RIGHT_GONE if state == Job.State.FAILED else "",
            created_at=moment,
            started_at=moment - timedelta(seconds=12),
            moved_at=moment,
            **ended,
        )
    return {name: (row.pk,) for name, row in made.items()}
