//! Rows of the table of faults.

use super::{Fault, Severity, Words, printer};
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

const fn printer(condition: Condition, technician: &'static str) -> Fault {
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
    technician: &'static str,
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
    "Shown from the start until the printer's owner has heard from it. When it stays, the printer's thread \
     hangs: restart the kiosk and keep the log.",
);

const PAPER_LOW: Fault = printer(
    Condition::PaperLow,
    "The near-end sensor, DLE EOT 4 bits 2 and 3. Printing goes on. When it stays with a full roll, the sensor's position does not fit \
     the roll's core: adjust it by the printer's manual.",
);

const PAPER_OUT: Fault = printer(
    Condition::PaperOut,
    "The paper sensor. A ticket in hand becomes uncertain; the rest of a booking waits for the roll. When it stays \
     with paper in, clean the sensor; raw status shows DLE EOT 4 with bits 5 and 6, or the USB port \
     with bit 5. Where the port alone says it, with paper in, status.port = false in the printer's profile.",
);

const COVER_OPEN: Fault = printer(
    Condition::CoverOpen,
    "The cover switch, DLE EOT 2 bit 2. When it stays with the cover shut, look for paper under the hinge and at \
     the switch.",
);

const CUTTER_FAULT: Fault = printer(
    Condition::CutterFault,
    "DLE EOT 3 bit 3; DLE ENQ was tried once. Switch off, open the cover, turn the knife's wheel by hand where there is one, take out \
     the paper, switch on. Worn knives jam again within days: change the cutter.",
);

const HEAD_HOT: Fault = printer(
    Condition::HeadHot,
    "DLE EOT 3 bit 6. It mends itself. When it comes back often, look at ventilation and print density.",
);

const PRINTER_UNRECOVERABLE: Fault = printer(
    Condition::Unrecoverable,
    "DLE EOT 3 bit 5: voltage, head or memory. Switch off and on once; measure the supply (24 V under load); else \
     change the printer.",
);

const PRINTER_OFFLINE: Fault = printer(
    Condition::Offline,
    "DLE EOT 1 bit 3 without any reason from the other bytes: mostly somebody holds the feed button, or the \
     printer waits for a button after an error.",
);

const PRINTER_NOT_ANSWERING: Fault = printer(
    Condition::NotAnswering,
    "The connection is open and no question is answered. Wrong profile, wrong baud rate, a hung printer, or a USB \
     adapter that swallows answers. Raw status shows which questions went unanswered.",
);

const PRINTER_DISCONNECTED: Fault = printer(
    Condition::Disconnected,
    "The device file is not there, or the address refuses. Cable, power, `ls -l /dev/usb`, and [printer] \
     connection. It is tried again all the time.",
);

const PRINTER_NOT_EMPTY: Fault = printer(
    Condition::NotEmpty,
    "After a break in mid-ticket the printer has not proved that nothing of it is left in its buffer. Switching it \
     off and on proves it.",
);

const TICKET_WAITING: Fault = printer(
    Condition::TicketWaiting,
    "The presenter holds a ticket until it is taken; [presenter] says what becomes of a forgotten one. If nothing \
     lies there, its sensor is dirty or blocked.",
);

const TICKET_UNPRINTABLE: Fault = own(
    FaultCode::TicketUnprintable,
    "ticket_unprintable",
    Severity::Hinders,
    COUNTER,
    [
        "有一张票无法排版打印：请在柜台为顾客办理，并通知技术人员。",
        "A ticket could not be put on paper: serve the customer at the counter, and tell the technician.",
    ],
    "The ticket's code or a field of it does not fit the layout or the printer's profile. The log names the seat and \
     the reason; pickup-kiosk preview shows the layout. The others of its booking are printed. It goes with the next \
     ticket that comes out.",
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
    "The damaged file was set aside in state_dir, not overwritten. Look at it (a copy may be mended with sqlite3), \
     settle what it says is owed, then run pickup-kiosk journal start-new, or bring the lost file back: within seconds \
     the kiosk is started again by itself. start-new says what it could read of the lost file: the customers of those \
     bookings are sent to the counter. The menu is not there until then: pickup-kiosk maintain says why. Look at \
     the disk: dmesg, smartctl.",
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
    "The last record was not taken: full or read-only disk, or an I/O error; the log says which. Nothing is issued \
     without a record. It is tried again every minute, and at once when somebody asks.",
);

