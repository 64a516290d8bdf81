"""The facilitator's acts, by one click or a short form. Each returns to the facilitator's screen."""

from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from participation.seances.ecrans import tenue
from participation.seances.ecrans.tenue import PresiderForm
from participation.seances.ecrans.vues.animer import ecran_animateur, retour_de, trouver_point
from participation.seances.ecrans.vues.gestes import dire_le_compte, trouver_seance
from participation.seances.models import (
    ComptePapier,
    Convie,
    Deport,
    Election,
    Point,
    PointDossier,
    Presence,
    Seance,
    Vote,
)
from participation.seances.ordre_du_jour import actes as ordre_du_jour
from participation.seances.points import actes as points
from participation.seances.points import bulletins
from participation.seances.points.actes import (
    AjouterPointForm,
    MotifForm,
    NoterDesaccordForm,
    NoterReleveForm,
    SeDeporterForm,
)
from participation.seances.presence import actes as actes_presence
from participation.seances.presence.actes import AccueillirForm, CorrigerPresenceForm
from participation.seances.presence.lectures import quorum_de
from participation.seances.votes import actes as votes
from participation.seances.votes import papier
from participation.seances.votes.actes import FaireLAppelForm, OuvrirVoteForm, VoterPourForm
from participation.seances.votes.elections import actes as elections
from participation.seances.votes.lectures import SECRET_AU_MOINS
from participation.seances.votes.papier import CompterBulletinsForm, DonnerSonCompteForm
from participation.seances.workflow import EtatPoint, EtatVote
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.francais import accorder, de, enumerer, pluriel
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import LigneDeJournal, Partie, Suivi, de_quoi
from participation.socle.regles.versions import TexteDepasse, empreinte
from participation.socle.views.pages import Page, Reserve, est_partiel, lier, page_acte
from participation.socle.workflow import Role


def seance_a_animer(request: RequeteConnectee, pk: int) -> Seance:
    return trouver_seance(request.user, pk)


def dire_la_fin(seance: Seance) -> str:
    ouverts = Point.objects.filter(seance=seance, etat__in=[EtatPoint.A_TRAITER, EtatPoint.EN_COURS])
    restants = sum(point.etat == EtatPoint.A_TRAITER or point.est_sans_issue for point in ouverts)
    reste = (
        f" {accorder(restants, 'point')} {pluriel(restants, 'reste,restent')} à traiter : "
        f"{pluriel(restants, 'il est reporté,ils sont reportés')}."
        if restants
        else ""
    )
    votes = [
        lien.dossier.titre
        for lien in PointDossier.objects.filter(
            point__seance=seance, decision="", point__votes__etat=EtatVote.CLOS
        )
        .exclude(point__etat__in=[EtatPoint.REPORTE, EtatPoint.RETIRE])
        .select_related("dossier")
        .order_by("point__ordre", "ordre")
        .distinct()
    ]
    oublies = (
        f" Un vote a eu lieu, mais rien n’est décidé sur {enumerer([f'« {titre} »' for titre in votes])} : "
        "décidez avant de lever la séance."
        if votes
        else ""
    )
    return f"Les présences se terminent maintenant et plus aucun vote ne peut s’ouvrir.{reste}{oublies}"


def _apres(seance: Seance, fait: LigneDeJournal | None) -> str:
    """Go to the page of the séance once it is over."""
    return seance.get_absolute_url() if fait else retour_de(seance.pk)


def _seance(objet: Suivi | Partie) -> Seance:
    return cast(Seance, de_quoi(objet)[0])


def fil_de(seance: Seance) -> list[tuple[str, str]]:
    return [("Séance en cours" if seance.est_en_cours else str(seance), retour_de(seance.pk))]


def _retour(objet: Suivi | Partie, fait: object) -> str:
    return retour_de(_seance(objet).pk)


def _fil(request: RequeteConnectee, objet: Suivi | Partie, form: object) -> dict[str, object]:
    return {"fil": fil_de(_seance(objet))}


