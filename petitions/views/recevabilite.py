"""The agents' queue, the dossier of a pétition, the comité's acts; and the author's answer to the comité."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from participation.socle.calendrier import ajouter_mois
from participation.socle.francais import accorder
from participation.socle.http import RequeteConnectee, reserve_a
from participation.socle.models import Compte, Echeance, ReglageService
from participation.socle.regles.differences import Difference, comparer
from participation.socle.views.actes import essayer, page_acte
from participation.socle.views.dossier import Boutons, boutons, page_dossier
from participation.socle.views.listes import (
    Cellule,
    Colonne,
    Liste,
    colonne_agent,
    colonne_etat,
    colonne_titre,
    page_liste,
)
from participation.socle.workflow import Role
from petitions.actions import recevabilite as actions
from petitions.filters import PetitionFilter
from petitions.forms.recevabilite import (
    DeclarerIrrecevableForm,
    DeclarerRecevableForm,
    DemanderAvisForm,
    DemanderReformulationForm,
    ExaminerForm,
    ReformulerForm,
    SeDeporterForm,
    TransmettreForm,
)
from petitions.models import ExamenCritere, Petition
from petitions.views.etapes import brouillon_de
from petitions.views.fraude import contexte_signatures
from petitions.views.suivi import contexte_suivi
from petitions.workflow import Etat

BUREAU = (Role.AGENT, Role.AGENT_DIRECTION, Role.AGENT_COMMUNE, Role.ELU, Role.MEMBRE)
LIBELLES = {"titre": "Titre", "demande": "Ce qui est demandé", "raisons": "Pourquoi"}
PROCHES_MONTREES = 6


# The queue


@reserve_a(*BUREAU)
@require_safe
def tableau(request: RequeteConnectee) -> HttpResponseBase:
    """Pétitions by what is due first."""
    petitions = (
        Petition.objects.au_bureau_de(request.user)
        .avec_suite()
        .select_related("agent", "decompte")
        .prefetch_related("communes")
    )
    return page_liste(
        request,
        Liste(
            cle="petitions:tableau",
            titre="Pétitions",
            objets=petitions,
            filtres=PetitionFilter,
            colonnes=[
                colonne_titre("Pétition"),
                colonne_etat("etat"),
                Colonne(
                    "echeance", "Échéance", echeance_de, export=lambda p: p.date_echeance, tri="date_echeance"
                ),
                Colonne(
                    "jours", "Jours restants", jours_de, nombre=True, tri="date_echeance", a_l_ecran=False
                ),
                colonne_agent(),
                Colonne(
                    "communes",
                    "Communes",
                    lambda p: ", ".join(str(c) for c in p.communes.all()),
                    a_l_ecran=False,
                ),
                Colonne("signatures", "Signatures", signatures_de, nombre=True, tri="decompte__total"),
                Colonne(
                    "deposee_le",
                    "Déposée le",
                    lambda p: timezone.localdate(p.deposee_le),
                    tri="deposee_le",
                    a_l_ecran=False,
                ),
            ],
            tri="date_echeance",
            singulier="pétition",
            pluriel="pétitions",
            app="petitions",
            chapeau="Ce qui est dû d’abord.",
            vide="Les pétitions déposées s’affichent ici, celle dont le délai finit le plus tôt en premier.",
        ),
        "petitions/recevabilite/tableau.html",
    )


def jours_de(petition: Petition) -> int | None:
    date = petition.__dict__["date_echeance"]
    return (date - timezone.localdate()).days if date else None


def echeance_de(petition: Petition) -> Cellule:
    """How long remains, as a badge from the first of the règlement's reminders on; the date under it."""
    date, jours = petition.__dict__["date_echeance"], jours_de(petition)
    if jours is None:
        return Cellule()
    if petition.__dict__["echeance_suspendue_le"]:
        return Cellule("Délai arrêté", couleur="info", icone="pause")
    rappels = petition.reglement.rappels_recevabilite
    dit = dire_jours(jours)
    if jours > max(rappels, default=0):
        return Cellule(date, sous=dit)
    couleur = "erreur" if jours <= min(rappels, default=0) else "attention"
    return Cellule(dit[0].upper() + dit[1:], sous=date, couleur=couleur, icone="horloge")


