"""The web application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from attest.core.logs import speak_discreetly

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "attest.config.settings")
speak_discreetly()
application = get_wsgi_application()
