"""The portal's settings as a production has them, for a bench: no DEBUG, cached templates.

DATABASE_URL names a database that the bench has made. Nothing leaves the machine: mails are
dropped, and a message for a worker goes where CELERY_BROKER_URL says, by default nowhere.
"""

import os
from pathlib import Path

os.environ.setdefault("CELERY_BROKER_URL", "memory://localhost")
os.environ |= {
    "DEBUG": "false",
    "DEMO_MODE": "false",
    "HTTPS": "false",
    "SECRET_KEY": "a-key-of-the-bench-alone-0123456789-0123456789",
    "CREDENTIALS_KEYS": "YmVuY2gta2V5LWZvci1sZWN0ZXJuLTAxMjM0NTY3ODk=",
    "ALLOWED_HOSTS": "testserver,127.0.0.1",
    "EMAIL_URL": "dummymail://",
    "PUBLIC_URL": "http://testserver",
    "TIME_ZONE": "Europe/Berlin",
    "LOG_LEVEL": "ERROR",
    "GENERATION_FILE": "",
}
if "BENCH_FOLDER" in os.environ:
    os.environ["BROKER_DIR"] = str(Path(os.environ["BENCH_FOLDER"]) / "broker")
    os.environ["STATIC_ROOT"] = os.environ["BENCH_FOLDER"]

from portal.settings import *  # noqa: F403 - only now does the environment say what it must

AXES_ENABLED = False
# The names of packed files come with an installation; a bench has none.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
