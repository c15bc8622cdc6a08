#!/usr/bin/env bash
# Draws the pictures of the customer screen and of the maintenance menu, in English and Chinese, anew, from the same walks
# that test them.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
PICKUP_KIOSK_PICTURES="$root/docs" exec "$root/tests/run" browser
