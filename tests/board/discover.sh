# What check --discover proposes, pasted below the rest, is the configuration that the kiosk runs with.
scenario "check --discover"
$K check --discover > /tmp/devices.toml || bad "it ended with $?"
cat /tmp/devices.toml
cat /etc/kiosk/base.toml /tmp/devices.toml > $C
if $K check --config $C; then
    good "pasted, every part of check is well"
else
    fatal "check is not content with what it proposed"
fi
# The keys are played by a program that needs its time to follow the rows.
sed -i 's/^connection = "gpio:"$/connection = "gpio:"\nsettle_us = 3000\ndebounce_ms = 20/' $C

scenario "a line in use, a device of the right name that is something else"
sed 's/^fault = .*/fault = "kiosk-x"/; s/^connection = "hid:.*/connection = "hid:\/dev\/null"/' $C > /etc/kiosk/wrong.toml
$K check --config /etc/kiosk/wrong.toml > /tmp/wrong.log 2>&1
if has /tmp/wrong.log 'line fault.*in use by spi0 CS0' && has /tmp/wrong.log '/dev/null: this is no input device'; then
    good "$(grep 'line fault' /tmp/wrong.log)"
else
    bad "$(cat /tmp/wrong.log)"
fi
