# 300 presses with 1 to 8 ms of bounce: each shows once.
scenario "300 key presses with bounce"
echo 'press #' >&6
within 20 shows '"state":"welcome"'
lost=0
for round in 1 2 3 4 5; do
    : > /tmp/keys.log
    echo 'random 60' >&6
    within 60 has /tmp/keys.log '^pressed [0-9]'
    sleep 0.5
    wanted=$(sed -n 's/^pressed //p' /tmp/keys.log | tail -n 1)
    shown=$(screen | sed -n 's/.*"shown":"\([^"]*\)".*/\1/p')
    [ -n "$wanted" ] && [ "$wanted" = "$shown" ] || { lost=$((lost + 1)); echo "round $round: pressed $wanted, shown $shown"; }
    echo 'press *' >&6
    within 20 shows '"shown":""' || echo "* did not clear: $(screen | cut -c1-160)"
done
if [ $lost = 0 ]; then good "none lost, none doubled"; else bad "$lost of 5 rounds differ"; fi
