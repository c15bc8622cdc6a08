//! Events, each handed to the part that deals with it; the loop carries out what the part wants done.

use super::effect::{Effect, Effects};
use super::event::{Event, Health};
use super::keypad_input::KeypadInput;
use super::request::{Call, ControlAnswer, Request};
use super::stopped::Stopped;
use super::{Kiosk, clock};
use crate::device::keypad::KeypadEvent;
use crate::device::scanner::Scanned;
use crate::pickup::input::{Input, Scan, Source};
use crate::screen::user_input::UserInput;

impl Kiosk {
    /// One event of a part's.
    pub(super) async fn event(&mut self, event: Event) -> Result<Effects, Stopped> {
        match event {
            Event::Input(input) => return Ok(vec![Effect::Input(input)]),
            Event::Printer(event) => return Ok(self.printer.event(event)),
            Event::Call(call) => return self.call(call).await,
            Event::Pressed(pressed) => return self.pressed(pressed).await,
            Event::SiteTook(step, took) => self.display.took(step, took),
            Event::Keypad(event) => return self.keypad(event).await,
            Event::Machine(event) => return Ok(vec![Effect::RecordMachine(event)]),
            Event::MaintenanceSequence => {
                log::info!("keypad: the keys that call the technician's menu were typed");
                return Ok(self.maintenance.call_to_screen(&self.status()));
            }
            Event::Site(health) => {
                self.display.site_silent(health == Health::Silent, self.clock.now().mono);
                self.maintenance.site_heard(health);
            }
            Event::Maintenance(news) => return self.maintenance.news(news, &self.status()).await,
            Event::Showtimes(ask, answer) => {
                let now = self.clock.now();
                let Some(showtimes) = &mut self.showtimes else { return Ok(Vec::new()) };
                self.display.showtimes(showtimes.answered(ask, answer, now));
            }
        }
        Ok(vec![Effect::Show])
    }

    /// One key of the keypad, and what it tells of the keypad.
    async fn keypad(&mut self, event: KeypadEvent) -> Result<Effects, Stopped> {
        let pressed = self.keypad_input.key(event, &self.state.customer, self.clock.now().mono);
        self.display.choices(self.keypad_input.choices());
        let mut effects = match pressed {
            Some(pressed) => self.pressed(pressed).await?,
            None => vec![Effect::Show],
        };
        effects.extend(KeypadInput::about_itself(event));
        Ok(effects)
    }

    async fn pressed(&mut self, pressed: UserInput) -> Result<Effects, Stopped> {
        self.display.wake(self.clock.now().mono);
        if let Some(effects) = self.maintenance.takes_key(&pressed, &self.status()).await? {
            return Ok(effects);
        }
        Ok(match pressed {
            // As for scanners: whoever comes now would be left standing.
            UserInput::Key(_) | UserInput::Code(_) if self.state.stopping => Vec::new(),
            UserInput::Key(key) => vec![Effect::Input(Input::Key { pickup: clock::pickup_id()?, key })],
            UserInput::Code(scan) => vec![code(scan)?],
            UserInput::Language => {
                self.display.other_language();
                vec![Effect::Show]
            }
        })
    }

    /// One event of a scanner's.
    pub(super) async fn scanned(&mut self, scanned: Scanned) -> Result<Effects, Stopped> {
        let scan = match self.scanners.event(scanned) {
            Ok(scan) => scan,
            Err(effects) => return Ok(effects),
        };
        if let Some(effects) = self.maintenance.takes_scan(&scan, &self.status()).await? {
            return Ok(effects);
        }
        Ok(vec![code(scan)?])
    }

    /// A request of another command's.
    async fn call(&mut self, call: Call) -> Result<Effects, Stopped> {
        let (status, reply) = (self.status(), call.reply);
        match call.request {
            Request::Check => {
                // What a check finds mended is over at once.
                self.maintenance.check_soon();
                let active = self.maintenance.active_faults(&status);
                self.staff.check(status.conditions, self.printer.mismatches(), active, reply).await?;
            }
            Request::OrderBegun => {
                self.housekeeping.order_begins();
                let _ = reply.send(ControlAnswer::yes(""));
            }
            Request::Menu(menu) => return self.maintenance.call(menu, &status, reply).await,
            request => {
                if matches!(request, Request::Audit(_)) {
                    self.maintenance.take_up_pins().await?;
                }
                return self.staff.call(request, &status, reply).await;
            }
        }
        Ok(Vec::new())
    }
}

/// A code from a scanner, or from a screen that stands for one.
fn code(scan: Scan) -> Result<Effect, Stopped> {
    let (pickup, source) = (clock::pickup_id()?, Source::Scanner);
    Ok(Effect::Input(Input::Code { pickup, source, scan }))
}
