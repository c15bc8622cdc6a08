//! Value of `[printer] connection`: the way to the printer. Opens nothing.

#[cfg(test)]
mod tests;

use crate::locale::{Text, display_text, text};
use std::fmt;
use std::path::PathBuf;

/// Baud rates that a serial printer may have.
pub const BAUD_RATES: [u32; 8] = [4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800];

/// Connection to the printer, as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionSpec {
    /// `tcp:HOST:PORT`: a printer in the network.
    Tcp {
        /// Name or address of the printer; an IPv6 address without its brackets.
        host: String,
        /// TCP port, nearly always 9100.
        port: u16,
    },
    /// `serial:PATH?baud=…&flow=…&parity=…`: a printer on a serial port.
    Serial(SerialSpec),
    /// `usb:PATH`: a device of the kernel's usblp.
    Usb {
        /// Device file, such as /dev/usb/lp0.
        path: PathBuf,
    },
    /// `usb:VVVV:PPPP` or `usb:VVVV:PPPP:SERIAL`: a USB printer, whichever /dev/usb/lp* it is.
    UsbId(UsbId),
    /// `image:DIR`: the virtual printer in this process.
    Image {
        /// Folder for the printed papers, as PNG files.
        folder: PathBuf,
    },
}

/// Identity of a USB device: two of the same make differ by their serial number, if they have one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbId {
    /// Vendor id (`idVendor`).
    pub vendor: u16,
    /// Product id (`idProduct`).
    pub product: u16,
    /// Serial number; none if any device of the make is meant, or the device has none.
    pub serial: Option<String>,
}

impl fmt::Display for UsbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vendor, self.product)?;
        self.serial.as_ref().map_or(Ok(()), |serial| write!(f, ":{}", shown(serial)))
    }
}

impl UsbId {
    /// Parses `VVVV:PPPP` or `VVVV:PPPP:SERIAL`; none for any other form.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let mut number = || {
            let part = parts.next().filter(|part| part.len() == 4)?;
            let plain = part.bytes().all(|digit| digit.is_ascii_hexdigit());
            if plain { u16::from_str_radix(part, 16).ok() } else { None }
        };
        let (vendor, product) = (number()?, number()?);
        let serial = parts.next().map(str::to_owned);
        let fits = serial.as_ref().is_none_or(|serial| !serial.is_empty() && serial.len() <= 126);
        fits.then_some(Self { vendor, product, serial })
    }

    /// Returns true if a device with this identity is the one meant: without a serial number, any of its make.
    pub fn means(&self, device: &Self) -> bool {
        let make = (self.vendor, self.product) == (device.vendor, device.product);
        make && (self.serial.is_none() || self.serial == device.serial)
    }
}

/// A serial port and its settings; always 8 data bits and 1 stop bit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialSpec {
    /// Device file, such as /dev/ttyS1.
    pub path: PathBuf,
    /// Baud rate, one of [`BAUD_RATES`]; default 9600.
    pub baud: u32,
    /// Flow control (`flow=`); default none.
    pub flow: Flow,
    /// Parity (`parity=`); default none.
    pub parity: Parity,
}

/// Flow control of a serial printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// No flow control: the printer's buffer must hold a whole ticket.
    None,
    /// The wires RTS and CTS.
    RtsCts,
    /// The wires DTR and DSR: Linux does it for no port, so the kiosk reads the wire itself, a few bytes at a time.
    DtrDsr,
    /// The characters XON and XOFF.
    XonXoff,
}

/// Parity of a serial printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parity {
    /// No parity bit.
    None,
    /// Even parity (`parity=even`).
    Even,
    /// Odd parity (`parity=odd`).
    Odd,
}

