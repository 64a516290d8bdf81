from django.apps import AppConfig


class InclusionConfig(AppConfig):
    name = "participation.inclusion"
    label = "inclusion"
    verbose_name = "inclusion"
