#!/bin/sh
# Makes .venv what the given requirements files say: `sh ops/venv.sh run` or `sh ops/venv.sh dev`.
# Done again when Python, a file or the folder changed; a few milliseconds when nothing did.
set -eu
. ops/paquets.sh
UV=0.13.9
# An index may be slow, or answer once badly.
export PIP_RETRIES="${PIP_RETRIES:-8}" PIP_TIMEOUT="${PIP_TIMEOUT:-60}"
export UV_HTTP_RETRIES="${UV_HTTP_RETRIES:-8}" UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-60}"

SANS_INDEX="Les paquets Python n'ont pas pu être installés (la raison est ci-dessus). Vérifiez l'accès à Internet, ou donnez votre index (export PIP_INDEX_URL=… UV_DEFAULT_INDEX=…), puis refaites la même commande make."

abandonner() {
  echo "$1" >&2
  exit 1
}

case "$1" in
  run) fichiers="requirements.txt requirements-serveurs.txt" ;;
  dev) fichiers="requirements-dev.txt" ;;
  *) echo "usage : sh ops/venv.sh run|dev" >&2; exit 2 ;;
esac

# Two makes at once (or make -j) must not install over each other.
mkdir -p .data
if command -v flock >/dev/null; then
  exec 9>.data/venv.lock
  if ! flock -n 9; then
    echo "Une autre commande make prépare l'environnement Python : attente qu'elle finisse…"
    flock 9
  fi
fi

python=""
for candidat in ${PY:-} python3.13 python3.12 python3.11 python3 python3.14; do
  # Some commands of this name are only a redirection to a version that is not there.
  if "$candidat" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidat
    break
  fi
done
if [ -z "$python" ]; then
  abandonner "Il faut Python 3.11 ou plus récent. Sous Debian : sudo apt-get install python3 python3-venv ; s'il est ailleurs : make run PY=/chemin/de/python3"
fi

# A venv made by a Python that has gone, or in a folder that has moved, cannot be mended.
signature() { "$1" -c 'import sys; print(sys.version, sys.base_prefix)' 2>/dev/null; }
if [ -d .venv ]; then
  if [ "$(cat .venv/.python 2>/dev/null)" != "$(pwd) $(signature .venv/bin/python)" ]; then
    rm -rf .venv
  fi
fi

if [ ! -x .venv/bin/uv ]; then
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    paquet=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    peut_installer && installer_paquets "$paquet" ||
      abandonner "Le module venv de Python manque. À installer : sudo apt-get update && sudo apt-get install $paquet ; puis refaites la même commande make."
  fi
  echo "Création de l'environnement Python…"
  rm -rf .venv
  "$python" -m venv .venv ||
    abandonner "L'environnement Python n'a pas pu être créé dans $(pwd)/.venv. Vérifiez la place (df -h .) et que vous pouvez écrire là, puis refaites la même commande make."
  .venv/bin/python -m pip install -q --disable-pip-version-check "uv==$UV" || abandonner "$SANS_INDEX"
  echo "$(pwd) $(signature .venv/bin/python)" > .venv/.python
fi

voulu=$(cat $fichiers | cksum)
if [ "$(cat ".venv/.pose-$1" 2>/dev/null)" != "$voulu" ]; then
  echo "Installation des paquets Python…"
  options=""
  for fichier in $fichiers; do options="$options -r $fichier"; done
  # shellcheck disable=SC2086  # a list of options
  VIRTUAL_ENV="$(pwd)/.venv" .venv/bin/uv pip install -q --require-hashes $options || abandonner "$SANS_INDEX"
  echo "$voulu" > ".venv/.pose-$1"
fi
