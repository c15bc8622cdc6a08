#!/usr/bin/env bash
# Formatting, lints, the documentation as a book, and cargo test: no root, no network, nothing but the Rust toolchain.
# In a run that may install what is absent (MAY_INSTALL), mdbook comes from the system's packages where they have it.
# Quiet time: 560 s.
set -euo pipefail
here=$(dirname "$0")/..
# shellcheck source=tests/lib/common.sh
. "$here/lib/common.sh"
# shellcheck source=tests/lib/packages.sh
. "$here/lib/packages.sh"
cd "$root"

# The book is built where mdbook is to be had. Links are checked in any case, by the house test of cargo test.
book() {
    if ! command -v mdbook > /dev/null && [ -n "${MAY_INSTALL:-}" ] && [ -n "$(apt-cache show mdbook 2> /dev/null)" ]; then
        apt_install_once mdbook || say "package mdbook could not be installed"
    fi
    if command -v mdbook > /dev/null; then
        mdbook build docs || fail "docs/book.toml does not build"
    else
        note "docs/book.toml NOT BUILT: mdbook is neither on PATH nor a package here; links are checked by the house test"
    fi
}

heading "cargo fmt"
cargo fmt --check
heading "planted bugs apply"
tests/planted/run --check
heading "the documentation as a book"
book
heading "cargo clippy"
cargo clippy --all-targets --locked --quiet -- -D warnings
heading "cargo test"
cargo test --locked
