//! The customer screen's HTTP as the contract has it: who may ask, what is answered, and that a key moves the view.

use crate::kit::screen as kit;

use kit::{Demo, Reply};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const KEY: &str = r#"{"key":"1"}"#;

#[test]
fn the_page_comes_whole_light_and_locked_in() {
    let demo = Demo::start();
    let mut weight = 0;
    for path in ["/", "/style.css", "/app.js", "/maintenance.css", "/maintenance.js"] {
        let reply = demo.get(path, &[]);
        assert_eq!(reply.status, 200, "{path}");
        let policy = reply.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert!(!reply.body.contains("https://") && !reply.body.contains(" style="), "{path}");
        weight += reply.body.len();
    }
    assert!(weight < 50_000, "{weight}");
    let page = demo.get("/", &[]).body;
    assert!(!page.contains("<script>") && !page.contains("onclick"));
    assert_eq!(demo.get("/nothing", &[]).status, 404);
    assert_eq!(demo.get("/picture", &[]).status, 404, "the demo's cinema has none");
    assert_eq!(demo.get("/metrics", &[]).status, 404);
}

#[test]
fn only_this_page_may_hear_and_send() {
    let demo = Demo::start();
    let (origin, token) = (demo.origin(), demo.token());
    let token = token.as_str();
    let elsewhere = "http://evil.example";
    let asks: [(&[(&str, &str)], u16); 8] = [
        (&[("Origin", &origin), ("X-Token", token)], 204),
        (&[("Sec-Fetch-Site", "same-origin"), ("X-Token", token)], 204),
        (&[("Origin", &origin)], 403),
        (&[("Origin", &origin), ("X-Token", "0123456789abcdef0123456789abcdef")], 403),
        (&[("X-Token", token)], 403),
        (&[("Origin", elsewhere), ("X-Token", token)], 403),
        (&[("Origin", "null"), ("X-Token", token)], 403),
        (&[("Origin", elsewhere), ("Sec-Fetch-Site", "same-origin"), ("X-Token", token)], 403),
    ];
    for (headers, status) in asks {
        assert_eq!(demo.post("/input", headers, KEY).status, status, "{headers:?}");
    }
    assert_eq!(demo.get("/events", &[("Origin", &origin)]).status, 403);
    let events = format!("/events?token={token}");
    assert_eq!(demo.get(&events, &[]).status, 403);
    assert_eq!(demo.get(&events, &[("Origin", elsewhere)]).status, 403);
}

#[test]
fn a_host_that_is_not_this_one_is_refused_everywhere() {
    let demo = Demo::start();
    let port = demo.address.port();
    for (host, status) in [
        (format!("127.0.0.1:{port}"), 200),
        (format!("localhost:{port}"), 200),
        (format!("evil.example:{port}"), 403),
        ("127.0.0.1".to_owned(), 403),
        (format!("127.0.0.1:{}", port ^ 1), 403),
    ] {
        for path in ["/", "/healthz", "/app.js"] {
            assert_eq!(demo.ask("GET", path, &host, &[], "").status, status, "{host} {path}");
        }
    }
}

