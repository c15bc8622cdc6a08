//! Test bench: a session, a wire and a printer, in virtual time.

use super::model::{Model, ticket};
use crate::device::printer::conditions::{Condition, Conditions};
use crate::device::printer::session::{
    Capabilities, Input, Output, PrintResult, PrinterSession, ProfileMismatch,
};
use crate::receipt::profile::Fence;
use std::collections::VecDeque;
use std::time::Duration;

pub const STEP: Duration = Duration::from_millis(10);

pub struct Bench {
    pub session: PrinterSession,
    pub model: Model,
    pub now: Duration,
    pub results: Vec<(u64, PrintResult)>,
    pub conditions: Conditions,
    pub looked: Vec<Conditions>,
    pub identity: Option<Option<String>>,
    pub resets: usize,
    /// Bytes written and not received yet; the first `in_kernel` of them have been accepted.
    pub wire: VecDeque<u8>,
    in_kernel: usize,
    /// Number of bytes that the kernel takes.
    pub kernel_room: usize,
    /// True while the cable is plugged in.
    pub plugged: bool,
    /// True while the printer's end takes nothing.
    pub stuck: bool,
    /// True if the session sees the end of the cable (TCP, USB); on a serial line it does not.
    pub shows_end: bool,
    /// Number of next answers that are lost.
    pub lose_answers: usize,
    pub violations: Vec<String>,
    pub mismatches: Vec<ProfileMismatch>,
    /// Status of the USB port, where the session asks it; none to follow the model's paper.
    pub port: Option<u8>,
    connected: bool,
    connect_at: Duration,
}

pub fn capabilities_with(fence: Fence, clears: bool) -> Capabilities {
    Capabilities {
        fence,
        // A dot of the model's tickets is half a millimetre, and takes 1 ms.
        speed_mm_s: 500,
        fence_timeout: Duration::from_secs(15),
        clears,
        recovers: false,
        presenter: None,
        statuses: vec![1, 2, 3, 4],
        automatic: fence == Fence::GsParenH,
        identifies: fence == Fence::GsParenH,
        fresh: false,
        reset_when_silent: true,
        buffer_bytes: 4096,
        cut: b"|".to_vec(),
        wire_rate: None,
    }
}

impl Bench {
    pub fn with(abilities: Capabilities) -> Self {
        let model = Model::new(abilities.fence, abilities.clears);
        Self {
            session: PrinterSession::new(abilities, 7_000_000),
            model,
            now: Duration::from_secs(1000),
            results: Vec::new(),
            conditions: Conditions::NONE,
            looked: Vec::new(),
            identity: None,
            resets: 0,
            wire: VecDeque::new(),
            in_kernel: 0,
            kernel_room: 0,
            plugged: true,
            stuck: false,
            shows_end: true,
            lose_answers: 0,
            violations: Vec::new(),
            mismatches: Vec::new(),
            port: None,
            connected: false,
            connect_at: Duration::ZERO,
        }
    }

    pub fn new(fence: Fence, clears: bool) -> Self {
        Self::with(capabilities_with(fence, clears))
    }

    /// Creates a bench as `new` does, and runs it until it is connected, inspected and ready.
    pub fn ready(fence: Fence, clears: bool) -> Self {
        let mut bench = Self::new(fence, clears);
        bench.run(1500);
        assert!(bench.conditions.is_empty(), "{:?}", bench.conditions);
        bench
    }

    /// Lets this time pass.
    pub fn run(&mut self, milliseconds: u64) {
        let end = self.now + Duration::from_millis(milliseconds);
        while self.now < end {
            self.now += STEP;
            self.step();
        }
    }

    /// Lets time pass until every ticket has its result; returns the time that passed.
    pub fn until_result(&mut self, jobs: usize) -> Duration {
        let begin = self.now;
        while self.results.len() < jobs {
            assert!(self.now - begin < Duration::from_secs(120), "no result");
            self.run(10);
        }
        self.now - begin
    }

    pub fn print(&mut self, number: u8, length: usize) {
        let height_mm = u32::try_from(length / 2).unwrap();
        self.feed(Input::Print { job: u64::from(number), bytes: ticket(number, length), height_mm });
    }

