"""The WSGI callable that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")
# A visitor waits for the database ten seconds at most; commands and workers may take their time.
os.environ.setdefault("BASE_ATTENTE", "10")

application = get_wsgi_application()
