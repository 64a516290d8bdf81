"""Who is told of an avis: members of the commission, who asked for it."""

from collections.abc import Iterator

from django.urls import reverse

from ccspl.models import INSTANCE, Avis
from participation.seances.models import Membre
from participation.socle.courriels.ecriture import Destinataire, ecrire, ecrire_a_plusieurs


def membres_de(avis: Avis) -> Iterator[Destinataire]:
    """Yield each person who sits today, once."""
    sieges = Membre.objects.filter(college__mandature__instance__cle=INSTANCE).en_fonction()
    adresses = sieges.filter(compte__is_active=True).order_by("compte__courriel")
    for courriel in adresses.values_list("compte__courriel", flat=True).distinct():
        yield Destinataire(courriel)


def aux_membres(avis: Avis, lettre: str, cle: str = "", **contexte: object) -> int:
    """Write to each member, with a link to the text by default."""
    return ecrire_a_plusieurs(
        f"ccspl/{lettre}",
        membres_de(avis),
        contexte={"avis": avis, "lien": reverse("ccspl:redaction", args=[avis.pk]), **contexte},
        dossier=avis,
        cle=cle or None,
    )


def au_demandeur(avis: Avis, lettre: str, cle: str = "", repondre_a: str = "", **contexte: object) -> None:
    """Write to the requester, if their address is known."""
    if avis.adresse_demandeur:
        ecrire(
            f"ccspl/{lettre}",
            a=[avis.adresse_demandeur],
            dossier=avis,
            repondre_a=repondre_a,
            cle=cle or None,
            contexte={"avis": avis, **contexte},
        )
