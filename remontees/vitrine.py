"""What the remontées show on the pages shared by all: the menus, « Ma journée », the page on personal data."""

from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from participation.socle.francais import accorder
from participation.socle.models import Compte
from participation.socle.models.dossiers import hors_reserve
from participation.socle.vitrine import EntreeBureau, SectionJournee, Tache, Traitement
from participation.socle.workflow import Role
from remontees.actions.conservation import a_anonymiser
from remontees.actions.reception import en_panne
from remontees.lectures import accueil
from remontees.lectures.comite import candidats, seances_du_comite
from remontees.lectures.quartier import chiffres_du_quartier as _chiffres_du_quartier
from remontees.lectures.questions import A_TRIER
from remontees.lectures.questions import compter as compter_les_questions
from remontees.models import Attribution, Message, Remontee, Sujet
from remontees.workflow import PARTS_ATTENDUES, Etat

# Questions that have lines of their own in the day.
DITES_AUTREMENT = {A_TRIER, "urgentes", "message-apres-cloture"}
MONTREES, JOURS_AVANT_LE_COMITE = 10, 15


def espace_du_bureau(compte: Compte) -> str | None:
    """Who only notes what she hears lands on the page to note it."""
    return reverse("remontees:noter") if compte.roles == {Role.ACCUEIL} else None


def menu_bureau(compte: Compte) -> list[EntreeBureau]:
    entrees = []
    if compte.roles & {Role.AGENT, Role.ACCUEIL}:
        entrees.append(EntreeBureau("Noter une remontée", reverse("remontees:noter"), icone="plus"))
    if compte.est_agent:
        entrees.append(
            EntreeBureau(
                "Remontées",
                reverse("remontees:remontees"),
                app="remontees",
                nombre=lambda: Remontee.objects.visibles_par(compte).filter(
                    etat__in=[Etat.NOUVELLE, Etat.A_REPONDRE]
                ),
            )
        )
        entrees.append(EntreeBureau("Sujets", reverse("remontees:sujets"), icone="suites"))
    elif compte.roles & {Role.AGENT_DIRECTION, Role.AGENT_COMMUNE}:
        siennes = partial(parts_de, compte)
        entrees.append(
            EntreeBureau("Remontées", reverse("remontees:remontees"), app="remontees", nombre=siennes)
        )
    return entrees


def parts_de(compte: Compte) -> QuerySet[Attribution]:
    """The parts still owed by her directions and communes."""
    siens = Q(pk__in=[])
    for appartenance in compte.appartenances_en_vigueur:
        if appartenance.direction_id:
            siens |= Q(direction=appartenance.direction_id)
        if appartenance.commune_id:
            siens |= Q(commune=appartenance.commune_id)
    return Attribution.objects.filter(siens, etat__in=sorted(PARTS_ATTENDUES))


def section_journee(compte: Compte) -> SectionJournee | None:
    """For the agents: what waits for the triage, urgent first, and for an answer. For a service: its parts."""
    taches = (
        [*_a_lire(compte), *_a_trier(compte), *_questions(compte), *_a_repondre(compte), *_du_service()]
        if compte.est_agent
        else _parts(compte)
    )
    return SectionJournee("remontees", "Remontées", taches) if taches else None


def _a_lire(compte: Compte) -> list[Tache]:
    """What people wrote and nobody read, for who follows the remontée: first what came after the answer, with its age."""
    non_lus = (
        Message.objects.non_lus()
        .filter(Q(remontee__agent=compte) | Q(remontee__agent=None), hors_reserve(compte, "remontee__"))
        .select_related("remontee")
        .order_by("-est_apres_cloture", "ecrit_le", "pk")
    )
    return [
        Tache(
            "Message après clôture" if message.est_apres_cloture else "Lire un message",
            f"{message.remontee.get_absolute_url()}#echanges",
            "Lire",
            sur_quoi=f"{message.remontee.reference} · {message.remontee.titre}",
            genre="Remontée",
            app="remontees",
            depuis=message.ecrit_le,
        )
        for message in non_lus[:MONTREES]
    ]


def _a_trier(compte: Compte) -> list[Tache]:
    visibles = Remontee.objects.visibles_par(compte)
    taches = [
        Tache(
            "Trier une urgence",
            remontee.get_absolute_url(),
            "Trier",
            sur_quoi=f"{remontee.reference} · {remontee.titre}",
            genre="Remontée",
            app="remontees",
            depuis=remontee.ouvert_le,
        )
        for remontee in visibles.filter(etat=Etat.NOUVELLE, est_urgente=True).order_by("ouvert_le", "pk")[
            :MONTREES
        ]
    ]
    reste = visibles.filter(etat=Etat.NOUVELLE, est_urgente=False).aggregate(
        n=Count("pk"), depuis=Min("ouvert_le")
    )
    if reste["n"]:
        taches.append(
            Tache(
                f"Trier {accorder(reste['n'], 'remontée')}",
                reverse("remontees:trier"),
                "Trier",
                genre="Remontée",
                app="remontees",
                depuis=reste["depuis"],
            )
        )
    return taches


