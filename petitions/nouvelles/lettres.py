"""Letters of a pétition to petitioners, followers, and signers who asked for news of the service or of the author."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse

from participation.socle.actions.tournees import Liste, ecrire_en_nombre
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

LUS = ("courriel", "sceau", "langue")  # of a signature, to write to who signed


def petitionnaires(petition: Petition) -> list[str]:
    """Addresses of the author and of the confirmed co-pétitionnaires, without repetition."""
    auteur = petition.auteur.courriel if petition.auteur else ""
    autres = petition.copetitionnaires.confirmes().values_list("courriel", flat=True)
    return [adresse for adresse in dict.fromkeys([auteur, *autres]) if adresse]


def ecrire_aux_petitionnaires(petition: Petition, lettre: str, contexte: Mapping[str, Any]) -> None:
    """Write one letter to each, so that no address is shown to another person.

    `est_auteur` in the context is true for the letter to the author; `titre_connu` unless the title was changed since
    this co-pétitionnaire confirmed it and the service has not read it.
    """
    auteur = petition.auteur.courriel if petition.auteur else ""
    confirmes = petition.copetitionnaires.confirmes().select_related("petition", "texte_confirme")
    inconnu = set() if petition.decidee_le else {c.courriel for c in confirmes if not c.connait_le_titre}
    groupes: dict[tuple[bool, bool], list[str]] = {}
    for adresse in petitionnaires(petition):
        est_auteur = adresse == auteur
        groupes.setdefault((est_auteur, est_auteur or adresse not in inconnu), []).append(adresse)
    for (est_auteur, titre_connu), adresses in groupes.items():
        dits = {"est_auteur": est_auteur, "titre_connu": titre_connu}
        ecrire_a_chacun(lettre, a=adresses, dossier=petition, contexte={**contexte, **dits})


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
    link to stop (RFC 8058), in lots. `propres`: context for one petitioner, by address. `joindre` returns the file
    joined for each petitioner. `cle` prevents an event from being told twice.
    """
    cle = cle or f"{acte}:{petition.pk}:{petition.modifie_le:%Y%m%d%H%M%S%f}"
    lettre = f"petitions/{acte}"
    dit = {"petition": petition, "lien": petition.get_public_url(), **contexte}
    ecrire_a_plusieurs(
        lettre,
        (
            Destinataire(
                adresse,
                contexte=(propres or {}).get(adresse, {}),
                pieces=[joindre(adresse)] if joindre is not None else [],
            )
            for adresse in petitionnaires(petition)
        ),
        contexte=dit,
        dossier=petition,
        cle=cle,
    )
    if (aux_signataires if aux_abonnes is None else aux_abonnes) and petition.est_publie:
        par_abonnement = {**dit, "par_abonnement": True}
        ecrire_en_nombre(lettre, abonnes, petition, contexte=par_abonnement, cle=cle)
    if aux_signataires:
        ecrire_en_nombre(lettre, signataires, petition, contexte=dit, cle=cle)


def signataires(petition: Petition) -> Liste:
    """The signers of the count who asked for news, each with the link to stop."""
    return Liste(ecrivables(petition).filter(accord_nouvelles=True), _avec_arret)


def ecrivables(petition: Petition) -> QuerySet[Signature]:
    """The signatures in the count that have a mailbox."""
    avec_boite = Signature.objects.valables().filter(petition=petition, courriel__isnull=False)
    return avec_boite.exclude(courriel="").only(*LUS)


def signatures_des_autres(petition: Petition) -> QuerySet[Signature]:
    """The same, asked for news or not, but for those of who bears the petition, told by another letter."""
    deja = [adresse.lower() for adresse in petitionnaires(petition)]
    return ecrivables(petition).alias(boite=Lower("courriel")).exclude(boite__in=deja)


def _avec_arret(signature: Signature) -> Destinataire:
    return _a(signature, "ne_plus_recevoir")


def _avec_arret_de_l_auteur(signature: Signature) -> Destinataire:
    return _a(signature, "ne_plus_recevoir_auteur")


def _a(signature: Signature, page: str) -> Destinataire:
    jeton = Signature.LIEN_NOUVELLES.sceller(signature.pk, signature.sceau)
    arret = reverse(f"petitions:{page}", args=[jeton])
    return Destinataire(signature.courriel or "", desabonnement=arret, langue=signature.langue)


def lettre_de_la_proposition(nouvelle: Nouvelle) -> None:
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


def dire_la_nouvelle(nouvelle: Nouvelle) -> int:
    """Write one letter to each address, with a link to stop, in lots. Returns how many addresses."""
    petition = nouvelle.petition
    combien = voulues(petition)
    ecrire_en_nombre(
        "petitions/publier_nouvelle",
        voulant,
        petition,
        contexte=contexte_de_la_lettre(nouvelle),
        cle=f"nouvelle:{nouvelle.pk}",
    )
    return combien


def contexte_de_la_lettre(nouvelle: Nouvelle) -> dict[str, object]:
    petition = nouvelle.petition
    return {"petition": petition, "nouvelle": nouvelle, "lien": f"{petition.get_public_url()}#nouvelles"}


def dire_a_l_auteur(nouvelle: Nouvelle, lettre: str, **contexte: Any) -> None:
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
                **contexte,
            },
        )


def voulues(petition: Petition) -> int:
    """Return the number of addresses of the next message. Counted in SQL: shown on pages of every day."""
    lu = voulant(petition).lignes.aggregate(n=Count(Lower("courriel"), distinct=True))
    return int(lu["n"])


def voulant(petition: Petition) -> Liste:
    """The signers of the count who asked for what the author writes."""
    return Liste(ecrivables(petition).filter(accord_auteur=True), _avec_arret_de_l_auteur)
