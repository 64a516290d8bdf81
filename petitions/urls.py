"""The doors of the pétitions."""

from django.urls import URLPattern

app_name = "petitions"
urlpatterns: list[URLPattern] = []
