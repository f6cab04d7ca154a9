"""Check that Lectern starts, and that Django has nothing to say, with a production's settings."""

import os
import secrets
import subprocess
import sys

from cryptography.fernet import Fernet

# What .env.example asks for, and nothing that happens to be set on this machine.
PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "CREDENTIALS_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "lectern.example.com",
    "PUBLIC_URL": "https://lectern.example.com",
    "DATABASE_URL": "sqlite:///:memory:",
    "CELERY_BROKER_URL": "memory://",
    "EMAIL_URL": "smtp://127.0.0.1:25",
}
KEPT = ("PATH", "HOME", "LANG")


def main() -> int:
    """Run Django's own deployment check; every warning counts."""
    env = {name: os.environ[name] for name in KEPT if name in os.environ} | PRODUCTION
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=env).returncode


if __name__ == "__main__":
    sys.exit(main())