/// Reason why a text is no printer connection; its message says what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionError {
    /// The text begins with none of the known kinds.
    Kind {
        /// Text that was found.
        found: String,
    },
    /// A path or host is missing.
    Missing {
        /// Kind of the connection, such as `tcp`.
        kind: &'static str,
        /// Name of the missing part.
        part: [&'static str; 2],
        /// Correct example.
        example: &'static str,
    },
    /// The TCP port is no number from 1 to 65535.
    Port {
        /// Text that was found.
        found: String,
    },
    /// The text has an unknown option of a serial printer.
    Option {
        /// Text that was found.
        found: String,
    },
    /// A serial option is given twice.
    Twice {
        /// Name of the option.
        option: String,
    },
    /// A serial option has a value that it can't have.
    Value {
        /// Name of the option.
        option: &'static str,
        /// Value that was found.
        found: String,
        /// Values that would be right.
        wanted: [&'static str; 2],
    },
}

display_text!(ConnectionError);

impl ConnectionError {
    /// Returns the reason in both languages.
    pub fn text(&self) -> Text {
        match self {
            Self::Kind { found } => text!(
                "`{found}` 不是打印机连接；应写 tcp:HOST:PORT、serial:PATH?baud=38400&flow=rtscts、usb:PATH、usb:VVVV:PPPP:SERIAL 或 image:DIR",
                "`{found}` is no printer connection; write tcp:HOST:PORT, serial:PATH?baud=38400&flow=rtscts, usb:PATH, usb:VVVV:PPPP:SERIAL or image:DIR"
            ),
            Self::Missing { kind, part: [zh, en], example } => {
                text!("`{kind}:` 缺少{zh}；应写 {example}", "`{kind}:` lacks its {en}; write {example}")
            }
            Self::Port { found } => text!(
                "`{found}` 不是端口；应写 1 到 65535，几乎所有打印机都是 9100：tcp:HOST:9100",
                "`{found}` is no port; write 1 to 65535, for nearly all printers 9100: tcp:HOST:9100"
            ),
            Self::Option { found } => text!(
                "`{found}` 不是串口打印机的选项；应写 baud=、flow=、parity= 或 bits=",
                "`{found}` is no option of a serial printer; write baud=, flow=, parity= or bits="
            ),
            Self::Twice { option } => {
                text!("`{option}` 写了两次；只写一次", "`{option}` is given twice; write it once")
            }
            Self::Value { option, found, wanted: [zh, en] } => {
                text!("{option} 写的是 `{found}`；应写 {zh}", "{option} is `{found}`; write {en}")
            }
        }
    }
}

impl ConnectionSpec {
    /// Parses the text of `[printer] connection`.
    ///
    /// # Errors
    /// Fails on an unknown kind, a missing part, or an option or value that a serial printer doesn't have.
    pub fn parse(text: &str) -> Result<Self, ConnectionError> {
        let unknown = || ConnectionError::Kind { found: shown(text) };
        let (kind, rest) = text.split_once(':').ok_or_else(unknown)?;
        match kind {
            "tcp" => tcp(rest),
            "serial" => serial(rest).map(Self::Serial),
            "usb" => match UsbId::parse(rest) {
                Some(id) => Ok(Self::UsbId(id)),
                None => Ok(Self::Usb { path: path("usb", rest, "usb:/dev/usb/lp0")? }),
            },
            "image" => Ok(Self::Image { folder: path("image", rest, "image:tickets")? }),
            _ => Err(unknown()),
        }
    }

    /// Returns true if the printer is simulated within this process.
    pub fn is_virtual(&self) -> bool {
        matches!(self, Self::Image { .. })
    }
}

impl fmt::Display for ConnectionSpec {
    /// Writes kind and address, without the options, for messages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "tcp:[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "tcp:{host}:{port}"),
            Self::Serial(serial) => write!(f, "serial:{}", serial.path.display()),
            Self::Usb { path } => write!(f, "usb:{}", path.display()),
            Self::UsbId(id) => write!(f, "usb:{id}"),
            Self::Image { folder } => write!(f, "image:{}", folder.display()),
        }
    }
}

