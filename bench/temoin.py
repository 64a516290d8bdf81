"""The reference: Django with nothing around it, in the same process model and on the same database.

`inserer` does one INSERT by the ORM; `page` renders one small template.
"""

import os

import environ
from django.conf import settings

settings.configure(
    SECRET_KEY="temoin",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    USE_TZ=True,
    DATABASES={
        "default": {
            **environ.Env.db_url_config(os.environ["DATABASE_URL"]),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    },
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
from django.db import models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402


class Temoin(models.Model):
    nom = models.TextField()
    courriel = models.TextField(unique=True)

    class Meta:
        app_label = "bench"
        db_table = "bench_temoin"


def inserer(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        Temoin.objects.create(nom=request.POST["nom"], courriel=request.POST["courriel"])
    return HttpResponse(status=303, headers={"Location": "/merci"})


def page(request: HttpRequest) -> HttpResponse:
    return render(
        request, "page.html", {"titre": "Une pétition", "texte": "Nous demandons une piste cyclable."}
    )


def vivant(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("inserer", inserer), path("page", page), path("vivant", vivant)]
application = WSGIHandler()
