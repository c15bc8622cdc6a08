//! Checks that a type cannot make: ranges, forms and names, each fault told at its key.
//!
//! The one module that asks the readers of others about their part of the configuration.

use super::error::ConfigError;
use super::inputs;
use super::panel::{self, KeypadSetup, PanelSetup};
use super::paper;
use super::screen;
use super::settings::{Cloud, Settings};
use super::tree::Node;
use super::validator::Validator;
use crate::codes::{CodeReader, CodesError};
use crate::device::printer::connection::ConnectionSpec;
use crate::device::scanner::spec::Scanner;
use crate::receipt::layout::Layout;
use crate::receipt::profile::Profile;
use crate::receipt::stock::Stock;
use crate::sarft;
use crate::screen::hours::hours_and_minutes;
use crate::screen::idle::Idle;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use std::path::Path;

/// Longest user name of the on-site protocol, in bytes: the field has 33, NUL included.
const USERNAME_MAX_BYTES: usize = 32;
/// Number of digits of a cinema's national code.
const NATIONAL_CODE_DIGITS: usize = 8;

/// Form of a text that is shown in one line.
const ONE_LINE: (&str, &str) = ("应为一行，1 到 64 字节", "must be one line of 1 to 64 bytes");

/// Results of the checks of the settings.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Frame and encodings of the on-site protocol.
    pub wire: sarft::Layout,
    /// Connection of the printer; a relative folder has been made relative to the config file.
    pub printer: ConnectionSpec,
    /// Profile of the printer.
    pub profile: Profile,
    /// Layout of a ticket; fits the printer's paper.
    pub layout: Layout,
    /// Paper in the printer, and how much of it a ticket takes.
    pub stock: Stock,
    /// Reader of customers' codes.
    pub codes: CodeReader,
    /// Scanners, ready to be opened.
    pub scanners: Vec<Scanner>,
    /// Keypad and its lines.
    pub keypad: Option<KeypadSetup>,
    /// Panel with lamps, buzzer, door and relay.
    pub panel: Option<PanelSetup>,
    /// Address of the customer screen's page.
    pub screen: Option<SocketAddr>,
    /// Lines, opening hours and picture that the screen shows beside its instruction.
    pub idle: Idle,
    /// Address of `/healthz` and `/metrics`.
    pub monitor: Option<SocketAddr>,
    /// Time zone of the cinema.
    pub timezone: TimeZone,
    /// Time at which a business day begins, in that zone.
    pub business_day_start: Time,
    /// Time from which the cinemas are asked for at night, in that zone.
    pub cinemas_at: Time,
}

/// Checks the settings that `root` was read into, and reads the files they name but for secrets.
/// `beside` is the config file's directory.
///
/// # Errors
/// The first value that cannot work.
pub fn settings(root: &Node, settings: &Settings, beside: &Path) -> Result<Checked, ConfigError> {
    let validator = Validator::of(root);
    kiosk(validator, settings)?;
    let (timezone, business_day_start) = cinema(validator, settings)?;
    let wire = sarft(validator, settings)?;
    let cinemas_at = match &settings.cloud {
        Some(cloud) => check_cloud(validator, cloud)?,
        None => Time::midnight(),
    };
    let printer = printer(validator, settings, beside)?;
    let profile = paper::profile(validator, &settings.printer.profile, beside)?;
    let layout = paper::layout(validator, &settings.ticket, &profile, beside)?;
    let stock = paper::stock(validator, &settings.paper, &profile, &layout)?;
    paper::carries(validator, &printer, &profile, &layout)?;
    let codes = codes(validator, settings)?;
    let scanners = inputs::scanners(validator, settings, beside)?;
    let (panel, keypad) = panel::panel_and_keypad(validator, settings, beside)?;
    let (screen, monitor) = listeners(validator, settings)?;
    super::users::check(validator, &settings.maintenance)?;
    let idle = screen::idle(validator, settings.screen.as_ref(), beside)?;
    Ok(Checked {
        wire,
        printer,
        profile,
        layout,
        stock,
        codes,
        scanners,
        keypad,
        panel,
        screen,
        idle,
        monitor,
        timezone,
        business_day_start,
        cinemas_at,
    })
}

