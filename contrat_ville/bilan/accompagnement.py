"""Accompaniment of a supported projet: begun, visits, help asked and given."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone

from contrat_ville.models import Accompagnement, Projet
from contrat_ville.porteurs.lettres import ecrire_a_l_agent
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_choix, champ_jour, champ_texte, propose
from participation.socle.francais import majuscule
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import trouver_dossier
from participation.socle.views.pages import Page, acte


@acte(Page[Projet](consequence="Il commence aussi de lui-même à sa date de début."))
@transaction.atomic
def demarrer(projet: Projet, *, par: Compte | None) -> None:
    avancer(projet, "demarrer", par=par)


class AccompagnementForm(ActeForm):
    nature = champ_choix(
        "Quoi",
        [(v, majuscule(t)) for v, t in Accompagnement.Nature.choices if v != Accompagnement.Nature.AIDE],
        boutons=True,
    )
    date = champ_jour("Quand")
    texte = champ_texte("Ce qui s’est dit, ce qui a été vu", maximum=4000, lignes=6)

    def initiales(self) -> Mapping[str, Any]:
        return {"date": propose(timezone.localdate())}


@acte(Page[Projet](form=AccompagnementForm, consequence="Le service seul le lit.", retour="#apres"))
@transaction.atomic
def noter_accompagnement(
    projet: Projet, *, par: Compte, nature: str, date: date, texte: str
) -> Accompagnement:
    """Add a line to the accompaniment. Raises ValidationError for a visit or a call in the future."""
    pas = exiger(projet, "noter_accompagnement", par=par)
    if nature != Accompagnement.Nature.ETAPE and date > timezone.localdate():
        raise ValidationError(
            {"date": "Ce jour n’est pas encore passé : une visite ou un appel se note une fois fait."}
        )
    ligne = enregistrer(Accompagnement(projet=projet, nature=nature, date=date, texte=texte, par=par))
    pas.avancer(fait=f"Accompagnement noté : {ligne.get_nature_display()}", motif=texte)
    return ligne


AideForm = demander_texte(
    "De quoi avez-vous besoin", nom="texte", aide="Le service vous rappelle, ou vient vous voir.", lignes=5
)


@acte(
    Page[Projet](
        form=AideForm,
        est_publique=True,
        retour=lambda p, _: p.get_porteur_url(),
        succes="Votre demande est partie : le service vous répond.",
    )
)
@transaction.atomic
def demander_aide(projet: Projet, *, par: Compte, texte: str) -> Accompagnement:
    """Record a request for help from the team, open until an agent closes it."""
    pas = exiger(projet, "demander_aide", par=par)
    ligne = enregistrer(
        Accompagnement(
            projet=projet, nature=Accompagnement.Nature.AIDE, date=timezone.localdate(), texte=texte, par=par
        )
    )
    pas.avancer(motif=texte)
    ecrire_a_l_agent(ligne.projet, "demander_aide", ligne=ligne)
    return ligne


@acte(
    Page[Accompagnement](retour=lambda ligne, _: f"{ligne.projet.get_absolute_url()}#apres", en_un_clic=True)
)
@transaction.atomic
def clore_aide(ligne: Accompagnement, *, par: Compte) -> None:
    exiger(ligne, "clore_aide", par=par).avancer(champs={"aide_donnee_le": timezone.now()})


def ligne_du_bureau(request: RequeteConnectee, pk: int) -> Accompagnement:
    ligne = get_object_or_404(Accompagnement.objects.select_related("projet", "par"), pk=pk)
    trouver_dossier(request.user, ligne.projet_id)
    return ligne
