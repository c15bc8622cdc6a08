//! Chapter of the manual about faults, made from the table.

use super::faults::{Severity, table};
use crate::fault_code::FaultCode;
use crate::locale::Language;
use std::fmt::Write;

/// Returns the text of docs/manual/faults.md.
pub fn chapter() -> String {
    let mut text = format!(
        "# Faults and what to do\n\n\
         Made from the program's table by `pickup-kiosk explain --manual`; a test holds it true.\n\n\
         A code stands on the screen, in `pickup-kiosk check`, in the maintenance menu, in the log and in `/healthz`.\n\
         `pickup-kiosk explain {}` says the same as this page. *stops*: nobody can collect anything; *hinders*: some\n\
         pickups fail or take longer; *notice*: pickups go on, somebody should see to it.\n\n\
         | code | name | severity | what to do |\n|---|---|---|---|\n",
        FaultCode::PaperOut
    );
    for fault in table() {
        let _ = writeln!(
            text,
            "| [{0}](#{1}) | {2} | {3} | {4} |",
            fault.code,
            fault.code.as_str().to_lowercase(),
            fault.name,
            fault.severity.name(),
            fault.for_usher(Language::English)
        );
    }
    for fault in table() {
        let [zh, en] = [Language::Chinese, Language::English];
        let stops = if fault.severity == Severity::Stops { " The screen says so." } else { "" };
        let _ = write!(
            text,
            "\n## {}\n\n**{}**, {}.{stops}\n\n- Usher: {}\n- 工作人员：{}\n- Customer: {}\n- 顾客：{}\n- Technician: {}\n",
            fault.code,
            fault.name,
            fault.severity.name(),
            fault.for_usher(en),
            fault.for_usher(zh),
            fault.for_customer(en),
            fault.for_customer(zh),
            fault.technician,
        );
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_manual_says_what_the_table_says() {
        let written = include_str!("../../docs/manual/faults.md");
        assert!(
            super::chapter() == written,
            "write it anew: cargo run -- explain --manual > docs/manual/faults.md"
        );
    }
}
