#!/bin/bash -p
# CI hosts start the image with arguments for onetest-ci (GitHub, docker run), with a command of their own, such as
# sh (GitLab) or cat (Jenkins), or with none, as a plugin (Woodpecker, Drone) or a pipe (Bitbucket) does.
# Paths are absolute, since a host may bring its own PATH; -p keeps the job's BASH_ENV out.
# Not /bin/sh: Debian's drops variables whose names hold hyphens, and GitHub's inputs are such (INPUT_PRODUCT-ID).
if [ $# -eq 0 ] && [ -n "${!PLUGIN_*}${BITBUCKET_BUILD_NUMBER-}" ]; then set -- report; fi
case "${1-}" in
  # wrappers: begin commands (written by make wrappers)
  '' | -* | report | run | collect | push | launch | inspect | cases | api | doctor | init | emulator | help | completion)
  # wrappers: end commands
    exec /opt/onetest-ci/bin/onetest-ci "$@"
    ;;
  *) exec "$@" ;;
esac
