from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "participation.engagements"
    label = "engagements"
    verbose_name = "engagements"
