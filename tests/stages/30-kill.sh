#!/usr/bin/env bash
# The release binary, killed at random moments of its pickups; a thousand rounds by hand: KILL_ROUNDS=1000 tests/run kill
# Quiet time: 850 s for a thousand rounds.
set -euo pipefail
# shellcheck source=tests/lib/common.sh
. "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/lib/pickup.sh
. "$(dirname "$0")/../lib/pickup.sh"
cd "$root"

release_binary
PICKUP_KIOSK_BINARY=$binary KILL_ROUNDS=${KILL_ROUNDS:-30} cargo test --locked --quiet --test kill -- --nocapture
