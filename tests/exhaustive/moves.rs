//! Moves: everything that can happen next.

use super::counter;
use super::feed;
use super::node::{NOW, Node, SEATS};
use super::parts;
use pickup_kiosk::fault_code::FaultCode;
use pickup_kiosk::journal::record::PickupId;
use pickup_kiosk::pickup::action::{Action, QueryOrigin};
use pickup_kiosk::pickup::input::{
    Input, PrintResult, Queried, Readiness, Scan, SiteAnswer, SiteTrouble, Source,
};
use pickup_kiosk::pickup::machine::Machine;
use pickup_kiosk::pickup::state::{CustomerState, Stage};
use pickup_kiosk::pickup::timing;
use pickup_kiosk::simulator::cinema::Seat;
use pickup_kiosk::ticket::{BookingNumber, Ticket};
use pickup_kiosk::vista::answer::CloudAnswer;
use std::rc::Rc;
use std::time::Duration;

/// Adds the states that can follow.
pub fn next(machine: &Machine, node: &Node, found: &mut Vec<Node>) {
    let mut found = Moves { machine, found };
    if !node.on {
        found.feed(node.step("power on"), Input::Started(node.journal.leftover()), NOW);
        return;
    }
    // The kiosk asks the site one thing at a time, in the order in which it was wanted (`kiosk/site_task`).
    let at_site = |action: &Rc<Action>| {
        matches!(**action, Action::Query { .. } | Action::Issue { .. } | Action::Report { .. })
    };
    let first = node.pending.iter().position(at_site);
    for index in 0..node.pending.len() {
        if !at_site(&node.pending[index]) || Some(index) == first {
            found.answer(node, index);
        }
    }
    for index in 0..node.not_begun.len() {
        let mut base = node.step("ticket not begun");
        let (pickup, seat, code) = base.not_begun.remove(index);
        let result = PrintResult::NotStarted(code);
        found.feed(base, Input::TicketDone { pickup, seat, result }, NOW);
    }
    found.time(node);
    found.people(node);
    found.power(node);
}

struct Moves<'a> {
    machine: &'a Machine,
    found: &'a mut Vec<Node>,
}

