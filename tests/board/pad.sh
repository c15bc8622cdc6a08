# The same kiosk with a numeric pad on USB (uinput) in place of the matrix.
scenario "a HID numeric pad: unplugged, plugged in, and a number typed"
stop_kiosk || echo "the kiosk did not stop"
sed -i '/^\[keypad\]/,/^$/d' $C
printf '\n[keypad]\nconnection = "hid:04d9:a02a"\n' >> $C
: > /state/machine.jsonl
start_kiosk || fatal "the kiosk does not start with a pad that is not there: $(tail -n 5 /tmp/kiosk.log)"
player pad 7 pad "HID Numeric Keypad" 04d9 a02a
back() { grep -q 'there again.*keypad' /state/machine.jsonl; }
if within 2 back; then
    $K check --config $C | grep keypad
    within 20 shows '"state":"welcome"' || echo "the screen: $(screen | cut -c1-160)"
    echo '11197<<972#' >&7
    if within 30 shows '"asks":"id"'; then
        # W is 9, Q 77, N 66, X 99, 8 88888, J 5, L 555: 8 stands behind a key's letters.
        for keys in 9 77 66 99 8888 5 555; do
            echo "$keys" >&7
            count=${#keys}
            within 20 shows "choices\":{\"at\":$((count - 1))" || echo "no preview after $keys: $(screen | cut -c1-160)"
            within 20 shows '"choices":null'
        done
        before=$(papers)
        echo 'E' >&7
        if within 30 ended_of 111972 already_collected && papers_are "$before"; then
            good "the pair was typed and known: collected, nothing printed again"
        else
            bad "the pair was not known: $(screen | cut -c1-200)"
        fi
    else
        bad "the number was not taken: $(screen | cut -c1-200)"
    fi
else
    bad "not found within 2 s: $(cat /state/machine.jsonl; tail -n 3 /tmp/kiosk.log)"
fi
