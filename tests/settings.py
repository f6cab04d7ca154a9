"""The portal's settings, for tests: nothing of this machine's .env, nothing that leaves it.

DATABASE_URL and CELERY_BROKER_URL of the environment are obeyed, so that the same suite runs on
PostgreSQL and Redis. Without them the database is a SQLite file and not one in memory: threads
and transactions must meet the very locks that they meet in the demo.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

VAR = Path(tempfile.mkdtemp(prefix="lectern-tests-"))
atexit.register(shutil.rmtree, VAR, ignore_errors=True)

os.environ.setdefault("DATABASE_URL", f"sqlite:///{VAR}/lectern.sqlite3")
os.environ.setdefault("CELERY_BROKER_URL", "memory://localhost")
os.environ |= {
    "DEBUG": "true",
    "DEMO_MODE": "false",
    "HTTPS": "false",
    "EMAIL_URL": "consolemail://",
    "DEMO_MAIL_DIR": str(VAR / "mail"),
    "BROKER_DIR": str(VAR / "broker"),
    "PUBLIC_URL": "http://testserver",
    "TIME_ZONE": "Europe/Berlin",
    "LOG_LEVEL": "INFO",
    "CELERY_TASK_ALWAYS_EAGER": "false",
    # Tests roll back what they have counted; a test that looks at this names a file.
    "GENERATION_FILE": "",
}

from portal.settings import *  # noqa: E402, F403 - only now does the environment say what it must
from portal.settings import DATABASES  # noqa: E402 - as above

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "tests.sqlite3")}
else:
    # A connection that outlives its test keeps the database from being removed.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
STATIC_ROOT = VAR / "static"  # nothing is collected, and nothing to be warned of
STATIC_ROOT.mkdir()
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick: there are no secrets
AXES_ENABLED = False  # turned on by the test that tries it
