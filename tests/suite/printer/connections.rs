//! The printer's owner on real sockets, pseudo-terminals and in this process, against the virtual printer.

use crate::kit::printer as printer_kit;

use pickup_kiosk::device::printer::PrintRefused;
use pickup_kiosk::device::printer::conditions::Condition;
use pickup_kiosk::device::printer::session::{PrintResult, UncertainReason};
use pickup_kiosk::receipt::compose::{ComposeOptions, QrPolicy};
use pickup_kiosk::receipt::escpos::encode;
use pickup_kiosk::receipt::layout::Layout;
use pickup_kiosk::receipt::profile::{BUILT_IN, Qr};
use pickup_kiosk::receipt::sample::sample_ticket;
use pickup_kiosk::ticket::Mark;
use pickup_kiosk::virtual_printer::{After, Fault};
use printer_kit::{Device, HEIGHT_MM, Kiosk, profile, ticket};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

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
    assert_eq!(kiosk.print("lost"), PrintResult::Uncertain(UncertainReason::During(Condition::Disconnected)));
}

#[test]
fn the_real_ticket_of_every_profile_is_confirmed_with_its_code_on_it() {
    for (name, _) in BUILT_IN {
        let profile = profile(name);
        let zone = jiff::tz::TimeZone::UTC;
        let order = ComposeOptions {
            profile: &profile,
            zone: &zone,
            mark: Mark::Original,
            sample: true,
            qr: QrPolicy::Verbatim,
        };
        let document = Layout::built_in_for(&profile).unwrap().ticket(&sample_ticket(), &order).unwrap();
        let bytes = encode(&document, &profile).unwrap();
        let height_mm = profile.millimetres(document.height_dots()) - 1;
        assert!(bytes.starts_with(b"\x1B@"), "{name}: automatic status is switched on right behind it");
        let device = Device::new(&profile);
        let kiosk = Kiosk::new(&device.on_tcp(), &profile);
        kiosk.ready();
        let job = kiosk.handle.print(bytes, height_mm).unwrap();
        assert_eq!(kiosk.result(job), PrintResult::Confirmed, "{name}");
        let papers = device.papers.lock().unwrap();
        let codes: Vec<_> = papers.iter().flat_map(|paper| &paper.codes).collect();
        // A code printed as raster is for other eyes: tests/suite/receipt/paper.rs.
        let wanted =
            if profile.qr == Qr::Native { vec![sample_ticket().info_code.into_bytes()] } else { Vec::new() };
        assert_eq!(codes, wanted.iter().collect::<Vec<_>>(), "{name}");
    }
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
        let job = kiosk.handle.print(ticket("pulled"), HEIGHT_MM).unwrap();
        while first.whole("pulled") == 0 {
            thread::sleep(Duration::from_millis(5));
        }
        first.unplug();
        let result = kiosk.result(job);
        assert_eq!(
            result,
            PrintResult::Uncertain(UncertainReason::During(Condition::Disconnected)),
            "{kind}"
        );
        let second = Device::new(&profile);
        std::fs::remove_file(&name).unwrap();
        std::os::unix::fs::symlink(second.on_pty(), &name).unwrap();
        kiosk.ready();
        assert_eq!(kiosk.print("again"), PrintResult::Confirmed, "{kind}");
        assert_eq!(second.whole("again"), 1, "{kind}");
    }
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
        let too_long = kiosk.handle.print(vec![0; (1 << 20) + 1], 0);
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
