//! Kiosk as `run` puts it together, its cinema simulated and its printer a peer on loopback.

use crate::peer::Printer;
use pickup_kiosk::kiosk::{Kiosk, assemble};
use pickup_kiosk::pickup::input::{Readiness, Scan, Source};
use pickup_kiosk::pickup::state::CustomerState;
use pickup_kiosk::receipt::profile::Profile;
use pickup_kiosk::simulator::rig::Rig;
use pickup_kiosk::simulator::settings::SimulateSettings;
use pickup_kiosk::{config, ticket::Outcome};
use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Time in ms after which the site hangs up on idle connections; longer than the slowest sync between query and issue.
const SITE_PATIENCE_MS: u64 = 400;
/// Pause before a pickup, after which it has to sign in.
pub const PAUSE: Duration = Duration::from_millis(500);
/// Time limit of a pickup, which takes far less.
const LIMIT: Duration = Duration::from_secs(20);
/// Number behind which booking numbers begin.
const NUMBERS_FROM: u32 = 200_000;
pub const PROFILE: &str = "epson-tm-t88";

pub fn profile() -> Profile {
    Profile::built_in(PROFILE).unwrap()
}

/// Simulated cinema: bookings of two seats, as many as will be picked up.
pub struct Cinema {
    pub rig: Rig,
    pub settings: SimulateSettings,
}

impl Cinema {
    pub fn open(bookings: u32) -> Self {
        let mut text = format!("[faults.site]\nclose_idle_after_ms = {SITE_PATIENCE_MS}\n");
        for n in 1..=bookings {
            let number = NUMBERS_FROM + n;
            let head =
                format!("[[booking]]\nnumber = {number}\nid = \"{}\"\nsession_code = \"{number}\"\n", id(n));
            write!(text, "{head}[[booking.seat]]\nname = \"7排10座\"\n[[booking.seat]]\nname = \"7排9座\"\n")
                .unwrap();
        }
        let mut settings = SimulateSettings::read(&text).unwrap();
        settings.sarft.listen.set_port(0);
        settings.vista.listen.set_port(0);
        Self { rig: Rig::start(settings.clone()).unwrap(), settings }
    }
}

fn id(n: u32) -> String {
    format!("BENCH{n:05}")
}

/// A kiosk with its printer.
pub struct BenchKiosk {
    kiosk: Kiosk,
    printer: Printer,
    next: u32,
}

impl BenchKiosk {
    /// Opens a kiosk in `state_dir`; it picks up the bookings from this one on.
    pub async fn open(cinema: &Cinema, state_dir: &Path, from: u32) -> Self {
        let printer = Printer::switch_on(profile());
        let file = write_config(cinema.rig.address("sarft").unwrap(), printer.address, state_dir);
        let loaded = config::load(&file).unwrap();
        let secrets = loaded.secrets(None).unwrap();
        let (mut kiosk, _events) = assemble::kiosk(loaded, &secrets, false).await.unwrap();
        while kiosk.state().printer != Readiness::Ready {
            step(&mut kiosk).await;
        }
        Self { kiosk, printer, next: from }
    }

    /// Performs one pickup, its report included; returns the time from the code to the first byte at the printer.
    pub async fn pickup(&mut self) -> Duration {
        let code = format!("{}|{}", NUMBERS_FROM + self.next, id(self.next));
        self.next += 1;
        tokio::time::sleep(PAUSE).await;
        self.printer.forget();
        let began = Instant::now();
        let pickup = self.kiosk.present(Source::Argument, Scan::Text(code)).await.unwrap();
        while matches!(self.kiosk.state().customer, CustomerState::Busy(..))
            || self.kiosk.is_printing()
            || !self.kiosk.state().backlog.due.is_empty()
        {
            step(&mut self.kiosk).await;
        }
        let first = self.printer.first().expect("a ticket came to the printer");
        let view = self
            .kiosk
            .journal()
            .with(move |journal| journal.records().pickup(&pickup))
            .await
            .unwrap()
            .unwrap();
        assert!(view.outcome == Some(Outcome::Printed) && view.reported, "{view:?}");
        first.duration_since(began)
    }
}

async fn step(kiosk: &mut Kiosk) {
    let until = tokio::time::Instant::now() + LIMIT;
    assert!(kiosk.step_before(until).await.unwrap(), "nothing happens: {:?}", kiosk.state());
}

/// Writes kiosk.toml beside the state directory, and the secret it names.
pub fn write_config(site: SocketAddr, printer: SocketAddr, state_dir: &Path) -> PathBuf {
    let folder = state_dir.with_extension("config");
    fs::create_dir_all(&folder).unwrap();
    let secret = folder.join("sarft-password");
    fs::write(&secret, SimulateSettings::default().sarft.password).unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    let file = folder.join("kiosk.toml");
    let text = format!(
        "[kiosk]\nid = \"bench\"\nstate_dir = {state_dir:?}\n[cinema]\nid = \"0200\"\nname = \"CHTEST01\"\n\
         [sarft]\naddress = \"{site}\"\nusername = \"kiosk\"\npassword_file = \"sarft-password\"\n\
         repeated_issue = \"refused\"\n[printer]\nconnection = \"tcp:{printer}\"\nprofile = \"{PROFILE}\"\n\
         [journal]\nfree_mib = 1\n[[scanner]]\nconnection = \"stdin:\"\n"
    );
    fs::write(&file, text).unwrap();
    file
}
