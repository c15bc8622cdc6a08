//! A keypad on a serial port: one byte per key.

use super::spec::PadKey;
use super::{Closed, KeypadEvent, Outlet, Tell};
use crate::device::hotplug::{self, Arrival};
use crate::device::serial_line::SerialLine;
use crate::device::serial_port::SerialPort;
use std::io;

/// Largest number of bytes read at once.
const READ_BYTES: usize = 64;

/// Reads forever, and opens the device again whenever it is lost; ends when nobody takes events.
pub(super) fn run<T: Tell>(line: &SerialLine, outlet: &mut Outlet<T>) -> Closed {
    loop {
        let arrival = Arrival::of(&line.path);
        let lost = match SerialPort::open(line) {
            Ok(port) => match outlet.back().map(|()| read(&port, outlet)) {
                Ok(Err(error)) => error,
                Ok(Ok(Closed)) | Err(Closed) => return Closed,
            },
            Err(error) => error,
        };
        if outlet.gone(&lost).is_err() {
            return Closed;
        }
        hotplug::wait_for(arrival, &lost);
    }
}

fn read<T: Tell>(port: &SerialPort, outlet: &mut Outlet<T>) -> io::Result<Closed> {
    let mut buffer = [0; READ_BYTES];
    let mut before = 0;
    loop {
        port.wait(None)?;
        for byte in port.receive(&mut buffer)? {
            // CR LF is one Enter.
            let second_half = *byte == b'\n' && before == b'\r';
            before = *byte;
            let Some(key) = PadKey::typed(char::from(*byte)).filter(|_| !second_half) else { continue };
            // A pad that sends characters doesn't report the release of a key.
            if outlet.send(KeypadEvent::Down(key)).and_then(|()| outlet.send(KeypadEvent::Up(key))).is_err() {
                return Ok(Closed);
            }
        }
    }
}
