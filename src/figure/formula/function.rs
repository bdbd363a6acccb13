//! The functions of formulas.

/// A function of formulas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    /// The sum of the numbers; what is *not applicable* or *missing* counts for nothing.
    Sum,
    /// How many numbers there are; of a table, how many departments it has.
    Count,
    /// The least of the numbers.
    Min,
    /// The greatest of the numbers.
    Max,
    /// The mean of the numbers; what is *not applicable* or *missing* is not counted.
    Average,
    /// The competition rank of a department's number in its column, the greatest first.
    Rank,
    /// A department's part of its column's total.
    Share,
    /// The value in the month before.
    Previous,
    /// The value in the same month of the year before.
    YearAgo,
    /// The value on the figures added up since January.
    YearToDate,
}

impl Function {
    /// All functions.
    pub const ALL: [Self; 10] = [
        Self::Sum,
        Self::Count,
        Self::Min,
        Self::Max,
        Self::Average,
        Self::Rank,
        Self::Share,
        Self::Previous,
        Self::YearAgo,
        Self::YearToDate,
    ];

    /// The name in formulas.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Count => "count",
            Self::Min => "min",
            Self::Max => "max",
            Self::Average => "avg",
            Self::Rank => "rank",
            Self::Share => "share",
            Self::Previous => "prev",
            Self::YearAgo => "year_ago",
            Self::YearToDate => "ytd",
        }
    }

    /// The function of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name() == name)
    }

    /// Whether it takes whole columns and any number of arguments.
    pub fn is_aggregate(self) -> bool {
        matches!(self, Self::Sum | Self::Count | Self::Min | Self::Max | Self::Average)
    }

    /// Whether it looks at another time.
    pub fn is_time_shift(self) -> bool {
        matches!(self, Self::Previous | Self::YearAgo | Self::YearToDate)
    }
}
