# gpio-sim with our wiring, a scanner that types, a USB printer: the kernel's drivers, from the far side.
scenario "devices"
G=$SIM/gpio-sim/kiosk
mkdir -p $G/bank0
echo 24 > $G/bank0/num_lines
echo kiosk-sim > $G/bank0/label
offset=0
for line in ready working slot fault buzzer door printer_power x row-1 row-2 row-3 row-4 column-1 column-2 column-3; do
    mkdir $G/bank0/line$offset
    echo "kiosk-$line" > $G/bank0/line$offset/name
    offset=$((offset + 1))
done
# The eighth line is somebody else's.
mkdir $G/bank0/line7/hog
echo "spi0 CS0" > $G/bank0/line7/hog/name
echo output-high > $G/bank0/line7/hog/direction
echo 1 > $G/live
LINES=/sys/devices/platform/$(cat $G/dev_name)/$(cat $G/bank0/chip_name)

U=$SIM/usb_gadget/printer
mkdir -p $U
echo 0x04b8 > $U/idVendor
echo 0x0202 > $U/idProduct
mkdir -p $U/strings/0x409 $U/configs/c.1/strings/0x409 $U/functions/printer.0
echo KIOSK1 > $U/strings/0x409/serialnumber
echo EPSON > $U/strings/0x409/manufacturer
echo TM-T88V > $U/strings/0x409/product
echo "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;" > $U/functions/printer.0/pnp_string
echo 10 > $U/functions/printer.0/q_len
ln -s $U/functions/printer.0 $U/configs/c.1
UDC=$(ls /sys/class/udc | head -n 1)
plug_printer() {
    echo "$UDC" > $U/UDC
    within 10 exists /dev/usb/lp0 && within 10 exists /dev/g_printer0
    player printer 5 printer /dev/g_printer0 127.0.0.1:9100 /tmp/printed.bin
    within 10 has /tmp/printer.log 'plugged in'
}
unplug_printer() {
    kill $PID_printer
    echo "" > $U/UDC
    within 10 gone /dev/usb/lp0
}
plug_scanner() {
    player scanner 4 type "Newland FM430 Barcode Scanner" 1eab 0010
    within 10 has /tmp/scanner.log 'plugged in'
}

start_cinema
plug_printer || fatal "no printer: $(cat /tmp/printer.log; ls /dev/usb /dev/g_printer0; dmesg | tail -n 5)"
plug_scanner && within 10 exists /dev/input/event0 || fatal "no scanner: $(cat /tmp/scanner.log)"
player keys 6 keys $LINES 8,9,10,11 12,13,14
good "$(cat /sys/class/usbmisc/lp0/device/ieee1284_id) $(grep -h ^N: /proc/bus/input/devices | tr '\n' ' ')"
