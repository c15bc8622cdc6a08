#!/usr/bin/env bash
# Formatting, lints, and cargo test: no root, no network, nothing but the Rust toolchain.
# Quiet time: 560 s.
set -euo pipefail
# shellcheck source=tests/lib/common.sh
. "$(dirname "$0")/../lib/common.sh"
cd "$root"

heading "cargo fmt"
cargo fmt --check
heading "planted bugs apply"
tests/planted/run --check
heading "cargo clippy"
cargo clippy --all-targets --locked --quiet -- -D warnings
heading "cargo test"
cargo test --locked
