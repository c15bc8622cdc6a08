//! Rows of the table of faults.

use super::{Fault, Severity, Words, notes};
use crate::device::printer::conditions::Condition;

const CLOSED: [&str; 2] = [
    "本机暂停服务，请用另一台机器或到柜台取票。",
    "This machine is out of service. Please use another machine or the counter.",
];
const AS_USUAL: [&str; 2] = ["可以正常取票。", "You can collect your tickets as usual."];
const COUNTER: [&str; 2] = [
    "可能无法取票：请过几分钟再试，或到柜台取票。",
    "Tickets may not come out just now: please try again in a few minutes, or go to the counter.",
];

const fn printer(
    code: &'static str,
    name: &'static str,
    condition: Condition,
    technician: [&'static str; 2],
) -> Fault {
    let severity = if matches!(condition, Condition::PaperLow) { Severity::Notice } else { Severity::Stops };
    Fault { code, name, severity, words: Words::Printer(condition), technician }
}

const fn own(
    code: &'static str,
    name: &'static str,
    severity: Severity,
    customer: [&'static str; 2],
    usher: [&'static str; 2],
    technician: [&'static str; 2],
) -> Fault {
    Fault { code, name, severity, words: Words::Own { customer, usher }, technician }
}

/// Every fault that has a code, in the order of the manual.
pub const TABLE: &[Fault] = &[
    own(
        "P0",
        "printer_unheard",
        Severity::Stops,
        CLOSED,
        ["打印机正在检查：请等待几秒。", "The printer is being looked at: wait a few seconds."],
        notes::P0,
    ),
    printer("P1", "paper_low", Condition::PaperLow, notes::P1),
    printer("P2", "paper_out", Condition::PaperOut, notes::P2),
    printer("P3", "cover_open", Condition::CoverOpen, notes::P3),
    printer("P4", "cutter_fault", Condition::CutterFault, notes::P4),
    printer("P5", "head_hot", Condition::HeadHot, notes::P5),
    printer("P6", "unrecoverable", Condition::Unrecoverable, notes::P6),
    printer("P7", "offline", Condition::Offline, notes::P7),
    printer("P8", "not_answering", Condition::NotAnswering, notes::P8),
    printer("P9", "disconnected", Condition::Disconnected, notes::P9),
    printer("P10", "not_empty", Condition::NotEmpty, notes::P10),
    printer("P11", "ticket_waiting", Condition::TicketWaiting, notes::P11),
    own(
        "T1",
        "ticket_unprintable",
        Severity::Hinders,
        COUNTER,
        [
            "有一张票无法排版打印：请在柜台为顾客办理，并通知技术人员。",
            "A ticket could not be put on paper: serve the customer at the counter, and tell the technician.",
        ],
        notes::T1,
    ),
    own(
        "J1",
        "journal_damaged",
        Severity::Stops,
        CLOSED,
        [
            "取票记录损坏或丢失。请联系技术人员：pickup-kiosk journal start-new。",
            "The record of pickups is damaged or gone. Call the technician: pickup-kiosk journal start-new.",
        ],
        notes::J1,
    ),
    own(
        "J2",
        "journal_refused",
        Severity::Stops,
        CLOSED,
        [
            "取票记录无法写入：请联系技术人员。",
            "The record of pickups could not be written: call the technician.",
        ],
        notes::J2,
    ),
    own(
        "D1",
        "disk_full",
        Severity::Stops,
        CLOSED,
        ["磁盘空间不足：请联系技术人员。", "The disk is nearly full: call the technician."],
        notes::D1,
    ),
    own(
        "S1",
        "site_silent",
        Severity::Hinders,
        COUNTER,
        [
            "影院取票服务没有应答：检查网线；仍不恢复请通知影院技术人员。",
            "The cinema's pickup service does not answer: check the network cable; if it stays, call the cinema's technician.",
        ],
        notes::S1,
    ),
    own(
        "S2",
        "site_refuses",
        Severity::Hinders,
        COUNTER,
        [
            "影院取票服务拒绝登录：请通知技术人员核对用户名和密码。",
            "The cinema's pickup service refuses the sign-in: have a technician check user name and password.",
        ],
        notes::S2,
    ),
    own(
        "C1",
        "cloud_silent",
        Severity::Notice,
        AS_USUAL,
        [
            "云端没有应答：只扫二维码时可能还要输入取票号；检查网络。",
            "The cloud does not answer: customers may have to type their booking number too; check the network.",
        ],
        notes::C1,
    ),
    own(
        "C2",
        "cloud_refuses",
        Severity::Notice,
        AS_USUAL,
        ["云端拒绝访问令牌：请通知技术人员。", "The cloud refuses the kiosk's token: tell the technician."],
        notes::C2,
    ),
    own(
        "K1",
        "scanner_gone",
        Severity::Hinders,
        [
            "扫码器暂不可用，请用键盘输入取票号。",
            "The scanner is not working: please type your booking number.",
        ],
        ["扫码器未连接：检查连线。", "A scanner is not there: check its cable."],
        notes::K1,
    ),
    own(
        "K2",
        "keypad_gone",
        Severity::Hinders,
        ["键盘暂不可用，请扫码取票。", "The keypad is not working: please scan your code."],
        ["键盘未连接：检查连线。", "The keypad is not there: check its cable."],
        notes::K2,
    ),
    own(
        "W1",
        "clock_unset",
        Severity::Hinders,
        AS_USUAL,
        ["时钟未设置：请通知技术人员。", "The clock was never set: tell the technician."],
        notes::W1,
    ),
    own(
        "W2",
        "clock_apart",
        Severity::Notice,
        AS_USUAL,
        ["时钟与服务器不一致：请通知技术人员。", "The clock differs from the servers': tell the technician."],
        notes::W2,
    ),
    own(
        "X1",
        "settings_wrong",
        Severity::Stops,
        CLOSED,
        [
            "配置有误，无法启动：请通知技术人员。",
            "The settings are wrong, the kiosk can't start: call the technician.",
        ],
        notes::X1,
    ),
    own(
        "X2",
        "settings_undone",
        Severity::Notice,
        AS_USUAL,
        [
            "上次现场修改的配置无法启动，已自动撤销：请通知技术人员。",
            "The kiosk could not start with the settings last changed on site, they were undone: tell the technician.",
        ],
        notes::X2,
    ),
    own(
        "M1",
        "closed_by_staff",
        Severity::Stops,
        CLOSED,
        [
            "工作人员已停用本机：在维护菜单里恢复服务。",
            "Staff have taken this machine out of service: the maintenance menu puts it back.",
        ],
        notes::M1,
    ),
    own(
        "M2",
        "tickets_unsettled",
        Severity::Notice,
        AS_USUAL,
        [
            "有票未确认或未出：在维护菜单里处理。",
            "Tickets are uncertain or owed: settle them in the maintenance menu.",
        ],
        notes::M2,
    ),
    own(
        "M3",
        "pins_locked",
        Severity::Notice,
        AS_USUAL,
        [
            "密码多次错误，维护菜单暂时锁定：请稍等。",
            "Too many wrong PINs, the maintenance menu is locked for a while: wait.",
        ],
        notes::M3,
    ),
];
