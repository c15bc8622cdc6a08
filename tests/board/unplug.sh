# The plug of the printer, pulled while a ticket is on its way through it.
scenario "printer unplugged in mid-ticket and plugged in"
echo 'press #' >&6
within 20 shows '"state":"welcome"'
before=$(papers)
echo 'hold 300' >&5
scan '111978|PR7V3LC'
within 20 shows '"state":"printing"' || bad "it never printed: $(screen | cut -c1-160)"
sleep 1
unplug_printer || echo "/dev/usb/lp0 stays"
within 10 shows '"state":"waiting"' || echo "the screen: $(screen | cut -c1-160)"
plug_printer || echo "no printer: $(cat /tmp/printer.log)"
if within 90 ended see_counter 1; then
    grep 'printer: ticket' /tmp/kiosk.log | tail -n 3
    line=$($K journal list --json --config $C | grep '"see_counter"')
    # The seat that was at the printer is uncertain, and nobody prints it again; the other came out.
    case $line in
        *uncertain*printed* | *printed*uncertain*)
            if [ "$(papers)" -le $((before + 2)) ]; then good "$line"; else bad "printed twice: $(papers) papers, $before before"; fi
            ;;
        *) bad "$line" ;;
    esac
else
    bad "the pickup never ended: $(screen | cut -c1-160)"
fi
