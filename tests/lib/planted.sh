# shellcheck shell=bash
# shellcheck disable=SC2154 # root: see common.sh, read before this file
# Applies planted bugs (tests/planted/*.patch) to a copy of the tree, one at a time, and runs what must catch them.

patches=$root/tests/planted
# The copy, its build and what was said are kept from run to run, so that only what changed is built again. The copy's
# place must stay the same: cargo knows a package by it.
place=${PLANTED_DIR:-$root/target/planted}
readonly patches place
# One build or one run of one command, seconds: the first build compiles everything.
readonly time_for_build=1500 time_for_tests=1200
# No further bug is planted after so many seconds; what was not tried is said by name.
readonly time_to_begin=${PLANTED_SECONDS:-86400}

# The kiosk itself is built without optimisation, the libraries as they are in any test: a patch is built in a third of
# the time, and what a simulated pickup does is the same.
readonly as_built=(
    --config 'profile.test.package.pickup-kiosk.opt-level=0'
    --config 'profile.test.package.pickup-kiosk.debug=0'
)

# patch_names: all patches, a line each, without their ending.
patch_names() { (cd "$patches" && printf '%s\n' *.patch | sed 's/\.patch$//' | sort); }

# patch_named NAME: NAME, where there is such a patch.
patch_named() {
    patch_names | grep -xF -- "$1" && return 0
    printf 'no patch is called %s; there are: %s\n' "$1" "$(patch_names | xargs)" >&2
    return 2
}

# told NAME KEY: what the patch's head says behind `# KEY: `.
told() { sed -n "1,5s/^# $2: //p" "$patches/$1.patch" | head -n 1; }

# well_told NAME: the patch says what it is and which cargo test catches it.
well_told() {
    local what caught_by
    what=$(told "$1" what) caught_by=$(told "$1" 'caught by')
    [ -n "$what" ] && [[ $caught_by =~ ^cargo\ test\ [A-Za-z0-9_:\ =.-]+$ ]]
}

# patched DIRECTORY NAME [OPTION]: applies a patch there, as it is and nowhere else: git takes the directory for no part
# of a repository.
patched() {
    (cd "$1" && GIT_CEILING_DIRECTORIES=$(dirname "$1") git apply --whitespace=nowarn "${@:3}" "$patches/$2.patch")
}

# check_patches: each patch is well told and applies to the tree; builds nothing.
check_patches() {
    local name wrong=0
    while read -r name; do
        if ! well_told "$name"; then
            say "$name: its first lines must be '# what: …' and '# caught by: cargo test …'"
            wrong=1
        elif ! patched "$root" "$name" --check; then
            say "$name: no longer applies; make it anew against the present code (tests/planted/README.md)"
            wrong=1
        fi
    done < <(patch_names)
    [ "$wrong" = 0 ] || fail "planted bugs that nobody can plant any more"
    say "$(patch_names | wc -l) planted bugs apply"
}

# copy_tree: the files that git tracks, as they are in the checkout, with the present time: what an earlier run has
# built may be older.
copy_tree() {
    rm -rf "$place/tree"
    mkdir -p "$place/tree" "$place/said"
    (cd "$root" && git ls-files -z --deduplicate | while IFS= read -r -d '' file; do
        [ ! -e "$file" ] || printf '%s\0' "$file"
    done | tar --null -T - -cf -) | tar -C "$place/tree" -xmf -
}

# in_copy LIMIT LOG COMMAND...: the command in the copy, with a build of its own and the tests' own settings; a test that
# can't run here fails and is not passed over.
in_copy() {
    local limit=$1 log=$2
    shift 2
    (cd "$place/tree" && env -u PICKUPS -u SEED -u FAULTS -u CUTS -u SURVEY -u EPISODE -u KILL_ROUNDS \
        CARGO_TARGET_DIR="$place/build" RUST_BACKTRACE=0 CARGO_TERM_COLOR=never NEED_SYNCS=1 \
        timeout --kill-after=10 "$limit" "$@") > "$log" 2>&1
}

# builds LOG COMMAND: whether what the cargo command runs compiles.
builds() {
    local words
    read -ra words <<< "$2"
    in_copy "$time_for_build" "$1" cargo "${as_built[@]}" test --locked --no-run "${words[@]:2}"
}

