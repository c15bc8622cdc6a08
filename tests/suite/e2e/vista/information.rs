//! Showtimes: asked of the cloud by itself, shown, and never in a customer's way.

use super::e2e::kiosk::Options;
use super::e2e::{Home, Site};
use pickup_kiosk::config;
use pickup_kiosk::kiosk::{Kiosk, assemble};
use pickup_kiosk::pickup::input::{Scan, Source};
use pickup_kiosk::pickup::state::CustomerState;
use pickup_kiosk::screen::showtimes::Showtimes;
use serde_json::json;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Time limit, far longer than anything here takes.
const LONG: Duration = Duration::from_secs(20);

const SCREEN: &str = "[journal]\nfree_mib = 1\n[screen]\nlisten = '127.0.0.1:0'\n";

fn in_runtime<T>(task: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(task)
}

async fn kiosk(home: &Home) -> Kiosk {
    let loaded = config::load(&home.config()).unwrap();
    let secrets = loaded.secrets(None).unwrap();
    let (mut kiosk, _events) = assemble::kiosk(loaded, &secrets, false).await.unwrap();
    kiosk.wait_for_printer(LONG).await.unwrap();
    kiosk
}

/// Lets the kiosk run until `so` holds.
async fn until(kiosk: &mut Kiosk, what: &str, mut so: impl FnMut(&Kiosk) -> bool) {
    let limit = Instant::now() + LONG;
    while !so(kiosk) {
        assert!(kiosk.step_before(limit).await.unwrap(), "{what}");
    }
}

fn showtimes(kiosk: &Kiosk) -> Option<Arc<Showtimes>> {
    kiosk.view().place.showtimes
}

#[test]
fn the_sessions_come_with_seats_and_prices() {
    let site = Site::start();
    let home = Home::with(&site, &Options { tables: SCREEN.into(), ..Options::default() });
    in_runtime(async {
        let mut kiosk = Box::pin(kiosk(&home)).await;
        assert_eq!(showtimes(&kiosk), None);
        let whole = |kiosk: &Kiosk| {
            let known =
                |shown: &Arc<Showtimes>| shown.showings.iter().filter(|s| s.seats_left.is_some()).count();
            showtimes(kiosk).as_ref().map(known) == Some(4)
        };
        until(&mut kiosk, "every session to come is known", whole).await;
        let shown = showtimes(&kiosk).unwrap();
        assert_eq!(shown.showings.len(), 5);
        let hall_7 =
            shown.showings.iter().find(|s| s.hall.as_deref() == Some("7号厅") && s.price_from.is_some());
        assert_eq!(hall_7.unwrap().price_from, Some(2_000));
        let chartered = shown.showings.iter().filter(|showing| showing.is_sold_out()).count();
        assert_eq!(chartered, 1, "the one that is let as a whole");
        assert!(
            shown.showings.iter().any(|showing| showing.film == "重返20岁" && showing.run_time == Some(97))
        );
    });
}

#[test]
fn a_customer_does_not_wait_for_it() {
    let site = Site::start();
    let home = Home::with(&site, &Options { tables: SCREEN.into(), ..Options::default() });
    site.faults(&json!({ "cloud": { "on": ["films"], "silent": true } }));
    in_runtime(async {
        let mut kiosk = Box::pin(kiosk(&home)).await;
        // The question about films is with the cloud now, and stays there for its 15 seconds.
        let begun = Instant::now();
        // By its ID alone: the cloud tells the number.
        kiosk.present(Source::Scanner, Scan::Text("WQNX8JL".into())).await.unwrap();
        until(&mut kiosk, "the pickup ends", |kiosk| {
            matches!(kiosk.state().customer, CustomerState::Result(_))
        })
        .await;
        assert_eq!(kiosk.view().state, "printed");
        assert!(begun.elapsed() < Duration::from_secs(14), "{:?}", begun.elapsed());
        assert_eq!(showtimes(&kiosk), None);
    });
}

#[test]
fn without_a_screen_nothing_is_asked() {
    let site = Site::start();
    let home = Home::new(&site);
    site.faults(&json!({ "cloud": { "on": ["films"], "status": 500, "status_count": 1 } }));
    in_runtime(async {
        let mut kiosk = Box::pin(kiosk(&home)).await;
        kiosk.present(Source::Scanner, Scan::Text("WQNX8JL".into())).await.unwrap();
        until(&mut kiosk, "the pickup ends", |kiosk| {
            matches!(kiosk.state().customer, CustomerState::Result(_))
        })
        .await;
        assert_eq!(kiosk.view().state, "printed");
    });
    assert_eq!(site.faults_left()["cloud"]["status_count"], 1);
}
