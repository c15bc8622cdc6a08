//! The printer for technicians: its identity, its answers, bit by bit, and what they mean.

use crate::config::settings::Printer;
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::session::status_snapshot::Raw;
use crate::device::printer::status::port_in_words;
use crate::locale::text;
use crate::maintenance::menu::ask::{Report, same};
use crate::maintenance::texts;

/// The report on a printer of these settings, by the model it told, its last answers and its conditions.
pub(super) fn report(settings: &Printer, model: Option<&str>, raw: Raw, told: Conditions) -> Report {
    let model = model.unwrap_or("-");
    let mut lines = vec![
        texts::printing::model(model),
        texts::printing::connection(&settings.connection),
        texts::printing::profile(&settings.profile),
    ];
    for (n, byte) in (1_u8..).zip(raw.asked) {
        lines.push(same(format!("DLE EOT {n}  {}", byte.map_or("-".into(), |byte| bits(&[byte])))));
    }
    for (name, bytes) in [("ASB", raw.automatic), ("DLE EOT 20", raw.full)] {
        if let Some(bytes) = bytes {
            lines.push(same(format!("{name}  {}", bits(&bytes))));
        }
    }
    lines.extend(raw.in_turn.map(|byte| same(format!("GS r 1  {}", bits(&[byte])))));
    lines.extend(raw.port.map(|byte| texts::printing::usb_port(&bits(&[byte]), &port_in_words(byte))));
    for condition in Condition::ALL {
        let on = if told.contains(condition) { "1" } else { "0" };
        let (code, name, by) = (condition.code(), condition.name(), texts::printing::told_by(condition));
        lines.push(text!("{on}  {code:<4} {name:<14} {by:#}", "{on}  {code:<4} {name:<14} {by}"));
    }
    Report::yes(lines)
}

/// Bytes in hex and bit by bit, the highest first.
fn bits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x} {byte:08b}")).collect::<Vec<_>>().join("  ")
}
