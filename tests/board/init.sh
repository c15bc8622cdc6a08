#!/bin/sh
# First process of an emulated board: the kernel's own drivers, then the scenarios named on its command line.
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /tmp /state
mount -t devpts devpts /dev/pts
mount -t tmpfs tmp /tmp
for module in $(cat /etc/modules); do insmod "/lib/modules/$module" || echo "insmod $module FAILED"; done
mount -t configfs config /sys/kernel/config 2> /dev/null
ifconfig lo 127.0.0.1 up
hostname board
# A Raspberry Pi has no clock of its own.
date -s "@$(sed -n 's/.*now=\([0-9]*\).*/\1/p' /proc/cmdline)" > /dev/null
echo "BOARD $(tr -d '\0' < /proc/device-tree/model), kernel $(uname -r -m), $(cut -d' ' -f1 /proc/uptime) s after power on"
chmod 600 /etc/kiosk/*-password /etc/kiosk/*-token
. /board/lib.sh
for name in $(sed -n 's/.*scenarios=\([^ ]*\).*/\1/p' /proc/cmdline | tr , ' '); do . "/board/$name.sh"; done
echo "BOARD DONE, $(cut -d' ' -f1 /proc/uptime) s after power on"
sync
poweroff -f