fn tcp(rest: &str) -> Result<ConnectionSpec, ConnectionError> {
    let missing = |part| ConnectionError::Missing { kind: "tcp", part, example: "tcp:192.168.1.50:9100" };
    let (host, port) = rest.rsplit_once(':').ok_or_else(|| missing(["端口", "port"]))?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let host = match bare {
        Some(address) => address,
        None if host.contains(':') => {
            return Err(missing(["IPv6 地址的方括号", "brackets around an IPv6 address"]));
        }
        None => host,
    };
    if host.is_empty() {
        return Err(missing(["主机", "host"]));
    }
    let plain = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let number = port.parse().ok().filter(|number| plain && *number != 0);
    let port = number.ok_or_else(|| ConnectionError::Port { found: shown(port) })?;
    Ok(ConnectionSpec::Tcp { host: host.to_owned(), port })
}

fn serial(rest: &str) -> Result<SerialSpec, ConnectionError> {
    let (name, options) = rest.split_once('?').unwrap_or((rest, ""));
    let path = path("serial", name, "serial:/dev/ttyS1?baud=38400&flow=rtscts")?;
    let (mut baud, mut flow, mut parity, mut bits) = (None, None, None, None);
    for option in options.split('&').filter(|option| !option.is_empty()) {
        let (key, value) = option.split_once('=').unwrap_or((option, ""));
        let first = match key {
            "baud" => baud.replace(read_baud(value)?).is_none(),
            "flow" => flow.replace(read_flow(value)?).is_none(),
            "parity" => parity.replace(read_parity(value)?).is_none(),
            "bits" => bits.replace(read_bits(value)?).is_none(),
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
    let wanted = [
        "4800、9600、19200、38400、57600、115200、230400 或 460800",
        "4800, 9600, 19200, 38400, 57600, 115200, 230400 or 460800",
    ];
    let wrong = || ConnectionError::Value { option: "baud", found: shown(value), wanted };
    value.parse().ok().filter(|baud| BAUD_RATES.contains(baud)).ok_or_else(wrong)
}

fn read_flow(value: &str) -> Result<Flow, ConnectionError> {
    match value {
        "none" => Ok(Flow::None),
        "rtscts" => Ok(Flow::RtsCts),
        "dtrdsr" => Ok(Flow::DtrDsr),
        "xonxoff" => Ok(Flow::XonXoff),
        _ => Err(ConnectionError::Value {
            option: "flow",
            found: shown(value),
            wanted: ["none、rtscts、dtrdsr 或 xonxoff", "none, rtscts, dtrdsr or xonxoff"],
        }),
    }
}

/// Checks the option `bits`. Printers can be set to 7 data bits; then neither Chinese nor raster gets through.
fn read_bits(value: &str) -> Result<(), ConnectionError> {
    let wanted = [
        "8，并把打印机设为 8 个数据位：7 位时中文和点阵都传不过去",
        "8, and set the printer to 8 data bits: with 7, neither Chinese nor raster gets through",
    ];
    let wrong = || ConnectionError::Value { option: "bits", found: shown(value), wanted };
    (value == "8").then_some(()).ok_or_else(wrong)
}

fn read_parity(value: &str) -> Result<Parity, ConnectionError> {
    match value {
        "none" => Ok(Parity::None),
        "even" => Ok(Parity::Even),
        "odd" => Ok(Parity::Odd),
        _ => Err(ConnectionError::Value {
            option: "parity",
            found: shown(value),
            wanted: ["none、even 或 odd", "none, even or odd"],
        }),
    }
}

fn path(kind: &'static str, rest: &str, example: &'static str) -> Result<PathBuf, ConnectionError> {
    if rest.is_empty() || rest.contains('\0') {
        return Err(ConnectionError::Missing { kind, part: ["路径", "path"], example });
    }
    Ok(PathBuf::from(rest))
}

/// Returns at most 80 characters of what was found, with control characters made visible.
fn shown(text: &str) -> String {
    text.chars().take(80).flat_map(char::escape_debug).collect()
}