def ecran_apres(request: RequeteConnectee, objet: Suivi | Partie) -> HttpResponse:
    return ecran_animateur(request, _seance(objet).pk, partiel=True)


def page_d_animateur(
    action: Callable[..., Any], form: type[ActeForm] | None = None, **dits: Any
) -> Page[Any]:
    """Return a Page that goes back to the facilitator's screen."""
    return Page(action, form, **{"retour": _retour, "contexte": _fil, **dits})


def _en_un_clic(action: Callable[..., Any]) -> Page[Any]:
    return page_d_animateur(action, en_un_clic=True, ecran=ecran_apres)


PAGES: dict[str, Page[Seance]] = {
    "suspendre": _en_un_clic(tenue.suspendre),
    "reprendre": _en_un_clic(tenue.reprendre),
    "lever": page_d_animateur(
        tenue.lever, consequence=dire_la_fin, succes="La séance est levée.", retour=_apres
    ),
    "reporter": page_d_animateur(
        tenue.reporter,
        consequence=lambda seance: (
            f"{quorum_de(seance).phrase} La séance est reportée ; une seconde convocation peut partir "
            "avec le même ordre du jour."
        ),
        succes="L’absence de quorum est constatée.",
        retour=_apres,
    ),
    "presider": page_d_animateur(
        tenue.presider,
        PresiderForm,
        consequence="Seule une personne présente préside. Le changement est écrit au journal.",
        succes="La présidence a changé.",
    ),
    # For a person in office who is not on the list.
    "accueillir": page_d_animateur(
        actes_presence.accueillir,
        AccueillirForm,
        consequence="Pour une personne qui n’est pas sur la liste : suppléant ou membre nommé depuis la convocation.",
        succes="L’arrivée est notée.",
    ),
}


PAGES_PRESENCES: dict[str, Page[Presence]] = {
    "corriger_presence": page_d_animateur(
        lambda presence, **heures: actes_presence.corriger_presence(presence, **heures),
        CorrigerPresenceForm,
        consequence="Le journal de la séance garde les heures d’avant et celles d’après.",
        succes="Les heures sont corrigées.",
    )
}


PAGES_CONVIES: dict[str, Page[Convie]] = {
    "retirer_convie": page_d_animateur(
        actes_presence.retirer_convie,
        MotifForm,
        consequence="Cette personne n’est plus comptée et ne vote plus à cette séance. Ce qu’elle a déjà voté reste. Qui la remplace, ou lui a donné pouvoir, en est prévenu.",
        succes=lambda convie, _: f"{convie} ne siège plus.",
    )
}


PAGES_POINTS: dict[str, Page[Point]] = {
    "passer_au_point": _en_un_clic(points.passer_au_point),
    "traiter_point": _en_un_clic(points.traiter_point),
    "reporter_point": page_d_animateur(points.reporter_point, MotifForm, succes="Le point est reporté."),
    "abandonner_point": page_d_animateur(points.abandonner_point, MotifForm, succes="Le point est retiré."),
    # Members can also do it from their phone.
    "se_deporter": page_d_animateur(
        points.se_deporter,
        SeDeporterForm,
        consequence="Cette personne n’est ni comptée ni appelée à voter sur ce point.",
        succes="Le déport est noté.",
    ),
    "noter_desaccord": page_d_animateur(
        points.noter_desaccord,
        NoterDesaccordForm,
        consequence="Écrit au procès-verbal sous le nom du membre, à sa demande.",
        succes="Le désaccord est noté.",
    ),
    # The form is also on the facilitator's screen: sent from there, the answer is that screen.
    "ouvrir_vote": page_d_animateur(
        votes.ouvrir_vote,
        OuvrirVoteForm,
        consequence="La règle de majorité et la liste des votants sont fixées à l’ouverture.",
        succes="Le vote est ouvert.",
        ecran=ecran_apres,
    ),
    "ouvrir_election": page_d_animateur(
        elections.ouvrir_election,
        elections.OuvrirElectionForm,
        consequence="Personne n’est candidat : chacun désigne quelqu’un et dit pourquoi, sur son téléphone ou sur papier. Les "
        "désignations sont lues ensemble, puis une proposition cherche le consentement de tous.",
        succes="L’élection est ouverte : chacun désigne.",
    ),
}


