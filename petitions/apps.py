from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "petitions"
    verbose_name = "pétitions"

    def ready(self) -> None:
        from participation.seances.signals import decision_prise
        from participation.suites.signals import suite_changee
        from petitions.actions.comite import appliquer_decision
        from petitions.notifications.suivi import changer_suite

        suite_changee.connect(changer_suite, dispatch_uid="petitions.changer_suite")
        decision_prise.connect(appliquer_decision, dispatch_uid="petitions.appliquer_decision")
