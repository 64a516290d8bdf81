from django.apps import AppConfig


class DroitsConfig(AppConfig):
    name = "participation.droits"
    label = "droits"
    verbose_name = "droits des personnes"