PAGES_POINTS["imprimer_bulletins"] = page_d_animateur(
    bulletins.imprimer_bulletins,
    bulletins.BulletinsForm,
    consequence="Un PDF à découper, un bulletin sous l’autre. Pour une élection, chacun écrit son nom et dit pourquoi ; pour un vote, "
    "rien ne dit de qui est le bulletin.",
    succes="Les bulletins se fabriquent.",
    retour=lambda point, document: (
        reverse("socle:document_etat", args=[document.cle_publique])
        if document
        else retour_de(point.seance_id)
    ),
)


PAGES_DEPORTS: dict[str, Page[Deport]] = {"lever_deport": _en_un_clic(points.lever_deport)}


PAGES_VOTES: dict[str, Page[Vote]] = {
    "voter_pour": page_d_animateur(
        votes.voter_pour,
        VoterPourForm,
        consequence="Pour une personne qui le dit à voix haute. Noter une seconde fois remplace.",
        succes="Le vote est noté.",
    ),
    "compter_bulletins": page_d_animateur(
        papier.compter_bulletins,
        CompterBulletinsForm,
        consequence=f"Pour qui n’a pas de téléphone : {SECRET_AU_MOINS} personnes au moins, et {SECRET_AU_MOINS} au moins sur un téléphone si "
        "quelqu’un y vote. Deux personnes comptent, chacune de son côté, sur son téléphone ou sur cet écran ; les bulletins rejoignent "
        "l’urne quand elles ont trouvé la même chose.",
        succes=lambda vote, nombre: (
            f"{accorder(nombre, 'bulletin')} papier à compter : chaque personne donne son compte."
        ),
    ),
    "ne_pas_compter": page_d_animateur(
        papier.ne_pas_compter,
        consequence="Les comptes donnés sont oubliés. Les personnes notées sur papier peuvent de nouveau voter.",
        succes="Aucun bulletin papier n’est compté.",
    ),
    # One form for a whole vote, filled in by keyboard.
    "faire_l_appel": page_d_animateur(
        votes.faire_l_appel,
        FaireLAppelForm,
        consequence="Notez chaque voix comme elle est dite. Ce qui reste vide est encore attendu ; une voix déjà donnée se remplace.",
        succes=lambda vote, nombre: (
            f"{accorder(nombre, 'voix notée')}." if nombre else Reserve("Rien n’a changé.")
        ),
        gabarit="seances/presence/appel.html",
    ),
    "annuler_vote": page_d_animateur(
        votes.annuler_vote,
        MotifForm,
        consequence="Les voix données ne comptent plus. Un autre vote peut s’ouvrir sur le même point.",
        succes="Le vote est annulé.",
    ),
}


PAGES_PAPIER: dict[str, Page[ComptePapier]] = {
    "donner_son_compte": page_d_animateur(
        papier.donner_son_compte,
        DonnerSonCompteForm,
        titre=lambda compte: f"Compte {de(compte)}",
        bouton="Garder ce compte",
        consequence=lambda compte: (
            f"Donnez l’écran à {compte} : ce compte n’est montré à personne avant que l’autre soit donné. Une case vide vaut zéro."
        ),
        succes=dire_le_compte,
        contexte=lambda request, compte, form: {**_fil(request, compte, form), "sans_facultatif": True},
    )
}


