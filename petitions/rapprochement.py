"""Gather two close pétitions with the consent of both authors.

No signature moves: each signer is told, and signs the one that goes on, or not.
"""

from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.socle.actions import (
    annuler_echeance,
    avancer,
    consigner,
    enregistrer,
    exiger,
    faire_echeance,
    fixer_echeance,
)
from participation.socle.actions.tournees import AQuiEcrire, ecrire_en_nombre
from participation.socle.bd.verrous import verrou
from participation.socle.courriels.ecriture import Destinataire, ecrire
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_parmi, champ_texte
from participation.socle.francais import accorder
from participation.socle.http.decorateurs import publique
from participation.socle.http.requete import RequeteConnectee, adresse_client
from participation.socle.models import Compte
from participation.socle.views.ensemble import Ensemble
from participation.socle.views.liens import lien_inconnu, personnelle
from participation.socle.views.pages import Page, acte
from petitions.depot.actes import clore_attentes, fin_du_retrait
from petitions.models import Petition, Rapprochement, Signature
from petitions.nouvelles import LUS, annoncer, signatures_des_autres
from petitions.signatures.actes import signer_la_reunie as signer
from petitions.signatures.referentiel import reseau_connu
from petitions.signatures.vues import CONFIRMER
from petitions.workflow import ACCUEILLANTES, Etat


def contexte_pour(rapprochement: Rapprochement, petition: Petition) -> dict[str, Any]:
    """What the author of `petition` is told of the other pétition: its words only once the comité decided on it."""
    autre = rapprochement.autre_que(petition)
    return {
        "petition": petition,
        "autre": autre,
        "titre_de_l_autre": autre.titre if autre.decidee_le and not autre.texte_masque else "",
        "rapprochement": rapprochement,
        "s_arrete": petition.pk == rapprochement.petition_id,
        "lien": rapprochement.lien_de(petition),
    }


def dire_la_proposition(rapprochement: Rapprochement) -> None:
    for petition in (rapprochement.petition, rapprochement.vers):
        _a_l_auteur("proposer_rapprochement", rapprochement, petition)


def dire_le_refus(rapprochement: Rapprochement, *, par_qui: Petition) -> None:
    """Tell the other author, and the service, that nothing changes."""
    _a_l_auteur("refuser_rapprochement", rapprochement, rapprochement.autre_que(par_qui))
    ecrire(
        "petitions/refuser_rapprochement_service",
        a=adresses_du_service(),
        dossier=rapprochement.petition,
        contexte={
            "rapprochement": rapprochement,
            "par_qui": par_qui,
            "lien": rapprochement.petition.get_absolute_url(),
        },
    )


def dire_l_annulation(rapprochement: Rapprochement) -> None:
    for petition in (rapprochement.petition, rapprochement.vers):
        _a_l_auteur("refuser_rapprochement", rapprochement, petition)


def _a_l_auteur(lettre: str, rapprochement: Rapprochement, petition: Petition) -> None:
    if petition.auteur is not None:
        ecrire(
            f"petitions/{lettre}",
            a=[petition.auteur.courriel],
            dossier=petition,
            contexte=contexte_pour(rapprochement, petition),
        )


def dire_la_reunion(petition: Petition, vers: Petition) -> int:
    """Tell each signer of the pétition that stops, in lots. Return how many."""
    return ecrire_en_nombre(
        "petitions/dire_la_reunion",
        les_signataires,
        petition,
        contexte={"petition": petition, "vers": vers, "lien": vers.get_public_url()},
        cle=f"dire_la_reunion:{petition.pk}",
        une_par_boite=False,  # two people may have signed with one address
    )


def les_signataires(petition: Petition) -> AQuiEcrire:
    """Every signature in the count that has an address, asked for news or not: it is about what they signed."""
    return AQuiEcrire(signatures_des_autres(petition).only(*LUS, "prenom", "nom"), _avec_l_autre_a_signer)


