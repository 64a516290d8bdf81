"""The three screens of a séance under way."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
