#!/bin/sh
# A first start writes the shipped configuration into the volume; it is edited there.
set -eu
umask 077
[ -e "$MARSAD_CONFIG" ] || marsad init "$MARSAD_CONFIG"
exec marsad "$@"
