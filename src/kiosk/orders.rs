//! Orders and refunds through the cloud, for commands and in the background of a running kiosk. Each step is on disk
//! before its call is made; what a killed command left on its way is taken up by whoever comes next: another command,
//! or the running kiosk, whose thread sleeps on the lock until its holder is gone.

pub mod pending;
pub mod perform;

use crate::config::settings::Ordering;
use crate::config::{Loaded, Secrets};
use crate::ticket::BookingId;
use crate::vista::add_tickets::Tickets;
use crate::vista::client::{Client, SetupError};
use crate::vista::flow::check::Agreed;
use crate::vista::flow::order::{self, End, NoBookingReason};
use crate::vista::flow::{Times, refund};
use crate::vista::identity::UserSessionId;
use crate::vista::refund_booking::Amount;
use jiff::Timestamp;
use pending::{Pending, Work};
use perform::Performer;
pub use perform::Tell;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

/// Orders are named with so many random bytes, written as hex: 32 characters, as many as the field has.
const NAME_BYTES: usize = 16;
/// RefundReason of an order that could be neither completed nor cancelled.
const ORDER_FAILED: &str = "order failed";

/// The cloud with the token that may order, and the folder that holds what is on its way.
#[derive(Debug)]
pub struct Orders {
    /// The cloud.
    pub client: Client,
    /// `[cloud.ordering]`.
    pub terms: Ordering,
    folder: PathBuf,
}

/// An order that has ended.
#[derive(Debug)]
pub struct Ordered {
    /// The state of its flow.
    pub state: order::State,
    /// The booking's ID, where the cloud has named it.
    pub id: Option<BookingId>,
}

impl Ordered {
    /// The order's end.
    pub fn end(&self) -> End {
        self.state.end().unwrap_or(End::ContactCinema)
    }

    /// The code that a customer would present, both halves.
    pub fn code(&self) -> Option<String> {
        let (number, id) = (self.state.number?, self.id.as_ref()?);
        Some(format!("{number}|{}", id.expose()))
    }
}

impl Orders {
    /// None without an `order_token_file`, which kiosks in lobbies don't have.
    ///
    /// # Errors
    /// An address or token that can't be used.
    pub fn new(loaded: &Loaded, secrets: &Secrets) -> Result<Option<Self>, SetupError> {
        let (Some(cloud), Some(token)) = (&loaded.settings.cloud, &secrets.order_token) else {
            return Ok(None);
        };
        let client = Client::new(cloud, &loaded.settings.cinema.id, token.expose())?;
        let folder = loaded.settings.kiosk.state_dir.clone();
        Ok(Some(Self { client, terms: cloud.ordering.clone(), folder }))
    }

    /// Takes the lock, and ends what was left on its way; none when another process is at work.
    ///
    /// # Errors
    /// The folder.
    pub fn open(&self, tell: &mut Tell<'_>) -> io::Result<Option<Pending>> {
        let Some(pending) = Pending::open(&self.folder)? else { return Ok(None) };
        self.take_up(&pending, tell)?;
        Ok(Some(pending))
    }

    /// Goes on with what was left on its way, to its end.
    fn take_up(&self, pending: &Pending, tell: &mut Tell<'_>) -> io::Result<()> {
        match pending.load()? {
            None => Ok(()),
            Some(Work::Order(state)) => {
                let state =
                    self.performer(ORDER_FAILED, tell).order(pending, state, order::Input::Resumed)?;
                let end = state.end().unwrap_or(End::ContactCinema);
                tell(&format!("order {}: {}", state.order, sentence(end)))
            }
            Some(Work::Refund { state, reason }) => {
                let state = self.performer(&reason, tell).refund(pending, state, refund::Input::Resumed)?;
                let end = state.end().unwrap_or(refund::End::ContactCinema);
                tell(&format!("refund of booking {}: {}", state.number, refund_sentence(end)))
            }
        }
    }

    /// Orders, to the booking or to the last word. `session_at`: for Result 8.
    ///
    /// # Errors
    /// The folder, or what `tell` answers.
    pub fn order(
        &self,
        pending: &Pending,
        name: UserSessionId,
        tickets: Tickets,
        session_at: Option<Timestamp>,
        tell: &mut Tell<'_>,
    ) -> io::Result<Ordered> {
        let polls = Times { count: self.terms.polls, seconds: self.terms.poll_seconds };
        let state = order::State::new(name, tickets, polls, self.refunds());
        let state = state.with_sales_end(session_at, self.terms.sales_end_minutes.into());
        tell(&format!("order {}", state.order))?;
        let mut performer = self.performer(ORDER_FAILED, tell);
        let state = performer.order(pending, state, order::Input::Begin)?;
        Ok(Ordered { state, id: performer.id })
    }

