//! `check` inside a running kiosk: the parts that are its own and that nobody else may try beside it.

use super::check_result::CheckResult;
use super::journal_thread::JournalThread;
use crate::device::printer::conditions::Conditions;
use crate::fault_code::FaultCode;
use crate::journal::store::JournalError;
use crate::locale::Language;
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
            return CheckResult::wrong(name, error.to_string(), "nothing is issued until it is mended")
                .under(code_of(&error));
        }
        Err(gone) => return CheckResult::wrong(name, gone.to_string(), "restart the kiosk"),
    };
    let found = format!(
        "in use; {} tickets uncertain, {} owed, {} reports due",
        leftover.uncertain,
        leftover.owed,
        leftover.reports.len()
    );
    if policy::unsettled(leftover.uncertain, leftover.owed) {
        return CheckResult::warned(name, found, "settle them: pickup-kiosk journal list --unresolved")
            .under(FaultCode::TicketsUnsettled);
    }
    CheckResult::well(name, found)
}

/// The printer. `what`: its connection and model.
pub fn printer(conditions: Conditions, what: &str) -> CheckResult {
    let name = "printer";
    let Some(gravest) = conditions.gravest() else { return CheckResult::well(name, what) };
    let found = format!("{what}: {} {gravest}", gravest.code());
    let remedy = faults::row(gravest.code()).for_usher(Language::English);
    let part = if conditions.stops_printing() {
        CheckResult::wrong(name, found, remedy)
    } else {
        CheckResult::warned(name, found, remedy)
    };
    part.under(gravest.code())
}

/// The printer, of which its owner has said nothing yet.
pub fn printer_unheard(what: &str) -> CheckResult {
    let code = FaultCode::PrinterUnheard;
    let remedy = faults::row(code).for_usher(Language::English);
    CheckResult::wrong("printer", format!("{what}: {code} nothing heard of it yet"), remedy).under(code)
}

/// The printer's part, with what its profile says and it does not.
pub fn as_profiled(part: CheckResult, unlike: &[String]) -> CheckResult {
    if unlike.is_empty() {
        return part;
    }
    let found = format!("{}; but not as its profile says: {}", part.found, unlike.join("; "));
    let remedy =
        "choose the profile of this printer (printer.profile), or write one: config/printers/README.md";
    let told = if part.works() {
        CheckResult::warned("printer", found, remedy)
    } else {
        CheckResult::wrong("printer", found, remedy)
    };
    CheckResult { code: part.code, ..told }
}

/// The doubt when the printer calls itself otherwise than its profile does. The virtual one may.
pub fn other_model(profile: &Profile, told: &str) -> Option<String> {
    let known = profile.model.as_deref()?;
    let same = told.to_lowercase().contains(&known.to_lowercase()) || told == MODEL;
    let told: String = told.chars().take(40).flat_map(char::escape_debug).collect();
    (!same).then(|| format!("it calls itself {told}, the profile is for {known} (model)"))
}

/// The site's answer to a sign-in.
pub fn site(result: &Result<(), SiteError>, address: &str, username: &str) -> CheckResult {
    let name = "site";
    match result {
        Ok(()) => CheckResult::well(name, format!("signed in at {address} as {username}")),
        Err(error) => {
            let remedy = "ask the cinema's technician whether SarftKioskService runs; pickup-kiosk sarft decode \
                          reads a capture of the talk";
            CheckResult::wrong(name, error.to_string(), remedy).under(site_code(error))
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
        let (name, remedy) = (fault.name.replace('_', " "), fault.for_usher(Language::English));
        let found = fault.code.as_str();
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

    #[test]
    fn another_printer_than_the_profiles_is_noticed() {
        let epson = Profile::built_in("epson-tm-t88").unwrap();
        assert_eq!(other_model(&epson, "TM-T88VI"), None);
        assert_eq!(other_model(&epson, MODEL), None);
        let doubt = other_model(&epson, "XP-N160II").unwrap();
        assert!(doubt.contains("XP-N160II") && doubt.contains("TM-T88"));
        assert_eq!(other_model(&Profile::built_in("generic-80").unwrap(), "anything"), None);
        let part = as_profiled(CheckResult::well("printer", "usb"), &[doubt]);
        assert!(part.works() && part.found.contains("XP-N160II"));
    }
}
