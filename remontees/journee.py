"""Entries of the remontées in « Ma journée »: triage, answers, parts of services."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from participation.socle.bd.sondes import Rangee
from participation.socle.calendrier import fin_du_jour
from participation.socle.francais import accorder, instant_texte, majuscule
from participation.socle.journee import Attendue, Attente, AttenteGroupee, AttenteLue, Tache
from participation.socle.models import Compte
from participation.socle.models.dossiers import hors_reserve
from remontees.comite.lectures import a_des_candidats, seances_du_comite
from remontees.conservation import AU_TERME, COMPTEES, finies
from remontees.models import Attribution, Boite, CourrielRecu, Message, Reception, Remontee, Sujet
from remontees.tri.lectures import A_TRIER
from remontees.tri.lectures import compter as compter_les_questions
from remontees.workflow import VIVANTS, Etat

# Questions that have their own entry in « Ma journée ».
DITES_AUTREMENT = {A_TRIER, "urgentes", "message-apres-cloture"}


MONTREES, JOURS_AVANT_LE_COMITE = 10, 15


_tache = partial(Tache, app="remontees")


def taches(compte: Compte) -> list[Attendue]:
    """Return the entries of an agent, or the parts of a service."""
    if not compte.est_agent:
        return [_parts(compte)]
    return [
        _a_lire(compte),
        _urgentes(compte),
        _a_trier(compte),
        _questions(compte),
        *_a_repondre(compte),
        *_du_service(),
    ]


def _a_lire(compte: Compte) -> AttenteLue:
    """Unread messages for the agent in charge: those received after the answer first, then the oldest."""

    def non_lus() -> QuerySet[Any, Any]:
        siens = Q(remontee__agent=compte) | Q(remontee__agent=None)
        lus: QuerySet[Any, Any] = Message.objects.non_lus().filter(siens, hors_reserve(compte, "remontee__"))
        return lus.order_by("-est_apres_cloture", "ecrit_le", "pk").values(
            "remontee", "remontee__reference", "remontee__titre", "est_apres_cloture", "ecrit_le"
        )[:MONTREES]

    return AttenteLue(
        non_lus,
        lambda messages: [
            _tache(
                "Message après clôture" if message["est_apres_cloture"] else "Lire un message",
                f"{reverse('remontees:remontee', args=[message['remontee']])}#echanges",
                "Lire",
                sur_quoi=f"{message['remontee__reference']} · {message['remontee__titre']}",
                genre="Remontée",
                depuis=message["ecrit_le"],
            )
            for message in messages
        ],
    )


def _urgentes(compte: Compte) -> AttenteLue:
    return _dossiers(
        lambda: Remontee.objects.visibles_par(compte).filter(etat=Etat.NOUVELLE, est_urgente=True),
        "ouvert_le",
        ("Trier une urgence", "Trier", "remontees:remontee", "Remontée"),
    )


def _a_trier(compte: Compte) -> AttenteLue:
    """One entry for all: the oldest has the smallest key, so that no other is read, only counted."""

    def nouvelles() -> QuerySet[Any, Any]:
        lues: QuerySet[Any, Any] = Remontee.objects.visibles_par(compte)
        return lues.filter(etat=Etat.NOUVELLE, est_urgente=False)

    return AttenteLue(
        lambda: nouvelles().order_by("pk").values("ouvert_le")[:1],
        lambda premieres: [
            _tache(
                f"Trier {accorder(nouvelles().count(), 'remontée')}",
                reverse("remontees:trier"),
                "Trier",
                genre="Remontée",
                depuis=premieres[0]["ouvert_le"],
            )
        ],
    )


def _dossiers(
    ensemble: Callable[[], QuerySet[Any, Any]], depuis: str, mots: tuple[str, str, str, str]
) -> AttenteLue:
    """One entry per dossier, the oldest first, by its key. `mots`: label, button, page name, kind."""
    quoi, bouton, page, genre = mots
    return AttenteLue(
        lambda: ensemble().order_by("pk").values("pk", "reference", "titre", depuis)[:MONTREES],
        lambda lus: [
            _tache(
                quoi,
                reverse(page, args=[lu["pk"]]),
                bouton,
                sur_quoi=f"{lu['reference']} · {lu['titre']}",
                genre=genre,
                depuis=lu[depuis],
            )
            for lu in lus
        ],
    )


def _questions(compte: Compte) -> Attente:
    """One entry per question on blocked remontées, except those of DITES_AUTREMENT."""
    return Attente(
        lambda: Remontee.objects.visibles_par(compte).filter(etat__in=sorted(VIVANTS)),
        lambda: [
            _tache(
                accorder(compte_lu.nombre, compte_lu.question.un, compte_lu.question.plusieurs),
                f"{reverse('remontees:remontees')}?question={compte_lu.question.cle}",
                "Voir",
                genre="Remontée",
                depuis=compte_lu.depuis,
            )
            for compte_lu in compter_les_questions(compte)
            if compte_lu.nombre and compte_lu.question.cle not in DITES_AUTREMENT
        ],
    )


def _a_repondre(compte: Compte) -> list[AttenteLue]:
    """Answers to write, then answers to be read by a second agent."""
    ecrire = ("Écrire la réponse", "Répondre")
    return [
        _dossiers(
            lambda: Remontee.objects.visibles_par(compte).filter(etat=Etat.A_REPONDRE),
            "modifie_le",
            (*ecrire, "remontees:remontee", "Remontée"),
        ),
        _dossiers(Sujet.objects.sans_reponse, "modifie_le", (*ecrire, "remontees:sujet", "Sujet")),
        AttenteLue(
            lambda: Sujet.objects.a_relire().values("pk", "reference", "titre", "ecrite_par", "ecrite_le")[
                :MONTREES
            ],
            lambda sujets: [_a_relire(sujet, compte) for sujet in sujets],
        ),
    ]


def _a_relire(sujet: Rangee, compte: Compte) -> Tache:
    """Entry of an answer to read; its author only sees that it waits."""
    sienne = sujet["ecrite_par"] == compte.pk
    return _tache(
        "Faire relire votre réponse" if sienne else "Relire la réponse",
        reverse("remontees:sujet" if sienne else "remontees:relire", args=[sujet["pk"]]),
        "Ouvrir" if sienne else "Relire",
        sur_quoi=f"{sujet['reference']} · {sujet['titre']}",
        genre="Sujet",
        depuis=sujet["ecrite_le"],
    )


def _du_service() -> list[Attendue]:
    """Tasks of the service: agenda of the comité, failed receptions, people to erase."""
    avant = timedelta(days=JOURS_AVANT_LE_COMITE)
    return [
        Attente(lambda: seances_du_comite().filter(debut__lt=fin_du_jour() + avant), _ordre_du_jour),
        AttenteGroupee(Reception.objects.en_panne, "recue_le", _arrivees_perdues),
        AttenteGroupee(CourrielRecu.objects.a_voir, "recu_le", _courriels_a_voir),
        *([AttenteLue(_boites_en_panne, _rappeler_la_boite)] if settings.BOITE_URL else []),
        AttenteGroupee(
            # A discrimination waits, and nobody has the right to read it any more.
            lambda: Remontee.objects.filter(
                ~Exists(Compte.objects.referents()), est_discrimination=True, clos_le=None
            ),
            "ouvert_le",
            lambda *_: _tache(
                "Faire nommer un référent des discriminations : une remontée n’est lue de personne",
                reverse("remontees:remontees"),
                "Voir",
                genre="Discriminations",
                quand="À faire",
            ),
        ),
        Attente(finies, _effacer),
    ]


def _ordre_du_jour() -> Iterator[Tache]:
    bientot = fin_du_jour() + timedelta(days=JOURS_AVANT_LE_COMITE)
    seance = seances_du_comite().filter(debut__lt=bientot).first()
    if seance is not None and a_des_candidats():
        yield _tache(
            "Remplir l’ordre du jour du comité de suivi",
            reverse("remontees:preparer_comite"),
            "Préparer",
            genre="Comité",
            date_limite=timezone.localdate(seance.debut),
        )


def _arrivees_perdues(combien: int, depuis: datetime | None) -> Tache:
    return _tache(
        f"Relire {accorder(combien, 'arrivée que l’application n’a pas su lire', 'arrivées que l’application n’a pas su lire')}",
        reverse("remontees:receptions"),
        "Relire",
        genre="Réception",
        depuis=depuis,
    )


def _courriels_a_voir(combien: int, depuis: datetime | None) -> Tache:
    mots = "courriel reçu qui attend un agent", "courriels reçus qui attendent un agent"
    return _tache(
        f"Voir {accorder(combien, *mots)}",
        f"{reverse('remontees:courriels_recus')}?attend=oui",
        "Voir",
        sur_quoi="En quarantaine, trop lourds, trop nombreux, ou que l’application n’a pas su lire",
        genre="Courriels reçus",
        depuis=depuis,
    )


def _boites_en_panne() -> QuerySet[Any, Any]:
    return Boite.objects.exclude(erreur="").order_by("nom").values("erreur", "en_panne_depuis")[:1]


def _rappeler_la_boite(boites: list[Rangee]) -> list[Tache]:
    return [
        _tache(
            "Faire réparer la boîte des courriels : elle ne se relève plus",
            reverse("remontees:courriels_recus"),
            "Voir",
            sur_quoi=boite["erreur"],
            genre="Courriels reçus",
            depuis=boite["en_panne_depuis"],
        )
        for boite in boites
    ]


def _effacer() -> Iterator[Tache]:
    combien, le = AU_TERME.lire()
    if combien:
        au_dela = "plus de " if combien > COMPTEES else ""
        yield _tache(
            f"Effacer qui a parlé dans {au_dela}{accorder(min(combien, COMPTEES), 'remontée')}",
            reverse("remontees:conservation"),
            "Voir",
            genre="Conservation",
            quand="Délai passé",
            sur_quoi=f"Comptées le {instant_texte(le)}",
        )


def _parts(compte: Compte) -> Attente:
    # Parts with an échéance have their entry through it: here, those not taken yet. An échéance names no
    # commune: all the parts of communes are here.
    def attendues() -> QuerySet[Attribution]:
        siennes = Attribution.attendues_du_compte(compte).filter(Q(prise_le=None) | Q(commune__isnull=False))
        return siennes.order_by("date_limite", "pk")

    urgentes = Remontee.objects.urgentes_de(OuterRef("dossier"))
    return Attente(
        attendues,
        lambda: [
            _tache(
                "Répondre au service participation"
                if part.prise_le
                else _prendre(part, est_urgente=part.presse),
                part.dossier.get_absolute_url(),
                "Ouvrir",
                sur_quoi=f"{part.dossier.reference} · {part.dossier.titre}",
                genre=majuscule(part.dossier.get_nature_display()),
                date_limite=part.date_limite,
            )
            for part in attendues()
            .annotate(presse=Exists(urgentes))
            .select_related("dossier__remontee")[:MONTREES]
        ],
    )


def _prendre(part: Attribution, *, est_urgente: bool) -> str:
    if part.dossier.nature == "sujet":
        return f"Prendre en main un sujet{' urgent' if est_urgente else ''}"
    return f"Prendre en main une remontée{' urgente' if est_urgente else ''}"