#[test]
fn keys_that_are_none_and_bodies_that_are_too_large_are_refused() {
    let demo = Demo::start();
    for body in
        ["", "1", "{}", r#"{"key":"11"}"#, r#"{"key":"F5"}"#, r#"{"key":"1","more":2}"#, r#"{"key":7}"#]
    {
        let reply = demo.press(body);
        assert_eq!(reply.status, 400, "{body}");
    }
    let long = format!(r#"{{"key":"{}"}}"#, "1".repeat(5_000));
    assert!(matches!(demo.press(&long).status, 400 | 413));
    let statuses: Vec<u16> = (0..80).map(|_| demo.press(r#"{"key":"back"}"#).status).collect();
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[test]
fn a_code_by_keys_is_printed_and_every_step_is_shown_whole() {
    let demo = Demo::start();
    let mut events = demo.events();
    let first = events.next();
    assert_eq!((&first["state"], &first["language"]), (&json!("welcome"), &json!("zh-CN")));
    let asked = Instant::now();
    demo.key("1");
    let shown = events.until(|view| view["state"] == "entering");
    let took = asked.elapsed();
    assert_eq!(shown["entry"]["shown"], "1");
    println!("from a key to the change on screen: {took:?}");
    assert!(took < Duration::from_secs(1), "{took:?}");
    "11972".chars().for_each(|digit| demo.key(&digit.to_string()));
    demo.key("enter");
    let asks = events.until(|view| view["entry"]["asks"] == "id");
    assert_eq!(asks["entry"]["have"], "••••72");
    demo.key("language");
    assert_eq!(events.until(|view| view["language"] == "en")["entry"]["asks"], "id");
    "WQNX8JL".chars().for_each(|letter| demo.key(&letter.to_string()));
    demo.key("enter");
    let mut seen = Vec::new();
    let printed = events.until(|view| {
        assert!(!view.to_string().contains("WQNX8JL"));
        seen.extend(view["progress"]["at"].as_u64());
        view["state"] == "printed"
    });
    seen.dedup();
    assert_eq!(seen, [1, 2]);
    assert_eq!(
        printed["seats"][0],
        json!({"seat": "7排10座", "state": "printed", "text": {"zh-CN": "已出票", "en": "printed"}})
    );
    assert!(printed["session"]["film"].is_string());
    demo.key("back");
    let home = events.until(|view| view["state"] == "welcome");
    assert_eq!(home["language"], "zh-CN", "the next customer finds the default");
    let mut beside = demo.events();
    assert_eq!(beside.next()["state"], "welcome");
}

#[test]
fn it_says_whether_it_is_in_service_and_the_demos_switches_change_that() {
    let demo = Demo::start();
    let (origin, token) = (demo.origin(), demo.token());
    let mine = [("Origin", origin.as_str()), ("X-Token", token.as_str())];
    let mut events = demo.events();
    assert_eq!(events.next()["state"], "welcome");
    let reply = demo.get("/healthz", &[]);
    assert_eq!((reply.status, reply.body.as_str()), (200, "in service\n"));
    let no_paper = r#"{"fault":"no_paper","on":true}"#;
    assert_eq!(demo.post("/demo/fault", &[], no_paper).status, 403);
    assert_eq!(demo.post("/demo/fault", &mine, no_paper).status, 204);
    let out = events.until(|view| view["state"] == "out_of_service");
    assert_eq!((&out["fault"]["code"], &out["kiosk"]), (&json!("P2"), &json!("demo")));
    let reply = demo.get("/healthz", &[]);
    assert_eq!(reply.status, 503);
    assert!(reply.body.starts_with("printer: P2 "), "{}", reply.body);
    assert_eq!(demo.post("/demo/fault", &mine, &no_paper.replace("true", "false")).status, 204);
    events.until(|view| view["state"] == "welcome");
}

#[test]
fn the_demos_drawer_scans_and_shows_the_papers() {
    let demo = Demo::start();
    let (origin, token) = (demo.origin(), demo.token());
    let mine = [("Origin", origin.as_str()), ("X-Token", token.as_str())];
    let mut events = demo.events();
    let code = r#"{"code":"111972|WQNX8JL"}"#;
    assert_eq!(demo.post("/demo/code", &[], code).status, 403);
    assert_eq!(demo.get("/demo/things", &[]).status, 403);
    let asked = Instant::now();
    assert_eq!(demo.post("/demo/code", &mine, code).status, 204);
    events.until(|view| view["state"] != "welcome");
    println!("from a code to the first change on screen: {:?}", asked.elapsed());
    events.until(|view| view["state"] == "printed");
    let things: Value = serde_json::from_str(&demo.get("/demo/things", &mine).body).unwrap();
    assert_eq!(things["codes"].as_array().unwrap().len(), 7);
    assert_eq!(things["papers"], json!(["ticket-0002.png", "ticket-0001.png"]));
    assert_eq!(things["faults"]["site_silent"], false);
    assert_eq!(demo.get("/demo/paper/ticket-0001.png", &[]).status, 403);
    let picture = demo.bytes("/demo/paper/ticket-0001.png", &mine);
    assert!(picture.windows(4).any(|part| part == b"\x89PNG"));
    assert_eq!(demo.get("/demo/paper/..%2Fkiosk.toml", &mine).status, 404);
}

#[test]
fn a_port_that_is_taken_is_told_with_what_to_do() {
    let demo = Demo::start();
    let Reply { status, body, .. } = demo.get("/healthz", &[]);
    assert_eq!((status, body.as_str()), (200, "in service\n"));
    let second = Demo::refused(demo.address.port());
    assert!(second.contains("another program has this port") && second.contains("--port"), "{second}");
}
