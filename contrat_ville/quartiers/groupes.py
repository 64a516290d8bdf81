"""Focus groups: preparation, participants, paroles without names, synthesis, closing; their pages, the public synthesis."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from contrat_ville.models import GroupeDiscussion, Parole, ParticipantGroupe
from contrat_ville.quartiers.vues import trouver_quartier
from contrat_ville.workflow import Accord, Age
from participation.budgets.models import ReglementInterQuartiers
from participation.socle.actions import avancer, enregistrer, exiger, ouvrir
from participation.socle.collectivite import ici_plus_tard
from participation.socle.courriels.ecriture import ecrire
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
    propose,
)
from participation.socle.francais import accorder_ou_taire, majuscule
from participation.socle.http.decorateurs import ROLES_BUREAU, publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.regles.traces import COURRIEL, NOM, TELEPHONE, reperer
from participation.socle.views.dossier import LIGNES_JOURNAL, boutons_de, ou_se_lit, page_dossier
from participation.socle.views.pages import Page, acte, pages
from participation.socle.views.trouver import par_numero_visible
from participation.suites.lectures import contexte_des_suites


def ce_qui_nomme(texte: str) -> str:
    """Return the sentence that says what to remove; empty when nothing is found.

    A first name alone is not detected: the person who takes notes must check.
    """
    for debut, fin, trace in reperer(texte):
        if trace in {TELEPHONE, COURRIEL, NOM}:
            return f"Ce texte contient {trace.quoi} : « {texte[debut:fin]} ». Retirez-le, ce texte se garde sans nom."
    return ""


AnnulerGroupeForm = demander_texte("Pourquoi", aide="Les autres référents lisent cette raison.")


def _au_groupe(partie: Any, _: Any) -> str:
    groupe: GroupeDiscussion = partie.groupe
    return groupe.get_absolute_url()


class GroupeForm(ActeForm):
    objet: GroupeDiscussion

    titre = champ_ligne("Sujet", "Par exemple « Se déplacer quand on a plus de 60 ans ».", maximum=160)
    date = champ_jour("Quand")
    lieu = champ_ligne("Où", maximum=160, requis=False)
    animation = champ_ligne("Qui anime", maximum=160, requis=False)
    guide = champ_texte("Guide", "Une question par ligne, de la plus large à la plus précise.", maximum=4000)


class ModifierGroupeForm(GroupeForm):
    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in self.base_fields}


class ParticipantForm(ActeForm):
    objet: GroupeDiscussion

    age = champ_choix("Âge", [(v, majuscule(t)) for v, t in Age.choices], boutons=True)
    profil = champ_ligne(
        "Profil",
        "Ce qui éclaire ses mots, sans dire qui elle est : « locataire, deux enfants ».",
        maximum=120,
    )
    accord = champ_choix(
        "Elle accepte de participer",
        [(v, majuscule(t)) for v, t in Accord.choices],
        boutons=True,
        erreur="Sans son accord, elle n’est pas notée.",
    )
    accord_le = champ_jour("Accord donné le")
    accepte_citation = champ_case(
        "Elle accepte que ses mots soient gardés, sans son nom",
        "Elle peut revenir sur son accord à tout moment.",
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"accord_le": propose(min(self.objet.date, timezone.localdate()))}


class ParoleForm(ActeForm):
    objet: GroupeDiscussion

    participant = champ_parmi("Qui parle", ParticipantGroupe.objects.none(), "Par son profil.")
    question = champ_choix("En réponse à", (), requis=False)
    texte = champ_texte(
        "Ses mots",
        "Mot pour mot, sans nom : ni le sien, ni celui de quelqu’un d’autre.",
        maximum=2000,
        lignes=4,
    )

    def preparer(self) -> None:
        self.choisir("participant", self.objet.citables())
        choix: Any = self.fields["question"]
        choix.choices = [("", "Aucune question du guide"), *((q[:300], q) for q in self.objet.questions)]


class SyntheseForm(ActeForm):
    ACTUELS = ("synthese",)

    synthese = champ_texte(
        "Synthèse",
        "Ce que le groupe dit, ce sur quoi il n’est pas d’accord, ce qu’il demande. Sans nom.",
        maximum=8000,
        lignes=12,
    )


@acte(
    Page[GroupeDiscussion](
        ouvre=True,
        form=GroupeForm,
        consequence=ici_plus_tard(
            "Ce qui s’y dit est gardé sans nom. Ce qu’on y demande attend une réponse de la {metropole}."
        ),
        retour=lambda groupe, _: groupe.get_absolute_url() if groupe.pk else groupe.suivi.get_absolute_url(),
    )
)
@transaction.atomic
def preparer_groupe(groupe: GroupeDiscussion, *, par: Compte, **champs: Any) -> GroupeDiscussion:
    """Prepare a new group, in its quartier and commune. `groupe` is not saved yet."""
    quartier = groupe.suivi.quartier
    ouvrir(groupe, "preparer_groupe", par=par, champs={**champs, "agent": par if par.est_agent else None})
    groupe.quartiers.set([quartier])
    groupe.communes.set([quartier.commune])
    return groupe


@acte(Page[GroupeDiscussion](form=ModifierGroupeForm))
def modifier_groupe(groupe: GroupeDiscussion, *, par: Compte, **champs: Any) -> None:
    avancer(groupe, "modifier_groupe", par=par, champs=champs)


@acte(
    Page[GroupeDiscussion](
        form=ParticipantForm,
        consequence="Ni nom, ni adresse : un profil, et son accord.",
        retour="#participants",
        gabarit="contrat_ville/quartiers/encore.html",
    )
)
@transaction.atomic
def ajouter_participant(
    groupe: GroupeDiscussion,
    *,
    par: Compte,
    age: str,
    profil: str,
    accord: str,
    accord_le: date,
    accepte_citation: bool = False,
) -> ParticipantGroupe:
    """Add a participant by profile and agreement. The name is never recorded."""
    pas = exiger(groupe, "ajouter_participant", par=par)
    _sans_nom("profil", profil)
    if accord_le > timezone.localdate():
        raise ValidationError({"accord_le": "Ce jour n’est pas encore venu."})
    participant = enregistrer(
        ParticipantGroupe(
            groupe=groupe,
            numero=(groupe.participants.aggregate(n=Max("numero"))["n"] or 0) + 1,
            age=age,
            profil=profil,
            accord=accord,
            accord_le=accord_le,
            accepte_citation=accepte_citation,
        )
    )
    pas.avancer(fait=f"Personne {participant.numero} ajoutée, par son profil")
    return participant


@acte(
    Page[ParticipantGroupe](
        consequence="Ses paroles et son profil sont effacés. Rien ne les fait revenir.", retour=_au_groupe
    )
)
@transaction.atomic
def retirer_accord(participant: ParticipantGroupe, *, par: Compte) -> None:
    """Withdraw an agreement: erase the paroles and the profile. The row stays."""
    pas = exiger(participant, "retirer_accord", par=par)
    Parole.objects.filter(participant=participant.pk).delete()
    pas.avancer(
        champs={"retire_le": timezone.now(), "accepte_citation": False, "profil": "accord retiré"},
        fait=f"Personne {participant.numero} : accord retiré, paroles effacées",
    )


@acte(Page[GroupeDiscussion](consequence="Ce qui s’est dit se note ensuite."))
def tenir_groupe(groupe: GroupeDiscussion, *, par: Compte) -> None:
    avancer(groupe, "tenir_groupe", par=par)


@acte(
    Page[GroupeDiscussion](
        form=ParoleForm,
        consequence="Seules les personnes qui l’ont accepté sont proposées.",
        retour="#paroles",
        gabarit="contrat_ville/quartiers/encore.html",
    )
)
@transaction.atomic
def noter_parole(
    groupe: GroupeDiscussion, *, par: Compte, texte: str, participant: ParticipantGroupe, question: str = ""
) -> Parole:
    """Record a parole.

    Raises ValidationError if it names somebody, or without the agreement of the participant.
    """
    pas = exiger(groupe, "noter_parole", par=par)
    _sans_nom("texte", texte)
    if not groupe.citables().filter(pk=participant.pk).exists():
        raise ValidationError({"participant": "Cette personne n’a pas accepté que ses mots soient gardés."})
    parole = enregistrer(Parole(groupe=groupe, participant=participant, question=question, texte=texte))
    # The journal cannot be erased: it does not repeat the words.
    pas.avancer()
    return parole


@acte(Page[Parole](consequence="Ces mots sont effacés. Rien ne les fait revenir.", retour=_au_groupe))
@transaction.atomic
def retirer_parole(parole: Parole, *, par: Compte) -> None:
    pas = exiger(parole, "retirer_parole", par=par)
    Parole.objects.filter(pk=parole.pk).delete()
    pas.avancer()


@acte(
    Page[GroupeDiscussion](
        form=SyntheseForm, consequence="Elle n’est publique qu’une fois publiée.", retour="#synthese"
    )
)
@transaction.atomic
def rediger_synthese(groupe: GroupeDiscussion, *, par: Compte, synthese: str) -> None:
    pas = exiger(groupe, "rediger_synthese", par=par)
    _sans_nom("synthese", synthese)
    pas.avancer(champs={"synthese": synthese, "resume": synthese})


@acte(
    Page[GroupeDiscussion](
        consequence="Tout le monde lit la synthèse, et où en est chaque demande. Ni les profils, ni les paroles ne sont publiés.",
        retour="#synthese",
    )
)
def publier_synthese(groupe: GroupeDiscussion, *, par: Compte) -> None:
    avancer(groupe, "publier_synthese", par=par, champs={"est_publie": True})


@acte(Page[GroupeDiscussion](consequence="Plus rien n’est attendu."))
@transaction.atomic
def clore_groupe(groupe: GroupeDiscussion, *, par: Compte) -> None:
    avancer(groupe, "clore_groupe", par=par, champs={"clos_le": timezone.now()})


@acte(Page[GroupeDiscussion](form=AnnulerGroupeForm))
@transaction.atomic
def annuler_groupe(groupe: GroupeDiscussion, *, par: Compte, motif: str) -> None:
    avancer(groupe, "annuler_groupe", par=par, champs={"clos_le": timezone.now()}, motif=motif)
    referents = groupe.suivi.referents.filter(is_active=True).exclude(pk=par.pk)
    ecrire(
        "contrat_ville/annuler_groupe",
        a=list(referents.values_list("courriel", flat=True)),
        dossier=groupe,
        contexte={"groupe": groupe, "motif": motif, "lien": groupe.get_absolute_url()},
    )


def _sans_nom(champ: str, texte: str) -> None:
    if phrase := ce_qui_nomme(texte):
        raise ValidationError({champ: phrase})


def nouveau_groupe(request: RequeteConnectee, pk: int) -> GroupeDiscussion:
    # The form gives the other fields. The page needs a date to be shown.
    return GroupeDiscussion(suivi=trouver_quartier(request, pk), date=timezone.localdate())


trouver_groupe = par_numero_visible(
    GroupeDiscussion, "suivi__quartier__commune", "agent", "direction", "auteur"
)


def trouver_participant(request: RequeteConnectee, pk: int) -> ParticipantGroupe:
    participant = get_object_or_404(ParticipantGroupe, pk=pk)
    participant.groupe = trouver_groupe(request, participant.groupe_id)
    return participant


def trouver_parole(request: RequeteConnectee, pk: int) -> Parole:
    parole = get_object_or_404(Parole, pk=pk)
    parole.groupe = trouver_groupe(request, parole.groupe_id)
    return parole


@reserve_a(*ROLES_BUREAU)
@require_safe
def groupe(request: RequeteConnectee, pk: int) -> HttpResponse:
    """Guide, participants, paroles by question, synthesis and suites."""
    trouve = trouver_groupe(request, pk)
    if not trouve.est_suivi_par(request.user):
        return ou_se_lit(trouve)
    participants = list(trouve.participants.all())
    for participant in participants:
        participant.groupe = trouve
    return page_dossier(
        request,
        trouve,
        "contrat_ville/quartiers/groupe.html",
        {
            "groupe": trouve,
            "participants": [(p, boutons_de(p, request.user)) for p in participants],
            "paroles": paroles_par_question(trouve, request),
            "actes": trouve.actes_permis_a(request.user),
            **({} if request.user.est_agent else {"journal": journal_du_referent(request, trouve)}),
            **contexte_des_suites(trouve, request.user),
        },
    )


def journal_du_referent(request: RequeteConnectee, groupe: GroupeDiscussion) -> Any:
    """Journal without the notes of the agents of the service."""
    lignes = groupe.journal.exclude(acte="noter").select_related("par")
    return Paginator(lignes, LIGNES_JOURNAL).get_page(request.GET.get("lignes"))


def paroles_par_question(
    groupe: GroupeDiscussion, request: RequeteConnectee
) -> list[tuple[str, list[tuple[Parole, Any]]]]:
    """Paroles by question, in the order of the guide, then those without a question."""
    rangs = {question[:300]: rang for rang, question in enumerate(groupe.questions)}
    paroles = list(groupe.paroles.select_related("participant"))
    for parole in paroles:
        parole.groupe = groupe
    paroles.sort(key=lambda parole: (rangs.get(parole.question, len(rangs)), parole.question, parole.pk))
    return [
        (question, [(parole, boutons_de(parole, request.user)) for parole in siennes])
        for question, siennes in groupby(paroles, key=lambda parole: parole.question)
    ]


@publique
@require_safe
def groupe_public(request: HttpRequest, reference: str) -> HttpResponse:
    """Public synthesis and progress of its suites. Neither profiles nor paroles."""
    trouve: Any = get_object_or_404(
        GroupeDiscussion.objects.filter(est_publie=True).select_related("suivi__quartier__commune"),
        reference=reference,
    )
    combien, plus_petit = trouve.participants.count(), ReglementInterQuartiers.actuel().secret_statistique
    return render(
        request,
        "contrat_ville/quartiers/groupe_public.html",
        {
            "groupe": trouve,
            "dossier": trouve,
            "personnes": accorder_ou_taire(combien, plus_petit, "personne"),
            "suites": trouve.suites.a_montrer(),
        },
    )


NOUVEAU: dict[str, Page[GroupeDiscussion]] = pages(preparer_groupe)
