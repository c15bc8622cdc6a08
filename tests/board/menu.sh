# The maintenance menu by the keypad's own keys: in by sequence, name and PIN; lamps and buzzer one by one, as the lines
# of the GPIO chip show it; out again.
scenario "maintenance menu by keypad: lamps and buzzer one by one"
# A PIN set while the kiosk runs counts at once.
printf '271828\n271828\n' | $K maintain --set-pin Li --role technician --config $C 2> /dev/null
echo 'press #' >&6
within 20 shows '"state":"welcome"' || echo "not at rest: $(screen | cut -c1-160)"
echo 'press *#*#' >&6
within 30 shows '"state":"maintenance"' || bad "the sequence opened nothing: $(screen | cut -c1-200)"
echo 'press 1271828#' >&6
within 60 shows '已换纸\|Paper changed' || bad "not signed in: $(screen | cut -c1-300)"
: > /tmp/lamps.log
guest lines $LINES ready=0 working=1 slot=2 fault=3 buzzer=4 > /tmp/tried.log 2>&1 &
watcher=$!
within 10 has /tmp/tried.log 'buzzer='
echo 'press 923' >&6
if within 60 shows '应依次亮起\|one by one'; then
    kill $watcher
    # When each came on, in their order; what is on by itself while the menu is open was told at the first look.
    order=$(sed -n 's/^[0-9.]* \([a-z]*\)=1$/\1/p' /tmp/tried.log | uniq | tr '\n' ' ')
    case $order in
        *"ready working slot fault buzzer "*) good "$order" ;;
        *) bad "came on: $order; $(cat /tmp/tried.log)" ;;
    esac
else
    bad "no end of it: $(screen | cut -c1-300); $(cat /tmp/tried.log)"
fi
scenario "maintenance menu left, and on record"
echo 'press *' >&6
within 20 shows '指示灯和蜂鸣器\|Lamps and buzzer'
echo 'press 000' >&6
if within 20 shows '"state":"welcome"' && $K journal audit --config $C | grep -q panel_tried; then
    good "$($K journal audit --config $C | tail -n 1)"
else
    bad "$(screen | cut -c1-200); $($K journal audit --config $C)"
fi
