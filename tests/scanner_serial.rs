//! Serial scanners and keypads, played by a pseudo-terminal.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use pickup_kiosk::device::gpio::Backend;
use pickup_kiosk::device::keypad::{self, KeypadEvent, KeypadSpec, PadKey};
use pickup_kiosk::device::scanner::spec::{Lock, Scanner};
use pickup_kiosk::device::scanner::{self, Scanned, ScannerEvent, ScannerSpec};
use pickup_kiosk::device::serial_line::SerialLine;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;

/// Time limit, far longer than anything here takes.
const LONG: Duration = Duration::from_secs(5);

/// Returns the scanner's end of a pseudo-terminal whose other end is at `link`.
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

/// Starts, and plugs a scanner in only then, so that what it sends next finds the port open and set up.
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
    let started = Instant::now();
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

/// Returns the bytes that the kiosk has sent to the scanner, once there are so many.
fn sent(scanner: &mut File, bytes: usize) -> Vec<u8> {
    let mut sent = vec![0; bytes];
    scanner.read_exact(&mut sent).unwrap();
    sent
}

#[tokio::test]
async fn each_start_sets_it_up_and_locks_it_and_its_answers_are_no_codes() {
    let dir = tempfile::tempdir().unwrap();
    let link = link(&dir);
    let spec = ScannerSpec::parse(&format!("serial:{}?baud=9600", link.display())).unwrap();
    let commands = vec![b"START".to_vec(), b"~\x010000#SETUPE0;\x03".to_vec()];
    let scanner = Scanner { commands: commands.clone(), lock: Lock::Sent, ..Scanner::from(spec) };
    let mut events = scanner::start_all(&[scanner]).unwrap().0;
    assert_eq!(next(&mut events).await, ScannerEvent::Gone);
    for _ in 0..2 {
        let mut scanner = plug_in(&link);
        assert_eq!(next(&mut events).await, ScannerEvent::Back);
        let scanner = tokio::task::spawn_blocking(move || {
            assert_eq!(sent(&mut scanner, 5), b"START");
            assert_eq!(sent(&mut scanner, 16), b"~\x010000#SETUPE0;\x03");
            scanner.write_all(b"\x02\x010000#SETUPE0\x06;\x03").unwrap();
            // After the time for answers is over.
            std::thread::sleep(Duration::from_millis(400));
            scanner.write_all(b"111972\r").unwrap();
            scanner
        });
        let scanner = scanner.await.unwrap();
        assert!(matches!(next(&mut events).await, ScannerEvent::Code(code) if code == "111972"));
        unplug(&link, scanner);
        assert_eq!(next(&mut events).await, ScannerEvent::Gone);
    }
}

#[tokio::test]
async fn a_thousand_codes_back_to_back_all_come() {
    let dir = tempfile::tempdir().unwrap();
    let (mut events, mut scanner) = start_and_plug_in(&link(&dir)).await;
    let writer = std::thread::spawn(move || {
        // At 115200 baud a code of 16 bytes takes 1.4 ms; a pseudo-terminal is faster than that.
        for number in 0..1_000 {
            scanner.write_all(format!("{}|WQNX8JL\r\n", 100_000 + number).as_bytes()).unwrap();
        }
        scanner
    });
    for number in 0..1_000 {
        assert!(next(&mut events).await == code(&format!("{}|WQNX8JL", 100_000 + number)), "{number}");
    }
    drop(writer.join().unwrap());
}

#[tokio::test]
async fn from_the_last_byte_to_the_workflow_it_takes_no_time() {
    let dir = tempfile::tempdir().unwrap();
    let (mut events, mut scanner) = start_and_plug_in(&link(&dir)).await;
    let mut took = Vec::new();
    for number in 0..50 {
        scanner.write_all(format!("{}", 111_972 + number).as_bytes()).unwrap();
        let began = Instant::now();
        scanner.write_all(b"\r").unwrap();
        let event = next(&mut events).await;
        took.push(began.elapsed());
        assert!(event == code(&format!("{}", 111_972 + number)));
    }
    took.sort();
    let median = took[took.len() / 2];
    println!("last byte to event: median {median:?}, most {:?}", took.last().unwrap());
    // The machine may be busy: half of them must be in time.
    assert!(median < Duration::from_millis(2), "{median:?}");
}

#[tokio::test]
async fn noise_of_every_byte_is_survived() {
    let dir = tempfile::tempdir().unwrap();
    let (mut events, mut scanner) = start_and_plug_in(&link(&dir)).await;
    let noise: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    let writer = std::thread::spawn(move || {
        scanner.write_all(&noise).unwrap();
        scanner.write_all(b"\r111972\r").unwrap();
        scanner
    });
    while next(&mut events).await != code("111972") {}
    drop(writer.join().unwrap());
}

#[tokio::test]
async fn a_serial_keypad_tells_its_keys_and_is_found_again() {
    let dir = tempfile::tempdir().unwrap();
    let link = link(&dir);
    let line = SerialLine::parse(&format!("{}?baud=9600", link.display())).unwrap();
    let (tell, mut told) = tokio::sync::mpsc::channel(64);
    let tell = move |event| tell.blocking_send(event).is_ok();
    keypad::start(KeypadSpec::Serial(line), Backend::Cdev, tell).unwrap();
    let mut next = async || timeout(LONG, told.recv()).await.expect("an event in time").expect("a thread");
    assert_eq!(next().await, KeypadEvent::Gone);
    let mut pad = plug_in(&link);
    assert_eq!(next().await, KeypadEvent::Back);
    pad.write_all(b"7w*\r\n\x08\xff!").unwrap();
    for key in [PadKey::Digit('7'), PadKey::Letter('W'), PadKey::Star, PadKey::Enter, PadKey::Back] {
        assert_eq!(next().await, KeypadEvent::Down(key));
        assert_eq!(next().await, KeypadEvent::Up(key));
    }
    unplug(&link, pad);
    assert_eq!(next().await, KeypadEvent::Gone);
}