# runs LOG COMMAND: its status.
runs() {
    local words
    read -ra words <<< "$2"
    in_copy "$time_for_tests" "$1" cargo "${as_built[@]}" test --locked "${words[@]:2}"
}

# clean_passes COMMAND: without a bug the command passes, and runs at least one test. Each command is tried once.
clean_passes() {
    local log
    log=$place/said/clean-$(tr -c 'A-Za-z0-9\n' '-' <<< "$1").log
    if [ -z "${clean[$1]:-}" ]; then
        say "without a bug: $1"
        clean[$1]=fails
        if builds "$log" "$1" && runs "$log" "$1" && grep -qE '^test result: ok\. [1-9]' "$log"; then
            clean[$1]=passes
        else
            tail -n 30 "$log"
        fi
    fi
    [ "${clean[$1]}" = passes ]
}

# violation LOG: the first test that fails and the first line of what it says, with what was compared, the seed or the
# way that leads there.
violation() {
    awk -F "'" '
        /^thread .* panicked at / && !first { test = $2; getline; first = substr($0, 1, 240); next }
        first && /^ +(left|right): / && compared < 2 { compared++; first = first " " substr($0, 1, 120) }
        first && /^(random|single) [0-9]+$/ && !seed { seed = $0 }
        first && /^  after: / && !way { way = substr($0, 3, 400) }
        END { print test ": " first; if (seed) print "seed: " seed; if (way) print way }
    ' "$1"
}

# try_patch NAME: `verdict` becomes how it went, `shown` what was violated or what is wrong.
try_patch() {
    local name=$1 command log=$place/said/$1.log status=0
    command=$(told "$name" 'caught by')
    shown=
    if ! well_told "$name"; then
        verdict='NOT TOLD' shown="its first lines must be '# what: …' and '# caught by: cargo test …'"
    elif ! clean_passes "$command"; then
        verdict='NO PROOF' shown="the command does not pass without the bug"
    elif ! patched "$place/tree" "$name" 2> "$log"; then
        verdict='NO PATCH' shown="no longer applies: $(head -n 1 "$log")"
    else
        if ! builds "$log" "$command"; then
            verdict='NO BUILD' shown=$(grep -m 1 '^error' "$log" || say "not built within $time_for_build s")
        else
            runs "$log" "$command" || status=$?
            shown=$(violation "$log")
            case $status in
                0) verdict='MISSED' ;;
                124 | 137) verdict='NO END' shown="not over after $time_for_tests s" ;;
                *) if grep -q '^test result: FAILED' "$log"; then verdict='caught'; else verdict='NO TEST'; fi ;;
            esac
        fi
        patched "$place/tree" "$name" --reverse
    fi
}

# run_patches NAME...: all of them, whatever becomes of one; then the table. Fails when one was not caught.
run_patches() {
    local name began verdict shown rows=() missed=0 untried=()
    local -A clean=()
    mkdir -p "$place"
    exec 9> "$place/lock"
    flock --nonblock 9 || fail "another run is at work in $place"
    copy_tree
    for name; do
        began=$SECONDS
        if [ "$SECONDS" -ge "$time_to_begin" ]; then
            untried+=("$name")
            continue
        fi
        try_patch "$name"
        [ "$verdict" = caught ] || missed=$((missed + 1))
        say "$name: $verdict"
        rows+=("$(printf '%-8s %4d s  %s\n' "$verdict" $((SECONDS - began)) "$name")"
            "                 what:      $(told "$name" what)"
            "                 caught by: $(told "$name" 'caught by')"
            "                 ${shown//$'\n'/$'\n'                 }")
    done
    heading "planted bugs"
    printf '%s\n' "${rows[@]}"
    [ "${#untried[@]}" = 0 ] || say "not tried within $time_to_begin s: ${untried[*]}"
    say "planted bugs: $(($# - missed - ${#untried[@]})) of $(($# - ${#untried[@]})) tried were caught, in $SECONDS s; what each run said is in $place/said"
    [ "$missed" = 0 ] || fail "$missed of $# planted bugs were not caught"
}
