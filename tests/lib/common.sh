# shellcheck shell=bash
# What every script of the tests shares: where things are, how they speak, how they give up.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Downloads live outside of the checkout, by version, so that a second run needs no network.
cache="${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/pickup-kiosk"
# A stage that ends with this status was not run: what it needs could not be had here.
readonly not_run_status=75
export root cache not_run_status
# Messages of the program under test are compared in English.
export LC_ALL=C.UTF-8

# say WORDS...: one line of narration.
say() { printf '%s\n' "$*"; }

# heading WORDS...: the line above a stage or a step.
heading() { printf '\n=== %s ===\n' "$*"; }

# fail WORDS...: the stage ran and something is wrong.
fail() {
    printf 'FAILED: %s\n' "$*" >&2
    note "$*"
    exit 1
}

# not_run WORDS...: the stage cannot run on this machine today.
not_run() {
    printf 'NOT RUN: %s\n' "$*" >&2
    note "$*"
    exit "$not_run_status"
}

# note WORDS...: told again beside the stage's name in the summary.
note() { [ -z "${RUN_NOTES:-}" ] || printf '%s\n' "$*" >> "$RUN_NOTES/reason"; }

# patiently WHAT COMMAND...: servers have bad minutes, so the command is tried six times over ten minutes. Once that was
# in vain, the rest of the run tries everything once. The command must return its own failures: `set -e` sleeps here.
patiently() {
    local what=$1 pause
    shift
    for pause in 15 45 90 180 240 0; do
        if "$@"; then return 0; fi
        if [ "$pause" = 0 ] || [ -e "${RUN_NOTES:-/nonexistent}/gave-up" ]; then break; fi
        say "$what: not now; trying again in $pause s"
        sleep "$pause"
    done
    say "$what: gave up"
    [ -z "${RUN_NOTES:-}" ] || : > "$RUN_NOTES/gave-up"
    return 1
}
