// What an engine finds on the page as it is, each in the same words: rule, left to a person or not, what, where.
async moteur => {
  const ou = e => e?.outerHTML?.replace(/\s+/g, ' ').slice(0, 160) ?? ''
  const trouve = (regle, a_juger, quoi, noeud) => ({ regle, a_juger, quoi: String(quoi).slice(0, 300), ou: ou(noeud) })
  if (moteur === 'axe') {
    const dit = await axe.run(document, { resultTypes: ['violations', 'incomplete'], elementRef: true })
    const lignes = (regles, a_juger) => regles.flatMap(r => r.nodes.map(n => trouve(r.id, a_juger, r.help, n.element)))
    return [...lignes(dit.violations, false), ...lignes(dit.incomplete, true)]
  }
  if (moteur === 'ibm') {
    const dit = await new ace.Checker().check(document, ['WCAG_2_2'])
    // In a folded part it finds no label: what is folded is read by the recipe that unfolds it.
    return dit.results.filter(r => r.value[1] !== 'PASS' && r.value[0] !== 'INFORMATION' && r.node.checkVisibility?.() !== false)
      .map(r => trouve(r.ruleId, r.value[1] !== 'FAIL' || r.value[0] === 'RECOMMENDATION', r.message, r.node))
  }
  if (moteur === 'htmlcs') {
    await new Promise(fait => HTMLCS.process('WCAG2AA', document, fait))
    return HTMLCS.getMessages().filter(m => m.type !== HTMLCS.NOTICE)
      .map(m => trouve(m.code.replace('WCAG2AA.', ''), m.type !== HTMLCS.ERROR, m.msg, m.element))
  }
  if (moteur === 'couleurs') {
    // Not axe: it reads -webkit-text-fill-color, which forced colours leave as it was.
    const trouves = [], lu = c => (c.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number)
    const clarte = c => c.slice(0, 3).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((t, v, i) => t + v * [.2126, .7152, .0722][i], 0)
    for (const e of document.querySelectorAll('body *:not(svg *)')) {
      if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
      let fond = e
      while (fond && (lu(getComputedStyle(fond).backgroundColor)[3] ?? 1) < .5) fond = fond.parentElement  // a system colour may be .8
      const [a, b] = [lu(getComputedStyle(e).color), fond ? lu(getComputedStyle(fond).backgroundColor) : [255, 255, 255]].map(clarte)
      const contraste = (Math.max(a, b) + .05) / (Math.min(a, b) + .05)
      if (contraste < 4.5 && !e.closest('[disabled]')) trouves.push(trouve('contraste', false, `${contraste.toFixed(1)} : ${e.innerText.slice(0, 60)}`, e))
    }
    const dit = x => ['backgroundColor', 'borderBottomColor', 'borderInlineStartColor', 'fontWeight', 'textDecorationLine']
      .map(p => getComputedStyle(x)[p]).join()
    for (const e of document.querySelectorAll('a[aria-current], button[aria-pressed="true"]')) {
      const autres = [...(e.closest('ul') || e.parentElement).querySelectorAll('a:not([aria-current]), button[aria-pressed="false"]')]
      if (e.offsetParent && autres.some(a => a.className === e.className && dit(a) === dit(e))) trouves.push(trouve('semblable', false, 'Le choix courant ressemble aux autres', e))
    }
    return trouves
  }
  // What no longer fits: the page scrolls sideways, a text is cut. An excerpt (line-clamp) and a map are cut as they are meant to be.
  await document.fonts.ready
  const trouves = [], large = document.documentElement.clientWidth
  if (moteur === 'coupe' && document.documentElement.scrollWidth > large + 1) {
    const dehors = [...document.querySelectorAll('body *')].find(e => e.getBoundingClientRect().right > large + 1)
    trouves.push(trouve('défile de côté', false, `${document.documentElement.scrollWidth} > ${large}`, dehors))
  }
  for (const e of document.querySelectorAll('body *')) {
    const style = getComputedStyle(e)
    const cache = /hidden|clip/.test(style.overflowX + style.overflowY) && style.clipPath === 'none' && e.clientWidth > 2 && e.clientHeight > 2
    if (!cache || !e.innerText?.trim() || style.visibility === 'hidden' || style.webkitLineClamp !== 'none' || e.closest('.leaflet-container')) continue
    if (e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 2) trouves.push(trouve('texte coupé', false, e.innerText.slice(0, 80), e))
  }
  return trouves
}
