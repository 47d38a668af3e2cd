#!/usr/bin/env bash
# engine.sh COMMAND...: runs a command with a Docker engine and the image's base in reach.
#
# An engine that answers is used as it is. Else, as root on Debian, one is started for the command alone and stopped
# after it; nothing of it is left but Debian's packages (the engine, rsync, Groovy, where they were missing). There the
# base is made from Debian's packages too, laid out as the Dockerfile needs it and trusting the certificate authorities
# of this machine; elsewhere it is pulled. ENGINE_ARCH=arm64 makes it, in an engine of its own, of the packages for
# that processor, which is emulated.
set -euo pipefail

base=python:3.13-slim
arch=${ENGINE_ARCH:-}
emulator=/proc/sys/fs/binfmt_misc/qemu-aarch64
here=''
registered=''

docker_answers() { command -v docker >/dev/null && docker version >/dev/null 2>&1; }

is_root_on_debian() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# install PROGRAM=PACKAGE...: Debian's packages of the programs that are missing, on the way there only once updated.
install() {
  local wanted=() one
  for one in "$@"; do command -v "${one%%=*}" >/dev/null || wanted+=("${one#*=}"); done
  [ ${#wanted[@]} -gt 0 ] || return 0
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${wanted[@]}" >/dev/null
}

start_engine() {
  here=$(mktemp -d)
  export DOCKER_HOST="unix://$here/docker.sock"
  setsid dockerd --data-root "$here/data" --exec-root "$here/exec" --pidfile "$here/pid" -H "$DOCKER_HOST" \
    >"$here/log" 2>&1 &
  for _ in $(seq 120); do
    docker_answers && return
    sleep 0.25
  done
  tail -n 5 "$here/log" >&2
  echo 'engine.sh: the engine does not come up' >&2
  return 1
}

# Programs for arm64 run through QEMU from here on, in containers too.
emulate() {
  install qemu-aarch64-static=qemu-user-static arch-test=arch-test
  if arch-test "$arch" >/dev/null; then return; fi
  [ -e "${emulator%/*}/register" ] || mount -t binfmt_misc binfmt_misc "${emulator%/*}"
  cat /usr/lib/binfmt.d/qemu-aarch64.conf >"${emulator%/*}/register"
  registered=yes
}

stop_engine() {
  [ -z "$registered" ] || echo -1 >"$emulator"
  [ -n "$here" ] || return 0
  local pid
  pid=$(cat "$here/pid" 2>/dev/null || true)
  if [ -n "$pid" ]; then
    kill "$pid" 2>/dev/null || true
    for _ in $(seq 120); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.25
    done
  fi
  umount "$here"/exec/netns/* 2>/dev/null || true
  rm -rf "$here" || true
}

make_base() {
  local hook='set -e
    mkdir -p "$1/usr/local/share/ca-certificates" "$1/usr/local/bin"
    cp /usr/local/share/ca-certificates/*.crt "$1/usr/local/share/ca-certificates/" 2>/dev/null || true
    chroot "$1" update-ca-certificates >/dev/null 2>&1
    printf "[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n" >"$1/etc/pip.conf"
    rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED
    for name in python python3; do ln -s /usr/bin/python3 "$1/usr/local/bin/$name"; done'
  mmdebstrap --quiet ${arch:+--arch "$arch"} --variant=minbase --mode=root \
    --include=ca-certificates,python3,python3-venv,python3-pip \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --customize-hook="$hook" trixie - |
    docker import -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
      -c 'ENV LANG=C.UTF-8' -c 'CMD ["python3"]' - "$base" >/dev/null
}

trap stop_engine EXIT
if is_root_on_debian; then
  install dockerd=docker.io iptables=iptables mmdebstrap=mmdebstrap rsync=rsync groovy=groovy
fi
if [ -n "$arch" ] || ! docker_answers; then
  if ! is_root_on_debian; then
    echo 'engine.sh: no Docker engine can be used, and none can be started here (root on Debian can)' >&2
    exit 1
  fi
  start_engine
fi
if [ -n "$arch" ]; then emulate; fi
if ! docker image inspect "$base" >/dev/null 2>&1; then
  if is_root_on_debian; then make_base; else docker pull --quiet "$base" >/dev/null; fi
fi
# Tests that need the engine fail from here on, where else they are skipped.
export ONETEST_ENGINE=required
"$@"
