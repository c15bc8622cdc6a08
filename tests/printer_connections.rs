//! The printer's owner on real sockets, pseudo-terminals and in this process, against the virtual printer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use pickup_kiosk::device::printer::conditions::{Condition, Conditions};
use pickup_kiosk::device::printer::connection::ConnectionSpec;
use pickup_kiosk::device::printer::session::{PrintResult, Why};
use pickup_kiosk::device::printer::{PrintRefused, PrinterEvent, PrinterHandle, start};
use pickup_kiosk::receipt::compose::{Mark, Order, QrPolicy};
use pickup_kiosk::receipt::escpos::encode;
use pickup_kiosk::receipt::image::{After, Fault, Paper, VirtualPrinter};
use pickup_kiosk::receipt::layout::Layout;
use pickup_kiosk::receipt::profile::{BUILT_IN, Profile};
use pickup_kiosk::receipt::sample::sample_ticket;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
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

const PATIENCE: Duration = Duration::from_secs(10);

fn profile(name: &str) -> Profile {
    Profile::built_in(name).unwrap()
}

/// `ESC @`, some lines, a cut.
fn ticket(text: &str) -> Vec<u8> {
    let mut bytes = b"\x1B@".to_vec();
    for line in 0..12 {
        bytes.extend_from_slice(format!("{text} {line}\n").as_bytes());
    }
    bytes.extend_from_slice(b"\x1DVB\x00");
    bytes
}

struct Kiosk {
    handle: PrinterHandle,
    events: Receiver<PrinterEvent>,
}

impl Kiosk {
    fn new(connection: &str, profile: &Profile) -> Self {
        let (sender, events) = channel();
        let spec = ConnectionSpec::parse(connection).unwrap();
        let handle = start(spec, profile, move |event| drop(sender.send(event))).unwrap();
        Self { handle, events }
    }

    fn until<T>(&self, what: &str, mut wanted: impl FnMut(PrinterEvent) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let event = self.events.recv_timeout(left).unwrap_or_else(|_| panic!("never came: {what}"));
            if let Some(found) = wanted(event) {
                return found;
            }
        }
    }

    fn until_conditions(&self, what: &str, wanted: impl Fn(Conditions) -> bool) {
        if !wanted(self.handle.status()) {
            self.until(what, |event| match event {
                PrinterEvent::ConditionsChanged(conditions) => wanted(conditions).then_some(()),
                _ => None,
            });
        }
    }

    fn ready(&self) {
        self.until_conditions("ready", Conditions::is_empty);
    }

    fn result(&self, of: u64) -> PrintResult {
        self.until("a result", |event| match event {
            PrinterEvent::Printed { job, result } if job == of => Some(result),
            _ => None,
        })
    }

    fn print(&self, text: &str) -> PrintResult {
        self.result(self.handle.print(ticket(text)).unwrap())
    }
}

/// A virtual printer at the other end of something.
#[derive(Clone)]
struct Device {
    printer: Arc<Mutex<VirtualPrinter>>,
    papers: Arc<Mutex<Vec<Paper>>>,
    open: Arc<Mutex<Option<TcpStream>>>,
    plugged: Arc<AtomicBool>,
}

impl Device {
    fn new(profile: &Profile) -> Self {
        Self {
            printer: Arc::new(Mutex::new(VirtualPrinter::new(profile))),
            papers: Arc::default(),
            open: Arc::default(),
            plugged: Arc::new(AtomicBool::new(true)),
        }
    }

    /// As a printer on port 9100 does: one host at a time.
    fn on_tcp(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let device = self.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                *device.open.lock().unwrap() = Some(stream.try_clone().unwrap());
                let device = device.clone();
                thread::spawn(move || while device.serve_once(&stream, &stream) {});
            }
        });
        format!("tcp:{address}")
    }

    fn on_pty(&self) -> String {
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
                let mut polled = [PollFd::new(&pty, PollFlags::IN)];
                if poll(&mut polled, Some(&Timespec { tv_sec: 0, tv_nsec: 20_000_000 })).unwrap() > 0 {
                    device.serve_once(&pty, &pty);
                }
            }
        });
        path
    }

    /// False: the host is gone.
    fn serve_once(&self, mut reader: impl Read, mut writer: impl Write) -> bool {
        let mut buffer = [0; 512];
        let Ok(count @ 1..) = reader.read(&mut buffer) else { return false };
        let mut printer = self.printer.lock().unwrap();
        let answers = printer.feed(&buffer[..count]);
        self.papers.lock().unwrap().extend(printer.take_papers());
        drop(printer);
        writer.write_all(&answers).is_ok()
    }

    fn script(&self, fault: Fault, after: After) {
        assert!(self.printer.lock().unwrap().script(fault, after));
    }

    fn mend(&self) {
        self.printer.lock().unwrap().mend();
        self.collect();
    }

    fn collect(&self) {
        let papers = self.printer.lock().unwrap().take_papers();
        self.papers.lock().unwrap().extend(papers);
    }

    fn unplug(&self) {
        self.plugged.store(false, Ordering::Release);
        if let Some(stream) = self.open.lock().unwrap().take() {
            stream.shutdown(std::net::Shutdown::Both).unwrap();
        }
    }

    /// The pieces on which this was printed from its first line to its last.
    fn whole(&self, text: &str) -> usize {
        let (first, last) = (format!("{text} 0"), format!("{text} 11"));
        let has = |paper: &Paper, line: &str| paper.lines.iter().any(|printed| printed.trim() == line);
        self.papers.lock().unwrap().iter().filter(|paper| has(paper, &first) && has(paper, &last)).count()
    }
}