def _avec_l_autre_a_signer(signature: Signature) -> Destinataire:
    jeton = Signature.LIEN.sceller(signature.pk, signature.sceau)
    return Destinataire(
        signature.courriel or "",
        langue=signature.langue,
        contexte={
            "qui": f"{signature.prenom} {signature.nom}",
            "lien_signer": reverse("petitions:signer_la_reunie", args=[jeton]),
        },
    )


E = Rapprochement.Etat
ECHEANCE = "rapprochement"


def possibles(petition: Petition) -> Any:
    """Return the pétitions that `petition` may join, the closest first: recevables, with an author, in no other proposal.

    One whose signatures are open joins only another that may be signed today: its signers lose nothing meanwhile.
    """
    etats: list[str] = [Etat.EN_COLLECTE] if petition.etat == Etat.EN_COLLECTE else list(ACCUEILLANTES)
    autres = Petition.objects.filter(etat__in=etats, auteur__isnull=False, texte_masque=False)
    autres = autres.exclude(Q(pk=petition.pk) | Q(rapprochements__etat=E.PROPOSE))
    proches = [p.pk for p in autres.proches(petition.titre)[:20]]
    rangs = {numero: rang for rang, numero in enumerate(proches)}
    return sorted(autres.order_by("titre", "pk"), key=lambda p: rangs.get(p.pk, len(rangs)))


class ProposerRapprochementForm(ActeForm):
    objet: Petition

    vers = champ_parmi(
        "La pétition qui continue", None, "Son texte reste le sien.", erreur="Choisissez l’autre pétition."
    )
    texte = champ_texte(
        "Pourquoi les réunir",
        "Les deux auteurs le lisent tel quel. Dites ce que chacune demande, et ce qui les rapproche. Ne nommez personne.",
        maximum=2000,
        erreur="Dites aux auteurs pourquoi réunir leurs pétitions.",
    )
    date_limite = champ_jour("Réponses attendues le", erreur="Dites pour quand les réponses sont attendues.")

    def preparer(self) -> None:
        champ: Any = self.fields["vers"]
        siennes = possibles(self.objet)
        champ.queryset = Petition.objects.filter(pk__in=[p.pk for p in siennes])
        champ.choices = [
            ("", "Choisir dans la liste"),
            *((p.pk, f"{p.titre} ({p.reference})") for p in siennes),
        ]

    def clean_date_limite(self) -> Any:
        jour = self.cleaned_data["date_limite"]
        if jour <= timezone.localdate():
            raise forms.ValidationError("Choisissez un jour à venir.")
        return jour


@acte(
    Page[Petition](
        form=ProposerRapprochementForm,
        consequence="Les deux auteurs reçoivent une lettre et répondent, par son lien ou depuis leur espace. Rien ne change tant que "
        "les deux n’ont pas accepté. S’ils acceptent, cette pétition s’arrête et l’autre continue avec son texte. Aucune signature "
        "n’est déplacée : chaque signataire joignable reçoit une lettre, et signe l’autre en un geste s’il le veut. Les signatures "
        "sur papier restent à refaire.",
        succes="La proposition est partie aux deux auteurs.",
        retour="#rapprochement",
    )
)
@transaction.atomic
def proposer_rapprochement(
    petition: Petition, *, par: Compte, vers: Petition, texte: str, date_limite: date
) -> Rapprochement:
    """Ask both authors. Raises ValidationError when the other one can no longer be joined."""
    verrou("petitions:rapprochement")  # two proposals that cross would have each pétition join the other
    pas = exiger(petition, "proposer_rapprochement", par=par)
    if vers not in possibles(petition):
        raise ValidationError(
            {"vers": "Cette pétition ne peut plus en accueillir une autre : choisissez-en une autre."}
        )
    rapprochement = enregistrer(
        Rapprochement(petition=petition, vers=vers, texte=texte, date_limite=date_limite, propose_par=par)
    )
    pas.avancer(motif=texte, details={"rapprochement": rapprochement.pk, "vers": vers.pk})
    consigner(vers, "proposer_rapprochement", par=par, motif=texte, details={"petition": petition.pk})
    fixer_echeance(
        petition,
        ECHEANCE,
        libelle="Réponses des auteurs au rapprochement",
        date_limite=date_limite,
        responsable=petition.agent or par,
    )
    dire_la_proposition(rapprochement)
    return rapprochement


