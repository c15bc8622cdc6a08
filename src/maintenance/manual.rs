//! Chapter of the manual about faults, made from the table.

use super::faults::{Severity, table};
use crate::fault_code::FaultCode;
use crate::locale::Language;
use std::fmt::Write;

/// Returns the text of docs/manual/faults.md.
pub fn chapter() -> String {
    let [zh, en] = [Language::Chinese, Language::English];
    let mut text = introduction();
    for fault in table() {
        let _ = writeln!(
            text,
            "| [{0}](#{1}) | {2} | {3} {4} | {5} | {6} |",
            fault.code,
            fault.code.as_str().to_lowercase(),
            fault.name,
            fault.severity.name(en),
            fault.severity.name(zh),
            fault.for_usher(en),
            fault.for_usher(zh),
        );
    }
    for fault in table() {
        let stops = fault.severity == Severity::Stops;
        let (says_en, says_zh) =
            if stops { (" The screen says so.", "屏幕上有提示。") } else { ("", "") };
        let _ = write!(
            text,
            "\n## {}\n\n**{}**, {}.{says_en} {}。{says_zh}\n\n- Usher: {}\n- 检票员：{}\n- Customer: {}\n- 顾客：{}\n\
             - Technician: {}\n- 技术人员：{}\n",
            fault.code,
            fault.name,
            fault.severity.name(en),
            fault.severity.name(zh),
            fault.for_usher(en),
            fault.for_usher(zh),
            fault.for_customer(en),
            fault.for_customer(zh),
            fault.for_technician(en),
            fault.for_technician(zh),
        );
    }
    text
}

/// Returns head and table's head, in both languages.
fn introduction() -> String {
    let code = FaultCode::PaperOut;
    format!(
        "\
# Faults and what to do · 故障与处理

Made from the program's table by `pickup-kiosk explain --manual`; a test holds it true.
由 `pickup-kiosk explain --manual` 按程序里的表生成；有测试保证两者一致。

A code stands on the screen, in `pickup-kiosk check`, in the maintenance menu, in the log and in `/healthz`.
`pickup-kiosk explain {code}` says the same as this page. *stops*: nobody can collect anything; *hinders*: some
pickups fail or take longer; *notice*: pickups go on, somebody should see to it.

代码出现在屏幕、`pickup-kiosk check`、维护菜单、日志和 `/healthz` 里。`pickup-kiosk explain {code}` 说的与本页相同。
*停止服务*：谁也取不了票；*影响取票*：有的取票会失败或变慢；*提醒*：照常取票，但要有人处理。

| code 代码 | name 名称 | severity 程度 | what to do | 怎么办 |
|---|---|---|---|---|
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_fault_is_said_in_one_language_alone() {
        let chapter = chapter();
        let cjk = |text: &str| text.chars().any(|c| c >= '\u{3000}');
        for line in chapter.lines() {
            let says = |word: &str| line.starts_with(word);
            assert!(!(says("| [") || says("**")) || cjk(line), "{line}");
        }
        for (zh, en) in
            [("- 检票员：", "- Usher: "), ("- 顾客：", "- Customer: "), ("- 技术人员：", "- Technician: ")]
        {
            let count = |word: &str| chapter.lines().filter(|line| line.starts_with(word)).count();
            assert_eq!((count(zh), count(en)), (table().count(), table().count()));
        }
    }

    #[test]
    fn the_manual_says_what_the_table_says() {
        let written = include_str!("../../docs/manual/faults.md");
        assert!(chapter() == written, "write it anew: cargo run -- explain --manual > docs/manual/faults.md");
    }
}
