#!/usr/bin/env bash
# Bugs planted on purpose, which the tests have to find; one by its name: tests/planted/run NAME
set -euo pipefail
# shellcheck source=tests/lib/common.sh
. "$(dirname "$0")/../lib/common.sh"
cd "$root"

tests/planted/run
