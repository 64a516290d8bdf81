"""Pages to convene, move, cancel, tell of a change, remind, and convene a second time."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from participation.seances.actions import convocation as actions
from participation.seances.actions.reponses import relancer_reponses, repondre
from participation.seances.actions.seconde import seconde_convocation
from participation.seances.forms.convocation import (
    AnnulerForm,
    ConvoquerForm,
    DeplacerForm,
    InformerForm,
    RepondreForm,
)
from participation.seances.forms.preparation import QuandForm
from participation.seances.lectures.conflits import conflits
from participation.seances.models import Convie, Convocation, Membre, Seance
from participation.seances.notifications import convocation as notifications
from participation.seances.regles.delais import en_mots
from participation.seances.views.reponses import avec_personne
from participation.seances.workflow import EtatPoint
from participation.socle.actions.pieces import nommer
from participation.socle.courrier import composer
from participation.socle.francais import accorder, de, pluriel
from participation.socle.http import RequeteConnectee
from participation.socle.models import Document
from participation.socle.views.fichiers import servir
from participation.socle.views.pages import Page
from participation.socle.vitrine import recueillir

NOMS_MONTRES = 12


@require_safe
def document(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    """Send the frozen PDF of a sending, to agents and to people convened who may still read the séance."""
    convocation = get_object_or_404(Convocation.objects.select_related("document", "seance"), pk=pk)
    if not request.user.est_agent and not (
        convocation.envoyee_le is not None
        and Convie.objects.filter(seance=convocation.seance_id, membre__compte=request.user).exists()
        and Seance.objects.lues_par(request.user).filter(pk=convocation.seance_id).exists()
    ):
        raise Http404
    fichier = convocation.document
    if fichier is None:
        raise Http404
    if fichier.etat != Document.Etat.PRET:
        if request.user.est_agent:
            return redirect("socle:document_etat", fichier.cle_publique)
        raise Http404
    return servir(
        request,
        fichier.fichier,
        nom=nommer(fichier.titre, ".pdf"),
        type_mime="application/pdf",
        empreinte=fichier.sha256,
        est_public=False,
        est_du_service=True,
    )


def convie_du_bureau(request: RequeteConnectee, pk: int) -> Convie:
    convie: Convie = get_object_or_404(
        avec_personne().filter(seance__in=Seance.objects.visibles_par(request.user)), pk=pk
    )
    return convie


def apercu_de_la_convocation(request: RequeteConnectee, seance: Seance, form: object) -> dict[str, Any]:
    """Return what the page shows before the convocation: delay, members, points, letter, conflicts."""
    membres = seance.membres_a_convoquer()
    par_college: dict[str, list[Membre]] = {}
    for membre in membres:
        par_college.setdefault(membre.college.nom, []).append(membre)
    lettre = None
    if membres:
        exemple = Convie(seance=seance, membre=membres[0])
        lettre = composer("seances/convoquer", notifications.contexte(exemple))
    return {
        "seance": seance,
        "membres": membres,
        "par_college": par_college,
        "points": seance.points.exclude(etat=EtatPoint.RETIRE).order_by("ordre", "pk"),
        "avertissement": seance.avertissement(),
        "delai": en_mots(seance.reglement.delai_convocation, seance.reglement.unite_delai),
        "urgence": seance.date_limite_urgence,
        "lettre": lettre,
        "conflits": [*conflits(seance), *recueillir("jours_pris", seance.jour.date())],
        "invites": seance.invites.filter(retire_le=None),
    }


def nombre_de_convies(seance: Seance) -> int:
    return seance.convies.filter(retire_le=None).count()


def _personnes(nombre: int, quoi: str) -> str:
    """« Les 32 personnes convoquées reçoivent », « La personne convoquée reçoit »."""
    if nombre == 1:
        return f"La personne {quoi} reçoit"
    return f"Les {nombre} personnes {quoi}s reçoivent"


def dire_deplacement(seance: Seance) -> str:
    if not (nombre := nombre_de_convies(seance)):
        return "Personne n’est encore convoqué : personne n’est prévenu."
    if not seance.est_deliberante:
        return f"{_personnes(nombre, 'invitée')} la nouvelle date et l’agenda change. Les inscriptions sont gardées."
    return (
        f"{_personnes(nombre, 'convoquée')} la nouvelle date et l’agenda change. "
        "Si le jour ou l’heure changent, chacune répond de nouveau."
    )


def dire_annulation(seance: Seance) -> str:
    if not (nombre := nombre_de_convies(seance)):
        return "Personne n’est encore convoqué. L’annulation ne se défait pas."
    return (
        f"{_personnes(nombre, 'convoquée' if seance.est_deliberante else 'invitée')} une lettre, et ce rendez-vous sort de l’agenda. "
        "L’annulation ne se défait pas."
    )


def dire_information(seance: Seance) -> str:
    oublies = seance.membres_oublies()
    return (
        f"Un seul envoi pour tous les changements, à {accorder(nombre_de_convies(seance), 'personne')}, avec la convocation refaite."
        + (
            f" {accorder(len(oublies), 'membre nommé')} depuis {pluriel(len(oublies), 'est convoqué,sont convoqués')} aussi."
            if oublies
            else ""
        )
    )


def dire_relance(seance: Seance) -> str:
    muets = list(seance.convies.filter(retire_le=None, reponse="").select_related("membre__compte"))
    noms = ", ".join(str(convie.membre) for convie in muets[:NOMS_MONTRES])
    suite = "…" if len(muets) > NOMS_MONTRES else "."
    return f"{accorder(len(muets), 'personne')} : {noms}{suite}" if muets else ""


def dire_seconde(seance: Seance) -> str:
    quorum = (
        "La nouvelle séance pourra délibérer sans condition de quorum."
        if seance.reglement.seconde_sans_quorum
        else "La même condition de quorum s’appliquera."
    )
    delai = en_mots(seance.reglement.delai_seconde, "calendaires")
    return f"Même ordre du jour, {delai} plus tard au moins. {quorum} La convocation part aussitôt."


PAGES: dict[str, Page[Seance]] = {
    "convoquer": Page(
        actions.convoquer,
        ConvoquerForm,
        titre="Convoquer les membres",
        succes="La convocation part : le document se prépare, puis les courriels suivent.",
        gabarit="seances/convoquer.html",
        contexte=apercu_de_la_convocation,
    ),
    "deplacer": Page(
        actions.deplacer,
        DeplacerForm,
        dire_deplacement,
        titre="Déplacer la séance",
        succes="La séance est déplacée.",
    ),
    "annuler": Page(actions.annuler, AnnulerForm, dire_annulation, succes="La séance est annulée."),
    "informer": Page(
        actions.informer,
        InformerForm,
        dire_information,
        bouton="Prévenir les personnes convoquées",
        succes="Le nouvel ordre du jour part aux personnes convoquées.",
    ),
    "relancer_reponses": Page(
        relancer_reponses,
        None,
        dire_relance,
        bouton="Envoyer la relance",
        succes=lambda _, combien: f"{accorder(combien, 'relance')} : c’est parti.",
        retour="#reponses",
    ),
    "seconde_convocation": Page(
        seconde_convocation,
        QuandForm,
        dire_seconde,
        succes="La seconde convocation part.",
        retour=lambda seance, seconde: (seconde or seance).get_absolute_url(),
    ),
}
PAGES_CONVIES: dict[str, Page[Convie]] = {
    "noter_reponse": Page(
        repondre,
        RepondreForm,
        "Par téléphone ou de vive voix. La personne reçoit la confirmation de ce qui est noté.",
        titre=lambda convie: f"Noter la réponse {de(convie.membre)}",
        bouton="Noter la réponse",
        succes=lambda convie, _: f"La réponse {de(convie.membre)} est notée.",
        retour="#reponses",
        contexte=lambda _, convie, form: {"sujet": convie.seance.titre},
    )
}
