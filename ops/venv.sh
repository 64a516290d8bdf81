#!/bin/sh
# Makes .venv what the given requirements files say: `sh ops/venv.sh run` or `sh ops/venv.sh dev`.
# Done again when Python, a file or the folder changed; a few milliseconds when nothing did.
set -eu
UV=0.13.9

case "$1" in
  run) fichiers="requirements.txt requirements-serveurs.txt" ;;
  dev) fichiers="requirements-dev.txt" ;;
  *) echo "usage : sh ops/venv.sh run|dev" >&2; exit 2 ;;
esac

# Two makes at once (or make -j) must not install over each other.
if [ -z "${VENV_VERROU:-}" ] && command -v flock >/dev/null; then
  mkdir -p .data
  VENV_VERROU=1 exec flock .data/venv.lock sh "$0" "$@"
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
  echo "Il faut Python 3.11 ou plus récent : installez-le (sous Debian : apt-get install python3 python3-venv)." >&2
  exit 1
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
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
      apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$paquet" >/dev/null
    else
      echo "Le module venv de Python manque : sudo apt-get install $paquet" >&2
      exit 1
    fi
  fi
  echo "Création de l'environnement Python…"
  rm -rf .venv
  "$python" -m venv .venv
  .venv/bin/python -m pip install -q --disable-pip-version-check "uv==$UV"
  echo "$(pwd) $(signature .venv/bin/python)" > .venv/.python
fi

voulu=$(cat $fichiers | cksum)
if [ "$(cat ".venv/.pose-$1" 2>/dev/null)" != "$voulu" ]; then
  echo "Installation des paquets Python…"
  options=""
  for fichier in $fichiers; do options="$options -r $fichier"; done
  # shellcheck disable=SC2086  # a list of options
  VIRTUAL_ENV="$(pwd)/.venv" .venv/bin/uv pip install -q --require-hashes $options
  echo "$voulu" > ".venv/.pose-$1"
fi
