#!/usr/bin/env bash
# The unmodified kiosk on emulated boards, against the kernel's own drivers: QEMU's virt for arm64 and 32 bits, and a
# Raspberry Pi 3.
# Quiet time: 1200 s, the ARM binaries built first.
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
# shellcheck source=tests/lib/board.sh
. "$here/lib/board.sh"
cd "$root"

readonly virt_modules=(configfs gpio-sim uinput evdev dummy_hcd libcomposite usb_f_printer usblp)

# build TARGET: kiosk and guest program.
build() {
    fetch_crates "$1"
    build_arm "$1"
    patiently "the guest program for $1" build_guest "$1" || not_run "the guest program's crates could not be downloaded"
}

# virt NAME ARCH TARGET SCENARIOS QEMU...: boots it and prints what it says, which is in $work/NAME.log, too.
virt() {
    local name=$1 architecture=$2 target=$3 scenarios=$4 modules
    shift 4
    ramdisk "$architecture" "$(dirname "$(arm_binary "$target")")" "$work/$name.img" "${virt_modules[@]}"
    modules=$(kernel_modules "$architecture")
    # Time by instructions: how busy this machine is makes no difference to what the guest sees.
    timeout --kill-after=10 "${limit:-900}" "$@" -M virt -smp 1 -icount shift=2 -m 512 -kernel "$modules/vmlinuz" -initrd "$work/$name.img" \
        -append "console=ttyAMA0 quiet panic=-1 oops=panic now=$(date +%s) scenarios=$scenarios" -nographic -no-reboot -nic none < /dev/null \
        2>&1 | tee "$work/$name.log" | sed -u '/^BYTES BEGIN/,/^BYTES END/d'
}

virt_arm64() {
    heading "virt, arm64"
    virt arm64 arm64 aarch64-unknown-linux-gnu devices,discover,start,pickups,faults,paper,idle,bounce,delays,power,pad,closed,end qemu-system-aarch64 -cpu cortex-a53
    check_log "$work/arm64.log" 19
    say "what came out of /dev/g_printer0:"
    show_printed "$work/arm64.log"
}

# The kernel's emulated USB host (dummy_hcd) sometimes breaks its own lists when a gadget goes in the middle of a
# transfer: then the board is booted again, a few times. Only that is taken for the kernel's fault.
virt_unplugged() {
    # Its kernel may break so that nothing moves any more; whole, it is done within a quarter of this. Read by virt.
    local try limit=240
    heading "virt, arm64: the printer unplugged in mid-ticket"
    for try in 1 2 3; do
        virt unplug arm64 aarch64-unknown-linux-gnu devices,discover,start,unplug,end qemu-system-aarch64 -cpu cortex-a53 || say "the board ended badly"
        if ! grep -q 'kernel BUG at' "$work/unplug.log"; then
            check_log "$work/unplug.log" 5
            return 0
        fi
        say "the kernel's own USB driver broke (boot $try)"
    done
    say "NOT RUN: the printer unplugged in mid-ticket: the kernel's USB driver broke in each of three boots"
    note "unplugging in mid-ticket was not run: the kernel's own USB driver broke in three boots"
}

virt_armv7() {
    heading "virt, armv7"
    virt armhf armhf armv7-unknown-linux-gnueabihf devices,discover,start,pickups,menu,end qemu-system-arm -cpu cortex-a15
    check_log "$work/armhf.log" 10
    say "what came out of /dev/g_printer0:"
    show_printed "$work/armhf.log"
}

# The Pi's console is its PL011; its mini UART is a socket on which this machine plays the scanner: when the board asks
# for it, it gets the code. QEMU's Pi cannot switch itself off.
raspberry_pi() {
    local dtb=$work/rpi3.dtb modules pid waited=0
    heading "raspi3b"
    need_command socat socat
    modules=$(kernel_modules arm64)
    cp "$modules/dtb/broadcom/bcm2837-rpi-3-b.dtb" "$dtb"
    with_tools "$board/tools/usr/bin/fdtput" -r "$dtb" /soc/serial@7e201000/bluetooth
    ramdisk arm64 "$(dirname "$(arm_binary aarch64-unknown-linux-gnu)")" "$work/rpi.img"
    qemu-system-aarch64 -M raspi3b -accel tcg,thread=single -kernel "$modules/vmlinuz" -dtb "$dtb" -initrd "$work/rpi.img" \
        -append "console=ttyAMA0,115200 iomem=relaxed quiet panic=-1 now=$(date +%s) scenarios=raspberry,end" -display none -monitor none \
        -serial "file:$work/rpi.log" -serial "unix:$work/uart.sock,server=on,wait=off" -no-reboot < /dev/null &
    pid=$!
    while kill -0 "$pid" 2> /dev/null && [ "$waited" -lt 300 ]; do
        if grep -q '^HOST SCANS' "$work/rpi.log" && [ ! -e "$work/scanned" ]; then
            : > "$work/scanned"
            printf '111972|WQNX8JL\r' | socat -t 1 - "UNIX-CONNECT:$work/uart.sock"
        fi
        grep -q '^BOARD DONE' "$work/rpi.log" && break
        sleep 1
        waited=$((waited + 1))
    done
    kill "$pid" 2> /dev/null || true
    wait "$pid" || true
    sed '/^BYTES BEGIN/,/^BYTES END/d' "$work/rpi.log"
    check_log "$work/rpi.log" 3
}

# A boot keeps one processor busy: the longest goes beside the others, and is printed when they are through. Whatever
# becomes of one, all are run.
boots() {
    local longest boot failed=0
    virt_arm64 > "$work/arm64.said" 2>&1 &
    longest=$!
    for boot in virt_unplugged raspberry_pi virt_armv7; do
        "$boot" &
        wait "$!" || failed=1
    done
    wait "$longest" || failed=1
    cat "$work/arm64.said"
    return "$failed"
}

main() {
    arm_toolchain
    board_packages
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder's name now
    trap "rm -rf '$work'" EXIT
    build aarch64-unknown-linux-gnu
    build armv7-unknown-linux-gnueabihf
    boots
}

main
