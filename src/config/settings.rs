//! The settings as they stand in kiosk.toml, key by key (contract, "Configuration").
//!
//! Every struct refuses unknown keys; what has a sensible default may be left out.

mod information;
mod inputs;
mod maintenance;
mod ordering;
mod panel;
mod paper;
mod sarft;
mod screen;

pub use self::information::Information;
pub use self::inputs::{KeyAction, Keypad, KeypadActions, Scanner};
pub use self::maintenance::{Holder, Maintenance, OnSite, PinHash, Role};
pub use self::ordering::Ordering;
pub use self::panel::{Panel, PanelLines, PanelShow};
pub use self::paper::{Forgotten, Paper, PaperKind, Presenter, TicketPaper};
pub use self::sarft::{ClaimLapses, FlagsAt, RepeatedIssue, Sarft, Wire};
pub use self::screen::{Note, Screen, Side};

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// `[kiosk] state_dir` when left out.
pub const DEFAULT_STATE_DIR: &str = "/var/lib/pickup-kiosk";

/// All of kiosk.toml.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The machine itself.
    pub kiosk: Kiosk,
    /// The cinema it stands in.
    pub cinema: Cinema,
    /// The on-site service.
    pub sarft: Sarft,
    /// Vista Connect; without it there is no cloud.
    pub cloud: Option<Cloud>,
    /// The ticket printer.
    pub printer: Printer,
    /// The paper in the printer.
    #[serde(default)]
    pub paper: Paper,
    /// A printer that holds its tickets until they are taken.
    #[serde(default)]
    pub presenter: Presenter,
    /// What is printed.
    #[serde(default)]
    pub ticket: TicketPaper,
    /// Policies.
    #[serde(default)]
    pub pickup: Pickup,
    /// Forms of codes beyond the built-in ones.
    #[serde(default)]
    pub codes: Codes,
    /// Limits on guessing.
    #[serde(default)]
    pub guessing: Guessing,
    /// How long the journal keeps what.
    #[serde(default)]
    pub journal: JournalLimits,
    /// The customer screen's page; without it there is none.
    pub screen: Option<Screen>,
    /// What a monitoring system asks; without it there is none.
    pub monitor: Option<Monitor>,
    /// Who may use the maintenance menu.
    #[serde(default)]
    pub maintenance: Maintenance,
    /// Scanners.
    #[serde(default, rename = "scanner")]
    pub scanners: Vec<Scanner>,
    /// The keypad; without it there is none.
    pub keypad: Option<Keypad>,
    /// Lamps, buzzer, door and relay; without it there are none.
    pub panel: Option<Panel>,
}

/// `[kiosk]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kiosk {
    /// Names the machine to people; 1 to 32 letters, digits, `-`, `_`.
    pub id: String,
    /// Journal, override.toml, socket.
    #[serde(default = "defaults::state_dir")]
    pub state_dir: PathBuf,
    /// The first is the default.
    #[serde(default = "defaults::languages")]
    pub languages: Vec<Language>,
}

/// A language of the texts for customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum Language {
    /// Chinese, simplified.
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// `[cinema]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cinema {
    /// VISTA CinemaId.
    pub id: String,
    /// Its name, for texts.
    pub name: String,
    /// IANA name; session times are local to it.
    #[serde(default = "defaults::timezone")]
    pub timezone: String,
    /// Given: each record's cinema_code and the first 8 digits of its code must equal it.
    pub national_code: Option<String>,
}

/// `[cloud]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cloud {
    /// Scheme, host and, where it has one, port: `https://connect.example.cn`.
    pub url: String,
    /// `http://` is refused without it.
    #[serde(default)]
    pub allow_plain_http: bool,
    /// A secret file with the connectapitoken.
    pub token_file: PathBuf,
    /// OptionalClientClass.
    pub client_class: String,
    /// OptionalClientId.
    pub client_id: String,
    /// OptionalClientName.
    pub client_name: String,
    /// Limit of one call, milliseconds; 100 to 60000.
    #[serde(default = "defaults::cloud_timeout_ms")]
    pub timeout_ms: u64,
    /// A secret file; booking and refunding need it.
    pub order_token_file: Option<PathBuf>,
    /// Marks a test environment.
    #[serde(default)]
    pub test: bool,
    /// Where the services live below the URL.
    #[serde(default)]
    pub paths: CloudPaths,
    /// Terms of booking and refunding.
    #[serde(default)]
    pub ordering: Ordering,
    /// What is kept for the screen.
    #[serde(default)]
    pub information: Information,
}

