# shellcheck shell=bash
# shellcheck disable=SC2154 # root, cache, not_run_status: see common.sh, read before this file
# Runs layers one after the other and says at the end how each went.

# All of them together, seconds: continuous integration has 70 minutes. A layer gets what the ones before it left.
readonly time_for_all=4080

# layer_names: all layers, in order, a line each, as NN-name.
layer_names() { (cd "$root/tests/layers" && printf '%s\n' [0-9]*.sh | sed 's/\.sh$//' | sort); }

# layer_named NAME: the full name of the layer called NAME (arm) or NN-NAME (40-arm).
layer_named() {
    layer_names | grep -xE "([0-9]+-)?$1" && return 0
    printf 'no layer is called %s; there are: %s\n' "$1" "$(layer_names | xargs)" >&2
    return 2
}

# run_layer NAME: one layer with its time limit; its status is this function's. An interrupt ends the layer, too.
run_layer() {
    local limit=$((time_for_all - SECONDS)) pid status=0
    [ "$limit" -ge 1 ] || limit=1
    timeout --kill-after=30 "$limit" bash "$root/tests/layers/$1.sh" &
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

# run_layers NAME...: all of them, whatever becomes of one; then the table. Fails when one failed.
run_layers() {
    local name status began rows=() failed=0 missing=0
    RUN_NOTES=$(mktemp -d)
    export RUN_NOTES
    for name; do
        heading "layer $name"
        rm -f "$RUN_NOTES/reason"
        began=$SECONDS
        status=0
        run_layer "$name" || status=$?
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
    say "layers: $((${#rows[@]} - failed - missing)) ok, $failed failed, $missing NOT RUN, in $SECONDS s"
    [ "$failed" = 0 ]
}

# The reasons the layer just run left (see not_run), on one line.
reason_told() { [ ! -e "$RUN_NOTES/reason" ] || paste -sd ';' "$RUN_NOTES/reason"; }
