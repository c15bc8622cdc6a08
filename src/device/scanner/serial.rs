//! A scanner on a serial port, or a USB scanner that appears as one.

use super::framing::Framer;
use super::spec::Scanner;
use super::{DeviceOutlet, Outlet};
use crate::device::hotplug::presence::{End, keep_open};
use crate::device::serial_line::SerialLine;
use crate::device::serial_port::SerialPort;
use std::io;
use std::time::{Duration, Instant};

/// Largest number of bytes read at once.
const READ_BYTES: usize = 256;
/// Time after a command within which the scanner's bytes are its answer, and no code.
const ANSWER: Duration = Duration::from_millis(300);

/// Reads forever, and opens the device again whenever it is lost; ends when nobody takes events.
pub(super) fn run(line: &SerialLine, scanner: &Scanner, outlet: &Outlet) {
    let mut device = DeviceOutlet::new(outlet, &line.path.display());
    let open = || SerialPort::open(line);
    keep_open(&line.path, open, &mut device, |port, _| {
        set_up(&port, &scanner.commands)?;
        read(&port, scanner, outlet)
    });
}

/// Sends the commands, each with time for an answer; what is read meanwhile is dropped.
fn set_up(port: &SerialPort, commands: &[Vec<u8>]) -> io::Result<()> {
    let mut buffer = [0; READ_BYTES];
    for command in commands {
        port.send(command)?;
        let sent = Instant::now();
        while port.wait(Some(ANSWER.saturating_sub(sent.elapsed())))? {
            port.receive(&mut buffer)?;
            if sent.elapsed() >= ANSWER {
                break;
            }
        }
    }
    Ok(())
}

/// Reads until the device is lost. The part of a code that came before the plug was pulled is no code.
fn read(port: &SerialPort, scanner: &Scanner, outlet: &Outlet) -> Result<(), End> {
    let started = Instant::now();
    let mut framer = Framer::new(scanner.framing.clone());
    let mut buffer = [0; READ_BYTES];
    loop {
        let silent = framer.deadline().map(|deadline| deadline.saturating_sub(started.elapsed()));
        if port.wait(silent)? {
            let bytes = port.receive(&mut buffer)?;
            outlet.send_all(framer.push(bytes, started.elapsed()))?;
        } else {
            outlet.send_all(framer.silence(started.elapsed()))?;
        }
    }
}
