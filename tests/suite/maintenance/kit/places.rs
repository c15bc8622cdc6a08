//! The four places where somebody learns what is the matter: the customer screen, `check`, `/healthz` and the menu.

use super::console::Console;
use super::page::Page;
use super::{LI, Surface};
use crate::kit::e2e::Home;
use crate::kit::e2e::process::{Finished, binary, finish_command, until};
use pickup_kiosk::locale::Language;
use pickup_kiosk::maintenance::faults::{self, Fault, Severity};
use serde_json::Value;
use std::collections::BTreeSet;

/// Codes that the kiosk notices only when it looks: now and then by itself, at once when `check` or the menu asks.
const LOOKED_FOR: [&str; 8] = ["D1", "S1", "S2", "C1", "C2", "W1", "W2", "X2"];

/// Codes that come up by themselves and are tried again every minute.
const TRIED_AGAIN: [&str; 1] = ["J2"];

/// Four places of one running kiosk, with Li in the menu.
pub struct Places<'h> {
    home: &'h Home,
    pub page: Page,
    console: Option<Console>,
    env: Vec<(String, String)>,
    told: BTreeSet<String>,
    over: BTreeSet<String>,
}

/// Returns the row of a code.
#[track_caller]
pub fn row(code: &str) -> &'static Fault {
    faults::row(code.parse().unwrap_or_else(|_| panic!("{code} is not in the table")))
}

/// Returns the row of a fault on the screen.
fn row_of(shown: &Value) -> Option<&'static Fault> {
    shown["code"].as_str()?.parse().ok().map(faults::row)
}

/// Returns the part of `check` under this code.
#[track_caller]
pub fn checked(check: &Finished, code: &str) -> Option<Value> {
    check.json().into_iter().find(|part| part["code"] == code)
}

impl<'h> Places<'h> {
    /// Signs Li in, in a terminal.
    pub fn of(home: &'h Home, page: Page) -> Self {
        Self::in_world(home, page, &[])
    }

    /// Like `of`, with `check` and the terminal run in this environment, too.
    pub fn in_world(home: &'h Home, page: Page, env: &[(String, String)]) -> Self {
        let mut console = Console::start(home, &["maintain"]);
        console.sign_in("1", LI);
        Self { console: Some(console), ..Self::without_menu(home, page, env) }
    }

    /// Returns the places where nobody can be in the menu: the test itself looks at that.
    pub fn without_menu(home: &'h Home, page: Page, env: &[(String, String)]) -> Self {
        Self { home, page, console: None, env: env.to_vec(), told: BTreeSet::new(), over: BTreeSet::new() }
    }

    /// Returns the places of the kiosk that was started after that one, with Li in its menu.
    pub fn of_the_next(self, page: Page) -> Self {
        let next = Self::in_world(self.home, page, &self.env);
        Self { told: self.told, over: self.over, ..next }
    }

    /// Returns the terminal.
    #[track_caller]
    pub fn console(&mut self) -> &mut Console {
        self.console.as_mut().expect("a terminal")
    }

    fn check(&self) -> Finished {
        let mut command = binary();
        command.args(["check", "--json", "--config"]).arg(self.home.config());
        finish_command(command.envs(self.env.iter().cloned()))
    }

    /// Returns true if the screen has the code and what to do: as a notice, and as the reason where it stops
    /// everything.
    fn on_screen(&self, fault: &Fault) -> bool {
        let view = self.page.view();
        let action = fault.for_usher(Language::English);
        let notices = view["notices"].as_array().unwrap();
        let noticed =
            notices.iter().any(|one| one["code"] == fault.code.as_str() && one["staff"]["en"] == action);
        // Idle and out of service, the screen names the reason; one of several.
        let why = &view["fault"];
        let said = row_of(why).is_some_and(|row| why["staff"]["en"] == row.for_usher(Language::English));
        let closed = view["state"] != "welcome" && (view["state"] != "out_of_service" || said);
        noticed && (closed || fault.severity != Severity::Stops)
    }

    /// Checks that each place tells the code and what to do; and that it came by itself.
    #[track_caller]
    pub fn told(&mut self, code: &str) {
        let fault = row(code);
        let action = fault.for_usher(Language::English);
        if !LOOKED_FOR.contains(&code) {
            until(&format!("{code} is on the screen"), || self.on_screen(fault).then_some(()));
        }
        until(&format!("{code} is in check and on the screen"), || {
            let part = checked(&self.check(), code)?;
            let remedy = part["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty());
            let stops = part["ok"] == false || fault.severity != Severity::Stops;
            (remedy && stops && self.on_screen(fault)).then_some(())
        });
        let (status, health) = self.page.health();
        assert!(health.contains(&format!("{code} {}: {action}", fault.name)), "{code}: {health}");
        assert!(status == 503 || fault.severity != Severity::Stops, "{code}: {status} {health}");
        if let Some(console) = &mut self.console {
            console.keys("1");
            console.shows(&format!("{code} {}", action.get(..20).unwrap()));
            console.keys("←");
        }
        self.told.insert(code.to_owned());
    }

    /// Checks that no place tells it any more, and nobody did anything for that.
    #[track_caller]
    pub fn over(&mut self, code: &str) {
        if !LOOKED_FOR.contains(&code) && !TRIED_AGAIN.contains(&code) {
            until(&format!("{code} is no longer on the screen"), || {
                (!self.page.codes().iter().any(|known| known == code)).then_some(())
            });
        }
        until(&format!("{code} is over"), || {
            let gone = checked(&self.check(), code).is_none();
            let unseen = !self.page.codes().iter().any(|known| known == code);
            (gone && unseen && !self.page.health().1.contains(&format!("{code} "))).then_some(())
        });
        if let Some(console) = &mut self.console {
            until(&format!("{code} is no longer in the menu"), || {
                console.keys("1");
                console.shows("tickets uncertain");
                let gone = !console.text().contains(&format!("{code} "));
                console.keys("←");
                console.shows("Paper changed");
                gone.then_some(())
            });
        }
        self.over.insert(code.to_owned());
    }

    /// Leaves the menu, and checks that just these codes were told, and were over in the end.
    #[track_caller]
    pub fn leave(self, codes: &[&str]) {
        let codes: BTreeSet<String> = codes.iter().map(|code| (*code).to_owned()).collect();
        assert_eq!((&self.told, &self.over), (&codes, &codes));
    }
}