    /// Gives a booking back that has not been printed.
    ///
    /// # Errors
    /// The folder, or what `tell` answers.
    pub fn refund(
        &self,
        pending: &Pending,
        number: crate::ticket::BookingNumber,
        amount: Amount,
        reason: &str,
        tell: &mut Tell<'_>,
    ) -> io::Result<refund::End> {
        let state = refund::State::new(number, amount, self.refunds());
        let state = self.performer(reason, tell).refund(pending, state, refund::Input::Begin)?;
        Ok(state.end().unwrap_or(refund::End::ContactCinema))
    }

    /// The configuration's terms of an order.
    pub fn agreed(&self) -> Agreed {
        Agreed {
            booking_fee_cents: self.terms.booking_fee_cents,
            price_cents: None,
            tickets_max: self.terms.tickets_max.into(),
        }
    }

    fn performer<'a>(&'a self, reason: &'a str, tell: &'a mut Tell<'_>) -> Performer<'a> {
        Performer { client: &self.client, terms: &self.terms, reason, tell, id: None }
    }

    fn refunds(&self) -> Times {
        Times { count: self.terms.refund_tries, seconds: self.terms.refund_seconds }
    }
}

/// Something was left on its way in this folder.
pub fn is_left(folder: &Path) -> bool {
    folder.join(pending::PENDING).exists()
}

/// A new order's name.
pub fn name() -> Option<UserSessionId> {
    let mut bytes = [0_u8; NAME_BYTES];
    getrandom::fill(&mut bytes).ok()?;
    let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    UserSessionId::parse(&text)
}

/// The meaning of an end, and the remedy.
pub fn sentence(end: End) -> &'static str {
    match end {
        End::Booked => "booked",
        End::SeatsGone { sales_ended: true } => "not booked: the session's sales have ended",
        End::SeatsGone { sales_ended: false } => "not booked: the seats are gone",
        End::NotBooked(NoBookingReason::NotAdded) => {
            "not booked: the seats could not be held; nothing is held"
        }
        End::NotBooked(NoBookingReason::PaymentRefused) => {
            "not booked: the payment could not begin; the seats are free again"
        }
        End::NotBooked(NoBookingReason::NeverBooked) => {
            "not booked after every query; cancelled: give the payment back"
        }
        End::NotReleased(_) => {
            "not booked; the seats may be held until Vista lets them go. If they stay, contact the cinema"
        }
        End::Refunded => "booked and refunded: give the payment back",
        End::ContactCinema => {
            "it cannot be told whether it is booked: contact the cinema with the order's name"
        }
    }
}

/// The same for a refund.
pub fn refund_sentence(end: refund::End) -> &'static str {
    match end {
        refund::End::Refunded => "refunded",
        refund::End::Printed => {
            "not refunded: it has been printed, and printed tickets are refunded at the cinema's desk alone \
             (已打印的票请到影城前台办理退票)"
        }
        refund::End::NoSuchBooking => "not refunded: there is no such booking",
        refund::End::ContactCinema => "not refunded after every try: contact the cinema",
    }
}

/// The running kiosk's part in it: ends what commands leave on their way when they are killed.
#[derive(Debug)]
pub struct Keeper {
    folder: PathBuf,
    looks: SyncSender<()>,
}

impl Keeper {
    /// Starts its thread, which looks at once where something was left.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(orders: Orders) -> io::Result<Self> {
        let (looks, waiting) = sync_channel(1);
        let folder = orders.folder.clone();
        thread::Builder::new().name("orders".into()).spawn(move || {
            while waiting.recv().is_ok() {
                if let Err(error) = orders.wait_and_take_up() {
                    log::error!("an order is unfinished: {}: {error}", orders.folder.display());
                }
            }
        })?;
        let keeper = Self { folder, looks };
        keeper.look_if_left();
        Ok(keeper)
    }

    /// A command is about to begin an order: whatever becomes of it, somebody is there.
    pub fn look(&self) {
        // A look that waits already sees this one, too.
        let _ = self.looks.try_send(());
    }

    /// Looks where there is something to see.
    pub fn look_if_left(&self) {
        if is_left(&self.folder) {
            self.look();
        }
    }
}

impl Orders {
    /// Sleeps until nobody else has the lock.
    fn wait_and_take_up(&self) -> io::Result<()> {
        let pending = Pending::wait(&self.folder)?;
        self.take_up(&pending, &mut |step| {
            log::info!("unfinished order: {step}");
            Ok(())
        })
    }
}
