//! A USB scanner that types.

use crate::Done;
use evdev::uinput::VirtualDevice;
use evdev::{AttributeSet, BusType, InputId, KeyCode, KeyEvent};
use std::sync::mpsc::Receiver;
use std::time::Duration;

/// Interval at which a USB keyboard is asked for its keys; each change is a report.
const REPORT: Duration = Duration::from_millis(1);

const ROWS: [(u16, &str, &str); 5] = [
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
];

/// The keys of a numeric pad, as linux/input-event-codes.h numbers them. Its slash stands for #.
const PAD: [(u16, char); 14] = [
    (82, '0'),
    (79, '1'),
    (80, '2'),
    (81, '3'),
    (75, '4'),
    (76, '5'),
    (77, '6'),
    (71, '7'),
    (72, '8'),
    (73, '9'),
    (55, '*'),
    (98, '#'),
    (96, 'E'),
    (14, '<'),
];
/// Time for which a finger is down, and then up.
const FINGER: Duration = Duration::from_millis(60);

fn plug_in(
    name: &str,
    vendor: &str,
    product: &str,
    codes: impl Iterator<Item = u16>,
) -> Result<VirtualDevice, Box<dyn std::error::Error>> {
    let hex = |text: &str| u16::from_str_radix(text, 16);
    let mut keys = AttributeSet::<KeyCode>::new();
    codes.for_each(|code| keys.insert(KeyCode(code)));
    let device = VirtualDevice::builder()?
        .name(name)
        .input_id(InputId::new(BusType::BUS_USB, hex(vendor)?, hex(product)?, 1))
        .with_keys(&keys)?
        .build()?;
    println!("plugged in");
    Ok(device)
}

pub fn pad(name: &str, vendor: &str, product: &str, orders: &Receiver<String>) -> Done {
    let mut device = plug_in(name, vendor, product, PAD.iter().map(|(code, _)| *code))?;
    for keys in orders {
        for key in keys.chars() {
            let code = PAD.iter().find(|(_, label)| *label == key).ok_or("no such key")?.0;
            for value in [1, 0] {
                device.emit(&[*KeyEvent::new(KeyCode(code), value)])?;
                std::thread::sleep(FINGER);
            }
        }
        println!("pressed {} keys", keys.len());
    }
    Ok(())
}

pub fn run(name: &str, vendor: &str, product: &str, orders: &Receiver<String>) -> Done {
    let mut device = plug_in(name, vendor, product, 1..128)?;
    for text in orders {
        for character in text.chars() {
            let (code, shift) = find(character).ok_or("no key for this character")?;
            if shift {
                report(&mut device, KeyCode::KEY_LEFTSHIFT, 1)?;
            }
            press(&mut device, KeyCode(code))?;
            if shift {
                report(&mut device, KeyCode::KEY_LEFTSHIFT, 0)?;
            }
        }
        std::thread::sleep(REPORT);
        let now = crate::milliseconds();
        device.emit(&[*KeyEvent::new(KeyCode::KEY_ENTER, 1)])?;
        report(&mut device, KeyCode::KEY_ENTER, 0)?;
        println!("{now:.3} typed {} characters", text.chars().count());
    }
    Ok(())
}

fn press(device: &mut VirtualDevice, key: KeyCode) -> std::io::Result<()> {
    report(device, key, 1)?;
    report(device, key, 0)
}

fn report(device: &mut VirtualDevice, key: KeyCode, value: i32) -> std::io::Result<()> {
    std::thread::sleep(REPORT);
    device.emit(&[*KeyEvent::new(key, value)])
}

fn find(character: char) -> Option<(u16, bool)> {
    ROWS.iter().find_map(|(first, plain, shifted)| {
        let at = |row: &str| row.chars().position(|c| c == character);
        let (at, shift) = at(plain).map(|at| (at, false)).or_else(|| at(shifted).map(|at| (at, true)))?;
        Some((first + u16::try_from(at).ok()?, shift))
    })
}
