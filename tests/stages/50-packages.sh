#!/usr/bin/env bash
# Debian packages for arm64 and armhf: built, listed, and what a machine needs of them is there.
# Quiet time: 750 s, the ARM binaries built first.
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
cd "$root"

readonly wanted='usr/bin/pickup-kiosk
usr/lib/systemd/system/pickup-kiosk.service
usr/lib/sysusers.d/pickup-kiosk.conf
usr/lib/udev/rules.d/60-pickup-kiosk.rules
usr/share/doc/pickup-kiosk/changelog.Debian.gz
usr/share/doc/pickup-kiosk/changelog.gz
usr/share/doc/pickup-kiosk/copyright
usr/share/doc/pickup-kiosk/examples/kiosk.toml
etc/pickup-kiosk'

# check_package FILE ARCHITECTURE TARGET WORK_FOLDER
check_package() {
    local file=$1 architecture=$2 target=$3 tree=$4/$2 path
    dpkg-deb --info "$file"
    dpkg-deb --contents "$file"
    [ "$(dpkg-deb --field "$file" Architecture)" = "$architecture" ] || fail "$file: another architecture"
    dpkg-deb --raw-extract "$file" "$tree"
    while read -r path; do
        [ -e "$tree/$path" ] || fail "$file: lacks $path"
    done <<< "$wanted"
    (cd "$tree" && md5sum --quiet --check DEBIAN/md5sums) || fail "$file: files differ from its own sums"
    if dpkg-deb --contents "$file" | awk '$2 != "root/root" || $1 !~ /^[d-]rw[x-]r-[x-]r-[x-]$/' | grep .; then
        fail "$file: owners and modes are not all root's own, readable by all, writable by root alone"
    fi
    cmp "$tree/usr/bin/pickup-kiosk" "$(arm_binary "$target")" || fail "$file: holds another binary"
    say "$file: $(stat -c %s "$file") bytes"
}

# check_unit: systemd's own reading of the unit, where there is systemd; a missing binary is no fault of the unit.
check_unit() {
    local complaints
    command -v systemd-analyze > /dev/null || { say "no systemd-analyze here: the unit is not read"; return 0; }
    complaints=$(systemd-analyze verify --man=no hw/systemd/pickup-kiosk.service 2>&1 |
        grep -F pickup-kiosk.service | grep -v 'is not executable' || true)
    [ -z "$complaints" ] || fail "unit: $complaints"
    say "systemd-analyze verify: nothing to complain of"
}

# build_package ARCHITECTURE TARGET FOLDER: sets `package`.
build_package() {
    fetch_crates "$2"
    build_arm "$2"
    hw/debian/build-package "$1" "$(arm_binary "$2")" "$3"
    package=$(find "$3" -name "*_$1.deb")
}

main() {
    local out=target/packages work
    command -v dpkg-deb > /dev/null || not_run "there is no dpkg-deb"
    arm_toolchain
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # the folder's name now
    trap "rm -rf '$work'" EXIT
    rm -rf "$out"
    check_unit
    heading "arm64"
    build_package arm64 aarch64-unknown-linux-gnu "$out"
    check_package "$package" arm64 aarch64-unknown-linux-gnu "$work"
    heading "armhf"
    build_package armhf armv7-unknown-linux-gnueabihf "$out"
    check_package "$package" armhf armv7-unknown-linux-gnueabihf "$work"
}

main
