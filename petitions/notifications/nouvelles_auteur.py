"""Letters about the messages of an author: to signers, to the author, to the service."""

from collections.abc import Iterator

from django.db.models import Count, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from participation.socle.courrier import Destinataire, ecrire, ecrire_a_plusieurs
from participation.socle.models import Compte
from petitions.models import Nouvelle, Petition, Signature


def proposer_nouvelle(nouvelle: Nouvelle) -> None:
    """Write to the agent in charge, or to all agents of the service when there is none."""
    petition = nouvelle.petition
    agents = [petition.agent] if petition.agent is not None and petition.agent.is_active else None
    ecrire(
        "petitions/proposer_nouvelle",
        a=[agent.courriel for agent in agents or Compte.objects.agents_du_service()],
        dossier=petition,
        contexte={
            "petition": petition,
            "nouvelle": nouvelle,
            "lien": reverse("petitions:publier_nouvelle", args=[nouvelle.pk]),
        },
    )


def publier_nouvelle(nouvelle: Nouvelle) -> int:
    """Write one letter to each address, with a link to stop. Returns how many."""
    petition = nouvelle.petition
    return ecrire_a_plusieurs(
        "petitions/publier_nouvelle",
        _signataires(petition),
        contexte=contexte_de_la_lettre(nouvelle),
        dossier=petition,
        cle=f"nouvelle:{nouvelle.pk}",
    )


def contexte_de_la_lettre(nouvelle: Nouvelle) -> dict[str, object]:
    petition = nouvelle.petition
    return {"petition": petition, "nouvelle": nouvelle, "lien": f"{petition.get_public_url()}#nouvelles"}


def dire_a_l_auteur(nouvelle: Nouvelle, lettre: str) -> None:
    petition = nouvelle.petition
    if petition.auteur is not None:
        ecrire(
            f"petitions/{lettre}",
            a=[petition.auteur.courriel],
            dossier=petition,
            contexte={
                "petition": petition,
                "nouvelle": nouvelle,
                "lien": reverse("petitions:ma_petition", args=[petition.pk]) + "#nouvelles",
            },
        )


def voulues(petition: Petition) -> int:
    """Return the number of addresses of the next message. Counted in SQL: shown on pages of every day."""
    lu = _voulant(petition).exclude(courriel="").aggregate(n=Count(Lower("courriel"), distinct=True))
    return int(lu["n"])


def _voulant(petition: Petition) -> QuerySet[Signature]:
    return Signature.objects.valables().filter(petition=petition, accord_auteur=True, courriel__isnull=False)


def _signataires(petition: Petition) -> Iterator[Destinataire]:
    signatures = _voulant(petition).order_by("pk").values_list("courriel", "pk", "sceau")
    deja = set()
    for courriel, numero, sceau in signatures.iterator():
        if courriel and courriel.lower() not in deja:
            deja.add(courriel.lower())
            jeton = Signature.LIEN_NOUVELLES.sceller(numero, sceau)
            yield Destinataire(courriel, reverse("petitions:ne_plus_recevoir_auteur", args=[jeton]))