    pub fn result(&self, number: u8) -> Option<PrintResult> {
        let mut of_job = self.results.iter().filter(|(job, _)| *job == u64::from(number));
        let result = of_job.next().map(|(_, result)| *result);
        assert!(of_job.next().is_none(), "two results of one ticket");
        result
    }

    pub fn unplug(&mut self) {
        self.plugged = false;
        if self.shows_end {
            self.drop_wire();
            self.end_connection();
        }
    }

    pub fn has(&self, condition: Condition) -> bool {
        self.conditions.contains(condition)
    }

    fn drop_wire(&mut self) {
        self.wire.clear();
        self.in_kernel = 0;
    }

    fn end_connection(&mut self) {
        if self.connected {
            self.connected = false;
            self.connect_at = self.now + Duration::from_millis(500);
            self.feed(Input::Disconnected);
        }
    }

    fn step(&mut self) {
        if !self.connected
            && self.plugged
            && (self.model.powered || !self.shows_end)
            && self.now >= self.connect_at
        {
            self.connected = true;
            self.feed(Input::Connected);
        }
        self.move_bytes();
        for _ in 0..4 {
            if self.session.deadline().is_none_or(|at| self.now < at) {
                return;
            }
            self.feed(Input::Tick);
        }
        self.violations.push("the deadline stays in the past: the owner would never sleep".into());
    }

    fn move_bytes(&mut self) {
        if self.connected && !self.stuck {
            let waiting: Vec<u8> = self.wire.iter().copied().collect();
            let taken = if self.plugged { self.model.receive(&waiting) } else { waiting.len() };
            self.wire.drain(..taken);
            let from_queue = taken.saturating_sub(self.in_kernel);
            self.in_kernel = self.in_kernel.saturating_sub(taken);
            let into_kernel = self.wire.len().min(self.kernel_room).saturating_sub(self.in_kernel);
            self.in_kernel += into_kernel;
            if from_queue + into_kernel > 0 {
                self.feed(Input::Accepted(from_queue + into_kernel));
            }
        }
        let bytes = self.model.advance(self.now);
        if bytes.is_empty() || !self.connected || !self.plugged {
            return;
        }
        if self.lose_answers > 0 {
            self.lose_answers -= 1;
            return;
        }
        self.feed(Input::Bytes(bytes));
    }

    /// Returns the status of the USB port, which knows about paper even where the printer answers nothing.
    fn port_status(&self) -> u8 {
        self.port.unwrap_or(if self.model.paper { 0x18 } else { 0x38 })
    }

    pub fn feed(&mut self, input: Input) {
        for output in self.session.handle(input, self.now) {
            match output {
                Output::Write(bytes) => self.write(&bytes),
                Output::Reset => {
                    self.resets += 1;
                    self.drop_wire();
                    self.end_connection();
                }
                Output::Printed { job, result } => {
                    self.check(job, result);
                    self.results.push((job, result));
                }
                Output::AskPort => {
                    let status = (self.connected && self.model.powered).then(|| self.port_status());
                    self.feed(Input::Port(status));
                }
                Output::Looked(conditions) => self.looked.push(conditions),
                Output::Conditions(conditions) => self.conditions = conditions,
                Output::Identified(model) => self.identity = Some(model),
                Output::Mismatch(what) => self.mismatches.push(what),
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        assert!(self.connected, "written without a connection");
        if bytes.contains(&b'{') && (self.model.holds_ticket_bytes() || self.wire.contains(&b'{')) {
            self.violations.push(format!("{bytes:?} written while an older ticket is in the printer"));
        }
        self.wire.extend(bytes);
        if self.wire.len() > 1 << 16 {
            self.violations.push("the wire's queue grows without bound".into());
        }
    }

    fn check(&mut self, job: u64, result: PrintResult) {
        let fate = self.model.fates.get(&u8::try_from(job).unwrap()).copied().unwrap_or_default();
        if result == PrintResult::Confirmed && !fate.whole {
            self.violations.push(format!("ticket {job} confirmed and not whole"));
        }
        if matches!(result, PrintResult::NotStarted(_)) && fate.received {
            self.violations.push(format!("ticket {job} not started and yet received"));
        }
        if self.results.iter().any(|(earlier, _)| *earlier == job) {
            self.violations.push(format!("two results of ticket {job}"));
        }
    }
}
