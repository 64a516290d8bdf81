"""The WSGI callable that gunicorn serves."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
# A visitor waits at most ten seconds for a statement; commands and workers have no limit.
os.environ.setdefault("BASE_ATTENTE", "10")

application = get_wsgi_application()
if settings.BASE_ATTENTE:
    from participation.socle.bd import attente

    attente.borner(settings.BASE_ATTENTE)
