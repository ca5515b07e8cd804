//! The ways that mails and codes leave.

use super::Obstacle;
use crate::delivery::mail::Mailer;
use crate::delivery::sms;
use settings::Settings;

pub(super) fn check_mail(settings: &Settings) -> Vec<Obstacle> {
    let problems = Mailer::problems(settings).into_iter();
    let said = problems.map(|problem| Obstacle::said(&problem.setting(), &problem));
    said.collect()
}

pub(super) fn check_sms(settings: &Settings) -> Vec<Obstacle> {
    let problem = sms::gateway(settings).err().into_iter();
    let said = problem.map(|problem| Obstacle::said(&problem.setting(), &problem));
    said.collect()
}
