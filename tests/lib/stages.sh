# shellcheck shell=bash
# shellcheck disable=SC2154 # root, cache, not_run_status: see common.sh, read before this file
# Runs stages one after the other and says at the end how each went.

# Continuous integration sets TESTS_SECONDS, the limit for all stages together; a stage gets what was left. By hand there is
# none but each stage's own.
readonly time_for_all=${TESTS_SECONDS:-}

# stage_names: all stages, in order, a line each, as NN-name.
stage_names() { (cd "$root/tests/stages" && printf '%s\n' [0-9]*.sh | sed 's/\.sh$//' | sort); }

# stage_named NAME: the full name of the stage called NAME (arm) or NN-NAME (40-arm).
stage_named() {
    stage_names | grep -xE "([0-9]+-)?$1" && return 0
    printf 'no stage is called %s; there are: %s\n' "$1" "$(stage_names | xargs)" >&2
    return 2
}

# time_for_stage NAME: its limit, seconds: ten times what it takes on two idle cores, as its file says ("Quiet time").
time_for_stage() {
    local quiet
    quiet=$(sed -n 's/^# Quiet time: \([0-9]*\) s.*/\1/p' "$root/tests/stages/$1.sh")
    [ -n "$quiet" ] || fail "tests/stages/$1.sh does not say its quiet time"
    echo $((10 * quiet))
}

# run_stage NAME: one stage with its time limit; its status is this function's. An interrupt ends the stage, too.
run_stage() {
    local limit pid status=0
    if [ -n "$time_for_all" ]; then limit=$((time_for_all - SECONDS)); else limit=$(time_for_stage "$1") || return; fi
    [ "$limit" -ge 1 ] || limit=1
    timeout --kill-after=30 "$limit" bash "$root/tests/stages/$1.sh" &
    pid=$!
    trap 'kill "$pid"; exit 130' INT TERM
    wait "$pid" || status=$?
    trap - INT TERM
    return "$status"
}

word_for() {
    case $1 in
        0) printf 'ok' ;;
        "$not_run_status") printf 'NOT RUN' ;;
        124 | 137) printf 'failed: out of time' ;;
        *) printf 'failed' ;;
    esac
}

# run_stages NAME...: all of them, whatever becomes of one; then the table. Fails when one failed.
run_stages() {
    local name status began rows=() failed=0 missing=0
    RUN_NOTES=$(mktemp -d)
    export RUN_NOTES
    for name; do
        heading "stage $name"
        rm -f "$RUN_NOTES/reason"
        began=$SECONDS
        status=0
        run_stage "$name" || status=$?
        case $status in
            0) ;;
            "$not_run_status") missing=$((missing + 1)) ;;
            *) failed=$((failed + 1)) ;;
        esac
        rows+=("$(printf '%-16s %-8s %5d s  ' "$name" "$(word_for "$status")" $((SECONDS - began)))$(reason_told)")
    done
    rm -rf "$RUN_NOTES"
    heading "summary"
    printf '%s\n' "${rows[@]}"
    say "stages: $((${#rows[@]} - failed - missing)) ok, $failed failed, $missing NOT RUN, in $SECONDS s"
    [ "$failed" = 0 ]
}

# The reasons the stage just run left (see not_run), on one line.
reason_told() { [ ! -e "$RUN_NOTES/reason" ] || paste -sd ';' "$RUN_NOTES/reason"; }
