//! The tree: which entries there are, for whom, and where each leads.

use super::ask::{Ask, Case, How, Live, Parcel};
use crate::config::settings::Role;
use crate::screen::texts::Text;

/// A list of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Where one begins.
    Main,
    /// For technicians.
    Technician,
    /// Test papers and the printer.
    Printing,
    /// Scanner, keys, panel.
    Inputs,
    /// The servers and the network.
    Servers,
    /// Disk, journal, log.
    Machine,
    /// Configuration.
    Settings,
    /// Restart, reboot, power off.
    Power,
    /// USB stick.
    Stick,
}

/// Where an entry leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Another list.
    Open(List),
    /// Something is done.
    Ask(Ask),
    /// The same once somebody has said yes.
    Confirm(Text, Ask),
    /// Digits are asked for first.
    Digits(Digits),
    /// What becomes of a ticket.
    Case(Case),
    /// It is printed again: a second holder is asked for.
    Second(Case),
    /// A setting's new value is asked for.
    Edit(String, String),
    /// A holder: for signing in, or as the second.
    Holder(String),
    /// The other language.
    Language,
}

/// What digits are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// A claim reference.
    Claim,
    /// A booking number.
    Number,
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What is read.
    pub name: Text,
    /// Where it leads.
    pub step: Step,
}

fn item(zh: &str, en: &str, step: Step) -> Item {
    Item { name: Text::new(zh, en), step }
}

fn confirm(zh: &str, en: &str, ask: Ask) -> Step {
    Step::Confirm(Text::new(zh, en), ask)
}

/// A list's title.
pub fn title(list: List) -> Text {
    let (zh, en) = match list {
        List::Main => ("维护", "Maintenance"),
        List::Technician => ("技术人员", "Technician"),
        List::Printing => ("打印机", "Printer"),
        List::Inputs => ("扫码器、键盘、指示灯", "Scanner, keys, lamps"),
        List::Servers => ("服务器与网络", "Servers and network"),
        List::Machine => ("磁盘、记录、日志", "Disk, journal, log"),
        List::Settings => ("配置", "Configuration"),
        List::Power => ("重启与关机", "Restart and power"),
        List::Stick => ("U 盘", "USB stick"),
    };
    Text::new(zh, en)
}

