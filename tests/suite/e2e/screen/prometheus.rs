//! Reader of Prometheus's text format (exposition format 0.0.4) that refuses everything against the format or against
//! the naming conventions.

use std::collections::{BTreeMap, BTreeSet};

/// Labels, in their order.
pub type Labels = Vec<(String, String)>;

/// A page of metrics.
#[derive(Debug, Default)]
pub struct Metrics {
    kinds: BTreeMap<String, String>,
    samples: Vec<(String, Labels, f64)>,
}

impl Metrics {
    /// Returns the value of one sample.
    #[track_caller]
    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let same = |own: &Labels| {
            own.len() == labels.len()
                && own.iter().zip(labels).all(|(own, (l, v))| own.0 == *l && own.1 == *v)
        };
        let found = self.samples.iter().find(|(own, with, _)| own == name && same(with));
        found.unwrap_or_else(|| panic!("{name} {labels:?} is not there")).2
    }

    /// Returns the number of samples with this name.
    pub fn count(&self, name: &str) -> usize {
        self.samples.iter().filter(|(own, ..)| own == name).count()
    }
}

/// Reads a page of metrics.
#[track_caller]
pub fn read(page: &str) -> Metrics {
    assert!(page.ends_with('\n'), "the last line has no end");
    let mut metrics = Metrics::default();
    let (mut helped, mut family, mut done) = (BTreeSet::new(), String::new(), BTreeSet::new());
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap();
            assert!(helped.insert(name.to_owned()) && !help.is_empty(), "{line}");
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(helped.contains(name), "{name} has no help");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(done.insert(name.to_owned()), "{name} twice");
            conventions(name, kind);
            metrics.kinds.insert(name.into(), kind.into());
            family = name.into();
        } else {
            let (name, labels, value) = sample(line);
            let own = match metrics.kinds[&family].as_str() {
                "histogram" => {
                    ["_bucket", "_sum", "_count"].iter().any(|end| name == format!("{family}{end}"))
                }
                _ => name == family,
            };
            assert!(own, "{line} stands under {family}");
            let known = metrics.samples.iter().any(|(other, with, _)| *other == name && *with == labels);
            assert!(!known, "{line} twice");
            metrics.samples.push((name, labels, value));
        }
    }
    histograms(&metrics);
    metrics
}

#[track_caller]
fn conventions(name: &str, kind: &str) {
    assert!(name.starts_with("pickup_kiosk_"), "{name} lacks the program's name");
    assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{name}");
    assert_eq!(name.ends_with("_total"), kind == "counter", "{name} is a {kind}");
    assert!(kind != "histogram" || name.ends_with("_seconds"), "{name} names no unit");
    assert!(
        !["_milliseconds", "_ms", "_bucket", "_sum", "_count"].iter().any(|end| name.ends_with(end)),
        "{name}"
    );
}

#[track_caller]
fn sample(line: &str) -> (String, Labels, f64) {
    let (head, value) = line.rsplit_once(' ').unwrap();
    let value = if value == "+Inf" { f64::INFINITY } else { value.parse().unwrap() };
    let Some((name, rest)) = head.split_once('{') else { return (head.into(), Vec::new(), value) };
    let mut labels = Vec::new();
    let mut rest = rest;
    while rest != "}" {
        let (label, quoted) = rest.split_once("=\"").unwrap();
        assert!(label.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{line}");
        let (mut text, mut characters) = (String::new(), quoted.char_indices());
        let end = loop {
            match characters.next().unwrap() {
                (at, '"') => break at,
                (_, '\\') => match characters.next().unwrap().1 {
                    'n' => text.push('\n'),
                    escaped @ ('\\' | '"') => text.push(escaped),
                    other => panic!("\\{other} in {line}"),
                },
                (_, other) => text.push(other),
            }
        };
        labels.push((label.to_owned(), text));
        rest = &quoted[end + 1..];
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
    (name.into(), labels, value)
}

/// Checks that buckets grow, and that the last is +Inf and is the count.
#[track_caller]
fn histograms(metrics: &Metrics) {
    let mut last: BTreeMap<(String, Labels), (f64, f64)> = BTreeMap::new();
    for (name, labels, value) in &metrics.samples {
        let Some(family) = name.strip_suffix("_bucket") else { continue };
        let (le, others): (Labels, Labels) = labels.iter().cloned().partition(|(label, _)| label == "le");
        let end = if le[0].1 == "+Inf" { f64::INFINITY } else { le[0].1.parse().unwrap() };
        let before = last.insert((family.to_owned(), others), (end, *value));
        assert!(before.is_none_or(|(before, count)| before < end && count <= *value), "{name} {labels:?}");
    }
    assert!(!last.is_empty());
    for ((family, labels), (end, value)) in last {
        let labels: Vec<(&str, &str)> = labels.iter().map(|(l, v)| (l.as_str(), v.as_str())).collect();
        assert!(end.is_infinite(), "{family} has no last bucket");
        assert!(
            (metrics.value(&format!("{family}_count"), &labels) - value).abs() < f64::EPSILON,
            "{family}"
        );
        assert!(metrics.value(&format!("{family}_sum"), &labels) >= 0.0, "{family}");
    }
}
