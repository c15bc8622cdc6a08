//! Tests of the connection's text: every valid form, and the messages for invalid ones.

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
        ("usb:04b8:0202", ConnectionSpec::UsbId(UsbId { vendor: 0x04B8, product: 0x0202, serial: None })),
        (
            "usb:04B8:0202:X3B7:1",
            ConnectionSpec::UsbId(UsbId { vendor: 0x04B8, product: 0x0202, serial: Some("X3B7:1".into()) }),
        ),
        ("usb:04b8:202", ConnectionSpec::Usb { path: "04b8:202".into() }),
        ("serial:/dev/ttyS1?bits=8&flow=dtrdsr", serial("/dev/ttyS1", 9_600, Flow::DtrDsr, Parity::None)),
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
        ("serial:/dev/ttyS1?bits=7", "`7`", "7, neither Chinese"),
        ("serial:/dev/ttyS1?stop=2", "`stop=2`", "baud="),
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
