from django.apps import AppConfig


class SeancesConfig(AppConfig):
    name = "participation.seances"
    label = "seances"
    verbose_name = "instances et séances"
