//! A printer's owner and, at the other end of a real socket or pseudo-terminal, the virtual printer.
#![allow(dead_code)]

use pickup_kiosk::device::printer::conditions::Conditions;
use pickup_kiosk::device::printer::connection::ConnectionSpec;
use pickup_kiosk::device::printer::session::PrintResult;
use pickup_kiosk::device::printer::{Options, PrinterEvent, PrinterHandle, start_with};
use pickup_kiosk::receipt::profile::Profile;
use pickup_kiosk::virtual_printer::{After, Fault, Paper, VirtualPrinter};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::AsFd;
use rustix::fs::OFlags;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Time limit, longer than any test waits.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub fn profile(name: &str) -> Profile {
    Profile::built_in(name).unwrap()
}

/// Height of [`ticket`] in mm, from its first line to its last: 12 lines of 30 dots or more.
pub const HEIGHT_MM: u32 = 45;

/// Returns a ticket: `ESC @`, some lines, a cut.
pub fn ticket(text: &str) -> Vec<u8> {
    let mut bytes = b"\x1B@".to_vec();
    for line in 0..12 {
        bytes.extend_from_slice(format!("{text} {line}\n").as_bytes());
    }
    bytes.extend_from_slice(b"\x1DVB\x00");
    bytes
}

pub struct Kiosk {
    pub handle: PrinterHandle,
    pub events: Receiver<PrinterEvent>,
}

impl Kiosk {
    pub fn new(connection: &str, profile: &Profile) -> Self {
        Self::with(connection, profile, Options::default())
    }

    pub fn with(connection: &str, profile: &Profile, options: Options) -> Self {
        let (sender, events) = channel();
        let spec = ConnectionSpec::parse(connection).unwrap();
        let handle = start_with(spec, profile, options, move |event| drop(sender.send(event))).unwrap();
        Self { handle, events }
    }

    pub fn until<T>(&self, what: &str, mut wanted: impl FnMut(PrinterEvent) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let event = self.events.recv_timeout(left).unwrap_or_else(|_| panic!("never came: {what}"));
            if let Some(found) = wanted(event) {
                return found;
            }
        }
    }

    pub fn until_conditions(&self, what: &str, wanted: impl Fn(Conditions) -> bool) {
        if !wanted(self.handle.status()) {
            self.until(what, |event| match event {
                PrinterEvent::ConditionsChanged(conditions) => wanted(conditions).then_some(()),
                _ => None,
            });
        }
    }

    pub fn ready(&self) {
        self.until_conditions("ready", Conditions::is_empty);
    }

    pub fn result(&self, of: u64) -> PrintResult {
        self.until("a result", |event| match event {
            PrinterEvent::Printed { job, result } if job == of => Some(result),
            _ => None,
        })
    }

    pub fn print(&self, text: &str) -> PrintResult {
        self.result(self.handle.print(ticket(text), HEIGHT_MM).unwrap())
    }
}

/// A virtual printer at the other end of something.
#[derive(Clone)]
pub struct Device {
    pub printer: Arc<Mutex<VirtualPrinter>>,
    pub papers: Arc<Mutex<Vec<Paper>>>,
    /// All bytes that came from the host.
    pub received: Arc<Mutex<Vec<u8>>>,
    /// Bytes that it sends first on the next connection.
    pub stale: Arc<Mutex<Vec<u8>>>,
    /// Number of bytes taken from the line at once.
    pub piece: usize,
    open: Arc<Mutex<Option<TcpStream>>>,
    plugged: Arc<AtomicBool>,
    begin: Instant,
}

impl Device {
    pub fn new(profile: &Profile) -> Self {
        let printer = VirtualPrinter::new(profile);
        // Only one that tells its name is known to have no head.
        Self::of(if profile.identify { printer } else { printer.at_best_speed(profile) })
    }

    pub fn of(printer: VirtualPrinter) -> Self {
        Self {
            printer: Arc::new(Mutex::new(printer)),
            papers: Arc::default(),
            received: Arc::default(),
            stale: Arc::default(),
            piece: 512,
            open: Arc::default(),
            plugged: Arc::new(AtomicBool::new(true)),
            begin: Instant::now(),
        }
    }

    /// Listens as a printer on port 9100 does: one host at a time.
    pub fn on_tcp(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let device = self.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                *device.open.lock().unwrap() = Some(stream.try_clone().unwrap());
                let device = device.clone();
                thread::spawn(move || {
                    let stale = std::mem::take(&mut *device.stale.lock().unwrap());
                    drop((&stream).write_all(&stale));
                    while device.serve_once(&stream, &stream, &stream) {}
                });
            }
        });
        format!("tcp:{address}")
    }

    pub fn on_pty(&self) -> String {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let path = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        // Held open, so that the master does not hang up before the kiosk comes.
        let held = rustix::fs::open(&path, OFlags::RDWR | OFlags::NOCTTY, rustix::fs::Mode::empty()).unwrap();
        let mut settings = rustix::termios::tcgetattr(&held).unwrap();
        settings.make_raw();
        rustix::termios::tcsetattr(&held, rustix::termios::OptionalActions::Now, &settings).unwrap();
        let (device, plugged) = (self.clone(), Arc::clone(&self.plugged));
        thread::spawn(move || {
            let _held = held;
            let pty = File::from(master);
            while plugged.load(Ordering::Acquire) {
                device.serve_once(&pty, &pty, &pty);
            }
        });
        path
    }

    /// Serves what comes within a moment, and what the printer does by itself. Returns false when the host is gone.
    fn serve_once(&self, line: impl AsFd, mut reader: impl Read, mut writer: impl Write) -> bool {
        let mut buffer = [0; 512];
        let mut polled = [PollFd::new(&line, PollFlags::IN)];
        let came = poll(&mut polled, Some(&Timespec { tv_sec: 0, tv_nsec: 2_000_000 })).unwrap() > 0;
        let count = if came { reader.read(&mut buffer[..self.piece]).unwrap_or(0) } else { 0 };
        if came && count == 0 {
            return false;
        }
        self.received.lock().unwrap().extend_from_slice(&buffer[..count]);
        let mut printer = self.printer.lock().unwrap();
        let mut answers = printer.advance(self.begin.elapsed());
        answers.extend(printer.feed(&buffer[..count]));
        self.papers.lock().unwrap().extend(printer.take_papers());
        drop(printer);
        writer.write_all(&answers).is_ok()
    }

    pub fn script(&self, fault: Fault, after: After) {
        assert!(self.printer.lock().unwrap().script(fault, after));
    }

    pub fn mend(&self) {
        self.printer.lock().unwrap().mend();
        self.collect();
    }

    pub fn collect(&self) {
        let papers = self.printer.lock().unwrap().take_papers();
        self.papers.lock().unwrap().extend(papers);
    }

    pub fn unplug(&self) {
        self.plugged.store(false, Ordering::Release);
        if let Some(stream) = self.open.lock().unwrap().take() {
            stream.shutdown(std::net::Shutdown::Both).unwrap();
        }
    }

    /// Returns the number of pieces on which this was printed from its first line to its last.
    pub fn whole(&self, text: &str) -> usize {
        let (first, last) = (format!("{text} 0"), format!("{text} 11"));
        let has = |paper: &Paper, line: &str| paper.lines.iter().any(|printed| printed.trim() == line);
        self.papers.lock().unwrap().iter().filter(|paper| has(paper, &first) && has(paper, &last)).count()
    }
}
