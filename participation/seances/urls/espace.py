"""The member's own space."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
