"""The call for candidates, the selection, the new mandature."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
