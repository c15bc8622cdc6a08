# The kiosk, and somebody who watches its lamps.
guest lines $LINES ready=0 working=1 slot=2 fault=3 buzzer=4 printer_power=6 > /tmp/lamps.log 2>&1 &
start_kiosk || fatal "the kiosk does not start"
within 20 shows '"state":"welcome"' || fatal "the screen never welcomed: $(screen | cut -c1-160)"
