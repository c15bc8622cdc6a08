//! Status of a printer's USB port: its conditions, and its bits in words. Pure.

use super::pick;
use crate::device::printer::conditions::{Condition, Conditions};
use crate::locale::Text;

const PORT_NO_PAPER: u8 = 0x20;
const PORT_SELECTED: u8 = 0x10;
const PORT_NO_ERROR: u8 = 0x08;

/// Returns the conditions in the status of a USB port (USB printer class 1.1, 4.2.2, GET_PORT_STATUS): bit 5 no paper,
/// bit 4 selected, bit 3 no error.
pub fn port(byte: u8) -> Conditions {
    pick(byte, &[(PORT_NO_PAPER, Condition::PaperOut)])
        .union(pick(!byte, &[(PORT_SELECTED | PORT_NO_ERROR, Condition::Offline)]))
}

/// Returns the status of a USB port in words: `no paper, selected, no error`.
pub fn port_in_words(byte: u8) -> Text {
    let word = |bit: u8, on: (&str, &str), off: (&str, &str)| -> Text {
        if byte & bit != 0 { on.into() } else { off.into() }
    };
    let parts = [
        word(PORT_NO_PAPER, ("缺纸", "no paper"), ("有纸", "paper")),
        word(PORT_SELECTED, ("联机", "selected"), ("未联机", "not selected")),
        word(PORT_NO_ERROR, ("无错误", "no error"), ("有错误", "error")),
    ];
    Text::join(&parts, "，", ", ")
}
