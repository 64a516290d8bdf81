"""Saisines, the legal calendar, avis and their transmission."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
