from django.apps import AppConfig


class CcsplConfig(AppConfig):
    name = "ccspl"
    verbose_name = "CCSPL"

    def ready(self) -> None:
        from ccspl.transmission.restitution import constater_reponse
        from participation.suites.signals import suite_changee

        suite_changee.connect(constater_reponse, dispatch_uid="ccspl.constater_reponse")
