from django.apps import AppConfig


class SuitesConfig(AppConfig):
    name = "participation.suites"
    label = "suites"
    verbose_name = "suites"
