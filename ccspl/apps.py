from django.apps import AppConfig


class CcsplConfig(AppConfig):
    name = "ccspl"
    verbose_name = "CCSPL"
