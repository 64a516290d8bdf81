"""The reference: a bare Django application, with the same process model and the same database.

`inserer` does one INSERT with the ORM; `page` renders a small template.
"""

import os
from typing import ClassVar

import environ
from django.conf import settings

settings.configure(
    SECRET_KEY="temoin",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    USE_TZ=True,
    DATABASES={"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 60}},
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [
                            (
                                "django.template.loaders.locmem.Loader",
                                {
                                    "page.html": "<!DOCTYPE html><title>{{ titre }}</title><h1>{{ titre }}</h1><p>{{ texte }}</p>"
                                },
                            )
                        ],
                    )
                ]
            },
        }
    ],
)

import django  # noqa: E402

django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402


class Temoin(models.Model):
    nom = models.TextField()
    courriel = models.TextField(unique=True)
    ecrit_le = models.DateTimeField()

    objects: ClassVar[models.Manager["Temoin"]] = models.Manager()

    class Meta:
        app_label = "bench"
        db_table = "bench_temoin"


TABLE = """CREATE TABLE IF NOT EXISTS bench_temoin (
    id bigserial PRIMARY KEY, nom text NOT NULL, courriel text NOT NULL UNIQUE, ecrit_le timestamptz NOT NULL)"""


def inserer(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        Temoin.objects.create(
            nom=request.POST["nom"], courriel=request.POST["courriel"], ecrit_le=timezone.now()
        )
    return HttpResponse(status=303, headers={"Location": "/page", "Content-Length": "0"})


def page(request: HttpRequest) -> HttpResponse:
    contexte = {"titre": "Une pétition", "texte": "Nous demandons une piste cyclable continue."}
    reponse = render(request, "page.html", contexte)
    reponse["Content-Length"] = len(reponse.content)
    return reponse


urlpatterns = [path("inserer", inserer), path("page", page)]
with connection.cursor() as curseur:
    curseur.execute(
        "SELECT pg_advisory_lock(1)"
    )  # the processes start together: IF NOT EXISTS lets two of them create it
    curseur.execute(TABLE)
connection.close()
application = WSGIHandler()
