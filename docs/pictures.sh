#!/usr/bin/env bash
# Draws the README's pictures of the customer screen anew, from the same walk that tests it.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
PICKUP_KIOSK_PICTURES="$root/docs" exec "$root/tests/run" browser