impl Moves<'_> {
    /// Feeds an input in every way it can go.
    fn feed(&mut self, from: Node, input: Input, at: Duration) {
        feed::every_way(from, self.machine, input, at, self.found);
    }

    /// Ends an effect, well or badly.
    fn answer(&mut self, node: &Node, index: usize) {
        let mut base = node.clone();
        let action = base.pending.remove(index);
        match action.as_ref() {
            Action::AskCloud { pickup, id } => {
                let answer = parts::cloud_answer(&base.cinema, id);
                let say = |answer| Input::Cloud { pickup: pickup.clone(), answer };
                self.feed(base.step("cloud"), say(answer), NOW);
                if let Some(bad) = faulty(&base, "cloud away") {
                    self.feed(bad, say(CloudAnswer::Unavailable(String::new())), NOW);
                }
            }
            Action::CheckPrinter { pickup } => self.checked(&base, pickup),
            Action::Query { origin, number } => self.queried(&base, origin, *number),
            Action::Issue { pickup, .. } => self.issued(&base, &action, pickup),
            Action::Report { number } => self.reported(&base, *number),
            Action::Print { pickup, seat, .. } => {
                let done = |result| Input::TicketDone { pickup: pickup.clone(), seat: seat.clone(), result };
                self.printed(&base, parts::seat_index(seat), &done);
            }
            _ => {}
        }
    }

    fn checked(&mut self, base: &Node, pickup: &PickupId) {
        let say = |readiness| Input::PrinterChecked { pickup: pickup.clone(), readiness };
        self.feed(base.step("printer checked"), say(base.printer), NOW);
        if matches!(base.state.customer, CustomerState::Busy(_, Stage::CheckingPrinter { .. })) {
            let slow = NOW + timing::LIST_FRESH + Duration::from_millis(1);
            self.feed(base.step("printer checked after a slow look"), say(base.printer), slow);
        }
        if let Some(mut bad) = faulty(base, "printer stops")
            && base.printer == Readiness::Ready
        {
            bad.printer = Readiness::Stopped(FaultCode::PaperOut);
            self.feed(bad.clone(), say(bad.printer), NOW);
            // The status lies.
            self.feed(bad, say(Readiness::Ready), NOW);
        }
    }

    fn queried(&mut self, base: &Node, origin: &QueryOrigin, number: BookingNumber) {
        let tickets = Rc::new(base.cinema.query(number));
        let say = &|tickets: Vec<Ticket>| Input::Queried {
            origin: origin.clone(),
            number,
            result: Ok(Queried { return_value: 0, tickets }),
        };
        let mut seen = base.step("queried");
        seen.last_list = Rc::clone(&tickets);
        self.tell(seen.clone(), say, tickets.to_vec());
        if let Some(bad) = faulty(base, "query unanswered") {
            let result = Err(SiteTrouble::Silent);
            self.feed(bad, Input::Queried { origin: origin.clone(), number, result }, NOW);
        }
        if let Some(bad) = faulty(&seen, "codes empty")
            && matches!(origin, QueryOrigin::Customer(_))
        {
            let mut empty = tickets.to_vec();
            empty.iter_mut().for_each(|ticket| ticket.info_code.clear());
            self.tell(bad, say, empty);
        }
        if let Some(mut bad) = faulty(&seen, "0x04 is stale")
            && base.last_list != tickets
            && !base.last_list.is_empty()
        {
            let hides = |t: &&Ticket| {
                t.printed && base.last_list.iter().any(|old| old.key() == t.key() && !old.printed)
            };
            // The question before the report shows what another answer hides.
            let counts = matches!(origin, QueryOrigin::Backlog(_)) && !bad.report_taken;
            for ticket in tickets.iter().filter(hides).filter(|_| counts) {
                let seat = parts::seat_index(&ticket.key());
                bad.hidden[seat] |= !bad.paper[seat].told;
            }
            self.tell(bad, say, base.last_list.to_vec());
        }
        for out in 0..tickets.len() {
            if let Some(mut bad) = faulty(&seen, "0x04 is short")
                && !base.was_short
            {
                bad.was_short = true;
                let mut short = tickets.to_vec();
                short.remove(out);
                self.tell(bad, say, short);
            }
        }
    }

    /// Lets an answer of the site to 0x03 reach the kiosk.
    fn tell(&mut self, mut node: Node, say: impl Fn(Vec<Ticket>) -> Input, tickets: Vec<Ticket>) {
        node.told(self.machine, &tickets);
        let input = say(tickets);
        self.feed(node, input, NOW);
    }

    fn issued(&mut self, base: &Node, action: &Action, pickup: &PickupId) {
        let say = |answer| Input::Issued { pickup: pickup.clone(), answer };
        let (taken, value) = at_site(base, action);
        let mut answered = taken.step("issue answered");
        answered.may_print = value == 0 || (value == 1 && base.may_print && !base.others_claim);
        answered.fresh_claim = answered.may_print;
        self.feed(answered, say(SiteAnswer::Value(value)), NOW);
        if let Some(bad) = faulty(&taken, "0x06 lost") {
            self.feed(bad, say(SiteAnswer::NoReply), NOW);
        }
        if let Some(mut bad) = faulty(base, "0x05 lost, or late") {
            bad.late_issue = true;
            self.feed(bad, say(SiteAnswer::NoReply), NOW);
        }
        if let Some(bad) = faulty(base, "0x05 not sent") {
            self.feed(bad, say(SiteAnswer::NotSent), NOW);
        }
        if let Some(mut bad) = faulty(base, "issue refused") {
            bad.may_print = false;
            self.feed(bad, say(SiteAnswer::Value(2)), NOW);
        }
    }

    fn reported(&mut self, base: &Node, number: BookingNumber) {
        let say = |answer| Input::Reported { number, answer };
        let (taken, value) = at_site(base, &Action::Report { number });
        self.feed(taken.step("report answered"), say(SiteAnswer::Value(value)), NOW);
        if let Some(bad) = faulty(&taken, "0x08 lost") {
            self.feed(bad, say(SiteAnswer::NoReply), NOW);
        }
        if let Some(mut bad) = faulty(base, "0x07 lost") {
            bad.in_window = [false; SEATS];
            self.feed(bad, say(SiteAnswer::NoReply), NOW);
        }
        if let Some(mut bad) = faulty(base, "0x07 not sent") {
            bad.in_window = [false; SEATS];
            self.feed(bad, say(SiteAnswer::NotSent), NOW);
        }
        if let Some(mut bad) = faulty(base, "report refused") {
            bad.in_window = [false; SEATS];
            self.feed(bad, say(SiteAnswer::Value(3)), NOW);
        }
    }

    fn printed(&mut self, base: &Node, seat: usize, done: &dyn Fn(PrintResult) -> Input) {
        let mut whole = base.clone();
        whole.paper[seat].whole += 1;
        self.feed(whole.step("ticket out"), done(PrintResult::Confirmed), NOW);
        if let Some(mut torn) = faulty(base, "paper torn") {
            torn.printer = Readiness::Stopped(FaultCode::PaperOut);
            self.feed(torn, done(PrintResult::Uncertain("torn".into())), NOW);
        }
        if let Some(mut lost) = faulty(&whole, "fence lost") {
            lost.printer = Readiness::Stopped(FaultCode::PrinterNotAnswering);
            self.feed(lost, done(PrintResult::Uncertain("no fence".into())), NOW);
        }
    }

    /// Lets a time limit pass, or the printer be mended.
    fn time(&mut self, node: &Node) {
        if let Some(at) = self.machine.deadline(&node.state) {
            self.feed(node.step("tick"), Input::Tick, at.max(NOW));
        }
        if node.printer != Readiness::Ready {
            let mut mended = node.step("printer mended");
            mended.printer = Readiness::Ready;
            self.feed(mended.clone(), Input::Printer(Readiness::Ready), NOW);
            if matches!(node.state.customer, CustomerState::Busy(_, Stage::WaitingForPrinter { .. })) {
                let late = NOW + timing::FLAGS_FRESH + Duration::from_millis(1);
                self.feed(mended.step("after a while"), Input::Printer(Readiness::Ready), late);
            }
        }
        if !node.state.journal_ok && node.state.at_rest() {
            let leftover = node.journal.leftover();
            let mut mended = node.step("journal mended");
            mended.journal_failed = false;
            self.feed(mended, Input::JournalMended(leftover), NOW);
        }
        self.at_site_alone(node);
    }

    /// Lets the site act by itself: claims lapse, flags show, an 0x05 is carried out late.
    fn at_site_alone(&mut self, node: &Node) {
        let booking = &node.cinema.bookings[0];
        let lapses = node.cinema.site.claim_lapses_ms.is_some() && node.left.lapses > 0;
        if lapses && booking.issued && booking.reports == 0 {
            let mut lapsed = node.step("the claim lapses");
            lapsed.left.lapses -= 1;
            lapsed.cinema_mut().reset(parts::number(0));
            (lapsed.lapsed, lapsed.others_claim) = (true, false);
            lapsed.knows_lapse = self.machine.policy.claim_limit().is_some();
            if let CustomerState::Busy(active, _) = &mut Rc::make_mut(&mut lapsed.state).customer {
                active.issued_at = active.issued_at.map(|_| Duration::ZERO);
            }
            self.found.push(lapsed);
        }
        if booking.seats.iter().any(|seat| seat.shown_at_ms > node.cinema.now_ms) {
            let mut shown = node.step("all flags show");
            let last = booking.seats.iter().map(|seat| seat.shown_at_ms).max();
            shown.cinema_mut().now_ms = last.unwrap_or_default();
            self.found.push(shown);
        }
        if node.late_issue {
            let mut late = node.step("the lost 0x05 is carried out");
            late.late_issue = false;
            if late.cinema_mut().issue(parts::number(0), |_| true) == 0 {
                late.issued = true;
                late.others_claim = false;
                late.only_what_was_taken_is_unseen();
            }
            self.found.push(late);
        }
    }

    /// Lets another kiosk issue, print all and report, where the site lets it.
    fn other_kiosk(&mut self, node: &Node) {
        if node.left.others == 0 {
            return;
        }
        let open = node.cinema.query(parts::number(0)).iter().any(|ticket| !ticket.printed);
        if !node.others_claim && open {
            let mut other = node.step("another kiosk issues and prints");
            if other.cinema_mut().issue(parts::number(0), |_| true) == 0 {
                other.others_claim = true;
                other.paper.iter_mut().for_each(|paper| paper.other = true);
                self.found.push(other);
            }
        }
        if node.others_claim {
            let mut told = node.step("the other kiosk reports");
            told.cinema_mut().report(parts::number(0));
            told.left.others -= 1;
            self.found.push(told);
        }
    }

    fn people(&mut self, node: &Node) {
        self.other_kiosk(node);
        if node.left.codes > 0
            && matches!(node.state.customer, CustomerState::Idle | CustomerState::Result(_))
        {
            let mut comes = node.step("code presented");
            comes.left.codes -= 1;
            comes.presented += 1;
            comes.fresh_claim = false;
            let text = format!("{}|{}", parts::number(0), parts::id(0).expose());
            let pickup = PickupId(format!("p{}", comes.presented));
            self.feed(comes, Input::Code { pickup, source: Source::Scanner, scan: Scan::Text(text) }, NOW);
        }
        self.found.extend(counter::prints(node, 0));
        self.found.extend(counter::prints(node, SEATS - 1));
        let open = |seat: &Seat| !seat.ticket.printed && !seat.refunded;
        if node.left.refunds > 0 && node.cinema.bookings[0].seats.last().is_some_and(open) {
            let mut refunded = node.step("refund");
            refunded.left.refunds -= 1;
            refunded.cinema_mut().bookings[0].seats.last_mut().unwrap().refunded = true;
            self.found.push(refunded);
        }
    }

    fn power(&mut self, node: &Node) {
        if node.left.cuts > 0 {
            for mut dark in ends_of(&node.step("power cut")) {
                dark.off();
                self.found.push(dark);
            }
        }
    }
}

