from django.apps import AppConfig


class ContratVilleConfig(AppConfig):
    name = "contrat_ville"
    verbose_name = "Contrat de Ville"

    def ready(self) -> None:
        from contrat_ville.projets.suites import dire_le_changement
        from participation.suites.signals import suite_changee

        suite_changee.connect(dire_le_changement, dispatch_uid="contrat_ville.changer_suite")
