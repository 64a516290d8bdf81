"""The life of the instance: visits, trainings, library, report."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
