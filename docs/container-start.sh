#!/bin/sh
# Start of the container: on an empty volume write a configuration first.
set -eu
[ -e /data/veille.toml ] || veille init /data
exec veille --config /data/veille.toml "$@"
