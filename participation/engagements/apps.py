from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "participation.engagements"
    label = "engagements"
    verbose_name = "engagements"

    def ready(self) -> None:
        from participation.engagements.propositions.actes import suivre_la_suite
        from participation.engagements.temps_forts.actes import suivre_la_rencontre
        from participation.inscriptions.signals import evenement_change
        from participation.suites.signals import suite_changee

        suite_changee.connect(suivre_la_suite, dispatch_uid="engagements.suivre_la_suite")
        evenement_change.connect(suivre_la_rencontre, dispatch_uid="engagements.suivre_la_rencontre")
