from django.apps import AppConfig


class PanelsConfig(AppConfig):
    name = "participation.panels"
    label = "panels"
    verbose_name = "panels citoyens"

    def ready(self) -> None:
        from participation.panels.recommandations import changer_suite, constater_reponse
        from participation.suites.signals import suite_changee

        suite_changee.connect(constater_reponse, dispatch_uid="panels.constater_reponse")
        suite_changee.connect(changer_suite, dispatch_uid="panels.changer_suite")
