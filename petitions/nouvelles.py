"""Messages of the author to the signers who want them; an agent reads each one before it is sent.

Also the letters of a pétition to petitioners, followers, and signers who asked for news of the service.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import enregistrer, exiger
from participation.socle.actions.moderation import decisions_sur, moderer
from participation.socle.actions.tournees import AQuiEcrire, ecrire_en_nombre
from participation.socle.courriels.ecriture import (
    Destinataire,
    Piece,
    ecrire,
    ecrire_a_chacun,
    ecrire_a_plusieurs,
)
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_ligne, champ_texte
from participation.socle.forms.moderation import ModererForm
from participation.socle.francais import accorder, instant_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte, RaisonModeration
from participation.socle.regles.textes import sans_controle
from participation.socle.views.dossier import boutons_de
from participation.socle.views.pages import Lettre, Page, acte, pages
from participation.suites.abonnements import abonnes
from petitions.models import Nouvelle, Petition, Signature
from petitions.workflow import AVEC_SIGNATAIRES

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
        [
            Destinataire(
                adresse,
                contexte=(propres or {}).get(adresse, {}),
                pieces=[joindre(adresse)] if joindre is not None else [],
            )
            for adresse in petitionnaires(petition)
        ],
        contexte=dit,
        dossier=petition,
        cle=cle,
    )
    if (aux_signataires if aux_abonnes is None else aux_abonnes) and petition.est_publie:
        par_abonnement = {**dit, "par_abonnement": True}
        ecrire_en_nombre(lettre, abonnes, petition, contexte=par_abonnement, cle=cle)
    if aux_signataires:
        ecrire_en_nombre(lettre, signataires, petition, contexte=dit, cle=cle)


def signataires(petition: Petition) -> AQuiEcrire:
    """The signers of the count who asked for news, each with the link to stop."""
    return AQuiEcrire(ecrivables(petition).filter(accord_nouvelles=True), _avec_arret)


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


def voulant(petition: Petition) -> AQuiEcrire:
    """The signers of the count who asked for what the author writes."""
    return AQuiEcrire(ecrivables(petition).filter(accord_auteur=True), _avec_arret_de_l_auteur)


Etat = Nouvelle.Etat


def fil_de_l_auteur(request: RequeteConnectee, objet: Petition | Nouvelle, form: Any) -> dict[str, Any]:
    """Breadcrumb to the page of the author, who has no access to the back office."""
    petition = objet if isinstance(objet, Petition) else objet.petition
    sienne = reverse("petitions:ma_petition", args=[petition.pk])
    return {"fil": [("Mes pétitions", reverse("petitions:mes_petitions")), (petition.titre, sienne)]}


def chez_l_auteur(objet: Petition | Nouvelle, fait: Any) -> str:
    petition = objet if isinstance(objet, Petition) else objet.petition
    return reverse("petitions:ma_petition", args=[petition.pk]) + "#nouvelles"


def dire_la_proposition(petition: Petition) -> str:
    reglement = petition.reglement
    return (
        "Le service relit votre message avant qu’il parte. Il est ensuite publié sur la page de la pétition, et envoyé "
        f"aux signataires qui le veulent : {accorder(voulues(petition), 'personne')} aujourd’hui. Au plus un message en "
        f"{accorder(reglement.nouvelles_intervalle_jours, 'jour')}, et {accorder(reglement.nouvelles_max, 'message')} en tout."
    )


def dire_la_publication(nouvelle: Nouvelle) -> str:
    combien = voulues(nouvelle.petition)
    envoi = (
        f"part à {accorder(combien, 'signataire qui veut', 'signataires qui veulent')} ces messages"
        if combien
        else "n’est envoyé à personne : aucun signataire n’a demandé ces messages"
    )
    return (
        f"Proposé le {instant_texte(nouvelle.proposee_le)}. Le message est publié sur la page de la pétition et {envoi}. "
        "Relisez la lettre : une fois partie, elle ne peut pas être reprise."
    )


def lettre_de_nouvelle(nouvelle: Nouvelle) -> Lettre:
    return "petitions/publier_nouvelle", {**contexte_de_la_lettre(nouvelle), "desabonnement": "/…"}


class ProposerNouvelleForm(ActeForm):
    objet: Petition

    titre = champ_ligne("Titre", "En quelques mots : ce qu’il y a de nouveau.", maximum=120)
    texte = champ_texte(
        "Votre message",
        "Ce qui a changé, ce que vous préparez. N’y mettez le nom ni l’adresse de personne sans son accord.",
        maximum=3000,
        lignes=10,
        erreur="Écrivez votre message.",
    )

    def initiales(self) -> Mapping[str, Any]:
        """Start from the last message if it was refused or taken back."""
        derniere = self.objet.nouvelles.first()
        if derniere is None or derniere.etat not in {Nouvelle.Etat.REFUSEE, Nouvelle.Etat.REPRISE}:
            return {}
        return {"titre": derniere.titre, "texte": derniere.texte}


@acte(
    Page[Petition](
        form=ProposerNouvelleForm,
        consequence=dire_la_proposition,
        bouton="Proposer ce message",
        succes="Votre message est chez nous : nous vous écrivons dès qu’il est relu.",
        retour=chez_l_auteur,
        contexte=fil_de_l_auteur,
        est_publique=True,
    )
)
@transaction.atomic
def proposer_nouvelle(petition: Petition, *, par: Compte, titre: str, texte: str) -> Nouvelle:
    """Keep the message until an agent has read it, and write to the agent in charge."""
    pas = exiger(petition, "proposer_nouvelle", par=par)
    nouvelle = enregistrer(
        Nouvelle(petition=petition, titre=sans_controle(titre), texte=sans_controle(texte))
    )
    pas.avancer(details={"nouvelle": nouvelle.pk})
    lettre_de_la_proposition(nouvelle)
    return nouvelle


@acte(
    Page[Nouvelle](
        consequence="Le service ne le relira pas. Votre texte est gardé : vous pourrez le corriger et le proposer de nouveau.",
        succes="Votre message n’attend plus d’être relu.",
        retour=chez_l_auteur,
        contexte=fil_de_l_auteur,
        est_publique=True,
    )
)
@transaction.atomic
def reprendre_nouvelle(nouvelle: Nouvelle, *, par: Compte) -> None:
    """Take back a message that no agent has read yet; its text is given again in the form."""
    _decider(nouvelle, "reprendre_nouvelle", Etat.REPRISE, par=par)


@acte(
    Page[Nouvelle](
        consequence=dire_la_publication,
        lettre=lettre_de_nouvelle,
        gabarit="petitions/suivi/publier_nouvelle.html",
        contexte=lambda request, nouvelle, form: {
            "nouvelle": nouvelle,
            "peut_refuser": nouvelle.permet("refuser_nouvelle", request.user),
        },
        retour="#nouvelles",
    )
)
@transaction.atomic
def publier_nouvelle(nouvelle: Nouvelle, *, par: Compte) -> None:
    """Publish the message on the page and send it once to each signer who asked for it."""
    _decider(nouvelle, "publier_nouvelle", Etat.PUBLIEE, par=par)
    nouvelle.destinataires = dire_la_nouvelle(nouvelle)
    nouvelle.save(update_fields=["destinataires"])
    dire_a_l_auteur(nouvelle, "publier_nouvelle_auteur")


@acte(
    Page[Nouvelle](
        form=ModererForm,
        consequence="Le message ne part pas. Son auteur lit votre raison et peut l’écrire autrement.",
        retour="#nouvelles",
    )
)
@transaction.atomic
def refuser_nouvelle(nouvelle: Nouvelle, *, par: Compte, raison: RaisonModeration, motif: str) -> None:
    """Refuse a message. The author is told why, and may write another one, or contest."""
    _moderer(nouvelle, "refuser_nouvelle", Etat.REFUSEE, par=par, raison=raison, motif=motif)


@acte(
    Page[Nouvelle](
        form=ModererForm,
        consequence="Le message disparaît de la page publique. Son auteur lit votre raison.",
        retour="#nouvelles",
    )
)
@transaction.atomic
def depublier_nouvelle(nouvelle: Nouvelle, *, par: Compte, raison: RaisonModeration, motif: str) -> None:
    """Remove a published message from the page; its letters are already sent."""
    _moderer(nouvelle, "depublier_nouvelle", Etat.DEPUBLIEE, par=par, raison=raison, motif=motif)


def rendre_nouvelle(nouvelle: Nouvelle, *, par: Compte, motif: str) -> None:
    """Give back a message whose author contested and was right: on the page again, or to be read again.

    In the transaction of the answer, which locks the pétition. Raises ErreurMetier when another message waits.
    """
    nouvelle.etat = Etat.PUBLIEE if nouvelle.etat == Etat.DEPUBLIEE else Etat.PROPOSEE
    if nouvelle.etat == Etat.PROPOSEE and nouvelle.petition.nouvelles.a_relire().exists():
        raise ErreurMetier("Un autre message de cet auteur attend d’être relu : lisez-le d’abord.")
    nouvelle.motif = ""
    nouvelle.save(update_fields=["etat", "motif"])


@transaction.atomic
def ne_plus_recevoir_auteur(signature: Signature) -> None:
    """Stop the messages of the author to this signer; news of the Métropole continue.

    Doing it twice is safe.
    """
    Signature.objects.filter(pk=signature.pk, accord_auteur=True).update(accord_auteur=False)


def _moderer(
    nouvelle: Nouvelle, acte: str, etat: Etat, *, par: Compte, raison: RaisonModeration, motif: str
) -> None:
    _decider(nouvelle, acte, etat, par=par, motif=motif)
    petition = nouvelle.petition
    adresses = [petition.auteur.courriel] if petition.auteur else []
    moderation = moderer(
        nouvelle, acte, dossier=petition, par=par, raison=raison, motif=motif, adresses=adresses
    )
    dire_a_l_auteur(nouvelle, acte, moderation=moderation)


def _decider(nouvelle: Nouvelle, acte: str, etat: Etat, *, par: Compte, motif: str = "") -> None:
    # locks the pétition; the état of the message is then read after concurrent acts
    pas = exiger(nouvelle, acte, par=par)
    nouvelle.etat, nouvelle.decidee_par, nouvelle.motif = etat, par, motif
    if etat != Etat.DEPUBLIEE:
        nouvelle.decidee_le = timezone.now()
    nouvelle.full_clean()
    nouvelle.save(update_fields=["etat", "decidee_par", "motif", "decidee_le"])
    pas.avancer(motif=motif, details={"nouvelle": nouvelle.pk, "titre": nouvelle.titre})


def nouvelle_du_bureau(request: RequeteConnectee, pk: int) -> Nouvelle:
    petitions = Petition.objects.au_bureau_de(request.user)
    return _trouver(pk, petition__in=petitions)


def nouvelle_de_l_auteur(request: RequeteConnectee, pk: int) -> Nouvelle:
    return _trouver(pk, petition__auteur=request.user)


def _trouver(pk: int, **siennes: Any) -> Nouvelle:
    nouvelles = Nouvelle.objects.select_related("petition__reglement", "petition__auteur", "petition__agent")
    return get_object_or_404(nouvelles.filter(**siennes), pk=pk)


PAGES_DES_NOUVELLES_DE_L_AUTEUR: dict[str, Page[Nouvelle]] = pages(reprendre_nouvelle)


PAGES_DES_NOUVELLES: dict[str, Page[Nouvelle]] = pages(publier_nouvelle, refuser_nouvelle, depublier_nouvelle)


def nouvelles_pour(petition: Petition, compte: Compte) -> dict[str, Any]:
    """Return all the messages with the buttons allowed to this account, for the dossier and for the
    author."""
    toutes = list(petition.nouvelles.select_related("petition__reglement", "decidee_par"))
    decisions = decisions_sur(nouvelle for nouvelle in toutes if nouvelle.motif)
    lignes = [(nouvelle, boutons_de(nouvelle, compte), decisions.get(nouvelle.pk)) for nouvelle in toutes]
    permises = petition.etat in AVEC_SIGNATAIRES
    return {
        "nouvelles": lignes,
        "est_l_auteur": compte == petition.auteur,
        "peut_ecrire": petition.permet("proposer_nouvelle", compte),
        "pourquoi_pas": petition.manques("proposer_nouvelle", compte) if permises else [],
        "veulent": voulues(petition) if permises else 0,
        "jour": timezone.localdate(),
    }
