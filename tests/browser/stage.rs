//! The page as the kiosk serves it, with any view put on it by hand: every screen, without a kiosk having to get there.

use jiff::Timestamp;
use pickup_kiosk::pickup::input::Now;
use pickup_kiosk::screen::monitor::Monitor;
use pickup_kiosk::screen::picture::Picture;
use pickup_kiosk::screen::server::{self, Extra, Kiosk};
use pickup_kiosk::screen::user_input::UserInput;
use pickup_kiosk::screen::view::View;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// Time of the workflow's clock, which stands still here, as does the wall clock.
pub const MONO: Duration = Duration::from_secs(1_000);
pub const WALL: &str = "2026-11-24T19:30:00+08:00";

pub fn wall() -> Timestamp {
    WALL.parse().unwrap()
}

pub struct Stage {
    pub address: SocketAddr,
    views: watch::Sender<Arc<View>>,
    _monitor: watch::Sender<Arc<Monitor>>,
    pressed: Arc<Mutex<Vec<UserInput>>>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Stage {
    pub fn start(first: View, picture: Option<Arc<Picture>>) -> Self {
        let (views, view) = watch::channel(Arc::new(first));
        let (monitors, monitor) = watch::channel(Arc::new(Monitor::default()));
        let pressed: Arc<Mutex<Vec<UserInput>>> = Arc::default();
        let taken = Arc::clone(&pressed);
        let press = move |key| {
            taken.lock().unwrap().push(key);
            true
        };
        let kiosk = Kiosk {
            views: view,
            monitor,
            clock: Arc::new(|| Now { mono: MONO, wall: wall() }),
            press: Arc::new(press),
            picture,
            version: "0 (test)",
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (end, ended) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                server::serve(listener, &kiosk, Extra::default()).unwrap();
                let _ = ended.await;
            });
        });
        Self { address, views, _monitor: monitors, pressed, end: Some(end), thread: Some(thread) }
    }

    pub fn show(&self, view: View) {
        self.views.send_replace(Arc::new(view));
    }

    /// Returns the keys pressed since the last call.
    pub fn pressed(&self) -> Vec<UserInput> {
        std::mem::take(&mut self.pressed.lock().unwrap())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        drop(self.end.take());
        let _ = self.thread.take().unwrap().join();
    }
}
