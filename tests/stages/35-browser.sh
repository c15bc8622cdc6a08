#!/usr/bin/env bash
# The customer screen in a real browser: every screen in both languages at three sizes, by touch and by keypad.
# Quiet time: 220 s, the release binary built first.
set -euo pipefail
here=$(dirname "$0")/..
# shellcheck source=tests/lib/common.sh
. "$here/lib/common.sh"
# shellcheck source=tests/lib/packages.sh
. "$here/lib/packages.sh"
cd "$root"

# The checker of accessibility, by version and checksum.
axe_version=4.14.1
axe_sha256=29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c

fetch_axe_once() {
    local fresh
    fresh=$(mktemp -d) || return 1
    (cd "$fresh" && npm pack --silent "axe-core@$axe_version" > /dev/null && tar xzf axe-core-*.tgz) || return 1
    mkdir -p "$cache" && mv "$fresh/package/axe.min.js" "$axe" && rm -rf "$fresh"
}

main() {
    need_command chromium chromium
    need_command chromedriver chromium-driver
    need_command fc-list fontconfig
    if [ -z "$(fc-list :lang=zh-cn)" ]; then
        as_root true || not_run "no Chinese font is installed, and installing fonts-noto-cjk needs root"
        patiently "package fonts-noto-cjk" apt_install_once fonts-noto-cjk || not_run "no Chinese font can be had"
    fi
    axe="$cache/axe-$axe_version.min.js"
    if [ ! -e "$axe" ]; then
        need_command npm npm
        patiently "axe-core $axe_version" fetch_axe_once || not_run "axe-core $axe_version could not be downloaded"
    fi
    printf '%s  %s\n' "$axe_sha256" "$axe" | sha256sum --check --quiet || fail "axe-core is not the one expected"
    PICKUP_KIOSK_CHROMEDRIVER=chromedriver PICKUP_KIOSK_AXE="$axe" cargo test --locked --test browser -- --nocapture ||
        fail "the customer screen in a browser"
    PICKUP_KIOSK_CHROMEDRIVER=chromedriver PICKUP_KIOSK_AXE="$axe" cargo test --locked --test suite browser -- --nocapture ||
        fail "the maintenance menu in a browser"
}

main
