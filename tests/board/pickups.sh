# Tickets through /dev/usb/lp0, by a code that was scanned and by one that was typed; the lamps meanwhile.
scenario "scanner (uinput) to ticket (/dev/usb/lp0)"
scan '111972|WQNX8JL'
if within 30 papers_are 2 && within 10 ended printed 1; then
    good "$($K journal list --json --config $C | head -n 1)"
else
    bad "$(papers) papers; $(cat /tmp/scanner.log)"
fi
scenario "a second of the same code is not printed again"
sleep 3
scan '111972|WQNX8JL'
if within 20 ended already_collected 1 && papers_are 2; then good; else bad "$(papers) papers"; fi

scenario "keypad (gpio-sim) to ticket: the number, then the ID by letters"
# # ends what is shown; SX6B2HN is 7777 99 6 22 2222 44 66, and 6 at the end of a key's letters.
echo 'press #' >&6
within 20 shows '"state":"welcome"' || bad "# did not end the result: $(screen | cut -c1-160)"
echo 'press 111977#' >&6
if within 30 shows '"asks":"id"'; then
    for keys in 7777 99 6666 22 2222 44 66; do
        echo "press $keys" >&6
        count=${#keys}
        within 20 shows "choices\":{\"at\":$((count - 1))" || echo "no preview after $keys: $(screen | cut -c1-160)"
        # The next letter may be on the same key: wait until this one stands.
        within 20 shows '"choices":null'
    done
    echo 'press #' >&6
    if within 40 papers_are 8 && within 10 ended printed 2; then
        good "$($K journal list --json --config $C | grep 111977)"
    else
        bad "$(papers) papers: $(screen | cut -c1-160)"
    fi
else
    bad "the number was not taken: $(screen | cut -c1-160)"
fi

scenario "lamps followed"
sleep 1
cat /tmp/lamps.log
missing=""
for change in ready=1 working=1 slot=1 slot=0 buzzer=1 buzzer=0; do has /tmp/lamps.log " $change" || missing="$missing $change"; done
if [ -z "$missing" ]; then good "$(wc -l < /tmp/lamps.log) changes"; else bad "never seen:$missing"; fi
