use super::*;
use crate::config::settings::{CloudPaths, Information, Ordering};
use crate::vista::reply::ReadError;

fn cloud(url: &str) -> Cloud {
    Cloud {
        url: url.into(),
        allow_plain_http: true,
        token_file: "t".into(),
        client_class: "RSP".into(),
        client_id: "111.111.111.111".into(),
        client_name: "3rdParty".into(),
        timeout_ms: 500,
        order_token_file: None,
        test: false,
        paths: CloudPaths::default(),
        ordering: Ordering::default(),
        information: Information::default(),
    }
}

#[test]
fn addresses_are_checked_before_anything_is_sent() {
    for good in ["https://connect.example.cn", "https://h:8443/", "http://127.0.0.1:80", "http://[::1]:80"] {
        assert!(Client::new(&cloud(good), "0200", "token").is_ok(), "{good}");
    }
    for bad in
        ["", "connect.example.cn", "ftp://h", "https://", "https://u:p@h", "https://h/path", "https://a b"]
    {
        assert_eq!(Client::new(&cloud(bad), "0200", "token").unwrap_err(), SetupError::Url, "{bad}");
    }
    let strict = Cloud { allow_plain_http: false, ..cloud("http://h") };
    assert_eq!(Client::new(&strict, "0200", "token").unwrap_err(), SetupError::PlainHttp);
}

#[test]
fn tokens_are_checked_and_shown_nowhere() {
    for bad in ["", " ", "a\nb", "a\0b"] {
        let error = Client::new(&cloud("https://h"), "0200", bad).unwrap_err();
        assert_eq!(error, SetupError::Token, "{bad:?}");
    }
    let client = Client::new(&cloud("https://h"), "0200", "TOPSECRET\n").unwrap();
    assert!(!format!("{client:?}").contains("TOPSECRET"));
    assert!(!format!("{:?}", client.token).contains("TOPSECRET"));
}

#[test]
fn the_clocks_are_compared() {
    let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
    let header = |text: &str| HeaderValue::from_str(text).unwrap();
    let ahead = |text: &str| clock_ahead(Some(&header(text)), now);
    assert_eq!(ahead("Tue, 24 Nov 2026 10:01:30 GMT"), Some(SignedDuration::from_secs(90)));
    assert_eq!(ahead("Tue, 24 Nov 2026 09:59:00 GMT"), Some(SignedDuration::from_secs(-60)));
    assert_eq!(ahead("yesterday"), None);
    assert_eq!(clock_ahead(None, now), None);
}

#[test]
fn what_may_pass_by_itself_may_be_tried_again() {
    let not_json = VistaError::Unreadable(ReadError::NotJson { line: 1, column: 1 });
    for (error, expected) in [
        (VistaError::Timeout { limit_ms: 1, phase: ("", "") }, true),
        (VistaError::Transport(crate::locale::Text::default()), true),
        (VistaError::Status { status: 500 }, true),
        (VistaError::Status { status: 503 }, true),
        (VistaError::Status { status: 404 }, false),
        (VistaError::TokenRefused { status: 401 }, false),
        (VistaError::Redirected { status: 302 }, false),
        (not_json, true),
        (VistaError::Unreadable(ReadError::Missing("ResultCode")), false),
        (VistaError::TooLong { limit: 1 }, false),
        (VistaError::Code { code: 5, said: None }, true),
        (VistaError::Code { code: 4, said: None }, false),
        (VistaError::Code { code: 99, said: None }, false),
    ] {
        assert_eq!(error.can_retry(), expected, "{error}");
    }
}
