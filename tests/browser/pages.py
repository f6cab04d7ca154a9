"""The list of all pages: the name of an address -> what fills it, once for each of its states.

What fills an address are names of rows, which tests/browser/stage.py makes; "" fills none.
"""

from integrations import registry

PLATFORMS = tuple(registry.slugs())
EACH_ACCOUNT = tuple(f"account on {slug}" for slug in PLATFORMS)
EACH_WEBINAR = ("webinar", *(f"webinar on {slug}" for slug in PLATFORMS))

PAGES: dict[str, tuple[str, ...]] = {
    "home": ("",),
    "zone": ("",),
    "calendar": ("",),
    "attention": ("",),
    # Accounts
    "accounts": ("",),
    "account": EACH_ACCOUNT,
    "account-edit": EACH_ACCOUNT,
    "account-remove": ("account",),
    "account-connect": ("", *PLATFORMS),
    "account-dry-run": (),  # by its button
    "account-ask": EACH_ACCOUNT,
    "run": ("run", "dry run under way"),
    "conflict-resolve": ("conflict",),
    # Long work
    "job": ("job that waits", "job that ended", "job that was cancelled", "job that was stopped"),
    "job-cancel": ("job that waits", "job that ended"),
    # Webinars
    "conferences": ("",),
    "schedule": ("",),
    "series": ("series",),
    "series-add": ("series",),
    "series-invite": ("series",),
    "conference": (*EACH_WEBINAR, "draft", "gone", "cancelled", "without a date"),
    "conference-edit": (
        *(f"webinar on {slug}" for slug in PLATFORMS),
        "draft",
        "date of a series",
    ),
    "conference-people": ("webinar", "webinar on webinarfuel", "draft"),
    "conference-sessions": ("webinar", "coming"),
    "conference-recordings": ("webinar", "coming"),
    "conference-history": ("webinar",),
    "conference-mails": ("webinar", "coming"),
    "conference-gone": ("gone",),
    "platform-change": ("change",),
    "mail-retry": ("doubtful mail",),
    "entry-tell": ("refused",),
    "conference-live": EACH_WEBINAR,
    "conference-content": EACH_WEBINAR,
    "conference-cancel": ("coming", "draft", "date of a series"),
    "conference-open": ("coming",),
    "conference-move": ("coming",),
    "conference-reschedule": ("coming", "draft"),
    "conference-room": ("webinar on livewebinar",),
    "moderator-assign": ("coming",),
    "moderator-edit": ("moderator",),
    "moderator-unassign": ("moderator",),
    "personal-link": ("link of a moderator", "link of a registration"),
    "recording-delete": ("recording",),
    "ask": ("form of an action", "action with a warning", "action with a file", "answer"),
    "ask-about": ("about a moderator", "about a registration", "about a person"),
    # People
    "people": ("",),
    "person": ("person",),
    "person-new": ("",),
    "person-edit": ("person",),
    "person-delete": ("person",),
    "people-import": ("",),
    "people-import-preview": ("import",),
    "people-invite": ("",),
    "people-merge": ("",),
    "people-merge-pair": ("pair",),
    "columns": ("",),
    "column-new": ("",),
    "column-edit": ("column",),
    "column-delete": ("column",),
    "people-tag": (),  # who is meant stands in the query
    "tags": ("",),
    "tag": ("tag",),
    "tag-rename": ("tag",),
    "tag-merge": ("tag",),
    "tag-delete": ("tag",),
    "groups": ("",),
    "group": ("group", "empty group"),
    "group-new": ("",),
    "group-edit": ("group",),
    "group-delete": ("group",),
    "invite": ("coming",),
    "invite-progress": ("coming",),
    "registrations": ("coming",),
    "registration-withdraw": ("registration",),
    "registration-resend": ("registration",),
    "mail-templates": ("",),
    "mail-template-new": ("",),
    "mail-template": ("mail template",),
    "mail-template-remove": ("mail template",),
    "sent-mail": ("sent mail", "doubtful mail"),
    "person-mails": ("person",),
    "mail": ("",),
    "mail-message": ("mail",),
    "answer": ("question", "declined link", "registered link", "over", "unknown link"),
    "join": ("waiting", "over", "cancelled link", "withdrawn", "gone link", "unknown link"),
}

# Further looks of pages by their query string.
MORE: tuple[tuple[str, str, str], ...] = (
    ("calendar", "", "?view=agenda"),
    ("calendar", "", "?month=1999-01"),
    ("conferences", "", "?range=custom"),
    ("conferences", "", "?q=nothing+fits"),
    ("people", "", "?q=nothing+fits"),
    ("groups", "", "?q=nothing+fits"),
    ("people-tag", "", "?which=all"),
    ("tags", "", "?q=nothing+fits"),
    ("schedule", "", "?date=2027-03-01"),
    ("conference-reschedule", "coming", "?date=2094-03-01&time=10:00"),
)

# What answers no page of its own, and why.
NO_PAGE: dict[str, str] = {
    **dict.fromkeys(("conference-chips", "conference-sync"), "a part of a page"),
    **dict.fromkeys(
        (
            "conference-publish",
            "conference-duplicate",
            "conference-lists",
            "group-members",
            "person-tags",
            "column-move",
            "invite-list",
            "account-test",
            "account-sync",
            "account-pause",
            "hold-release",
            "hold-keep",
            "entry-retry",
            "entry-dismiss",
            "mail-dismiss",
            "theme",
        ),
        "a button: by POST alone",
    ),
    **dict.fromkeys(
        (
            "conference-attendance",
            "conference-attendance-xlsx",
            "recording-download",
            "people-export",
            "people-export-xlsx",
            "registrations-export",
            "sent-mail-calendar",
            "registrations-export-xlsx",
            "ask-file",
        ),
        "a file",
    ),
    **dict.fromkeys(("account-consent", "account-consent-back"), "leads on at once"),
    "sent-mail-html": "somebody else's page, in a frame of ours",
    "mail-html": "somebody else's page, in a frame of ours",
    "healthz": "for machines",
}
