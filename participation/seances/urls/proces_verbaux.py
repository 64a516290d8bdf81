"""The procès-verbal and the attendance sheet."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
