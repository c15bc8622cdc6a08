# How long it takes from a finger or a scanner to what is shown, on the page's own stream of events.
scenario "delays of keys and scans"
guest views 127.0.0.1:8080 > /tmp/views.log &
VIEWS=$!
within 10 has /tmp/views.log '[a-z]' || echo "no views"
: > /tmp/keys.log
echo 'random 30' >&6
within 60 has /tmp/keys.log '^pressed [0-9]'
sleep 1
# The clock of the n-th press, and of the view that shows n digits. The longest code that is typed has 32 digits.
sed -n 's/ down .*//p' /tmp/keys.log > /tmp/downs
awk '$2 == "entering" && NF == 3 { if (length($3) > n) { n = length($3); print $1 } }' /tmp/views.log > /tmp/shown
paste -d ' ' /tmp/downs /tmp/shown | awk 'NF == 2 { print $2 - $1 }' > /tmp/keys
echo 'press *' >&6
within 20 shows '"shown":""'
: > /tmp/scanner.log
: > /tmp/seen
: > /tmp/begun
for code in '111973|CL7K2MA' '111974|RF8M2QX' '111975|CN5P9WB' '111973|CL7K2MA' '111974|RF8M2QX' '111975|CN5P9WB' '111973|CL7K2MA'; do
    lines=$(wc -l < /tmp/views.log)
    scan "$code"
    sleep 2
    typed=$(sed -n 's/ typed .*//p' /tmp/scanner.log | tail -n 1)
    # The workflow's own clock, when it took the code: its record cuts off what is below a millisecond.
    begun=$($K journal list --json --config $C | grep "${code%|*}" | tail -n 1 | sed 's/.*"started_at":"[^"]*T[0-9]*:\([0-9:.]*\)[+].*/\1/')
    echo "$typed $begun" | awk '{ split($2, at, ":"); hour = 3600000; d = (at[1] * 60 + at[2]) * 1000 + 0.5 - ($1 % hour); print d < -1000 ? d + hour : d }' >> /tmp/begun
    echo "$typed $(sed -n "$((lines + 1))p" /tmp/views.log | cut -d' ' -f1)" | awk 'NF == 2 { print $2 - $1 }' >> /tmp/seen
    echo 'press #' >&6
    within 40 shows '"state":"welcome"'
done
kill $VIEWS
middle() { sort -n "$1" | awk '{ all[NR] = $1 } END { printf "%.1f", all[int((NR + 1) / 2)] }'; }
last() { sort -n "$1" | tail -n 1 | awk '{ printf "%.1f", $1 }'; }
key=$(middle /tmp/keys)
scan=$(middle /tmp/begun)
echo "key: $(wc -l < /tmp/keys) presses, first contact to the view that shows the digit: median $key ms, longest $(last /tmp/keys) ms."
echo "     In it: 1 to 8 ms of bounce, debounce 20 ms, 4 rows of 3 ms (50 µs where no program plays the keys), the page's stream"
echo "scan: $(wc -l < /tmp/begun) codes, the scanner's Enter to the workflow: median $scan ms (to half a millisecond), longest $(last /tmp/begun) ms;"
echo "      to the view: median $(middle /tmp/seen) ms, longest $(last /tmp/seen) ms"
# A key may take 5 ms beside bounce, debounce and rows; what the page's stream takes is seen at the scans.
if echo "$key $scan $(middle /tmp/seen)" | awk '{ stream = $3 - $2; exit !($1 > 20 && $1 < 8 + 20 + 12 + 5 + stream && $2 > -0.6 && $2 < 2 + 0.5) }'; then good; else bad "too long"; fi
