//! The orders in which the users of an account are read, and where a page of one ends.

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Order};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Select};

use app::types::factors::FactorKind;
use app::types::ids::UserId;
use app::types::timestamp::Timestamp;
use app::types::users_query::UserSort;

use super::entity::membership;
use super::team::TeamMember;
use domain::factors::FactorKinds;

/// Before every moment.
const NEVER: i64 = i64::MIN;

/// Where a page of users ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TeamPlace {
    /// By name: behind this one.
    Name(String, UserId),
    /// By when they used the account last; nothing is never.
    LastActive(Option<i64>, UserId),
    /// By two-factor authentication, and by name.
    TwoFactor(i32, String, UserId),
}

impl TeamPlace {
    /// The place of a user in an order.
    pub fn of(member: &TeamMember, sort: UserSort) -> Self {
        let (name, id) = (member.name.clone(), member.id);
        match sort {
            UserSort::Name => Self::Name(name, id),
            UserSort::LastActive => {
                Self::LastActive(member.last_used_at.map(Timestamp::seconds), id)
            }
            UserSort::TwoFactor => {
                let kinds = member.factors.map(|factors| factors.kinds);
                let kind = kinds.and_then(|kinds| kinds.iter().next());
                Self::TwoFactor(kind.map_or(0, rank), name, id)
            }
        }
    }
}

/// The place in the order by two-factor authentication of those to whom a kind is offered first, behind those without: what is
/// offered first is last.
fn rank(kind: FactorKind) -> i32 {
    let behind = FactorKind::ALL.into_iter().rev();
    let before = behind.take_while(|it| *it != kind).count();
    i32::try_from(before + 1).unwrap_or(i32::MAX)
}

/// Members in an order, those after a place of it. One that is of another order is as none.
pub(super) fn sorted(
    query: Select<membership::Entity>,
    sort: UserSort,
    after: Option<&TeamPlace>,
) -> Select<membership::Entity> {
    let (name, id) = (
        membership::Column::UserName.into_expr(),
        membership::Column::UserId.into_expr(),
    );
    let (keys, order) = match sort {
        UserSort::Name => (vec![name, id], Order::Asc),
        UserSort::LastActive => {
            let at = membership::Column::LastUsedAt.into_expr();
            (vec![at.if_null(NEVER), id], Order::Desc)
        }
        UserSort::TwoFactor => (vec![kind_rank(), name, id], Order::Asc),
    };
    let place = match (sort, after) {
        (UserSort::Name, Some(TeamPlace::Name(name, id))) => {
            Some(vec![Expr::value(name.as_str()), Expr::value(id.uuid())])
        }
        (UserSort::LastActive, Some(TeamPlace::LastActive(at, id))) => {
            let at = at.unwrap_or(NEVER);
            Some(vec![Expr::value(at), Expr::value(id.uuid())])
        }
        (UserSort::TwoFactor, Some(TeamPlace::TwoFactor(rank, name, id))) => Some(vec![
            Expr::value(*rank),
            Expr::value(name.as_str()),
            Expr::value(id.uuid()),
        ]),
        _ => None,
    };
    let query = match (place, &order) {
        (None, _) => query,
        (Some(place), Order::Desc) => {
            query.filter(Expr::tuple(keys.clone()).lt(Expr::tuple(place)))
        }
        (Some(place), _) => query.filter(Expr::tuple(keys.clone()).gt(Expr::tuple(place))),
    };
    keys.into_iter()
        .fold(query, |query, key| query.order_by(key, order.clone()))
}

/// [`rank`] of a membership's user, in the database.
fn kind_rank() -> Expr {
    let kind = || membership::Column::FactorKind.into_expr();
    let case = FactorKind::ALL
        .into_iter()
        .fold(CaseStatement::new(), |case, it| {
            let first = FactorKinds::possible().filter(|kinds| kinds.iter().next() == Some(it));
            let words = first.map(FactorKinds::word);
            case.case(kind().is_in(words), Expr::value(rank(it)))
        });
    case.finally(Expr::value(0)).into()
}
