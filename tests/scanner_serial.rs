//! A serial scanner, played by a pseudo-terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use pickup_kiosk::device::scanner::{self, Scanned, ScannerEvent, ScannerSpec};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;

/// Far longer than anything here takes.
const LONG: Duration = Duration::from_secs(5);

/// The scanner's end of a pseudo-terminal whose other end is at `link`.
fn plug_in(link: &Path) -> File {
    let scanner = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&scanner).unwrap();
    unlockpt(&scanner).unwrap();
    let name = ptsname(&scanner, Vec::new()).unwrap();
    symlink(name.to_str().unwrap(), link).unwrap();
    File::from(scanner)
}

fn unplug(link: &Path, scanner: File) {
    std::fs::remove_file(link).unwrap();
    drop(scanner);
}

fn start(link: &Path) -> Receiver<Scanned> {
    let spec = ScannerSpec::parse(&format!("serial:{}?baud=9600", link.display())).unwrap();
    scanner::start_all(&[spec.into()]).unwrap().0
}

/// A scanner that is plugged in only now, so that what it sends next finds the port open and set up.
async fn start_and_plug_in(link: &Path) -> (Receiver<Scanned>, File) {
    let mut events = start(link);
    assert_eq!(next(&mut events).await, ScannerEvent::Gone);
    let scanner = plug_in(link);
    assert_eq!(next(&mut events).await, ScannerEvent::Back);
    (events, scanner)
}

fn link(dir: &tempfile::TempDir) -> PathBuf {
    dir.path().join("ttyACM0")
}

async fn next(events: &mut Receiver<Scanned>) -> ScannerEvent {
    let scanned = timeout(LONG, events.recv()).await.expect("an event in time").expect("a thread");
    assert_eq!(scanned.scanner, 0);
    scanned.event
}

fn code(text: &str) -> ScannerEvent {
    ScannerEvent::Code(text.into())
}

#[tokio::test]
async fn codes_come_through_byte_for_byte() {
    let dir = tempfile::tempdir().unwrap();
    let (mut events, mut scanner) = start_and_plug_in(&link(&dir)).await;
    scanner.write_all(b"111972|WQNX8JL\r\n0000000000111972\r").unwrap();
    assert!(next(&mut events).await == code("111972|WQNX8JL"));
    assert!(next(&mut events).await == code("0000000000111972"));
    // Control bytes mean nothing to the line: no echo, no end of file, no interrupt.
    scanner.write_all(b"\x03\x04\x1a\x11\x13\x7fA\r").unwrap();
    assert!(next(&mut events).await == code("\x03\x04\x1a\x11\x13\x7fA"));
    // Without an end, silence ends it.
    scanner.write_all(b"WQNX8JL").unwrap();
    assert!(next(&mut events).await == code("WQNX8JL"));
}

#[tokio::test]
async fn ten_megabytes_on_a_line_are_one_refusal() {
    let dir = tempfile::tempdir().unwrap();
    let (mut events, mut scanner) = start_and_plug_in(&link(&dir)).await;
    let writer = std::thread::spawn(move || {
        for _ in 0..10_000 {
            scanner.write_all(&[b'7'; 1000]).unwrap();
        }
        scanner.write_all(b"\r111972\r").unwrap();
        scanner
    });
    assert_eq!(next(&mut events).await, ScannerEvent::TooLong);
    assert!(next(&mut events).await == code("111972"));
    drop(writer.join().unwrap());
}

#[tokio::test]
async fn a_scanner_that_is_unplugged_is_found_again() {
    let dir = tempfile::tempdir().unwrap();
    let link = link(&dir);
    let (mut events, mut scanner) = start_and_plug_in(&link).await;
    scanner.write_all(b"111972\r").unwrap();
    assert!(next(&mut events).await == code("111972"));
    // Half a code, and the plug is pulled.
    scanner.write_all(b"2222").unwrap();
    unplug(&link, scanner);
    assert_eq!(next(&mut events).await, ScannerEvent::Gone);
    let started = std::time::Instant::now();
    let mut scanner = plug_in(&link);
    assert_eq!(next(&mut events).await, ScannerEvent::Back);
    assert!(started.elapsed() < Duration::from_secs(2));
    scanner.write_all(b"3333\r").unwrap();
    assert!(next(&mut events).await == code("3333"));
}

#[test]
fn probing_says_whether_the_device_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let spec = ScannerSpec::parse(&format!("serial:{}", link(&dir).display())).unwrap();
    assert!(scanner::probe(&spec).is_err());
    let plugged = plug_in(&link(&dir));
    scanner::probe(&spec).unwrap();
    drop(plugged);
    std::fs::remove_file(link(&dir)).unwrap();
    std::fs::write(link(&dir), "no terminal").unwrap();
    assert!(scanner::probe(&spec).is_err());
}
