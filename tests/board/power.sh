# The last resort: a printer that says nothing for a minute has its power taken away for 5 s.
scenario "printer power off and on again when it doesn't answer"
echo 'press #' >&6
within 40 shows '"state":"welcome"' || echo "the screen: $(screen | cut -c1-160)"
: > /tmp/lamps.log
put_printer '{"fault":"silent"}'
relay() { grep -q "printer_power=$1" /tmp/lamps.log; }
if within 30 shows '"state":"out_of_service"'; then
    silent=$(cut -d. -f1 /proc/uptime)
    if within 90 relay 1; then
        echo "off after $(($(cut -d. -f1 /proc/uptime) - silent)) s of silence"
        # What taking its power away does to it.
        put_printer '{"mend":true,"power_cycle":true}'
        if within 10 relay 0 && within 20 shows '"state":"welcome"'; then
            off=$(sed -n 's/ printer_power=1.*//p' /tmp/lamps.log | tail -n 1)
            on=$(sed -n 's/ printer_power=0.*//p' /tmp/lamps.log | tail -n 1)
            grep printer_power /tmp/lamps.log
            case $(echo "$off $on" | awk '{d = $2 - $1; print (d > 4.8 && d < 5.5) ? "5s" : d}') in
                5s) good "$(grep printer_power /state/machine.jsonl | tail -n 1)" ;;
                *) bad "the relay was on from $off to $on" ;;
            esac
        else
            bad "not in service again: $(screen | cut -c1-160); $(tail -n 3 /tmp/lamps.log)"
        fi
    else
        bad "the relay was never switched: $(cat /tmp/lamps.log)"
    fi
else
    bad "nobody noticed: $(screen | cut -c1-160)"
fi
