//! What people are shown: every sentence for customers, in both languages, and the view made of them.
//! Pure; whatever shows it (a terminal, later a page) adds nothing of its own.

pub mod texts;
pub mod view;
