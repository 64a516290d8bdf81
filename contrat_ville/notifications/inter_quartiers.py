"""Letters about idées and projets de quartier: to their authors, to followers and to the directions."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from contrat_ville.models import AuteurIdee, AvisFaisabilite, Idee, JalonProjet, ProjetQuartier, TableForum
from participation.socle import porte
from participation.socle.courrier import Destinataire, ecrire, ecrire_a_plusieurs
from participation.socle.models import Demande
from participation.suites.notifications import prevenir_abonnes


def deposer_idee(auteur: AuteurIdee) -> None:
    """Acknowledge the idée, with the links to confirm the address and to follow the idée."""
    idee = auteur.idee
    porte.ecrire(
        "contrat_ville/deposer_idee",
        a=auteur.courriel,
        sujet=idee,
        dossier=idee,
        cle=f"auteur-idee:{auteur.pk}:deposer_idee",
        mots={
            "reference": idee.reference,
            "recue_le": idee.ouvert_le,
            "budget": porte.lu(idee.budget, "titre"),
            "confirmation": reverse("contrat_ville:confirmer_auteur", args=[auteur.jeton()]),
        },
    )


def saisir_idee(auteur: AuteurIdee) -> None:
    """Tell the author that an agent recorded the idée, with the link to follow it."""
    ecrire(
        "contrat_ville/saisir_idee",
        a=[auteur.courriel],
        dossier=auteur.idee,
        cle=f"auteur-idee:{auteur.pk}:saisir_idee",
        contexte={"idee": auteur.idee, "budget": auteur.idee.budget, "lien": auteur.idee.get_suivi_url()},
    )


def publier_idee(idee: Idee) -> None:
    _a_ses_auteurs(idee, "publier_idee", cle=f"publier:{idee.pk}:{idee.modifie_le:%Y%m%d%H%M%S}")


def ecarter_idee(idee: Idee) -> None:
    _a_ses_auteurs(idee, "ecarter_idee", cle=f"ecarter:{idee.pk}:{idee.modifie_le:%Y%m%d%H%M%S}")


def retirer_idee(idee: Idee) -> None:
    _a_ses_auteurs(idee, "retirer_idee", cle=f"retirer:{idee.pk}")


def reunir_idee(idee: Idee, projet: ProjetQuartier, *, combien: int) -> None:
    """`combien`: number of idées of the projet, with this one."""
    cle = f"reunir:{idee.pk}:{projet.pk}:{idee.modifie_le:%Y%m%d%H%M%S}"
    _a_ses_auteurs(idee, "reunir_idee", cle=cle, projet=projet, autres=combien - 1)


def separer_idee(idee: Idee, projet: ProjetQuartier, *, motif: str) -> None:
    cle = f"separer:{idee.pk}:{projet.pk}:{idee.modifie_le:%Y%m%d%H%M%S}"
    _a_ses_auteurs(idee, "separer_idee", cle=cle, projet=projet, motif=motif)


def destinataires_de(idee: Idee) -> Iterator[Destinataire]:
    """Yield the authors who can be written to, each with a link to stop the letters."""
    for auteur in idee.auteurs.joignables():
        arret = reverse("contrat_ville:arreter_lettres", args=[auteur.jeton()])
        yield Destinataire(auteur.courriel, desabonnement=arret)


def _a_ses_auteurs(idee: Idee, lettre: str, *, cle: str, **contexte: Any) -> int:
    return ecrire_a_plusieurs(
        f"contrat_ville/{lettre}",
        destinataires_de(idee),
        contexte={"idee": idee, "budget": idee.budget, "lien": idee.get_suivi_url(), **contexte},
        dossier=idee,
        cle=f"idee:{cle}",
    )


# Projets de quartier


def demander_faisabilite(demande: Demande, avis: AvisFaisabilite) -> None:
    ecrire(
        "contrat_ville/demander_faisabilite",
        a=demande.adresses(),
        dossier=demande.dossier,
        repondre_a=demande.par.courriel if demande.par else "",
        cle=f"demande:{demande.pk}",
        contexte={
            "demande": demande,
            "projet": avis.projet,
            "lien": reverse("contrat_ville:repondre_faisabilite", args=[demande.jeton()]),
        },
    )


def declarer_faisable(projet: ProjetQuartier) -> None:
    _nouvelle(projet, "declarer_faisable")


def declarer_infaisable(projet: ProjetQuartier) -> None:
    _nouvelle(projet, "declarer_infaisable")


def mettre_au_vote(projet: ProjetQuartier) -> None:
    _nouvelle(projet, "mettre_au_vote")


def retirer_du_vote(projet: ProjetQuartier, *, motif: str) -> None:
    _nouvelle(projet, "retirer_du_vote", motif=motif)


def proclamer(projet: ProjetQuartier) -> None:
    _nouvelle(projet, "proclamer_projet")


def lancer_realisation(projet: ProjetQuartier) -> None:
    _nouvelle(projet, "lancer_realisation")


def franchir_jalon(jalon: JalonProjet) -> None:
    _nouvelle(jalon.projet, "franchir_jalon", jalon=jalon)


def deplacer_jalon(jalon: JalonProjet, *, motif: str) -> None:
    _nouvelle(jalon.projet, "deplacer_jalon", jalon=jalon, motif=motif)


def achever_projet(projet: ProjetQuartier) -> None:
    _nouvelle(projet, "achever_projet")


def abandonner_projet_quartier(projet: ProjetQuartier) -> None:
    _nouvelle(projet, "abandonner_projet_quartier")


def _nouvelle(projet: ProjetQuartier, lettre: str, **contexte: Any) -> int:
    """Write one letter per address, even with several idées in the projet; then write to the followers."""
    cle = f"projet-quartier:{projet.pk}:{lettre}:{projet.modifie_le:%Y%m%d%H%M%S%f}"
    valeurs = {"projet": projet, "budget": projet.budget, "page": projet.get_public_url(), **contexte}
    combien = 0
    idees: Any = projet.idees.select_related("budget").order_by("pk")
    for idee in idees:
        combien += ecrire_a_plusieurs(
            f"contrat_ville/{lettre}",
            destinataires_de(idee),
            contexte={**valeurs, "idee": idee, "lien": idee.get_suivi_url()},
            dossier=idee,
            cle=cle,
        )
    return combien + prevenir_abonnes(projet, f"contrat_ville/{lettre}", {**valeurs, "idee": None}, cle=cle)


# Tables of a forum


def ajouter_table(table: TableForum) -> None:
    """Send the facilitator the link to take notes at the table from a phone."""
    ecrire(
        "contrat_ville/ajouter_table",
        a=[table.courriel],
        cle=f"table-forum:{table.pk}:{table.courriel}"
        + (f":{table.rang_du_lien}" if table.rang_du_lien else ""),
        contexte={
            "table": table,
            "forum": table.forum,
            "lien": reverse("contrat_ville:table_par_lien", args=[table.jeton()]),
        },
    )
