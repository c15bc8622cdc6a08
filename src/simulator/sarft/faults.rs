//! Faults of the simulated on-site service (`[faults.site]`).

use serde::{Deserialize, Serialize};

/// One of the four exchanges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exchange {
    /// 0x01, 0x02
    SignIn,
    /// 0x03, 0x04
    Query,
    /// 0x05, 0x06
    Issue,
    /// 0x07, 0x08
    Report,
}

/// Faults of the on-site service, `[faults.site]`; by default none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SiteFaults {
    /// Delay before each answer, in milliseconds. Beyond the client's time limit the answer comes late.
    pub delay_ms: u64,
    /// Exchanges that are delayed; all if not given.
    pub delay_on: Option<Spell>,
    /// Reads everything, does nothing, answers nothing.
    pub silent: bool,
    /// Acts, but does not answer.
    pub silent_on: Spell,
    /// Neither acts nor answers, as if the request had been lost.
    pub lost_before: Spell,
    /// Acts, sends half of the answer and closes the connection.
    pub close_in_mid_frame: Spell,
    /// Acts, answers, and closes the connection.
    pub close_after: Spell,
    /// Acts, but the answer's length is 0.
    pub wrong_length: Spell,
    /// Acts, but the answer's sequence is one too high (if frames have one).
    pub wrong_sequence: Spell,
    /// Acts, but answers for the next booking number (query and issue).
    pub wrong_print_no: Spell,
    /// Acts, and sends the answer twice.
    pub answer_twice: Spell,
    /// Return values in place of the cinema's. Any other than 0 also keeps the cinema from acting.
    pub return_value: ReturnValues,
    /// Number of queries that are answered with empty ticket_info_codes.
    pub empty_codes_for_queries: u32,
    /// Number of queries that are answered without the booking's last seat.
    pub short_list: u32,
    /// Number of queries that are answered as the booking was before its last change, if the service has seen it in
    /// another state.
    pub stale_list: u32,
    /// Delay before an 0x05 is carried out, in milliseconds: beyond the client's time limit it has given up by then.
    pub late_issue_ms: u64,
    /// Number of 0x05 so delayed; `None` for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_issue_count: Option<u32>,
    /// Time after which an idle connection is closed, in milliseconds.
    pub close_idle_after_ms: Option<u64>,
}

impl SiteFaults {
    /// Returns the delay before this exchange is carried out, in milliseconds; counts down if there is one.
    pub(super) fn late_ms(&mut self, exchange: Exchange) -> u64 {
        if exchange != Exchange::Issue || self.late_issue_ms == 0 {
            return 0;
        }
        match &mut self.late_issue_count {
            None => self.late_issue_ms,
            Some(0) => 0,
            Some(count) => {
                *count -= 1;
                self.late_issue_ms
            }
        }
    }

    /// Returns the faults in the list of this exchange; counts down.
    pub(super) fn list(&mut self, exchange: Exchange) -> ListFaults {
        let strikes = |count: &mut u32| {
            let strikes = exchange == Exchange::Query && *count > 0;
            *count -= u32::from(strikes);
            strikes
        };
        ListFaults {
            without_codes: strikes(&mut self.empty_codes_for_queries),
            short: strikes(&mut self.short_list),
            stale: strikes(&mut self.stale_list),
        }
    }
}

/// Faults in the list of one 0x04.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ListFaults {
    /// True if the list has no ticket_info_codes.
    pub(super) without_codes: bool,
    /// True if the list lacks the last seat.
    pub(super) short: bool,
    /// True if the list is that before the booking's last change.
    pub(super) stale: bool,
}

/// Return values in place of the cinema's, `[faults.site.return_value]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReturnValues {
    /// Return value of 0x02.
    pub sign_in: Option<u8>,
    /// Return value of 0x04.
    pub query: Option<u8>,
    /// Return value of 0x06.
    pub issue: Option<u8>,
    /// Return value of 0x08.
    pub report: Option<u8>,
}

