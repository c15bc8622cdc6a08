//! The cloud's own thread: ureq blocks, for as long as `[cloud] timeout_ms` allows.

use super::event::Event;
use crate::journal::record::PickupId;
use crate::pickup::input::Input;
use crate::ticket::BookingId;
use crate::vista::answer::CloudAnswer;
use crate::vista::client::Client;
use std::io;
use std::sync::Arc;
use std::thread;
use tokio::sync::mpsc;

/// Questions that may wait. One customer asks at most one at a time; late ones of customers before
/// are bounded by the pace of codes.
const WAITING_MAX: usize = 4;

/// The way to the cloud.
#[derive(Debug, Clone)]
pub struct CloudThread {
    questions: mpsc::Sender<(PickupId, BookingId)>,
}

impl CloudThread {
    /// Starts the thread; answers come as events.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(client: Arc<Client>, events: mpsc::Sender<Event>) -> io::Result<Self> {
        let (questions, mut waiting) = mpsc::channel::<(PickupId, BookingId)>(WAITING_MAX);
        thread::Builder::new().name("cloud".into()).spawn(move || {
            while let Some((pickup, id)) = waiting.blocking_recv() {
                let answer = client.get_single_booking(&id);
                if let CloudAnswer::Unavailable(reason) = &answer {
                    log::warn!("cloud: {reason}");
                }
                if events.blocking_send(Event::Input(Input::Cloud { pickup, answer })).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { questions })
    }

    /// Asks. A queue that is full answers at once that the cloud is away.
    pub fn ask(&self, pickup: PickupId, id: BookingId) -> Option<Input> {
        match self.questions.try_send((pickup, id)) {
            Ok(()) => None,
            Err(
                mpsc::error::TrySendError::Full((pickup, _)) | mpsc::error::TrySendError::Closed((pickup, _)),
            ) => {
                let answer = CloudAnswer::Unavailable("earlier questions are still unanswered".into());
                Some(Input::Cloud { pickup, answer })
            }
        }
    }
}
