//! Six tickets on a serial printer of 250 mm/s, in real time, beside what paper and wire need by themselves.

use crate::printer_kit::{Device, Kiosk, profile};
use pickup_kiosk::device::printer::session::PrintResult;
use pickup_kiosk::receipt::compose::{ComposeOptions, QrPolicy};
use pickup_kiosk::receipt::escpos::encode;
use pickup_kiosk::receipt::layout::Layout;
use pickup_kiosk::receipt::sample::sample_ticket;
use pickup_kiosk::ticket::Mark;
use pickup_kiosk::virtual_printer::VirtualPrinter;
use std::time::{Duration, Instant};

const TICKETS: u32 = 6;
/// Speed of the printer in dot rows a second: 250 mm/s at 203 dots to the inch.
const ROWS_A_SECOND: u32 = 2_000;
const BAUD: u32 = 115_200;
const CUT: Duration = Duration::from_millis(300);

/// Prints six tickets one after another, each confirmed before the next.
pub fn six() {
    for name in ["generic-80", "epson-tm-t88", "generic-58"] {
        let profile = profile(name);
        let zone = jiff::tz::TimeZone::UTC;
        let (mark, qr) = (Mark::Original, QrPolicy::Verbatim);
        let order = ComposeOptions { profile: &profile, zone: &zone, mark, sample: true, qr };
        let document = Layout::built_in_for(&profile).unwrap().ticket(&sample_ticket(), &order).unwrap();
        let bytes = encode(&document, &profile).unwrap();
        let height_mm = profile.millimetres(document.height_dots()) - 1;
        let device = Device::of(VirtualPrinter::new(&profile).slowed(ROWS_A_SECOND, CUT));
        let kiosk = Kiosk::new(&format!("serial:{}?baud={BAUD}", device.on_pty()), &profile);
        kiosk.ready();
        let begin = Instant::now();
        for _ in 0..TICKETS {
            let job = kiosk.handle.print(bytes.clone(), height_mm).unwrap();
            assert_eq!(kiosk.result(job), PrintResult::Confirmed);
        }
        let took = begin.elapsed();
        let rows: usize = device.papers.lock().unwrap().iter().map(|paper| paper.dots.height()).sum();
        let paper = Duration::from_secs(1) * u32::try_from(rows).unwrap() / ROWS_A_SECOND + CUT * TICKETS;
        let on_wire = u32::try_from(bytes.len()).unwrap() * TICKETS;
        let wire = Duration::from_secs(1) * 10 * on_wire / BAUD;
        let ratio = |need: Duration| took.as_secs_f64() / need.as_secs_f64();
        println!(
            "  {TICKETS} tickets, {name}: {took:.2?}; {:.3} of paper, knife and wire (at most 1.05), {:.3} of paper and knife alone",
            ratio(paper + wire),
            ratio(paper),
        );
        // The kiosk's clock would go on ticking beside what is measured next.
        drop(kiosk);
        device.unplug();
    }
}