@transaction.atomic
def accepter_rapprochement(
    rapprochement: Rapprochement, *, cote: int, par: Compte | None = None
) -> Rapprochement:
    """Keep the consent of one author; the second one gathers the pétitions. `cote`: key of the author's pétition."""
    pas = exiger(rapprochement, "accepter_rapprochement", par=par)
    champ = "accord_petition_le" if cote == rapprochement.petition_id else "accord_vers_le"
    if getattr(rapprochement, champ) is not None:
        return rapprochement
    sienne = rapprochement.petition if cote == rapprochement.petition_id else rapprochement.vers
    pas.avancer(
        champs={champ: timezone.now()}, fait=f"Rapprochement accepté par l’auteur de {sienne.reference}"
    )
    if rapprochement.accord_petition_le and rapprochement.accord_vers_le:
        reunir(rapprochement)
    return rapprochement


def reunir(rapprochement: Rapprochement) -> None:
    """Stop one pétition and say everywhere that it joined the other. The caller holds the lock of the first."""
    petition = rapprochement.petition
    pas = exiger(petition, "reunir", par=None)
    vers = rapprochement.vers
    _accueillir(vers, petition)
    if not rapprochement.se_tient:  # read under both locks
        raise ErreurMetier("L’une des deux pétitions n’en est plus là : elles ne peuvent plus être réunies.")
    rapprochement.etat, rapprochement.fini_le = E.FAIT, timezone.now()
    rapprochement.save(update_fields=["etat", "fini_le"])
    clore_attentes(
        petition, par=None, motif=f"La pétition est réunie à {vers.reference}, avec l’accord des auteurs."
    )
    annuler_echeance(petition)
    pas.avancer(
        fait=f"Pétition réunie à {vers.reference}, avec l’accord des deux auteurs",
        champs={**fin_du_retrait(petition), "reunie_a": vers},
    )
    lien = vers.get_public_url() if vers.est_publie else ""
    annoncer(petition, "reunir", {"vers": vers, "lien": lien})
    annoncer(vers, "accueillir", {"reunie": petition})


def _accueillir(vers: Petition, petition: Petition) -> None:
    fait = f"{petition.reference} s’y est jointe, avec l’accord des deux auteurs"
    avancer(vers, "accueillir", par=None, fait=fait)


def dire_les_reunions() -> None:
    """Periodic task: write to the signers of the pétitions that joined another, once for each.

    Apart from the act, whose locks would make those who sign the other one wait.
    """
    a_dire = Rapprochement.objects.filter(etat=E.FAIT, signataires_prevenus_le=None)
    for numero in a_dire.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            rapprochement = (
                a_dire.select_for_update(of=("self",))
                .select_related("petition", "vers")
                .filter(pk=numero)
                .first()
            )
            if rapprochement is None:
                continue
            prevenus = dire_la_reunion(rapprochement.petition, rapprochement.vers)
            rapprochement.signataires_prevenus_le = timezone.now()
            rapprochement.save(update_fields=["signataires_prevenus_le"])
            consigner(
                rapprochement.petition,
                "reunir",
                par=None,
                fait=f"Réunion dite à {accorder(prevenus, 'signataire')}",
                est_publique=False,
            )


@transaction.atomic
def refuser_rapprochement(rapprochement: Rapprochement, *, cote: int, par: Compte | None = None) -> None:
    """End the proposal for an author, who gives no reason: nothing changes for either pétition."""
    pas = exiger(rapprochement, "refuser_rapprochement", par=par)
    sienne = rapprochement.petition if cote == rapprochement.petition_id else rapprochement.vers
    pas.avancer(
        champs={"etat": E.REFUSE, "fini_le": timezone.now()},
        fait=f"Rapprochement refusé par l’auteur de {sienne.reference}",
    )
    faire_echeance(rapprochement.petition, ECHEANCE)
    dire_le_refus(rapprochement, par_qui=sienne)


