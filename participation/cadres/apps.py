from django.apps import AppConfig


class CadresConfig(AppConfig):
    name = "participation.cadres"
    label = "cadres"
    verbose_name = "cadres des démarches"
