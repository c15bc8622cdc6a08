//! Screens for customers: every sentence in both languages, the view made of them, and the page that shows it. Pure
//! except for `server`; the page adds no text of its own.

pub mod hours;
pub mod idle;
pub mod json;
pub mod monitor;
pub mod picture;
pub mod server;
pub mod settings;
pub mod showtimes;
pub mod texts;
pub mod user_input;
pub mod view;
