"""Points demanded by members (L1413-1 CGCT): written by one, supported by others, then put on an agenda by the service."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.seances.models import (
    DemandePoint,
    Instance,
    Mandature,
    Membre,
    Point,
    ReglementInstance,
    Seance,
    Soutien,
)
from participation.seances.models.membres import RESERVE_AUX_VOTANTS
from participation.seances.ordre_du_jour.actes import SeanceChamp, ajouter_point
from participation.seances.regles import combien
from participation.seances.workflow import A_VENIR
from participation.socle.actions import consigner, enregistrer, exiger
from participation.socle.courriels.ecriture import Destinataire, ecrire, ecrire_a_plusieurs
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_ligne, champ_texte
from participation.socle.francais import accorder
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte, page_acte

E = DemandePoint.Etat


def demander_la_seance(request: RequeteConnectee, demande: DemandePoint, form: ActeForm) -> dict[str, Any]:
    form.initial["seance"] = request.GET.get("seance", "")
    return {"demande": demande, "fil": [("Séances", reverse("seances:seances"))]}


def dire_soutiens(demande: DemandePoint) -> str:
    return (
        f"{accorder(demande.soutiens.count(), 'membre')} sur {requis_pour(demande)} nécessaires la soutiennent. "
        "Son auteur et ses soutiens apprennent à quelle séance elle est inscrite."
    )


def soutiens_requis(votants: int, part: str) -> int:
    """Return how many of `votants` members must support a demand, its author included: at least one."""
    return max(combien(part, votants), 1)


def membres_ayant_le_vote(mandature: Mandature) -> list[Membre]:
    """Return the titulaires in office today in a collège that votes."""
    membres = Membre.objects.en_fonction().titulaires().filter(college__mandature=mandature)
    return [membre for membre in membres.select_related("college", "compte") if membre.college.a_le_vote()]


def requis_pour(demande: DemandePoint) -> int:
    """Return how many supports make this demand due today, its author's included."""
    return soutiens_requis(
        len(membres_ayant_le_vote(demande.mandature)), _reglement(demande.instance).part_inscription
    )


@transaction.atomic
def demander_point(instance: Instance, *, auteur: Membre, titre: str, texte: str) -> DemandePoint:
    """Write a demand, which its author supports.

    Raises ErreurMetier if the author may not vote, or without a mandature today.
    """
    exiger(auteur, "demander_point", par=auteur.compte)
    mandature = instance.mandature_du()
    if mandature is None:
        raise ErreurMetier("Cette instance n’a pas de mandature en cours.")
    _exiger_votant(auteur, mandature)
    demande = enregistrer(
        DemandePoint(
            instance=instance, mandature=mandature, auteur=auteur, titre=titre.strip(), texte=texte.strip()
        )
    )
    Soutien.objects.create(demande=demande, membre=auteur)
    _constater(demande)
    return demande


@transaction.atomic
def soutenir(demande: DemandePoint, *, membre: Membre) -> bool:
    """Add a member's support. Return True if it makes the demand due, which happens only once."""
    exiger(demande, "soutenir", par=membre.compte)
    _exiger_votant(membre, demande.mandature)
    enregistrer(Soutien(demande=demande, membre=membre))
    return _constater(demande)


@transaction.atomic
def ne_plus_soutenir(demande: DemandePoint, *, membre: Membre) -> DemandePoint:
    """Withdraw a support while the demand is open. A demand that is due stays due."""
    exiger(demande, "ne_plus_soutenir", par=membre.compte)
    demande.soutiens.filter(membre=membre).delete()
    return demande


@transaction.atomic
def retirer_demande(demande: DemandePoint, *, membre: Membre) -> DemandePoint:
    """Withdraw a demand, by its author, before it is on an agenda."""
    exiger(demande, "retirer_demande", par=membre.compte)
    demande.etat = E.RETIREE
    demande.save(update_fields=["etat"])
    return demande


class InscrireDemandeForm(ActeForm):
    seance = SeanceChamp(label="Séance", queryset=Seance.objects.none(), empty_label=None)

    def preparer(self) -> None:
        possibles = Seance.objects.filter(
            instance=self.objet.instance_id, etat__in=A_VENIR, debut__gt=timezone.now() - timedelta(hours=12)
        )
        self.choisir("seance", possibles.order_by("debut"))


@acte(
    Page[DemandePoint](
        form=InscrireDemandeForm,
        consequence=dire_soutiens,
        succes="La demande est inscrite : ses soutiens sont prévenus.",
        retour=lambda _, point: (
            f"{point.seance.get_absolute_url()}#ordre-du-jour" if point else reverse("seances:seances")
        ),
        gabarit="seances/ordre_du_jour/inscrire_demande.html",
        contexte=demander_la_seance,
    )
)
@transaction.atomic
def inscrire_demande(demande: DemandePoint, seance: Seance, *, par: Compte) -> Point:
    """Put the demand on the agenda of a séance, and write to its author and supporters."""
    # `ajouter_point` locks the séance first: the lock order of every act.
    if seance.instance_id != demande.instance_id:
        raise ErreurMetier("Cette séance est celle d’une autre instance.")
    point = ajouter_point(
        seance,
        par=par,
        nature=Point.Nature.DIVERS,
        titre=demande.titre,
        note=demande.texte,
        rapporteur=str(demande.auteur)[:160],
        duree=15,
    )
    exiger(demande, "inscrire_demande", par=par)
    demande.etat, demande.point = E.INSCRITE, point
    demande.save(update_fields=["etat", "point"])
    consigner(
        seance,
        "inscrire_demande",
        par=par,
        fait=f"Demande de membres inscrite : {demande.titre}",
        details={"demande": demande.pk, "point": point.pk},
    )
    soutiens = demande.soutiens.select_related("membre__compte")
    ecrire_a_plusieurs(
        "seances/inscrire_demande",
        [Destinataire(soutien.membre.compte.courriel) for soutien in soutiens],
        cle=f"inscrire_demande:{demande.pk}",
        contexte={
            "demande": demande,
            "seance": seance,
            "lien": reverse("seances:ma_seance", args=[seance.pk]),
        },
    )
    return point


