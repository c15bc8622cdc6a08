# Paper out by the USB port's status alone: what the printer itself answers says all the time that paper is there.
scenario "paper out by port status: out of service with P2, and back"
echo 'press #' >&6
within 40 shows '"state":"welcome"' || echo "the screen: $(screen | cut -c1-160)"
echo 'status 38' >&5
if within 20 shows '"code":"P2"' && shows '"state":"out_of_service"' && within 5 has $LINES/sim_gpio3/value 1; then
    grep 'printer: .*paper' /tmp/kiosk.log | tail -n 1
    before=$(papers)
    scan '111978|PR7V3LC'
    if within 20 ended out_of_service 2 && papers_are "$before"; then
        echo 'press #' >&6
        echo 'status 18' >&5
        if within 20 shows '"state":"welcome"'; then
            good "refused before anything was issued, the fault lamp lit, in service again with paper"
        else
            bad "not in service again: $(screen | cut -c1-160)"
        fi
    else
        bad "a code was taken without paper"
    fi
else
    bad "nobody noticed: $(screen | cut -c1-160); $(cat /tmp/printer.log)"
fi

scenario "paper out by port status between two tickets of a pickup"
before=$(papers)
# The same code within 2 s is the same scan.
sleep 3
echo 'empty-after 1' >&5
scan '111978|PR7V3LC'
if within 30 shows '"state":"waiting"' && papers_are $((before + 1)); then
    echo "$($K journal list --json --config $C | grep 111978 | tail -n 1)"
    echo 'status 18' >&5
    if within 30 papers_are $((before + 2)) && within 20 ended_of 111978 printed; then
        good "$($K journal list --json --config $C | grep 111978 | tail -n 1)"
    else
        bad "the second ticket did not follow: $(screen | cut -c1-160)"
    fi
else
    bad "it did not wait for paper: $(screen | cut -c1-160); $(papers) papers, $before before; $(cat /tmp/printer.log)"
fi
echo 'status 18' >&5
