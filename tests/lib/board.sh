# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # some names come from common.sh, packages.sh and arm.sh, some are for the layers
# What the emulated boards are made of: sid's kernels with their modules, a shell for the guest, and the tools that
# pack a RAM disk. Nothing of it is installed but QEMU itself.

# Counts up when the recipe below changes.
readonly board_recipe=1
readonly board_cache="$cache/board-$board_recipe"
readonly board_kernels=(arm64 armhf)

# board_packages: sets `board` to a folder with kernel-ARCH, busybox-ARCH and tools, downloaded where it isn't there.
board_packages() {
    need_command qemu-system-aarch64 qemu-system-arm
    board=$board_cache
    [ -e "$board/complete" ] || download_board || not_run "the emulated board's kernel and tools could not be downloaded"
    say "board: $board, kernel $(kernel_version arm64)"
}

download_board() {
    local stable="$cache/apt" sid="$board/apt-sid" architecture
    command -v apt-get > /dev/null || { say "there is no apt-get"; return 1; }
    mkdir -p "$board"
    private_apt_ready "$stable" && sid_apt_ready "$sid" || return 1
    download_board_tools "$stable" || return 1
    for architecture in "${board_kernels[@]}"; do
        download_busybox "$stable" "$architecture" && download_kernel "$sid" "$architecture" || return 1
    done
    : > "$board/complete"
}

# sid's kernel is the first whose Debian build has gpio-sim.
sid_apt_ready() {
    local archive key=/usr/share/keyrings/debian-archive-keyring.gpg
    private_apt "$1" && archive=$(apt_servers archive) || return 1
    printf 'deb [signed-by=%s] %s sid main\n' "$key" "$archive" > "$1/sources.list"
    patiently "package lists of sid" private_apt_update_once "$1"
}

download_board_tools() {
    [ -x "$board/tools/sbin/modprobe" ] && return 0
    rm -rf "$board/tools"
    unpack "$1" "$board/tools" kmod libkmod2 cpio device-tree-compiler libfdt1 libyaml-0-2 || return 1
    # The package's own links are absolute.
    local kmod
    kmod=$(cd "$board/tools" && find . -name kmod -type f -perm -u+x | head -n 1)
    [ -n "$kmod" ] || { say "the package kmod holds no kmod"; return 1; }
    mkdir -p "$board/tools/sbin"
    ln -sf "../$kmod" "$board/tools/sbin/depmod"
    ln -sf "../$kmod" "$board/tools/sbin/modprobe"
}

download_busybox() {
    local file
    [ -x "$board/busybox-$2" ] && return 0
    unpack "$1" "$board/bb-$2" "busybox-static:$2" || return 1
    file=$(find "$board/bb-$2" -name busybox -type f -perm -u+x | head -n 1)
    [ -n "$file" ] && cp "$file" "$board/busybox-$2"
}

# What a package of linux-* depends on, without the architecture's suffix.
linux_depends() { APT_CONFIG="$1/apt.conf" apt-cache depends "$2:$3" | awk '/Depends: *linux-/{print $2}' | sed "s/:$3\$//"; }

# The meta package names the versioned image, and that one the packages that hold the files.
download_kernel() {
    local apt=$1 architecture=$2 meta image packages
    [ -e "$board/kernel-$architecture/complete" ] && return 0
    case $architecture in
        armhf) meta=linux-image-armmp ;;
        *) meta=linux-image-$architecture ;;
    esac
    image=$(linux_depends "$apt" "$meta" "$architecture" | grep -m1 '^linux-image-') || true
    [ -n "$image" ] || { say "sid has no $meta for $architecture"; return 1; }
    packages=$(linux_depends "$apt" "$image" "$architecture" | grep -E '^linux-(base|binary|modules)-' || true)
    rm -rf "$board/kernel-$architecture"
    # shellcheck disable=SC2046,SC2086 # words
    unpack "$apt" "$board/kernel-$architecture" $(printf "%s:$architecture\n" $image $packages | sort -u) || return 1
    [ -n "$(kernel_version "$architecture")" ] || { say "no modules in $image"; return 1; }
    : > "$board/kernel-$architecture/complete"
}

# kernel_modules ARCH: the folder of its modules, its image and its device trees.
kernel_modules() {
    find "$board/kernel-$1/usr/lib/modules" "$board/kernel-$1/lib/modules" -mindepth 1 -maxdepth 1 -type d 2> /dev/null | head -n 1
}

kernel_version() { basename "$(kernel_modules "$1")"; }