def _constater(demande: DemandePoint) -> bool:
    """Mark the demand as due once it has enough support, and write to the agents. Return whether it did."""
    if demande.etat != E.OUVERTE or demande.soutiens.count() < requis_pour(demande):
        return False
    demande.etat, demande.due_le = E.DUE, timezone.now()
    demande.save(update_fields=["etat", "due_le"])
    devoir_inscrire(demande, requis=requis_pour(demande))
    return True


def _reglement(instance: Instance) -> ReglementInstance:
    reglement = instance.reglement_du()
    if reglement is None:
        raise ErreurMetier(f"Aucun règlement de « {instance.sigle} » n’est en vigueur aujourd’hui.")
    return reglement


def _exiger_votant(membre: Membre, mandature: Mandature) -> None:
    if membre.college.mandature_id != mandature.pk or not membre.peut_demander:
        raise ErreurMetier(RESERVE_AUX_VOTANTS)


class DemanderPointForm(ActeForm):
    titre = champ_ligne("Titre du point", maximum=160)
    texte = champ_texte(
        "Pourquoi en parler",
        "Les autres membres lisent ces lignes avant de vous soutenir.",
        maximum=2000,
        lignes=10,
        attributs={"maxlength": 2000},
    )


def devoir_inscrire(demande: DemandePoint, *, requis: int) -> None:
    """Tell the agents that a demand must be put on an agenda."""
    for agent in Compte.objects.agents_du_service():
        ecrire(
            "seances/devoir_inscrire",
            a=[agent.courriel],
            cle=f"devoir_inscrire:{demande.pk}:{agent.pk}",
            contexte={
                "demande": demande,
                "requis": requis,
                "lien": reverse("seances:inscrire_demande", args=[demande.pk]),
            },
        )


def siege_de(request: RequeteConnectee, instance: Instance) -> Membre:
    """Return the seat of this person in the instance today. Raises 404 without one."""
    siege = Membre.objects.siege_de(request.user, instance)
    if siege is None:
        raise Http404
    return siege


@require_safe
def demandes_points(request: RequeteConnectee, cle: str) -> HttpResponse:
    """Show the demands of the instance and their numbers of supports."""
    instance = get_object_or_404(Instance, cle=cle)
    membre = siege_de(request, instance)
    demandes = (
        DemandePoint.objects.filter(instance=instance, mandature=membre.college.mandature_id)
        .select_related("auteur__compte", "instance", "mandature", "point__seance")
        .prefetch_related("soutiens")
    )
    lignes = []
    requis = 0
    for demande in demandes:
        requis = requis or requis_pour(demande)
        demande.siege, demande.instance = membre, instance
        soutiens = {soutien.membre_id for soutien in demande.soutiens.all()}
        lignes.append(
            {
                "demande": demande,
                "nombre": len(soutiens),
                "proportion": min(len(soutiens) / requis, 1.0),
                "soutenue": membre.pk in soutiens,
                "actes": demande.actes_permis_a(request.user) if membre.peut_demander else [],
            }
        )
    return render(
        request,
        "seances/ordre_du_jour/demandes_points.html",
        {
            "instance": instance,
            "app": instance.app,
            "lignes": lignes,
            "requis": requis,
            "peut_demander": membre.peut_demander,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def point_a_demander(request: RequeteConnectee, cle: str) -> HttpResponse:
    instance = get_object_or_404(Instance, cle=cle)
    return page_acte(request, siege_de(request, instance), "demander_point", DEMANDER)


def demande_a_soutenir(request: RequeteConnectee, pk: int) -> DemandePoint:
    """Return the demand, with `siege` set to the seat of the person who acts."""
    demande = get_object_or_404(DemandePoint.objects.select_related("instance", "mandature", "auteur"), pk=pk)
    demande.siege = siege_de(request, demande.instance)
    return demande


def aller_aux_demandes(demande: DemandePoint, _: object) -> str:
    return reverse("seances:demandes_points", args=[demande.instance.cle])


DEMANDER: Page[Membre] = Page(
    lambda membre, par, **reponses: demander_point(membre.suivi, auteur=membre, **reponses),
    DemanderPointForm,
    "Les autres membres lisent votre demande et peuvent la soutenir. Quand ils sont assez nombreux, "
    "le service doit l’inscrire à une séance.",
    bouton="Écrire la demande",
    succes="Votre demande est écrite. Vous la soutenez déjà.",
    retour=lambda membre, _: reverse("seances:demandes_points", args=[membre.suivi.cle]),
    contexte=lambda _, membre, form: {"fil": [], "sujet": membre.suivi.nom},
    est_publique=True,
)


PAGES_MEMBRES: dict[str, Page[DemandePoint]] = {
    "soutenir": Page(
        lambda demande, par: soutenir(demande, membre=demande.siege),
        succes="Vous soutenez cette demande.",
        retour=aller_aux_demandes,
        en_un_clic=True,
    ),
    "ne_plus_soutenir": Page(
        lambda demande, par: ne_plus_soutenir(demande, membre=demande.siege),
        succes="Votre soutien est retiré.",
        retour=aller_aux_demandes,
        en_un_clic=True,
    ),
    "retirer_demande": Page(
        lambda demande, par: retirer_demande(demande, membre=demande.siege),
        succes="Votre demande est retirée.",
        retour=aller_aux_demandes,
        en_un_clic=True,
    ),
}