/// `[cloud.paths]`: the document's headings and samples disagree, so each can be overridden.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CloudPaths {
    /// OData: cinemas and films.
    pub odata: String,
    /// RESTData: ticket types and seat plans.
    pub data: String,
    /// RESTTicketing: orders.
    pub ticketing: String,
    /// RestBooking: bookings.
    pub booking: String,
}

impl Default for CloudPaths {
    fn default() -> Self {
        Self {
            odata: "/WSVistaWebClient/OData.svc".into(),
            data: "/WSVistaWebClient/RESTData.svc".into(),
            ticketing: "/WSVistaWebClient/RESTTicketing.svc".into(),
            booking: "/WSVistaWebClient/RestBooking.svc".into(),
        }
    }
}

/// `[printer]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printer {
    /// `usb:PATH`, `serial:PATH?baud=…&flow=…`, `tcp:HOST:PORT` or `image:DIR`.
    pub connection: String,
    /// A file in printers/ beside kiosk.toml, or one built in.
    #[serde(default = "defaults::profile")]
    pub profile: String,
}

/// `[pickup]`: policies, all optional.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pickup {
    /// Minutes after the session began at which pickup ends; none: never.
    pub late_minutes: Option<u32>,
    /// Hours before the session at which pickup begins; none: any time.
    pub earliest_hours: Option<u32>,
    /// Minutes after the last step within which the same code goes on; default 30.
    pub resume_minutes: u32,
    /// HH:MM at which a business day begins; default 06:00.
    pub business_day_start: String,
}

impl Default for Pickup {
    fn default() -> Self {
        Self {
            late_minutes: None,
            earliest_hours: None,
            resume_minutes: 30,
            business_day_start: "06:00".into(),
        }
    }
}

/// `[codes]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Codes {
    /// The URL parameter that holds the number; default `n`.
    pub url_number: String,
    /// The URL parameter that holds the ID; default `id`.
    pub url_id: String,
    /// Site-specific forms, tried first.
    #[serde(rename = "format")]
    pub formats: Vec<CodeFormat>,
}

impl Default for Codes {
    fn default() -> Self {
        Self { url_number: "n".into(), url_id: "id".into(), formats: Vec::new() }
    }
}

/// `[[codes.format]]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeFormat {
    /// A regular expression with groups `number`, `id` or both; it must fit the whole code.
    pub pattern: String,
}

/// `[guessing]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Guessing {
    /// Refused codes at once before the pace is slowed; default 5.
    pub burst: u32,
    /// Seconds for one more after that; default 20.
    pub seconds_per_code: u32,
    /// Refused codes of an ID alone a day after which the number is asked for too; default 50.
    pub id_alone_a_day: u32,
    /// Refused codes of an ID alone a day at which staff are told; default 20.
    pub id_alone_notice: u32,
    /// Refused codes of one number a day after which it goes to the counter; default 50.
    pub number_a_day: u32,
}

impl Default for Guessing {
    fn default() -> Self {
        Self { burst: 5, seconds_per_code: 20, id_alone_a_day: 50, id_alone_notice: 20, number_a_day: 50 }
    }
}

/// `[journal]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JournalLimits {
    /// Resolved pickups older than this are dropped; default 180 days.
    pub keep_days: u32,
    /// The database is kept below this, MiB, by dropping the oldest resolved pickups; default 1024.
    pub keep_mib: u32,
    /// Below this much free disk, MiB, nothing is issued; default 16.
    pub free_mib: u32,
}

impl Default for JournalLimits {
    fn default() -> Self {
        Self { keep_days: 180, keep_mib: 1024, free_mib: 16 }
    }
}

/// `[monitor]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monitor {
    /// Address and port of `/healthz` and `/metrics`. Port 0: any free one.
    pub listen: String,
}

mod defaults {
    use super::{Language, PathBuf};

    pub fn state_dir() -> PathBuf {
        PathBuf::from(super::DEFAULT_STATE_DIR)
    }
    pub fn languages() -> Vec<Language> {
        vec![Language::Chinese, Language::English]
    }
    pub fn timezone() -> String {
        "Asia/Shanghai".into()
    }
    pub fn cloud_timeout_ms() -> u64 {
        8_000
    }
    pub fn profile() -> String {
        "epson-tm-t88".into()
    }
}
