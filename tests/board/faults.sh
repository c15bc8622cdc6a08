# What goes wrong with devices.
scenario "paper out"
put_printer '{"fault":"paper_out"}'
if within 30 shows '"state":"out_of_service"' && within 5 has $LINES/sim_gpio3/value 1; then
    before=$(papers)
    scan '111978|PR7V3LC'
    if within 20 ended out_of_service 1 && papers_are "$before"; then
        put_printer '{"mend":true}'
        echo 'press #' >&6
        if within 40 shows '"state":"welcome"' && within 5 has $LINES/sim_gpio3/value 0; then
            good "refused before anything was issued, the fault lamp lit, in service again with paper"
        else
            bad "not in service again: $(screen | cut -c1-160)"
        fi
    else
        bad "a code was taken without paper"
    fi
else
    bad "nobody noticed: $(screen | cut -c1-160)"
fi

scenario "scanner unplugged and plugged in"
kill $PID_scanner
if within 10 has /state/machine.jsonl 'scanner.*gone\|gone.*scanner'; then
    plug_scanner
    back() { grep -c 'there again' /state/machine.jsonl | grep -qv '^0$'; }
    if within 2 back; then
        scan '111974|RF8M2QX'
        if within 20 ended refunded 1; then good "found again within 2 s, and its next code is read"; else bad "its code was not read"; fi
    else
        bad "not found within 2 s"
    fi
else
    bad "nobody noticed: $(cat /state/machine.jsonl)"
fi

scenario "door"
echo pull-up > $LINES/sim_gpio5/pull
within 5 has /state/machine.jsonl opened || bad "its opening was not recorded"
echo pull-down > $LINES/sim_gpio5/pull
if within 5 has /state/machine.jsonl '"closed"'; then good "$(grep '"door"' /state/machine.jsonl | tail -n 1)"; else bad "its closing was not"; fi
