# While nobody touches anything, no thread of an input wakes.
scenario "idle"
echo 'press #' >&6
within 40 shows '"state":"welcome"' || echo "the screen: $(screen | cut -c1-160)"
sleep 2
switches() {
    for task in /proc/$KIOSK/task/*; do
        case $(cat $task/comm) in
            scanner* | keypad | door | panel)
                echo "$(cat $task/comm) $(sed -n 's/^voluntary_ctxt_switches:[^0-9]*//p' $task/status)"
                ;;
        esac
    done | sort
}
first=$(switches)
sleep 10
second=$(switches)
if [ -n "$first" ] && [ "$first" = "$second" ]; then
    good "no wake-up of any input in 10 s: $(echo $second)"
else
    bad "before: $(echo $first); after: $(echo $second)"
fi
