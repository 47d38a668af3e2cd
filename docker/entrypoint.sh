#!/bin/sh
# CI hosts start the image with arguments for onetest-ci (GitHub, docker run) or with a command of their own,
# such as sh (GitLab) or cat (Jenkins). The path is absolute, since a host may bring its own PATH.
case "${1-}" in
  '' | -* | report | collect | push | inspect | emulator) exec /opt/onetest-ci/bin/onetest-ci "$@" ;;
  *) exec "$@" ;;
esac
