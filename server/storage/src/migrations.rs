//! The history of the schema: one file for each step, never edited after release.

mod columns;
mod m0001_first_schema;
mod m0002_sign_in_link;
mod m0003_accounts;
mod m0004_team;
mod m0005_ways_in;
mod m0006_sms;
mod m0007_growth;
mod m0008_leases;
mod m0009_team_lists;
mod m0011_first_factor;
mod m0012_offers;
mod m0013_where_from;
mod m0015_factor_sets;
mod m0016_web;
mod m0017_rank;
mod m0018_people;
mod m0020_own_count;
mod m0021_folded_names;
mod m0022_allowances;
mod m0023_retention;
mod m0025_reset_links;
mod m0026_lost_addresses;
mod m0030_event_data;
mod m0031_ended_sessions;
mod m0033_deleted_accounts;
mod m0034_days;
mod m0037_account_log;
mod m0040_passkeys;

use sea_orm_migration::prelude::*;

/// Runs what a database has not run yet.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_first_schema::Migration),
            Box::new(m0002_sign_in_link::Migration),
            Box::new(m0003_accounts::Migration),
            Box::new(m0004_team::Migration),
            Box::new(m0005_ways_in::Migration),
            Box::new(m0006_sms::Migration),
            Box::new(m0007_growth::Migration),
            Box::new(m0008_leases::Migration),
            Box::new(m0009_team_lists::Migration),
            Box::new(m0011_first_factor::Migration),
            Box::new(m0012_offers::Migration),
            Box::new(m0013_where_from::Migration),
            Box::new(m0015_factor_sets::Migration),
            Box::new(m0016_web::Migration),
            Box::new(m0017_rank::Migration),
            Box::new(m0018_people::Migration),
            Box::new(m0020_own_count::Migration),
            Box::new(m0021_folded_names::Migration),
            Box::new(m0022_allowances::Migration),
            Box::new(m0023_retention::Migration),
            Box::new(m0025_reset_links::Migration),
            Box::new(m0026_lost_addresses::Migration),
            Box::new(m0030_event_data::Migration),
            Box::new(m0031_ended_sessions::Migration),
            Box::new(m0033_deleted_accounts::Migration),
            Box::new(m0034_days::Migration),
            Box::new(m0037_account_log::Migration),
            Box::new(m0040_passkeys::Migration),
        ]
    }
}
