"""The web application, for gunicorn."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from attest.core.logs import speak_discreetly

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attest.config.settings")
speak_discreetly()
application = get_wsgi_application()

# What is loaded now stays, so no collection looks through it again: each took a tenth of a second of some request.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
