#!/bin/sh
# Puts the database and the files back from their copies, on this machine (docs/exploitation.md, « Après l’incendie »). As root:
#   sh deploy/restaurer.sh                            up to the last thing copied
#   sh deploy/restaurer.sh '2026-11-30 10:42:00+01'   the database as it was then; of the files, the last copy
# It starts nothing of the site: once it is done, look, then start.
set -eu
donnees=${DOSSIER_DONNEES:-/var/lib/participation}

dire() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$1"; }
demander() { runuser -u postgres -- psql -d postgres -Atqc "$1" 2>/dev/null; }

for unite in web.socket web worker codes beat; do
  if systemctl is-active --quiet "participation-$unite"; then
    echo "Le site tourne encore : systemctl stop participation-web.socket participation-web participation-worker participation-codes participation-beat" >&2
    exit 1
  fi
done

jusque=""
[ $# -eq 0 ] || jusque=$1
dire "La base : copie entière, puis journaux…"
systemctl stop postgresql
runuser -u postgres -- pgbackrest --stanza=participation --delta \
  ${jusque:+--type=time --target="$jusque" --target-action=promote} restore
systemctl start postgresql
until [ "$(demander 'SELECT pg_is_in_recovery()')" = f ]; do
  # A server that gave up says why in its own log.
  systemctl is-active --quiet postgresql || { echo "PostgreSQL ne démarre pas : lisez son journal." >&2; exit 1; }
  sleep 0.5
done
dire "La base : tout ce qui a été confirmé avant $(demander "SELECT to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'Europe/Paris', 'le DD/MM/YYYY à HH24:MI:SS')")."

dire "Les fichiers : dernière copie…"
set -a
. "${SAUVEGARDE_ENV:-/etc/participation-sauvegarde.env}"
set +a
# A lock left by the machine that burnt must not hold this one.
runuser -u participation -- restic --no-lock --no-cache --quiet restore latest --host participation --target "$donnees" > /dev/null

dire "Les tables, les lettres qui attendaient, les fichiers qui manquent…"
participation-manage migrate --verbosity 0
participation-manage adopter_dossier
participation-manage apres_restauration
participation-manage fichiers_absents
dire "Restauré. Regardez ce qui est dit ci-dessus, puis démarrez le site."
