//! Generic parts of pages. They take plain values, signals and callbacks; they know nothing of server functions,
//! of what our types mean, or of the router.

mod alert;
mod button;
mod card;
mod copy_button;
mod date_time;
mod dialog;
mod field;
mod icon;
mod id;
mod live;
mod loading;
mod menu;
mod sentence;
mod table;

pub(crate) use alert::{Tone, alert};
pub(crate) use button::{Button, FormWaits, Kind, link_button};
pub(crate) use card::Card;
pub(crate) use copy_button::CopyButton;
pub(crate) use date_time::{date_time, day, day_words, moment, moment_words, time_of_day, today};
pub(crate) use dialog::{Dialog, cancel_button, step_names};
pub(crate) use field::{
    CheckBox, CodeField, CodeKind, PasswordField, SelectField, TextField, hidden_username,
};
pub(crate) use icon::{Icon, icon};
pub(crate) use id::unique_id;
pub(crate) use live::live;
pub(crate) use loading::{skeleton_card, skeleton_lines};
pub(crate) use menu::Menu;
pub(crate) use sentence::{PLACE, sentence};
pub(crate) use table::table;
