//! Peers on loopback that answer at once: the printer, and a site that says what it was told to say.

use pickup_kiosk::receipt::profile::Profile;
use pickup_kiosk::virtual_printer::VirtualPrinter;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

/// First bytes of every ticket, and of nothing else that is sent while all is well.
const TICKET: &[u8] = b"\x1B@";

/// A printer on TCP that knows when a ticket's first byte came.
pub struct Printer {
    pub address: SocketAddr,
    first: Arc<Mutex<Option<Instant>>>,
}

impl Printer {
    pub fn switch_on(profile: Profile) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let first = Arc::new(Mutex::new(None));
        let seen = Arc::clone(&first);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                stream.set_nodelay(true).unwrap();
                let mut printer = VirtualPrinter::new(&profile);
                let mut chunk = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut chunk) {
                    let came = Instant::now();
                    if chunk[..count].starts_with(TICKET) {
                        seen.lock().unwrap().get_or_insert(came);
                    }
                    let answer = printer.feed(&chunk[..count]);
                    drop(printer.take_papers());
                    if stream.write_all(&answer).is_err() {
                        break;
                    }
                }
            }
        });
        Self { address, first }
    }

    pub fn forget(&self) {
        *self.first.lock().unwrap() = None;
    }

    /// Returns the moment at which the first ticket since `forget` began.
    pub fn first(&self) -> Option<Instant> {
        *self.first.lock().unwrap()
    }
}

/// Starts a site that takes so many bytes and answers with so many, for each exchange in turn.
pub fn site(exchanges: Vec<(usize, usize)>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_nodelay(true).unwrap();
            for &(taken, answered) in &exchanges {
                if stream.read_exact(&mut vec![0; taken]).is_err() {
                    break;
                }
                stream.write_all(&vec![0; answered]).unwrap();
            }
        }
    });
    address
}
