//! A scanner on a serial port, or a USB scanner that appears as one.

use super::framing::Framer;
use super::spec::Scanner;
use super::{Closed, Outlet, Presence};
use crate::device::hotplug::{self, Arrival};
use crate::device::serial_line::SerialLine;
use crate::device::serial_port::SerialPort;
use std::io;
use std::time::{Duration, Instant};

/// Largest number of bytes read at once.
const READ_BYTES: usize = 256;
/// Time after a command within which the scanner's bytes are its answer, and no code.
const ANSWER: Duration = Duration::from_millis(300);

/// Reason why reading ended.
enum End {
    Closed,
    Lost(io::Error),
}

impl From<Closed> for End {
    fn from(_: Closed) -> Self {
        Self::Closed
    }
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Self::Lost(error)
    }
}

/// Reads forever, and opens the device again whenever it is lost; ends when nobody takes events.
pub(super) fn run(line: &SerialLine, scanner: &Scanner, outlet: &Outlet) {
    let mut presence = Presence::new(line.path.display().to_string());
    loop {
        let arrival = Arrival::of(&line.path);
        let end = match SerialPort::open(line) {
            Ok(port) => match presence.back(outlet) {
                Ok(()) => serve(&port, scanner, outlet),
                Err(closed) => closed.into(),
            },
            Err(error) => End::Lost(error),
        };
        let End::Lost(lost) = end else { return };
        if presence.gone(outlet, &lost).is_err() {
            return;
        }
        hotplug::wait_for(arrival, &lost);
    }
}

fn serve(port: &SerialPort, scanner: &Scanner, outlet: &Outlet) -> End {
    if let Err(error) = set_up(port, &scanner.commands) {
        return error.into();
    }
    let Err(end) = read(port, scanner, outlet) else { return End::Closed };
    end
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
