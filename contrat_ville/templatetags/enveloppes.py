"""Rows of a scenario, and the amounts of a projet beside what its envelopes leave for it.

Written in Python, because thirty rows of forms in a template were most of the time of the page. Every value
is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from contrat_ville.comites.enveloppes import montants_et_restes
from contrat_ville.comites.scenarios.lectures import LigneEnveloppe, LigneProjet, MontantDeScenario
from contrat_ville.models import Scenario
from participation.socle.francais import espacer, majuscule, montant
from participation.socle.regles.montants import ecrire
from participation.socle.templatetags.composants import etat

register = template.Library()
register.simple_tag(montants_et_restes, name="financements_et_restes")


@register.simple_tag
def tableau_des_enveloppes(lignes: Iterable[LigneEnveloppe]) -> SafeString:
    """Envelopes: asked, given, left. An excess is said in words, not only by a colour."""
    rangs = "".join(
        f'<tr role="row"><th role="rowheader" scope="row" class="poids-normal">{escape(ligne.nom)}'
        f'<span class="petit discret">demandé {montant(ligne.demande)}</span></th>'
        f'<td role="cell" class="nombre" data-titre="Donné">{montant(ligne.donne)}</td>'
        f'<td role="cell" class="nombre{" trop" if ligne.est_depassee else ""}" data-titre="Enveloppe">'
        f"{montant(ligne.limite) if ligne.limite is not None else ''} <span>{escape(ligne.phrase)}</span></td></tr>"
        for ligne in lignes
    )
    return mark_safe(  # noqa: S308 each part is escaped
        '<table class="table table-empilee enveloppes" role="table"><thead role="rowgroup"><tr role="row">'
        '<th role="columnheader" scope="col">Financeur</th>'
        '<th role="columnheader" scope="col" class="nombre">Donné</th>'
        '<th role="columnheader" scope="col" class="nombre">Enveloppe</th></tr></thead>'
        f'<tbody role="rowgroup">{rangs}</tbody></table>'
    )


@register.simple_tag
def lignes_du_scenario(
    lignes: Iterable[LigneProjet],
    scenario: Scenario,
    choix: Sequence[tuple[str, str]],
    choisit: bool,
    change: bool,
    requete: str,
    jeton: str,
    dits: Mapping[int, Sequence[str]],
) -> SafeString:
    """One row for each projet.

    `choisit`: its choice may be changed; `change`: amounts may be changed; `dits`: what the last act answers, by projet.
    """
    adresse = escape(f"{reverse('contrat_ville:changer_scenario', args=[scenario.pk])}?{requete}")
    return mark_safe(  # noqa: S308 each part is escaped
        "".join(
            _ligne(ligne, adresse, choix, choisit, change, jeton, dits.get(ligne.projet.pk, ()))
            for ligne in lignes
        )
    )


def _ligne(
    ligne: LigneProjet,
    adresse: str,
    choix: Sequence[tuple[str, str]],
    choisit: bool,
    change: bool,
    jeton: str,
    dits: Sequence[str],
) -> str:
    projet = ligne.projet
    reference = escape(projet.reference or "")
    apparence = projet.apparence
    tete = (
        f'<h2 class="h5 mb-1"><a href="{escape(projet.get_absolute_url())}">{escape(espacer(projet.titre))}</a></h2>'
        f'<p class="petit discret mb-2">{reference} · {escape(str(projet.porte_par or ""))} · {escape(str(projet.axe or "sans axe"))}'
        f" · coût {montant(projet.montant_total)}. {etat(majuscule(projet.get_etat_display()), apparence.couleur, apparence.icone)}</p>"
    )
    phrases = "".join(f'<li class="trop">{escape(espacer(phrase))}</li>' for phrase in ligne.phrases)
    phrases = f'<ul class="petit mb-2">{phrases}</ul>' if phrases else ""
    ouvre = (change and any(case.modifiable for case in ligne.cases)) or (choisit and ligne.se_choisit)
    cases = "".join(_case(case, projet.pk, reference) for case in ligne.cases)
    corps = f'<div class="montants">{cases}</div>'
    if choisit and ligne.se_choisit:
        corps += _choix(ligne, choix, reference)
    elif ligne.choix:
        corps += f'<p class="mb-0">{escape(majuscule(dict(choix)[ligne.choix]))}. {escape(ligne.motif)}</p>'
    if ouvre:
        corps = (
            f'<form method="post" action="{adresse}" data-acte novalidate>'
            f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(jeton)}">'
            f'<input type="hidden" name="projet" value="{projet.pk}">{corps}'
            f'<button class="btn btn-secondary btn-sm" type="submit">Enregistrer<span class="visually-hidden"> {reference}</span></button></form>'
        )
    total = (
        f'<p class="petit mb-2">En tout&nbsp;: <strong>{montant(ligne.total)}</strong></p>'
        if ligne.total
        else ""
    )
    reponse = "".join(
        f'<p class="alert alert-warning" role="alert" data-reponse>{escape(espacer(phrase))}</p>'
        for phrase in dits
    )
    return f'<li id="p-{projet.pk}" data-region class="ligne-scenario">{reponse}{tete}{phrases}{total}{corps}</li>'


def _case(case: MontantDeScenario, projet: int, reference: str) -> str:
    f = case.financement
    nom, qui = case.nom, escape(f.financeur.court)
    propose = f", proposé {montant(f.propose)}" if f.propose is not None else ""
    aide = f"demandé {montant(f.demande)}{propose}"
    if not case.modifiable:
        return f'<p class="petit mb-0">{qui}&nbsp;: <strong>{montant(case.montant)}</strong> <span class="discret">{aide}</span></p>'
    somme = ecrire(case.montant)
    return (
        f'<div><label for="{nom}">{qui}<span class="visually-hidden">, {reference}, en euros</span></label>'
        f'<input class="form-control" id="{nom}" name="{nom}" value="{somme}" inputmode="decimal" autocomplete="off" '
        f'maxlength="30" aria-describedby="{nom}-aide"><input type="hidden" name="avant_{nom}" value="{somme}">'
        f'<p class="petit discret mb-0" id="{nom}-aide">{aide}</p></div>'
    )


def _choix(ligne: LigneProjet, choix: Sequence[tuple[str, str]], reference: str) -> str:
    pk = ligne.projet.pk
    options = "".join(
        f'<option value="{cle}"{" selected" if cle == ligne.choix else ""}>{escape(majuscule(mots))}</option>'
        for cle, mots in (("", "à choisir"), *choix)
    )
    motif = escape(ligne.motif)
    return (
        f'<div class="montants"><div><label for="choix-{pk}">Choix<span class="visually-hidden">, {reference}</span></label>'
        f'<select class="form-select" id="choix-{pk}" name="choix">{options}</select>'
        f'<input type="hidden" name="avant_choix" value="{escape(ligne.choix)}"></div>'
        f'<div class="large"><label for="motif-{pk}">Raison, ou réserve<span class="visually-hidden">, {reference}</span></label>'
        f'<textarea class="form-control" id="motif-{pk}" name="motif" rows="1" maxlength="2000">\n{motif}</textarea>'
        f'<input type="hidden" name="avant_motif" value="{motif}"></div></div>'
    )