PAGES_ELECTIONS: dict[str, Page[Election]] = {
    "designer_pour": page_d_animateur(
        elections.designer_pour,
        elections.DesignerPourForm,
        consequence="Recopiez le bulletin de papier. Ce qu’il disait avant dans ce tour est remplacé.",
        succes="La désignation est notée.",
    ),
    "lire_designations": _en_un_clic(elections.lire_designations),
    "ouvrir_tour": _en_un_clic(elections.ouvrir_tour),
    "proposer_election": page_d_animateur(
        elections.proposer_election,
        elections.ProposerForm,
        consequence="Chacun dit ensuite s’il a une objection, la personne proposée en dernier.",
        succes="La proposition est soumise au consentement.",
    ),
    "se_prononcer_pour": page_d_animateur(
        elections.se_prononcer_pour, elections.SePrononcerPourForm, succes="C’est noté."
    ),
    "constater_consentement": _en_un_clic(elections.constater_consentement),
    "annuler_election": page_d_animateur(elections.annuler_election, elections.MotifForm),
}


EN_SEANCE = page_d_animateur(
    ordre_du_jour.ajouter_point,
    AjouterPointForm,
    consequence="Il est placé à la fin de l’ordre du jour, et noté comme ajouté après la convocation.",
    succes="Le point est ajouté.",
)


NOTES = page_d_animateur(points.noter_releve, NoterReleveForm)


def presence_animee(request: RequeteConnectee, pk: int) -> Presence:
    presence = get_object_or_404(Presence.objects.select_related("convie__membre__compte"), pk=pk)
    presence.seance = trouver_seance(request.user, presence.seance_id)
    return presence


def convie_anime(request: RequeteConnectee, pk: int) -> Convie:
    convie = get_object_or_404(Convie.objects.select_related("membre__compte"), pk=pk)
    convie.seance = trouver_seance(request.user, convie.seance_id)
    return convie


def deport_anime(request: RequeteConnectee, pk: int) -> Deport:
    deport = get_object_or_404(Deport.objects.select_related("point", "convie__membre__compte"), pk=pk)
    deport.point.seance = trouver_seance(request.user, deport.point.seance_id)
    return deport


def vote_anime(request: RequeteConnectee, pk: int) -> Vote:
    vote = get_object_or_404(Vote.objects.select_related("point"), pk=pk)
    vote.point.seance = trouver_seance(request.user, vote.point.seance_id)
    return vote


def election_animee(request: RequeteConnectee, pk: int) -> Election:
    election = get_object_or_404(Election.objects.select_related("point"), pk=pk)
    election.point.seance = trouver_seance(request.user, election.point.seance_id)
    return election


def compte_anime(request: RequeteConnectee, pk: int) -> ComptePapier:
    """Return the count to an agent only: tellers have their own page."""
    if not request.user.est_agent:
        raise PermissionDenied
    compte = get_object_or_404(
        ComptePapier.objects.select_related("vote__point", "convie__membre__compte"), pk=pk
    )
    compte.vote.point.seance = trouver_seance(request.user, compte.vote.point.seance_id)
    return compte


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def ajouter_point(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Add a point during the séance, with a short form. The full form is the page used before the séance."""
    return page_acte(request, trouver_seance(request.user, pk), "ajouter_point", EN_SEANCE)


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def noter_releve(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Save the notes during typing (JSON to our script) or with the button.

    If another window saved meanwhile, the page shows both texts.
    """
    point = trouver_point(request, pk)
    if not est_partiel(request):
        return page_acte(request, point, "noter_releve", NOTES)
    form = lier(request, NoterReleveForm, point)
    dit = ""
    if form.is_valid():
        try:
            points.noter_releve(point, par=request.user, **form.cleaned_data)
        except TexteDepasse:
            dit = (
                "Ces notes ont changé dans une autre fenêtre. Votre texte reste ici : "
                "« Enregistrer les notes » montre les deux."
            )
        except ErreurMetier as erreur:
            dit = erreur.message
        else:
            return JsonResponse(
                {"vu": empreinte(point, NoterReleveForm.SURVEILLES), "dit": "Notes enregistrées."}
            )
    return JsonResponse({"dit": dit}, status=409)
