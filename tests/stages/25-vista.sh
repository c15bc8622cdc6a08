#!/usr/bin/env bash
# The cloud's commands against the simulated cinema, each shown with its output; then the site acceptance: passing, and
# with a fault of GetSingleBooking. PICKUP_KIOSK_BINARY=FILE tries another binary than the release's.
# Quiet time: 130 s, the release binary built first.
set -euo pipefail
# shellcheck source=tests/lib/common.sh
. "$(dirname "$0")/../lib/common.sh"
# shellcheck source=tests/lib/pickup.sh
. "$(dirname "$0")/../lib/pickup.sh"
cd "$root"

if [ -n "${PICKUP_KIOSK_BINARY:-}" ]; then
    binary=$PICKUP_KIOSK_BINARY
else
    release_binary
fi
home=$(mktemp -d)
cinema=
trap '[ -z "$cinema" ] || kill "$cinema"; rm -rf "$home"' EXIT

# address NAME: where one of the cinema's servers listens.
address() { sed -n "s/^$1 //p" "$home/addresses"; }

# shown STATUS COMMAND...: one command, as a technician types it, with its output; it must end so.
shown() {
    local expected=$1 status=0
    shift
    printf '\n$ pickup-kiosk %s\n' "$*"
    "$binary" "$@" --config "$home/kiosk.toml" <<< yes || status=$?
    [ "$status" = "$expected" ] || fail "pickup-kiosk $*: ended with $status, not $expected"
}

# recorded PATTERN: the newest such thing in the record of orders, without what is not of letters and digits.
recorded() { grep -o "$1" "$home/state/vista-orders.jsonl" | tail -n 1 | sed 's/.*://; s/"//g'; }

cat > "$home/simulate.toml" << END
[sarft]
listen = "127.0.0.1:0"
[vista]
listen = "127.0.0.1:0"
[control]
listen = "127.0.0.1:0"
END
"$binary" simulate --config "$home/simulate.toml" > "$home/addresses" 2> "$home/simulate.log" &
cinema=$!
for _ in $(seq 200); do
    [ -z "$(address control)" ] || break
    sleep 0.05
done
[ -n "$(address control)" ] || fail "the simulated cinema does not start: $(cat "$home/simulate.log")"
(umask 077 && printf simulated > "$home/password" && printf simulated-token > "$home/token")
cat > "$home/kiosk.toml" << END
[kiosk]
id = "rig"
state_dir = "state"
[cinema]
id = "0200"
name = "CHTEST01"
[sarft]
address = "$(address sarft)"
username = "kiosk"
password_file = "password"
[cloud]
url = "http://$(address vista)"
allow_plain_http = true
token_file = "token"
order_token_file = "token"
client_class = "RSP"
client_id = "111.111.111.111"
client_name = "3rdParty"
test = true
[cloud.ordering]
check_tries = 3
check_seconds = 1
[printer]
connection = "image:tickets"
[[scanner]]
connection = "stdin:"
END

shown 0 vista cinemas
shown 0 vista films --all
shown 0 vista tickets 29618
shown 0 vista seats 29618
shown 0 vista status 111973
shown 0 vista status --order FTest201508060001
shown 0 vista book 29617 --type 0056 --seats 4排10座,4排9座
order=$(recorded '"order":"[0-9a-f]*"')
shown 0 vista order "$order"
shown 0 vista refund "$(recorded '"number":[0-9]*')"
shown 1 vista cancel "$order"
shown 1 vista refund 111973
shown 0 acceptance --out "$home/passed.txt"
grep -q '^result     passed$' "$home/passed.txt" || fail "the report does not say that it passed"
curl --silent --fail --show-error -X PUT -H 'content-type: application/json' -o /dev/null \
    --data '{"cloud":{"on":["single_booking"],"skip":3,"status":503}}' "http://$(address control)/faults" ||
    fail "the cinema takes no faults"
shown 1 acceptance --out "$home/failed.txt"
grep -q '^result     FAILED at step 8: sees it collected' "$home/failed.txt" || fail "the report names another step"
say
say "every command answered as it should; the acceptance passed, and failed where it was made to"
