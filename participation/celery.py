"""The Celery application: tasks are found in each app's `tasks`, with their timetable."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")

app = Celery("participation")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # in every thread: the socle asks for the current application, never for this module
app.autodiscover_tasks()