impl ReturnValues {
    /// Returns the value that replaces the one of this exchange.
    pub(super) fn of(&self, exchange: Exchange) -> Option<u8> {
        match exchange {
            Exchange::SignIn => self.sign_in,
            Exchange::Query => self.query,
            Exchange::Issue => self.issue,
            Exchange::Report => self.report,
        }
    }
}

/// Exchanges to which a fault applies: `["issue"]`, or `{ on = ["issue"], times = 2 }` for the next two only.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "SpellForm")]
pub struct Spell {
    /// The exchanges affected.
    pub on: Vec<Exchange>,
    /// Number of times left; `None` for no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

impl Spell {
    /// Applies to all of these exchanges.
    pub fn on(exchanges: &[Exchange]) -> Self {
        Self { on: exchanges.to_vec(), times: None }
    }

    /// Applies to the next `times` of these exchanges.
    pub fn times(exchanges: &[Exchange], times: u32) -> Self {
        Self { on: exchanges.to_vec(), times: Some(times) }
    }

    /// Returns true if the fault applies now; counts down if it does.
    pub(super) fn strikes(&mut self, exchange: Exchange) -> bool {
        if !self.on.contains(&exchange) {
            return false;
        }
        match &mut self.times {
            None => true,
            Some(0) => false,
            Some(times) => {
                *times -= 1;
                true
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a list of sign_in, query, issue, report, or a table of on (such a list) and times"
)]
enum SpellForm {
    List(Vec<Exchange>),
    Table(SpellTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpellTable {
    on: Vec<Exchange>,
    times: Option<u32>,
}

impl From<SpellForm> for Spell {
    fn from(form: SpellForm) -> Self {
        match form {
            SpellForm::List(on) => Self { on, times: None },
            SpellForm::Table(SpellTable { on, times }) => Self { on, times },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_spell_are_read_and_written_back() {
        let faults: SiteFaults = toml::from_str(
            "delay_ms = 20\nsilent_on = ['issue']\nlost_before = { on = ['query', 'report'], times = 2 }\n\
             [return_value]\nissue = 7\n",
        )
        .unwrap();
        assert_eq!(faults.silent_on, Spell::on(&[Exchange::Issue]));
        assert_eq!(faults.lost_before, Spell::times(&[Exchange::Query, Exchange::Report], 2));
        assert_eq!(faults.return_value.of(Exchange::Issue), Some(7));
        let json = serde_json::to_string(&faults).unwrap();
        assert_eq!(serde_json::from_str::<SiteFaults>(&json).unwrap(), faults);
    }

    #[test]
    fn what_nobody_knows_is_refused() {
        for bad in ["slow = 1", "silent_on = ['isue']", "silent_on = { on = ['issue'], time = 1 }"] {
            assert!(toml::from_str::<SiteFaults>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn faults_of_lists_and_late_issues_strike_their_exchange_alone_and_end() {
        let mut faults: SiteFaults =
            toml::from_str("short_list = 1\nstale_list = 2\nlate_issue_ms = 50\nlate_issue_count = 1\n")
                .unwrap();
        assert_eq!(faults.list(Exchange::Issue), ListFaults::default());
        assert_eq!(
            faults.list(Exchange::Query),
            ListFaults { without_codes: false, short: true, stale: true }
        );
        assert_eq!(
            faults.list(Exchange::Query),
            ListFaults { without_codes: false, short: false, stale: true }
        );
        assert_eq!(faults.list(Exchange::Query), ListFaults::default());
        assert_eq!((faults.late_ms(Exchange::Report), faults.late_ms(Exchange::Issue)), (0, 50));
        assert_eq!(faults.late_ms(Exchange::Issue), 0);
        faults.late_issue_count = None;
        assert_eq!((faults.late_ms(Exchange::Issue), faults.late_ms(Exchange::Issue)), (50, 50));
    }

    #[test]
    fn a_counted_spell_ends() {
        let mut spell = Spell::times(&[Exchange::Issue], 1);
        assert!(!spell.strikes(Exchange::Query));
        assert!(spell.strikes(Exchange::Issue));
        assert!(!spell.strikes(Exchange::Issue));
    }
}
