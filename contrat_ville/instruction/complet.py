"""What the PDF of a whole projet adds to what any dossier has: who holds it, its budget, money, grids, opinions."""

from collections.abc import Iterable
from decimal import Decimal

from contrat_ville.instruction.dossier import Cote, budget_de, textes_de
from contrat_ville.instruction.lectures import avis_de, grille_de
from contrat_ville.models import Projet, Versement
from participation.socle.francais import jour_texte, majuscule, montant, nombre
from participation.socle.vitrine import TableauDuDossier

RIEN = "–"


def tableaux_du_projet(projet: Projet) -> list[TableauDuDossier]:
    budget, lus = budget_de(projet), {texte for _, texte in projet.a_lire()}
    return [
        TableauDuDossier("Le projet", ("Question", "Réponse"), list(_reperes(projet))),
        TableauDuDossier(
            "Ce qu’il dit aussi",
            ("Question", "Réponse"),
            [(majuscule(t), dit) for t, dit, _ in textes_de(projet) if dit not in lus],
        ),
        _cote("Dépenses prévues", budget.depenses),
        _cote("Recettes prévues", budget.recettes),
        TableauDuDossier(
            "Subventions",
            ("Financeur", "Demandé", "Proposé", "Accordé", "Versé", "Dû en définitive"),
            [
                (
                    f.financeur.nom,
                    *(_somme(s) for s in (f.demande, f.propose, f.accorde, f.verse, f.definitif)),
                )
                for f in projet.financements.select_related("financeur")
            ],
        ),
        TableauDuDossier(
            "Versements",
            ("Date", "Financeur", "Somme", "Référence"),
            [
                (jour_texte(v.date), v.financement.financeur.nom, montant(v.montant), v.reference or RIEN)
                for v in Versement.objects.comptes()
                .filter(financement__projet=projet)
                .select_related("financement__financeur")
                .order_by("date", "pk")
            ],
        ),
        *_grilles(projet),
        TableauDuDossier(
            "Avis des partenaires",
            ("À qui", "Avis", "Pourquoi"),
            [
                (str(a.demande.destinataire), majuscule(a.sens), a.demande.reponse or RIEN)
                for a in avis_de(projet)
            ],
        ),
    ]


def _somme(somme: Decimal | None) -> str:
    return RIEN if somme is None else montant(somme)


def _reperes(projet: Projet) -> Iterable[tuple[str, str]]:
    porteur = projet.porte_par
    dits = {
        "Programmation": str(projet.programmation),
        "Porté par": porteur.nom if porteur else "",
        "SIRET": porteur.siret if porteur else "",
        "Axe": str(projet.axe or ""),
        "Objectif": str(projet.objectif or ""),
        "Quartiers": ", ".join(str(q) for q in projet.quartiers.select_related("commune")),
        "Début": jour_texte(projet.date_debut) if projet.date_debut else "",
        "Fin": jour_texte(projet.date_fin) if projet.date_fin else "",
        "Personnes touchées": nombre(projet.nombre_beneficiaires)
        if projet.nombre_beneficiaires is not None
        else "",
        "Raison de la décision": projet.motif_decision,
        "Réserve": projet.reserve,
    }
    return ((quoi, dit) for quoi, dit in dits.items() if dit)


def _cote(titre: str, cote: Cote) -> TableauDuDossier:
    if not cote.lignes:
        return TableauDuDossier(titre, (), ())
    lignes = [
        (
            ligne.intitule + (f" ({precision})" if (precision := ligne.financeur or ligne.libelle) else ""),
            montant(ligne.montant),
            _somme(ligne.realise),
        )
        for ligne in cote.lignes
    ]
    lignes.append(("Total en argent", montant(cote.total), montant(cote.realise) if cote.realise else RIEN))
    if cote.en_nature:
        lignes.append(("Total en nature", montant(cote.en_nature), RIEN))
    return TableauDuDossier(titre, ("Poste", "Prévu", "Réalisé"), lignes)


def _grilles(projet: Projet) -> Iterable[TableauDuDossier]:
    grille = grille_de(projet)
    for rang, evaluation in enumerate(grille.evaluations):
        juges = [(ligne.critere, ligne.jugements[rang]) for ligne in grille.lignes]
        score = grille.scores[rang]
        yield TableauDuDossier(
            f"Grille de {evaluation.instructeur}"
            + (f", {nombre(float(score), 0)} sur 100" if score is not None else ""),
            ("Critère", "Jugement", "Raison"),
            [
                (
                    critere.intitule,
                    (
                        f"{j.note} sur {critere.note_max}"
                        if j.note is not None
                        else majuscule(j.get_resultat_display())
                    )
                    or RIEN,
                    j.raison or RIEN,
                )
                for critere, j in juges
                if j is not None
            ]
            + ([("Synthèse", RIEN, evaluation.synthese)] if evaluation.synthese else []),
        )
