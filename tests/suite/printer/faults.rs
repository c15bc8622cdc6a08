//! One test named for each physical fault of a printer, on real sockets and pseudo-terminals.

use crate::kit::printer as printer_kit;

use pickup_kiosk::device::printer::conditions::{Condition, Conditions};
use pickup_kiosk::device::printer::session::{PrintResult, ProfileMismatch, UncertainReason};
use pickup_kiosk::device::printer::{Options, PrinterEvent, UsbPlaces};
use pickup_kiosk::virtual_printer::{After, Fault, VirtualPrinter};
use printer_kit::{Device, HEIGHT_MM, Kiosk, profile, ticket};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn paper_out_in_mid_ticket_then_a_refill_then_the_next_ticket() {
    for name in ["epson-tm-t88", "generic-80"] {
        let profile = profile(name);
        let device = Device::new(&profile);
        let kiosk = Kiosk::new(&device.on_tcp(), &profile);
        kiosk.ready();
        device.script(Fault::PaperOut, After::Rows(120));
        assert_eq!(
            kiosk.print("first"),
            PrintResult::Uncertain(UncertainReason::During(Condition::PaperOut)),
            "{name}"
        );
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
fn silent_it_gets_no_ticket() {
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
fn low_paper_is_told_and_tickets_go_on() {
    let profile = profile("xprinter-80");
    let device = Device::new(&profile);
    let kiosk = Kiosk::new(&device.on_tcp(), &profile);
    kiosk.ready();
    device.script(Fault::PaperLow, After::Bytes(100));
    assert_eq!(kiosk.print("low"), PrintResult::Confirmed);
    kiosk.until_conditions("paper low", |conditions| conditions == Condition::PaperLow.into());
    assert_eq!(kiosk.print("lower"), PrintResult::Confirmed);
    assert_eq!([device.whole("low"), device.whole("lower")], [1, 1]);
}

#[test]
fn cover_opened_in_mid_ticket_and_closed_again() {
    for name in ["epson-tm-t88", "generic-58", "custom-vkp80"] {
        let profile = profile(name);
        let device = Device::new(&profile);
        let kiosk = Kiosk::new(&format!("usb:{}", device.on_pty()), &profile);
        kiosk.ready();
        device.script(Fault::CoverOpen, After::Rows(120));
        assert_eq!(
            kiosk.print("open"),
            PrintResult::Uncertain(UncertainReason::During(Condition::CoverOpen)),
            "{name}"
        );
        device.mend();
        kiosk.ready();
        assert_eq!(kiosk.print("next"), PrintResult::Confirmed, "{name}");
        assert_eq!(device.whole("next"), 1, "{name}");
    }
}

#[test]
fn cutter_jammed_is_freed_by_one_try() {
    let profile = profile("epson-tm-t88");
    let device = Device::new(&profile);
    let kiosk = Kiosk::new(&device.on_tcp(), &profile);
    kiosk.ready();
    device.script(Fault::CutterStuck { recoverable: true }, After::Now);
    assert_eq!(
        kiosk.print("jammed"),
        PrintResult::Uncertain(UncertainReason::During(Condition::CutterFault))
    );
    // Nobody comes to mend it.
    kiosk.ready();
    assert_eq!(kiosk.print("next"), PrintResult::Confirmed);
    assert_eq!(device.whole("next"), 1);
}

#[test]
fn cutter_jammed_for_good_is_tried_once_and_then_reported() {
    let profile = profile("epson-tm-t88");
    let device = Device::new(&profile);
    let kiosk = Kiosk::new(&device.on_tcp(), &profile);
    kiosk.ready();
    device.script(Fault::CutterStuck { recoverable: false }, After::Now);
    assert_eq!(
        kiosk.print("jammed"),
        PrintResult::Uncertain(UncertainReason::During(Condition::CutterFault))
    );
    kiosk.until_conditions("a fault", |conditions| conditions.contains(Condition::CutterFault));
    thread::sleep(Duration::from_millis(2_500));
    assert!(kiosk.handle.status().stops_printing());
    let tries = device.received.lock().unwrap().windows(3).filter(|at| *at == [0x10, 0x05, 2]).count();
    assert!(tries <= 1, "{tries}");
    device.mend();
    kiosk.ready();
}

#[test]
fn powered_off_and_on_over_tcp() {
    let profile = profile("epson-tm-t88");
    let device = Device::new(&profile);
    let kiosk = Kiosk::new(&device.on_tcp(), &profile);
    kiosk.ready();
    device.script(Fault::FenceLost, After::Now);
    let job = kiosk.handle.print(ticket("before"), HEIGHT_MM).unwrap();
    while device.whole("before") == 0 {
        thread::sleep(Duration::from_millis(5));
    }
    device.printer.lock().unwrap().power_cycle();
    device.unplug();
    assert_eq!(kiosk.result(job), PrintResult::Uncertain(UncertainReason::During(Condition::Disconnected)));
    let begin = Instant::now();
    kiosk.ready();
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    assert_eq!(kiosk.print("after"), PrintResult::Confirmed);
}

/// USB bus as the kernel shows it: its devices by their numbers.
struct Bus(tempfile::TempDir);

impl Bus {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn plug(&self, name: &str, serial: &str, device: &Path) {
        let interface = self.path(name).join("1-1:1.0");
        fs::create_dir_all(&interface).unwrap();
        for (file, text) in [("idVendor", "04b8"), ("idProduct", "0202"), ("serial", serial)] {
            fs::write(self.path(name).join(file), format!("{text}\n")).unwrap();
        }
        fs::create_dir_all(self.path("class").join(name)).unwrap();
        fs::create_dir_all(self.path("nodes")).unwrap();
        symlink(interface, self.path("class").join(name).join("device")).unwrap();
        symlink(device, self.path("nodes").join(name)).unwrap();
    }

    fn unplug(&self, name: &str) {
        fs::remove_file(self.path("nodes").join(name)).unwrap();
        fs::remove_dir_all(self.path("class").join(name)).unwrap();
        fs::remove_dir_all(self.path(name)).unwrap();
    }
}

#[test]
fn a_usb_printer_switched_off_and_on_is_found_again_under_another_number_within_five_seconds() {
    let profile = profile("epson-tm-t88");
    let bus = Bus(tempfile::tempdir().unwrap());
    let usb = UsbPlaces { class: bus.path("class"), nodes: bus.path("nodes") };
    for connection in ["usb:04b8:0202:A1".to_owned(), format!("usb:{}", bus.path("nodes/lp0").display())] {
        let first = Device::new(&profile);
        bus.plug("lp0", "A1", Path::new(&first.on_pty()));
        let kiosk = Kiosk::with(&connection, &profile, Options { usb: usb.clone(), ..Options::default() });
        kiosk.ready();
        assert_eq!(kiosk.print("before"), PrintResult::Confirmed, "{connection}");
        bus.unplug("lp0");
        first.unplug();
        kiosk.until_conditions("gone", |conditions| conditions.contains(Condition::Disconnected));
        // Another printer comes to the old number, ours to a new one.
        let (other, second) = (Device::new(&profile), Device::new(&profile));
        bus.plug("lp0", "B2", Path::new(&other.on_pty()));
        bus.plug("lp3", "A1", Path::new(&second.on_pty()));
        let begin = Instant::now();
        kiosk.ready();
        assert!(begin.elapsed() < Duration::from_secs(5), "{connection}: {:?}", begin.elapsed());
        assert_eq!(kiosk.print("after"), PrintResult::Confirmed, "{connection}");
        assert_eq!([second.whole("after"), other.whole("after")], [1, 0], "{connection}");
        kiosk.handle.stop();
        bus.unplug("lp0");
        bus.unplug("lp3");
    }
}

#[test]
fn slow_a_ticket_that_takes_eight_seconds_is_confirmed_all_the_same() {
    let profile = profile("generic-80");
    // 12 lines of 30 rows, and the cut.
    let device = Device::of(VirtualPrinter::new(&profile).slowed(45, Duration::from_millis(500)));
    let kiosk = Kiosk::new(&device.on_tcp(), &profile);
    kiosk.ready();
    let begin = Instant::now();
    assert_eq!(kiosk.print("slow"), PrintResult::Confirmed);
    assert!(begin.elapsed() > Duration::from_secs(8), "{:?}", begin.elapsed());
    assert_eq!(device.whole("slow"), 1);
}

#[test]
fn a_buffer_of_45_bytes_is_never_overrun() {
    let print = |flow: &str| {
        let mut profile = profile("generic-80");
        profile.buffer_bytes = 45;
        let slow = VirtualPrinter::new(&profile).slowed(1_600, Duration::from_millis(100));
        let mut device = Device::of(slow.buffered(45, flow == "xonxoff"));
        device.piece = 4;
        let kiosk = Kiosk::new(&format!("serial:{}?baud=115200&flow={flow}", device.on_pty()), &profile);
        kiosk.ready();
        let result = kiosk.print("small");
        let lost = device.printer.lock().unwrap().lost_bytes();
        (result, lost, device.whole("small"))
    };
    // On a busy machine the printer here reads late, and a pseudo-terminal then holds what no wire would.
    let mut told = Vec::new();
    for _ in 0..5 {
        told.push(print("xonxoff"));
        if told.last() == Some(&(PrintResult::Confirmed, 0, 1)) {
            break;
        }
    }
    assert_eq!(told.last(), Some(&(PrintResult::Confirmed, 0, 1)), "{told:?}");
    // The same without flow control, which `check` refuses: this test can fail.
    assert!(print("none").1 > 0);
}

#[test]
fn a_port_that_tells_no_dsr_is_refused_by_name() {
    let profile = profile("generic-80");
    let device = Device::new(&profile);
    let kiosk = Kiosk::new(&format!("serial:{}?flow=dtrdsr", device.on_pty()), &profile);
    assert_eq!(kiosk.print("never"), PrintResult::NotStarted(Condition::Disconnected.into()));
}

#[test]
fn half_a_status_reply_is_no_answer_and_the_next_is_read() {
    for name in ["epson-tm-t88", "generic-80", "custom-vkp80"] {
        let profile = profile(name);
        let device = Device::new(&profile);
        let kiosk = Kiosk::new(&device.on_tcp(), &profile);
        kiosk.ready();
        // Of a byte, half is that byte; of the fence, the automatic and the full status it is not.
        device.script(Fault::HalfReply, After::Bytes(150));
        let result = kiosk.print("half");
        if result == PrintResult::Confirmed {
            assert_eq!(device.whole("half"), 1, "{name}");
        }
        kiosk.ready();
        assert_eq!(kiosk.print("next"), PrintResult::Confirmed, "{name}");
        assert_eq!(device.whole("next"), 1, "{name}");
    }
}

#[test]
fn status_of_the_old_job_after_reconnect_confirms_nothing() {
    for name in ["epson-tm-t88", "generic-80"] {
        let profile = profile(name);
        let device = Device::new(&profile);
        let kiosk = Kiosk::new(&device.on_tcp(), &profile);
        kiosk.ready();
        // The paper ends before the cut; the answer to the ticket's fence comes on the next connection.
        device.script(Fault::FenceLost, After::Now);
        let job = kiosk.handle.print(ticket("old"), HEIGHT_MM).unwrap();
        while device.whole("old") == 0 {
            thread::sleep(Duration::from_millis(5));
        }
        let received = device.received.lock().unwrap().clone();
        let fence = received.windows(11).rfind(|at| at.starts_with(b"\x1D(H\x06\x00\x30\x30"));
        let late = match fence {
            Some(fence) => [b"\x37\x22", &fence[7..], b"\x00"].concat(),
            None => vec![0x00],
        };
        *device.stale.lock().unwrap() = late;
        device.unplug();
        assert_eq!(
            kiosk.result(job),
            PrintResult::Uncertain(UncertainReason::During(Condition::Disconnected)),
            "{name}"
        );
        kiosk.ready();
        device.script(Fault::PaperOut, After::Rows(60));
        assert_eq!(
            kiosk.print("new"),
            PrintResult::Uncertain(UncertainReason::During(Condition::PaperOut)),
            "{name}"
        );
        assert_eq!(device.whole("new"), 0, "{name}");
    }
}

#[test]
fn a_ticket_in_the_presenter_is_done_when_it_is_taken() {
    let profile = profile("custom-vkp80");
    let device = Device::new(&profile);
    let kiosk = Kiosk::new(&device.on_tcp(), &profile);
    kiosk.ready();
    for text in ["one", "two"] {
        assert_eq!(kiosk.print(text), PrintResult::Confirmed);
        assert!(!device.printer.lock().unwrap().condition().ticket_waiting, "taken");
        kiosk.ready();
    }
    assert_eq!([device.whole("one"), device.whole("two")], [1, 1]);
}

#[test]
fn a_ticket_that_nobody_takes_is_retracted_or_dropped_and_told() {
    let profile = profile("custom-vkp80");
    for retract in [true, false] {
        let device = Device::new(&profile);
        let options = Options { retract, patience: Duration::from_millis(1_200), ..Options::default() };
        let kiosk = Kiosk::with(&device.on_tcp(), &profile, options);
        kiosk.ready();
        device.script(Fault::NotTaken, After::Now);
        let job = kiosk.handle.print(ticket("left"), HEIGHT_MM).unwrap();
        kiosk.until_conditions("it waits", |conditions| conditions.contains(Condition::TicketWaiting));
        assert_eq!(
            kiosk.print("behind"),
            PrintResult::NotStarted(
                Conditions::from(Condition::TicketWaiting).union(Condition::NotEmpty.into())
            )
        );
        assert_eq!(kiosk.result(job), PrintResult::Forgotten { retracted: retract });
        kiosk.ready();
        let gone = device.printer.lock().unwrap().dismissed();
        assert_eq!((gone.retracted, gone.dropped), (u32::from(retract), u32::from(!retract)));
        device.mend();
        assert_eq!(kiosk.print("next"), PrintResult::Confirmed);
    }
}

#[test]
fn a_clone_that_lacks_what_its_profile_promises_is_told_key_by_key() {
    // Set to Epson's profile by mistake.
    let device = Device::of(VirtualPrinter::like(&profile("generic-80")));
    let mut epson = profile("epson-tm-t88");
    epson.fence_timeout_ms = 1_000;
    let kiosk = Kiosk::new(&device.on_tcp(), &epson);
    let unlike = kiosk.until("what it lacks", |event| match event {
        PrinterEvent::Mismatch(what) => Some(what),
        _ => None,
    });
    assert_eq!(unlike, ProfileMismatch::Fence);
    assert!(matches!(kiosk.print("never"), PrintResult::NotStarted(_)));
}

#[test]
fn a_status_that_lies_confirms_no_ticket_that_did_not_come_out() {
    let profile = profile("generic-80");
    let device = Device::new(&profile);
    let mut hasty = profile.clone();
    hasty.fence_timeout_ms = 1_000;
    let kiosk = Kiosk::new(&device.on_tcp(), &hasty);
    kiosk.ready();
    device.script(Fault::StatusLies, After::Now);
    device.script(Fault::PaperOut, After::Rows(120));
    // It says that all is well; only the fence is missing.
    assert_eq!(kiosk.print("lied"), PrintResult::Uncertain(UncertainReason::NoConfirmation));
    assert_eq!(device.whole("lied"), 0);
}

#[test]
fn a_printer_too_busy_for_status_is_believed_by_its_fence() {
    let profile = profile("epson-tm-t88");
    let device = Device::new(&profile);
    let kiosk = Kiosk::new(&device.on_tcp(), &profile);
    kiosk.ready();
    device.script(Fault::StatusSilent, After::Bytes(60));
    let result = kiosk.print("busy");
    assert!(result != PrintResult::Confirmed || device.whole("busy") == 1, "{result:?}");
}

#[test]
fn a_printer_that_confirms_before_paper_can_have_moved_is_not_believed() {
    // One that prints in no time, and whose profile has no way to say that it is virtual.
    let profile = profile("generic-80");
    let kiosk = Kiosk::new(&Device::of(VirtualPrinter::new(&profile)).on_tcp(), &profile);
    kiosk.ready();
    assert_eq!(kiosk.print("hasty"), PrintResult::Uncertain(UncertainReason::TooSoon));
    kiosk.until_conditions("not known to be empty", |conditions| conditions.contains(Condition::NotEmpty));
}
