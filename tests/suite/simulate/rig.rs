//! The whole rig at once: what the site does, the cloud and the counter see.

use pickup_kiosk::sarft::{Client, ClientSettings, Layout, Secret};
use pickup_kiosk::simulator::lock;
use pickup_kiosk::simulator::rig::{Rig, RigError};
use pickup_kiosk::simulator::sarft::SiteFaults;
use pickup_kiosk::simulator::settings::SimulateSettings;
use pickup_kiosk::ticket::{BookingId, BookingNumber, Cents, Ticket};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

const OTHER_LAYOUT: &str = r#"
    [cinema]
    second_issue = "accept"
    [sarft.wire]
    header = ["magic:AA55", "length:u16:total", "command:u8", "sequence:u16"]
    trailer = ["crc16-modbus"]
    byte_order = "little"
    charset = "utf-8"
    datetime = "text14"
    decimal = "cents32"
"#;

fn settings(text: &str) -> SimulateSettings {
    let mut settings = SimulateSettings::read(text).unwrap();
    settings.sarft.listen.set_port(0);
    settings.vista.listen.set_port(0);
    settings
}

fn client(rig: &Rig, settings: &SimulateSettings) -> Client {
    Client::new(ClientSettings {
        address: rig.address("sarft").unwrap().to_string(),
        username: settings.sarft.username.clone(),
        password: Secret::new(settings.sarft.password.as_str()),
        timeout: Duration::from_secs(5),
        layout: Layout::read(&settings.sarft.wire).unwrap(),
        timezone: settings.cinema.time_zone().unwrap(),
    })
}

fn number(value: u64) -> BookingNumber {
    BookingNumber::new(value).unwrap()
}

async fn tickets(client: &mut Client, value: u64) -> Vec<Ticket> {
    client.query(number(value)).await.unwrap().tickets
}

#[tokio::test]
async fn one_pickup_in_either_layout() {
    for (text, second_issue) in [("", 1), (OTHER_LAYOUT, 0)] {
        let settings = settings(text);
        let rig = Rig::start(settings.clone()).unwrap();
        let mut client = client(&rig, &settings);
        let id = BookingId::parse("WQNX8JL").unwrap();
        let records = tickets(&mut client, 111_972).await;
        let held: Vec<Ticket> =
            lock(rig.cinema()).bookings[0].seats.iter().map(|seat| seat.ticket.clone()).collect();
        assert_eq!(records, held);
        assert_eq!((records[0].film_name.as_str(), records[0].price), ("重返20岁", Cents(5000)));
        assert_eq!(client.issue(number(111_972), &BookingId::parse("WRONG1").unwrap()).await.unwrap(), 2);
        tickets(&mut client, 111_972).await;
        assert_eq!(client.issue(number(111_972), &id).await.unwrap(), 0);
        tickets(&mut client, 111_972).await;
        assert_eq!(client.issue(number(111_972), &id).await.unwrap(), second_issue);
        assert_eq!(client.report(number(111_972)).await.unwrap(), 0);
        assert!(tickets(&mut client, 111_972).await.iter().all(|ticket| ticket.printed));
        assert_eq!(client.issue(number(111_972), &id).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn the_built_in_bookings_on_the_site() {
    let settings = settings("");
    let rig = Rig::start(settings.clone()).unwrap();
    let mut client = client(&rig, &settings);
    for (booking, seats, printed) in [
        (111_972, 2, 0),
        (111_973, 2, 2),
        (111_974, 0, 0),
        (111_975, 0, 0),
        (111_976, 0, 0),
        (111_977, 6, 0),
        (111_978, 2, 0),
        (1, 0, 0),
    ] {
        let records = tickets(&mut client, booking).await;
        assert_eq!(records.len(), seats, "{booking}");
        assert_eq!(records.iter().filter(|ticket| ticket.printed).count(), printed, "{booking}");
        assert!(records.iter().all(Ticket::is_sample));
    }
}

#[tokio::test]
async fn site_faults_change_while_it_runs() {
    let settings = settings("[faults.site]\nempty_codes_for_queries = 1\n");
    let rig = Rig::start(settings.clone()).unwrap();
    let mut client = client(&rig, &settings);
    assert!(tickets(&mut client, 111_972).await[0].info_code.is_empty());
    assert_eq!(tickets(&mut client, 111_972).await[0].info_code.len(), 180);
    let mut faults = rig.handles().faults();
    faults.site = SiteFaults { empty_codes_for_queries: 1, ..SiteFaults::default() };
    rig.handles().set_faults(faults);
    assert!(tickets(&mut client, 111_972).await[0].info_code.is_empty());
}

#[test]
fn a_dropped_rig_gives_its_ports_back() {
    let rig = Rig::start(settings("")).unwrap();
    let addresses = rig.addresses().to_vec();
    let held: Vec<TcpStream> =
        addresses.iter().map(|(_, address)| TcpStream::connect(address).unwrap()).collect();
    drop(rig);
    for (name, address) in addresses {
        assert!(TcpStream::connect(address).is_err(), "{name}");
    }
    drop(held);
}

#[test]
fn a_port_in_use_names_its_table() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut settings = settings("");
    settings.sarft.listen = taken.local_addr().unwrap();
    match Rig::start(settings).unwrap_err() {
        RigError::Listen { part: "sarft", address, .. } => assert_eq!(address, taken.local_addr().unwrap()),
        other => panic!("{other}"),
    }
}
