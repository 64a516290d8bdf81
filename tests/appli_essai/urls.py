"""The doors of the réclamations."""

from django.urls import path

from tests.appli_essai import views

app_name = "appli_essai"
urlpatterns = [path("<int:pk>/traiter/", views.traiter, name="traiter")]
