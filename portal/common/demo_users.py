"""The demo's people who may log in; their passwords are in `settings.DEMO_LOGINS`."""

from portal.common import roles

# Name to log in with -> (first name, last name, role)
USERS = {
    "admin": ("Ada", "Ministrator", roles.ADMINISTRATOR),
    "staff": ("Stella", "Eventstaff", roles.STAFF),
    "viewer": ("Vic", "Onlooker", roles.VIEWER),
}