fn kiosk(validator: Validator<'_>, settings: &Settings) -> Result<(), ConfigError> {
    let kiosk = &settings.kiosk;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let id_fits = (1..=32).contains(&kiosk.id.len()) && kiosk.id.chars().all(plain);
    validator.require(
        "kiosk.id",
        id_fits,
        ("应为 1 到 32 个字母、数字、- 或 _", "must be 1 to 32 letters, digits, - or _"),
    )?;
    let state_dir = !kiosk.state_dir.as_os_str().is_empty();
    let right = ("应为文件夹：\"/var/lib/pickup-kiosk\"", "must be a directory: \"/var/lib/pickup-kiosk\"");
    validator.require("kiosk.state_dir", state_dir, right)?;
    let mut languages = kiosk.languages.clone();
    languages.dedup();
    let distinct = languages.len() == kiosk.languages.len() && languages.len() <= 2;
    let right = (
        "至少写 \"zh-CN\" 和 \"en\" 之一，各一次；第一个为默认语言",
        "must name at least one of \"zh-CN\" and \"en\", each once; the first is the default",
    );
    validator.require("kiosk.languages", distinct && !languages.is_empty(), right)
}

fn cinema(validator: Validator<'_>, settings: &Settings) -> Result<(TimeZone, Time), ConfigError> {
    let cinema = &settings.cinema;
    let id_fits = (1..=16).contains(&cinema.id.len()) && cinema.id.bytes().all(|b| b.is_ascii_graphic());
    let right = ("应为 VISTA 的 CinemaId，如 \"0200\"", "must be VISTA's CinemaId, such as \"0200\"");
    validator.require("cinema.id", id_fits, right)?;
    let name_fits = line_of_text(&cinema.name, 64);
    validator.require("cinema.name", name_fits, ONE_LINE)?;
    if let Some(code) = &cinema.national_code {
        let fits = code.len() == NATIONAL_CODE_DIGITS && code.bytes().all(|b| b.is_ascii_digit());
        let right =
            ("应为带引号的 8 位数字，如 \"17212101\"", "must be 8 digits in quotes, such as \"17212101\"");
        validator.require("cinema.national_code", fits, right)?;
    }
    let timezone = TimeZone::get(&cinema.timezone).map_err(|_| {
        let right = (
            "应为时区的 IANA 名称，如 \"Asia/Shanghai\"",
            "must be a time zone's IANA name, such as \"Asia/Shanghai\"",
        );
        validator.fault("cinema.timezone", right)
    })?;
    let start = hours_and_minutes(&settings.pickup.business_day_start).ok_or_else(|| {
        let right = ("应为 HH:MM，\"00:00\" 到 \"23:59\"", "must be HH:MM, from \"00:00\" to \"23:59\"");
        validator.fault("pickup.business_day_start", right)
    })?;
    Ok((timezone, start))
}

fn sarft(validator: Validator<'_>, settings: &Settings) -> Result<sarft::Layout, ConfigError> {
    let sarft = &settings.sarft;
    let right =
        ("应为 HOST:PORT，如 \"192.168.1.10:9500\"", "must be HOST:PORT, such as \"192.168.1.10:9500\"");
    validator.require("sarft.address", is_host_and_port(&sarft.address), right)?;
    let fits = line_of_text(&sarft.username, USERNAME_MAX_BYTES) && sarft.username.is_ascii();
    let right = (
        "应为 1 到 32 字节的 ASCII，不含控制字符",
        "must be 1 to 32 bytes of ASCII, without control characters",
    );
    validator.require("sarft.username", fits, right)?;
    let named = !sarft.password_file.as_os_str().is_empty();
    let right = ("应为存放密码的文件名", "must name the file that holds the password");
    validator.require("sarft.password_file", named, right)?;
    sarft::Layout::read(&sarft.wire)
        .map_err(|error| validator.error(&format!("sarft.wire.{}", error.key), error.found, error.right))
}

