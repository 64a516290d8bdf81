from django.apps import AppConfig


class SocleConfig(AppConfig):
    name = "participation.socle"
    label = "socle"
    verbose_name = "socle"
