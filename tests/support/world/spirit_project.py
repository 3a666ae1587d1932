"""A Spirit forum's Django project: made by Spirit's own template, on SQLite, migrated once and then copied."""

import importlib.metadata
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SETTINGS = '''"""The test forum: Spirit's settings for production, on SQLite, without mail and rate limits."""

from .prod import *

ADMINS = ()
ALLOWED_HOSTS = ["*"]  # the onion address is not known yet
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES["st_rate_limit"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "spirit_rl_cache",
    "TIMEOUT": None,
}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.path.join(BASE_DIR, "forum.sqlite3"),
        "OPTIONS": {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            "timeout": 30,
            "transaction_mode": "IMMEDIATE",
        },
    }
}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
ST_RATELIMIT_ENABLE = False
ST_SITE_URL = "http://forum.invalid/"
'''

VERSION = 1  # to be raised with every change here


def prepare(folder):
    """Puts a migrated, empty project into `folder` and loads Django with it."""
    shutil.copytree(template(), folder)
    sys.path.insert(0, str(folder))
    os.environ["DJANGO_SETTINGS_MODULE"] = "forum.settings.world"
    import django

    django.setup()


def template():
    """The migrated project, kept beside the installed packages; made if it is not there yet."""
    versions = [f"{name}-{importlib.metadata.version(name)}" for name in ("django-spirit", "Django")]
    kept = pathlib.Path(sys.prefix, "share", "nightheron", "-".join(["forum", *versions, str(VERSION)]))
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as place:
            made = make(pathlib.Path(place, "forum"))
            try:
                made.rename(kept)
            except OSError:
                if not kept.exists():  # or else another run was faster
                    raise
    return kept


def make(folder):
    """Makes and migrates a new project, with Spirit's own commands."""
    folder.mkdir()
    run(folder, "-m", "spirit.extra.bin.spirit", "startproject", "forum", "--path", folder)
    (folder / "forum/settings/world.py").write_text(SETTINGS, encoding="utf-8")
    for command in (["migrate"], ["createcachetable"]):
        run(folder, "manage.py", *command, "--settings", "forum.settings.world", "--verbosity", "0")
    run(folder, "-c", "import sqlite3; sqlite3.connect('forum.sqlite3').execute('PRAGMA wal_checkpoint(TRUNCATE)')")
    return folder


def run(folder, *arguments):
    """Runs this Python on something, with its tools (`django-admin`) in the search path."""
    path = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ.get("PATH", "")])
    command = [sys.executable, *(str(argument) for argument in arguments)]
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr, env={**os.environ, "PATH": path})
