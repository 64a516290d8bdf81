"""The letter that asks who asked whether it is done, through the gate."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from participation.socle.actions.courriers import lien_sur_papier
from participation.socle.courriels import porte
from participation.suites.models import Sollicitation, Suite


def solliciter(demande: Sollicitation, suites: Sequence[Suite], courriel: str) -> porte.Reponse:
    dites: list[dict[str, porte.Mot]] = [
        {
            "intitule": porte.lu(suite, "intitule"),
            "titre": porte.lu(suite.dossier, "titre"),
            "est_dite_finie": int(not suite.est_ouverte),
            "depuis": timezone.localdate(suite.creee_le),
        }
        for suite in suites
    ]
    return porte.ecrire(
        "suites/solliciter",
        a=courriel,
        sujet=demande,
        cle=f"verdict:{demande.pk}",
        mots={
            "suites": dites,
            "combien": len(dites),
            "lien": reverse("suites:juger", args=[demande.jeton()]),
        },
        encadre=lien_sur_papier(
            Sollicitation.LIEN, demande, "Dire si c’est fait, sans mot de passe, quand vous voulez :"
        ),
    )
