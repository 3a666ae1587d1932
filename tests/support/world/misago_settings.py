"""The test forum's settings: Misago's own project, on the cluster and in the folder that the environment names."""

import os

from devproject.settings import *

FOLDER = os.environ["MISAGO_FOLDER"]

DEBUG = False
ALLOWED_HOSTS = ["*"]  # the onion address is not known yet
CELERY_TASK_ALWAYS_EAGER = True
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "misago",
        "USER": "nightheron",
        "HOST": "127.0.0.1",
        "PORT": os.environ["MISAGO_POSTGRES_PORT"],
    }
}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
MEDIA_ROOT = os.path.join(FOLDER, "media")
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("debug_toolbar")]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TEMPLATES[0]["DIRS"] = [os.path.join(FOLDER, "templates")]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"log": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["log"], "level": "ERROR", "propagate": False}},
}
