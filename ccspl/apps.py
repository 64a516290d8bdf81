from django.apps import AppConfig


class CcsplConfig(AppConfig):
    name = "ccspl"
    verbose_name = "CCSPL"

    def ready(self) -> None:
        from ccspl.actions.ecoute import appliquer_decision, constater_reponse
        from participation.seances.signals import decision_prise
        from participation.suites.signals import suite_changee

        decision_prise.connect(appliquer_decision, dispatch_uid="ccspl.appliquer_decision")
        suite_changee.connect(constater_reponse, dispatch_uid="ccspl.constater_reponse")
