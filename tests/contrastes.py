"""What axe finds on a page, the contrast of each look judged once a run: half of its time went in judging the same button again.

A look is what the verdict is made of: the colour, size and weight of a text, and each background, opacity or filter around it.
It is kept only once axe said that it passes. Whatever leaves the flow, and so may lie over another background, is always judged.
"""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

# Looks that passed, in any scheme: the colours are part of them.
VUS: set[str] = set()
AXE = Axe().axe_script
JUGER = """async ([options, vus]) => {
  const TEXTE = ['color', 'webkitTextFillColor', 'webkitTextStrokeWidth', 'fontSize', 'fontWeight', 'textShadow']
  const NEUTRES = {backgroundColor: 'rgba(0, 0, 0, 0)', backgroundImage: 'none', opacity: '1', filter: 'none', clipPath: 'none',
    backdropFilter: 'none', mixBlendMode: 'normal', maskImage: 'none'}
  const fonds = new Map([[null, 'page']]), passes = new Set(vus)
  const hacher = texte => {
    let a = 0xdeadbeef, b = 0x41c6ce57
    for (let i = 0; i < texte.length; i++) {
      a = Math.imul(a ^ texte.charCodeAt(i), 2654435761)
      b = Math.imul(b ^ texte.charCodeAt(i), 1597334677)
    }
    return (a >>> 0).toString(36) + '.' + (b >>> 0).toString(36)
  }
  const sort = s => s.position === 'absolute' || s.transform !== 'none' || s.cssFloat !== 'none'
    || (s.position === 'relative' && [s.top, s.left, s.bottom, s.right].some(cote => cote !== 'auto' && cote !== '0px'))
    || [s.marginTop, s.marginBottom, s.marginLeft, s.marginRight].some(marge => marge.startsWith('-'))
  // What is behind a text; '' : never sure to be the same as behind another.
  const fond = element => {
    if (!fonds.has(element)) {
      const autour = fond(element.parentElement), s = getComputedStyle(element)
      const sien = Object.entries(NEUTRES).filter(([p, neutre]) => s[p] !== neutre).map(([p]) => p + s[p]).join('|')
        + (['fixed', 'sticky'].includes(s.position) ? s.position + s.zIndex : '')
      fonds.set(element, autour && !sort(s) ? (sien ? hacher(autour + sien) : autour) : '')
    }
    return fonds.get(element)
  }
  const aspect = element => {
    const derriere = fond(element), s = getComputedStyle(element)
    return derriere && hacher(derriere + TEXTE.map(p => s[p]).join('|'))
  }
  const regle = axe._audit.rules.find(une => une.id === 'color-contrast')
  const entiere = regle.matches
  const fautes = []
  try {
    // One of each look, then all that look as one of which axe could not be sure.
    for (let doutes = null, encore = true; encore;) {
      const juges = new Map()
      regle.matches = (element, ...reste) => {
        if (!entiere.call(regle, element, ...reste)) return false
        // Over a picture of its own (the arrow of a list of choices), axe is never sure, and says nothing.
        if (getComputedStyle(element).backgroundImage !== 'none') return false
        const sien = aspect(element)
        if (doutes ? !doutes.has(sien) : passes.has(sien) || (sien && juges.has(sien))) return false
        juges.set(sien, null)
        return true
      }
      const demande = doutes ? {runOnly: ['color-contrast']} : options
      const trouve = await axe.run({...demande, resultTypes: ['violations', 'incomplete'], elementRef: true})
      const suspects = new Set()
      for (const faute of [...trouve.violations, ...trouve.incomplete])
        if (faute.id === 'color-contrast') for (const noeud of faute.nodes) suspects.add(aspect(noeud.element))
      fautes.push(...trouve.violations)
      for (const sien of juges.keys()) if (sien && !suspects.has(sien)) passes.add(sien)
      suspects.delete('')
      encore = !doutes && suspects.size > 0
      doutes = suspects
    }
  } finally {
    regle.matches = entiere
  }
  return {
    fautes: fautes.map(f => ({id: f.id, nodes: f.nodes.map(n => ({target: n.target, html: n.html}))})),
    passes: [...passes].filter(Boolean),
  }
}"""


def fautes_d_axe(page: Page, options: dict[str, Any] | None = None, memoire: set[str] = VUS) -> list[Any]:
    """The violations of the page as it is now: their `id` and `nodes`."""
    for essai in range(3):
        page.wait_for_load_state()
        page.locator("body").wait_for()
        try:
            if not page.evaluate("!!window.axe"):
                page.evaluate(AXE)
            juge = page.evaluate(JUGER, [options or {}, list(memoire)])
            break
        except Error:
            # A click that leads elsewhere took the page from under axe: the one that comes is read.
            if essai == 2:
                raise
    memoire.update(juge["passes"])
    return juge["fautes"]
