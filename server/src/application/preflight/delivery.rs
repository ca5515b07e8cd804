//! The ways that mails and codes leave.

use super::Obstacle;
use crate::config::Settings;
use crate::delivery::mail::Mailer;
use crate::delivery::sms::SmsGateway;

pub(super) fn check_mail(settings: &Settings) -> Vec<Obstacle> {
    let problems = Mailer::problems(settings).into_iter();
    let said = problems.map(|problem| Obstacle::said(&problem.setting(), &problem));
    said.collect()
}

pub(super) fn check_sms(settings: &Settings) -> Vec<Obstacle> {
    let problem = SmsGateway::new(settings).err().into_iter();
    let said = problem.map(|problem| Obstacle::said(&problem.setting(), &problem));
    said.collect()
}
