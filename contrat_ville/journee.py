"""Contrat de Ville in « Ma journée »: tasks, with their dates."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from contrat_ville.comites.lectures import a_inscrire
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
from contrat_ville.workflow import PILOTAGE, RETENUS, Etat, EtatGroupe
from participation.socle.bd.sondes import Rangee
from participation.socle.francais import accorder
from participation.socle.journee import Attendue, AttenteGroupee, AttenteLue, Tache
from participation.socle.models import Compte, Demande, Echeance, Entree
from participation.socle.workflow import Role

MONTRES = 10
Fichier = ImportDauphin.Etat
_ligne = partial(Tache, genre="Projet", app="contrat_ville")


def taches(compte: Compte) -> list[Attendue]:
    """Tasks of an agent, of a référent (syntheses)."""
    if compte.est_agent:
        return _de_l_agent(compte)
    return [_syntheses(compte)] if Role.AGENT_COMMUNE in compte.roles else []


def _de_l_agent(compte: Compte) -> list[Attendue]:
    return [
        _messages(compte),
        _a_examiner(compte),
        _commentaires(compte),
        _completes(compte),
        _aides(compte),
        _bilans(compte),
        _grilles(compte),
        _a_inscrire(),
        _conventions(compte),
        _syntheses(compte),
        _a_notifier(),
        _bilans_a_demander(),
        _imports(compte),
    ]


def _a_notifier() -> AttenteGroupee:
    """Decisions not notified yet."""
    return AttenteGroupee(
        Projet.objects.a_notifier,
        "decide_le",
        lambda combien, depuis: _ligne(
            f"Notifier {accorder(combien, 'décision')}",
            reverse("contrat_ville:a_notifier"),
            "Ouvrir",
            sur_quoi="Les équipes n’en savent encore rien.",
            depuis=depuis,
        ),
    )


def _bilans_a_demander() -> AttenteGroupee:
    """Projets from Dauphin without a bilan asked for: one line for all."""
    return AttenteGroupee(
        Projet.objects.bilan_a_demander,
        "depose_le",
        lambda combien, _: _ligne(
            f"Choisir à qui demander le bilan : {accorder(combien, 'projet')}",
            f"{reverse('contrat_ville:projets')}?bilan_a_demander=oui",
            "Choisir",
            sur_quoi="Venus de Dauphin, sans convention enregistrée ici : rien ne leur est encore écrit.",
        ),
    )


def _a_inscrire() -> AttenteGroupee:
    """Projets to be decided by the comité de pilotage and on no agenda."""
    return AttenteGroupee(
        lambda: a_inscrire(PILOTAGE),
        "depose_le",
        lambda combien, depuis: _ligne(
            f"Inscrire {accorder(combien, 'projet')} au comité de pilotage",
            reverse("contrat_ville:preparer_comite", args=[PILOTAGE]),
            "Préparer",
            sur_quoi="À décider, et à aucun ordre du jour.",
            genre="Comité",
            depuis=depuis,
        ),
    )


def _imports(compte: Compte) -> AttenteLue:
    """Imports sent by the account: columns to map, report to apply, dossiers that need a choice."""

    def lus() -> QuerySet[Any, Any]:
        a_choisir = Count("dossiers", filter=Q(dossiers__in=DossierImporte.objects.a_decider()))
        attendus: Any = ImportDauphin.objects.annotate(a_choisir=a_choisir).filter(
            Q(etat__in=[Fichier.A_RELIER, Fichier.A_APPLIQUER]) | Q(etat=Fichier.FINI, a_choisir__gt=0),
            par=compte,
        )
        tries: QuerySet[Any, Any] = attendus.order_by("cree_le", "pk")
        return tries.values("pk", "nom", "a_choisir", depuis=Coalesce("fini_le", "cree_le"))[:MONTRES]

    return AttenteLue(lus, lambda fichiers: [_import(fichier) for fichier in fichiers])


def _import(fichier: Rangee) -> Tache:
    page = reverse("contrat_ville:import_dauphin", args=[fichier["pk"]])
    combien = fichier["a_choisir"]
    return _ligne(
        f"Choisir pour {accorder(combien, 'dossier')}" if combien else "Finir l’import",
        f"{page}?sort=a_joindre" if combien else page,
        "Ouvrir",
        sur_quoi=fichier["nom"],
        genre="Dauphin",
        depuis=fichier["depuis"],
    )


def _siens(compte: Compte, chemin: str = "") -> Q:
    """Projets followed by the account, or by nobody."""
    return Q(**{f"{chemin}agent": compte}) | Q(**{f"{chemin}agent": None})


def _projets(
    ensemble: Callable[[], QuerySet[Any, Any]],
    depuis: str,
    quoi: str | Callable[[Rangee], str],
    bouton: str,
    ancre: str = "",
    *,
    par: str = "",
    limite: str = "",
    ordre: Sequence[Any] = (),
) -> AttenteLue:
    """One line for each row, the oldest first.

    `par`: path to the projet (« projet__ »); `limite`: field of the due date, when no échéance shows it.
    """
    projet, reference, titre = f"{par or 'pk'}".removesuffix("__"), f"{par}reference", f"{par}titre"
    champs = [projet, reference, titre, depuis, f"{par}agent", f"{par}etat", *([limite] if limite else [])]
    return AttenteLue(
        lambda: ensemble().order_by(*ordre, depuis, "pk").values(*champs)[:MONTRES],
        lambda lus: [
            _ligne(
                quoi if isinstance(quoi, str) else quoi(lu),
                f"{reverse('contrat_ville:projet', args=[lu[projet]])}{ancre}",
                bouton,
                sur_quoi=f"{lu[reference]} · {lu[titre]}",
                date_limite=lu[limite] if limite else None,
                depuis=lu[depuis],
            )
            for lu in lus
        ],
    )


def _messages(compte: Compte) -> AttenteLue:
    """Messages of the teams, not read yet."""
    return _projets(
        lambda: MessageProjet.objects.a_lire_par_le_service().filter(_siens(compte, "projet__")),
        "ecrit_le",
        "Lire un message du porteur",
        "Lire",
        "#messages",
        par="projet__",
    )


def _a_examiner(compte: Compte) -> AttenteLue:
    """Projets filed, to check.

    The due date is shown if nobody follows the projet; else it is among the échéances of the agent.
    """
    de_personne = Echeance.objects.actives().filter(dossier=OuterRef("pk"), dossier__agent=None)
    limite = Subquery(de_personne.order_by("date_limite").values("date_limite")[:1])
    return _projets(
        lambda: Projet.objects.filter(_siens(compte), etat=Etat.DEPOSE).annotate(limite=limite),
        "depose_le",
        lambda lu: (
            "Vérifier la recevabilité"
            if lu["agent"]
            else "Vérifier la recevabilité (personne n’en est chargé)"
        ),
        "Ouvrir",
        limite="limite",
        ordre=[F("agent").desc(nulls_last=True)],
    )


def _commentaires(compte: Compte) -> AttenteLue:
    """Comments of the account answered by the team, to be closed."""
    return _projets(
        lambda: Commentaire.objects.filter(par=compte, etat=Commentaire.Etat.RESOLU),
        "resolu_le",
        "Lire la réponse à votre commentaire",
        "Lire",
        "#commentaires",
        par="projet__",
    )


def _aides(compte: Compte) -> AttenteLue:
    """Help asked for by a team."""
    dues = partial(Accompagnement.objects.filter, nature=Accompagnement.Nature.AIDE, aide_donnee_le=None)
    return _projets(
        lambda: dues(_siens(compte, "projet__")),
        "note_le",
        "Aider une équipe qui le demande",
        "Ouvrir",
        "#apres",
        par="projet__",
    )


def _bilans(compte: Compte) -> AttenteLue:
    return _projets(
        lambda: Bilan.objects.filter(_siens(compte, "projet__"), projet__etat=Etat.EVALUE),
        "rendu_le",
        "Lire un bilan",
        "Lire",
        "#apres",
        par="projet__",
    )


def _completes(compte: Compte) -> AttenteLue:
    """Projets given back by their teams, on which the account has done nothing since."""

    def renvoyes() -> QuerySet[Any, Any]:
        renvois = Demande.objects.filter(
            dossier=OuterRef("pk"), nature=Demande.Nature.COMPLEMENT, repondue_le__isnull=False
        ).order_by("-repondue_le")
        depuis = Entree.objects.filter(dossier=OuterRef("pk"), le__gt=OuterRef("renvoye_le"), par=compte)
        lus: Any = Projet.objects.filter(_siens(compte), etat__in=[Etat.INSTRUCTION, Etat.AJOURNE])
        lus = lus.annotate(renvoye_le=Subquery(renvois.values("repondue_le")[:1]))
        restes: QuerySet[Any, Any] = lus.filter(~Exists(depuis), renvoye_le__isnull=False)
        return restes

    return _projets(
        renvoyes, "renvoye_le", "Reprendre un projet complété par son équipe", "Ouvrir", "#projet"
    )


def _grilles(compte: Compte) -> AttenteLue:
    """Projets whose grid the account has not filled in."""
    instruits = partial(Projet.objects.filter, etat=Etat.INSTRUCTION)
    return _projets(
        lambda: instruits(_siens(compte)).exclude(evaluations__instructeur=compte),
        "depose_le",
        lambda lu: "Remplir la grille" if lu["agent"] else "Instruire le projet (personne n’en est chargé)",
        "Ouvrir",
        "#grille",
    )


def _conventions(compte: Compte) -> AttenteLue:
    """Notified projets that wait: a convention to sign, a réserve to lift."""
    return _projets(
        lambda: Projet.objects.filter(_siens(compte), etat__in=sorted(RETENUS), notifie_le__isnull=False),
        "notifie_le",
        lambda lu: "Lever la réserve" if lu["etat"] == Etat.SOUS_RESERVE else "Enregistrer la convention",
        "Ouvrir",
    )


def _syntheses(compte: Compte) -> AttenteLue:
    """Focus groups held, without a synthesis, prepared by the account or in a quartier it follows."""

    def tenus() -> QuerySet[Any, Any]:
        siens = Q(agent=compte) | Q(suivi__in=compte.quartiers_suivis.values("pk"))
        dus: QuerySet[Any, Any] = GroupeDiscussion.objects.filter(siens, etat=EtatGroupe.TENU)
        return dus.order_by("date", "pk").values("pk", "reference", "titre", "modifie_le")[:MONTRES]

    return AttenteLue(
        tenus,
        lambda lus: [
            _ligne(
                "Écrire la synthèse d’un groupe de discussion",
                reverse("contrat_ville:rediger_synthese", args=[lu["pk"]]),
                "Écrire",
                sur_quoi=f"{lu['reference']} · {lu['titre']}",
                genre="Groupe",
                depuis=lu["modifie_le"],
            )
            for lu in lus
        ],
    )
