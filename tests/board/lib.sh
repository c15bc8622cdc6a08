# What the scenarios share. Runs in the guest, by busybox.
K="pickup-kiosk"
C=/etc/kiosk/kiosk.toml
SIM=/sys/kernel/config

# scenario NAME: what follows is about this.
scenario() { NOW="$1"; echo; echo "--- $1"; }
good() { echo "SCENARIO $NOW: ok${1:+, $1}"; }
bad() {
    echo "SCENARIO $NOW: FAILED: $1"
    $K journal list --json --config $C 2> /dev/null | head -n 3
    tail -n 15 /tmp/kiosk.log 2> /dev/null
}
# Nothing that follows makes sense without this.
fatal() {
    bad "$1"
    poweroff -f
}

# within SECONDS COMMAND...: until the command succeeds.
within() {
    local limit=$(($(cut -d. -f1 /proc/uptime) + $1))
    shift
    while ! "$@"; do
        [ "$(cut -d. -f1 /proc/uptime)" -lt "$limit" ] || return 1
        sleep 0.05
    done
}

has() { grep -q "$2" "$1" 2> /dev/null; }
exists() { [ -e "$1" ]; }
gone() { [ ! -e "$1" ]; }
papers() { ls /tmp/tickets/*.png 2> /dev/null | wc -l; }
papers_are() { [ "$(papers)" = "$1" ]; }
# The journal's pickups with this outcome.
ended() { [ "$($K journal list --json --config $C 2> /dev/null | grep -c "\"outcome\":\"$1\"")" -ge "$2" ]; }
# A pickup of this booking with this outcome.
ended_of() { $K journal list --json --config $C 2> /dev/null | grep "\"$1\"" | grep -q "\"outcome\":\"$2\""; }
# What the customer's screen shows now.
screen() { guest screen 127.0.0.1:8080; }
# Not so often that the devices' players get no time.
shows() { screen | grep -q "$1" || { sleep 0.2 && false; }; }
put_printer() {
    # The request's end must not be the connection's: the answer has to come back on it.
    {
        printf 'PUT /printer HTTP/1.1\r\nHost: 127.0.0.1:9581\r\nContent-Type: application/json\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s' \
            "${#1}" "$1"
        sleep 1
    } | nc 127.0.0.1 9581 | head -n 1
}

# player NAME FD COMMAND...: a device of the guest program, its orders on file descriptor FD.
player() {
    local name=$1 fd=$2
    shift 2
    rm -f "/tmp/$name.orders" "/tmp/$name.log"
    mkfifo "/tmp/$name.orders"
    guest "$@" < "/tmp/$name.orders" >> "/tmp/$name.log" 2>&1 &
    eval "PID_$name=\$!"
    # Hardware doesn't wait for a processor's time.
    renice -n -15 -p $! > /dev/null
    eval "exec $fd> /tmp/$name.orders"
}

start_cinema() {
    $K simulate --config /etc/kiosk/simulate.toml > /tmp/cinema.log 2>&1 &
    within 20 has /tmp/cinema.log '^printer ' || echo "the simulated cinema doesn't start: $(cat /tmp/cinema.log)"
}

start_kiosk() {
    RUST_LOG=info $K run --config $C > /tmp/kiosk.log 2>&1 &
    KIOSK=$!
    within 30 has /tmp/kiosk.log 'is up, version' || { cat /tmp/kiosk.log; return 1; }
}

stop_kiosk() {
    kill -TERM $KIOSK
    within 20 gone /proc/$KIOSK
}

scan() { echo "$1" >&4; }

# What came out of the printer, for whoever reads the log: pictures and the bytes they were drawn from.
show_papers() {
    local file
    for file in /tmp/tickets/*.png; do echo "PAPER $(basename "$file") $(wc -c < "$file") bytes $(sha256sum "$file" | cut -c1-16)"; done
    echo "BYTES BEGIN"
    base64 /tmp/printed.bin
    echo "BYTES END"
}
