//! Parts of the product, measured by themselves.

use crate::{folder, journal_kit};
use divan::{Bencher, black_box};
use pickup_kiosk::config::settings::Wire;
use pickup_kiosk::journal::record::{Entry, PickupId, RecordStep};
use pickup_kiosk::kiosk::receipts::Receipts;
use pickup_kiosk::receipt::layout::Layout as Paper;
use pickup_kiosk::receipt::profile::Profile;
use pickup_kiosk::receipt::sample::sample_ticket;
use pickup_kiosk::sarft::Layout;
use pickup_kiosk::sarft::codec::{Codec, Expected, FixedFields};
use pickup_kiosk::sarft::message::{Command, Message, TicketRecord};
use pickup_kiosk::ticket::{BookingId, BookingNumber, Mark, Ticket};

/// Returns the document's booking as a real site sends it: its code does not say SAMPLE.
pub fn real_ticket() -> Ticket {
    let code: String = sample_ticket().info_code.chars().rev().take(172).collect();
    let ticket = Ticket { info_code: format!("17212101{code}"), ..sample_ticket() };
    assert!(!ticket.is_sample() && ticket.info_code.len() == 180);
    ticket
}

fn receipts(profile: &str) -> Receipts {
    let profile = Profile::built_in(profile).unwrap();
    Receipts {
        stock: pickup_kiosk::receipt::stock::Stock::default(),
        layout: Paper::built_in_for(&profile).unwrap(),
        profile,
        zone: jiff::tz::TimeZone::get("Asia/Shanghai").unwrap(),
        kiosk_id: "lobby-1".into(),
        cinema_name: "CHTEST01".into(),
        language: pickup_kiosk::locale::Language::Chinese,
    }
}

#[divan::bench]
fn ticket_to_bytes(bencher: Bencher) {
    let (receipts, ticket) = (receipts(crate::place::PROFILE), real_ticket());
    let bytes = receipts.ticket(&ticket, Mark::Original, false).unwrap().bytes.len();
    println!("  a ticket on 80 mm: {bytes} bytes (at most 700; 20 µs)");
    bencher.bench(|| receipts.ticket(black_box(&ticket), Mark::Original, false).unwrap());
}

#[divan::bench]
fn frame_to_two_tickets(bencher: Bencher) {
    let timezone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let codec = FixedFields { layout: Layout::read(&Wire::default()).unwrap(), timezone };
    let print_no = BookingNumber::new(111_972).unwrap().print_no();
    let other =
        Ticket { seat_name: "7排9座".into(), seat_code: "0000000001010002".into(), ..real_ticket() };
    let records = [real_ticket(), other].map(|ticket| TicketRecord { print_no: print_no.clone(), ticket });
    let reply = Message::QueryReply { return_value: 0, records: records.to_vec() };
    let frame = codec.encode(&reply, 1).unwrap();
    let expected =
        Expected { commands: vec![Command::QueryReply], sequence: 1, print_no: Some(print_no.clone()) };
    bencher.bench(|| codec.decode(black_box(&frame), Some(&expected)).unwrap().unwrap());
}

// -- the journal, on this disk --

/// Returns the record started and issuing, each time for a new booking.
fn begun(n: u32) -> Vec<Entry> {
    let mut entries = journal_kit::begun("p");
    for entry in &mut entries {
        entry.pickup = PickupId(format!("20261124T100000x{n:08}"));
        match &mut entry.step {
            RecordStep::Started { number, .. } => *number = BookingNumber::new(u64::from(n)),
            RecordStep::Issuing { number, id, .. } => {
                (*number, *id) = (BookingNumber::new(u64::from(n)).unwrap(), id_of(n));
            }
            _ => {}
        }
    }
    entries
}

fn id_of(n: u32) -> BookingId {
    BookingId::parse(&format!("ID{n:05}")).unwrap()
}

#[divan::bench(sample_count = 100, sample_size = 1)]
fn journal_records_a_step(bencher: Bencher) {
    let folder = folder();
    let mut journal = journal_kit::open(folder.path());
    let mut n = 0;
    let next = || {
        n += 1;
        begun(n)
    };
    bencher.with_inputs(next).bench_local_refs(|entries| journal.append(entries).unwrap());
}

#[divan::bench]
fn journal_recalls_a_code(bencher: Bencher) {
    let folder = folder();
    let mut journal = journal_kit::open(folder.path());
    journal.append(&begun(1)).unwrap();
    let (number, id, now) = (BookingNumber::new(1), id_of(1), journal_kit::at(60));
    bencher.bench_local(|| journal.recall(number, black_box(&id), now).unwrap());
}

#[divan::bench(sample_count = 100, sample_size = 1)]
fn journal_opens(bencher: Bencher) {
    let folder = folder();
    drop(journal_kit::open(folder.path()));
    bencher.bench_local(|| journal_kit::open(folder.path()));
}
