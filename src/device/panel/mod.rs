//! Lamps, buzzer, door switch and the printer's power relay. [`show`] and [`last_resort`] are pure; one thread drives
//! the lines, another waits for the door. Nothing waits for either.

pub mod last_resort;
pub mod lines;
pub mod show;

pub use lines::PanelLines;

use super::gpio::line::Line;
use super::gpio::{Backend, GpioError, Inputs, Outputs};
use last_resort::OFF;
use show::{Look, Moment};
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Delay before lines that can't be requested, because another consumer holds them, are tried again.
const RETRY: Duration = Duration::from_secs(10);
/// Time limit for switching the lines off at the end.
const STOP_LIMIT: Duration = Duration::from_millis(300);
/// Time for which a door that has moved must rest.
const DOOR_RESTS: Duration = Duration::from_millis(50);

/// Requested state of the panel; the last request counts.
#[derive(Debug)]
struct Wanted {
    look: Look,
    since: Instant,
    power_off_until: Option<Instant>,
    over: bool,
    /// True once the thread has ended, and left everything off.
    dark: bool,
}

/// Handle that requests the state of the panel.
#[derive(Debug, Clone)]
pub struct Panel {
    wanted: Arc<(Mutex<Wanted>, Condvar)>,
}

impl Panel {
    /// Starts the thread that drives the lines.
    ///
    /// # Errors
    /// Fails if the system has no thread left.
    pub fn start(lines: PanelLines, backend: Backend) -> io::Result<Self> {
        let wanted = Wanted {
            look: Look::default(),
            since: Instant::now(),
            power_off_until: None,
            over: false,
            dark: false,
        };
        let panel = Self { wanted: Arc::new((Mutex::new(wanted), Condvar::new())) };
        let ours = panel.clone();
        std::thread::Builder::new().name("panel".into()).spawn(move || {
            ours.drive(&lines, backend);
            ours.change(|wanted| wanted.dark = true);
        })?;
        Ok(panel)
    }

    /// Shows this look from now on.
    pub fn show(&self, look: Look) {
        self.change(|wanted| (wanted.look, wanted.since) = (look, Instant::now()));
    }

    /// Takes the printer's power away, for [`OFF`].
    pub fn cut_power(&self) {
        self.change(|wanted| wanted.power_off_until = Some(Instant::now() + OFF));
    }

    /// Switches everything off and ends the thread. Waits for it, but not long: no lamp may show a kiosk that has ended
    /// as ready.
    pub fn stop(&self) {
        self.change(|wanted| wanted.over = true);
        drop(self.wanted.1.wait_timeout_while(self.locked(), STOP_LIMIT, |wanted| !wanted.dark));
    }

    fn change(&self, change: impl FnOnce(&mut Wanted)) {
        change(&mut self.locked());
        self.wanted.1.notify_all();
    }

    fn locked(&self) -> MutexGuard<'_, Wanted> {
        self.wanted.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn drive(&self, lines: &PanelLines, backend: Backend) {
        let mut told = false;
        loop {
            let ended = Driver::take(lines, backend).and_then(|mut driver| {
                if std::mem::take(&mut told) {
                    log::info!("panel: its lines can be driven again");
                }
                self.follow(&mut driver)
            });
            let Err(error) = ended else { return };
            if !std::mem::replace(&mut told, true) {
                log::error!("panel: {error}; trying again every {} s", RETRY.as_secs());
            }
            let wanted = self.locked();
            let waited = self.wanted.1.wait_timeout_while(wanted, RETRY, |wanted| !wanted.over);
            if waited.unwrap_or_else(PoisonError::into_inner).0.over {
                return;
            }
        }
    }