const DISK_FULL: Fault = own(
    FaultCode::DiskFull,
    "disk_full",
    Severity::Stops,
    CLOSED,
    ["磁盘空间不足：请联系技术人员。", "The disk is nearly full: call the technician."],
    "Less than [journal] free_mib is free where state_dir is; nothing is issued. df, du; journald's and apt's \
     caches are what mostly fills a small card. It is looked at again every minute, and at once when somebody asks.",
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
    "[sarft] address can't be reached or is silent. Menu: network, SARFT sign-in. Does SarftKioskService run, does \
     a firewall stand between? It is asked again every 15 s.",
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
    "0x02 was not 0, or nonsense came. User name, the password file, and [sarft.wire]: pickup-kiosk sarft decode \
     reads a capture.",
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
    "[cloud] url can't be reached: DNS, gateway, certificate, clock. Pickups with number and ID go on without it.",
);

const CLOUD_REFUSES: Fault = own(
    FaultCode::CloudRefuses,
    "cloud_refuses",
    Severity::Notice,
    AS_USUAL,
    ["云端拒绝访问令牌：请通知技术人员。", "The cloud refuses the kiosk's token: tell the technician."],
    "The token is wrong or has been withdrawn, or the answer is none of Vista's. The vendor renews the token; it goes \
     into the token file.",
);

const SCANNER_GONE: Fault = own(
    FaultCode::ScannerGone,
    "scanner_gone",
    Severity::Hinders,
    ["扫码器暂不可用，请用键盘输入取票号。", "The scanner is not working: please type your booking number."],
    ["扫码器未连接：检查连线。", "A scanner is not there: check its cable."],
    "The device of a [[scanner]] can't be opened; it is looked for all the time. ls -l /dev/serial/by-id; the \
     menu's scanner test shows what arrives.",
);

const KEYPAD_GONE: Fault = own(
    FaultCode::KeypadGone,
    "keypad_gone",
    Severity::Hinders,
    ["键盘暂不可用，请扫码取票。", "The keypad is not working: please scan your code."],
    ["键盘未连接：检查连线。", "The keypad is not there: check its cable."],
    "The device of [keypad] can't be opened, or its pins are taken; it is looked for all the time. The menu's keypad \
     test shows each key as it arrives.",
);

const CLOCK_UNSET: Fault = own(
    FaultCode::ClockUnset,
    "clock_unset",
    Severity::Hinders,
    AS_USUAL,
    ["时钟未设置：请通知技术人员。", "The clock was never set: tell the technician."],
    "The date is before this program was made: no battery, no time server. timedatectl set-ntp true. Policies by \
     session time and the records' times are wrong until then.",
);

const CLOCK_APART: Fault = own(
    FaultCode::ClockApart,
    "clock_apart",
    Severity::Notice,
    AS_USUAL,
    ["时钟与服务器不一致：请通知技术人员。", "The clock differs from the servers': tell the technician."],
    "More than two minutes from the cloud's Date. timedatectl, the time server, and whether the cinema's network \
     lets NTP through.",
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
    "pickup-kiosk check names file, line and key. Settings changed on site are undone by themselves (X2); what is \
     wrong in kiosk.toml is not. Started by systemd, the kiosk stays on the [screen] and [monitor] addresses that it \
     can still read, and is started again within seconds of their being right. The menu is not there until then: \
     pickup-kiosk maintain says why.",
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
    "state_dir/override.undone has what was undone and why. It goes with the next change that works, or when it is \
     acknowledged in the menu.",
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
    "Stays over restarts. The record says who and when: pickup-kiosk journal audit.",
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
    "pickup-kiosk journal list --unresolved has them.",
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
    "Five wrong PINs lock it for a minute, each further five for twice as long, up to an hour. pickup-kiosk maintain \
     --set-pin sets a forgotten PIN anew. The record has each lock: pickup-kiosk journal audit.",
);
