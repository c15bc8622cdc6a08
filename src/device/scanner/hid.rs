//! A USB scanner that types as a keyboard does.

use super::framing::Framer;
use super::spec::Scanner;
use super::{DeviceOutlet, Outlet};
use crate::device::hotplug::presence::{End, keep_open};
use crate::device::keyboard::layout::Layout;
use crate::device::keyboard::place::KeyboardLocation;
use crate::device::keyboard::{self, Keyboard, Stroke};
use std::time::Instant;

/// Reads forever, and opens the device again whenever it is lost; ends when nobody takes events.
pub(super) fn run(place: &KeyboardLocation, scanner: &Scanner, outlet: &Outlet) {
    let mut device = DeviceOutlet::new(outlet, place);
    let take = || Keyboard::take(place);
    keep_open(&keyboard::watched(place), take, &mut device, |keyboard, _| read(keyboard, scanner, outlet));
}

fn read(mut keyboard: Keyboard, scanner: &Scanner, outlet: &Outlet) -> Result<(), End> {
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
        outlet.send_all(framed)?;
    }
}