@acte(
    Page[Rapprochement](
        consequence="Les deux auteurs sont prévenus que la proposition ne tient plus. Rien ne change pour leurs pétitions.",
        retour="#rapprochement",
    )
)
@transaction.atomic
def annuler_rapprochement(rapprochement: Rapprochement, *, par: Compte) -> None:
    pas = exiger(rapprochement, "annuler_rapprochement", par=par)
    pas.avancer(champs={"etat": E.ANNULE, "fini_le": timezone.now()})
    annuler_echeance(rapprochement.petition, ECHEANCE)
    dire_l_annulation(rapprochement)


AVEC_PETITIONS = ("petition__reglement", "petition__auteur", "vers__reglement", "vers__auteur")


def rapprochement_du_bureau(request: RequeteConnectee, pk: int) -> Rapprochement:
    petitions = Petition.objects.au_bureau_de(request.user)
    siens = Rapprochement.objects.filter(petition__in=petitions).select_related(*AVEC_PETITIONS)
    return get_object_or_404(siens, pk=pk)


@publique
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repondre_rapprochement(request: HttpRequest, jeton: str) -> HttpResponse:
    """Both pétitions, what becomes of the signatures, and two buttons. Only a POST answers."""
    trouve = _du_lien(jeton)
    if trouve is None:
        return lien_inconnu(request, "aucune proposition", app="petitions")
    _, cote = trouve
    reponse = Ensemble[Rapprochement](
        pages={
            acte.__name__: Page(partial(acte, cote=cote), ActeForm)
            for acte in (accepter_rapprochement, refuser_rapprochement)
        },
        gabarit="petitions/rapprochement/repondre.html",
        contexte=lambda request, rapprochement: _contexte(rapprochement, cote),
        par_lien=True,
    ).page(request, lambda: _du_lien(jeton)[0])  # type: ignore[index]  # found above
    reponse["X-Robots-Tag"] = "noindex"
    return reponse


def _du_lien(jeton: str) -> tuple[Rapprochement, int] | None:
    return Rapprochement.LIEN.trouver_precis(jeton, Rapprochement.objects.select_related(*AVEC_PETITIONS))


def _contexte(rapprochement: Rapprochement, cote: int) -> dict[str, Any]:
    petition = rapprochement.petition if cote == rapprochement.petition_id else rapprochement.vers
    valables = Signature.objects.valables().filter(petition=rapprochement.petition_id)
    autre = rapprochement.autre_que(petition)
    return {
        **contexte_pour(rapprochement, petition),
        "accord_le": rapprochement.accord_de(petition),
        "accord_de_l_autre": rapprochement.accord_de(autre),
        "signatures": valables.count(),
        "sur_papier": valables.filter(origine=Signature.Origine.PAPIER).count(),
    }


def _signature(jeton: str) -> Signature | None:
    signatures = Signature.objects.select_related("petition__reunie_a__reglement", "commune")
    return Signature.LIEN.trouver(jeton, signatures)


@personnelle(_signature, CONFIRMER.inconnu)
def signer_la_reunie(request: HttpRequest, signature: Signature, jeton: str) -> HttpResponse:
    """Text of the pétition that goes on, known answers, one button. GET changes nothing."""
    vers, erreur = signature.petition.reunie_a, ""
    if request.method == "POST" and vers is not None:
        ip = adresse_client(request)
        try:
            nouvelle = signer(signature, vers, ip=ip, reseau_connu=reseau_connu(ip))
        except ErreurMetier as refus:
            erreur = refus.message
        else:
            return redirect("petitions:confirmer_signature", nouvelle.jeton())
    return render(
        request,
        "petitions/rapprochement/signer.html",
        {
            "signature": signature,
            "ancienne": signature.petition,
            "petition": vers or signature.petition,
            "erreur": erreur,
            "possible": vers is not None
            and vers.est_signable
            and signature.est_confirmee
            and bool(signature.nom_canonique),
        },
        status=409 if erreur else 200,
    )
