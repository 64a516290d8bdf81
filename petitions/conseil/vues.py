"""Part of the dossier after the thresholds, and pages to stop the news."""

from typing import Any

from django.utils import timezone

from participation.socle.models import Compte
from participation.socle.views.abonnements import ArretDesLettres
from participation.socle.views.dossier import boutons_de
from participation.suites.lectures import contexte_des_suites
from petitions import nouvelles
from petitions.conseil import actes
from petitions.conseil.lectures import Faits, frise_de
from petitions.models import Petition, Signature
from petitions.workflow import APRES_RECEVABILITE


def contexte_suivi(petition: Petition, compte: Compte) -> dict[str, Any]:
    """Return what the dossier shows of the timeline, of the suites and of the campaign."""
    return {
        "suivi": {
            "est_publie": petition.collecte_ouverte_le is not None,
            "frise": frise_de(faits_de(petition)) if petition.collecte_ouverte_le else [],
            **contexte_des_suites(petition, compte),
            "a_une_campagne": petition.etat in APRES_RECEVABILITE,
            "taches": [
                (tache, boutons_de(tache, compte))
                for tache in petition.taches.select_related("direction", "responsable")
                if tache.est_confiee_a(compte)
            ],
            "peut_ajouter_une_tache": petition.permet("ajouter_tache", compte),
            "jour": timezone.localdate(),
        }
    }


def _signature(jeton: str) -> Signature | None:
    return Signature.LIEN_NOUVELLES.trouver(jeton, Signature.objects.select_related("petition"))


ARRETER = ArretDesLettres[Signature](
    trouver=_signature,
    adresse=lambda signature: signature.courriel or "",
    arreter=actes.ne_plus_recevoir,
    est_arretee=lambda signature: not signature.accord_nouvelles,
    gabarit="petitions/suivi/ne_plus_recevoir.html",
)
# The messages of the author only: the signer still gets the news of the Métropole if they asked for it.
ARRETER_L_AUTEUR = ArretDesLettres[Signature](
    trouver=_signature,
    adresse=lambda signature: signature.courriel or "",
    arreter=nouvelles.ne_plus_recevoir_auteur,
    est_arretee=lambda signature: not signature.accord_auteur,
    gabarit="petitions/suivi/ne_plus_recevoir.html",
    contexte=lambda signature: {"des_auteurs": True},
)


def a_lire(petition: Petition, quoi: str) -> bool:
    """Whether this related list must be read: False when the annotation says it is empty."""
    return bool(petition.__dict__.get(f"a_{quoi}", True))


def faits_de(petition: Petition) -> Faits:
    """Read the data of the timeline, once."""
    lu = petition.__dict__
    confirmes = lu.get("nombre_confirmes")
    suspensions = petition.suspensions.filter(fin__isnull=True, demande__isnull=True)
    return Faits(
        petition=petition,
        copetitionnaires=petition.copetitionnaires.confirmes().count() if confirmes is None else confirmes,
        seuils=sorted(petition.reglement.seuils.all(), key=lambda seuil: seuil.ordre),
        atteints=list(petition.seuils_atteints.all()),
        jalons=list(petition.jalons.prefetch_related("pieces", "documents"))
        if a_lire(petition, "jalons")
        else [],
        suites=list(petition.suites.a_montrer()) if a_lire(petition, "suites") else [],
        echeances=lu["echeances_legales"]
        if "echeances_legales" in lu
        else list(petition.echeances.ouvertes().filter(est_legale=True)),
        suspension=suspensions.first() if a_lire(petition, "suspension") else None,
    )
