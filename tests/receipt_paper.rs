//! From a ticket to a picture of paper: what is printed can be read back.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use jiff::tz::TimeZone;
use pickup_kiosk::receipt::compose::{Mark, Order, QrPolicy};
use pickup_kiosk::receipt::escpos::encode;
use pickup_kiosk::receipt::image::{Paper, VirtualPrinter, png as picture};
use pickup_kiosk::receipt::layout::Layout;
use pickup_kiosk::receipt::preview;
use pickup_kiosk::receipt::profile::{BUILT_IN, Profile};
use pickup_kiosk::receipt::sample::{SAMPLE_INFO_CODE, sample_ticket};
use pickup_kiosk::ticket::Ticket;

/// A code as long as a real one that doesn't say it is a sample.
fn real_ticket() -> Ticket {
    let mut ticket = sample_ticket();
    ticket.info_code = format!("17212101{}==", "mZ3/+q7XbK".repeat(17));
    assert_eq!(ticket.info_code.len(), 180);
    ticket
}

fn bytes_of(ticket: &Ticket, profile: &Profile, mark: Mark, qr: QrPolicy) -> Vec<u8> {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let order = Order { profile, zone: &zone, mark, sample: false, qr };
    let document = Layout::built_in_for(profile).unwrap().ticket(ticket, &order).unwrap();
    encode(&document, profile).unwrap()
}

fn print(bytes: &[u8], profile: &Profile) -> Paper {
    let mut printer = VirtualPrinter::new(profile);
    assert_eq!(printer.feed(bytes), b"");
    let mut papers = printer.take_papers();
    assert_eq!(papers.len(), 1);
    papers.remove(0)
}

/// Every QR code that an independent decoder finds in a PNG.
fn codes_in(file: &[u8]) -> Vec<String> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    image.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect()
}

#[test]
fn the_code_on_every_picture_decodes_to_the_tickets_code_byte_for_byte() {
    for (name, _) in BUILT_IN {
        let profile = Profile::built_in(name).unwrap();
        let ticket = real_ticket();
        let paper = print(&bytes_of(&ticket, &profile, Mark::Original, QrPolicy::NoSampleCodes), &profile);
        assert_eq!(codes_in(&picture(&paper).unwrap()), [ticket.info_code.clone()], "{name}");
        assert_eq!(paper.codes, [ticket.info_code.into_bytes()], "{name}");
        let picture = preview(&Layout::built_in_for(&profile).unwrap(), &profile).unwrap();
        assert_eq!(codes_in(&picture), [SAMPLE_INFO_CODE], "{name}");
    }
}