#[test]
fn tickets_over_tcp_are_confirmed_one_by_one_and_the_printer_says_that_it_is_virtual() {
    for name in ["epson-tm-t88", "xprinter-80", "generic-80"] {
        let profile = profile(name);
        let device = Device::new(&profile);
        let kiosk = Kiosk::new(&device.on_tcp(), &profile);
        kiosk.ready();
        for text in ["one", "two", "three"] {
            assert_eq!(kiosk.print(text), PrintResult::Confirmed, "{name}");
            assert_eq!(device.whole(text), 1, "{name}: confirmed means that the paper is there");
        }
        assert_eq!(kiosk.handle.is_virtual(), profile.identify, "{name}");
        kiosk.handle.stop();
    }
}

#[test]
fn tickets_over_a_serial_line_are_confirmed() {
    for name in ["epson-tm-t88", "generic-58"] {
        let profile = profile(name);
        let device = Device::new(&profile);
        let path = device.on_pty();
        let kiosk = Kiosk::new(&format!("serial:{path}?baud=115200&flow=none"), &profile);
        kiosk.ready();
        assert_eq!(kiosk.print("serial"), PrintResult::Confirmed, "{name}");
        assert_eq!(device.whole("serial"), 1, "{name}");
    }
}

#[test]
fn tickets_over_a_device_as_usblp_gives_it_are_confirmed() {
    let profile = profile("epson-tm-t88");
    let device = Device::new(&profile);
    let kiosk = Kiosk::new(&format!("usb:{}", device.on_pty()), &profile);
    kiosk.ready();
    assert_eq!(kiosk.print("usb"), PrintResult::Confirmed);
    assert_eq!(device.whole("usb"), 1);
}

#[test]
fn tickets_into_a_folder_are_there_when_they_are_confirmed_and_it_is_ready_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let begin = Instant::now();
    for (round, name) in ["epson-tm-t88", "generic-80", "generic-58"].into_iter().enumerate() {
        let kiosk = Kiosk::new(&format!("image:{}", folder.path().display()), &profile(name));
        kiosk.ready();
        assert!(kiosk.handle.is_virtual());
        assert_eq!(kiosk.print("picture"), PrintResult::Confirmed, "{name}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), round + 1, "{name}");
    }
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
}

#[test]
fn a_folder_that_takes_no_paper_confirms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("t");
    let kiosk = Kiosk::new(&format!("image:{}", inside.display()), &profile("epson-tm-t88"));
    kiosk.ready();
    std::fs::remove_dir(&inside).unwrap();
    assert_eq!(kiosk.print("lost"), PrintResult::Uncertain(Why::During(Condition::Disconnected)));
}

#[test]
fn paper_out_in_mid_ticket_then_a_refill_then_the_next_ticket() {
    for name in ["epson-tm-t88", "generic-80"] {
        let profile = profile(name);
        let device = Device::new(&profile);
        let kiosk = Kiosk::new(&device.on_tcp(), &profile);
        kiosk.ready();
        device.script(Fault::PaperOut, After::Rows(120));
        assert_eq!(kiosk.print("first"), PrintResult::Uncertain(Why::During(Condition::PaperOut)), "{name}");
        let refused = kiosk.print("second");
        assert!(
            matches!(refused, PrintResult::NotStarted(why) if why.contains(Condition::PaperOut)),
            "{name}"
        );
        device.mend();
        let begin = Instant::now();
        kiosk.ready();
        assert!(begin.elapsed() < Duration::from_secs(2), "{name}: {:?}", begin.elapsed());
        assert_eq!(kiosk.print("third"), PrintResult::Confirmed, "{name}");
        assert_eq!(
            [device.whole("first"), device.whole("second"), device.whole("third")],
            [0, 0, 1],
            "{name}"
        );
    }
}

