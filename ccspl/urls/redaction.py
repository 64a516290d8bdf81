"""The text written together."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
