//! The on-site service's protocol.

mod client;
mod decode;
mod frames;

use pickup_kiosk::config::settings::Wire;
use pickup_kiosk::ticket::{Cents, Ticket};

/// Returns a layout of frames that has little in common with the default one.
fn other_wire() -> Wire {
    Wire {
        header: ["magic:55AA", "sequence:u16", "length:u16:total", "command:u16"].map(String::from).to_vec(),
        trailer: vec!["crc16-modbus".into()],
        byte_order: "little".into(),
        charset: "utf-8".into(),
        datetime: "text14".into(),
        decimal: "cents32".into(),
        md5_case: "lower".into(),
    }
}

/// Returns a ticket of a simulated cinema, without its seat.
fn ticket_without_seat() -> Ticket {
    Ticket {
        info_code: format!("17212101U0lNVUxBVEVEIFNBTVBM{}", "A".repeat(152)),
        cinema_code: "17212101".into(),
        cinema_name: "CHTEST01".into(),
        screen_code: "0000000000000001".into(),
        screen_name: "1号厅".into(),
        film_code: "001104012014".into(),
        film_name: "重返20岁".into(),
        session_code: "1721210100000042".into(),
        session_at: "2026-11-24T19:30:00+08:00".parse().unwrap(),
        code: String::new(),
        seat_code: String::new(),
        seat_name: String::new(),
        price: Cents(5000),
        service: Cents(0),
        printed: false,
    }
}
