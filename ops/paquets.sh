# Packages of Debian, for ops/apt.sh and ops/venv.sh, which read this file.

# Run apt-get, silent. A fresh machine holds its locks for a minute: wait for them, and say so.
# DPkg::Lock::Timeout would not do: `apt-get update` does not obey it for the lock of its lists.
apt_patient() {
  attente=${ATTENTE_VERROU:-300} # seconds
  fin=$(($(date +%s) + attente))
  dit=""
  until erreurs=$(LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=5 "$@" 2>&1 >/dev/null); do
    case "$erreurs" in
      *"Could not get lock"* | *"Unable to acquire the dpkg"* | *"Unable to lock"*) ;;
      *)
        printf '%s\n' "$erreurs" >&2
        return 1
        ;;
    esac
    if [ "$(date +%s)" -ge "$fin" ]; then
      printf '%s\n' "$erreurs" >&2
      echo "Un autre programme installe encore des paquets après $attente s. Quand il a fini (pour le voir : ps aux | grep -E 'apt|dpkg'), refaites la même commande make." >&2
      return 1
    fi
    [ -n "$dit" ] || echo "Un autre programme installe des paquets (souvent la machine, à son démarrage) : attente qu'il finisse, $attente s au plus…"
    dit=oui
    sleep "${PAUSE_VERROU:-2}"
  done
}

# Install the given packages, and once more after a mirror that answered badly.
installer_paquets() {
  echo "Installation de $*…"
  apt_patient update -qq && apt_patient install -y -qq --no-install-recommends "$@" && return 0
  echo "L'installation de $* a échoué : nouvel essai…" >&2
  apt_patient update -qq && apt_patient install -y -qq --no-install-recommends "$@"
}

# As root, on Debian: the only ones who may install.
peut_installer() {
  [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null
}