def _questions(compte: Compte) -> list[Tache]:
    """What is stuck, one line a question; what is to be sorted has its own."""
    return [
        Tache(
            accorder(compte_lu.nombre, compte_lu.question.un, compte_lu.question.plusieurs),
            f"{reverse('remontees:remontees')}?question={compte_lu.question.cle}",
            "Voir",
            genre="Remontée",
            app="remontees",
            depuis=compte_lu.depuis,
        )
        for compte_lu in compter_les_questions(compte)
        if compte_lu.nombre and compte_lu.question.cle not in DITES_AUTREMENT
    ]


def _a_repondre(compte: Compte) -> list[Tache]:
    """Answers to write, then those that wait for a second reading: who wrote one sees that it waits, and may not send it."""
    a_ecrire = [
        (objet, "Écrire la réponse", objet.get_absolute_url(), "Répondre", objet.modifie_le)
        for objets in (
            Remontee.objects.visibles_par(compte).filter(etat=Etat.A_REPONDRE),
            Sujet.objects.sans_reponse(),
        )
        for objet in objets.order_by("modifie_le", "pk")[:MONTREES]
    ]
    en_attente: Any = Sujet.objects.a_relire()[:MONTREES]
    a_relire = [
        (sujet, "Faire relire votre réponse", sujet.get_absolute_url(), "Ouvrir", sujet.ecrite_le)
        if sujet.ecrite_par_id == compte.pk
        else (
            sujet,
            "Relire la réponse",
            reverse("remontees:relire", args=[sujet.pk]),
            "Relire",
            sujet.ecrite_le,
        )
        for sujet in en_attente
    ]
    return [
        Tache(
            quoi,
            url,
            bouton,
            sur_quoi=f"{objet.reference} · {objet.titre}",
            genre=str(objet._meta.verbose_name).capitalize(),
            app="remontees",
            depuis=depuis,
        )
        for objet, quoi, url, bouton, depuis in [*a_ecrire, *a_relire]
    ]


def _du_service() -> list[Tache]:
    """What comes back by itself: the agenda of the comité to fill, the people to forget."""
    taches = []
    seance = (
        seances_du_comite().filter(debut__lte=timezone.now() + timedelta(days=JOURS_AVANT_LE_COMITE)).first()
    )
    if seance is not None and (attente := len(candidats())):
        taches.append(
            Tache(
                f"Remplir l’ordre du jour du comité de suivi : {accorder(attente, 'ligne possible', 'lignes possibles')}",
                reverse("remontees:preparer_comite"),
                "Préparer",
                genre="Comité",
                app="remontees",
                date_limite=timezone.localdate(seance.debut),
            )
        )
    perdues = en_panne().aggregate(n=Count("pk"), depuis=Min("recue_le"))
    if perdues["n"]:
        taches.append(
            Tache(
                f"Relire {accorder(perdues['n'], 'arrivée que l’application n’a pas su lire', 'arrivées que l’application n’a pas su lire')}",
                reverse("remontees:receptions"),
                "Relire",
                genre="Réception",
                app="remontees",
                depuis=perdues["depuis"],
            )
        )
    if sans_lecteur():
        taches.append(
            Tache(
                "Faire nommer un référent des discriminations : une remontée n’est lue de personne",
                reverse("remontees:remontees"),
                "Voir",
                genre="Discriminations",
                app="remontees",
                quand="À faire",
            )
        )
    if combien := a_anonymiser().count():
        taches.append(
            Tache(
                f"Effacer qui a parlé dans {accorder(combien, 'remontée')}",
                reverse("remontees:conservation"),
                "Voir",
                genre="Conservation",
                app="remontees",
                quand="Délai passé",
            )
        )
    return taches


def sans_lecteur() -> bool:
    """A discrimination waits, and nobody has the right to read it any more."""
    attendent = Remontee.objects.filter(est_discrimination=True, clos_le=None)
    return attendent.exists() and not Compte.objects.referents().exists()


def _parts(compte: Compte) -> list[Tache]:
    # What is due has its own line, by its échéance: here, what nobody has taken in hand.
    nouvelles = parts_de(compte).filter(prise_le=None).select_related("dossier").order_by("date_limite", "pk")
    return [
        Tache(
            "Prendre en main un sujet" if part.dossier.nature == "sujet" else "Prendre en main une remontée",
            part.dossier.get_absolute_url(),
            "Ouvrir",
            sur_quoi=f"{part.dossier.reference} · {part.dossier.titre}",
            genre=part.dossier.get_nature_display().capitalize(),
            app="remontees",
            date_limite=part.date_limite,
        )
        for part in nouvelles[:MONTREES]
    ]


def traitements() -> list[Traitement]:
    return [
        Traitement(
            "Traiter ce que vous faites remonter",
            "Ce que vous dites et où ; votre nom et de quoi vous prévenir, si vous les laissez ; une photo, sans ses données cachées.",
            "Trouver qui s’en occupe, vous répondre, rendre compte de ce que les gens disent.",
            "Mission d’intérêt public (article 6.1.e du RGPD) ; votre accord pour transmettre vos coordonnées à un autre organisme.",
            "Vos coordonnées sont effacées au terme du délai du règlement des remontées, compté depuis la réponse. Ce qui a été dit reste, sans votre nom.",
            "Les agents du service. Les services qui traitent lisent ce qui a été dit, jamais qui l’a dit. Rien n’est publié mot pour mot.",
        )
    ]


# What everybody reads: said beside its figures.
section_accueil, menu_public, plan_du_site = accueil.section, accueil.menu, accueil.plan
chiffres_du_quartier = _chiffres_du_quartier
