"""Letters about mandates, to members and to the service."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from participation.seances.models import Convie, Instance, Membre, Seance
from participation.socle.actions.courriers import ecrire_courrier
from participation.socle.courriels.ecriture import ecrire
from participation.socle.models import Compte, Courrier, Dossier


def ecrire_par_poste(
    lettre: str, adresse: str, contexte: Mapping[str, Any], dossier: Dossier | None, cle: str | None
) -> Courrier | None:
    """Write on paper to a member without a mailbox what any app writes to them; once for each `cle`.

    The courrier is that of the dossier or of the séance that the letter is about, of their instance otherwise.
    """
    membre = (
        Membre.objects.filter(compte__courriel=adresse)
        .select_related("compte", "college__mandature__instance")
        .order_by("-du", "-pk")
        .first()
    )
    if membre is None or (
        cle and Courrier.objects.filter(document__donnees__cle=f"{cle}:{membre.pk}").exists()
    ):
        return None
    instance = membre.college.mandature.instance
    seance = contexte.get("seance")
    return ecrire_courrier(
        dossier or (seance if isinstance(seance, Seance) else instance),
        lettre,
        contexte,
        destinataire=[str(membre), *membre.adresse_postale.split(", ")],
        a_une_adresse=bool(membre.adresse_postale),
        surtitre=instance.nom,
        cle=f"{cle}:{membre.pk}" if cle else "",
        membre=membre.pk,
        **contexte.get("encadre", {}),
    )


def nommer(membre: Membre) -> None:
    """Welcome a new member, with a link to sign in by a code and open their space."""
    instance = membre.college.mandature.instance
    espace = reverse("seances:mon_instance", args=[instance.cle])
    entree = urlencode({"courriel": membre.compte.courriel, "next": espace})
    ecrire(
        "seances/nommer",
        a=[membre.compte.courriel],
        contexte={
            "membre": membre,
            "instance": instance,
            "lien": f"{reverse('account_login')}?{entree}",
            "lien_profil": reverse("seances:profil"),
        },
    )


def mettre_fin(membre: Membre, *, seances: Sequence[Seance]) -> None:
    ecrire(
        "seances/mettre_fin",
        a=[membre.compte.courriel],
        contexte={"membre": membre, "instance": membre.college.mandature.instance, "seances": seances},
    )


def mettre_fin_mandataire(mandant: Convie, mandataire: Convie) -> None:
    """Write to a member whose pouvoir was given to a person who no longer sits."""
    ecrire(
        "seances/mettre_fin_mandataire",
        a=[mandant.membre.compte.courriel],
        contexte={
            "mandataire": mandataire,
            "seance": mandant.seance,
            "lien": reverse("seances:repondre", args=[mandant.jeton()]),
        },
    )


def annoncer_fin_de_mandat(membre: Membre, mois: int) -> bool:
    """Announce the end of a mandate, once for each step and end. Return False if no letter was written."""
    return (
        ecrire(
            "seances/fin_de_mandat",
            a=[membre.compte.courriel],
            cle=f"fin_de_mandat:{membre.pk}:{membre.au}:{mois}",
            contexte={"membre": membre, "instance": membre.college.mandature.instance, "mois": mois},
        )
        is not None
    )


def annoncer_fins_au_service(
    instance: Instance, fin: date, mois: int, membres: Sequence[Membre], jour: date
) -> None:
    """Write one letter to the agents for all mandates that end on the same day."""
    ecrire(
        "seances/fins_de_mandat_service",
        a=Compte.objects.agents_du_service().values_list("courriel", flat=True),
        cle=f"fins_de_mandat:{instance.pk}:{fin}:{mois}:{jour}",
        contexte={
            "instance": instance,
            "fin": fin,
            "mois": mois,
            "membres": membres,
            "lien": instance.get_absolute_url(),
        },
    )
