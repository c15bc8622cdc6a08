# A Raspberry Pi 3: its lamps by rppal over the registers, a serial scanner on the mini UART, which the host plays.
scenario "raspberry pi 3: board, panel by rppal, scanner on the mini UART"
cat /etc/kiosk/base.toml - > $C << 'END'
[printer]
connection = "tcp:127.0.0.1:9100"

[[scanner]]
connection = "serial:/dev/ttyS1?baud=115200"
profile = "newland"

[panel]
board = "raspberry-pi-3"
END
start_cinema
$K check --config $C || bad "check is not content"
# GPLEV0, the levels of GPIO0 to 31, by another way than rppal's.
level() { echo $((($(devmem 0x3f200034 32) >> $1) & 1)); }
lit() { [ "$(level "$1")" = "$2" ]; }
lit 17 0 || echo "ready is lit before anybody lights it"
start_kiosk
if within 20 lit 17 1; then good "the ready lamp (GPIO17) is lit"; else bad "GPIO17 is $(level 17)"; fi

scenario "raspberry pi 3: a code on the mini UART becomes tickets"
echo "HOST SCANS 111972|WQNX8JL"
slot=dark
printed() { lit 22 1 && slot=lit; papers_are 2; }
if within 60 printed && within 10 ended printed 1; then
    good "slot lamp $slot: $($K journal list --json --config $C | head -n 1)"
else
    bad "$(papers) papers"
fi
: > /tmp/printed.bin
