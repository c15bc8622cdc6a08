//! Browser of its own, driven by the W3C's protocol through chromedriver.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Time limit, longer than anything here takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(40);
const LOOK_EVERY: Duration = Duration::from_millis(30);

/// Returns the program that starts the driver (`PICKUP_KIOSK_CHROMEDRIVER`); `None` if no browser was asked for.
pub fn program() -> Option<String> {
    std::env::var("PICKUP_KIOSK_CHROMEDRIVER").ok().filter(|program| !program.is_empty())
}

pub struct Driver {
    child: Child,
    url: String,
    agent: ureq::Agent,
}

impl Driver {
    pub fn start(program: &str) -> Self {
        let mut child = Command::new(program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let port: u16 = loop {
            line.clear();
            assert_ne!(out.read_line(&mut line).unwrap(), 0, "{program} ended");
            if let Some((_, port)) = line.split_once("successfully on port ") {
                break port.trim().trim_end_matches('.').parse().unwrap();
            }
        };
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        let config =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(LIMIT)).build();
        Self { child, url: format!("http://127.0.0.1:{port}"), agent: config.into() }
    }

    #[track_caller]
    fn post(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.url);
        let mut answer = self.agent.post(&url).send_json(body).unwrap();
        let answer: Value = answer.body_mut().read_json().unwrap();
        assert!(answer["value"]["error"].is_null(), "{path}: {}", answer["value"]);
        answer["value"].clone()
    }

    /// Opens a window on this page, with an empty profile of its own.
    #[track_caller]
    pub fn open(&self, url: &str) -> Browser<'_> {
        let profile = tempfile::tempdir().unwrap();
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
        ];
        let mut arguments: Vec<String> = arguments.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        let wanted = json!({
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "goog:chromeOptions": {"args": arguments},
        });
        let session = self.post("/session", &json!({"capabilities": {"alwaysMatch": wanted}}));
        let session = format!("/session/{}", session["sessionId"].as_str().unwrap());
        let browser = Browser { driver: self, session, _profile: profile };
        browser.post("/url", &json!({"url": url}));
        browser
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // On this request the driver ends its browsers too.
        let _ = self.agent.get(&format!("{}/shutdown", self.url)).call();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub struct Browser<'a> {
    driver: &'a Driver,
    session: String,
    _profile: TempDir,
}

impl Browser<'_> {
    #[track_caller]
    fn post(&self, path: &str, body: &Value) -> Value {
        self.driver.post(&format!("{}{path}", self.session), body)
    }

    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Runs a script that calls `arguments[0]` with its answer.
    #[track_caller]
    pub fn run_until_told(&self, script: &str) -> Value {
        self.post("/execute/async", &json!({"script": script, "args": []}))
    }

    #[track_caller]
    pub fn size(&self, (width, height): (u32, u32)) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.post("/goog/cdp/execute", &json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": size}));
        self.until(&format!("innerWidth === {width} && innerHeight === {height}"));
    }

    /// Asks for reduced motion, as people do in their system: nothing moves, so that pictures can be compared.
    #[track_caller]
    pub fn still(&self) {
        let wanted = json!({"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]});
        self.post("/goog/cdp/execute", &json!({"cmd": "Emulation.setEmulatedMedia", "params": wanted}));
    }

    /// Returns axe's objections to the page; none where there is no axe (`PICKUP_KIOSK_AXE`).
    #[track_caller]
    pub fn axe(&self) -> Value {
        let Ok(axe) = std::env::var("PICKUP_KIOSK_AXE") else { return json!([]) };
        if self.run("return Boolean(window.axe)") == json!(false) {
            self.run(&std::fs::read_to_string(axe).unwrap());
        }
        self.run_until_told(
            "const tell = arguments[0];
             axe.run(document, { resultTypes: ['violations'] }).then(
               (all) => tell(all.violations.map((one) => [one.id, one.nodes.map((node) => node.html)])), (error) => tell(String(error)));",
        )
    }

    /// Returns the URLs asked of any server since the last call, without what the browser has in itself.
    #[track_caller]
    pub fn requests(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({"type": "performance"}));
        let events = log.as_array().unwrap().iter().map(|entry| {
            serde_json::from_str::<Value>(entry["message"].as_str().unwrap()).unwrap()["message"].clone()
        });
        let sent = events.filter(|event| event["method"] == "Network.requestWillBeSent");
        let urls = sent.map(|event| event["params"]["request"]["url"].as_str().unwrap().to_owned());
        urls.filter(|url| !url.starts_with("chrome://") && !url.starts_with("data:")).collect()
    }

    /// Waits until a condition holds on the page.
    #[track_caller]
    pub fn until(&self, condition: &str) {
        let began = Instant::now();
        while self.run(&format!("return Boolean({condition})")) != json!(true) {
            let page = || self.run("return document.body.dataset.state + ': ' + document.body.innerText");
            assert!(began.elapsed() < LIMIT, "{condition}: not so; the page shows {}", page());
            std::thread::sleep(LOOK_EVERY);
        }
    }

    #[track_caller]
    pub fn state(&self, name: &str) {
        self.until(&format!("document.body.dataset.state === '{name}'"));
    }

    /// Touches the middle of the element that the selector finds.
    #[track_caller]
    pub fn touch(&self, selector: &str) {
        let found = self.post("/element", &json!({"using": "css selector", "value": selector}));
        let id = found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned();
        self.post(&format!("/element/{id}/click"), &json!({}));
    }

    /// Types on a keyboard.
    #[track_caller]
    pub fn type_keys(&self, keys: &str) {
        let presses: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})]
            })
            .collect();
        self.post("/actions", &json!({"actions": [{"type": "key", "id": "keyboard", "actions": presses}]}));
    }

    /// Presses several keys together, in their order.
    #[track_caller]
    pub fn type_chord(&self, keys: &[&str]) {
        let press = |kind: &'static str| move |key: &&str| json!({"type": kind, "value": key});
        let presses: Vec<Value> =
            keys.iter().map(press("keyDown")).chain(keys.iter().rev().map(press("keyUp"))).collect();
        self.post("/actions", &json!({"actions": [{"type": "key", "id": "keyboard", "actions": presses}]}));
    }

    /// Returns the page as a PNG.
    #[track_caller]
    pub fn picture(&self) -> Vec<u8> {
        use base64::Engine;
        let url = format!("{}{}/screenshot", self.driver.url, self.session);
        let answer: Value = self.driver.agent.get(&url).call().unwrap().body_mut().read_json().unwrap();
        base64::engine::general_purpose::STANDARD.decode(answer["value"].as_str().unwrap()).unwrap()
    }

    /// Returns the browser's complaints: requests refused by the policy or not found, and errors thrown.
    #[track_caller]
    pub fn complaints(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({"type": "browser"}));
        log.as_array().unwrap().iter().map(|entry| entry["message"].to_string()).collect()
    }
}
