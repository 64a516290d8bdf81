"""The Celery application. It finds the tasks of each app in its module `tasks`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "participation.settings")

app = Celery(
    "participation",
    task_cls="participation.socle.travaux.passages:TacheSuivie",
    include=["participation.socle.travaux.veilleur"],  # no module of the site calls the watchman
)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # in every thread: the socle uses the current application and never imports this module
app.autodiscover_tasks()
