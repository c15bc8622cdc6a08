# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # some names come from common.sh, packages.sh and arm.sh, some are for the stages
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
    kmod=$(cd "$board/tools" && find ./bin ./usr/bin -name kmod -type f 2> /dev/null | head -n 1) || true
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
    local folder
    for folder in "$board/kernel-$1"/usr/lib/modules/*/ "$board/kernel-$1"/lib/modules/*/; do
        [ -d "$folder" ] && printf '%s\n' "${folder%/}" && return 0
    done
}

kernel_version() { basename "$(kernel_modules "$1")"; }

# In the environment that runs the unpacked tools.
with_tools() {
    LD_LIBRARY_PATH="$board/tools/lib/x86_64-linux-gnu:$board/tools/usr/lib/x86_64-linux-gnu" "$@"
}

# module_files ARCH MODULE...: the files to load, in order, each once.
module_files() {
    local kernel modules version module
    modules=$(kernel_modules "$1")
    version=$(basename "$modules")
    kernel=${modules%/lib/modules/*}
    shift
    [ -e "$modules/modules.dep" ] || with_tools "$board/tools/sbin/depmod" -b "$kernel" "$version" 2> /dev/null || true
    for module; do
        with_tools "$board/tools/sbin/modprobe" -S "$version" -d "$kernel" --show-depends "$module" |
            awk '$1 == "insmod" {print $2}'
    done | awk '!seen[$0]++'
}

# ramdisk ARCH BINARY_FOLDER OUT MODULE...: the kiosk, the guest program, busybox, the C library, and the scenarios.
ramdisk() {
    local architecture=$1 binaries=$2 out=$3 tree file name
    shift 3
    tree=$(mktemp -d)
    mkdir -p "$tree"/{bin,proc,sys,dev,tmp,state,lib/modules,etc/kiosk,board}
    cp "$board/busybox-$architecture" "$tree/bin/busybox"
    for name in $("$(emulator "$architecture")" "$board/busybox-$architecture" --list); do
        [ "$name" = busybox ] || ln -s busybox "$tree/bin/$name"
    done
    cp "$binaries/pickup-kiosk" "$tree/bin/"
    cp "$binaries/board-guest" "$tree/bin/guest"
    for name in libc.so.6 libm.so.6 libpthread.so.0 libdl.so.2 librt.so.1 libgcc_s.so.1 ld-linux-aarch64.so.1 ld-linux-armhf.so.3; do
        file=$(find "$toolchain/sysroot-$architecture" -name "$name" | head -n 1)
        [ -z "$file" ] || cp -L "$file" "$tree/lib/"
    done
    : > "$tree/etc/modules"
    for file in $(module_files "$architecture" "$@"); do
        name=$(basename "${file%.xz}")
        case $file in
            *.xz) xz -dc "$file" > "$tree/lib/modules/$name" ;;
            *) cp "$file" "$tree/lib/modules/$name" ;;
        esac
        echo "$name" >> "$tree/etc/modules"
    done
    cp "$root/tests/board/etc/"* "$tree/etc/kiosk/"
    printf simulated > "$tree/etc/kiosk/sarft-password"
    printf simulated-token > "$tree/etc/kiosk/connect-token"
    cp "$root"/tests/board/*.sh "$tree/board/"
    cp "$root/tests/board/init.sh" "$tree/init"
    chmod 755 "$tree/init"
    (cd "$tree" && find . | with_tools "$board/tools/bin/cpio" -o -H newc --quiet | gzip -1) > "$out"
    rm -rf "$tree"
}

emulator() {
    case $1 in
        arm64) printf '%s/qemu-aarch64-static\n' "$toolchain" ;;
        *) printf '%s/qemu-arm-static\n' "$toolchain" ;;
    esac
}

# build_guest TARGET: the program that plays the devices, beside the kiosk of that target: by the same profile, as its
# folder is the profile's.
build_guest() {
    local options
    mapfile -t options < <(std_options "$1")
    (cd "$root/tests/board/guest" && with_toolchain cargo-zigbuild zigbuild --profile dist --locked --quiet --target "$1.$glibc_floor" "${options[@]}")
}

# check_log FILE SCENARIOS: what the board said: every scenario ok, that many, and it came to its end.
check_log() {
    local failed good
    tr -d '\r' < "$1" > "$1.plain"
    good=$(grep -c '^SCENARIO .*: ok' "$1.plain" || true)
    failed=$(grep '^SCENARIO .*: FAILED' "$1.plain" || true)
    [ -z "$failed" ] || fail "$failed"
    grep -q '^BOARD DONE' "$1.plain" || fail "the board did not come to its end: $(tail -n 3 "$1.plain")"
    [ "$good" = "$2" ] || fail "$good scenarios were ok, not $2"
    say "$good scenarios ok"
}

# show_printed FILE: the bytes that the board's log carries, as the text on the paper.
show_printed() {
    tr -d '\r' < "$1" | sed -n '/^BYTES BEGIN/,/^BYTES END/p' | sed '1d;$d' | base64 -d 2> /dev/null | python3 "$root/tests/board/papers.py"
}
