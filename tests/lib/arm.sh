# shellcheck shell=bash
# shellcheck disable=SC2154 # root, cache, not_run_status: see common.sh, read before this file
# The ARM toolchain, without containers: Debian's rustc (the newest rustc-web, whose standard library Debian builds for
# arm64 too and ships as source), driven by this machine's cargo, and zig as the linker, which needs no
# compiler of the target and lets us choose the glibc floor. QEMU's user mode runs what was built.

readonly zig_packages=(ziglang==0.17.1 cargo-zigbuild==0.24.0)
# Counts up when the recipe below changes, so that caches made by an older one are left alone.
readonly recipe=2
readonly toolchains="$cache/arm-toolchain-$recipe"

# arm_toolchain: sets `toolchain` to a complete one: the newest in the cache, or else a downloaded one.
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
    [ "$(uname -m)" = x86_64 ] || { say "the recipe is for x86-64 machines"; return 1; }
    command -v apt-get > /dev/null || { say "there is no apt-get"; return 1; }
    python3 -m pip --version > /dev/null 2>&1 || need_command pip3 python3-pip
    private_apt_ready "$apt" || return 1
    version=$(newest_version "$apt" libstd-rust-web-dev:arm64)
    [ -n "$version" ] || { say "the package lists have no libstd-rust-web-dev for arm64"; return 1; }
    toolchain="$toolchains/$version"
    rm -rf "$toolchain"
    mkdir -p "$toolchain"
    download_rust "$apt" "$version" && download_sysroots "$apt" && download_emulators "$apt" && download_zig || return 1
    : > "$toolchain/complete"
}

# One version throughout: a compiler refuses a standard library that another one built.
download_rust() {
    local apt=$1 version=$2 api llvm
    api=$(printf '%s' "$version" | cut -d. -f1,2)
    llvm=$(APT_CONFIG="$apt/apt.conf" apt-cache show "rustc-web=$version" "libstd-rust-web-$api=$version" |
        grep -oE 'libllvm[0-9]+' | sort -Vu | tail -n 1)
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
        unpack "$1" "$toolchain/sysroot-$architecture" "libc6:$architecture" "libgcc-s1:$architecture" || return 1
    done
}

# The package holds some thirty emulators; two are kept.
download_emulators() {
    unpack "$1" "$toolchain/qemu" qemu-user-static &&
        mv "$toolchain"/qemu/usr/bin/qemu-{aarch64,arm}-static "$toolchain/" && rm -rf "$toolchain/qemu"
}

download_zig() {
    PIP_ROOT_USER_ACTION=ignore patiently "zig" python3 -m pip install --quiet --target "$toolchain/zig" "${zig_packages[@]}"
}
