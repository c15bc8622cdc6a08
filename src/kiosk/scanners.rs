//! The scanners as the loop has them: their codes, and which of them are gone.

use super::effect::{Effect, Effects};
use super::machine_log::MachineEvent;
use crate::device::scanner::{Scanned, ScannerEvent};
use crate::fault_code::FaultCode;
use crate::pickup::input::Scan;
use std::collections::BTreeSet;

/// Scanners gone, and those whose input has ended.
#[derive(Debug, Default)]
pub(super) struct Scanners {
    gone: BTreeSet<usize>,
    ended: usize,
}

impl Scanners {
    /// True once a scanner's input has ended for good.
    pub(super) fn ended(&self) -> bool {
        self.ended > 0
    }

    /// The code that was scanned.
    ///
    /// # Errors
    /// The effects of any other event.
    pub(super) fn event(&mut self, scanned: Scanned) -> Result<Scan, Effects> {
        let number = scanned.scanner + 1;
        match scanned.event {
            ScannerEvent::Code(text) => Ok(Scan::Text(text)),
            ScannerEvent::TooLong => Ok(Scan::TooLong),
            ScannerEvent::Gone => {
                self.gone.insert(number);
                Err(self.told(number, false))
            }
            ScannerEvent::Back => {
                self.gone.remove(&number);
                Err(self.told(number, true))
            }
            ScannerEvent::Ended => {
                log::info!("scanner {number}: its input has ended");
                self.ended += 1;
                Err(Vec::new())
            }
        }
    }

    fn told(&self, number: usize, there: bool) -> Effects {
        let event = MachineEvent::Scanner { number, there };
        vec![
            Effect::Fault(FaultCode::ScannerGone, !self.gone.is_empty()),
            Effect::Show,
            Effect::RecordMachine(event),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(effects: Effects) -> Vec<(FaultCode, bool)> {
        let fault = |effect| if let Effect::Fault(code, on) = effect { Some((code, on)) } else { None };
        effects.into_iter().filter_map(fault).collect()
    }

    #[test]
    fn the_fault_lasts_until_the_last_scanner_is_back() {
        let mut scanners = Scanners::default();
        let mut told = |scanner, event| faults(scanners.event(Scanned { scanner, event }).unwrap_err());
        assert_eq!(told(0, ScannerEvent::Gone), [(FaultCode::ScannerGone, true)]);
        assert_eq!(told(1, ScannerEvent::Gone), [(FaultCode::ScannerGone, true)]);
        assert_eq!(told(0, ScannerEvent::Back), [(FaultCode::ScannerGone, true)]);
        assert_eq!(told(1, ScannerEvent::Back), [(FaultCode::ScannerGone, false)]);
    }
}
