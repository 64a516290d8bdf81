"""What the Contrat de Ville shows on the pages shared by all: the menus, « Ma journée », the home, the page on personal data."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count, F, Min, Q
from django.urls import reverse

from contrat_ville.lectures.comites import a_inscrire
from contrat_ville.lectures.inter_quartiers import accueil as quartiers
from contrat_ville.lectures.inter_quartiers import journee as quartiers_du_jour
from contrat_ville.lectures.quartiers import chiffres_du_quartier as _chiffres_du_quartier
from contrat_ville.lectures.vote import journee as votes_du_jour
from contrat_ville.models import (
    Accompagnement,
    Bilan,
    Commentaire,
    DossierImporte,
    Equipier,
    GroupeDiscussion,
    ImportDauphin,
    MessageProjet,
    Programmation,
    Projet,
    ReglementDepot,
)
from contrat_ville.workflow.comites import PILOTAGE
from contrat_ville.workflow.etats import RETENUS, Etat
from contrat_ville.workflow.quartiers import EtatGroupe
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import Compte
from participation.socle.vitrine import (
    EntreeBureau,
    EntreePublique,
    Ouvert,
    PageDuPlan,
    SectionAccueil,
    SectionJournee,
    Tache,
    Traitement,
)
from participation.socle.workflow import Role

MONTRES = 10
Fichier = ImportDauphin.Etat


def espace(compte: Compte) -> str | None:
    """Who bears a projet and works in no back office lands on her projets."""
    if compte.a_le_bureau or not Equipier.objects.filter(compte=compte).exists():
        return None
    return reverse("contrat_ville:mes_projets")


def menu_bureau(compte: Compte) -> list[EntreeBureau]:
    return [
        *_menu_des_projets(compte),
        *quartiers_du_jour.menu_bureau(compte),
        *votes_du_jour.menu_bureau(compte),
    ]


def _menu_des_projets(compte: Compte) -> list[EntreeBureau]:
    if not compte.roles & {Role.AGENT, Role.AGENT_DIRECTION, Role.AGENT_COMMUNE}:
        return []
    if not compte.est_agent:
        projets = EntreeBureau("Contrat de Ville", reverse("contrat_ville:projets"), app="contrat_ville")
        return [projets, _quartiers()] if Role.AGENT_COMMUNE in compte.roles else [projets]
    attente = partial(Projet.objects.filter, etat=Etat.DEPOSE)
    return [
        EntreeBureau(
            "Contrat de Ville", reverse("contrat_ville:projets"), app="contrat_ville", nombre=attente
        ),
        EntreeBureau("Programmations", reverse("contrat_ville:programmations"), icone="calendrier"),
        _quartiers(),
    ]


def _quartiers() -> EntreeBureau:
    return EntreeBureau("Suivi des quartiers", reverse("contrat_ville:quartiers_suivis"), icone="quartier")


def menu_public() -> EntreePublique:
    """Always there: a process that starts asks for it before it has a database."""
    return EntreePublique("Contrat de Ville", reverse("contrat_ville:appels"))


def section_accueil() -> SectionAccueil | None:
    """What is open now: the calls, the budgets where one may propose or vote, the forums."""
    appels = [
        Ouvert(
            genre="Appel à projets",
            quand=f"jusqu’au {jour_texte(programmation.date_cloture)}",
            titre=programmation.titre,
            url=programmation.get_public_url(),
            phrase="Pour les projets faits avec les habitantes et les habitants des quartiers prioritaires.",
            fin=programmation.date_cloture,
        )
        for programmation in Programmation.objects.ouvertes()
    ]
    if ouverts := [*appels, *quartiers.ouverts()]:
        suite = "appels" if appels else "budgets_publics"
        return SectionAccueil(
            app="contrat_ville", ouverts=ouverts, url_ouverts=reverse(f"contrat_ville:{suite}")
        )
    return None


def plan_du_site() -> list[PageDuPlan]:
    appels = [PageDuPlan(p.get_public_url()) for p in Programmation.objects.publiques()]
    tete = [PageDuPlan(reverse(f"contrat_ville:{page}")) for page in ("appels", "soutenus", "subventions")]
    return [*([*tete, *appels] if appels else []), *quartiers.plan()]


def section_journee(compte: Compte) -> SectionJournee | None:
    """For the agents: first what is hers, each with its age. For the desk: the papers of a vote. For a référent: a synthesis."""
    taches = votes_du_jour.taches(compte)
    if compte.est_agent:
        taches = [*_de_l_agent(compte), *taches]
    elif Role.AGENT_COMMUNE in compte.roles:
        taches = [*_syntheses(compte), *taches]
    return SectionJournee("contrat_ville", "Contrat de Ville", taches) if taches else None


def _de_l_agent(compte: Compte) -> list[Tache]:
    return [
        *_messages(compte),
        *_a_examiner(compte),
        *_commentaires(compte),
        *_aides(compte),
        *_bilans(compte),
        *_grilles(compte),
        *_a_inscrire(),
        *_conventions(compte),
        *_syntheses(compte),
        *quartiers_du_jour.taches(compte),
        *_a_notifier(),
        *_bilans_a_demander(),
        *_imports(compte),
    ]


def _a_notifier() -> list[Tache]:
    """Decisions that their teams do not know of, since the oldest."""
    lues = Projet.objects.a_notifier().aggregate(combien=Count("pk"), depuis=Min("decide_le"))
    if not lues["combien"]:
        return []
    return [
        Tache(
            f"Notifier {accorder(lues['combien'], 'décision')}",
            reverse("contrat_ville:a_notifier"),
            "Ouvrir",
            sur_quoi="Les équipes n’en savent encore rien.",
            genre="Projet",
            app="contrat_ville",
            depuis=lues["depuis"],
        )
    ]


def _bilans_a_demander() -> list[Tache]:
    """Of who comes from Dauphin, and no mail reaches: one thing to do, be they a thousand."""
    lus = Projet.objects.bilan_a_demander().aggregate(combien=Count("pk"))
    if not lus["combien"]:
        return []
    return [
        Tache(
            f"Choisir à qui demander le bilan par courrier : {accorder(lus['combien'], 'projet')}",
            f"{reverse('contrat_ville:projets')}?bilan_par_courrier=a_demander",
            "Choisir",
            sur_quoi="Venus de Dauphin. Aucun courriel ne joint ces équipes.",
            genre="Projet",
            app="contrat_ville",
        )
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
    """What holders wrote and nobody read: of my projets, and of those that are nobody's."""
    non_lus = (
        MessageProjet.objects.a_lire_par_le_service()
        .filter(Q(projet__agent=compte) | Q(projet__agent=None))
        .select_related("projet")
        .order_by("ecrit_le", "pk")
    )
    return [
        _tache(message.projet, "Lire un message du porteur", "Lire", message.ecrit_le, "#messages")
        for message in non_lus[:MONTRES]
    ]


