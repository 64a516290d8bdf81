"""What « Ma journée » shows of the Contrat de Ville: what waits, for whom, since when."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from contrat_ville.lectures.comites import a_inscrire
from contrat_ville.lectures.inter_quartiers import journee as quartiers
from contrat_ville.lectures.vote import journee as votes
from contrat_ville.models import (
    Accompagnement,
    Bilan,
    Commentaire,
    DossierImporte,
    GroupeDiscussion,
    ImportDauphin,
    MessageProjet,
    Projet,
)
from contrat_ville.workflow.comites import PILOTAGE
from contrat_ville.workflow.etats import RETENUS, Etat
from contrat_ville.workflow.quartiers import EtatGroupe
from participation.socle.francais import accorder
from participation.socle.models import Compte, Demande, Entree
from participation.socle.vitrine import Tache
from participation.socle.workflow import Role

MONTRES = 10
Fichier = ImportDauphin.Etat


def taches(compte: Compte) -> list[Tache]:
    """For the agents: first what is hers, each with its age. For the desk: the papers of a vote. For a référent: a synthesis."""
    if compte.est_agent:
        siennes = _de_l_agent(compte)
    else:
        siennes = _syntheses(compte) if Role.AGENT_COMMUNE in compte.roles else []
    return [*siennes, *quartiers.taches(compte), *votes.taches(compte)]


def _de_l_agent(compte: Compte) -> list[Tache]:
    return [
        *_messages(compte),
        *_a_examiner(compte),
        *_commentaires(compte),
        *_completes(compte),
        *_aides(compte),
        *_bilans(compte),
        *_grilles(compte),
        *_a_inscrire(),
        *_conventions(compte),
        *_syntheses(compte),
        *_a_notifier(),
        *_bilans_a_demander(),
        *_imports(compte),
    ]


def _a_notifier() -> list[Tache]:
    """Decisions that their teams do not know of."""
    return _ensemble(
        [(Projet.objects.a_notifier(), "decide_le")],
        lambda combien: f"Notifier {accorder(combien, 'décision')}",
        reverse("contrat_ville:a_notifier"),
        "Les équipes n’en savent encore rien.",
    )


def _bilans_a_demander() -> list[Tache]:
    """Of who comes from Dauphin: one thing to do, be they a thousand."""
    combien = Projet.objects.bilan_a_demander().count()
    if not combien:
        return []
    return [
        Tache(
            f"Choisir à qui demander le bilan : {accorder(combien, 'projet')}",
            f"{reverse('contrat_ville:projets')}?bilan_a_demander=oui",
            "Choisir",
            sur_quoi="Venus de Dauphin, sans convention enregistrée ici : rien ne leur est encore écrit.",
            genre="Projet",
            app="contrat_ville",
        )
    ]


def _a_inscrire() -> list[Tache]:
    """What the comité de pilotage has to decide, and is on no agenda to come."""
    return _ensemble(
        [(a_inscrire(PILOTAGE), "depose_le")],
        lambda combien: f"Inscrire {accorder(combien, 'projet')} au comité de pilotage",
        reverse("contrat_ville:preparer_comite", args=[PILOTAGE]),
        "À décider, et à aucun ordre du jour.",
        bouton="Préparer",
        genre="Comité",
    )


def _ensemble(
    attendus: Sequence[tuple[QuerySet[Any], str]],
    quoi: Callable[[int], str],
    url: str,
    sur_quoi: str,
    *,
    bouton: str = "Ouvrir",
    genre: str = "Projet",
) -> list[Tache]:
    """One line for all that wait, since the oldest. `attendus`: each with the field that says since when."""
    lus = [objets.aggregate(combien=Count("pk"), depuis=Min(champ)) for objets, champ in attendus]
    combien = sum(lu["combien"] for lu in lus)
    if not combien:
        return []
    depuis = min((lu["depuis"] for lu in lus if lu["depuis"]), default=None)
    return [
        Tache(quoi(combien), url, bouton, sur_quoi=sur_quoi, genre=genre, app="contrat_ville", depuis=depuis)
    ]


def _imports(compte: Compte) -> list[Tache]:
    """The files of Dauphin that she sent: a report to read, dossiers that wait for her choice."""
    a_choisir = Count("dossiers", filter=Q(dossiers__in=DossierImporte.objects.a_decider()))
    lus: Any = ImportDauphin.objects.annotate(a_choisir=a_choisir).filter(
        Q(etat__in=[Fichier.A_RELIER, Fichier.A_APPLIQUER]) | Q(etat=Fichier.FINI, a_choisir__gt=0),
        par=compte,
    )
    return [
        Tache(
            f"Choisir pour {accorder(lu.a_choisir, 'dossier')}" if lu.a_choisir else "Finir l’import",
            f"{lu.get_absolute_url()}?sort=a_joindre" if lu.a_choisir else lu.get_absolute_url(),
            "Ouvrir",
            sur_quoi=lu.nom,
            genre="Dauphin",
            app="contrat_ville",
            depuis=lu.fini_le or lu.cree_le,
        )
        for lu in lus.order_by("cree_le", "pk")[:MONTRES]
    ]


def _siens(compte: Compte, chemin: str = "") -> Q:
    """Of the projets that she follows, and of those that are nobody's."""
    return Q(**{f"{chemin}agent": compte}) | Q(**{f"{chemin}agent": None})


