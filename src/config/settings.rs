//! Settings as they stand in kiosk.toml, key by key (contract, "Configuration").
//!
//! Every struct refuses unknown keys; what has a sensible default may be left out.

mod information;
mod inputs;
mod ordering;
mod panel;
mod paper;

pub use self::information::Information;
pub use self::inputs::{KeyAction, Keypad, KeypadActions, Scanner};
pub use self::ordering::Ordering;
pub use self::panel::{Panel, PanelLines, PanelShow};
pub use self::paper::{Forgotten, Paper, PaperKind, Presenter, TicketPaper};
pub use crate::maintenance::settings::{Maintenance, OnSite, PinHash, Role, User};
pub use crate::sarft::settings::{ClaimLapses, FlagsAt, RepeatedIssue, Sarft, Wire};
pub use crate::screen::settings::{Note, Screen, Side};

use crate::locale::Language;
use serde::Deserialize;
use std::path::PathBuf;

/// Directory of `[kiosk] state_dir` when left out.
pub const DEFAULT_STATE_DIR: &str = "/var/lib/pickup-kiosk";

/// Settings of the whole kiosk.toml.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The machine itself: `[kiosk]`.
    pub kiosk: Kiosk,
    /// The cinema it stands in: `[cinema]`.
    pub cinema: Cinema,
    /// The on-site service: `[sarft]`.
    pub sarft: Sarft,
    /// Vista Connect: `[cloud]`; without it there is no cloud.
    pub cloud: Option<Cloud>,
    /// The ticket printer: `[printer]`.
    pub printer: Printer,
    /// The paper in the printer: `[paper]`.
    #[serde(default)]
    pub paper: Paper,
    /// The presenter, which holds tickets until they are taken: `[presenter]`.
    #[serde(default)]
    pub presenter: Presenter,
    /// The ticket's layout: `[ticket]`.
    #[serde(default)]
    pub ticket: TicketPaper,
    /// Policies of pickups: `[pickup]`.
    #[serde(default)]
    pub pickup: Pickup,
    /// Forms of codes beyond the built-in ones: `[codes]`.
    #[serde(default)]
    pub codes: Codes,
    /// Rate limit on refused codes: `[rate_limit]`.
    #[serde(default)]
    pub rate_limit: RateLimit,
    /// Limits of the journal: `[journal]`.
    #[serde(default)]
    pub journal: JournalLimits,
    /// The customer screen's page: `[screen]`; without it there is none.
    pub screen: Option<Screen>,
    /// Address for a monitoring system: `[monitor]`; without it there is none.
    pub monitor: Option<Monitor>,
    /// Users of the maintenance menu: `[maintenance]`.
    #[serde(default)]
    pub maintenance: Maintenance,
    /// Scanners, one `[[scanner]]` each.
    #[serde(default, rename = "scanner")]
    pub scanners: Vec<Scanner>,
    /// The keypad: `[keypad]`; without it there is none.
    pub keypad: Option<Keypad>,
    /// Lamps, buzzer, door and relay: `[panel]`; without it there are none.
    pub panel: Option<Panel>,
}

/// The table `[kiosk]`: the machine itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kiosk {
    /// Name of the machine to people; 1 to 32 letters, digits, `-`, `_`.
    pub id: String,
    /// Directory of journal, override.toml and socket.
    #[serde(default = "defaults::state_dir")]
    pub state_dir: PathBuf,
    /// Languages of the texts for customers; the first is the default.
    #[serde(default = "defaults::languages")]
    pub languages: Vec<Language>,
}

/// The table `[cinema]`: the cinema the machine stands in.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cinema {
    /// VISTA CinemaId of this cinema.
    pub id: String,
    /// Name of the cinema, for texts.
    pub name: String,
    /// Time zone by its IANA name; session times are local to it.
    #[serde(default = "defaults::timezone")]
    pub timezone: String,
    /// National code; where given, each record's cinema_code and the first 8 digits of its code must equal it.
    pub national_code: Option<String>,
}

