#!/bin/bash
# CI hosts start the image with arguments for onetest-ci (GitHub, docker run) or with a command of their own,
# such as sh (GitLab) or cat (Jenkins). The path is absolute, since a host may bring its own PATH.
# Not /bin/sh: Debian's drops variables whose names hold hyphens, and GitHub's inputs are such (INPUT_PRODUCT-ID).
case "${1-}" in
  '' | -* | report | collect | push | launch | inspect | emulator) exec /opt/onetest-ci/bin/onetest-ci "$@" ;;
  *) exec "$@" ;;
esac
