//! A USB scanner that types as a keyboard does.

use super::framing::Framer;
use super::spec::Scanner;
use super::{Closed, Outlet, Presence};
use crate::device::hotplug::{self, Arrival};
use crate::device::keyboard::layout::Layout;
use crate::device::keyboard::place::KeyboardLocation;
use crate::device::keyboard::{self, Keyboard, Stroke};
use std::io;
use std::time::Instant;

/// Reads forever, and opens the device again whenever it is lost; ends when nobody takes events.
pub(super) fn run(place: &KeyboardLocation, scanner: &Scanner, outlet: &Outlet) {
    let mut presence = Presence::new(place.to_string());
    loop {
        let arrival = Arrival::of(&keyboard::watched(place));
        let lost = match Keyboard::take(place) {
            Ok(mut keyboard) => {
                if presence.back(outlet).is_err() {
                    return;
                }
                match read(&mut keyboard, scanner, outlet) {
                    Ok(Closed) => return,
                    Err(error) => error,
                }
            }
            Err(error) => error,
        };
        if presence.gone(outlet, &lost).is_err() {
            return;
        }
        hotplug::wait_for(arrival, &lost);
    }
}

/// Reads until the device is lost, or nobody takes events.
fn read(keyboard: &mut Keyboard, scanner: &Scanner, outlet: &Outlet) -> io::Result<Closed> {
    let started = Instant::now();
    let mut framer = Framer::new(scanner.framing.clone());
    let mut layout = Layout::default();
    loop {
        let silent = framer.deadline().map(|deadline| deadline.saturating_sub(started.elapsed()));
        let strokes = keyboard.strokes(silent)?;
        let now = started.elapsed();
        let mut framed: Vec<_> = framer.silence(now).into_iter().collect();
        for stroke in strokes {
            if stroke == Stroke::Lost {
                framed.extend(framer.spoil(now));
            }
            if let Some(typed) = layout.stroke(stroke) {
                framed.extend(framer.push(typed.encode_utf8(&mut [0; 4]).as_bytes(), now));
            }
        }
        if outlet.send_all(framed).is_err() {
            return Ok(Closed);
        }
    }
}
