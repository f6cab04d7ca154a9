"""The demo's people who may log in. Everybody knows the password, so they exist there alone."""

from portal.identity import roles

PASSWORD = "lectern-demo"  # noqa: S105 - printed at each start of the demo
# Name to log in with -> (first name, last name, role)
USERS = {
    "admin": ("Ada", "Ministrator", roles.ADMINISTRATOR),
    "staff": ("Stella", "Eventstaff", roles.STAFF),
    "viewer": ("Vic", "Onlooker", roles.VIEWER),
}
