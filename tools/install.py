"""Make `.venv` and put the pinned packages into it; does nothing when nothing has changed.

    python3 tools/install.py run      what the portal needs, and nothing else: for production
    python3 tools/install.py demo     that, and what the sandbox platforms need
    python3 tools/install.py test     that, what the tests and checks need, and Chromium

Every package is checked against the hashes in the lock files. uv does it in seconds; where uv
cannot be had, pip does the same from the same files. This file is read by whatever Python is
there, so it keeps to syntax that an old one can read: then it can say what is wrong.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
VENV = HOME / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {
    "run": ["requirements.txt"],
    "demo": ["requirements.txt", "requirements-demo.txt"],
    "test": ["requirements.txt", "requirements-demo.txt", "requirements-dev.txt"],
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main():
    wanted = sys.argv[1] if len(sys.argv) == 2 else ""
    if wanted not in LOCKS:
        sys.exit("usage: python3 tools/install.py run|demo|test")
    if sys.version_info < (3, 11):  # noqa: UP036 - the Python that is checked may be older
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(
            f"Lectern needs Python 3.11 or newer, and this is {found}. "
            "Name another one so: make PYTHON=/path/to/python3.11 ..."
        )
    make_venv()
    install(wanted)
    if wanted == "test":
        provide_chromium()


def make_venv():
    """Keep a `.venv` that works; make one where there is none, or where its Python has gone."""
    if PYTHON.exists() and succeeds([PYTHON, "-c", "import pip"]):
        return
    if importlib.util.find_spec("ensurepip") is None:
        say("Python's venv module is not complete here; installing the package python3-venv.")
        if not apt_install("python3-venv"):
            sys.exit(
                "The package python3-venv is missing, and only the system's administrator can "
                "install it:\n\n    sudo apt-get install python3-venv\n\nThen start again."
            )
    say("Making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    # A new process: this one has looked for ensurepip before it was there.
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)


def install(wanted):
    """Install a set of locked packages, unless exactly this set stands there already."""
    stamp = VENV / f".installed-{wanted}"
    now = fingerprint(wanted)
    if stamp.exists() and stamp.read_text() == now:
        return
    say("Installing the pinned packages (once; it takes some seconds, or two minutes without uv)")
    files = [word for lock in LOCKS[wanted] for word in ("-r", str(HOME / lock))]
    if not with_uv(files) and not succeeds([*pip(), *files], quiet=False):
        sys.exit("The packages could not be installed; the lines above say why.")
    stamp.write_text(now)


def with_uv(files):
    """Install by uv, itself pinned and checked; answers False where that does not work."""
    tool = [*pip(), "-r", str(HOME / "requirements-tools.txt")]
    if not succeeds(tool):
        return False
    # The machine's own certificates, as pip uses them behind a company's proxy.
    surroundings = {**os.environ, "UV_SYSTEM_CERTS": "1", "VIRTUAL_ENV": str(VENV)}
    command = [VENV / "bin" / "uv", "pip", "install", "--require-hashes", "--quiet", *files]
    return succeeds(command, env=surroundings)


def pip():
    return [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--quiet",
        "--disable-pip-version-check",
    ]


def fingerprint(wanted):
    """What the installed set depends on: the lock files and the Python they were installed for."""
    content = b"".join((HOME / lock).read_bytes() for lock in LOCKS[wanted])
    return f"{sys.version_info[:3]} {hashlib.sha256(content).hexdigest()}\n"


def provide_chromium():
    """The browser tests drive Debian's Chromium. Without it they are skipped, and say so."""
    if os.environ.get("CHROMIUM") or any(shutil.which(name) for name in BROWSERS):
        return
    say("Installing Chromium for the browser tests")
    if not apt_install("chromium"):
        say(
            "WARNING: Chromium is not here and could not be installed, so the browser tests will\n"
            "WARNING: be SKIPPED. To run them: sudo apt-get install chromium, or name a browser\n"
            "WARNING: by CHROMIUM=/path/to/chromium."
        )


def apt_install(package):
    """Install a system package where that is possible without asking anybody."""
    if not shutil.which("apt-get"):
        return False
    rights = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    if rights and not shutil.which("sudo"):
        return False
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = [*rights, "apt-get", "-qq"]
    command = [*apt, "install", "--yes", "--no-install-recommends", package]
    # The lists may be stale or missing; a refresh that fails may still leave enough.
    succeeds([*apt, "update"], env=surroundings)
    return succeeds(command, env=surroundings)


def succeeds(command, quiet=True, env=None):
    output = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(command, stdout=output, stderr=output, env=env).returncode == 0
    except OSError:
        return False


def say(text):
    print(text, flush=True)


if __name__ == "__main__":
    main()
