//! `check` inside a running kiosk: the parts that are its own and that nobody else may try beside it.

use super::check_result::{CheckResult, Part};
use super::journal_thread::JournalThread;
use crate::device::printer::conditions::Conditions;
use crate::fault_code::FaultCode;
use crate::journal::store::JournalError;
use crate::locale::{Text, both, text};
use crate::maintenance::faults::{self, Severity};
use crate::pickup::policy;
use crate::receipt::profile::Profile;
use crate::sarft::SiteError;
use crate::virtual_printer::MODEL;
use crate::vista::client::VistaError;
use jiff::Timestamp;

/// The journal: what in it is unresolved.
pub async fn journal(journal: &JournalThread) -> CheckResult {
    let name = "journal";
    let now = Timestamp::now();
    let leftover = match journal.with(move |journal| journal.leftover(now)).await {
        Ok(Ok(leftover)) => leftover,
        Ok(Err(error)) => {
            let remedy = ("修好之前不出票", "nothing is issued until it is mended");
            return CheckResult::wrong(name, error.text(), remedy).under(code_of(&error));
        }
        Err(gone) => {
            return CheckResult::wrong(name, both(&gone), ("请重启取票程序", "restart the kiosk"));
        }
    };
    let (uncertain, owed, reports) = (leftover.uncertain, leftover.owed, leftover.reports.len());
    let found = text!(
        "使用中；未确认 {uncertain} 张，未出 {owed} 张，待回报 {reports} 笔",
        "in use; {uncertain} tickets uncertain, {owed} owed, {reports} reports due"
    );
    if policy::unsettled(uncertain, owed) {
        let remedy = (
            "请处理：pickup-kiosk journal list --unresolved",
            "settle them: pickup-kiosk journal list --unresolved",
        );
        return CheckResult::warned(name, found, remedy).under(FaultCode::TicketsUnsettled);
    }
    CheckResult::well(name, found)
}

/// The printer. `what`: its connection and model.
pub fn printer(conditions: Conditions, what: Text) -> CheckResult {
    let name = "printer";
    let Some(gravest) = conditions.gravest() else { return CheckResult::well(name, what) };
    let code = gravest.code();
    let found = text!("{what:#}：状态 {code} {gravest}", "{what}: {code} {gravest}");
    let remedy = faults::row(code).usher();
    let part = if conditions.stops_printing() {
        CheckResult::wrong(name, found, remedy)
    } else {
        CheckResult::warned(name, found, remedy)
    };
    part.under(gravest.code())
}

/// The printer, of which its owner has said nothing yet.
pub fn printer_unheard(what: &Text) -> CheckResult {
    let code = FaultCode::PrinterUnheard;
    let found = text!("{what:#}：{code} 还没有收到它的消息", "{what}: {code} nothing heard of it yet");
    CheckResult::wrong("printer", found, faults::row(code).usher()).under(code)
}

/// The printer's part, with what its profile says and it does not.
pub fn as_profiled(part: CheckResult, unlike: &[Text]) -> CheckResult {
    if unlike.is_empty() {
        return part;
    }
    let (found, unlike) = (&part.found, Text::join(unlike, "；", "; "));
    let found =
        text!("{found:#}；但与型号文件不符：{unlike:#}", "{found}; but not as its profile says: {unlike}");
    let remedy = (
        "请选用这台打印机的型号文件（printer.profile），或自己写一个：config/printers/README.md",
        "choose the profile of this printer (printer.profile), or write one: config/printers/README.md",
    );
    let told = if part.works() {
        CheckResult::warned("printer", found, remedy)
    } else {
        CheckResult::wrong("printer", found, remedy)
    };
    CheckResult { code: part.code, ..told }
}

/// The doubt when the printer calls itself otherwise than its profile does. The virtual one may.
pub fn other_model(profile: &Profile, told: &str) -> Option<Text> {
    let known = profile.model.as_deref()?;
    let same = told.to_lowercase().contains(&known.to_lowercase()) || told == MODEL;
    let told: String = told.chars().take(40).flat_map(char::escape_debug).collect();
    let doubt = || {
        text!(
            "它自报型号 {told}，型号文件是 {known} 的（model）",
            "it calls itself {told}, the profile is for {known} (model)"
        )
    };
    (!same).then(doubt)
}

/// The site's answer to a sign-in.
pub fn site(result: &Result<(), SiteError>, address: &str, username: &str) -> CheckResult {
    let name = "site";
    match result {
        Ok(()) => {
            let found = text!("已登录 {address}，用户名 {username}", "signed in at {address} as {username}");
            CheckResult::well(name, found)
        }
        Err(error) => {
            let remedy = (
                "请影院技术人员确认 SarftKioskService 在运行；pickup-kiosk sarft decode 可解读抓包文件",
                "ask the cinema's technician whether SarftKioskService runs; pickup-kiosk sarft decode reads a capture of \
                 the talk",
            );
            CheckResult::wrong(name, error.text(), remedy).under(site_code(error))
        }
    }
}