    /// Drives the lines as requested; sleeps as long as nothing changes.
    fn follow(&self, driver: &mut Driver) -> Result<(), GpioError> {
        loop {
            let wanted = self.locked();
            if wanted.over {
                drop(wanted);
                return driver.all_off();
            }
            let now = Instant::now();
            let moment = wanted.look.at(now.saturating_duration_since(wanted.since));
            let power_off = wanted.power_off_until.filter(|until| now < *until);
            let turn = moment.until.and_then(|until| wanted.since.checked_add(until));
            let next = turn.into_iter().chain(power_off).min();
            let (since, until) = (wanted.since, wanted.power_off_until);
            drop(wanted);
            driver.set(&moment, power_off.is_some())?;
            let wanted = self.locked();
            let same = |wanted: &mut Wanted| {
                !wanted.over && wanted.since == since && wanted.power_off_until == until
            };
            match next {
                None => drop(self.wanted.1.wait_while(wanted, same)),
                Some(next) => {
                    let time = next.saturating_duration_since(Instant::now());
                    drop(self.wanted.1.wait_timeout_while(wanted, time, same));
                }
            }
        }
    }
}

/// Lines that are driven, and their state.
struct Driver {
    outputs: Outputs,
    /// Place of each line in `[lamps…, buzzer, power]`.
    places: Vec<usize>,
    on: Vec<bool>,
}

impl Driver {
    fn take(lines: &PanelLines, backend: Backend) -> Result<Self, GpioError> {
        let all = lines.lamps.iter().chain([&lines.buzzer, &lines.printer_power]).enumerate();
        let (places, taken): (Vec<usize>, Vec<&Line>) =
            all.filter_map(|(place, line)| line.as_ref().map(|line| (place, line))).unzip();
        let on = vec![false; taken.len()];
        Ok(Self { outputs: Outputs::take(backend, &taken)?, places, on })
    }

    fn set(&mut self, moment: &Moment, power_off: bool) -> Result<(), GpioError> {
        let [ready, working, slot, fault] = moment.lamps;
        let all = [ready, working, slot, fault, moment.buzzer, power_off];
        for (index, (place, on)) in self.places.iter().zip(&mut self.on).enumerate() {
            let wanted = all.get(*place).copied().unwrap_or_default();
            if wanted != *on {
                self.outputs.set(index, wanted)?;
                *on = wanted;
            }
        }
        Ok(())
    }

    fn all_off(&mut self) -> Result<(), GpioError> {
        self.set(&Moment { lamps: [false; 4], buzzer: false, until: None }, false)
    }
}

/// Starts the thread that waits for the door. `tell` gets true if it is open, at first and at each change, and returns
/// false when nobody listens any more.
///
/// # Errors
/// Fails if the system has no thread left.
pub fn watch_door(
    line: Line,
    backend: Backend,
    mut tell: impl FnMut(bool) -> bool + Send + 'static,
) -> io::Result<()> {
    let watch = move || {
        let mut last = None;
        loop {
            let Err(error) = follow_door(&line, backend, &mut last, &mut tell) else { return };
            log::error!("door switch: {error}; trying again in {} s", RETRY.as_secs());
            std::thread::sleep(RETRY);
        }
    };
    std::thread::Builder::new().name("door".into()).spawn(watch).map(drop)
}

fn follow_door(
    line: &Line,
    backend: Backend,
    last: &mut Option<bool>,
    tell: &mut impl FnMut(bool) -> bool,
) -> Result<(), GpioError> {
    let input = Inputs::take(backend, &[line])?;
    loop {
        let open = input.values()? != 0;
        if *last != Some(open) {
            *last = Some(open);
            if !tell(open) {
                return Ok(());
            }
        }
        input.wait(None)?;
        while input.wait(Some(DOOR_RESTS))? {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_without_lines_follows_and_stops_at_once() {
        let panel = Panel::start(PanelLines::default(), Backend::Cdev).unwrap();
        panel.show(Look::parse("ready blink:slot tone:done").unwrap());
        panel.cut_power();
        panel.stop();
        assert!(panel.locked().dark);
    }

    #[test]
    fn a_panel_whose_lines_cannot_be_had_stops_all_the_same() {
        let line = Line::parse("no-such-chip:1").unwrap();
        let lines = PanelLines { buzzer: Some(line), ..PanelLines::default() };
        let panel = Panel::start(lines, Backend::Cdev).unwrap();
        panel.show(Look::parse("ready").unwrap());
        panel.stop();
        assert!(panel.locked().dark);
    }
}
