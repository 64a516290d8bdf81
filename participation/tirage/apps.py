from django.apps import AppConfig


class TirageConfig(AppConfig):
    name = "participation.tirage"
    label = "tirage"
    verbose_name = "tirage au sort"
