"""The comité of a campaign: its readers, their readings, marks and déports.

A reader sees a list and one candidature at a time, nothing else of the campaign.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participation.renouvellement.classement import moyenne
from participation.renouvellement.models import (
    Campagne,
    Candidature,
    CollegeCampagne,
    Lecture,
    Note,
    Relecteur,
)
from participation.renouvellement.trouver import trouver_campagne
from participation.renouvellement.workflow import EtatCampagne
from participation.socle.actions.avancer import avancer, consigner, enregistrer, exiger
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.courriels.ecriture import ecrire
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_choix, champ_courriel, champ_ligne, champ_texte
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte, essayer, lier
from participation.socle.workflow import Role


def repartir(
    candidatures: Sequence[int],
    relecteurs: Sequence[int],
    *,
    dejas: Mapping[int, set[int]],
    actives: Mapping[int, int],
    charge: Mapping[int, int],
    chacune: int,
    hasard: Callable[[], float],
) -> list[tuple[int, int]]:
    """Return the (candidature, reader) pairs to add, for `chacune` readings each.

    The reader with the fewest lectures comes first, at random when equal. `dejas`: readers who have the
    candidature or stepped aside; `actives`: number of its lectures; `charge`: number of lectures of a reader.
    """
    charges = {r: charge.get(r, 0) for r in relecteurs}
    neuves: list[tuple[int, int]] = []
    for candidature in candidatures:
        manque = chacune - actives.get(candidature, 0)
        possibles = [r for r in relecteurs if r not in dejas.get(candidature, ())]
        possibles.sort(key=lambda r: (charges[r], hasard()))
        for relecteur in possibles[: max(manque, 0)]:
            neuves.append((candidature, relecteur))
            charges[relecteur] += 1
    return neuves


def la_prochaine(lecture: Lecture, _: Any) -> str:
    if lecture.rendue_le is not None and (prochaine := lecture.prochaine) is not None:
        return reverse("renouvellement:rendre_lecture", args=[prochaine.pk])
    return reverse("renouvellement:mes_lectures")


def ce_qu_elle_a_ecrit(request: RequeteConnectee, lecture: Lecture, form: Any) -> dict[str, Any]:
    candidature = lecture.candidature
    return {
        "lecture": lecture,
        "candidature": candidature,
        "campagne": candidature.campagne,
        "reponses_aux_questions": candidature.reponses_aux_questions(),
        "disponibilites": [Candidature.Disponibilite(d).label for d in candidature.disponibilites],
    }


def dire_repartition(campagne: Campagne, nombre: int) -> str:
    if nombre:
        return f"{nombre} lectures sont confiées : chaque personne reçoit une lettre."
    return "Toutes les candidatures ont déjà assez de lectures, ou le comité n’a plus personne à qui les confier."


def le_comite(campagne: Campagne) -> str:
    return reverse("renouvellement:composer_comite", args=[campagne.pk])


@transaction.atomic
def composer_comite(
    campagne: Campagne, *, par: Compte, courriel: str, prenom: str = "", nom: str = ""
) -> Relecteur:
    """Add a reader by address, with a new account if needed. A reader who left is active again."""
    pas = exiger(campagne, "composer_comite", par=par)
    compte = ouvrir_compte(courriel, est_prouve=False, prenom=prenom, nom=nom)
    relecteur, est_neuf = Relecteur.objects.get_or_create(campagne=campagne, compte=compte)
    if not est_neuf and relecteur.est_actif:
        raise ValidationError({"courriel": "Cette personne est déjà au comité."})
    if not relecteur.est_actif:
        relecteur.est_actif = True
        relecteur.save()
    pas.avancer(fait=f"{compte} entre au comité de sélection", nomme=[compte])
    return relecteur


@acte(
    Page[Relecteur](
        en_un_clic=True,
        succes=lambda relecteur, _: (
            f"{relecteur.compte} n’est plus au comité. Répartissez ses lectures à d’autres."
        ),
        retour=lambda relecteur, _: le_comite(relecteur.campagne),
    )
)
@transaction.atomic
def retirer_relecteur(relecteur: Relecteur, *, par: Compte) -> Relecteur:
    """Remove a reader. Marks stay; unread lectures are deleted, to be given to others."""
    avancer(
        relecteur,
        "retirer_relecteur",
        par=par,
        champs={"est_actif": False},
        fait=f"{relecteur.compte} quitte le comité de sélection",
        nomme=[relecteur.compte],
    )
    relecteur.lectures.filter(rendue_le__isnull=True, deportee_le__isnull=True).delete()
    return relecteur


@acte(
    Page[Campagne](en_un_clic=True, succes=dire_repartition, retour=lambda campagne, _: le_comite(campagne))
)
@transaction.atomic
def repartir_lectures(campagne: Campagne, *, par: Compte) -> int:
    """Assign readers to each candidature, evenly and at random, up to the number of the campaign.

    Only adds missing lectures. Return how many.
    """
    pas = exiger(campagne, "repartir_lectures", par=par)
    donnees = _completer(campagne)
    nombre = sum(map(len, donnees.values()))
    pas.avancer(details={"lectures": nombre})
    for relecteur, lectures in donnees.items():
        _dire_repartir_lectures(relecteur, len(lectures))
    return nombre


def _completer(campagne: Campagne, seulement: Candidature | None = None) -> dict[Relecteur, list[Lecture]]:
    relecteurs = list(campagne.relecteurs.filter(est_actif=True).select_related("compte"))
    candidatures = campagne.candidatures.eligibles().filter(college__mode=CollegeCampagne.Mode.SELECTION)
    if seulement is not None:
        candidatures = candidatures.filter(pk=seulement.pk)
    dejas: dict[int, set[int]] = defaultdict(set)  # readers who have the candidature, or who stepped aside
    actives: dict[int, int] = defaultdict(int)
    charge: dict[int, int] = defaultdict(int)
    for candidature_id, relecteur_id, deporte in Lecture.objects.filter(
        candidature__campagne=campagne
    ).values_list("candidature", "relecteur", "deportee_le"):
        dejas[candidature_id].add(relecteur_id)
        if deporte is None:
            actives[candidature_id] += 1
            charge[relecteur_id] += 1
    par_numero = {r.pk: r for r in relecteurs}
    neuves: dict[Relecteur, list[Lecture]] = defaultdict(list)
    for candidature_id, relecteur_id in repartir(
        list(candidatures.order_by("numero").values_list("pk", flat=True)),
        list(par_numero),
        dejas=dejas,
        actives=actives,
        charge=charge,
        chacune=campagne.lectures_par_candidature,
        hasard=random.SystemRandom().random,
    ):
        relecteur = par_numero[relecteur_id]
        neuves[relecteur].append(Lecture(candidature_id=candidature_id, relecteur=relecteur))
    Lecture.objects.bulk_create(
        [lecture for lectures in neuves.values() for lecture in lectures], batch_size=1000
    )
    return neuves


class LectureForm(ActeForm):
    """One mark per criterion of the grid."""

    commentaire = champ_texte(
        "Commentaire",
        "Lu par les agents du service. La personne peut le demander.",
        lignes=4,
        requis=False,
        maximum=2000,
    )

    def preparer(self) -> None:
        lecture, campagne = self.objet, self.objet.suivi
        donnees = {n.critere_id: n.valeur for n in lecture.notes.all()}
        self.initial["commentaire"] = lecture.commentaire
        self.criteres = list(campagne.criteres.all())
        choix = [(str(n), str(n)) for n in range(campagne.note_max + 1)]
        for critere in self.criteres:
            self.fields[f"note_{critere.pk}"] = champ_choix(
                critere.libelle,
                choix,
                critere.aide,
                erreur=f"Donnez une note : {critere.libelle}.",
                boutons=True,
                initial=donnees.get(critere.pk),
            )
        self.order_fields([*(f"note_{c.pk}" for c in self.criteres), "commentaire"])

    @property
    def lignes(self) -> list[tuple[Any, Any]]:
        return [(critere, self[f"note_{critere.pk}"]) for critere in self.criteres]

    def clean(self) -> dict[str, Any]:
        lus = self.cleaned_data
        notes = {c.pk: int(lus[f"note_{c.pk}"]) for c in self.criteres if f"note_{c.pk}" in lus}
        return {"notes": notes, "commentaire": lus.get("commentaire", "")}


@acte(
    Page[Lecture](
        form=LectureForm,
        est_publique=True,
        gabarit="renouvellement/comite/rendre_lecture.html",
        contexte=ce_qu_elle_a_ecrit,
        succes=lambda lecture, _: (
            f"Vos notes pour la candidature n° {lecture.candidature.numero} sont enregistrées."
        ),
        retour=la_prochaine,
    )
)
@transaction.atomic
def rendre_lecture(lecture: Lecture, *, par: Compte, notes: Mapping[int, int], commentaire: str = "") -> None:
    """Mark all criteria; can be repeated during the selection. `notes`: primary key of a criterion → mark.

    Raises ValidationError for a missing mark or one out of range, ErreurMetier for a grid without weight.
    """
    exiger(lecture, "rendre_lecture", par=par)
    campagne = lecture.suivi
    criteres = list(campagne.criteres.all())
    absents = [c.libelle for c in criteres if c.pk not in notes]
    if absents:
        raise ValidationError(f"Il manque une note : {absents[0]}.")
    if any(not 0 <= notes[c.pk] <= campagne.note_max for c in criteres):
        raise ValidationError(f"Une note va de 0 à {campagne.note_max}.")
    if not any(c.poids for c in criteres):
        raise ErreurMetier("La grille n’a aucun critère qui compte : demandez au service de la compléter.")
    lecture.notes.all().delete()
    Note.objects.bulk_create(Note(lecture=lecture, critere=c, valeur=notes[c.pk]) for c in criteres)
    enregistrer(
        lecture,
        moyenne=moyenne([(notes[c.pk], c.poids) for c in criteres]),
        commentaire=commentaire,
        rendue_le=timezone.now(),
    )


DeportForm = demander_texte(
    "Pourquoi",
    aide="Par exemple : « nous travaillons ensemble ». Lu par les agents seulement.",
    maximum=300,
    lignes=1,
    erreur="Dites en quelques mots pourquoi.",
)


@acte(
    Page[Lecture](
        form=DeportForm,
        consequence="Elle est confiée à quelqu’un d’autre, et vos notes sont retirées. Ce choix ne s’annule pas.",
        est_publique=True,
        bouton="Je me déporte",
        succes="Votre déport est noté : cette candidature est confiée à quelqu’un d’autre.",
        retour=lambda *_: reverse("renouvellement:mes_lectures"),
    )
)
@transaction.atomic
def se_deporter_candidature(lecture: Lecture, *, par: Compte, motif: str) -> None:
    """Step aside from a candidature: the marks are deleted and another reader is assigned if possible."""
    exiger(lecture, "se_deporter_candidature", par=par)
    if lecture.deportee_le is not None:
        return
    lecture.notes.all().delete()
    enregistrer(
        lecture, moyenne=None, rendue_le=None, commentaire="", deportee_le=timezone.now(), motif_deport=motif
    )
    fait = f"Déport sur la candidature n° {lecture.candidature.numero}"
    consigner(lecture.candidature, "se_deporter_candidature", par=par, fait=fait)
    for relecteur, lectures in _completer(lecture.suivi, seulement=lecture.candidature).items():
        _dire_repartir_lectures(relecteur, len(lectures))


class ComiteForm(ActeForm):
    courriel = champ_courriel(
        "Adresse de courriel",
        "La personne entre avec cette adresse. Elle ne voit que les candidatures qui lui sont confiées.",
        erreur="Écrivez l’adresse de courriel.",
        attributs={"autocomplete": "off", "spellcheck": "false"},
    )
    prenom = champ_ligne("Prénom", maximum=80, requis=False, attributs={"autocomplete": "off"})
    nom = champ_ligne("Nom", maximum=80, requis=False, attributs={"autocomplete": "off"})


def _dire_repartir_lectures(relecteur: Relecteur, nombre: int) -> None:
    ecrire(
        "renouvellement/repartir_lectures",
        a=[relecteur.compte.courriel],
        contexte={
            "relecteur": relecteur,
            "campagne": relecteur.campagne,
            "nombre": nombre,
            "lien": reverse("renouvellement:mes_lectures"),
        },
    )


@require_safe
def mes_lectures(request: RequeteConnectee) -> HttpResponse:
    """List of the lectures of the reader. Raises Http404 for others."""
    siennes = list(
        Relecteur.objects.filter(compte=request.user, est_actif=True).select_related("campagne__instance")
    )
    if not siennes:
        raise Http404
    lignes = []
    for relecteur in siennes:
        lectures = list(
            relecteur.lectures.actives()
            .filter(candidature__campagne__etat=EtatCampagne.SELECTION)
            .select_related("candidature__college", "candidature__commune")
            .order_by("rendue_le", "candidature__numero")
        )
        lignes.append((relecteur.campagne, lectures, sum(1 for lecture in lectures if lecture.rendue_le)))
    return render(request, "renouvellement/comite/mes_lectures.html", {"lignes": lignes})


@reserve_a(Role.AGENT)
@require_http_methods(["GET", "HEAD", "POST"])
def comite_a_composer(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Page of the comité: readers with their progress, form to add one, assignment."""
    campagne = trouver_campagne(request, pk)
    form = lier(request, ComiteForm, campagne)
    if form.is_valid() and essayer(
        form, lambda: composer_comite(campagne, par=request.user, **form.cleaned_data)
    ):
        messages.success(request, "Cette personne est au comité de sélection.")
        return redirect(request.path)
    relecteurs = campagne.relecteurs.select_related("compte").annotate(
        confiees=Count("lectures", filter=Q(lectures__deportee_le__isnull=True)),
        rendues=Count("lectures", filter=Q(lectures__rendue_le__isnull=False)),
        deports=Count("lectures", filter=Q(lectures__deportee_le__isnull=False)),
    )
    eligibles = campagne.candidatures.eligibles().filter(college__mode=CollegeCampagne.Mode.SELECTION).count()
    return render(
        request,
        "renouvellement/comite/comite.html",
        {
            "campagne": campagne,
            "form": form,
            "relecteurs": relecteurs,
            "eligibles": eligibles,
            "attendues": eligibles * campagne.lectures_par_candidature,
            "confiees": sum(r.confiees for r in relecteurs),
            "rendues": sum(r.rendues for r in relecteurs),
            "actes": campagne.actes_permis_a(request.user),
        },
    )
