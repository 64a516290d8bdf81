"""Letters of a pétition to petitioners, followers, and signers who asked for news of the service or of the author."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from participation.socle.courriels.ecriture import (
    Destinataire,
    Piece,
    ecrire,
    ecrire_a_chacun,
    ecrire_a_plusieurs,
)
from participation.socle.models import Compte
from participation.suites.abonnements.lettres import abonnes
from petitions.models import Nouvelle, Petition, Signature


def petitionnaires(petition: Petition) -> list[str]:
    """Addresses of the author and of the confirmed co-pétitionnaires, without repetition."""
    auteur = petition.auteur.courriel if petition.auteur else ""
    autres = petition.copetitionnaires.confirmes().values_list("courriel", flat=True)
    return [adresse for adresse in dict.fromkeys([auteur, *autres]) if adresse]


def ecrire_aux_petitionnaires(petition: Petition, lettre: str, contexte: Mapping[str, Any]) -> None:
    """Write one letter to each, so that no address is shown to another person.

    `est_auteur` in the context is true for the letter to the author.
    """
    auteur = petition.auteur.courriel if petition.auteur else ""
    adresses = petitionnaires(petition)
    for est_auteur in (True, False):
        ecrire_a_chacun(
            lettre,
            a=[adresse for adresse in adresses if (adresse == auteur) == est_auteur],
            dossier=petition,
            contexte={**contexte, "est_auteur": est_auteur},
        )


def signataires(petition: Petition) -> Iterator[tuple[str, str, str]]:
    """Yield (address, token of the link to stop, language) of the valid signatures whose signer asked for news."""
    signatures = (
        Signature.objects.valables()
        .filter(petition=petition, accord_nouvelles=True, courriel__isnull=False)
        .order_by("pk")
        .values_list("courriel", "pk", "sceau", "langue")
    )
    for courriel, numero, sceau, langue in signatures.iterator():
        if courriel:
            yield courriel, Signature.LIEN_NOUVELLES.sceller(numero, sceau), langue


def annoncer(
    petition: Petition,
    acte: str,
    contexte: Mapping[str, Any],
    *,
    aux_signataires: bool = False,
    aux_abonnes: bool | None = None,
    cle: str = "",
    propres: Mapping[str, Mapping[str, Any]] | None = None,
    joindre: Callable[[str], Piece] | None = None,
) -> None:
    """Write the letter `petitions/<acte>` to the petitioners and, if asked, to the signers who want news.

    Followers of the dossier get what signers get, unless `aux_abonnes` is False. Signers and followers get a
    link to stop (RFC 8058). `propres`: context for one petitioner, by address. `joindre` returns the file
    joined for each petitioner. `cle` prevents an event from being told twice.
    """
    cle = cle or f"{acte}:{petition.pk}:{petition.modifie_le:%Y%m%d%H%M%S%f}"
    ecrire_a_plusieurs(
        f"petitions/{acte}",
        _destinataires(
            petition,
            aux_signataires=aux_signataires,
            aux_abonnes=aux_signataires if aux_abonnes is None else aux_abonnes,
            propres=propres or {},
            joindre=joindre,
        ),
        contexte={"petition": petition, "lien": petition.get_public_url(), **contexte},
        dossier=petition,
        cle=cle,
    )


def _destinataires(
    petition: Petition,
    *,
    aux_signataires: bool,
    aux_abonnes: bool,
    propres: Mapping[str, Mapping[str, Any]],
    joindre: Callable[[str], Piece] | None,
) -> Iterator[Destinataire]:
    deja = set()
    for adresse in petitionnaires(petition):
        deja.add(adresse.lower())
        pieces = [joindre(adresse)] if joindre is not None else []
        yield Destinataire(adresse, contexte=propres.get(adresse, {}), pieces=pieces)
    for abonne in abonnes(petition) if aux_abonnes and petition.est_publie else ():
        if abonne.adresse.lower() not in deja:
            deja.add(abonne.adresse.lower())
            yield replace(abonne, contexte={"par_abonnement": True})
    if not aux_signataires:
        return
    for courriel, jeton, langue in signataires(petition):
        if courriel.lower() not in deja:
            deja.add(courriel.lower())
            arret = reverse("petitions:ne_plus_recevoir", args=[jeton])
            yield Destinataire(courriel, desabonnement=arret, langue=langue)


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
    signatures = _voulant(petition).order_by("pk").values_list("courriel", "pk", "sceau", "langue")
    deja = set()
    for courriel, numero, sceau, langue in signatures.iterator():
        if courriel and courriel.lower() not in deja:
            deja.add(courriel.lower())
            jeton = Signature.LIEN_NOUVELLES.sceller(numero, sceau)
            arret = reverse("petitions:ne_plus_recevoir_auteur", args=[jeton])
            yield Destinataire(courriel, arret, langue=langue)
