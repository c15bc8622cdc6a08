//! Tree of the menu: its entries, who sees them, and where each leads.

use super::ask::{Ask, Bundle, Case, How, Live};
use crate::locale::Text;
use crate::maintenance::settings::Role;

/// A list of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// First list after signing in.
    Main,
    /// Lists for technicians.
    Technician,
    /// Test papers, and the printer's status.
    Printing,
    /// Tests of scanner, keys and panel.
    Inputs,
    /// The servers and the network.
    Servers,
    /// Disk, journal, log.
    Machine,
    /// Configuration, and settings to change.
    Settings,
    /// Restart, reboot, power off.
    Power,
    /// USB stick.
    UsbDrive,
}

/// Step that an entry leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MenuStep {
    /// Opens a list.
    Open(List),
    /// Makes a request.
    Ask(Ask),
    /// Makes a request once the question has been confirmed.
    Confirm(Text, Ask),
    /// Asks for digits first.
    Digits(Digits),
    /// Shows the possible resolutions of a ticket.
    Case(Case),
    /// Prints a ticket again, for which a second user is asked.
    Second(Case),
    /// Asks for a setting's new value.
    Edit(String, String),
    /// Chooses a user, to sign in or as the second.
    User(String),
    /// Switches to the other language.
    Language,
}

/// Number that is typed in digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digits {
    /// Claim reference, 6 digits.
    Claim,
    /// A booking number.
    Number,
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Text of the entry.
    pub name: Text,
    /// Step that the entry leads to.
    pub step: MenuStep,
}

fn item(zh: &str, en: &str, step: MenuStep) -> Item {
    Item { name: Text::new(zh, en), step }
}

fn confirm(zh: &str, en: &str, ask: Ask) -> MenuStep {
    MenuStep::Confirm(Text::new(zh, en), ask)
}

/// Returns the title of a list.
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
        List::UsbDrive => ("U 盘", "USB stick"),
    };
    Text::new(zh, en)
}

/// Returns the entries of a list for a role. The technician's lists are empty for an usher.
pub fn items(list: List, role: Role) -> Vec<Item> {
    match list {
        List::Main => main(role),
        _ if role == Role::Usher => Vec::new(),
        List::Technician => technician(),
        List::Printing => vec![
            item("打印测试票（样票）", "Print a test ticket (SAMPLE)", MenuStep::Ask(Ask::TestTicket)),
            item("打印对齐图案", "Print the alignment pattern", MenuStep::Ask(Ask::Alignment)),
            item("打印全部字符", "Print every character", MenuStep::Ask(Ask::Characters)),
            item("型号与原始状态", "Identity and raw status", MenuStep::Ask(Ask::Printer)),
        ],
        List::Inputs => vec![
            item("扫码器测试", "Scanner test", MenuStep::Ask(Ask::Watch(Live::Scanner))),
            item("键盘与触摸测试", "Keypad and touch test", MenuStep::Ask(Ask::Watch(Live::Keys))),
            item("指示灯和蜂鸣器", "Lamps and buzzer", MenuStep::Ask(Ask::Panel)),
        ],
        List::Servers => vec![
            item("登录影院取票服务", "Sign in to the pickup service", MenuStep::Ask(Ask::SignIn)),
            item("查询一个取票号", "Query one booking number", MenuStep::Digits(Digits::Number)),
            item("云端令牌与影院", "Cloud token and cinema", MenuStep::Ask(Ask::Cloud)),
            item("时钟", "Clock", MenuStep::Ask(Ask::Clock)),
            item("网络", "Network", MenuStep::Ask(Ask::Network)),
        ],
        List::Machine => vec![
            item("磁盘", "Disk", MenuStep::Ask(Ask::Disk)),
            item("检查取票记录", "Check the journal", MenuStep::Ask(Ask::Journal)),
            item("日志", "Log", MenuStep::Ask(Ask::Log)),
        ],
        List::Settings => vec![
            item("查看（隐藏密码）", "Show (secrets hidden)", MenuStep::Ask(Ask::Config)),
            item("修改", "Change", MenuStep::Ask(Ask::Settings)),
            item("已知晓被撤销的修改", "The undone change has been seen", MenuStep::Ask(Ask::Acknowledge)),
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
        List::UsbDrive => vec![
            item("导出取票记录", "Export the journal", MenuStep::Ask(Ask::UsbDrives(Bundle::Journal))),
            item("导出支持文件", "Write a support bundle", MenuStep::Ask(Ask::UsbDrives(Bundle::Bundle))),
        ],
    }
}

fn technician() -> Vec<Item> {
    vec![
        item("打印机", "Printer", MenuStep::Open(List::Printing)),
        item("扫码器、键盘、指示灯", "Scanner, keys, lamps", MenuStep::Open(List::Inputs)),
        item("服务器与网络", "Servers and network", MenuStep::Open(List::Servers)),
        item("磁盘、记录、日志", "Disk, journal, log", MenuStep::Open(List::Machine)),
        item("配置", "Configuration", MenuStep::Open(List::Settings)),
        item("重启与关机", "Restart and power", MenuStep::Open(List::Power)),
        item(
            "验收测试",
            "Acceptance run",
            confirm(
                "在影院测试环境中运行验收测试？",
                "Run the acceptance against the cinema's test environment?",
                Ask::Acceptance,
            ),
        ),
        item("U 盘", "USB stick", MenuStep::Open(List::UsbDrive)),
    ]
}

fn main(role: Role) -> Vec<Item> {
    let paper = confirm(
        "请装入新纸卷并关好上盖，然后按确定：走纸、切纸并打印短测试。",
        "Put in the new roll, close the cover, then press Enter: it feeds, cuts and prints a short test.",
        Ask::PaperChanged,
    );
    let mut items = vec![
        item("状态", "State", MenuStep::Ask(Ask::State)),
        item("已换纸", "Paper changed", paper),
        item("未确认和未出的票", "Uncertain and owed tickets", MenuStep::Ask(Ask::Cases)),
        item("按领取编号查找", "Find by claim reference", MenuStep::Digits(Digits::Claim)),
        item("打印班次小结", "Print the shift slip", MenuStep::Ask(Ask::Slip)),
        item(
            "暂停服务",
            "Out of service",
            confirm("暂停服务？", "Take the machine out of service?", Ask::Service(false)),
        ),
        item("恢复服务", "Into service", MenuStep::Ask(Ask::Service(true))),
        item("English", "中文", MenuStep::Language),
    ];
    if role == Role::Technician {
        items.push(item("技术人员", "Technician", MenuStep::Open(List::Technician)));
    }
    items
}

/// Returns the possible resolutions of a ticket, as entries.
pub fn fates(case: &Case) -> Vec<Item> {
    let settle = |how, zh: &str, en: &str| {
        let ask = Ask::Settle { case: case.clone(), how, second: None };
        let question = Text::new(format!("{}：{zh}？", case.seat), format!("{}: {en}?", case.seat));
        Item { name: Text::new(zh, en), step: MenuStep::Confirm(question, ask) }
    };
    vec![
        settle(How::CameOut, "票已经出来了", "It came out after all"),
        item(
            "重新打印（需要第二人密码）",
            "Print it again (a second user's PIN)",
            MenuStep::Second(case.clone()),
        ),
        settle(How::HandedOver, "柜台已给票", "The counter has given one"),
        settle(How::Void, "不再需要（退票、取消）", "Not owed any more (refunded, cancelled)"),
    ]
}
