"""What history and mails say of conferences and people: codes, and the words for them."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.common.texts import Sentence

# Why a mail was not sent, or waits
MAIL_PERSON_AGAIN = Sentence(
    "mail.person-again", _("The person takes part again: nothing is over for them.")
)()
MAIL_TAKES_PLACE = Sentence("mail.takes-place", _("The webinar takes place after all."))()
MAIL_THIS_TAKES_PLACE = Sentence(
    "mail.this-takes-place", _("This webinar takes place after all.")
)()
MAIL_TOO_LATE = Sentence("mail.too-late", _("The webinar had ended before this could be sent."))()
MAIL_NOBODY = Sentence("mail.nobody", _("It names nobody any more."))()
MAIL_KEPT_BACK = Sentence(
    "mail.kept-back", _("%(platform)s keeps another value. Decide first which one holds.")
)
MAIL_NOT_KNOWN = Sentence("mail.not-known", _("It is not known what %(platform)s did: %(why)s"))
MAIL_NOT_ACCEPTED = Sentence("mail.not-accepted", _("%(platform)s did not accept it: %(why)s"))
MAIL_CORRECTED = Sentence(
    "mail.corrected", _("The address was corrected since, and the invitation sent there.")
)()
MAIL_NO_ADDRESS = Sentence("mail.no-address", _("There is no address to write to."))()
MAIL_CANCELLED = Sentence("mail.cancelled", _("The webinar was cancelled before this was sent."))()
MAIL_WITHDRAWN = Sentence("mail.withdrawn", _("The person was withdrawn before this was sent."))()
MAIL_TAKEN_OFF = Sentence("mail.taken-off", _("The person was taken off before this was sent."))()
MAIL_UNDONE = Sentence("mail.undone", _("It was changed back before this was sent."))()
MAIL_SUPERSEDED = Sentence(
    "mail.superseded", _("Another value took the place of the one that this would have told.")
)()
MAIL_TOLD = Sentence("mail.told", _("The person has been told of this already."))()
MAIL_TOLD_ANEW = Sentence(
    "mail.told_anew", _("Another mail that says the same was written before this was sent.")
)()
MAIL_MOVED = Sentence(
    "mail.moved",
    _("The webinar was moved before this was sent: its reminders follow the new time."),
)()
MAIL_BEGUN = Sentence("mail.begun", _("The webinar had begun before this could be sent."))()
MAIL_REMINDER_REMOVED = Sentence(
    "mail.reminder-removed", _("The reminder was taken back before this was sent.")
)()
MAIL_REMINDER_LATE = Sentence(
    "mail.reminder-late",
    _("More than half of its time had passed before this could be sent: it would be late."),
)()
MAIL_POLL_CLOSED = Sentence(
    "mail.poll-closed", _("The date poll was closed before this was sent.")
)()
MAIL_WEBINAR_DELETED = Sentence(
    "mail.webinar-deleted", _("The webinar that came of it was deleted before this was sent.")
)()
MAIL_ANSWERED = Sentence("mail.answered", _("The person answered before this was sent."))()
MAIL_LOST = Sentence(
    "mail.lost",
    _("The portal stopped while this was being sent. It may have arrived: ask before you resend."),
)()
MAIL_CUT = Sentence(
    "mail.cut",
    _("The mail server did not answer to the end. It may have arrived: ask before you resend."),
)()
MAIL_SERVER_DOWN = Sentence(
    "mail.server-down", _("The mail server cannot be reached. It is tried again by itself.")
)()
MAIL_SERVER_SLOW = Sentence(
    "mail.server-slow",
    _("The mail server is too slow to send anything now. It is tried again by itself."),
)()
MAIL_SERVER_REFUSES = Sentence(
    "mail.server-refuses", _("The mail server does not take messages from this portal at present.")
)()
MAIL_SENDER_REFUSED = Sentence(
    "mail.sender-refused",
    _(
        "The mail server takes no mail from %(sender)s at present. An administrator can set the "
        "sender on the page of the account."
    ),
)
MAIL_SERVER_ANSWERED = Sentence(
    "mail.server-answered", _("The mail server answered: %(status)d %(answer)s")
)
MAIL_CAME_BACK = Sentence(
    "mail.came-back",
    _("It came back: %(answer)s Correct the address, and Lectern asks whether to invite there."),
)
MAIL_UNWRITABLE = Sentence(
    "mail.unwritable", _("The message could not be written for this address.")
)()

# Why a webinar does not take place (here), where nobody wrote a reason
DELETED_THERE = Sentence("cancelled.deleted-there", _("It was deleted on %(platform)s."))
TAKES_PLACE_ON = Sentence("cancelled.takes-place-on", _("It takes place on %(account)s."))

# History
INVITED_TO = Sentence("history.invited-to", _("Invited to %(webinar)s"))
INVITED = Sentence(
    "history.invited",
    ngettext_lazy("Invited %(count)d person", "Invited %(count)d people", "count"),
)
INVITED_AGAIN = Sentence("history.invited-again", _("%(count)d of them again"))
INVITED_WITHOUT_MAIL = Sentence("history.invited-without-mail", _("without a mail of ours"))()
REGISTRATION_ON = Sentence(
    "history.registration-on", _("Switched registration on, to invite people")
)()
DATE_ADDED = Sentence("history.date-added", _("Added to the series %(series)s"))
ROOM_DATES_LEFT_OUT = Sentence(
    "history.room-dates-left-out",
    ngettext_lazy(
        "Left out a date: %(date)s",
        "Left out %(count)d dates, the first of them %(date)s",
        "count",
    ),
)
ROOM_DATES_MOVED = Sentence(
    "history.room-dates-moved",
    ngettext_lazy(
        "Moved a date: %(date)s → %(to)s",
        "Moved %(count)d dates, this one of them: %(date)s → %(to)s",
        "count",
    ),
)
ROOM_DATE_ADDED = Sentence("history.room-date-added", _("Added a date: %(date)s"))
REGISTERED_AGAIN = Sentence("history.registered-again", _("Registered again"))()
WITHDREW = Sentence("history.withdrew", _("Withdrew %(person)s"))
WITHDREW_SECOND = Sentence(
    "history.withdrew-second", _("Withdrew the second registration of %(person)s")
)
LET_IN = Sentence("history.let-in", _("Registered %(person)s"))
MOVED_UP = Sentence("history.moved-up", _("%(person)s moved up from the waiting list"))
REGISTERED_BY_PAGE = Sentence(
    "history.registered-by-page", _("%(person)s registered on the registration page")
)
REGISTERED_FOR_ADDED = Sentence(
    "history.registered-for-added", _("Registered %(person)s, who registered for all dates")
)
PAGE_OPENED = Sentence("history.page-opened", _("The registration page is open"))()
PAGE_CLOSED = Sentence("history.page-closed", _("The registration page is closed"))()
ANSWERED_YES = Sentence("history.answered-yes", _("%(person)s answered: yes"))
ANSWERED_MAYBE = Sentence("history.answered-maybe", _("%(person)s answered: perhaps"))
ANSWERED_NO = Sentence("history.answered-no", _("%(person)s answered: no"))
CALENDAR_SAID_YES = Sentence(
    "history.calendar-said-yes", _("%(person)s answered by their calendar: yes")
)
CALENDAR_SAID_MAYBE = Sentence(
    "history.calendar-said-maybe", _("%(person)s answered by their calendar: perhaps")
)
CALENDAR_SAID_NO = Sentence(
    "history.calendar-said-no", _("%(person)s answered by their calendar: no")
)
CALENDAR_NOT_TAKEN = Sentence(
    "history.calendar-not-taken",
    _("%(person)s answered by their calendar, which could not be taken: %(why)s"),
)
RESENT = Sentence("history.resent", _("Queued the invitation of %(person)s again"))
LINK_ASKED_FOR = Sentence("history.link-asked-for", _("Asked for the personal link of %(person)s."))
LIST_TAKEN_OUT = Sentence(
    "history.list-taken-out",
    _("Took out the list of registrations with their personal links."),
)()
RECORDING_ASKED_FOR = Sentence(
    "history.recording-asked-for", _("Asked for the address of the recording.")
)()
ADDED = Sentence("history.added", _("Added %(name)s"))
ADDED_WITH_OTHERS = Sentence("history.added-with-others", _("Added with many others"))()
CREATED = Sentence("history.created", _("Created %(name)s"))
CHANGED = Sentence("history.changed", _("Changed %(name)s"))
CHANGED_BY_IMPORT = Sentence("history.changed-by-import", _("Changed by an import"))()
DELETED = Sentence("history.deleted", _("Deleted %(name)s"))
JOINED_GROUP = Sentence("history.joined-group", _("Put into %(group)s"))
LEFT_GROUP = Sentence("history.left-group", _("Taken out of %(group)s"))
COLUMN_CHANGED = Sentence("history.column-changed", _("Changed the column %(name)s"))
TAGGED = Sentence("history.tagged", _("Tagged: %(tags)s"))
UNTAGGED = Sentence("history.untagged", _("Tag taken off: %(tags)s"))
PEOPLE_TAGGED = Sentence(
    "history.people-tagged",
    ngettext_lazy("Put on %(count)d person", "Put on %(count)d people", "count"),
)
PEOPLE_UNTAGGED = Sentence(
    "history.people-untagged",
    ngettext_lazy("Taken off %(count)d person", "Taken off %(count)d people", "count"),
)
TAGS_MERGED = Sentence(
    "history.tags-merged",
    ngettext_lazy(
        "Took in the tag %(tag)s, which was on %(count)d person",
        "Took in the tag %(tag)s, which was on %(count)d people",
        "count",
    ),
)
MERGED_WITH = Sentence("history.merged-with", _("Merged with %(person)s (%(email)s)."))
MERGED_INTO = Sentence("history.merged-into", _("Merged into %(person)s (%(email)s)"))
MOVED_WITH_PERSON = Sentence(
    "history.moved-with-person",
    _("Moved registrations: %(registrations)d, groups: %(groups)d, attendances: %(attendances)d."),
)
ONE_REGISTRATION_KEPT = Sentence(
    "history.one-registration-kept",
    _("Both were registered at %(webinars)s: one registration was kept."),
)
ONE_ANSWER_KEPT = Sentence(
    "history.one-answer-kept",
    ngettext_lazy(
        "Both had answered %(count)d question, differently: one answer was kept.",
        "Both had answered %(count)d questions, differently: one answer to each was kept.",
        "count",
    ),
)
OTHER_VALUES_IN_HISTORY = Sentence(
    "history.other-values-in-history",
    _("What the other entry said differently stands in the history of this person."),
)()
OTHER_ADDRESS_STAYS = Sentence(
    "history.other-address-stays",
    _("A platform knows the other address: it stays, and leads to the kept entry."),
)()
PEOPLE_TOLD = Sentence(
    "history.people-told",
    ngettext_lazy(
        "%(count)d person is told of the change on %(platform)s.",
        "%(count)d people are told of the change on %(platform)s.",
        "count",
    ),
)
NOBODY_TOLD = Sentence(
    "history.nobody-told", _("Nobody is notified of the change on %(platform)s.")
)
NOBODY_TOLD_HERE = Sentence(
    "history.nobody-told-here", _("Nobody is notified of it, as it is set for this account.")
)()
REMINDED = Sentence(
    "history.reminded",
    ngettext_lazy("Reminded %(count)d person", "Reminded %(count)d people", "count"),
)
REMINDER_SET = Sentence(
    "history.reminder-set",
    ngettext_lazy(
        "People are reminded %(count)d minute before the start",
        "People are reminded %(count)d minutes before the start",
        "count",
    ),
)
REMINDER_REMOVED = Sentence(
    "history.reminder-removed",
    ngettext_lazy(
        "Nobody is reminded %(count)d minute before the start any more",
        "Nobody is reminded %(count)d minutes before the start any more",
        "count",
    ),
)
REMINDERS_NONE = Sentence("history.reminders-none", _("Nobody is reminded"))()
REMINDERS_OF_SERIES = Sentence(
    "history.reminders-of-series", _("People are reminded as the series says")
)()
REMINDERS_OF_ACCOUNT = Sentence(
    "history.reminders-of-account", _("People are reminded as the account says")
)()
POLL_OPENED = Sentence(
    "history.poll-opened",
    ngettext_lazy(
        "Opened, with %(count)d proposed time", "Opened, with %(count)d proposed times", "count"
    ),
)
ASKED_FOR_DATE = Sentence(
    "history.asked-for-date",
    ngettext_lazy("Asked %(count)d person", "Asked %(count)d people", "count"),
)
ASKED_FOR_DATE_AGAIN = Sentence(
    "history.asked-for-date-again",
    ngettext_lazy("Asked %(count)d person again", "Asked %(count)d people again", "count"),
)
TOLD_OF_CHANGED_POLL = Sentence(
    "history.told-of-changed-poll",
    ngettext_lazy(
        "Told %(count)d person of the change", "Told %(count)d people of the change", "count"
    ),
)
TIMES_PROPOSED = Sentence(
    "history.times-proposed",
    ngettext_lazy("Proposed %(count)d further time", "Proposed %(count)d further times", "count"),
)
PEOPLE_TO_ASK = Sentence("history.people-to-ask", _("Added %(people)s"))
NOT_ASKED_ANY_MORE = Sentence("history.not-asked-any-more", _("Took off %(person)s"))
POLL_LED_TO = Sentence("history.poll-led-to", _("Scheduled as %(webinar)s"))
POLL_DRAFTED = Sentence("history.poll-drafted", _("Saved as the draft %(webinar)s"))
POLL_WITHOUT_DATE = Sentence("history.poll-without-date", _("Closed without a date"))()
OUTCOME_TOLD = Sentence(
    "history.outcome-told",
    ngettext_lazy(
        "Told %(count)d person what came of it",
        "Told %(count)d people what came of it",
        "count",
    ),
)
DOUBTFUL_ARRIVED = Sentence(
    "history.doubtful-arrived",
    ngettext_lazy(
        "%(count)d mail that was perhaps sent: arrived",
        "%(count)d mails that were perhaps sent: arrived",
        "count",
    ),
)
DOUBTFUL_AGAIN = Sentence(
    "history.doubtful-again",
    ngettext_lazy(
        "%(count)d mail that was perhaps sent: sent again",
        "%(count)d mails that were perhaps sent: sent again",
        "count",
    ),
)
SENT_ALTHOUGH_REFUSED = Sentence(
    "history.sent-although-refused",
    ngettext_lazy(
        "%(count)d mail is sent although it was not accepted",
        "%(count)d mails are sent although it was not accepted",
        "count",
    ),
)

# Jobs: why one stopped, and of whom it could not be done
JOB_RIGHT_GONE = Sentence(
    "job.right-gone",
    _("Whoever asked for this no longer has the role that it needs. Nothing more was done."),
)()
JOB_RESTORED = Sentence(
    "job.restored",
    _(
        "The database was restored from a backup. Nobody knows how far this had come: look at who "
        "is there, then ask for the rest anew."
    ),
)()
JOB_NOT_SAVED = Sentence("job.not-saved", _("This could not be saved. Try it alone."))()
JOB_PERSON_GONE = Sentence("job.person-gone", _("This person was deleted meanwhile."))()
INVITING_CANCELLED = Sentence(
    "history.inviting-cancelled",
    ngettext_lazy(
        "Cancelled inviting: %(count)d person was not invited",
        "Cancelled inviting: %(count)d people were not invited",
        "count",
    ),
)
