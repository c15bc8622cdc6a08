//! The printer for technicians: what it is, what it answered, bit by bit, and what that means.

use crate::device::printer::conditions::Condition;
use crate::kiosk::Kiosk;
use crate::maintenance::menu::ask::{Report, same};
use crate::screen::texts::Text;

impl Kiosk {
    pub(super) fn printer_report(&self) -> Report {
        let settings = &self.parts.context.loaded.settings.printer;
        let model = self.care.printer_model.as_deref().unwrap_or("-");
        let mut lines = vec![
            Text::new(format!("型号 {model}"), format!("model {model}")),
            Text::new(format!("连接 {}", settings.connection), format!("connection {}", settings.connection)),
            Text::new(format!("配置 {}", settings.profile), format!("profile {}", settings.profile)),
        ];
        let raw = self.parts.printer.raw_status();
        for (n, byte) in (1_u8..).zip(raw.asked) {
            lines.push(same(format!("DLE EOT {n}  {}", byte.map_or("-".into(), |byte| bits(&[byte])))));
        }
        for (name, bytes) in [("ASB", raw.automatic), ("DLE EOT 20", raw.full)] {
            if let Some(bytes) = bytes {
                lines.push(same(format!("{name}  {}", bits(&bytes))));
            }
        }
        lines.extend(raw.in_turn.map(|byte| same(format!("GS r 1  {}", bits(&[byte])))));
        let told = self.told_conditions().unwrap_or_default();
        for condition in Condition::ALL {
            let on = if told.contains(condition) { "1" } else { "0" };
            lines.push(same(format!(
                "{on}  {:<4} {:<14} {}",
                condition.code(),
                condition.name(),
                told_by(condition)
            )));
        }
        Report::yes(lines)
    }
}

/// Bytes in hex and bit by bit, the highest first.
fn bits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x} {byte:08b}")).collect::<Vec<_>>().join("  ")
}

/// Which bit of which answer says so (ESC/POS: DLE EOT n, GS r, ASB).
fn told_by(condition: Condition) -> &'static str {
    match condition {
        Condition::Offline => "DLE EOT 1 bit 3",
        Condition::CoverOpen => "DLE EOT 2 bit 2",
        Condition::CutterFault => "DLE EOT 3 bit 3",
        Condition::Unrecoverable => "DLE EOT 3 bit 5",
        Condition::HeadHot => "DLE EOT 3 bit 6",
        Condition::PaperLow => "DLE EOT 4 bits 2, 3",
        Condition::PaperOut => "DLE EOT 4 bits 5, 6",
        Condition::NotAnswering => "no answer in time",
        Condition::Disconnected => "no connection",
        Condition::NotEmpty => "no fence answered yet",
        Condition::TicketWaiting => "DLE EOT 20 byte 3 bit 5",
    }
}
