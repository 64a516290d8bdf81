"""Load the demonstration: invented people, real places. Refused in production."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.collectivite import ici
from participation.socle.management.scene import DOMAINE, SIGNATAIRE, lettres_parties
from participation.socle.models import Appartenance, Commune, Compte, Direction, ReglageService, Voie
from participation.socle.workflow import Role

# One public password for all the accounts, also in the guide and in the output of `make run`.
MOT_DE_PASSE = "Participer-demo-2026"
JOURS_SANS_SECOND_FACTEUR = 60
DONNEES = Path(__file__).resolve().parents[2] / "donnees"
SERVICE = DONNEES / "demonstration.json"
VOIES = DONNEES / "voies_demonstration.json"  # streets that exist, for the completion of a place


@dataclass(frozen=True, slots=True)
class Personnage:
    cle: str
    prenom: str
    nom: str
    libelle: str
    fonction: str = ""
    role: str = ""
    direction: str = ""
    commune: str = ""
    est_admin: bool = False

    @property
    def courriel(self) -> str:
        return f"{self.cle}@{DOMAINE}"


PERSONNAGES = (
    Personnage("agent", "Claire", "Montel", "agent du service", "Chargée de mission", Role.AGENT),
    Personnage("agent2", "Samir", "Belaïd", "second agent", "Chargé de mission", Role.AGENT),
    Personnage(
        "direction", "Hélène", "Arnoux", "direction", "Mobilités", Role.AGENT_DIRECTION, direction="MOB"
    ),
    Personnage(
        "commune", "Luc", "Ferrier", "commune", "Mairie de Vizille", Role.AGENT_COMMUNE, commune="Vizille"
    ),
    Personnage(
        "ville",
        "Sonia",
        "Pereira",
        "ville du contrat",
        "Politique de la ville",
        Role.AGENT_COMMUNE,
        commune="Le Pont-de-Claix",
    ),
    Personnage("elue", "Nadège", "Orsini", "élue", "Vice-présidente", Role.ELU),
    Personnage("elu", "Marc", "Delacroix", "élu", "Conseiller {metropolitain}", Role.ELU),
    Personnage("accueil", "Inès", "Roche", "accueil", "Accueil de Fontaine", Role.ACCUEIL),
    Personnage("membre", "Lucie", "Perrin-Bey", "membre d’instance"),
    Personnage("membre2", "Amel", "Ziani", "second membre"),
    Personnage("petitionnaire", "Nadia", "Ferrand", "pétitionnaire"),
    Personnage("porteuse", "Nadia", "Belkacem", "porte un projet"),
    Personnage("admin", "Paul", "Vidal", "administration", "Administrateur", Role.AGENT, est_admin=True),
)


def demonstrations() -> Iterator[Any]:
    """Yield the `demo` of each app, after those of the apps named in its `SUIT`."""
    trouvees = {
        app.label: import_module(f"{app.name}.demo")
        for app in apps.get_app_configs()
        if module_has_submodule(app.module, "demo")
    }
    ordre = TopologicalSorter({app: getattr(demo, "SUIT", ()) for app, demo in trouvees.items()})
    return (trouvees[app] for app in ordre.static_order() if hasattr(trouvees[app], "jouer"))


class Command(BaseCommand):
    help = "Charge la démonstration (personnes inventées, lieux réels). Sans effet si elle est déjà là."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--comptes",
            action="store_true",
            help="Écrit seulement les comptes : rôle, courriel, mot de passe.",
        )
        parser.add_argument(
            "--recommencer",
            action="store_true",
            help="Efface TOUTES les données, puis recharge la démonstration.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("La démonstration est refusée en production.")
        if options["comptes"]:
            for personnage in PERSONNAGES:
                self.stdout.write(f"{personnage.libelle:<18}{personnage.courriel:<36}{MOT_DE_PASSE}")
            return
        if options["recommencer"]:
            self._effacer()
        call_command("charger_referentiel", verbosity=0)
        if Compte.objects.filter(courriel=PERSONNAGES[0].courriel).exists():
            self.stdout.write("La démonstration est déjà chargée (--recommencer pour la recharger).")
            return
        # All or nothing: the demonstration would never be completed after a failure. So its acts need no
        # savepoints of their own (there would be thirty thousand), and constraints are left to the database
        # alone.
        with (
            transaction.atomic(),
            patch.object(connection.features, "uses_savepoints", new=False),
            patch.object(Model, "validate_constraints"),
        ):
            self._charger(dit=bool(options["verbosity"]))

    def _charger(self, *, dit: bool) -> None:
        debut = time.monotonic()
        self._comptes()
        self._service()
        self._voies()
        with lettres_parties():
            for demo in demonstrations():
                if dit:
                    nom = apps.get_containing_app_config(demo.__name__).verbose_name  # type: ignore[union-attr]
                    self.stdout.write(f"Démonstration : {nom}… ({time.monotonic() - debut:.0f} s)")
                demo.jouer()

    def _effacer(self) -> None:
        """Empty every table. The journal refuses DELETE but not TRUNCATE (`flush`)."""
        call_command("flush", interactive=False, verbosity=0)
        for dossier in ("documents", "pieces", "lettres"):
            rmtree(Path(settings.MEDIA_ROOT) / dossier, ignore_errors=True)

    def _comptes(self) -> None:
        mot_de_passe = make_password(MOT_DE_PASSE)  # slow on purpose: one hash for all the accounts
        for personnage in PERSONNAGES:
            compte = ouvrir_compte(
                personnage.courriel,
                prenom=personnage.prenom,
                nom=personnage.nom,
                fonction=ici(personnage.fonction),
                is_staff=personnage.est_admin,
                is_superuser=personnage.est_admin,
                accueilli_le=None if personnage.courriel == f"accueil@{DOMAINE}" else timezone.now(),
                mfa_exigee_le=timezone.localdate() + timedelta(days=JOURS_SANS_SECOND_FACTEUR),
            )
            compte.password = mot_de_passe
            compte.save(update_fields=["password"])
            if personnage.role:
                Appartenance.objects.create(
                    compte=compte,
                    role=personnage.role,
                    direction=Direction.objects.get(sigle=personnage.direction)
                    if personnage.direction
                    else None,
                    commune=Commune.objects.get(nom=personnage.commune) if personnage.commune else None,
                    lit_les_reserves=personnage.courriel == f"agent@{DOMAINE}",
                    # Long before today, because acts of the demonstration are dated in the past.
                    depuis=timezone.localdate() - timedelta(days=1600),
                )
        # A commune without an address is given nothing to answer.
        for personnage in PERSONNAGES:
            Commune.objects.filter(nom=personnage.commune, courriel="").update(
                courriel=f"mairie.{personnage.cle}@{DOMAINE}"
            )
        for direction in Direction.objects.filter(courriel=""):
            direction.courriel = f"{direction.sigle.lower()}@{DOMAINE}"
            direction.save(update_fields=["courriel"])
        Direction.objects.filter(sigle="VOIRIE").update(elu=Compte.objects.get(courriel=f"elue@{DOMAINE}"))
        Direction.objects.get(sigle="MOB").referents.add(Compte.objects.get(courriel=f"direction@{DOMAINE}"))

    def _service(self) -> None:
        reglage = ReglageService.actuel()
        for champ, valeur in json.loads(SERVICE.read_text(encoding="utf-8")).items():
            setattr(reglage, champ, getattr(reglage, champ) or valeur)
        reglage.contact = reglage.contact or f"participation@{DOMAINE}"
        reglage.signataire = reglage.signataire or SIGNATAIRE
        reglage.dpo = reglage.dpo or f"Délégué à la protection des données\ndpo@{DOMAINE}"
        reglage.save()

    def _voies(self) -> None:
        voies = json.loads(VOIES.read_text(encoding="utf-8"))
        for commune in Commune.objects.filter(nom__in=voies):
            for nom in voies[commune.nom]:
                Voie(commune=commune, nom=nom).save()
