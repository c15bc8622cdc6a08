//! The virtual printer as a peer on TCP.

use pickup_kiosk::receipt::profile::Profile;
use pickup_kiosk::simulator::printer::serve;
use pickup_kiosk::virtual_printer::{After, Fault, VirtualPrinter};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const FENCE: &[u8] = b"\x1D(H\x06\x00\x30\x30ABCD";
const FENCED: &[u8] = b"\x37\x22ABCD\x00";

async fn start(out: &Path) -> (std::net::SocketAddr, Arc<Mutex<VirtualPrinter>>) {
    let printer = Arc::new(Mutex::new(VirtualPrinter::new(&Profile::built_in("epson-tm-t88").unwrap())));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, out.to_owned(), printer.clone()));
    (address, printer)
}

async fn expect(stream: &mut TcpStream, wanted: &[u8]) {
    let mut answer = vec![0; wanted.len()];
    tokio::time::timeout(Duration::from_secs(5), stream.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(answer, wanted);
}

#[tokio::test]
async fn papers_become_files_and_a_second_host_is_served_after_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let (address, _) = start(folder.path()).await;
    for n in 1..=2 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"\x1B@ticket\n\x1DVB\x00").await.unwrap();
        stream.write_all(FENCE).await.unwrap();
        expect(&mut stream, FENCED).await;
        let file = std::fs::read(folder.path().join(format!("ticket-000{n}.png"))).unwrap();
        assert!(file.starts_with(b"\x89PNG"));
    }
}

#[tokio::test]
async fn while_stopped_it_leaves_bytes_in_the_connection_and_loses_none() {
    let folder = tempfile::tempdir().unwrap();
    let (address, printer) = start(folder.path()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"\x1Da\x0E").await.unwrap();
    expect(&mut stream, &[0x10, 0x00, 0x00, 0x0F]).await;
    printer.lock().unwrap().script(Fault::PaperOut, After::Now);
    expect(&mut stream, &[0x18, 0x00, 0x0F, 0x0F]).await;
    stream.write_all(&b"x\n".repeat(5_000)).await.unwrap();
    stream.write_all(FENCE).await.unwrap();
    while printer.lock().unwrap().room() > 0 {
        tokio::task::yield_now().await;
    }
    printer.lock().unwrap().mend();
    expect(&mut stream, &[0x10, 0x00, 0x00, 0x0F]).await;
    expect(&mut stream, FENCED).await;
    assert_eq!(printer.lock().unwrap().lost_bytes(), 0);
}