#[test]
fn the_real_ticket_of_every_profile_is_confirmed_with_its_code_on_it() {
    for (name, _) in BUILT_IN {
        let profile = profile(name);
        let zone = jiff::tz::TimeZone::UTC;
        let order = Order {
            profile: &profile,
            zone: &zone,
            mark: Mark::Original,
            sample: true,
            qr: QrPolicy::Verbatim,
        };
        let document = Layout::built_in_for(&profile).unwrap().ticket(&sample_ticket(), &order).unwrap();
        let bytes = encode(&document, &profile).unwrap();
        assert!(bytes.starts_with(b"\x1B@"), "{name}: automatic status is switched on right behind it");
        let device = Device::new(&profile);
        let kiosk = Kiosk::new(&device.on_tcp(), &profile);
        kiosk.ready();
        let job = kiosk.handle.print(bytes).unwrap();
        assert_eq!(kiosk.result(job), PrintResult::Confirmed, "{name}");
        let papers = device.papers.lock().unwrap();
        let codes: Vec<_> = papers.iter().flat_map(|paper| &paper.codes).collect();
        assert_eq!(codes, [sample_ticket().info_code.as_bytes()], "{name}");
    }
}

#[test]
fn unplugged_and_back_and_the_next_ticket_prints() {
    let profile = profile("epson-tm-t88");
    let device = Device::new(&profile);
    let kiosk = Kiosk::new(&device.on_tcp(), &profile);
    kiosk.ready();
    device.unplug();
    kiosk.until_conditions("disconnected", |conditions| conditions.contains(Condition::Disconnected));
    kiosk.ready();
    assert_eq!(kiosk.print("after"), PrintResult::Confirmed);
    assert_eq!(device.whole("after"), 1);
}

#[test]
fn a_serial_or_usb_device_pulled_out_in_mid_ticket_and_put_back_in() {
    let profile = profile("epson-tm-t88");
    let folder = tempfile::tempdir().unwrap();
    for kind in ["serial", "usb"] {
        // As udev does: a name that stays.
        let name = folder.path().join(kind);
        let first = Device::new(&profile);
        std::os::unix::fs::symlink(first.on_pty(), &name).unwrap();
        let kiosk = Kiosk::new(&format!("{kind}:{}", name.display()), &profile);
        kiosk.ready();
        first.script(Fault::FenceLost, After::Now);
        let job = kiosk.handle.print(ticket("pulled")).unwrap();
        while first.whole("pulled") == 0 {
            thread::sleep(Duration::from_millis(5));
        }
        first.unplug();
        let result = kiosk.result(job);
        assert_eq!(result, PrintResult::Uncertain(Why::During(Condition::Disconnected)), "{kind}");
        let second = Device::new(&profile);
        std::fs::remove_file(&name).unwrap();
        std::os::unix::fs::symlink(second.on_pty(), &name).unwrap();
        kiosk.ready();
        assert_eq!(kiosk.print("again"), PrintResult::Confirmed, "{kind}");
        assert_eq!(second.whole("again"), 1, "{kind}");
    }
}

#[test]
fn a_silent_printer_over_tcp_gets_no_ticket() {
    let profile = profile("generic-80");
    let device = Device::new(&profile);
    device.script(Fault::Silent, After::Now);
    let kiosk = Kiosk::new(&device.on_tcp(), &profile);
    kiosk.until_conditions("not answering", |conditions| conditions.contains(Condition::NotAnswering));
    assert!(matches!(kiosk.print("never"), PrintResult::NotStarted(_)));
    device.collect();
    assert_eq!(device.whole("never"), 0);
    device.mend();
    kiosk.ready();
}

#[test]
fn nobody_there_is_a_condition_and_the_owner_stops_when_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    for connection in [format!("tcp:{address}"), "usb:/dev/usb/lp-none".into(), "serial:/dev/tty-none".into()]
    {
        let kiosk = Kiosk::new(&connection, &profile("epson-tm-t88"));
        let result = kiosk.print("nobody");
        assert_eq!(result, PrintResult::NotStarted(Condition::Disconnected.into()), "{connection}");
        let too_long = kiosk.handle.print(vec![0; (1 << 20) + 1]);
        assert!(matches!(too_long, Err(PrintRefused::TooLong { .. })));
        let begin = Instant::now();
        kiosk.handle.stop();
        assert!(begin.elapsed() < Duration::from_millis(900), "{connection}");
    }
}

#[test]
fn a_regular_file_is_no_usb_printer() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let kiosk = Kiosk::new(&format!("usb:{}", file.path().display()), &profile("epson-tm-t88"));
    assert!(matches!(kiosk.print("x"), PrintResult::NotStarted(_)));
    assert_eq!(std::fs::read(file.path()).unwrap(), b"");
}
