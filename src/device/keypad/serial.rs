//! A keypad on a serial port: one byte per key.

use super::spec::PadKey;
use super::{KeypadEvent, Outlet, Tell};
use crate::device::hotplug::presence::{End, keep_open};
use crate::device::serial_line::SerialLine;
use crate::device::serial_port::SerialPort;

/// Largest number of bytes read at once.
const READ_BYTES: usize = 64;

/// Reads forever, and opens the device again whenever it is lost; ends when nobody takes events.
pub(super) fn run<T: Tell>(line: &SerialLine, outlet: &mut Outlet<T>) {
    keep_open(&line.path, || SerialPort::open(line), outlet, read);
}

fn read<T: Tell>(port: SerialPort, outlet: &mut Outlet<T>) -> Result<(), End> {
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
            outlet.send(KeypadEvent::Down(key))?;
            outlet.send(KeypadEvent::Up(key))?;
        }
    }
}
