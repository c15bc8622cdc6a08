//! Tells the binary which commit it is made from, for `--version`.
#![allow(missing_docs)]

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=PICKUP_KIOSK_COMMIT");
    // logs/HEAD changes with every commit, HEAD with every checkout. What is not there is not named,
    // for cargo takes a missing file for a changed one.
    for name in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", name]).filter(|path| Path::new(path).exists()) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    // A build without git, as in a container or from an archive, may be told the commit.
    let told = std::env::var("PICKUP_KIOSK_COMMIT").ok().filter(|commit| !commit.is_empty());
    let commit = told.or_else(own_commit).unwrap_or_else(|| "unknown".to_owned());
    println!("cargo::rustc-env=PICKUP_KIOSK_COMMIT={commit}");
}

/// The commit of this very repository, not of one that the sources happen to lie in.
fn own_commit() -> Option<String> {
    let top = Path::new(&git(&["rev-parse", "--show-toplevel"])?).canonicalize().ok()?;
    let here = std::env::current_dir().ok()?.canonicalize().ok()?;
    if top == here { git(&["rev-parse", "--short=12", "HEAD"]) } else { None }
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}
