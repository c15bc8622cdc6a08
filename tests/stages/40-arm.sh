#!/usr/bin/env bash
# The same binary for ARM: built, weighed, run under emulation, its tickets compared with the native ones.
# Quiet time: 740 s.
set -euo pipefail
here=$(dirname "$0")/..
# shellcheck source=tests/lib/common.sh
. "$here/lib/common.sh"
# shellcheck source=tests/lib/packages.sh
. "$here/lib/packages.sh"
# shellcheck source=tests/lib/arm.sh
. "$here/lib/arm.sh"
# shellcheck source=tests/lib/arm-build.sh
. "$here/lib/arm-build.sh"
# shellcheck source=tests/lib/pickup.sh
. "$here/lib/pickup.sh"
cd "$root"

# Twice at most: a ticket may carry the minute it was printed in, and a minute may end between the two.
prints_the_same() {
    local target=$1 out=$2 try
    arm_command "$target"
    "${arm_run[@]}" --version
    for try in 1 2; do
        picks_up native "$out/native" "$binary"
        picks_up "$target" "$out/$target" "${arm_run[@]}"
        if same_tickets "$out/native" "$out/$target"; then
            say "$target: prints what the native binary prints, pixel for pixel"
            return 0
        fi
        say "$target: the pictures differ (try $try)"
    done
    fail "$target: prints other tickets than the native binary"
}

main() {
    local target began out
    need_command readelf binutils
    arm_toolchain
    for target in "${arm_targets[@]}"; do
        heading "$target"
        fetch_crates "$target"
        began=$SECONDS
        build_arm "$target"
        say "$target: built in $((SECONDS - began)) s"
        check_arm "$target"
    done
    heading "under emulation"
    release_binary
    out=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder's name now
    trap "rm -rf '$out'" EXIT
    for target in "${arm_targets[@]}"; do
        prints_the_same "$target" "$out"
    done
}

main