fn check_cloud(validator: Validator<'_>, cloud: &Cloud) -> Result<Time, ConfigError> {
    let right = (
        "应只有协议和主机，如 \"https://connect.example.cn\"",
        "must be scheme and host alone, such as \"https://connect.example.cn\"",
    );
    let url = cloud.url.parse::<ureq::http::Uri>().map_err(|_| validator.fault("cloud.url", right))?;
    let whole = url.path_and_query().is_none_or(|rest| rest.as_str() == "/" || rest.as_str().is_empty());
    let host = url.authority().filter(|a| !a.host().is_empty() && !a.as_str().contains('@'));
    // A port that is no number leaves the host with a colon at its end and no port.
    let port = host.is_some_and(|a| a.port_u16().is_some() || a.as_str() == a.host());
    validator.require("cloud.url", whole && port, right)?;
    match url.scheme_str() {
        Some("https") => {}
        Some("http") if cloud.allow_plain_http => {}
        Some("http") => {
            let right = (
                "应以 https:// 开头；测试环境可设 allow_plain_http = true，但令牌会以明文经过网络",
                "must begin with https://; a test rig may set allow_plain_http = true, but then the token crosses the \
                 network readable by all",
            );
            return validator.refuse("cloud.url", right);
        }
        _ => return validator.refuse("cloud.url", right),
    }
    for (key, value) in [
        ("cloud.client_class", &cloud.client_class),
        ("cloud.client_id", &cloud.client_id),
        ("cloud.client_name", &cloud.client_name),
        ("cloud.ordering.card_number", &cloud.ordering.card_number),
        ("cloud.ordering.card_type", &cloud.ordering.card_type),
        ("cloud.ordering.tender_category", &cloud.ordering.tender_category),
    ] {
        validator.require(key, line_of_text(value, 64), ONE_LINE)?;
    }
    let named = !cloud.token_file.as_os_str().is_empty();
    let right = ("应为存放令牌的文件名", "must name the file that holds the token");
    validator.require("cloud.token_file", named, right)?;
    let paths = &cloud.paths;
    for (key, path) in [
        ("cloud.paths.odata", &paths.odata),
        ("cloud.paths.data", &paths.data),
        ("cloud.paths.ticketing", &paths.ticketing),
        ("cloud.paths.booking", &paths.booking),
    ] {
        let plain =
            path.starts_with('/') && path.bytes().all(|b| b.is_ascii_graphic() && b != b'?' && b != b'#');
        let right = ("应为路径：\"/…/RestBooking.svc\"", "must be a path: \"/…/RestBooking.svc\"");
        validator.require(key, plain && path.len() <= 256, right)?;
    }
    let key = "cloud.information.cinemas_at";
    let at = hours_and_minutes(&cloud.information.cinemas_at);
    let right = ("应为一天中的时刻，\"00:00\" 到 \"23:59\"", "must be a time of day, \"00:00\" to \"23:59\"");
    at.ok_or_else(|| validator.fault(key, right))
}

fn printer(
    validator: Validator<'_>,
    settings: &Settings,
    beside: &Path,
) -> Result<ConnectionSpec, ConfigError> {
    match ConnectionSpec::parse(&settings.printer.connection) {
        Ok(ConnectionSpec::Image { folder }) => Ok(ConnectionSpec::Image { folder: beside.join(folder) }),
        Ok(spec) => Ok(spec),
        Err(error) => validator.refuse("printer.connection", error.text()),
    }
}

fn codes(validator: Validator<'_>, settings: &Settings) -> Result<CodeReader, ConfigError> {
    CodeReader::new(&settings.codes).map_err(|error| {
        let key = match &error {
            CodesError::Pattern { index, .. }
            | CodesError::NoGroup { index }
            | CodesError::PatternTooLong { index } => format!("codes.format[{index}].pattern"),
            CodesError::Parameters => "codes.url_number".into(),
        };
        validator.fault(&key, error.text())
    })
}

type Listeners = (Option<SocketAddr>, Option<SocketAddr>);

fn listeners(validator: Validator<'_>, settings: &Settings) -> Result<Listeners, ConfigError> {
    let screen = match &settings.screen {
        Some(screen) => {
            let right = (
                "应为只有本机能访问的地址，如 \"127.0.0.1:8080\"",
                "must be an address that only this machine reaches, such as \"127.0.0.1:8080\"",
            );
            let address =
                screen.listen.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback());
            Some(address.ok_or_else(|| validator.fault("screen.listen", right))?)
        }
        None => None,
    };
    let monitor = match &settings.monitor {
        Some(monitor) => {
            let right = (
                "应为本机地址和端口，如 \"0.0.0.0:9469\"",
                "must be an address of this machine and a port, such as \"0.0.0.0:9469\"",
            );
            let address: Option<SocketAddr> = monitor.listen.parse().ok();
            Some(address.ok_or_else(|| validator.fault("monitor.listen", right))?)
        }
        None => None,
    };
    let differ = screen.is_none() || screen != monitor || screen.is_some_and(|address| address.port() == 0);
    let right = ("不能与 [screen] listen 相同", "must differ from [screen] listen");
    validator.require("monitor.listen", differ, right)?;
    Ok((screen, monitor))
}

fn line_of_text(text: &str, max_bytes: usize) -> bool {
    !text.trim().is_empty() && text.len() <= max_bytes && !text.chars().any(char::is_control)
}

/// Returns true for `HOST:PORT` with a name, an IPv4 address or an IPv6 address in brackets; nothing is resolved.
fn is_host_and_port(address: &str) -> bool {
    let Some((host, port)) = address.rsplit_once(':') else { return false };
    let host_fits = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            (1..=253).contains(&host.len())
                && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
        }
    };
    let digits = port.bytes().all(|b| b.is_ascii_digit());
    host_fits && digits && port.parse::<u16>().is_ok_and(|port| port > 0)
}
