from django.apps import AppConfig


class RenouvellementConfig(AppConfig):
    name = "participation.renouvellement"
    label = "renouvellement"
    verbose_name = "renouvellement"
