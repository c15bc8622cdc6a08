#!/usr/bin/env bash
# The native release binary picks tickets up. Layers after this one find it built (release_binary in lib/pickup.sh).
# Quiet time: 120 s.
set -euo pipefail
# shellcheck source=tests/lib/common.sh
. "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/lib/pickup.sh
. "$(dirname "$0")/../lib/pickup.sh"

release_binary
"$binary" --version
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
picks_up native "$out" "$binary"