/// Codes that whoever asks tries for himself.
const TRIED_BY_CHECK: [FaultCode; 7] = [
    FaultCode::ScannerGone,
    FaultCode::KeypadGone,
    FaultCode::DiskFull,
    FaultCode::ClockUnset,
    FaultCode::ClockApart,
    FaultCode::CloudSilent,
    FaultCode::CloudRefuses,
];

/// The other faults that are on, of all that the kiosk knows of itself.
pub fn others(active: &[FaultCode], told: &[CheckResult]) -> Vec<CheckResult> {
    let new = |code: &&FaultCode| {
        !TRIED_BY_CHECK.contains(*code) && !told.iter().any(|part| part.code == Some(**code))
    };
    let faults = active.iter().filter(new).map(|code| faults::row(*code));
    let part = |fault: &faults::Fault| {
        let (name, remedy) = (Part::new(fault.name.replace('_', " "), "其他故障"), fault.usher());
        let found = text!("故障代码 {}", "{}", fault.code);
        match fault.severity {
            Severity::Stops => CheckResult::wrong(name, found, remedy),
            Severity::Hinders | Severity::Notice => CheckResult::warned(name, found, remedy),
        }
        .under(fault.code)
    };
    faults.map(part).collect()
}

/// The code of what is the matter with the journal.
pub fn code_of(error: &JournalError) -> FaultCode {
    match error {
        JournalError::Corrupt { .. } | JournalError::Missing { .. } | JournalError::Damaged(_) => {
            FaultCode::JournalDamaged
        }
        _ => FaultCode::JournalRefused,
    }
}

/// The code of what is the matter with the site.
pub fn site_code(error: &SiteError) -> FaultCode {
    match error {
        SiteError::Malformed { .. } | SiteError::Refused { .. } => FaultCode::SiteRefuses,
        _ => FaultCode::SiteSilent,
    }
}

/// The code of what is the matter with the cloud.
pub fn cloud_code(error: &VistaError) -> FaultCode {
    match error {
        VistaError::Timeout { .. }
        | VistaError::HostNotFound
        | VistaError::Transport(_)
        | VistaError::Tls(_) => FaultCode::CloudSilent,
        _ => FaultCode::CloudRefuses,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::printer::conditions::Condition;
    use crate::device::printer::session::ProfileMismatch;
    use crate::locale::assert_both;
    use crate::sarft::malformed::{Malformed, MalformedReason};
    use crate::sarft::session::SarftStep;

    #[test]
    fn every_line_that_the_kiosk_tells_is_in_both_languages() {
        let what = || Text::new("usb:/dev/usb/lp0（型号文件 x）", "usb:/dev/usb/lp0 (x)");
        let mut all = vec![printer_unheard(&what()), printer(Conditions::NONE, what())];
        all.extend(Condition::ALL.map(|condition| printer(condition.into(), what())));
        let doubt = other_model(&Profile::built_in("epson-tm-t88").unwrap(), "XP").unwrap();
        let mismatches = [
            ProfileMismatch::Status(1),
            ProfileMismatch::Fence,
            ProfileMismatch::HastyFence,
            ProfileMismatch::Automatic,
            ProfileMismatch::Identity,
            ProfileMismatch::Port,
        ];
        for doubt in mismatches.iter().map(|mismatch| mismatch.text()).chain([doubt]) {
            let well = CheckResult::well("printer", what());
            let wrong = printer(Condition::PaperOut.into(), what());
            all.extend([well, wrong].map(|part| as_profiled(part, std::slice::from_ref(&doubt))));
        }
        all.extend(others(&FaultCode::ALL, &[]));
        all.push(site(&Ok(()), "127.0.0.1:9500", "kiosk"));
        let limit = std::time::Duration::from_secs(5);
        let malformed =
            || Malformed { field: "price", entry: Some(1), offset: 3, why: MalformedReason::NotNumber };
        let (step, reason) = (SarftStep::SignIn, Text::new("连接被拒绝", "refused"));
        for error in [
            SiteError::CannotConnect { address: "127.0.0.1:1".into(), reason },
            SiteError::TimedOut { step, limit },
            SiteError::Closed { step, kind: std::io::ErrorKind::UnexpectedEof },
            SiteError::Malformed { step, cause: malformed() },
            SiteError::Refused { value: 1 },
            SiteError::NotAllowed { step, why: ("没有连接", "there is no connection") },
            SiteError::Unsendable { step, cause: malformed() },
        ] {
            all.push(site(&Err(error), "127.0.0.1:9500", "kiosk"));
        }
        all.iter().flat_map(CheckResult::sentences).for_each(assert_both);
    }

    #[test]
    fn another_printer_than_the_profiles_is_noticed() {
        let epson = Profile::built_in("epson-tm-t88").unwrap();
        assert_eq!(other_model(&epson, "TM-T88VI"), None);
        assert_eq!(other_model(&epson, MODEL), None);
        let doubt = other_model(&epson, "XP-N160II").unwrap();
        assert!(doubt.en.contains("XP-N160II") && doubt.en.contains("TM-T88"));
        assert_eq!(other_model(&Profile::built_in("generic-80").unwrap(), "anything"), None);
        let part = as_profiled(CheckResult::well("printer", Text::same("usb")), &[doubt]);
        assert!(part.works() && part.found.en.contains("XP-N160II"));
    }
}
