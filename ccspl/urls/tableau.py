"""What the élus read."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
