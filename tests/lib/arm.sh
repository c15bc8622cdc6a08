# shellcheck shell=bash
# shellcheck disable=SC2154 # root, cache, not_run_status: see common.sh, read before this file
# The ARM toolchain, without containers: Debian's rustc (the newest rustc-web, whose standard library Debian builds for
# arm64 too and ships as source), driven by this machine's cargo, and zig as the linker, which needs no
# compiler of the target and lets us choose the glibc floor.

# Raspberry Pi OS 11 and Debian 11 have this one.
export GLIBC_FLOOR=2.31
readonly zig_packages=(ziglang==0.17.1 cargo-zigbuild==0.24.0)
# Counts up when the recipe below changes, so that caches made by an older one are left alone.
readonly recipe=1
readonly toolchains="$cache/arm-toolchain-$recipe"

# arm_toolchain: sets `toolchain` to a complete one, the cached one if there is one; downloads it otherwise.
arm_toolchain() {
    mkdir -p "$toolchains"
    toolchain=$(find "$toolchains" -mindepth 2 -maxdepth 2 -name complete | sort -V | tail -n 1)
    toolchain=${toolchain%/complete}
    if [ -z "$toolchain" ]; then
        download_toolchain || not_run "the ARM toolchain could not be downloaded"
    fi
    say "toolchain: $toolchain"
}

download_toolchain() {
    local apt="$cache/apt" version
    command -v apt-get > /dev/null || return 1
    private_apt_ready "$apt" || return 1
    version=$(newest_version "$apt" libstd-rust-web-dev:arm64)
    [ -n "$version" ] || { say "the package lists have no libstd-rust-web-dev for arm64"; return 1; }
    toolchain="$toolchains/$version"
    mkdir -p "$toolchain"
    download_rust "$apt" "$version" && download_sysroots "$apt" && download_zig || return 1
    : > "$toolchain/complete"
}

# One version throughout: a compiler refuses a standard library that another one built.
download_rust() {
    local apt=$1 version=$2 api llvm
    api=$(printf '%s' "$version" | cut -d. -f1,2)
    llvm=$(APT_CONFIG="$apt/apt.conf" apt-cache show "rustc-web=$version" "libstd-rust-web-$api=$version" |
        grep -oE 'libllvm[0-9]+' | sort -Vu | tail -n 1)
    rm -rf "$toolchain/rust"
    unpack "$apt" "$toolchain/rust" "rustc-web=$version" "rust-web-src=$version" "libstd-rust-web-$api=$version" \
        "libstd-rust-web-dev=$version" "libstd-rust-web-dev:arm64=$version" ${llvm:+"$llvm"} || return 1
    cat > "$toolchain/rustc" <<END
#!/bin/sh
export LD_LIBRARY_PATH="$toolchain/rust/usr/lib/x86_64-linux-gnu"
exec "$toolchain/rust/usr/bin/rustc" "\$@"
END
    chmod +x "$toolchain/rustc"
    "$toolchain/rustc" --version
}

# What the emulated programs load: the C library of each architecture.
download_sysroots() {
    local architecture
    for architecture in arm64 armhf; do
        rm -rf "$toolchain/sysroot-$architecture"
        unpack "$1" "$toolchain/sysroot-$architecture" "libc6:$architecture" "libgcc-s1:$architecture" || return 1
    done
}

download_zig() {
    patiently "zig" python3 -m pip install --quiet --target "$toolchain/zig" "${zig_packages[@]}"
}
