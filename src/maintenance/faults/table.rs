//! Rows of the table of faults.

use super::{Fault, Severity, Words, notes, printer};
use crate::device::printer::conditions::Condition;
use crate::fault_code::FaultCode;

const CLOSED: [&str; 2] = [
    "本机暂停服务，请用另一台机器或到柜台取票。",
    "This machine is out of service. Please use another machine or the counter.",
];
pub(super) const AS_USUAL: [&str; 2] = ["可以正常取票。", "You can collect your tickets as usual."];
const COUNTER: [&str; 2] = [
    "可能无法取票：请过几分钟再试，或到柜台取票。",
    "Tickets may not come out just now: please try again in a few minutes, or go to the counter.",
];

const fn printer(condition: Condition, technician: [&'static str; 2]) -> Fault {
    let (code, name) = (condition.code(), condition.name());
    let severity = if matches!(condition, Condition::PaperLow) { Severity::Notice } else { Severity::Stops };
    Fault { code, name, severity, words: printer::words(condition), technician }
}

const fn own(
    code: FaultCode,
    name: &'static str,
    severity: Severity,
    customer: [&'static str; 2],
    usher: [&'static str; 2],
    technician: [&'static str; 2],
) -> Fault {
    Fault { code, name, severity, words: Words { customer, usher }, technician }
}

/// Returns the row of a code.
pub fn row(code: FaultCode) -> &'static Fault {
    match code {
        FaultCode::PrinterUnheard => &PRINTER_UNHEARD,
        FaultCode::PaperLow => &PAPER_LOW,
        FaultCode::PaperOut => &PAPER_OUT,
        FaultCode::CoverOpen => &COVER_OPEN,
        FaultCode::CutterFault => &CUTTER_FAULT,
        FaultCode::HeadHot => &HEAD_HOT,
        FaultCode::PrinterUnrecoverable => &PRINTER_UNRECOVERABLE,
        FaultCode::PrinterOffline => &PRINTER_OFFLINE,
        FaultCode::PrinterNotAnswering => &PRINTER_NOT_ANSWERING,
        FaultCode::PrinterDisconnected => &PRINTER_DISCONNECTED,
        FaultCode::PrinterNotEmpty => &PRINTER_NOT_EMPTY,
        FaultCode::TicketWaiting => &TICKET_WAITING,
        FaultCode::TicketUnprintable => &TICKET_UNPRINTABLE,
        FaultCode::JournalDamaged => &JOURNAL_DAMAGED,
        FaultCode::JournalRefused => &JOURNAL_REFUSED,
        FaultCode::DiskFull => &DISK_FULL,
        FaultCode::SiteSilent => &SITE_SILENT,
        FaultCode::SiteRefuses => &SITE_REFUSES,
        FaultCode::CloudSilent => &CLOUD_SILENT,
        FaultCode::CloudRefuses => &CLOUD_REFUSES,
        FaultCode::ScannerGone => &SCANNER_GONE,
        FaultCode::KeypadGone => &KEYPAD_GONE,
        FaultCode::ClockUnset => &CLOCK_UNSET,
        FaultCode::ClockApart => &CLOCK_APART,
        FaultCode::SettingsWrong => &SETTINGS_WRONG,
        FaultCode::SettingsUndone => &SETTINGS_UNDONE,
        FaultCode::ClosedByStaff => &CLOSED_BY_STAFF,
        FaultCode::TicketsUnsettled => &TICKETS_UNSETTLED,
        FaultCode::PinsLocked => &PINS_LOCKED,
    }
}

/// Returns every row, in the order of the manual.
pub fn table() -> impl Iterator<Item = &'static Fault> {
    FaultCode::ALL.into_iter().map(row)
}

const PRINTER_UNHEARD: Fault = own(
    FaultCode::PrinterUnheard,
    "printer_unheard",
    Severity::Stops,
    CLOSED,
    ["打印机正在检查：请等待几秒。", "The printer is being looked at: wait a few seconds."],
    notes::PRINTER_UNHEARD,
);

const PAPER_LOW: Fault = printer(Condition::PaperLow, notes::PAPER_LOW);

const PAPER_OUT: Fault = printer(Condition::PaperOut, notes::PAPER_OUT);

const COVER_OPEN: Fault = printer(Condition::CoverOpen, notes::COVER_OPEN);

const CUTTER_FAULT: Fault = printer(Condition::CutterFault, notes::CUTTER_FAULT);

const HEAD_HOT: Fault = printer(Condition::HeadHot, notes::HEAD_HOT);

const PRINTER_UNRECOVERABLE: Fault = printer(Condition::Unrecoverable, notes::PRINTER_UNRECOVERABLE);

const PRINTER_OFFLINE: Fault = printer(Condition::Offline, notes::PRINTER_OFFLINE);

const PRINTER_NOT_ANSWERING: Fault = printer(Condition::NotAnswering, notes::PRINTER_NOT_ANSWERING);

const PRINTER_DISCONNECTED: Fault = printer(Condition::Disconnected, notes::PRINTER_DISCONNECTED);

const PRINTER_NOT_EMPTY: Fault = printer(Condition::NotEmpty, notes::PRINTER_NOT_EMPTY);

const TICKET_WAITING: Fault = printer(Condition::TicketWaiting, notes::TICKET_WAITING);

const TICKET_UNPRINTABLE: Fault = own(
    FaultCode::TicketUnprintable,
    "ticket_unprintable",
    Severity::Hinders,
    COUNTER,
    [
        "有一张票无法排版打印：请在柜台为顾客办理，并通知技术人员。",
        "A ticket could not be put on paper: serve the customer at the counter, and tell the technician.",
    ],
    notes::TICKET_UNPRINTABLE,
);

const JOURNAL_DAMAGED: Fault = own(
    FaultCode::JournalDamaged,
    "journal_damaged",
    Severity::Stops,
    CLOSED,
    [
        "取票记录损坏或丢失。请联系技术人员：pickup-kiosk journal start-new。",
        "The record of pickups is damaged or gone. Call the technician: pickup-kiosk journal start-new.",
    ],
    notes::JOURNAL_DAMAGED,
);

const JOURNAL_REFUSED: Fault = own(
    FaultCode::JournalRefused,
    "journal_refused",
    Severity::Stops,
    CLOSED,
    [
        "取票记录无法写入：请联系技术人员。",
        "The record of pickups could not be written: call the technician.",
    ],
    notes::JOURNAL_REFUSED,
);

const DISK_FULL: Fault = own(
    FaultCode::DiskFull,
    "disk_full",
    Severity::Stops,
    CLOSED,
    ["磁盘空间不足：请联系技术人员。", "The disk is nearly full: call the technician."],
    notes::DISK_FULL,
);

const SITE_SILENT: Fault = own(
    FaultCode::SiteSilent,
    "site_silent",
    Severity::Hinders,
    COUNTER,
    [
        "影院取票服务没有应答：检查网线；仍不恢复请通知影院技术人员。",
        "The cinema's pickup service does not answer: check the network cable; if it stays, call the cinema's technician.",
    ],
    notes::SITE_SILENT,
);

const SITE_REFUSES: Fault = own(
    FaultCode::SiteRefuses,
    "site_refuses",
    Severity::Hinders,
    COUNTER,
    [
        "影院取票服务拒绝登录：请通知技术人员核对用户名和密码。",
        "The cinema's pickup service refuses the sign-in: have a technician check user name and password.",
    ],
    notes::SITE_REFUSES,
);

const CLOUD_SILENT: Fault = own(
    FaultCode::CloudSilent,
    "cloud_silent",
    Severity::Notice,
    AS_USUAL,
    [
        "云端没有应答：只扫二维码时可能还要输入取票号；检查网络。",
        "The cloud does not answer: customers may have to type their booking number too; check the network.",
    ],
    notes::CLOUD_SILENT,
);

const CLOUD_REFUSES: Fault = own(
    FaultCode::CloudRefuses,
    "cloud_refuses",
    Severity::Notice,
    AS_USUAL,
    ["云端拒绝访问令牌：请通知技术人员。", "The cloud refuses the kiosk's token: tell the technician."],
    notes::CLOUD_REFUSES,
);

const SCANNER_GONE: Fault = own(
    FaultCode::ScannerGone,
    "scanner_gone",
    Severity::Hinders,
    ["扫码器暂不可用，请用键盘输入取票号。", "The scanner is not working: please type your booking number."],
    ["扫码器未连接：检查连线。", "A scanner is not there: check its cable."],
    notes::SCANNER_GONE,
);

const KEYPAD_GONE: Fault = own(
    FaultCode::KeypadGone,
    "keypad_gone",
    Severity::Hinders,
    ["键盘暂不可用，请扫码取票。", "The keypad is not working: please scan your code."],
    ["键盘未连接：检查连线。", "The keypad is not there: check its cable."],
    notes::KEYPAD_GONE,
);

const CLOCK_UNSET: Fault = own(
    FaultCode::ClockUnset,
    "clock_unset",
    Severity::Hinders,
    AS_USUAL,
    ["时钟未设置：请通知技术人员。", "The clock was never set: tell the technician."],
    notes::CLOCK_UNSET,
);

const CLOCK_APART: Fault = own(
    FaultCode::ClockApart,
    "clock_apart",
    Severity::Notice,
    AS_USUAL,
    ["时钟与服务器不一致：请通知技术人员。", "The clock differs from the servers': tell the technician."],
    notes::CLOCK_APART,
);

const SETTINGS_WRONG: Fault = own(
    FaultCode::SettingsWrong,
    "settings_wrong",
    Severity::Stops,
    CLOSED,
    [
        "配置有误，无法启动：请通知技术人员。",
        "The settings are wrong, the kiosk can't start: call the technician.",
    ],
    notes::SETTINGS_WRONG,
);

const SETTINGS_UNDONE: Fault = own(
    FaultCode::SettingsUndone,
    "settings_undone",
    Severity::Notice,
    AS_USUAL,
    [
        "上次现场修改的配置无法启动，已自动撤销：请通知技术人员。",
        "The kiosk could not start with the settings last changed on site, they were undone: tell the technician.",
    ],
    notes::SETTINGS_UNDONE,
);

const CLOSED_BY_STAFF: Fault = own(
    FaultCode::ClosedByStaff,
    "closed_by_staff",
    Severity::Stops,
    CLOSED,
    [
        "工作人员已停用本机：在维护菜单里恢复服务。",
        "Staff have taken this machine out of service: the maintenance menu puts it back.",
    ],
    notes::CLOSED_BY_STAFF,
);

const TICKETS_UNSETTLED: Fault = own(
    FaultCode::TicketsUnsettled,
    "tickets_unsettled",
    Severity::Notice,
    AS_USUAL,
    [
        "有票未确认或未出：在维护菜单里处理。",
        "Tickets are uncertain or owed: settle them in the maintenance menu.",
    ],
    notes::TICKETS_UNSETTLED,
);

const PINS_LOCKED: Fault = own(
    FaultCode::PinsLocked,
    "pins_locked",
    Severity::Notice,
    AS_USUAL,
    [
        "密码多次错误，维护菜单暂时锁定：请稍等。",
        "Too many wrong PINs, the maintenance menu is locked for a while: wait.",
    ],
    notes::PINS_LOCKED,
);
