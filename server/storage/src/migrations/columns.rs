//! Tables and indexes as data, for migrations that read as a schema.

use sea_orm_migration::prelude::*;

/// The type of a column.
#[derive(Clone, Copy)]
pub(super) enum ColumnKind {
    /// An identifier.
    Uuid,
    /// Text of any length.
    Text,
    /// A moment or a large count.
    BigInteger,
    /// A small count or a set of flags.
    Integer,
    /// Yes or no.
    Boolean,
    /// A hash or sealed bytes.
    Binary,
}

/// One column.
#[derive(Clone, Copy)]
pub(super) struct Column {
    name: &'static str,
    kind: ColumnKind,
    nullable: bool,
    key: bool,
    parent: Option<(&'static str, &'static str)>,
}

impl Column {
    /// Part of the primary key.
    pub(super) const fn key(name: &'static str, kind: ColumnKind) -> Self {
        Self {
            name,
            kind,
            nullable: false,
            key: true,
            parent: None,
        }
    }

    /// Always has a value.
    pub(super) const fn required(name: &'static str, kind: ColumnKind) -> Self {
        Self {
            name,
            kind,
            nullable: false,
            key: false,
            parent: None,
        }
    }

    /// May be without a value.
    pub(super) const fn optional(name: &'static str, kind: ColumnKind) -> Self {
        Self {
            name,
            kind,
            nullable: true,
            key: false,
            parent: None,
        }
    }

    /// The row dies with the row of `parent` that it names.
    pub(super) const fn of(mut self, parent: &'static str) -> Self {
        self.parent = Some((parent, "id"));
        self
    }

    /// The same, of a table whose rows are named by their user.
    pub(super) const fn of_user_in(mut self, parent: &'static str) -> Self {
        self.parent = Some((parent, "user_id"));
        self
    }

    fn definition(self) -> ColumnDef {
        let mut definition = ColumnDef::new(Alias::new(self.name));
        match self.kind {
            ColumnKind::Uuid => definition.uuid(),
            ColumnKind::Text => definition.text(),
            ColumnKind::BigInteger => definition.big_integer(),
            ColumnKind::Integer => definition.integer(),
            ColumnKind::Boolean => definition.boolean(),
            ColumnKind::Binary => definition.blob(),
        };
        if self.nullable {
            definition.null();
        } else {
            definition.not_null();
        }
        definition
    }
}

/// A table of these columns, with its primary key.
pub(super) fn create_table(name: &str, columns: &[Column]) -> TableCreateStatement {
    let mut table = Table::create();
    let mut key = Index::create();
    table.table(Alias::new(name));
    for column in columns {
        table.col(column.definition());
        if column.key {
            key.col(Alias::new(column.name));
        }
        if let Some((parent, named_by)) = column.parent {
            table.foreign_key(
                ForeignKey::create()
                    .from(Alias::new(name), Alias::new(column.name))
                    .to(Alias::new(parent), Alias::new(named_by))
                    .on_delete(ForeignKeyAction::Cascade),
            );
        }
    }
    table.primary_key(&mut key);
    table
}

/// Adds columns to a table that has rows, one at a time, since SQLite takes no more in one statement. What always has
/// a value begins as `no` or zero.
pub(super) async fn add_columns(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[Column],
) -> Result<(), DbErr> {
    for column in columns {
        let mut definition = column.definition();
        match column.kind {
            _ if column.nullable => {}
            ColumnKind::Boolean => {
                definition.default(false);
            }
            ColumnKind::Text => {
                definition.default("");
            }
            ColumnKind::BigInteger
            | ColumnKind::Integer
            | ColumnKind::Uuid
            | ColumnKind::Binary => {
                definition.default(0);
            }
        }
        manager
            .alter_table(
                Table::alter()
                    .table(Alias::new(table))
                    .add_column(&mut definition)
                    .to_owned(),
            )
            .await?;
    }
    Ok(())
}

/// Takes columns away again.
pub(super) async fn drop_columns(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[Column],
) -> Result<(), DbErr> {
    for column in columns {
        manager
            .alter_table(
                Table::alter()
                    .table(Alias::new(table))
                    .drop_column(Alias::new(column.name))
                    .to_owned(),
            )
            .await?;
    }
    Ok(())
}

/// An index over these columns, named after them.
pub(super) fn create_index(table: &str, columns: &[&str], unique: bool) -> IndexCreateStatement {
    let mut index = Index::create();
    index
        .name(format!("{table}_{}", columns.join("_")))
        .table(Alias::new(table));
    for column in columns {
        index.col(Alias::new(*column));
    }
    if unique {
        index.unique();
    }
    index
}
