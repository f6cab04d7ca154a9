"""What the sync says of rows and records: codes, and the words for them.

A step, a conflict, a hold, the problem of a run and a line of history keep one of these with what
stands in it, so that each is read in the language of whoever looks at it.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.common.texts import Sentence, Text

# What a step is about, where no name is known: the beginning of what is said of it
_SOMETHING = Sentence("step.a-thing", _("A %(kind)s"))
_A_KIND = {
    "conference": Sentence("step.a-conference", _("A webinar"))(),
    "moderator": Sentence("step.a-moderator", _("A moderator"))(),
    "registration": Sentence("step.a-registration", _("A registration"))(),
    "attendee": Sentence("step.a-person", _("A person"))(),
    "group": Sentence("step.a-group", _("A group"))(),
    "membership": Sentence("step.a-membership", _("A membership"))(),
    "session": Sentence("step.a-session", _("A session"))(),
    "attendance": Sentence("step.an-attendance", _("An attendance"))(),
    "recording": Sentence("step.a-recording", _("A recording"))(),
}
NOTHING = Sentence("step.nothing", _("nothing"))()


def a_kind(kind: str) -> Text:
    """One of a kind, of which no more is known."""
    return _A_KIND.get(kind) or _SOMETHING(kind=kind)


# Steps: news
IMPORT = Sentence("step.import", _("%(title)s was found on %(platform)s and is added here."))
# Many of them in one listing. A group has a name of its own, and is told of alone.
FOUND = {
    "conference": Sentence(
        "step.found-webinars",
        ngettext_lazy(
            "%(count)d webinar was found on %(platform)s and is added here.",
            "%(count)d webinars were found on %(platform)s and are added here.",
            "count",
        ),
    ),
    "moderator": Sentence(
        "step.found-moderators",
        ngettext_lazy(
            "%(count)d moderator was found on %(platform)s and is added here.",
            "%(count)d moderators were found on %(platform)s and are added here.",
            "count",
        ),
    ),
    "registration": Sentence(
        "step.found-registrations",
        ngettext_lazy(
            "%(count)d registration was found on %(platform)s and is added here.",
            "%(count)d registrations were found on %(platform)s and are added here.",
            "count",
        ),
    ),
    "attendee": Sentence(
        "step.found-people",
        ngettext_lazy(
            "%(count)d person was found on %(platform)s and is added here.",
            "%(count)d people were found on %(platform)s and are added here.",
            "count",
        ),
    ),
    "membership": Sentence(
        "step.found-members",
        ngettext_lazy(
            "%(count)d member of the group was found on %(platform)s and is added here.",
            "%(count)d members of the group were found on %(platform)s and are added here.",
            "count",
        ),
    ),
    "session": Sentence(
        "step.found-sessions",
        ngettext_lazy(
            "%(count)d session was found on %(platform)s and is added here.",
            "%(count)d sessions were found on %(platform)s and are added here.",
            "count",
        ),
    ),
    "attendance": Sentence(
        "step.found-attendances",
        ngettext_lazy(
            "%(count)d attendance was found on %(platform)s and is added here.",
            "%(count)d attendances were found on %(platform)s and are added here.",
            "count",
        ),
    ),
    "recording": Sentence(
        "step.found-recordings",
        ngettext_lazy(
            "%(count)d recording was found on %(platform)s and is added here.",
            "%(count)d recordings were found on %(platform)s and are added here.",
            "count",
        ),
    ),
}
TAKE = Sentence("step.take", _("%(title)s was changed on %(platform)s: %(fields)s."))
EDIT_WINS = Sentence(
    "step.edit-wins",
    _("%(title)s was to be deleted, but was changed on %(platform)s meanwhile: it stays."),
)
AGREE = Sentence("step.agree", _("%(title)s is the same here and on %(platform)s."))
ADOPT = Sentence(
    "step.adopt", _("%(title)s was found on %(platform)s and belongs to what we have here.")
)
BACK = Sentence("step.back", _("%(title)s is on %(platform)s again."))
MADE_ANEW = Sentence(
    "step.made-anew",
    _("%(title)s was removed here, and others have put it on %(platform)s again: it stands."),
)
GONE = Sentence(
    "step.gone",
    _("%(title)s is no longer on %(platform)s. It is kept here; you choose what becomes of it."),
)
DUPLICATE = Sentence(
    "step.duplicate",
    _("%(title)s stands twice on %(platform)s; the second one is not added here."),
)
SAME_PERSON = Sentence(
    "step.same-person", _("%(title)s stands once more on %(platform)s, for the same person.")
)
STILL_THERE = Sentence(
    "step.still-there", _("%(title)s was deleted on %(platform)s but is still shown there.")
)
MISS = Sentence("step.miss", _("%(title)s was not listed by %(platform)s; the next sync decides."))
UNLISTED = Sentence(
    "step.unlisted", _("%(title)s has left the list of %(platform)s but can still be read there.")
)
NOT_MADE_YET = Sentence("step.not-made-yet", _("%(title)s is not on %(platform)s so far."))
NOT_MADE = Sentence(
    "step.not-made",
    _("%(title)s was surely not created on %(platform)s; it will be created again."),
)
ASK_WHICH = Sentence(
    "step.ask-which",
    _(
        "The answer of %(platform)s to creating %(title)s was lost. What it shows now may be it, "
        "changed there since: which is it?"
    ),
)
ASK_WHICH_RESTORED = Sentence(
    "step.ask-which-restored",
    _(
        "%(title)s was still to be created when the restored backup was made, and may have been "
        "since. What %(platform)s shows now may be it, changed there since: which is it?"
    ),
)
ASK_WHETHER_TO_MAKE = Sentence(
    "step.ask-whether-to-make",
    _(
        "%(title)s was still to be created when the restored backup was made, and %(platform)s "
        "does not show it. It may have been made since, and deleted again: make it now?"
    ),
)
ASK_WHETHER_SAME = Sentence(
    "step.ask-whether-same",
    _(
        "%(title)s is still to be created on %(platform)s, which shows one with the same title "
        "and time that came after ours: is it the same?"
    ),
)
NAMELESS = Sentence(
    "step.nameless", _("%(title)s has no e-mail address on %(platform)s and stays there alone.")
)

# Steps: pending changes, and what the history says once they were sent
CREATE = Sentence("step.create", _("%(title)s is to be created on %(platform)s."))
CREATED = Sentence("step.created", _("%(title)s was created on %(platform)s."))
UPDATE = Sentence("step.update", _("%(title)s is to be changed on %(platform)s: %(fields)s."))
UPDATED = Sentence("step.updated", _("%(title)s was changed on %(platform)s."))
DELETE = Sentence("step.delete", _("%(title)s is to be deleted on %(platform)s."))
DELETED = Sentence("step.deleted", _("%(title)s was deleted on %(platform)s."))
DELETED_BY_OTHERS = Sentence(
    "step.deleted-by-others", _("%(title)s was not on %(platform)s any more.")
)
READDRESS = Sentence(
    "step.readdress",
    _(
        "%(title)s has another address: the old one is to be withdrawn on %(platform)s, and the "
        "new one put there."
    ),
)
READDRESSED = Sentence(
    "step.readdressed", _("%(title)s was withdrawn at the old address on %(platform)s.")
)
BRAKE = Sentence(
    "step.brake",
    _("Too much is missing on %(platform)s at once; nothing is changed until you have looked."),
)

# Of these the changed fields are a part
NAME_FIELDS = (TAKE, UPDATE)

# Conflicts
GONE_EDITED = Sentence("conflict.gone-edited", _("It had been edited here."))()
CANNOT_BE_TOLD = Sentence("conflict.cannot-be-told", _("%(title)s: “%(field)s” cannot be told."))
BOTH_CHANGED = Sentence(
    "conflict.both-changed", _("%(title)s: “%(field)s” was changed on both sides.")
)
NOT_THE_SAME = Sentence(
    "conflict.not-the-same",
    _("%(title)s: “%(field)s” differs on the two sides, and who changed it last is not known."),
)
THEIRS_IS_USED = Sentence(
    "conflict.theirs-is-used", _("The value of %(platform)s is used; ours is kept here.")
)
OURS_IS_USED = Sentence(
    "conflict.ours-is-used",
    _(
        "%(theirs)s still stands there, and a link that was sent there still opens. %(platform)s "
        "keeps its own; ours is used here."
    ),
)
PUT_BACK = Sentence(
    "conflict.put-back",
    _(
        "%(title)s: “%(field)s” was sent to %(platform)s several times and is put back there each "
        "time. It is not sent any more until you choose."
    ),
)
ANOTHER_ADDRESS = Sentence(
    "conflict.another-address",
    _(
        "%(title)s: the address was changed from %(old)s to %(new)s on %(platform)s. The "
        "invitation went to another one so far."
    ),
)
CLOCKS_CHANGED = Sentence(
    "conflict.clocks-changed",
    _(
        "New time zone data (%(source)s) for %(zone)s: this webinar was planned for %(planned)s "
        "there. The instant that everybody has is %(now)s by the new clocks."
    ),
)
THIS_MACHINE = Sentence("conflict.this-machine", _("of this machine"))()

# What a conflict is, as its label on the pages; the history tells what was decided
SORTS = {
    "field": Sentence("conflict.sort.field", _("Changed on both sides"))(),
    "delete": Sentence("conflict.sort.delete", _("Cancelled here, changed there"))(),
    "gone": Sentence("conflict.sort.gone", _("Removed there"))(),
    "duplicate": Sentence("conflict.sort.duplicate", _("There twice"))(),
    "flip": Sentence("conflict.sort.flip", _("Changes back and forth"))(),
    "refused": Sentence("conflict.sort.refused", _("The platform keeps its own value"))(),
    "clock": Sentence("conflict.sort.clock", _("Moved by new time zone data"))(),
    "which": Sentence("conflict.sort.which", _("Which one is it?"))(),
    "address": Sentence("conflict.sort.address", _("Another address on the platform"))(),
}
DECIDED = Sentence("history.decided", _("%(sort)s: %(choice)s."))
DECIDED_FIELD = Sentence("history.decided-field", _("%(sort)s (%(field)s): %(choice)s."))

# The answers to conflicts
USE_OURS = Sentence("choice.use-ours", _("Use ours"))()
KEEP_THEIRS = Sentence("choice.keep-theirs", _("Keep theirs"))()
LEAVE_IT_SO = Sentence("choice.leave-it-so", _("Leave it so"))()
SEND_AGAIN = Sentence("choice.send-again", _("Send ours again"))()
TAKE_THEIRS = Sentence("choice.take-theirs", _("Take theirs"))()
CANCEL_ANYWAY = Sentence("choice.cancel-anyway", _("Cancel it anyway"))()
KEEP_IT = Sentence("choice.keep-it", _("Keep it"))()
DELETE_AGAIN = Sentence("choice.delete-again", _("Delete it again"))()
BRING_BACK = Sentence("choice.bring-back", _("Bring it back"))()
MAKE_AGAIN = Sentence("choice.make-again", _("Create it again"))()
ACCEPT_LOSS = Sentence("choice.accept-loss", _("Mark it as cancelled"))()
ADD_AGAIN = Sentence("choice.add-again", _("Add them again"))()
TAKE_OFF = Sentence("choice.take-off", _("Take them off here too"))()
KEEP_HERE = Sentence("choice.keep-here", _("Keep it in Lectern only"))()
DELETE_HERE = Sentence("choice.delete-here", _("Delete it here too"))()
LEAVE_DOUBLE = Sentence("choice.leave-double", _("Leave the duplicate"))()
ADD_DOUBLE = Sentence("choice.add-double", _("Add it as its own"))()
KEEP_CLOCK = Sentence("choice.keep-clock", _("Keep the clock time"))()
KEEP_INSTANT = Sentence("choice.keep-instant", _("Keep the instant"))()
IT_IS = Sentence("choice.it-is", _("It is “%(title)s”"))
NONE_MAKE = Sentence("choice.none-make", _("None of them: make it"))()
NONE_LEAVE = Sentence("choice.none-leave", _("None of them: leave it out"))()
MAKE = Sentence("choice.make", _("Make it"))()
LEAVE_OUT = Sentence("choice.leave-out", _("Leave it out"))()
INVITE_THERE = Sentence("choice.invite-there", _("Invite at the new address"))()
SEND_NOTHING = Sentence("choice.send-nothing", _("Send nothing"))()

# History
LOST_ANSWER = Sentence(
    "history.lost-answer",
    _(
        "%(title)s was created on %(platform)s. The answer was lost; it was found by looking, and "
        "was not made a second time."
    ),
)
RESTORED_ANSWER = Sentence(
    "history.restored-answer",
    _(
        "%(title)s was created on %(platform)s. The backup did not know of it; it was found by "
        "looking, and was not made a second time."
    ),
)
HOLDS_OURS = Sentence(
    "history.holds-ours",
    _(
        "%(title)s: %(platform)s holds ours by now (%(fields)s). The answer to sending it was "
        "lost, or others have set the same there."
    ),
)
INVITATION_FOLLOWS = Sentence(
    "history.invitation-follows",
    _("The invitation goes to the new address, as it is set for this account."),
)()
CHANGE_TRIED_AGAIN = Sentence(
    "history.change-tried-again", _("The change is tried again on %(account)s.")
)
ACTION_TRIED_AGAIN = Sentence(
    "history.action-tried-again", _("“%(action)s” is tried again on %(account)s.")
)
ACTION_LEFT = Sentence("history.action-left", _("“%(action)s” is not asked for again."))
ABSENCES_ACCEPTED = Sentence(
    "history.absences-accepted",
    ngettext_lazy("%(count)d absence was accepted.", "%(count)d absences were accepted.", "count"),
)
NOT_BELIEVED = Sentence("history.not-believed", _("Not believed; Lectern looks again."))()
CHOSEN_HERE = Sentence(
    "history.chosen-here",
    _("It stands on %(platform)s. Which record it is was chosen here."),
)
CHOSEN_AFTER_LOST = Sentence(
    "history.chosen-after-lost",
    _(
        "It stands on %(platform)s. The answer to creating it was lost; which record it is was "
        "chosen here."
    ),
)
COPIED_FROM = Sentence("history.copied-from", _("Copied from %(account)s"))
MOVED_FROM = Sentence("history.moved-from", _("Moved from %(account)s"))
MOVED_TO = Sentence("history.moved-to", _("Moved to %(account)s"))
DONE_THERE = Sentence("history.done-there", _("%(action)s: %(platform)s was asked and agreed."))
DONE_THERE_FOR = Sentence(
    "history.done-there-for", _("%(action)s: %(platform)s was asked and agreed, for %(whose)s.")
)
ASKED_THERE = Sentence("history.asked-there", _("%(action)s: asked of %(platform)s."))
ASKED_THERE_FOR = Sentence(
    "history.asked-there-for", _("%(action)s: asked of %(platform)s, for %(whose)s.")
)

# Why an entry waits, or is not known to be done
NEXT_LISTING = Sentence("entry.next-listing", _("The next sync decides what that means."))()
DONE_OR_NOT = Sentence("entry.done-or-not", _("Whether it was done is not known."))()
ACCOUNT_HELD = Sentence("entry.account-held", _("The account is held until somebody has looked."))()
NOT_THERE_YET = Sentence("entry.not-there-yet", _("Waiting until it stands on %(platform)s."))
_PARENT_NOT_THERE_YET = {
    "conference": Sentence(
        "entry.conference-not-there-yet", _("Waiting until the webinar stands on %(platform)s.")
    ),
    "group": Sentence(
        "entry.group-not-there-yet", _("Waiting until the group stands on %(platform)s.")
    ),
    "session": Sentence(
        "entry.session-not-there-yet", _("Waiting until the session stands on %(platform)s.")
    ),
}


def parent_not_there_yet(kind: str, platform: str) -> Text:
    """That an entry waits for what its row belongs to."""
    return _PARENT_NOT_THERE_YET.get(kind, NOT_THERE_YET)(platform=platform)


STILL_SHOWN = Sentence("entry.still-shown", _("%(platform)s still shows what was removed."))
ANSWER_LOST = Sentence(
    "entry.answer-lost",
    _(
        "The answer of %(platform)s was lost, and %(platform)s does not show whether it was made. "
        "Try again to have another made; the first, if there is one, stays."
    ),
)
WAITED_IN_BACKUP = Sentence(
    "entry.waited-in-backup",
    _(
        "It waited when the restored backup was made, and %(platform)s does not show whether it "
        "was made. Try again to have another made; the first, if there is one, stays."
    ),
)
WHICH_IS_ASKED = Sentence(
    "entry.which-is-asked", _("Waiting for somebody to say which record it is.")
)()
WHETHER_IS_ASKED = Sentence(
    "entry.whether-is-asked", _("Waiting for somebody to say whether it is to be made.")
)()
CHECKING = Sentence("entry.checking", _("Checking with %(platform)s whether it was created."))
PERSON_NOT_SHOWN = Sentence("entry.person-not-shown", _("%(platform)s does not show them yet."))
NOT_SHOWN = Sentence("entry.not-shown", _("%(platform)s does not show it now."))
MANY_DELETES = Sentence(
    "entry.many-deletes", _("Many would be deleted at once: somebody has to look first.")
)()
KEPT_FOR_PEOPLE = Sentence(
    "entry.kept-for-people", _("It is kept until everybody has a way into the room on %(account)s.")
)

# Problems of a run
INACTIVE = Sentence("run.inactive", _("The account is paused, or its credentials are refused."))()
GOES_ON = Sentence("run.goes-on", _("There was much to read: the next sync goes on at once."))()
NO_WORKER = Sentence(
    "run.no-worker",
    _(
        "No worker finished it within an hour. Ask again; if that does not help, an administrator "
        "should see whether Lectern's worker is running."
    ),
)()
_LIST_NOT_TRUSTED = {
    "conference": Sentence(
        "run.list-of-conferences", _("The list of webinars could not be trusted.")
    )(),
    "moderator": Sentence(
        "run.list-of-moderators", _("The list of moderators could not be trusted.")
    )(),
    "registration": Sentence(
        "run.list-of-registrations", _("The list of registrations could not be trusted.")
    )(),
    "attendee": Sentence("run.list-of-attendees", _("The list of people could not be trusted."))(),
    "group": Sentence("run.list-of-groups", _("The list of groups could not be trusted."))(),
    "membership": Sentence(
        "run.list-of-memberships", _("The list of memberships could not be trusted.")
    )(),
    "session": Sentence("run.list-of-sessions", _("The list of sessions could not be trusted."))(),
    "attendance": Sentence(
        "run.list-of-attendances", _("The list of who attended could not be trusted.")
    )(),
    "recording": Sentence(
        "run.list-of-recordings", _("The list of recordings could not be trusted.")
    )(),
}
_SOME_LIST_NOT_TRUSTED = Sentence(
    "run.list-of-others", _("A list (%(kind)s) could not be trusted.")
)
ROWS_MOVED = Sentence("run.rows-moved", _("Rows moved while the pages were read."))()
PARENT_UNKNOWN = Sentence(
    "run.parent-unknown", _("The platform does not know what it belongs to.")
)()


# Trouble of an account whose answers cannot be read: only a list that is accepted disproves it
NOTHING_READ = Sentence(
    "run.nothing-read",
    _(
        "%(platform)s answers, but no list can be read. %(why)s Lectern tries again by itself. If "
        "it stays so, an administrator should look at the last sync and test the connection."
    ),
)
CONFERENCES_UNREAD = Sentence(
    "run.conferences-unread",
    _(
        "%(platform)s answers, but not everything can be read. %(which)s Lectern tries again by "
        "itself. If it stays so, an administrator should look at the last sync."
    ),
)


def list_not_trusted(kind: str) -> Text:
    """That the listing of a kind was not accepted."""
    return _LIST_NOT_TRUSTED.get(kind) or _SOME_LIST_NOT_TRUSTED(kind=kind)


ADDRESS_TAKEN = Sentence(
    "run.address-taken",
    _(
        "%(title)s has the address %(address)s on %(platform)s, which is another person's here. "
        "Give one of them another address there: then the next sync settles it."
    ),
)
NOT_KEPT = Sentence("run.not-kept", _("%(title)s on %(platform)s cannot be kept here."))

# After a restore
RESTORED = Sentence(
    "restored.paused",
    _("The database was restored from a backup. Look at what needs attention, then resume."),
)()
RESTORED_ASKS = Sentence(
    "restored.asks",
    _(
        "The database was restored from a backup. Look at what needs attention, then resume. "
        "People are told of changes made there only after somebody was asked: they may have heard "
        "of them before. Set it on the account's settings again when all is settled."
    ),
)()
RESTORED_ACTION = Sentence(
    "restored.action",
    _("It waited when the backup was made. Whether it was done since is not known."),
)()
RESTORED_MAIL = Sentence(
    "restored.mail",
    _("It waited when the backup was made. It may have been sent since: ask before you resend."),
)()
