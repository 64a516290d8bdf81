from django.apps import AppConfig


class InscriptionsConfig(AppConfig):
    name = "participation.inscriptions"
    label = "inscriptions"
    verbose_name = "inscriptions"
