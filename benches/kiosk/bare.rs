//! Bare costs that no kiosk can do without before a ticket's first byte: the round trips and the syncs, with the same
//! number of bytes each way, and nothing in between.

use crate::peer::{self, Printer};
use crate::place::{Cinema, PAUSE, profile};
use crate::{folder, journal_kit};
use pickup_kiosk::sarft::codec::{Codec, FixedFields};
use pickup_kiosk::sarft::message::{IssueResult, Message, TicketRecord};
use pickup_kiosk::simulator::lock;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Exchanges and syncs of a pickup.
pub struct Bare {
    site: SocketAddr,
    exchanges: Vec<(usize, usize)>,
    /// Bytes of each sync; the first before the issue, the others behind it.
    syncs: Vec<usize>,
    file: File,
    printer: Printer,
    connection: TcpStream,
    statuses: Vec<u8>,
    _folder: tempfile::TempDir,
}

impl Bare {
    pub fn set_up(cinema: &Cinema) -> Self {
        let exchanges = exchanges(cinema);
        let folder = folder();
        let open = OpenOptions::new().append(true).create(true).open(folder.path().join("appended"));
        let printer = Printer::switch_on(profile());
        let connection = TcpStream::connect(printer.address).unwrap();
        connection.set_nodelay(true).unwrap();
        let statuses = profile().status.dle_eot;
        let syncs = syncs();
        println!(
            "bare: site {exchanges:?} bytes there and back, syncs of {syncs:?} bytes, {} printer statuses",
            statuses.len()
        );
        Self {
            site: peer::site(exchanges.clone()),
            exchanges,
            syncs,
            file: open.unwrap(),
            printer,
            connection,
            statuses,
            _folder: folder,
        }
    }

    /// Returns the time to the printer's first byte, after the same pause as a kiosk's pickup: the machine has slept.
    pub fn pickup(&mut self) -> Duration {
        std::thread::sleep(PAUSE);
        self.printer.forget();
        let began = Instant::now();
        let mut site = TcpStream::connect(self.site).unwrap();
        site.set_nodelay(true).unwrap();
        let [sign_in, query, issue] = self.exchanges[..] else { panic!("three exchanges") };
        exchange(&mut site, sign_in);
        exchange(&mut site, query);
        self.sync(self.syncs[0]);
        exchange(&mut site, issue);
        for place in 1..self.syncs.len() {
            self.sync(self.syncs[place]);
        }
        for &n in &self.statuses {
            self.connection.write_all(&[0x10, 0x04, n]).unwrap();
            self.connection.read_exact(&mut [0]).unwrap();
        }
        self.connection.write_all(b"\x1B@").unwrap();
        loop {
            if let Some(first) = self.printer.first() {
                return first.duration_since(began);
            }
            std::thread::yield_now();
        }
    }

    fn sync(&mut self, bytes: usize) {
        self.file.write_all(&vec![b'x'; bytes]).unwrap();
        self.file.sync_all().unwrap();
    }
}

fn exchange(stream: &mut TcpStream, (there, back): (usize, usize)) {
    stream.write_all(&vec![0; there]).unwrap();
    stream.read_exact(&mut vec![0; back]).unwrap();
}

/// Returns the bytes of request and answer of sign-in, query and issue.
fn exchanges(cinema: &Cinema) -> Vec<(usize, usize)> {
    let service = cinema.settings.site_service().unwrap();
    let codec = FixedFields { layout: service.layout, timezone: service.timezone };
    let held = lock(cinema.rig.cinema());
    let booking = &held.bookings[0];
    let print_no = booking.number.print_no();
    let record = |ticket| TicketRecord { print_no: print_no.clone(), ticket };
    let records = booking.seats.iter().map(|seat| record(seat.ticket.clone())).collect();
    let (username, password) = (service.username, service.password);
    let messages = [
        Message::Authenticate { username, password },
        Message::AuthenticateReply { return_value: 0 },
        Message::query(booking.number),
        Message::QueryReply { return_value: 0, records },
        Message::issue(booking.number, &booking.id),
        Message::IssueReply { entries: vec![IssueResult { print_no: print_no.clone(), return_value: 0 }] },
    ];
    let lengths = messages.map(|message| codec.encode(&message, 1).unwrap().len());
    lengths.chunks(2).map(|pair| (pair[0], pair[1])).collect()
}

/// Returns the bytes by which the journal's log grows up to the first ticket: started and issuing; issued and printing.
fn syncs() -> Vec<usize> {
    let folder = folder();
    let mut journal = journal_kit::open(folder.path());
    let log = folder.path().join("journal.db-wal");
    let length = || usize::try_from(fs::metadata(&log).map_or(0, |data| data.len())).unwrap();
    let mut before = length();
    let mut grown = Vec::new();
    let steps = journal_kit::whole_pickup();
    for entries in [steps[0].clone(), [steps[1].clone(), steps[2].clone()].concat()] {
        journal.append(&entries).unwrap();
        grown.push(length() - before);
        before = length();
    }
    grown
}
