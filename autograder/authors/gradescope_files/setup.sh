#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image. Everything goes to /opt/@slug@, which other users can read:
# the students' code runs as one. The system's own python3 is left as it is: the platform needs it.
set -euo pipefail

root=/autograder
opt=/opt/@slug@
torch=2.13.0 # each index has builds and hashes of its own: pinned by version alone
export DEBIAN_FRONTEND=noninteractive UV_PYTHON_INSTALL_DIR=$opt/python UV_CACHE_DIR=$opt/cache UV_HTTP_TIMEOUT=120
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
umask 022

say() { printf '\n== %s\n' "$*"; }

# retry WHAT COMMAND…: four tries, waiting longer each time, then a word on what is missing.
retry() {
  local what=$1 pause=${RETRY_SECONDS:-5} try
  shift
  for try in 1 2 3 4; do
    "$@" && return
    ((try == 4)) || { echo "-- $what: try $try failed, waiting $pause s" >&2 && sleep "$pause" && pause=$((pause * 3)); }
  done
  echo "ERROR: $what could not be downloaded in four tries. The image is not usable; build it again when the network is back." >&2
  return 1
}

# The newest suitable Python among the system's, or nothing.
newer_python() {
  local name
  for name in python3.13 python3.12 python3.11 python3; do
    if command -v "$name" >/dev/null &&
      "$name" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info < (3, 14) and sys.version_info.releaselevel == "final"))'; then
      command -v "$name"
      return
    fi
  done
}

# The list of the system's packages is fetched when something is missing, not before: most images need nothing of it.
listed=
apt_install() {
  [[ -n $listed ]] || retry "The list of the system's packages" apt-get -qq update
  listed=yes
  retry "$*" apt-get -qq -o Dpkg::Use-Pty=0 install -y --download-only --no-install-recommends --no-upgrade "$@" >/dev/null || return 1
  apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-download --no-install-recommends --no-upgrade "$@" >/dev/null || {
    echo "ERROR: $* was downloaded, but the system's dpkg could not install it; what it says stands above. Waiting does not mend that:" \
      "choose another base image, or look for what else this image installs." >&2
    return 1
  }
}

install_uv() {
  python3 -m pip --version >/dev/null 2>&1 || apt_install ca-certificates python3-pip
  retry "uv" python3 -m pip install --quiet --no-cache-dir --require-hashes --target "$opt/uv" --requirement "$root/source/requirements-uv.txt"
}

# A newer Python beside the system's, from the first of these that has one: the system's own packages (a finished version); a build that
# uv fetches from its makers' releases; on Ubuntu, the deadsnakes archive. Each is another host. Should all fail, the system's own 3.10
# remains, which the grader cannot use as it is: it reads TOML by tomllib and speaks of warnings and types as 3.11 does.
bring_python() {
  local version
  [[ -n $listed ]] || { retry "The list of the system's packages" apt-get -qq update && listed=yes; }
  for version in 3.13 3.12 3.11; do
    case $(apt-cache policy "python$version" | sed -n 's/^ *Candidate: //p') in
      '' | '(none)' | *~rc* | *~a* | *~b*) ;;
      *) apt_install "python$version" && return ;;
    esac
  done
  retry "Python 3.12" "$opt/uv/bin/uv" python install --no-bin 3.12 && return
  echo "-- trying the deadsnakes archive" >&2
  apt_install software-properties-common && retry "The deadsnakes archive" add-apt-repository -y ppa:deadsnakes/ppa >/dev/null &&
    apt_install python3.12 && return
  echo "ERROR: no Python from 3.11 to 3.13 could be had from the system's packages, uv or deadsnakes. Choose a base image that has one" \
    "(Gradescope offers newer Ubuntus), or build this one again later." >&2
  return 1
}

# One try with whatever index this machine is set up for, then PyTorch's own, which uv knows.
install_torch() {
  "${uv[@]}" "torch==$torch+cpu" 2>/dev/null || retry "torch" "${uv[@]}" --torch-backend cpu "torch==$torch"
}

say "uv, to install the rest"
rm -rf "$opt" && mkdir -p "$opt"
install_uv

say "Python 3.11 or newer"
python=$(newer_python)
if [[ -z $python ]]; then
  bring_python
  python=$(newer_python)
  python=${python:-$("$opt/uv/bin/uv" python find --managed-python 3.12)}
fi
"$python" --version
"$opt/uv/bin/uv" venv --quiet --python "$python" "$opt/venv"

say "PyTorch for the CPU, and what the grader needs"
uv=("$opt/uv/bin/uv" pip install --quiet --compile-bytecode --no-cache --python "$opt/venv/bin/python")
install_torch
retry "The grader's requirements" "${uv[@]}" --require-hashes --requirement "$root/source/requirements-grader.txt"
rm -rf "$opt/cache"
chmod -R a+rX "$opt"

say "The grader itself"
"$opt/venv/bin/python" -m compileall -q "$root/source/files/autograder"
chown -R root:root "$root/source"
chmod -R go= "$root/source"

say "Grading the untouched notebook, as a test"
cd "$root/source/files"
"$opt/venv/bin/python" -I -B -c 'import sys; sys.path.insert(0, "."); from autograder.run.gradescope import smoke; sys.exit(smoke())'
say "Done."
