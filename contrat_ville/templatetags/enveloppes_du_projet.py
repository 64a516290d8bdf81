"""Amounts of a projet beside what the envelopes leave for it."""

from django import template

from contrat_ville.comites.enveloppes import montants_et_restes

register = template.Library()
register.simple_tag(montants_et_restes, name="financements_et_restes")
