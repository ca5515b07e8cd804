//! The authentication settings of an account: saved once for each version.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use app::types::account::AccountRules;
use app::types::ids::UserId;
use app::types::timestamp::Timestamp;

use super::Stored;
use super::accounts::Account;
use super::entity::account::{Column, Entity};
use domain::days::Deadline;

/// What is saved.
pub struct NewSettings {
    /// From when two-factor authentication is required, if it is.
    pub required_from: Option<Deadline>,
    /// The further rules.
    pub rules: AccountRules,
    /// When it is saved.
    pub at: Timestamp,
    /// By which user; none where it is the operator.
    pub by: Option<UserId>,
}

/// Saves settings that were made from `account`: true when nobody else has saved since.
pub async fn update_settings(
    db: &impl ConnectionTrait,
    account: &Account,
    settings: &NewSettings,
) -> Stored<bool> {
    let from = settings.required_from;
    let at = from.map(|from| from.at.seconds());
    let day = from.map(|from| from.day.to_string());
    let zone = from.map(|from| from.zone.name());
    let done = Entity::update_many()
        .col_expr(Column::RequiredFrom, Expr::value(at))
        .col_expr(Column::RequiredDay, Expr::value(day))
        .col_expr(Column::RequiredZone, Expr::value(zone))
        .col_expr(Column::RequiredDayAt, Expr::value(at))
        .col_expr(
            Column::TrustedBrowsersAllowed,
            Expr::value(settings.rules.trusted_browsers_allowed),
        )
        .col_expr(Column::SmsCounts, Expr::value(settings.rules.sms_counts))
        .col_expr(
            Column::SettingsVersion,
            Expr::col(Column::SettingsVersion).add(1),
        )
        .col_expr(
            Column::SettingsChangedAt,
            Expr::value(Some(settings.at.seconds())),
        )
        .col_expr(
            Column::SettingsChangedBy,
            Expr::value(settings.by.map(UserId::uuid)),
        )
        .filter(Column::Id.eq(account.id.uuid()))
        .filter(Column::SettingsVersion.eq(account.settings_version))
        .exec(db)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives the settings of all accounts, the deleted ones among them, a version that no page knows which was opened before `now`:
/// a database that is restored counts anew from an earlier version, and would come to the same number with other settings.
pub async fn outdate_settings(db: &impl ConnectionTrait, now: Timestamp) -> Stored<()> {
    let version = || Expr::col(Column::SettingsVersion);
    let next = || Expr::case(version().lt(now.seconds()), now.seconds()).finally(version().add(1));
    for table in ["accounts", "deleted_accounts"] {
        let outdated = Query::update()
            .table(Alias::new(table))
            .value(Column::SettingsVersion, next())
            .to_owned();
        db.execute(&outdated).await?;
    }
    Ok(())
}
