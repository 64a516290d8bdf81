"""Forms of the collecte: correct, extend, suspend, close, campaign."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.models import Appartenance, Compte, Direction
from participation.socle.workflow import Role
from petitions.actions.collecte import CHAMPS_DU_TEXTE
from petitions.models import Petition, TacheCampagne

TEXTE_MAX = 10_000


class AmenderForm(ActeForm):
    SURVEILLES = CHAMPS_DU_TEXTE

    titre = champ_ligne("Titre", maximum=160)
    demande = champ_texte("Ce que nous demandons", lignes=8, maximum=TEXTE_MAX)
    raisons = champ_texte("Pourquoi", lignes=8, maximum=TEXTE_MAX, requis=False)
    competence = champ_texte("Qui peut agir", lignes=3, maximum=TEXTE_MAX, requis=False)
    note = champ_texte(
        "Ce que vous corrigez, et pourquoi",
        "Cette note est publique. L’ancien texte reste lisible.",
        lignes=3,
        maximum=600,
    )


class ProgrammerOuvertureForm(ActeForm):
    objet: Petition

    date_ouverture = champ_jour(
        "Jour de l’ouverture", "Les signatures s’ouvrent ce jour-là, au début de la journée."
    )

    def initiales(self) -> Mapping[str, Any]:
        prevue = self.objet.date_ouverture_prevue
        return {"date_ouverture": prevue or timezone.localdate() + timedelta(days=7)}


class EcrireFacileForm(ActeForm):
    SURVEILLES = ("texte_facile",)

    texte_facile = champ_texte(
        "Version facile à lire et à comprendre",
        "Une idée par phrase. Des mots de tous les jours. Faites-la relire par des personnes concernées.",
        lignes=14,
        maximum=6000,
    )


class ProlongerForm(ActeForm):
    objet: Petition

    date_fin = champ_jour("Nouveau dernier jour pour signer")
    motif = champ_texte(
        "Pourquoi",
        "Cette raison est publique. Elle est envoyée aux pétitionnaires et aux signataires qui veulent des nouvelles.",
        lignes=3,
        maximum=600,
    )

    def initiales(self) -> Mapping[str, Any]:
        fin = self.objet.date_fin_collecte
        return {"date_fin": fin + timedelta(days=30)} if fin else {}


class CloreCollecteForm(ActeForm):
    """A reason is asked only before the last day."""

    objet: Petition

    motif = champ_texte(
        "Pourquoi clore avant la fin",
        "Cette raison est publique. Elle est envoyée aux pétitionnaires et aux signataires qui veulent des nouvelles.",
        lignes=3,
        maximum=600,
        erreur="Dites pourquoi la collecte est close avant sa fin.",
    )

    def preparer(self) -> None:
        fin = self.objet.date_fin_collecte
        if fin is None or timezone.localdate() >= fin:
            del self.fields["motif"]


SuspendreForm = demander_texte(
    "Pourquoi", aide="Cette raison est publique, par exemple « Période électorale ».", maximum=160, lignes=1
)


def dans_une_semaine() -> date:
    return timezone.localdate() + timedelta(days=7)


class TacheForm(ActeForm):
    intitule = champ_ligne("À faire", maximum=160)
    equipe = champ_choix("Équipe", TacheCampagne.Equipe, initial=TacheCampagne.Equipe.SERVICE)
    direction = champ_parmi(
        "Direction",
        Direction.objects.filter(est_active=True),
        "Seulement si la tâche revient à une direction.",
        requis=False,
        vide="Aucune",
    )
    responsable = champ_parmi(
        "Responsable", Compte.objects.none(), requis=False, vide="Personne en particulier"
    )
    date_limite = champ_jour("Pour le", initial=dans_une_semaine)

    def preparer(self) -> None:
        agents = Appartenance.objects.en_vigueur().filter(role__in=[Role.AGENT, Role.AGENT_DIRECTION])
        self.choisir("responsable", Compte.objects.filter(is_active=True, pk__in=agents.values("compte")))