def _tache(projet: Projet, quoi: str, bouton: str, depuis: datetime | None, ancre: str = "") -> Tache:
    return Tache(
        quoi,
        f"{projet.get_absolute_url()}{ancre}",
        bouton,
        sur_quoi=f"{projet.reference} · {projet.titre}",
        genre="Projet",
        app="contrat_ville",
        depuis=depuis,
    )


def _messages(compte: Compte) -> list[Tache]:
    """What holders wrote and nobody read."""
    non_lus = (
        MessageProjet.objects.a_lire_par_le_service()
        .filter(_siens(compte, "projet__"))
        .select_related("projet")
        .order_by("ecrit_le", "pk")
    )
    return [
        _tache(message.projet, "Lire un message du porteur", "Lire", message.ecrit_le, "#messages")
        for message in non_lus[:MONTRES]
    ]


def _a_examiner(compte: Compte) -> list[Tache]:
    deposes: Any = Projet.objects.filter(_siens(compte), etat=Etat.DEPOSE)
    return [
        _tache(
            projet,
            "Vérifier la recevabilité"
            if projet.agent_id
            else "Vérifier la recevabilité (personne n’en est chargé)",
            "Ouvrir",
            projet.depose_le,
        )
        for projet in deposes.order_by(F("agent").desc(nulls_last=True), "depose_le", "pk")[:MONTRES]
    ]


def _commentaires(compte: Compte) -> list[Tache]:
    """Answered by the team: to be closed by who asked."""
    resolus = Commentaire.objects.filter(par=compte, etat=Commentaire.Etat.RESOLU).select_related("projet")
    return [
        _tache(
            commentaire.projet,
            "Lire la réponse à votre commentaire",
            "Lire",
            commentaire.resolu_le,
            "#commentaires",
        )
        for commentaire in resolus.order_by("resolu_le", "pk")[:MONTRES]
    ]


def _aides(compte: Compte) -> list[Tache]:
    """Help that a team asks for, since when."""
    dues = Accompagnement.objects.filter(nature=Accompagnement.Nature.AIDE, aide_donnee_le=None)
    siennes = dues.filter(_siens(compte, "projet__")).select_related("projet")
    return [
        _tache(ligne.projet, "Aider une équipe qui le demande", "Ouvrir", ligne.note_le, "#apres")
        for ligne in siennes.order_by("note_le", "pk")[:MONTRES]
    ]


def _bilans(compte: Compte) -> list[Tache]:
    recus = Bilan.objects.filter(projet__etat=Etat.EVALUE).filter(_siens(compte, "projet__"))
    return [
        _tache(bilan.projet, "Lire un bilan", "Lire", bilan.rendu_le, "#apres")
        for bilan in recus.select_related("projet").order_by("rendu_le", "pk")[:MONTRES]
    ]


def _completes(compte: Compte) -> list[Tache]:
    """Sent back by their teams, and by her not acted on since."""
    renvois = Demande.objects.filter(
        dossier=OuterRef("pk"), nature=Demande.Nature.COMPLEMENT, repondue_le__isnull=False
    ).order_by("-repondue_le")
    depuis = Entree.objects.filter(dossier=OuterRef("pk"), le__gt=OuterRef("renvoye_le"), par=compte)
    lus: Any = Projet.objects.filter(_siens(compte), etat__in=[Etat.INSTRUCTION, Etat.AJOURNE])
    lus = lus.annotate(renvoye_le=Subquery(renvois.values("repondue_le")[:1])).filter(
        ~Exists(depuis), renvoye_le__isnull=False
    )
    return [
        _tache(projet, "Reprendre un projet complété par son équipe", "Ouvrir", projet.renvoye_le, "#projet")
        for projet in lus.order_by("renvoye_le", "pk")[:MONTRES]
    ]


def _grilles(compte: Compte) -> list[Tache]:
    """Those whose grid she has not opened."""
    lus: Any = Projet.objects.filter(_siens(compte), etat=Etat.INSTRUCTION)
    return [
        _tache(
            projet,
            "Remplir la grille" if projet.agent_id else "Instruire le projet (personne n’en est chargé)",
            "Ouvrir",
            projet.depose_le,
            "#grille",
        )
        for projet in lus.exclude(evaluations__instructeur=compte).order_by("depose_le", "pk")[:MONTRES]
    ]


def _conventions(compte: Compte) -> list[Tache]:
    """Told to their teams, who wait: a convention to sign, a reserve to lift."""
    lus: Any = Projet.objects.filter(_siens(compte), etat__in=sorted(RETENUS), notifie_le__isnull=False)
    return [
        _tache(
            projet,
            "Lever la réserve" if projet.etat == Etat.SOUS_RESERVE else "Enregistrer la convention",
            "Ouvrir",
            projet.notifie_le,
        )
        for projet in lus.order_by("notifie_le", "pk")[:MONTRES]
    ]


def _syntheses(compte: Compte) -> list[Tache]:
    """Groups that met, in the quartiers that she follows or that she prepared: their synthesis is owed."""
    tenus: Any = GroupeDiscussion.objects.filter(etat=EtatGroupe.TENU).filter(
        Q(agent=compte) | Q(suivi__in=compte.quartiers_suivis.values("pk"))
    )
    return [
        Tache(
            "Écrire la synthèse d’un groupe de discussion",
            reverse("contrat_ville:rediger_synthese", args=[groupe.pk]),
            "Écrire",
            sur_quoi=f"{groupe.reference} · {groupe.titre}",
            genre="Groupe",
            app="contrat_ville",
            depuis=groupe.modifie_le,
        )
        for groupe in tenus.order_by("date", "pk")[:MONTRES]
    ]
