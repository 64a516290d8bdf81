"""The doors of the ground floor."""

from django.urls import URLPattern

app_name = "socle"
urlpatterns: list[URLPattern] = []
