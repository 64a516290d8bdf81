"""Instances, mandatures, members, the calendar and its feeds: who meets, and when."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
