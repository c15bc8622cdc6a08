//! The printer for technicians: its identity, its answers, bit by bit, and what they mean.

use crate::config::settings::Printer;
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::session::status_snapshot::Raw;
use crate::device::printer::status::port_in_words;
use crate::locale::{Text, text};
use crate::maintenance::menu::ask::{Report, same};

/// The report on a printer of these settings, by the model it told, its last answers and its conditions.
pub(super) fn report(settings: &Printer, model: Option<&str>, raw: Raw, told: Conditions) -> Report {
    let model = model.unwrap_or("-");
    let mut lines = vec![
        Text::new(format!("型号 {model}"), format!("model {model}")),
        Text::new(format!("连接 {}", settings.connection), format!("connection {}", settings.connection)),
        Text::new(format!("型号文件 {}", settings.profile), format!("profile {}", settings.profile)),
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
    lines.extend(raw.port.map(|byte| {
        let (bits, words) = (bits(&[byte]), port_in_words(byte));
        text!("USB 端口  {bits}：{words:#}", "USB port  {bits}: {words}")
    }));
    for condition in Condition::ALL {
        let on = if told.contains(condition) { "1" } else { "0" };
        let (code, name, by) = (condition.code(), condition.name(), told_by(condition));
        lines.push(text!("{on}  {code:<4} {name:<14} {by:#}", "{on}  {code:<4} {name:<14} {by}"));
    }
    Report::yes(lines)
}

/// Bytes in hex and bit by bit, the highest first.
fn bits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x} {byte:08b}")).collect::<Vec<_>>().join("  ")
}

/// The bit and the answer that say so (ESC/POS: DLE EOT n, GS r, ASB).
fn told_by(condition: Condition) -> Text {
    let (zh, en) = match condition {
        Condition::Offline => ("DLE EOT 1 第 3 位", "DLE EOT 1 bit 3"),
        Condition::CoverOpen => ("DLE EOT 2 第 2 位", "DLE EOT 2 bit 2"),
        Condition::CutterFault => ("DLE EOT 3 第 3 位", "DLE EOT 3 bit 3"),
        Condition::Unrecoverable => ("DLE EOT 3 第 5 位", "DLE EOT 3 bit 5"),
        Condition::HeadHot => ("DLE EOT 3 第 6 位", "DLE EOT 3 bit 6"),
        Condition::PaperLow => ("DLE EOT 4 第 2、3 位", "DLE EOT 4 bits 2, 3"),
        Condition::PaperOut => {
            ("DLE EOT 4 第 5、6 位；USB 端口第 5 位", "DLE EOT 4 bits 5, 6; USB port bit 5")
        }
        Condition::NotAnswering => ("没有按时应答", "no answer in time"),
        Condition::Disconnected => ("没有连接", "no connection"),
        Condition::NotEmpty => ("fence 还没有应答", "no fence answered yet"),
        Condition::TicketWaiting => ("DLE EOT 20 第 3 字节第 5 位", "DLE EOT 20 byte 3 bit 5"),
    };
    Text::new(zh, en)
}
