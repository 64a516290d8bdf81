"""The doors of the suites: the public page, the directions, those who follow a dossier."""

from django.urls import URLPattern

app_name = "suites"
urlpatterns: list[URLPattern] = []
