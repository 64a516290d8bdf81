from django.apps import AppConfig


class RencontresConfig(AppConfig):
    name = "participation.rencontres"
    label = "rencontres"
    verbose_name = "rencontres"
