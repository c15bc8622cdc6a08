# A kiosk that doesn't trust its journal: closed, and to be seen from afar.
scenario "a damaged journal: J1 on the screen, the fault lamp lit, until a technician decides"
stop_kiosk || echo "the kiosk did not stop"
within 5 has $LINES/sim_gpio3/value 0 || echo "the fault lamp is lit before"
mkdir /tmp/kept && mv /state/journal.db* /tmp/kept/ && echo "no database" > /state/journal.db
RUST_LOG=info $K run --config $C > /tmp/kiosk.log 2>&1 &
KIOSK=$!
if within 20 shows '"code":"J1"' && within 5 has $LINES/sim_gpio3/value 1 && has $LINES/sim_gpio0/value 0; then
    # The closed kiosk looks at its journal now and then, and has its lock for that moment.
    anew() { $K journal start-new --config $C > /tmp/anew.log 2>&1; }
    if within 20 anew && within 10 gone /proc/$KIOSK && has $LINES/sim_gpio3/value 0; then
        if start_kiosk && within 20 shows '"state":"welcome"'; then
            good "in service with a new journal"
        else
            bad "not in service with a new journal: $(screen | cut -c1-160)"
        fi
    else
        bad "it did not end, or its lamp stays lit: $(cat /tmp/anew.log)"
    fi
else
    bad "not to be seen: $(screen | cut -c1-160)"
fi