def _a_examiner(compte: Compte) -> list[Tache]:
    deposes: Any = Projet.objects.filter(Q(agent=compte) | Q(agent=None), etat=Etat.DEPOSE)
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
    siennes = dues.filter(Q(projet__agent=compte) | Q(projet__agent=None)).select_related("projet")
    return [
        _tache(ligne.projet, "Aider une équipe qui le demande", "Ouvrir", ligne.note_le, "#apres")
        for ligne in siennes.order_by("note_le", "pk")[:MONTRES]
    ]


def _bilans(compte: Compte) -> list[Tache]:
    recus = Bilan.objects.filter(projet__etat=Etat.EVALUE).filter(
        Q(projet__agent=compte) | Q(projet__agent=None)
    )
    return [
        _tache(bilan.projet, "Lire un bilan", "Lire", bilan.rendu_le, "#apres")
        for bilan in recus.select_related("projet").order_by("rendu_le", "pk")[:MONTRES]
    ]


def _grilles(compte: Compte) -> list[Tache]:
    """Of the projets that she instructs, or that nobody does, those whose grid she has not opened."""
    lus: Any = Projet.objects.filter(Q(agent=compte) | Q(agent=None), etat=Etat.INSTRUCTION)
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


def _a_inscrire() -> list[Tache]:
    """What the comité de pilotage has to decide, and is on no agenda to come, since the oldest deposit."""
    lus = a_inscrire(PILOTAGE).aggregate(combien=Count("pk"), depuis=Min("depose_le"))
    if not lus["combien"]:
        return []
    return [
        Tache(
            f"Inscrire {accorder(lus['combien'], 'projet')} au comité de pilotage",
            reverse("contrat_ville:preparer_comite", args=[PILOTAGE]),
            "Préparer",
            sur_quoi="À décider, et à aucun ordre du jour.",
            genre="Comité",
            app="contrat_ville",
            depuis=lus["depuis"],
        )
    ]


