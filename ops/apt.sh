#!/bin/sh
# What PyPI does not carry: the libraries of the PDFs, the browser of the tests, the nginx, the dovecot and the systemd that they try deploy/ with,
# the tools of the copies. `sh ops/apt.sh run` lets the site start without them; `sh ops/apt.sh essais` and `sh ops/apt.sh exercice` do not.
set -eu
. ops/paquets.sh

bibliotheques=$( (ldconfig -p || /sbin/ldconfig -p) 2>/dev/null || true)
bibliotheque() { printf '%s' "$bibliotheques" | grep -q "$1"; }

manque=""
bibliotheque 'libpango-1\.0\.so' || manque="$manque libpango-1.0-0"
bibliotheque 'libpangoft2-1\.0\.so' || manque="$manque libpangoft2-1.0-0"
bibliotheque 'libharfbuzz-subset\.so' || manque="$manque libharfbuzz-subset0"
find /usr/share/fonts -name 'DejaVuSans.ttf' 2>/dev/null | grep -q . || manque="$manque fonts-dejavu-core"
if [ "$1" = essais ] && [ -z "${CHROMIUM:-}" ]; then
  command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || manque="$manque chromium-headless-shell"
fi
if [ "$1" = essais ]; then
  find /usr/lib -path '*/faketime/libfaketime.so.1' 2>/dev/null | grep -q . || manque="$manque libfaketime"
  PATH="$PATH:/usr/sbin" command -v nginx >/dev/null || manque="$manque nginx"
  command -v systemd-analyze >/dev/null || manque="$manque systemd"
  PATH="$PATH:/usr/sbin" command -v dovecot >/dev/null && [ -e /usr/lib/dovecot/imap ] || manque="$manque dovecot-imapd"
  [ -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ] || manque="$manque libnginx-mod-http-brotli-static"
fi
if [ "$1" = exercice ]; then
  command -v pgbackrest >/dev/null || manque="$manque pgbackrest"
  command -v restic >/dev/null || manque="$manque restic"
fi
[ -z "$manque" ] && exit 0

# shellcheck disable=SC2086  # a list of packages
if peut_installer && installer_paquets $manque; then
  exit 0
fi

if command -v apt-get >/dev/null; then
  echo "Il manque des paquets du système. À installer : sudo apt-get update && sudo apt-get install -y --no-install-recommends$manque" >&2
else
  echo "Il manque l'équivalent, sur ce système, des paquets Debian :$manque (par exemple pango, harfbuzz, chromium)." >&2
fi
if [ "$1" != run ]; then
  echo "Ensuite, refaites la même commande make." >&2
  exit 1
fi
echo "Le site démarre quand même ; les documents PDF attendront." >&2