/// The table `[cloud]`: Vista Connect.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cloud {
    /// URL of the services: scheme, host and, where it has one, port: `https://connect.example.cn`.
    pub url: String,
    /// True if `http://` is allowed; it is refused otherwise.
    #[serde(default)]
    pub allow_plain_http: bool,
    /// Secret file with the connectapitoken.
    pub token_file: PathBuf,
    /// OptionalClientClass of the requests.
    pub client_class: String,
    /// OptionalClientId of the requests.
    pub client_id: String,
    /// OptionalClientName of the requests.
    pub client_name: String,
    /// Time limit for one call, in milliseconds; 100 to 60000.
    #[serde(default = "defaults::cloud_timeout_ms")]
    pub timeout_ms: u64,
    /// Secret file with the token for booking and refunding, which need it.
    pub order_token_file: Option<PathBuf>,
    /// True for a test environment.
    #[serde(default)]
    pub test: bool,
    /// Paths of the services below the URL.
    #[serde(default)]
    pub paths: CloudPaths,
    /// Terms of booking and refunding.
    #[serde(default)]
    pub ordering: Ordering,
    /// Information kept for the customer screen.
    #[serde(default)]
    pub information: Information,
}

/// The table `[cloud.paths]`: the document's headings and samples disagree, so each can be overridden.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CloudPaths {
    /// Path of OData: cinemas and films.
    pub odata: String,
    /// Path of RESTData: ticket types and seat plans.
    pub data: String,
    /// Path of RESTTicketing: orders.
    pub ticketing: String,
    /// Path of RestBooking: bookings.
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

/// The table `[printer]`: the ticket printer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printer {
    /// Connection: `usb:PATH`, `serial:PATH?baud=…&flow=…`, `tcp:HOST:PORT` or `image:DIR`.
    pub connection: String,
    /// Name of the profile: a file in printers/ beside kiosk.toml, or one built in.
    #[serde(default = "defaults::profile")]
    pub profile: String,
}

/// The table `[pickup]`: policies, all optional.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pickup {
    /// Minutes after the session began at which pickup ends; none: never.
    pub late_minutes: Option<u32>,
    /// Hours before the session at which pickup begins; none: any time.
    pub earliest_hours: Option<u32>,
    /// Minutes after the last step within which the same code goes on; default 30.
    pub resume_minutes: u32,
    /// Time HH:MM at which a business day begins; default 06:00.
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

/// The table `[codes]`: forms of codes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Codes {
    /// Name of the URL parameter that holds the number; default `n`.
    pub url_number: String,
    /// Name of the URL parameter that holds the ID; default `id`.
    pub url_id: String,
    /// Forms of this site, tried first.
    #[serde(rename = "format")]
    pub formats: Vec<CodeFormat>,
}

impl Default for Codes {
    fn default() -> Self {
        Self { url_number: "n".into(), url_id: "id".into(), formats: Vec::new() }
    }
}

/// One `[[codes.format]]`: a form of this site.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeFormat {
    /// Regular expression with groups `number`, `id` or both; it must fit the whole code.
    pub pattern: String,
}

/// The table `[rate_limit]`: the rate limit on refused codes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RateLimit {
    /// Number of refused codes at once before the rate limit sets in; default 5.
    pub burst: u32,
    /// Seconds for one more refused code after that; default 20.
    pub seconds_per_code: u32,
    /// Number of refused codes of an ID alone a day after which the number is asked for too; default 50.
    pub id_alone_a_day: u32,
    /// Number of refused codes of an ID alone a day at which staff are told; default 20.
    pub id_alone_notice: u32,
    /// Number of refused codes of one number a day after which the cloud must confirm the pair; default 50.
    pub number_a_day: u32,
}

impl Default for RateLimit {
    fn default() -> Self {
        Self { burst: 5, seconds_per_code: 20, id_alone_a_day: 50, id_alone_notice: 20, number_a_day: 50 }
    }
}

/// The table `[journal]`: limits of the journal.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JournalLimits {
    /// Age above which resolved pickups are dropped, in days; default 180.
    pub keep_days: u32,
    /// Size below which the database is kept, in MiB, by dropping the oldest resolved pickups; default 1024.
    pub keep_mib: u32,
    /// Free disk space below which nothing is issued, in MiB; default 16.
    pub free_mib: u32,
}

impl Default for JournalLimits {
    fn default() -> Self {
        Self { keep_days: 180, keep_mib: 1024, free_mib: 16 }
    }
}

/// The table `[monitor]`: what a monitoring system asks.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monitor {
    /// Address and port of `/healthz` and `/metrics`. Port 0: any free one.
    pub listen: String,
}

mod defaults {
    use super::PathBuf;
    use crate::locale::Language;

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