def signatures_de(petition: Petition) -> int:
    decompte = getattr(petition, "decompte", None)
    return decompte.total if decompte else 0


def dire_jours(jours: int) -> str:
    if jours < 0:
        return f"en retard de {accorder(-jours, 'jour')}"
    return "aujourd’hui" if jours == 0 else f"dans {accorder(jours, 'jour')}"


# The dossier


@dataclass(frozen=True, slots=True)
class LigneExamen:
    """A criterion, what the comité thinks of it, and whether the text changed since."""

    critere: Any
    examen: ExamenCritere | None
    est_depasse: bool = False

    @property
    def couleur(self) -> str:
        if self.examen is None:
            return "neutre"
        return {"rempli": "succes", "a_reformuler": "attention", "non_rempli": "erreur"}[
            self.examen.appreciation
        ]

    @property
    def libelle(self) -> str:
        return str(self.examen.get_appreciation_display()).capitalize() if self.examen else "À examiner"


@dataclass(frozen=True, slots=True)
class Silence:
    """How near the end of the comité's delay is: what it says, and in what tone."""

    ton: str
    titre: str
    phrase: str


@reserve_a(*BUREAU)
@require_safe
def dossier(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = petition_du_bureau(request, pk)
    versions = list(petition.journal.filter(acte="reformuler").order_by("le"))
    est_en_examen = petition.etat == Etat.DEPOSEE
    return page_dossier(
        request,
        petition,
        "petitions/dossier.html",
        {
            **contexte_suivi(petition, request.user),
            **contexte_signatures(petition),
            "petition": petition,
            "grille": grille(petition, versions[-1].le if versions else None),
            "silence": silence(petition) if est_en_examen else None,
            "proches": petitions_proches(petition) if est_en_examen else [],
            "debut_carence": debut_carence(petition),
            "deports": petition.deports.select_related("compte"),
            "est_deporte": petition.est_deporte(request.user),
            "versions": [(entree, comparaisons(entree.details)) for entree in versions],
            "copetitionnaires": petition.copetitionnaires.confirmes().select_related("commune")
            if request.user.est_agent
            else [],
            "nombre_copetitionnaires": petition.copetitionnaires.confirmes().count(),
            "peut_examiner": petition.permet("examiner", request.user),
            **(acte_du(petition, request.user) if est_en_examen else {}),
        },
    )


def acte_du(petition: Petition, compte: Compte) -> dict[str, Boutons]:
    """While the grid prevents the decision, the act that is due is to take the dossier in charge, then to fill the grid."""
    offerts = boutons(petition, compte)
    if not offerts or not actions.obstacles(petition, "declarer_recevable"):
        return {}
    tous = [b for b in (offerts.principal, *offerts.seconds, *offerts.autres) if b is not None]
    dus = ["examiner", "demander_reformulation", "demander_avis"]
    if petition.agent_id is None:
        dus.insert(0, "prendre_en_charge")
    montres = [b for acte in dus for b in tous if b.acte == acte][:3]
    if not montres:
        return {}
    autres = sorted((b for b in tous if b not in montres), key=lambda b: b.est_dangereux)
    return {"boutons": Boutons(montres[0], montres[1:], autres)}


def grille(petition: Petition, texte_change_le: Any) -> list[LigneExamen]:
    examens = {examen.critere_id: examen for examen in petition.examens.select_related("par")}
    lignes = []
    for critere in petition.reglement.criteres.all():
        examen = examens.get(critere.pk)
        depasse = examen is not None and texte_change_le is not None and examen.le < texte_change_le
        lignes.append(LigneExamen(critere, examen, depasse))
    return lignes


def silence(petition: Petition) -> Silence | None:
    """From the first of the règlement's reminders on, the dossier says how many days remain before the silence."""
    echeance: Echeance | None = petition.echeances.ouvertes().filter(cle="recevabilite").first()
    if echeance is None:
        return None
    if echeance.suspendue_le is not None:
        return Silence(
            "info",
            "Le délai du comité est arrêté.",
            f"Il s’est arrêté {dire_jours(echeance.jours_restants()).replace('dans', 'à')} de sa fin ; il reprend quand l’auteur répond.",
        )
    jours = echeance.jours_restants()
    if jours < 0:
        return Silence(
            "erreur",
            f"Le comité est {dire_jours(jours)}.",
            "Les pétitionnaires attendent une réponse depuis la fin du délai du règlement.",
        )
    paliers = [palier for palier in echeance.rappels if jours <= palier]
    if not paliers:
        return None
    fin = "aujourd’hui" if jours == 0 else dire_jours(jours)
    return Silence(
        "erreur" if min(paliers) == min(echeance.rappels) else "attention",
        f"Le délai du comité finit {fin}.",
        "Sans réponse à cette date, les pétitionnaires resteraient sans nouvelles.",
    )


def debut_carence(petition: Petition) -> Any:
    depose = timezone.localdate(petition.deposee_le) if petition.deposee_le else timezone.localdate()
    return ajouter_mois(depose, -petition.reglement.carence_sujet_mois)


def petitions_proches(petition: Petition) -> list[Petition]:
    """Pétitions on a like subject filed during the règlement's time before a same subject."""
    deposees = Petition.objects.filter(
        deposee_le__date__gte=debut_carence(petition), deposee_le__lt=petition.deposee_le
    ).exclude(pk=petition.pk)
    return list(deposees.proches(petition.titre)[:PROCHES_MONTREES])


def comparaisons(details: dict[str, Any]) -> list[tuple[str, list[Difference]]]:
    avant, apres = details.get("avant", {}), details.get("apres", {})
    return [(LIBELLES.get(champ, champ), comparer(avant.get(champ, ""), apres[champ])) for champ in apres]


# The comité's acts


@reserve_a(*BUREAU)
def examiner(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = petition_du_bureau(request, pk)
    return page_acte(
        request,
        petition,
        "examiner",
        ExaminerForm(request.POST or None, petition=petition),
        lambda reponses: actions.examiner(petition, reponses["appreciations"], par=request.user),
        gabarit="petitions/recevabilite/examiner.html",
        contexte={"petition": petition, "proches": petitions_proches(petition)},
    )


@reserve_a(*BUREAU)
def se_deporter(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = petition_du_bureau(request, pk)
    return page_acte(
        request,
        petition,
        "se_deporter",
        SeDeporterForm,
        lambda reponses: actions.se_deporter(petition, par=request.user, **reponses),
        consequence="Vous ne pourrez plus examiner cette pétition ni décider de sa recevabilité. Le journal garde la date.",
    )


@reserve_a(Role.AGENT)
def demander_reformulation(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = petition_du_bureau(request, pk)
    a_revoir = petition.examens.filter(appreciation=ExamenCritere.Appreciation.A_REFORMULER).select_related(
        "critere"
    )
    initial = {
        "texte": "\n\n".join(f"{examen.critere} : {examen.motif}" for examen in a_revoir),
        "proposition": petition.demande,
    }
    return page_acte(
        request,
        petition,
        "demander_reformulation",
        DemanderReformulationForm(request.POST or None, initial=initial),
        lambda reponses: actions.demander_reformulation(petition, par=request.user, **reponses),
        gabarit="petitions/recevabilite/demander_reformulation.html",
        contexte={"petition": petition},
        consequence="Le délai du comité s’arrête jusqu’à la réponse de l’auteur.",
        succes="La demande est partie. Le délai est arrêté.",
    )


@reserve_a(Role.AGENT)
def demander_avis(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = petition_du_bureau(request, pk)
    return page_acte(
        request,
        petition,
        "demander_avis",
        DemanderAvisForm,
        lambda reponses: actions.demander_avis(petition, par=request.user, **reponses),
        consequence="Chaque direction reçoit une lettre avec un lien pour répondre. Le délai du comité continue de courir.",
        succes="La demande d’avis est partie.",
    )


@reserve_a(Role.AGENT)
def declarer_recevable(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = petition_du_bureau(request, pk)
    date_ouverture = timezone.localdate() + timedelta(days=petition.reglement.delai_ouverture_jours)
    return page_decision(
        request,
        petition,
        "declarer_recevable",
        DeclarerRecevableForm,
        lambda reponses: actions.declarer_recevable(petition, par=request.user, **reponses),
        consequence="L’auteur et les co-pétitionnaires reçoivent la décision. La collecte est ensuite à ouvrir.",
        apercu=lambda reponses: (
            "petitions/declarer_recevable",
            lettre(petition, reponses, date_ouverture=date_ouverture, seuils=petition.reglement.seuils.all()),
        ),
    )


@reserve_a(Role.AGENT)
def declarer_irrecevable(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = petition_du_bureau(request, pk)
    return page_decision(
        request,
        petition,
        "declarer_irrecevable",
        DeclarerIrrecevableForm,
        lambda reponses: actions.declarer_irrecevable(petition, par=request.user, **reponses),
        consequence="Le dossier est clos. La décision et ses raisons sont publiées et envoyées aux pétitionnaires.",
        apercu=lambda reponses: ("petitions/declarer_irrecevable", lettre(petition, reponses)),
    )


@reserve_a(Role.AGENT)
def transmettre(request: RequeteConnectee, pk: int) -> HttpResponse:
    petition = petition_du_bureau(request, pk)
    return page_decision(
        request,
        petition,
        "transmettre",
        TransmettreForm,
        lambda reponses: actions.transmettre(petition, par=request.user, **reponses),
        consequence="Le dossier est clos à la Métropole : l’autorité compétente répond aux pétitionnaires, qui en sont avertis.",
        apercu=lambda reponses: ("petitions/transmettre", lettre(petition, reponses)),
    )


def page_decision(
    request: RequeteConnectee, petition: Petition, acte: str, *args: Any, **options: Any
) -> HttpResponse:
    """An act page that says first, before anything is typed, why the decision cannot be taken yet."""
    return page_acte(
        request,
        petition,
        acte,
        *args,
        gabarit="petitions/recevabilite/decision.html",
        contexte={
            "petition": petition,
            "obstacles": actions.obstacles(petition, acte) if petition.etat == Etat.DEPOSEE else [],
            "est_deporte": petition.est_deporte(request.user),
            "avis_attendus": petition.demandes.filter(
                repondue_le__isnull=True, annulee_le__isnull=True
            ).select_related("direction", "commune", "compte"),
        },
        **options,
    )


def lettre(petition: Petition, reponses: dict[str, Any], **contexte: Any) -> dict[str, Any]:
    """Context of a decision's letter before the decision: the row is filled, never saved."""
    for champ in ("motif", "motif_irrecevabilite", "autorite_competente"):
        if champ in reponses:
            setattr(petition, champ, reponses[champ])
    petition.decidee_le = timezone.now()
    if petition.motif_irrecevabilite is not None:
        petition.texte_masque = petition.motif_irrecevabilite.masque_le_texte
    return {
        "petition": petition,
        "service": ReglageService.actuel(),
        "est_auteur": True,
        "lien": reverse("petitions:ma_petition", args=[petition.pk]),
        **contexte,
    }


# The author's answer


def reformuler(request: RequeteConnectee, pk: int) -> HttpResponse:
    """The present text and what the comité asks, side by side; the new wording under them."""
    petition = brouillon_de(request, pk)
    attente = actions.reformulation_ouverte(petition)
    if attente is None or petition.etat != Etat.DEPOSEE:
        messages.info(request, "Le comité ne vous demande pas de reformuler ce texte.")
        return redirect("petitions:ma_petition", pk)
    initial = {champ: getattr(petition, champ) for champ in LIBELLES}
    form = ReformulerForm(request.POST or None, initial=initial)
    if form.is_valid() and essayer(
        form, lambda: actions.reformuler(petition, par=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Votre nouvelle rédaction est envoyée au comité.")
        return redirect("petitions:ma_petition", pk)
    return render(
        request,
        "petitions/recevabilite/reformuler.html",
        {"petition": petition, "attente": attente, "form": form, "actuel": initial},
    )


def petition_du_bureau(request: RequeteConnectee, pk: int) -> Petition:
    petitions = Petition.objects.au_bureau_de(request.user)
    return get_object_or_404(
        petitions.select_related(
            "reglement", "agent", "auteur", "commune_auteur", "motif_irrecevabilite", "direction"
        ),
        pk=pk,
    )