/// What is in a list, for a role. Lists that are the technician's lead nowhere for an usher.
pub fn items(list: List, role: Role) -> Vec<Item> {
    match list {
        List::Main => main(role),
        _ if role == Role::Usher => Vec::new(),
        List::Technician => vec![
            item("打印机", "Printer", Step::Open(List::Printing)),
            item("扫码器、键盘、指示灯", "Scanner, keys, lamps", Step::Open(List::Inputs)),
            item("服务器与网络", "Servers and network", Step::Open(List::Servers)),
            item("磁盘、记录、日志", "Disk, journal, log", Step::Open(List::Machine)),
            item("配置", "Configuration", Step::Open(List::Settings)),
            item("重启与关机", "Restart and power", Step::Open(List::Power)),
            item(
                "验收测试",
                "Acceptance run",
                confirm(
                    "在影院测试环境中运行验收测试？",
                    "Run the acceptance against the cinema's test environment?",
                    Ask::Acceptance,
                ),
            ),
            item("U 盘", "USB stick", Step::Open(List::Stick)),
        ],
        List::Printing => vec![
            item("打印测试票（样票）", "Print a test ticket (SAMPLE)", Step::Ask(Ask::TestTicket)),
            item("打印对齐图案", "Print the alignment pattern", Step::Ask(Ask::Alignment)),
            item("打印全部字符", "Print every character", Step::Ask(Ask::Characters)),
            item("型号与原始状态", "Identity and raw status", Step::Ask(Ask::Printer)),
        ],
        List::Inputs => vec![
            item("扫码器测试", "Scanner test", Step::Ask(Ask::Watch(Live::Scanner))),
            item("键盘与触摸测试", "Keypad and touch test", Step::Ask(Ask::Watch(Live::Keys))),
            item("指示灯和蜂鸣器", "Lamps and buzzer", Step::Ask(Ask::Panel)),
        ],
        List::Servers => vec![
            item("登录影院取票服务", "Sign in to the pickup service", Step::Ask(Ask::SignIn)),
            item("查询一个取票号", "Query one booking number", Step::Digits(Digits::Number)),
            item("云端令牌与影院", "Cloud token and cinema", Step::Ask(Ask::Cloud)),
            item("时钟", "Clock", Step::Ask(Ask::Clock)),
            item("网络", "Network", Step::Ask(Ask::Network)),
        ],
        List::Machine => vec![
            item("磁盘", "Disk", Step::Ask(Ask::Disk)),
            item("检查取票记录", "Check the journal", Step::Ask(Ask::Journal)),
            item("日志", "Log", Step::Ask(Ask::Log)),
        ],
        List::Settings => vec![
            item("查看（隐藏密码）", "Show (secrets hidden)", Step::Ask(Ask::Config)),
            item("修改", "Change", Step::Ask(Ask::Settings)),
            item("已知晓被撤销的修改", "The undone change has been seen", Step::Ask(Ask::Acknowledge)),
        ],
        List::Power => vec![
            item(
                "重启取票程序",
                "Restart the kiosk",
                confirm("重启取票程序？", "Restart the kiosk?", Ask::Restart),
            ),
            item("重启机器", "Reboot the machine", confirm("重启机器？", "Reboot the machine?", Ask::Reboot)),
            item(
                "关机",
                "Power off",
                confirm(
                    "关机？之后要在现场按电源键开机。",
                    "Power off? Somebody has to switch it on here.",
                    Ask::PowerOff,
                ),
            ),
        ],
        List::Stick => vec![
            item("导出取票记录", "Export the journal", Step::Ask(Ask::Sticks(Parcel::Journal))),
            item("导出支持文件", "Write a support bundle", Step::Ask(Ask::Sticks(Parcel::Bundle))),
        ],
    }
}

fn main(role: Role) -> Vec<Item> {
    let paper = confirm(
        "请装入新纸卷并关好上盖，然后按确定：走纸、切纸并打印短测试。",
        "Put in the new roll, close the cover, then press Enter: it feeds, cuts and prints a short test.",
        Ask::PaperChanged,
    );
    let mut items = vec![
        item("状态", "State", Step::Ask(Ask::State)),
        item("已换纸", "Paper changed", paper),
        item("未确认和未出的票", "Uncertain and owed tickets", Step::Ask(Ask::Cases)),
        item("按领取编号查找", "Find by claim reference", Step::Digits(Digits::Claim)),
        item("打印班次小结", "Print the shift slip", Step::Ask(Ask::Slip)),
        item(
            "暂停服务",
            "Out of service",
            confirm("暂停服务？", "Take the machine out of service?", Ask::Service(false)),
        ),
        item("恢复服务", "Into service", Step::Ask(Ask::Service(true))),
        item("English", "中文", Step::Language),
    ];
    if role == Role::Technician {
        items.push(item("技术人员", "Technician", Step::Open(List::Technician)));
    }
    items
}

/// What can become of a ticket.
pub fn fates(case: &Case) -> Vec<Item> {
    let settle = |how, zh: &str, en: &str| {
        let ask = Ask::Settle { case: case.clone(), how, second: None };
        let question = Text::new(format!("{}：{zh}？", case.seat), format!("{}: {en}?", case.seat));
        Item { name: Text::new(zh, en), step: Step::Confirm(question, ask) }
    };
    vec![
        settle(How::CameOut, "票已经出来了", "It came out after all"),
        item(
            "重新打印（需要第二人密码）",
            "Print it again (a second holder's PIN)",
            Step::Second(case.clone()),
        ),
        settle(How::HandedOver, "柜台已给票", "The counter has given one"),
        settle(How::Void, "不再需要（退票、取消）", "Not owed any more (refunded, cancelled)"),
    ]
}
