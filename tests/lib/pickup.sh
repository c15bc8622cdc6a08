# shellcheck shell=bash
# shellcheck disable=SC2154 # root: see common.sh, read before this file
# The native release binary, and one pickup with it.

# The booking of the interface document: two seats.
readonly sample_code='111972|WQNX8JL'
readonly sample_tickets=2

# release_binary: builds it and sets `binary`.
release_binary() {
    (cd "$root" && cargo build --release --locked --quiet)
    binary=$root/target/release/pickup-kiosk
    say "native: $(stat -c %s "$binary") bytes stripped"
}

# picks_up NAME FOLDER COMMAND...: COMMAND, a kiosk, performs the sample pickup in `demo` and leaves its tickets in FOLDER.
picks_up() {
    local name=$1 folder=$2 line began=$EPOCHREALTIME
    shift 2
    rm -rf "$folder"
    mkdir -p "$folder"
    line=$(timeout 60 "$@" demo --pickup "$sample_code" --out "$folder" --json) || fail "$name: demo ended with $?: $line"
    printf '%s: %s\n' "$name" "$line"
    case $line in
        *'"outcome":"printed"'*'"reported":true'*) ;;
        *) fail "$name: the pickup was not printed and reported" ;;
    esac
    [ "$(find "$folder" -name '*.png' | wc -l)" = "$sample_tickets" ] || fail "$name: not $sample_tickets pictures in $folder"
    awk -v a="$began" -v b="$EPOCHREALTIME" -v n="$name" 'BEGIN { printf "%s: %.2f s from start to exit\n", n, b - a }'
}

# same_tickets FOLDER FOLDER: the same pictures, whatever their names, in order.
same_tickets() {
    local ours theirs
    ours=$(find "$1" -name '*.png' | sort | xargs -d '\n' sha256sum | cut -d ' ' -f 1)
    theirs=$(find "$2" -name '*.png' | sort | xargs -d '\n' sha256sum | cut -d ' ' -f 1)
    [ -n "$ours" ] && [ "$ours" = "$theirs" ]
}
