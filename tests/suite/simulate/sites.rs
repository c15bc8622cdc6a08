//! The kinds of site that the simulated cinema can be, and what it can be told to do wrong with lists and issues, over
//! real sockets.

use pickup_kiosk::sarft::{Client, ClientSettings, IssueError, Layout, Secret};
use pickup_kiosk::simulator::rig::Rig;
use pickup_kiosk::simulator::settings::SimulateSettings;
use pickup_kiosk::ticket::{BookingId, BookingNumber};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Longest time for which a condition is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

struct Site {
    rig: Rig,
    settings: SimulateSettings,
}

impl Site {
    fn start(text: &str) -> Self {
        let mut settings = SimulateSettings::read(text).unwrap();
        settings.sarft.listen.set_port(0);
        settings.vista.listen.set_port(0);
        if let Some(control) = &mut settings.control {
            control.listen.set_port(0);
        }
        Self { rig: Rig::start(settings.clone()).unwrap(), settings }
    }

    fn client(&self, timeout_ms: u64) -> Client {
        Client::new(ClientSettings {
            address: self.rig.address("sarft").unwrap().to_string(),
            username: self.settings.sarft.username.clone(),
            password: Secret::new(self.settings.sarft.password.as_str()),
            timeout: Duration::from_millis(timeout_ms),
            layout: Layout::read(&self.settings.sarft.wire).unwrap(),
            timezone: self.settings.cinema.time_zone().unwrap(),
        })
    }
}

fn number() -> BookingNumber {
    BookingNumber::new(111_972).unwrap()
}

async fn flags(client: &mut Client) -> Vec<bool> {
    client.query(number()).await.unwrap().tickets.iter().map(|ticket| ticket.printed).collect()
}

async fn try_issue(client: &mut Client) -> Result<u8, IssueError> {
    client.query(number()).await.unwrap();
    client.issue(number(), &BookingId::parse("WQNX8JL").unwrap()).await
}

async fn issue(client: &mut Client) -> u8 {
    try_issue(client).await.unwrap()
}

#[tokio::test]
async fn a_site_that_flags_at_the_issue_refuses_the_second_one() {
    for (refusal, second) in [("", 1), ("refusal = 9", 9), ("refusal = 2\nsecond_issue = 'accept'", 2)] {
        let site = Site::start(&format!("[cinema]\nflags_at = 'issue'\n{refusal}\n"));
        let mut client = site.client(5_000);
        assert_eq!(issue(&mut client).await, 0);
        assert_eq!(flags(&mut client).await, [true, true]);
        assert_eq!(issue(&mut client).await, second, "{refusal}");
    }
}

#[tokio::test]
async fn flags_by_seat_show_one_after_the_other() {
    let site = Site::start("[cinema]\nflags_late_ms = 1500\n");
    let mut client = site.client(5_000);
    assert_eq!(issue(&mut client).await, 0);
    assert_eq!(flags(&mut client).await, [false, false]);
    let reported = Instant::now();
    assert_eq!(client.report(number()).await.unwrap(), 0);
    assert_eq!(flags(&mut client).await, [true, false]);
    while flags(&mut client).await != [true, true] {
        assert!(reported.elapsed() < PATIENCE);
        sleep(Duration::from_millis(20)).await;
    }
    assert!(reported.elapsed() >= Duration::from_millis(1500), "{:?}", reported.elapsed());
}

#[tokio::test]
async fn a_claim_lapses_in_real_time_and_takes_its_flags_with_it() {
    let site = Site::start("[cinema]\nflags_at = 'issue'\nclaim_lapses_s = 1\nrefusal = 9\n");
    let mut client = site.client(5_000);
    let began = Instant::now();
    assert_eq!(issue(&mut client).await, 0);
    assert_eq!(flags(&mut client).await, [true, true]);
    assert_eq!(issue(&mut client).await, 9);
    while flags(&mut client).await == [true, true] {
        assert!(began.elapsed() < PATIENCE);
        sleep(Duration::from_millis(20)).await;
    }
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(client.report(number()).await.unwrap(), 2, "nobody's claim is reported");
    assert_eq!(issue(&mut client).await, 0);
    assert_eq!(client.report(number()).await.unwrap(), 0);
    pickup_kiosk::simulator::lock(site.rig.cinema()).at(3_600_000);
    assert_eq!(flags(&mut client).await, [true, true], "what was reported stays");
}

#[tokio::test]
async fn staff_put_a_booking_back() {
    let site = Site::start("[cinema]\nflags_at = 'issue'\n[control]\nlisten = '127.0.0.1:0'\n");
    let reset = |number: u32| {
        let url = format!("http://{}/bookings/{number}/reset", site.rig.address("control").unwrap());
        let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build();
        let agent: ureq::Agent = config.into();
        agent.post(url).send_empty().unwrap().status().as_u16()
    };
    let mut client = site.client(5_000);
    assert_eq!(issue(&mut client).await, 0);
    assert_eq!(issue(&mut client).await, 1);
    assert_eq!((reset(111_972), reset(1)), (200, 404));
    assert_eq!(flags(&mut client).await, [false, false]);
    assert_eq!(issue(&mut client).await, 0);
    assert_eq!(client.report(number()).await.unwrap(), 0);
    assert_eq!(reset(111_972), 200);
    assert_eq!(flags(&mut client).await, [true, true], "what was reported is not put back");
}

#[tokio::test]
async fn a_short_list_lacks_a_seat_as_often_as_it_is_told() {
    let site = Site::start("[faults.site]\nshort_list = 2\n");
    let mut client = site.client(5_000);
    let counts =
        [flags(&mut client).await.len(), flags(&mut client).await.len(), flags(&mut client).await.len()];
    assert_eq!(counts, [1, 1, 2]);
}

#[tokio::test]
async fn a_stale_list_is_as_the_booking_was_before() {
    let site = Site::start("");
    let mut client = site.client(5_000);
    assert_eq!(issue(&mut client).await, 0);
    let mut faults = site.rig.handles().faults();
    faults.site.stale_list = 2;
    site.rig.handles().set_faults(faults);
    assert_eq!(flags(&mut client).await, [false, false], "nothing has changed yet: it is as it is");
    assert_eq!(client.report(number()).await.unwrap(), 0);
    assert_eq!(flags(&mut client).await, [false, false]);
    assert_eq!(flags(&mut client).await, [true, true]);
}

#[tokio::test]
async fn a_late_issue_is_carried_out_after_the_client_gave_up() {
    let site = Site::start("[faults.site]\nlate_issue_ms = 1500\nlate_issue_count = 1\n");
    let mut client = site.client(300);
    let error = try_issue(&mut client).await.unwrap_err();
    assert!(matches!(error, IssueError::NoReply(_)), "{error}");
    let issued = || pickup_kiosk::simulator::lock(site.rig.cinema()).find(number()).unwrap().issued;
    assert!(!issued(), "it is not carried out yet");
    let gave_up = Instant::now();
    while !issued() {
        assert!(gave_up.elapsed() < PATIENCE);
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(issue(&mut client).await, 1);
}