/// Returns the same state with one fault less to come.
fn faulty(node: &Node, what: &'static str) -> Option<Node> {
    let faults = node.left.faults.checked_sub(1)?;
    let mut bad = node.step(what);
    bad.left.faults = faults;
    Some(bad)
}

/// Lets a request take effect at the site; returns the state and the site's value.
fn at_site(node: &Node, action: &Action) -> (Node, u8) {
    let mut taken = node.clone();
    match action {
        Action::Issue { number, id, .. } => {
            let value = taken.cinema_mut().issue(*number, |own| own == id);
            if value == 0 {
                taken.issued = true;
                taken.others_claim = false;
                taken.only_what_was_taken_is_unseen();
                if taken.held().is_none_or(|booking| booking.seats.is_empty()) {
                    taken.violated("issued without a record".into());
                }
            }
            (taken, value)
        }
        Action::Report { number } => {
            let value = taken.cinema_mut().report(*number);
            taken.report_arrives(value);
            (taken, value)
        }
        _ => (taken, 0),
    }
}

/// Returns the states after a power failure: what was under way at site and printer has happened or not.
pub fn ends_of(node: &Node) -> Vec<Node> {
    let mut ends = vec![node.clone()];
    for action in &node.pending {
        let with = |node: &Node| match action.as_ref() {
            Action::Issue { .. } | Action::Report { .. } => Some(at_site(node, action).0),
            Action::Print { seat, .. } => {
                let mut whole = node.clone();
                whole.paper[parts::seat_index(seat)].whole += 1;
                Some(whole)
            }
            _ => None,
        };
        let happened: Vec<Node> = ends.iter().filter_map(with).collect();
        ends.extend(happened);
    }
    ends
}
