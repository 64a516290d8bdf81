from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "petitions"
    verbose_name = "pétitions"

    def ready(self) -> None:
        from participation.suites.signals import suite_changee
        from petitions.conseil.lettres import changer_suite

        suite_changee.connect(changer_suite, dispatch_uid="petitions.changer_suite")
