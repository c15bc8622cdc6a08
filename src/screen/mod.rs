//! What people are shown: every sentence for customers, in both languages, the view made of them, and the page
//! that shows it. Pure but for `server`; whatever shows the view adds nothing of its own.

pub mod hours;
pub mod idle;
pub mod json;
pub mod labels;
pub mod lobby;
pub mod monitor;
pub mod picture;
pub mod press;
pub mod server;
pub mod texts;
pub mod titles;
pub mod view;