def _conventions(compte: Compte) -> list[Tache]:
    """Told to their teams, who wait: a convention to sign, a reserve to lift."""
    lus: Any = Projet.objects.filter(
        Q(agent=compte) | Q(agent=None), etat__in=sorted(RETENUS), notifie_le__isnull=False
    )
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


def _conservation_du_depot() -> str:
    regle = ReglementDepot.actuel()
    return (
        f"Un brouillon où personne n’écrit pendant {accorder(regle.peremption_jours, 'jour')} est effacé, après un courriel ; "
        f"un fichier de Dauphin l’est après {regle.conservation_imports_mois} mois."
    )


def traitements() -> list[Traitement]:
    return [
        Traitement(
            "Instruire les projets du Contrat de Ville",
            "Qui porte le projet, comment lui écrire, qui compose l’équipe ; le projet, son budget et ses pièces.",
            "Instruire les demandes de subvention, décider, verser, accompagner, rendre compte.",
            "Mission d’intérêt public (article 6.1.e du RGPD).",
            f"Les coordonnées sont gardées le temps dit par le règlement de la programmation. {_conservation_du_depot()} Les subventions accordées restent publiques.",
            "Les agents du service, les partenaires du contrat à qui un avis est demandé, les membres des comités.",
        ),
        Traitement(
            "Écouter des groupes de discussion dans les quartiers",
            "Un profil (tranche d’âge, une phrase), l’accord donné, les mots de qui accepte qu’ils soient gardés. Ni nom, ni adresse.",
            "Comprendre ce que vivent les habitantes et habitants, demander à la Métropole d’y répondre.",
            "Votre consentement (article 6.1.a du RGPD), que vous pouvez retirer à tout moment auprès de qui anime le groupe.",
            "Les mots et le profil sont effacés dès que l’accord est retiré. La synthèse, sans nom, reste.",
            "Les référents du quartier, les agents du service, ceux de la commune. La synthèse peut être publiée.",
        ),
        Traitement(
            "Mettre en relation les projets soutenus",
            "L’accord de l’équipe, ce qu’elle dit de son public et de sa méthode, les messages qu’elle échange avec d’autres équipes.",
            "Proposer des projets voisins aux équipes qui en sont d’accord, et leur permettre de s’écrire sans donner leur adresse.",
            "Consentement de l’équipe (article 6.1.a du RGPD), retiré à tout moment sur la page du réseau.",
            "L’accord et la présentation s’effacent quand l’équipe quitte le réseau. "
            f"Un message est effacé {ReglementDepot.actuel().conservation_reseau_mois} mois après avoir été écrit.",
            "Les équipes qui ont rejoint le réseau ; pour les messages, les deux équipes en contact.",
        ),
        *quartiers_du_jour.traitements(),
    ]


# What is counted of a quartier: said beside its figures.
chiffres_du_quartier = _chiffres_du_quartier
