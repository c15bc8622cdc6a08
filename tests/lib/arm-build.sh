# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # some names come from common.sh and arm.sh, some are for the stages
# The shipped builds for ARM and what is asked of each.

# Raspberry Pi OS 11 and Debian 11 have this glibc; nothing newer may be asked for.
readonly glibc_floor=2.31
# heaviest TARGET: most that its stripped binary may weigh, bytes.
heaviest() {
    case $1 in
        armv7-*) printf '8000000\n' ;;
        *) printf '9000000\n' ;;
    esac
}
readonly arm_targets=(aarch64-unknown-linux-gnu armv7-unknown-linux-gnueabihf arm-unknown-linux-gnueabihf)

# arm_binary TARGET: where its binary is built.
arm_binary() { printf '%s/target/arm/%s/dist/pickup-kiosk\n' "$root" "$1"; }

# Debian builds the standard library for arm64; for the 32-bit targets it is built here, from its source.
std_options() { [ "$1" = aarch64-unknown-linux-gnu ] || printf '%s\n' -Zbuild-std=std,panic_abort; }

# with_toolchain COMMAND...: in the environment that cross-builds. RUSTC_BOOTSTRAP lets a stable compiler build its own
# standard library, no more. A release that aborts on panic has no use for arm64's unwind tables, half a megabyte.
with_toolchain() {
    env CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS="-C force-unwind-tables=no" \
        RUSTC="$toolchain/rustc" RUSTC_BOOTSTRAP=1 CARGO_ZIGBUILD_ZIG_PATH="$toolchain/zig/ziglang/zig" \
        PATH="$toolchain/zig/bin:$PATH" CARGO_TARGET_DIR="$root/target/arm" "$@"
}

fetch_crates_once() {
    local options
    mapfile -t options < <(std_options "$1")
    with_toolchain cargo fetch --quiet --locked --target "$1" "${options[@]}"
}

# fetch_crates TARGET: what the build needs from the registry, patiently; the build itself is then offline.
fetch_crates() { patiently "crates for $1" fetch_crates_once "$1" || not_run "crates could not be downloaded"; }

# build_arm TARGET
build_arm() {
    local options
    mapfile -t options < <(std_options "$1")
    with_toolchain cargo-zigbuild zigbuild --profile dist --locked --offline --quiet --target "$1.$glibc_floor" "${options[@]}"
}

# check_arm TARGET: floor of glibc, size, and nothing left to strip.
check_arm() {
    local binary newest size
    binary=$(arm_binary "$1")
    newest=$(readelf --version-info --wide "$binary" | grep -oE 'GLIBC_[0-9.]+' | sed 's/GLIBC_//' | sort -Vu | tail -n 1)
    [ -n "$newest" ] || fail "$1: no glibc version in $binary"
    [ "$(printf '%s\n' "$newest" "$glibc_floor" | sort -V | tail -n 1)" = "$glibc_floor" ] ||
        fail "$1: asks for glibc $newest, newer than $glibc_floor"
    if readelf --sections --wide "$binary" | grep -qE '\.(symtab|debug_)'; then fail "$1: is not stripped"; fi
    size=$(stat -c %s "$binary")
    [ "$size" -lt "$(heaviest "$1")" ] || fail "$1: weighs $size bytes, $(heaviest "$1") is the limit"
    say "$1: $size bytes stripped, asks for glibc $newest, $(instruction_set "$1")"
    [ "$1" != arm-unknown-linux-gnueabihf ] || [ "$(instruction_set "$1")" = "ARM v6" ] ||
        fail "$1: holds instructions that the first Raspberry Pi and the Zero lack"
}

# instruction_set TARGET: the newest any part of its binary says to use.
instruction_set() {
    case $1 in
        aarch64-*) say "ARM v8" ;;
        *) readelf --arch-specific "$(arm_binary "$1")" | sed -n 's/^ *Tag_CPU_arch: */ARM /p' ;;
    esac
}

# arm_command TARGET: sets `arm_run` to the command that runs its binary under QEMU's user mode.
arm_command() {
    case $1 in
        aarch64-*) arm_run=("$toolchain/qemu-aarch64-static" -L "$toolchain/sysroot-arm64" "$(arm_binary "$1")") ;;
        *) arm_run=("$toolchain/qemu-arm-static" -L "$toolchain/sysroot-armhf" "$(arm_binary "$1")") ;;
    esac
}
