//! `[printer] connection`: how the printer is connected. Opens nothing.

use std::fmt;
use std::path::PathBuf;

/// Baud rates a serial printer may have.
pub const BAUD_RATES: [u32; 8] = [4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800];

/// How the printer is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionSpec {
    /// `tcp:HOST:PORT`
    Tcp {
        /// A name or an address; an IPv6 address without its brackets.
        host: String,
        /// Nearly always 9100.
        port: u16,
    },
    /// `serial:PATH?baud=…&flow=…&parity=…`
    Serial(SerialSpec),
    /// `usb:PATH`, a device of the kernel's usblp
    Usb {
        /// As /dev/usb/lp0.
        path: PathBuf,
    },
    /// `image:DIR`, the virtual printer in this process
    Image {
        /// Where its papers go, as PNG.
        folder: PathBuf,
    },
}

/// A serial port and its settings; always 8 data bits and 1 stop bit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialSpec {
    /// As /dev/ttyS1.
    pub path: PathBuf,
    /// One of [`BAUD_RATES`]; default 9600.
    pub baud: u32,
    /// Default none.
    pub flow: Flow,
    /// Default none.
    pub parity: Parity,
}

/// Flow control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// None: the printer's buffer must hold a whole ticket.
    None,
    /// The wires RTS and CTS.
    RtsCts,
    /// The characters XON and XOFF.
    XonXoff,
}

/// Parity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// No parity bit.
    None,
    /// Even.
    Even,
    /// Odd.
    Odd,
}

/// What is wrong with a connection's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionError {
    /// It begins with none of the known kinds.
    #[error(
        "`{found}` is no printer connection; write tcp:HOST:PORT, serial:PATH?baud=38400&flow=rtscts, usb:PATH or image:DIR"
    )]
    Kind {
        /// What it says.
        found: String,
    },
    /// A path or host is missing.
    #[error("`{kind}:` lacks its {part}; write {example}")]
    Missing {
        /// The kind.
        kind: &'static str,
        /// What is missing.
        part: &'static str,
        /// One that is right.
        example: &'static str,
    },
    /// The port is no number from 1 to 65535.
    #[error("`{found}` is no port; write 1 to 65535, for nearly all printers 9100: tcp:HOST:9100")]
    Port {
        /// What it says.
        found: String,
    },
    /// A serial option that nobody knows.
    #[error("`{found}` is no option of a serial printer; write baud=, flow= or parity=")]
    Option {
        /// What it says.
        found: String,
    },
    /// A serial option given twice.
    #[error("`{option}` is given twice; write it once")]
    Twice {
        /// Which.
        option: String,
    },
    /// A serial option with a value it can't have.
    #[error("{option} is `{found}`; write {wanted}")]
    Value {
        /// Which.
        option: &'static str,
        /// What it says.
        found: String,
        /// What would be right.
        wanted: &'static str,
    },
}

impl ConnectionSpec {
    /// Reads the text of `[printer] connection`.
    ///
    /// # Errors
    /// Unknown kind, missing part, an option or value that a serial printer has not.
    pub fn parse(text: &str) -> Result<Self, ConnectionError> {
        let unknown = || ConnectionError::Kind { found: shown(text) };
        let (kind, rest) = text.split_once(':').ok_or_else(unknown)?;
        match kind {
            "tcp" => tcp(rest),
            "serial" => serial(rest).map(Self::Serial),
            "usb" => Ok(Self::Usb { path: path("usb", rest, "usb:/dev/usb/lp0")? }),
            "image" => Ok(Self::Image { folder: path("image", rest, "image:tickets")? }),
            _ => Err(unknown()),
        }
    }

    /// The printer is simulated within this process.
    pub fn is_virtual(&self) -> bool {
        matches!(self, Self::Image { .. })
    }
}

impl fmt::Display for ConnectionSpec {
    /// For messages: kind and address, without the options.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "tcp:[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "tcp:{host}:{port}"),
            Self::Serial(serial) => write!(f, "serial:{}", serial.path.display()),
            Self::Usb { path } => write!(f, "usb:{}", path.display()),
            Self::Image { folder } => write!(f, "image:{}", folder.display()),
        }
    }
}

fn tcp(rest: &str) -> Result<ConnectionSpec, ConnectionError> {
    let missing = |part| ConnectionError::Missing { kind: "tcp", part, example: "tcp:192.168.1.50:9100" };
    let (host, port) = rest.rsplit_once(':').ok_or_else(|| missing("port"))?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host = match bare {
        Some(address) => address,
        None if host.contains(':') => return Err(missing("brackets around an IPv6 address")),
        None => host,
    };
    if host.is_empty() {
        return Err(missing("host"));
    }
    let plain = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let number = port.parse().ok().filter(|number| plain && *number != 0);
    let port = number.ok_or_else(|| ConnectionError::Port { found: shown(port) })?;
    Ok(ConnectionSpec::Tcp { host: host.to_owned(), port })
}

fn serial(rest: &str) -> Result<SerialSpec, ConnectionError> {
    let (name, options) = rest.split_once('?').unwrap_or((rest, ""));
    let path = path("serial", name, "serial:/dev/ttyS1?baud=38400&flow=rtscts")?;
    let (mut baud, mut flow, mut parity) = (None, None, None);
    for option in options.split('&').filter(|option| !option.is_empty()) {
        let (key, value) = option.split_once('=').unwrap_or((option, ""));
        let first = match key {
            "baud" => baud.replace(read_baud(value)?).is_none(),
            "flow" => flow.replace(read_flow(value)?).is_none(),
            "parity" => parity.replace(read_parity(value)?).is_none(),
            _ => return Err(ConnectionError::Option { found: shown(option) }),
        };
        if !first {
            return Err(ConnectionError::Twice { option: shown(key) });
        }
    }
    Ok(SerialSpec {
        path,
        baud: baud.unwrap_or(9_600),
        flow: flow.unwrap_or(Flow::None),
        parity: parity.unwrap_or(Parity::None),
    })
}

fn read_baud(value: &str) -> Result<u32, ConnectionError> {
    let wanted = "4800, 9600, 19200, 38400, 57600, 115200, 230400 or 460800";
    let wrong = || ConnectionError::Value { option: "baud", found: shown(value), wanted };
    value.parse().ok().filter(|baud| BAUD_RATES.contains(baud)).ok_or_else(wrong)
}

fn read_flow(value: &str) -> Result<Flow, ConnectionError> {
    match value {
        "none" => Ok(Flow::None),
        "rtscts" => Ok(Flow::RtsCts),
        "xonxoff" => Ok(Flow::XonXoff),
        _ => Err(ConnectionError::Value {
            option: "flow",
            found: shown(value),
            wanted: "none, rtscts or xonxoff",
        }),
    }
}

fn read_parity(value: &str) -> Result<Parity, ConnectionError> {
    match value {
        "none" => Ok(Parity::None),
        "even" => Ok(Parity::Even),
        "odd" => Ok(Parity::Odd),
        _ => {
            Err(ConnectionError::Value { option: "parity", found: shown(value), wanted: "none, even or odd" })
        }
    }
}

fn path(kind: &'static str, rest: &str, example: &'static str) -> Result<PathBuf, ConnectionError> {
    if rest.is_empty() || rest.contains('\0') {
        return Err(ConnectionError::Missing { kind, part: "path", example });
    }
    Ok(PathBuf::from(rest))
}

/// At most 80 characters of what was found, control characters made visible.
fn shown(text: &str) -> String {
    text.chars().take(80).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_read() {
        let tcp = |host: &str, port| ConnectionSpec::Tcp { host: host.into(), port };
        let serial = |path: &str, baud, flow, parity| {
            ConnectionSpec::Serial(SerialSpec { path: path.into(), baud, flow, parity })
        };
        for (text, wanted) in [
            ("tcp:printer.local:9100", tcp("printer.local", 9100)),
            ("tcp:[fe80::1]:9100", tcp("fe80::1", 9100)),
            ("serial:/dev/ttyS1", serial("/dev/ttyS1", 9_600, Flow::None, Parity::None)),
            (
                "serial:/dev/ttyS1?baud=38400&flow=rtscts",
                serial("/dev/ttyS1", 38_400, Flow::RtsCts, Parity::None),
            ),
            (
                "serial:/dev/ttyUSB0?parity=even&flow=xonxoff&baud=115200",
                serial("/dev/ttyUSB0", 115_200, Flow::XonXoff, Parity::Even),
            ),
            ("usb:/dev/usb/lp0", ConnectionSpec::Usb { path: "/dev/usb/lp0".into() }),
            ("image:t", ConnectionSpec::Image { folder: "t".into() }),
        ] {
            assert_eq!(ConnectionSpec::parse(text), Ok(wanted), "{text}");
        }
        assert_eq!(tcp("fe80::1", 9100).to_string(), "tcp:[fe80::1]:9100");
    }

    #[test]
    fn what_is_wrong_says_what_was_found_and_what_would_be_right() {
        for (text, found, right) in [
            ("", "``", "tcp:HOST:PORT"),
            ("lpt1", "`lpt1`", "usb:PATH"),
            ("TCP:a:9100", "`TCP:a:9100`", "tcp:HOST:PORT"),
            ("tcp:printer", "port", "9100"),
            ("tcp::9100", "host", "tcp:192.168.1.50:9100"),
            ("tcp:a:0", "`0`", "9100"),
            ("tcp:a:+1", "`+1`", "9100"),
            ("tcp:a:99999", "`99999`", "65535"),
            ("tcp:fe80::1:9100", "brackets", "tcp:"),
            ("serial:", "path", "serial:/dev/ttyS1"),
            ("serial:/dev/ttyS1?baud=38401", "`38401`", "38400"),
            ("serial:/dev/ttyS1?flow=hardware", "`hardware`", "rtscts"),
            ("serial:/dev/ttyS1?parity=mark", "`mark`", "even"),
            ("serial:/dev/ttyS1?bits=7", "`bits=7`", "baud="),
            ("serial:/dev/ttyS1?baud=9600&baud=9600", "`baud`", "once"),
            ("usb:", "path", "/dev/usb/lp0"),
            ("image:", "path", "image:"),
            ("tcp:a:\u{1b}[2J", "\\u{1b}", "9100"),
        ] {
            let error = ConnectionSpec::parse(text).unwrap_err().to_string();
            assert!(error.contains(found) && error.contains(right), "{text}: {error}");
        }
        let long = ConnectionSpec::parse(&"x".repeat(10_000)).unwrap_err().to_string();
        assert!(long.len() < 300);
    }
}
